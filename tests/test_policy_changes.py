"""Changing policies: the history is only added to, old years keep their rules, all of it or nothing."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from procurement import figures
from procurement.database import reading, writing
from procurement.frames import read_frame
from procurement.ledger import rebuild
from procurement.policies import Limit, Value
from procurement.policies.own_file import Proposed, read_own_file, write_own_file
from procurement.policies.validity import PolicyRefused
from procurement.policy_changes import add, plan, withdraw
from procurement.policy_effects import Effect, effects
from procurement.queries.policies import policy_book, recorded
from procurement.queries.register import data_version
from procurement.tables import (
    AgreedVolume,
    Assessment,
    InstitutionMonth,
    InstitutionYear,
    Listing,
    MonthlyPurchase,
    PolicyEntry,
    Product,
    SharingAccount,
    VarietyMonth,
)
from tests.small_ledger import SHARE, YUAN, fill, purchase

RATIO = "retention_maximum_ratio"
SOURCE = {"import_id": 1, "row_number": 9}


def entry(value: object, first: date = date(2022, 1, 1), **more: object) -> Value:
    return Value(value=value, **{"from_date": first, "source": "濮医保〔2021〕1号", "level": "city", **more})


def put(ledger: Engine, name: str, *entries: Value | Limit, by: str = "甲") -> list[int]:
    return add(ledger, [Proposed(name, each) for each in entries], by=by)[0]


def history(ledger: Engine):
    with reading(ledger) as connection:
        return recorded(connection)


def rows_of(ledger: Engine, table: type = PolicyEntry) -> pd.DataFrame:
    with reading(ledger) as connection:
        return read_frame(connection, select(*table.__table__.columns).order_by(col(table.id)))


def two_years(ledger: Engine) -> None:
    """The worked example of the reference in both agreement years, with 18 000 yuan of non-selected each."""
    agreed = {"institution_id": 1, "batch_id": 1, "variety_id": 1, "agreement_year": 2}
    fill(
        ledger,
        AgreedVolume(**agreed, reported_units=100_000, agreed_units=70_000, **SOURCE),
        Assessment(institution_id=1, batch_id=1, agreement_year=2, score=92 * SHARE, **SOURCE),
        purchase(2, date(2021, 3, 1), 10_000, 18_000),
        purchase(2, date(2022, 3, 1), 10_000, 18_000, row=4),
    )


def retained(ledger: Engine) -> list[tuple[int, int]]:
    """Retained and staff amount of each agreement year, in fen."""
    with reading(ledger) as connection:
        settled = figures.retention(connection).sort_values("agreement_year")
    each = zip(settled["retained_amount"], settled["staff_amount"], strict=True)
    return [(int(kept) // 100, int(staff) // 100) for kept, staff in each]


UNCHANGED = (53_900_00, 32_340_00)  # 107 800.00 × 50 %; × 60 %


def test_old_agreement_years_keep_their_own_rules(ledger: Engine):
    two_years(ledger)
    assert retained(ledger) == [UNCHANGED, UNCHANGED]
    put(ledger, RATIO, entry(Decimal("0.40")))
    put(ledger, "retention_staff_share", entry(Decimal("0.65")))
    # year 1 began on 2021-01-01; year 2: 107 800.00 × 40 % = 43 120.00, × 65 % = 28 028.00
    assert retained(ledger) == [UNCHANGED, (43_120_00, 28_028_00)]


@pytest.mark.parametrize(
    ("first", "until", "kept"),
    [
        (date(2021, 1, 1), None, [43_120_00, 43_120_00]),
        (date(2021, 1, 2), None, [53_900_00, 43_120_00]),  # a day too late for year 1
        (date(2022, 1, 1), None, [53_900_00, 43_120_00]),
        (date(2022, 1, 2), None, [53_900_00, 53_900_00]),
        (date(2021, 1, 1), date(2021, 12, 31), [43_120_00, 53_900_00]),
        (date(2021, 1, 1), date(2022, 1, 1), [43_120_00, 43_120_00]),  # the last day still counts
    ],
)
def test_the_first_day_of_the_agreement_year_decides(sqlite_ledger: Engine, first, until, kept):
    two_years(sqlite_ledger)
    put(sqlite_ledger, RATIO, entry(Decimal("0.40"), first, until=until))
    assert [amount for amount, _staff in retained(sqlite_ledger)] == kept


def test_an_entry_keeps_its_author_and_time(ledger: Engine):
    before = datetime.now(UTC).replace(microsecond=0)
    (number,) = put(ledger, RATIO, entry(Decimal("0.40"), note="试行"), by="李四")
    (found,) = history(ledger)
    assert found.entry.entry_id == number and found.entry.decided_by == "李四" and found.counts
    assert found.entry.decided_at is not None
    assert before <= found.entry.decided_at <= before + timedelta(minutes=1)
    assert (found.entry.value, found.entry.note) == (Decimal("0.40"), "试行")


def test_the_history_is_only_added_to(ledger: Engine):
    put(ledger, RATIO, entry(Decimal("0.40")))
    first = rows_of(ledger)
    put(ledger, RATIO, entry(Decimal("0.45")), by="乙")  # of the same day: takes its place
    withdraw(ledger, 2, reason="写错", by="丙")
    put(ledger, "retention_rounding", entry("yuan"))
    after = rows_of(ledger)
    pd.testing.assert_frame_equal(after.head(1), first)
    assert list(after["withdraws"].fillna(0)) == [0, 0, 2, 0]
    with reading(ledger) as connection:
        found = policy_book(connection).on(RATIO, date(2022, 1, 1), "drug")
        told = [(each.entry.value, each.withdrawn_by, each.reason) for each in recorded(connection)]
    assert found.value == Decimal("0.40")  # the earlier one counts again
    assert told == [(Decimal("0.40"), "", ""), (Decimal("0.45"), "丙", "写错"), ("yuan", "", "")]


def test_an_entry_taken_back_leaves_figures_as_before(ledger: Engine):
    two_years(ledger)
    (number,) = put(ledger, RATIO, entry(Decimal("0.40")))
    withdraw(ledger, number, reason="文号写错", by="乙")
    assert retained(ledger) == [UNCHANGED, UNCHANGED]


@pytest.mark.parametrize(
    ("number", "reason", "said"),
    [
        (1, " ", "请写明撤回的理由"),
        (2, "写错", "已由乙撤回"),
        (3, "写错", "没有编号为3"),  # the row that took back is no entry
        (99, "写错", "没有编号为99"),
    ],
)
def test_what_cannot_be_taken_back_is_told_in_a_sentence(ledger: Engine, number, reason, said):
    put(ledger, RATIO, entry(Decimal("0.40")), entry(Decimal("0.45"), date(2023, 1, 1)))
    withdraw(ledger, 2, reason="写错", by="乙")
    before = rows_of(ledger)
    with pytest.raises(PolicyRefused, match=said):
        withdraw(ledger, number, reason=reason, by="丙")
    pd.testing.assert_frame_equal(rows_of(ledger), before)


def test_a_change_is_a_new_version_of_the_data(ledger: Engine):
    versions = []
    for change in (lambda: None, lambda: put(ledger, RATIO, entry(Decimal("0.4")))):
        change()
        with reading(ledger) as connection:
            versions.append(data_version(connection))
    withdraw(ledger, 1, reason="写错", by="甲")
    with reading(ledger) as connection:
        versions.append(data_version(connection))
    assert versions == sorted(set(versions))


# --- Awards of other supply areas ------------------------------------------------------------------

GRAIN = (MonthlyPurchase, VarietyMonth, InstitutionMonth, InstitutionYear)


def with_an_award_elsewhere(ledger: Engine) -> None:
    """H1 buys 1 000 of the selected product at 0.40 and 500 of one that won elsewhere at 0.60."""
    dates = {"starts_on": date(2021, 1, 1), "ends_on": date(2022, 12, 31)}
    fill(
        ledger,
        Product(code="P3", name="丙", spec="10片/盒", units_per_pack=10, base_unit="片", import_id=1),
        Listing(
            batch_id=1,
            variety_id=1,
            product_id=3,
            status="elsewhere",
            awarded_unit_price=300_000,
            **dates,
            **SOURCE,
        ),
        purchase(1, date(2021, 3, 1), 1_000, 400),
        purchase(3, date(2021, 3, 1), 500, 300, row=4),
    )


def grain(ledger: Engine) -> dict[str, pd.DataFrame]:
    """Every row of the grain and its roll-ups, whatever its number and its place."""
    found = {}
    for table in GRAIN:
        columns = [column for column in table.__table__.columns if column.name != "id"]
        with reading(ledger) as connection:
            rows = read_frame(connection, select(*columns))
        found[table.__name__] = rows.sort_values(list(rows), ignore_index=True)
    return found


def same(left: dict[str, pd.DataFrame], right: dict[str, pd.DataFrame]) -> bool:
    return all(left[name].equals(right[name]) for name in left)


def bought_selected(ledger: Engine) -> int:
    with reading(ledger) as connection:
        return int(figures.completion(connection)["bought_equivalent"].sum()) // SHARE


def test_awards_elsewhere_rebuild_the_months_and_taking_back_restores_them(ledger: Engine):
    with_an_award_elsewhere(ledger)
    before = grain(ledger)
    assert bought_selected(ledger) == 1_000
    (number,) = put(ledger, "awards_elsewhere", entry("selected", date(2019, 1, 1)))
    assert bought_selected(ledger) == 1_500
    changed = grain(ledger)
    assert not same(changed, before)
    with writing(ledger) as connection:
        rebuild(connection)  # of everything: what was rebuilt was enough
    assert same(grain(ledger), changed)
    withdraw(ledger, number, reason="改按非中选", by="乙")
    assert same(grain(ledger), before)
    assert bought_selected(ledger) == 1_000


def test_awards_that_begin_before_the_entry_stay_as_they_are(sqlite_ledger: Engine):
    with_an_award_elsewhere(sqlite_ledger)
    before = grain(sqlite_ledger)
    put(sqlite_ledger, "awards_elsewhere", entry("selected", date(2021, 1, 2)))
    assert same(grain(sqlite_ledger), before)


def test_a_refused_change_leaves_the_months(sqlite_ledger: Engine, monkeypatch):
    with_an_award_elsewhere(sqlite_ledger)
    before = grain(sqlite_ledger)

    def fails(*_arguments: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("procurement.policy_changes.rebuild", fails)
    with pytest.raises(OSError, match="disk full"):
        put(sqlite_ledger, "awards_elsewhere", entry("selected", date(2019, 1, 1)))
    assert same(grain(sqlite_ledger), before) and history(sqlite_ledger) == []


# --- A city's own file -----------------------------------------------------------------------------

OWN = """
[[retention_maximum_ratio.values]]
from = 2022-01-01
value = 0.45
source = "濮医保〔2021〕1号第五条"

[[retention_maximum_ratio.values]]
from = 2022-01-01
until = 2022-12-31
category = "consumable"
level = "province"
value = 0.40
source = "豫医保〔2021〕“9”号\\\\附件"
note = "试行\\n一年"

[[retention_staff_share.values]]
from = 2022-01-01
value = 0.55
source = "濮医保〔2021〕1号第七条"

[[retention_staff_share.limits]]
from = 2022-01-01
least = 0.50
source = "濮医保〔2021〕1号第七条"

[[retention_score_bands.values]]
from = 2022-01-01
value = [{ floor = 0, granted = 0 }, { floor = 85.5, granted = 1 }]
source = "濮医保〔2021〕1号第六条"

[[assessment_weights.values]]
from = 2022-01-01
value = [{ indicator = "completion", points = 60 }, { indicator = "payment", points = 40 }]
source = "濮医保〔2021〕1号第六条"

[[completion_trend_months.values]]
from = 2022-01-01
value = 6
source = "濮医保〔2021〕1号第八条"

[[retention_rounding.values]]
from = 2022-01-01
value = "yuan"
source = "濮医保〔2021〕1号第九条"
"""


def load(ledger: Engine, text: str, by: str = "甲"):
    found = read_own_file(text.encode())
    return add(ledger, found.entries, by=by, faults=found.faults)


def test_the_same_file_twice_changes_nothing(ledger: Engine):
    ids, followed = load(ledger, OWN)
    assert len(ids) == 8 and followed.known == 0
    before = rows_of(ledger)
    ids, followed = load(ledger, OWN, by="乙")
    assert ids == [] and followed.known == 8
    pd.testing.assert_frame_equal(rows_of(ledger), before)


def test_a_level_that_the_file_does_not_state_is_the_citys(sqlite_ledger: Engine):
    load(sqlite_ledger, OWN)
    levels = [each.entry.level for each in history(sqlite_ledger)]
    assert levels.count("city") == 7 and levels.count("province") == 1


def test_what_is_exported_is_what_was_loaded(ledger: Engine, tmp_path):
    from procurement.database import open_database

    load(ledger, OWN)
    withdraw(ledger, 1, reason="写错", by="甲")
    own = [(each.parameter, each.entry) for each in history(ledger) if each.counts]
    text = write_own_file(own)
    assert load(ledger, text)[0] == []
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    load(other, text)
    said = [
        [(each.parameter, as_said(each.entry)) for each in history(engine) if each.counts]
        for engine in (ledger, other)
    ]
    assert sorted(said[0], key=str) == sorted(said[1], key=str) and len(said[0]) == 7


def as_said(found: Value | Limit) -> tuple:
    value = (found.least, found.most) if isinstance(found, Limit) else found.value
    return found.from_date, found.until, found.level, found.category, value, found.source, found.note


def test_what_the_file_lacks_is_left_alone(sqlite_ledger: Engine):
    put(sqlite_ledger, "retention_negative_varieties", entry("zero"))
    load(sqlite_ledger, OWN)
    assert history(sqlite_ledger)[0].counts


def test_a_file_loaded_again_after_another_one_counts_again(sqlite_ledger: Engine):
    put(sqlite_ledger, RATIO, entry(Decimal("0.40")))
    put(sqlite_ledger, RATIO, entry(Decimal("0.45")))
    assert len(put(sqlite_ledger, RATIO, entry(Decimal("0.40")))) == 1
    with reading(sqlite_ledger) as connection:
        assert policy_book(connection).value(RATIO, date(2022, 1, 1), "drug") == Decimal("0.40")


def test_an_entry_taken_back_can_be_loaded_again(sqlite_ledger: Engine):
    (number,) = put(sqlite_ledger, RATIO, entry(Decimal("0.40")))
    withdraw(sqlite_ledger, number, reason="写错", by="甲")
    assert len(put(sqlite_ledger, RATIO, entry(Decimal("0.40")))) == 1


FAULTY = """
[[retention_maximum_ratio.values]]
from = 2022-01-01
value = 0.45
source = "濮医保〔2021〕1号"

[[retention_maximum_ratio.values]]
from = 2022-01-01
value = 0.60
source = "濮医保〔2021〕1号"

[[retention_maximum_ratio.values]]
from = 2022-01-01T00:00:00
valeu = 0.40
source = 5

[[retention_ratio.values]]
from = 2022-01-01
value = 0.40
source = "濮医保〔2021〕1号"

[[retention_staff_share.limits]]
from = 2022-01-01
least = 0.50
level = "national"
source = "濮医保〔2021〕1号"
"""


def test_a_file_with_faults_is_told_whole_and_loads_nothing(ledger: Engine):
    with pytest.raises(PolicyRefused) as refused:
        load(ledger, FAULTY)
    told = refused.value.faults
    for place, said in (
        ("retention_maximum_ratio 第3条取值", "不认识“valeu”"),
        ("retention_maximum_ratio 第3条取值", "缺少“value”"),
        ("retention_maximum_ratio 第3条取值", "“from”应是日期"),
        ("retention_maximum_ratio 第3条取值", "“source”应是引号中的文字"),
        ("retention_maximum_ratio 第2条取值", "内容不同，请只留一条"),
        ("retention_maximum_ratio 第2条取值", "60%高于国家上限50%"),
        ("retention_ratio 第1条取值", "没有名为“retention_ratio”的参数"),
        ("retention_staff_share 第1条上下限", "不能增改"),
    ):
        assert [each for each in told if each.startswith(place) and said in each], (place, said)
    assert len(told) == 8
    assert history(ledger) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件中没有条目"),
        (b'x = "', "TOML"),
        (b"[a]\n[a]\n", "第2行"),
        (b"[[a.values]\n", "第1行"),
        ("来源".encode("gbk"), "UTF-8"),
        (b'title = "x"\n', "“title”不在任何参数之下"),
        (b"[retention_rounding]\nvalue = 1\n", "不认识“value”"),
        (b"[retention_rounding.values]\nfrom = 2022-01-01\n", "应写成“[[retention_rounding.values]]”"),
        (b"[retention_rounding]\nvalues = [1]\n", "应写明 from、value、source"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(content, said):
    found = read_own_file(content)
    assert found.entries == ()
    assert any(said in fault for fault in found.faults)


def test_a_file_from_notepad_begins_with_a_mark_and_is_read():
    assert len(read_own_file(b"\xef\xbb\xbf" + OWN.encode()).entries) == 8


def test_a_dry_run_writes_nothing(sqlite_ledger: Engine):
    with reading(sqlite_ledger) as connection:
        followed = plan(connection, read_own_file(OWN.encode()).entries, by="甲")
        count = connection.execute(select(func.count(col(PolicyEntry.id)))).scalar()
    assert len(followed.new) == 8 and count == 0


# --- What a change would do ------------------------------------------------------------------------


def effect_of(ledger: Engine, *proposed: Proposed) -> list[Effect]:
    with reading(ledger) as connection:
        return effects(connection, proposed)


def test_the_effect_counts_agreement_years_and_settlements(ledger: Engine):
    two_years(ledger)
    assert effect_of(
        ledger,
        Proposed(RATIO, entry(Decimal("0.40"), date(2021, 1, 1), decided_by="甲")),
        Proposed(RATIO, entry(Decimal("0.40"), date(2021, 1, 2), decided_by="甲")),
        Proposed(RATIO, entry(Decimal("0.45"), date(2021, 1, 2), category="drug", decided_by="甲")),
        Proposed(RATIO, entry(Decimal("0.30"), category="consumable", decided_by="甲")),
    ) == [
        Effect("years", 2, 2, 2),
        Effect("years", 1, 1, 0),  # as the entry before it has it
        Effect("years", 1, 1, 1),
        Effect("years", 0, 0, 0),  # the batch is of drugs
    ]


def test_the_effect_of_a_value_counts_the_limit_before_it(sqlite_ledger: Engine):
    two_years(sqlite_ledger)
    limit = Limit(date(2022, 1, 1), "某文件", "city", decided_by="甲", least=Decimal("0.5"))
    value = entry(Decimal("0.55"), decided_by="甲")
    name = "retention_staff_share"
    found = effect_of(sqlite_ledger, Proposed(name, limit), Proposed(name, value))
    assert [each.changed for each in found] == [0, 1]
    assert effect_of(sqlite_ledger, Proposed(name, value))[0].changed == 0  # held at 60 %


def test_the_effect_counts_awards_accounts_and_the_measuring_day(sqlite_ledger: Engine):
    with_an_award_elsewhere(sqlite_ledger)
    account = {"institution_id": 1, "enrolled_persons": 10_000, "spending_amount": 450_000 * YUAN}
    with writing(sqlite_ledger) as connection:
        for year, scheme in ((2021, "capitation"), (2022, "capitation"), (2022, "budget_control")):
            row = {**account, "year": year, "scheme": scheme, **SOURCE}
            connection.execute(SharingAccount.__table__.insert().values(**row))
    found = effect_of(
        sqlite_ledger,
        Proposed("awards_elsewhere", entry("selected", date(2021, 1, 1), decided_by="甲")),
        Proposed("sharing_capitation_amount", entry(Decimal(60), decided_by="甲")),
        Proposed("completion_margin", entry(Decimal("0.05"), date(2021, 3, 1), decided_by="甲")),
        Proposed("completion_margin", entry(Decimal("0.05"), date(2021, 3, 2), decided_by="甲")),
    )
    assert found == [
        Effect("awards", 1, 1, 1),
        Effect("accounts", 1, 1, 1),
        Effect("day", 1, 1, 1),
        Effect("day", 0, 0, 0),
    ]
