"""Which policy entry is in force on a day, what limits do to it, and which entries are refused."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.policies import (
    LEVELS,
    Limit,
    Parameter,
    PolicyBook,
    PolicyError,
    Value,
    published_policies,
    read_parameter,
)
from procurement.policies.units import in_order
from procurement.policies.validity import entry_faults, own_faults
from tests.drawn import table

CAP = Decimal("0.50")
DAY = date(2022, 1, 1)


def parameter(values: str, limits: str = "") -> Parameter:
    """A parameter of drawn entries, in the order in which they were entered; `by` is empty where published."""
    drawn = [Value(value=Decimal(str(row["value"])), **dated(row)) for row in rows(values)]
    bounds = [
        Limit(least=number(row["least"]), most=number(row["most"]), **dated(row)) for row in rows(limits)
    ]
    return Parameter("p", "某比例", "a ratio", "fraction", tuple(drawn), tuple(bounds))


def rows(drawing: str) -> list[dict]:
    return table(drawing).to_dict("records") if drawing else []


def number(cell: object) -> Decimal | None:
    return None if pd.isna(cell) else Decimal(str(cell))


def dated(row: dict) -> dict:
    day = {name: None if pd.isna(row.get(name)) else row[name].date() for name in ("from", "until")}
    said = {name: None if pd.isna(row.get(name)) else row[name] for name in ("category", "by")}
    return {
        "from_date": day["from"],
        "until": day["until"],
        "level": row["level"],
        "category": said["category"],
        "decided_by": said["by"] or "",
        "source": "某文件",
    }


ENTRIES = """
    level    | category | from       | until      | by | value
    ---------+----------+------------+------------+----+------
    national | -        | 2019-01-01 | -          | -  | 0.50
    national | -        | 2021-01-01 | -          | -  | 0.48
    province | -        | 2021-07-01 | -          | 甲 | 0.46
    city     | -        | 2022-01-01 | 2022-12-31 | 甲 | 0.40
    city     | drug     | 2022-04-01 | 2022-06-30 | 甲 | 0.30
    city     | -        | 2022-05-01 | -          | 甲 | 0.42
    city     | -        | 2023-07-01 | -          | 甲 | 0.44
    city     | -        | 2023-07-01 | -          | 乙 | 0.43
"""


@pytest.mark.parametrize(
    ("day", "category", "value"),
    [
        (date(2019, 1, 1), "drug", "0.50"),  # the first day
        (date(2020, 12, 31), "drug", "0.50"),
        (date(2021, 1, 1), "drug", "0.48"),  # the later entry of the same level
        (date(2021, 6, 30), "drug", "0.48"),
        (date(2021, 7, 1), "drug", "0.46"),  # the province goes before the nation
        (date(2021, 12, 31), "drug", "0.46"),
        (date(2022, 1, 1), "drug", "0.40"),  # the city goes before the province
        (date(2022, 3, 31), "drug", "0.40"),
        (date(2022, 4, 1), "drug", "0.30"),  # its entry for drugs goes before its general one
        (date(2022, 4, 1), "consumable", "0.40"),
        (date(2022, 5, 1), "drug", "0.30"),  # and before a later general one
        (date(2022, 5, 1), "consumable", "0.42"),
        (date(2022, 6, 30), "drug", "0.30"),  # up to its last day
        (date(2022, 7, 1), "drug", "0.42"),
        (date(2023, 6, 30), "drug", "0.42"),
        (date(2023, 7, 1), "drug", "0.43"),  # of the same day the one that was entered later
    ],
)
def test_the_nearest_the_special_and_the_latest_entry_wins(day, category, value):
    assert parameter(ENTRIES).on(day, category).value == Decimal(value)


def test_an_own_entry_goes_before_what_is_published_of_another_city():
    found = parameter(
        """
        level    | category | from       | by | value
        ---------+----------+------------+----+------
        city     | -        | 2022-01-01 | -  | 0.60
        province | -        | 2021-01-01 | 甲 | 0.55
        """
    )
    assert found.on(DAY).value == Decimal("0.55")
    assert found.on(date(2023, 1, 1)).entry.level == "province"


VALUE_AT = """
    level   | from       | by | value
    --------+------------+----+--------
    {level} | 2022-01-01 | 甲 | {value}
"""
CAP_OF = """
    level   | from       | by | least | most
    --------+------------+----+-------+-----
    {level} | 2019-01-01 | 甲 | 0.30  | 0.50
"""


@pytest.mark.parametrize("limit_level", LEVELS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("value", "held"),
    [
        ("0.299999", "0.30"),
        ("0.30", "0.30"),
        ("0.300001", "0.300001"),
        ("0.499999", "0.499999"),
        ("0.50", "0.50"),
        ("0.500001", "0.50"),
    ],
)
def test_a_limit_binds_its_own_and_nearer_levels_only(level, limit_level, value, held):
    found = parameter(VALUE_AT.format(level=level, value=value), CAP_OF.format(level=limit_level)).on(DAY)
    binds = LEVELS.index(limit_level) <= LEVELS.index(level)
    assert found.value == Decimal(held if binds else value)
    assert (found.limited_by is not None) == (binds and held != value)


def test_the_farthest_limit_has_the_last_word():
    found = parameter(
        VALUE_AT.format(level="city", value="0.20"),
        """
        level    | from       | by | least | most
        ---------+------------+----+-------+-----
        national | 2019-01-01 | -  | -     | 0.50
        city     | 2019-01-01 | 甲 | 0.60  | 0.70
        """,
    ).on(DAY)
    # the city's 0.60 would lift it beyond the nation's 0.50
    assert found.value == CAP and found.limited_by and found.limited_by.level == "national"
    assert found.entry.value == Decimal("0.20")


def test_a_later_limit_of_the_same_level_takes_the_place_of_the_earlier_one():
    limits = """
        level | from       | until      | by | least | most
        ------+------------+------------+----+-------+-----
        city  | 2019-01-01 | -          | -  | 0.60  | 0.70
        city  | 2022-01-01 | 2022-12-31 | 甲 | 0.50  | -
    """
    drawn = parameter("level | from | by | value\n---+---+---+---\ncity | 2019-01-01 | 甲 | 0.55", limits)
    assert drawn.on(date(2021, 12, 31)).value == Decimal("0.60")
    assert drawn.on(date(2022, 1, 1)).value == Decimal("0.55")
    assert drawn.on(date(2023, 1, 1)).value == Decimal("0.60")


BETWEEN = """
    level    | category | from       | until      | by | value
    ---------+----------+------------+------------+----+------
    national | drug     | 2020-01-01 | 2020-12-31 | -  | 0.50
    national | drug     | 2022-01-01 | 2022-12-31 | -  | 0.40
"""


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2019, 12, 31), "最早一条自 2020-01-01 起"),
        (date(2021, 6, 1), "最近一条到 2020-12-31 为止"),
        (date(2023, 1, 1), "最近一条到 2022-12-31 为止"),
    ],
)
def test_asking_outside_the_known_dates_is_an_error_that_says_so(day, said):
    with pytest.raises(PolicyError, match=said):
        parameter(BETWEEN).on(day, "drug")
    assert parameter(BETWEEN).on(date(2020, 12, 31), "drug").value == Decimal("0.50")


def test_asking_without_the_category_says_that_one_is_needed():
    with pytest.raises(PolicyError, match="请指明类别"):
        parameter(BETWEEN).on(date(2020, 1, 1))


def test_our_own_files_refuse_a_day_before_the_first_entry():
    with pytest.raises(PolicyError, match="结余留用最高比例.*2018-12-31.*2019-01-01"):
        published_policies().value("retention_maximum_ratio", date(2018, 12, 31), "drug")


days = st.dates(date(2019, 1, 1), date(2026, 12, 31))
shares = st.decimals(0, 1, places=3)
lasting = st.one_of(st.none(), st.integers(0, 900))
categories = st.sampled_from([None, "drug", "consumable"])


@st.composite
def entries(draw):
    first, lasts = draw(days), draw(lasting)
    told = {
        "from_date": first,
        "until": None if lasts is None else first + timedelta(days=lasts),
        "level": draw(st.sampled_from(LEVELS[1:])),
        "category": draw(categories),
        "decided_by": "甲",
        "source": "某文件",
    }
    if draw(st.booleans()):
        return Value(value=draw(shares), **told)
    return Limit(least=draw(st.one_of(st.none(), shares)), most=draw(st.one_of(st.none(), shares)), **told)


@given(st.lists(entries(), max_size=8), days, st.sampled_from(["drug", "consumable"]))
def test_no_value_lies_beyond_a_national_limit(own, day, category):
    for name, least, most in (
        ("retention_maximum_ratio", Decimal(0), CAP),
        ("prepayment_ratio", Decimal("0.30"), Decimal(1)),
    ):
        book = published_policies().with_entries([(name, entry) for entry in own])
        assert least <= book.value(name, day, category) <= most


@given(st.lists(entries(), max_size=6), entries())
def test_an_entry_moves_nothing_outside_its_own_days(own, one):
    book = published_policies().with_entries([("retention_staff_share", entry) for entry in own])
    more = book.with_entries([("retention_staff_share", one)])
    outside = [one.from_date - timedelta(days=1)]
    outside += [one.until + timedelta(days=1)] if one.until else []
    for day in outside:
        if day >= date(2019, 1, 1):
            name = "retention_staff_share"
            assert book.value(name, day, "drug") == more.value(name, day, "drug")


# --- What is refused -------------------------------------------------------------------------------


def faults(name: str, value: object, **more: object) -> list[str]:
    told = {"from_date": DAY, "source": "濮医保〔2021〕1号", "level": "city", "decided_by": "甲", **more}
    return own_faults(published_policies(), name, Value(value=value, **told))


RATIO, BANDS, WEIGHTS = "retention_maximum_ratio", "retention_score_bands", "assessment_weights"


def bands(*pairs: tuple[object, object]) -> list[dict]:
    return [{"floor": floor, "granted": granted} for floor, granted in pairs]


def weights(*points: object) -> list[dict]:
    names = ("completion", "selected_share", "payment", "reporting")
    return [{"indicator": name, "points": each} for name, each in zip(names, points, strict=False)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (RATIO, Decimal("0.50")),
        (RATIO, 0),
        ("retention_completion_threshold", 1),
        ("sharing_growth_rate", Decimal("-0.05")),
        ("sharing_capitation_amount", Decimal("50.0001")),
        ("completion_trend_months", 1),
        ("assessment_payment_days", 0),
        ("retention_rounding", "yuan"),
        (BANDS, bands((0, 0))),
        (BANDS, bands((60, Decimal("0.7")), (0, 0), (100, 1))),
        (BANDS, bands((80, 1), (60, 1), (0, 1))),  # alike is not less
        (WEIGHTS, weights(40, 30, 20, 10)),
        (WEIGHTS, weights(Decimal("99.5"), Decimal("0.5"))),  # an indicator that is not named has none
    ],
)
def test_a_value_that_fits_its_unit_is_taken(name, value):
    assert faults(name, value) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (RATIO, Decimal("0.500001"), "50.0001%高于国家上限50%（医保发〔2020〕26号"),
        ("prepayment_ratio", Decimal("0.299999"), "29.9999%低于国家下限30%"),
        ("retention_staff_share", Decimal("0.59"), "低于市下限60%.*请在本市一级另设上下限"),
        ("retention_completion_threshold", Decimal("1.000001"), "超出范围"),
        ("retention_completion_threshold", Decimal("-0.000001"), "超出范围"),
        (RATIO, Decimal("0.4500001"), "最多保留6位小数"),
        (RATIO, "0.45", "应是0%至100%之间的数字，现为“0.45”"),
        (RATIO, True, "应是0%至100%之间的数字"),
        (RATIO, Decimal("NaN"), "应是0%至100%之间的数字"),
        (RATIO, None, "应是0%至100%之间的数字"),
        ("completion_trend_months", 0, "超出范围"),
        ("completion_trend_months", Decimal("1.5"), "应是整数"),
        ("retention_rounding", "角", "只能是fen、jiao、yuan之一"),
        ("retention_rounding", ["fen"], "只能是fen、jiao、yuan之一"),
        (BANDS, bands((1, 0)), "没有从0分起的一档"),
        (BANDS, bands((0, 0), (101, 1)), "101超出0至100分"),
        (BANDS, bands((0, 0), (-1, 0)), "-1超出0至100分"),
        (BANDS, bands((0, 0), (60, 1), (60, 1)), "60分写了2次"),
        (BANDS, bands((0, 0), (60, Decimal("1.01"))), "101%超出范围"),
        (BANDS, bands((0, 0), (60, 1), (80, Decimal("0.9"))), "80分及以上的系数90%低于60分及以上的100%"),
        (BANDS, bands((0, None)), "都应是数字"),
        (BANDS, [{"floor": 0}], "每档写明"),
        (BANDS, Decimal("0.5"), "每档写明"),
        (BANDS, [], "每档写明"),
        (WEIGHTS, weights(40, 30, 20, 9), "合计99，应为100"),
        (WEIGHTS, weights(40, 30, 20, Decimal("10.01")), "合计100.01，应为100"),
        (WEIGHTS, weights(-10, 110), "不小于0"),
        (WEIGHTS, [{"indicator": "smile", "points": 100}], "没有名为“smile”的指标"),
        (WEIGHTS, [*weights(50), *weights(50)], "写了2次"),
        ("retention_ratio", Decimal("0.5"), "没有名为“retention_ratio”的参数"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_a_sentence(name, value, said):
    found = faults(name, value)
    assert len(found) == 1
    assert re.search(said, found[0]) and "。" in found[0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"source": " "}, "没有写明来源"),
        ({"until": date(2021, 12, 31)}, "终止日期2021-12-31早于生效日期2022-01-01"),
        ({"from_date": date(221, 1, 1)}, "0221-01-01不像是政策的日期"),
        ({"level": "county"}, "层级只能是国家（national）、省（province）、市（city），现为“county”"),
        ({"level": "national"}, "随软件发布，不能增改"),
        ({"category": "drugs"}, "类别只能是药品（drug）、耗材（consumable）"),
        ({"example": True}, "不能标为示例"),
        ({"note": "说" * 501}, "最多500个字"),
        ({"source": "号\x00"}, "无法显示的字符"),
    ],
)
def test_what_an_entry_says_beside_its_value_is_looked_at(more, said):
    (found,) = faults(RATIO, Decimal("0.45"), **more)
    assert said in found


def test_an_entry_may_end_on_the_day_on_which_it_begins():
    assert faults(RATIO, Decimal("0.45"), until=DAY) == []


def test_a_category_is_refused_where_the_parameter_is_asked_for_without_one():
    (found,) = faults("completion_margin", Decimal("0.05"), category="drug")
    assert "不分药品和耗材" in found


def test_everything_that_is_wrong_is_told_at_once():
    found = faults(RATIO, Decimal("0.6"), source="", until=date(2021, 1, 1))
    assert len(found) == 2 and any("来源" in each for each in found)
    assert len(faults(RATIO, Decimal("0.6"), source="")) == 2  # and the limit, where the rest is in order


def limit_faults(name: str, least: object, most: object, level: str = "city") -> list[str]:
    told = {"from_date": DAY, "source": "某文件", "level": level, "decided_by": "甲"}
    return own_faults(published_policies(), name, Limit(least=least, most=most, **told))


@pytest.mark.parametrize(
    ("name", "least", "most", "said"),
    [
        ("retention_staff_share", Decimal("0.5"), Decimal("0.8"), None),  # of its own level: takes its place
        (RATIO, None, Decimal("0.50"), None),
        (RATIO, None, Decimal("0.51"), "高于国家上限50%"),
        (RATIO, None, None, "至少要写一个"),
        (RATIO, Decimal("0.4"), Decimal("0.3"), "下限40%高于上限30%"),
        (RATIO, Decimal("0.4"), Decimal("0.4"), None),
        (RATIO, "低", None, "应是0%至100%之间的数字"),
        ("retention_rounding", 1, None, "不是数字，不能设上下限"),
        (BANDS, 1, None, "不是数字，不能设上下限"),
    ],
)
def test_a_limit_is_looked_at_like_a_value(name, least, most, said):
    found = limit_faults(name, least, most)
    assert [said in each for each in found] == ([True] if said else [])


def test_a_limit_that_is_not_in_force_on_the_first_day_refuses_nothing():
    ends = Limit(date(2019, 1, 1), "某文件", until=date(2021, 12, 31), most=Decimal("0.3"))
    known = published_policies().parameters
    book = PolicyBook({**known, RATIO: replace(known[RATIO], limits=(ends,))})
    entry = Value(DAY, "某文件", "city", value=Decimal("0.4"), decided_by="甲")
    assert own_faults(book, RATIO, entry) == []
    earlier = replace(entry, from_date=date(2021, 12, 31), until=date(2022, 12, 31))
    (found,) = own_faults(book, RATIO, earlier)
    assert "40%高于国家上限30%" in found


def test_values_are_kept_in_one_way():
    assert in_order("fraction by score", bands((0, 0), (90, 1))) == bands(
        (Decimal(90), Decimal(1)), (Decimal(0), Decimal(0))
    )
    assert isinstance(in_order("fraction", 1), Decimal)
    assert isinstance(in_order("days", Decimal(30)), int)


def test_a_parameter_says_in_its_file_whether_categories_may_differ():
    told = {"title": "某", "title_en": "some", "unit": "fraction", "values": []}
    assert read_parameter("x", told).by_category
    assert not read_parameter("x", {**told, "by_category": False}).by_category
    assert entry_faults(read_parameter("x", told), Value(DAY, "某文件", value=0)) == []
