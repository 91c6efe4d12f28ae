"""Batch lists and substitutes: prices per base unit, statuses, periods, and lists that come again."""

import pytest

from tests.etl.conftest import Load
from tests.etl.reading import asked, codes

pytestmark = pytest.mark.usefixtures("no_grain")

LISTINGS = """
    select batch.name, product.code, status, starts_on, ends_on, awarded_unit_price, listing.baseline_unit_price,
           stated_price, stated_per_pack, strength_factor
    from listing join batch on batch.id = batch_id join product on product.id = product_id
    order by batch.name, product.code, starts_on
"""
HEAD = "批次|类别|品种|产品编码|规格|转换比|最小单位|生产企业|集采前价格|中选价|计价单位|折算系数|执行日期|截止日期|中选状态\n"


def row(**cells: object) -> str:
    usual = {
        "batch": "八批", "category": "药品", "variety": "丁片", "code": "D1", "spec": "10mg", "pack": 10, "unit": "片",
        "maker": "庚厂", "baseline": 30, "price": 12, "per": "盒", "factor": 1, "start": "2022-01-01", "end": "2023-12-31",
        "status": "",
    }  # fmt: skip
    return "|".join(str(value) for value in (usual | cells).values()) + "\n"


def listings(city, batch: str = "八批") -> list[tuple]:
    return [line[1:] for line in asked(city, LISTINGS) if line[0] == batch]


def test_a_price_per_pack_is_kept_per_base_unit_and_as_printed(city, load: Load):
    assert codes(load(HEAD + row())) == []
    assert listings(city) == [
        # 12 ÷ 10 = 1.20 and 30 ÷ 10 = 3.00 a tablet
        ("D1", "selected", "2022-01-01", "2023-12-31", 1_200_000, 3_000_000, 12_000_000, 1, 1_000_000)
    ]


@pytest.mark.parametrize(
    ("per", "pack", "price", "unit_price", "per_pack"),
    [
        ("盒", 10, "12", 1_200_000, 1),
        ("片", 10, "1.2", 1_200_000, 0),
        ("最小单位", 10, "1.2", 1_200_000, 0),
        ("元/片", 10, "1.2", 1_200_000, 0),
        ("", 10, "12", 1_200_000, 1),  # unsaid: per pack
        ("盒", 7, "12", 1_714_286, 1),  # 12 ÷ 7 = 1.7142857…
        ("盒", 7, "1", 142_857, 1),
        ("", "", "1.2", 1_200_000, 0),  # no pack is known, the base unit is: per base unit
    ],
)
def test_the_price_unit_decides(city, load, per, pack, price, unit_price, per_pack):
    load(HEAD + row(per=per, pack=pack, price=price, baseline=""))
    assert [(line[4], line[7]) for line in listings(city)] == [(unit_price, per_pack)]


@pytest.mark.parametrize(
    ("headings", "award", "baseline"),
    [
        ("最高限价(元/盒) | 最小规格价格", 1_200_000, 3_000_000),
        ("最高限价（最小规格）（元） | 每盒价格", 120_000, 30_000_000),
        ("中选前价格(元/盒) | 中选价格（元/片）", 1_200_000, 3_000_000),
    ],
)
def test_a_heading_says_what_its_price_counts_by(city, load, headings, award, baseline):
    """A ceiling per 盒 beside a bid per 片, as published lists have them."""
    load(
        f"批次|类别|品种|产品编码|规格|转换比|最小单位|生产企业|{headings}|执行日期|截止日期\n"
        "八批|药品|丁片|D1|10mg|10|片|庚厂|30|1.2|2022-01-01|2023-12-31"
    )
    assert [(line[4], line[5]) for line in listings(city)] == [(award, baseline)]


@pytest.mark.parametrize(
    ("spec", "pack", "unit", "base_unit"),
    [
        ("10mg*10片/盒", 10, "盒", "片"),  # 盒 is the pack, the spec knows the tablet
        ("1g*1支/盒", 1, "盒", "支"),
        ("500ml", 1, "瓶", "瓶"),
        ("10mg", 10, "盒", None),
        ("10mg", 10, "片", "片"),
        ("10mg*10片/盒", "", "", "片"),
    ],
)
def test_the_base_unit_is_the_unit_column_or_the_specs(city, load, spec, pack, unit, base_unit):
    load(HEAD + row(spec=spec, pack=pack, unit=unit))
    assert asked(city, "select base_unit from product where code = 'D1'") == [(base_unit,)]


def test_the_heading_of_a_baseline_tells_its_basis(city, load: Load):
    head = "批次|类别|品种|产品编码|规格|转换比|最小单位|生产企业|{}|中选价|执行日期|截止日期\n"
    body = "{}|药品|丁片|D1|10mg|10|片|庚厂|30|12|2022-01-01|2023-12-31"
    for number, heading in enumerate(["最高有效申报价", "挂网价", "集采前加权均价", "集采前价格"]):
        load(head.format(heading) + body.format(f"批{number}"))
    bases = [
        b
        for (b,) in asked(
            city,
            "select baseline_basis from listing join batch on batch.id = batch_id where batch.name like '批%' order by batch.name",
        )
    ]
    assert bases == ["ceiling", "listed", "weighted_mean", None]


def test_a_baseline_of_the_whole_variety_is_kept_with_it(city, load: Load):
    head = "批次|类别|品种|品种集采前均价|产品编码|规格|转换比|最小单位|生产企业|中选价|执行日期|截止日期\n"
    body = "八批|药品|丁片|3.5|{}|10mg|10|片|庚厂|12|2022-01-01|2023-12-31\n"
    assert codes(load(head + body.format("D1") + body.format("D2"))) == []
    assert asked(city, "select baseline_unit_price, baseline_basis from variety where name = '丁片'") == [
        (3_500_000, "weighted_mean")
    ]
    differing = head + body.format("D1") + body.format("D2").replace("3.5", "3.6")
    assert codes(load(differing)) == ["variety-price-differs"]
    assert codes(load(head.replace("品种集采前均价", "品种集采前均价(元/盒)") + body.format("D1"))) == [
        "unknown-unit"
    ]


@pytest.mark.parametrize(
    ("price", "status", "stored"),
    [
        ("12", "", "selected"),
        ("12", "中选", "selected"),
        ("12", "备供", "standby"),
        ("12", "不带量", "no_volume"),
        ("12", "取消中选", "cancelled"),
        ("", "未中选", "non_selected"),
        ("流标", "", "non_selected"),
        ("未中选", "", "non_selected"),
        ("15", "否", "non_selected"),
        ("", "中选", "selected"),
    ],
)
def test_a_status_is_a_word_or_a_word_in_the_price_cell(city, load, price, status, stored):
    load(HEAD + row(price=price, status=status))
    line = listings(city)[0]
    assert line[1] == stored
    assert (line[4] is None) == (price in ("", "流标", "未中选") or stored == "non_selected")


def test_a_list_without_any_prices_is_a_list(city, load: Load):
    report = load(
        "批次|类别|品种|产品编码|规格|生产企业|执行日期|截止日期\n八批|药品|丁片|D1|10mg*10片/盒|庚厂|2022-01-01|2023-12-31"
    )
    assert codes(report) == []
    assert asked(city, "select units_per_pack, base_unit from product where code = 'D1'") == [(10, "片")]
    assert [line[4:8] for line in listings(city)] == [(None, None, None, 0)]


def test_a_batch_runs_from_its_earliest_to_its_latest_day(city, load: Load):
    load(HEAD + row() + row(code="D2", start="2022年3月", end="2024年2月"))
    assert asked(city, "select execution_date, end_date, level from batch where name = '八批'") == [
        ("2022-01-01", "2024-02-29", None)
    ]
    assert [line[2:4] for line in listings(city)] == [
        ("2022-01-01", "2023-12-31"),
        ("2022-03-01", "2024-02-29"),
    ]


def test_a_list_that_comes_again_updates_by_key(city, load: Load):
    load(HEAD + row() + row(code="D2"))
    assert load(HEAD + row(price=11) + row(code="D2", start="2022-02-01")).status == "loaded"
    assert [(line[0], line[2], line[4]) for line in listings(city)] == [
        ("D1", "2022-01-01", 1_100_000),
        ("D2", "2022-02-01", 1_200_000),  # a corrected execution date replaces, it does not stand beside
    ]


def test_a_later_period_of_a_product_stands_beside_the_first(city, load: Load):
    load(HEAD + row(end="2022-12-31"))
    load(HEAD + row(start="2023-01-01", price=10))
    assert [(line[2], line[3], line[4]) for line in listings(city)] == [
        ("2022-01-01", "2022-12-31", 1_200_000),
        ("2023-01-01", "2023-12-31", 1_000_000),
    ]


FIRST = HEAD + row()
CANCELLED = HEAD + row(start="2022-07-01", price="", baseline="", status="取消中选")
CHEAPER = HEAD + row(start="2022-07-01", price=10)


@pytest.mark.parametrize("order", [(FIRST, CANCELLED), (CANCELLED, FIRST)])
def test_a_cancellation_ends_the_award_the_day_before_in_either_order(city, load: Load, order):
    assert [load(book).status for book in order] == ["loaded", "loaded"]
    assert [line[1:5] for line in listings(city)] == [
        ("selected", "2022-01-01", "2022-06-30", 1_200_000),
        ("cancelled", "2022-07-01", "2023-12-31", None),
    ]


@pytest.mark.parametrize("order", [(FIRST, CHEAPER), (CHEAPER, FIRST), (CHEAPER, FIRST, CHEAPER)])
def test_a_new_price_from_a_later_day_leaves_the_old_one_before_it(city, load: Load, order):
    for book in order:
        load(book)
    assert [line[2:5] for line in listings(city)] == [
        ("2022-01-01", "2022-06-30", 1_200_000),
        ("2022-07-01", "2023-12-31", 1_000_000),
    ]


def test_an_earlier_version_can_be_loaded_again(city, load: Load):
    first, second = HEAD + row(price=12), HEAD + row(price=11)
    statuses = [load(book).status for book in (first, second, first, first)]
    assert statuses == ["loaded", "loaded", "loaded", "unchanged"]
    assert listings(city)[0][4] == 1_200_000


def test_a_lists_words_replace_a_purchase_lines(city, load: Load):
    load("机构编码|采购日期|产品编码|药品名称|规格|数量|单位|单价\nH001|2022-03-15|D1|x丁片|10mg×10|1|盒|12")
    load(HEAD + row(spec="10mg*10片/盒"))
    assert asked(city, "select name, spec, manufacturer from product where code = 'D1'") == [
        ("丁片", "10mg*10片/盒", "庚厂")
    ]


def test_a_corrected_pack_moves_everything_that_hangs_on_it(city, load: Load):
    load(HEAD + row() + row(batch="九批"))
    load("机构编码|采购日期|产品编码|数量|单位|单价\nH001|2022-03-15|D1|3|盒|12")
    load(HEAD + row(batch="九批", pack=12))
    assert asked(city, "select base_units from purchase") == [(36,)]
    assert [listings(city, name)[0][4] for name in ("八批", "九批")] == [1_000_000, 1_000_000]  # 12 ÷ 12


@pytest.mark.parametrize(
    ("rows", "problem", "cell"),
    [
        (row(price=0), "price-not-positive", "J2"),
        (row(baseline=-3), "price-not-positive", "I2"),
        (row(per="斤"), "unknown-unit", "K2"),
        (row(per="盒", pack="", baseline=""), "pack-size-unknown", "J2"),
        (row(factor=0), "not-positive", "L2"),
        (row(end="2021-12-31"), "end-before-start", "N2"),
        (row(category="百货"), "unknown-word", "B2"),
        (row(status="也许"), "unknown-word", "O2"),
        (row(pack=1.5), "not-whole", "F2"),
        (row() + row(), "duplicate-row", "D3"),
        (row() + row(start="2022-06-01"), "overlapping-award", "M3"),
        (row() + row(code="D2", category="耗材"), "batch-differs", "B3"),
        (row() + row(batch="九批", pack=12, price=""), "product-differs", "F3"),
        (row(spec="10mg*12片/盒"), "pack-size-not-as-spec", "F2"),
        (row(maker=""), "empty-cell", "H2"),
        (row(code="8.69E+13"), "code-lost-digits", "D2"),
    ],
)
def test_what_is_wrong_in_a_list_is_reported_at_its_cell(load, rows, problem, cell):
    report = load(HEAD + rows)
    assert [
        (p.kind.code, p.cell)
        for p in report.problems
        if p.kind.code != "pack-size-not-as-spec" or problem == "pack-size-not-as-spec"
    ] == [(problem, cell)]


SUBSTITUTES = "批次|品种|产品编码|产品名称|规格|转换比|最小单位|生产企业|折算系数\n"


def test_a_substitute_is_listed_as_non_selected_for_the_whole_batch(city, load: Load):
    assert codes(load(SUBSTITUTES + "七批|甲口服常释|S1|甲片|10mg*20片/盒|20|片|辛厂|0.5")) == []
    assert listings(city, "七批")[-1] == (
        "S1",
        "non_selected",
        "2022-01-01",
        "2023-12-31",
        None,
        None,
        None,
        0,
        500_000,
    )


def test_substitutes_run_as_long_as_their_batch(city, load: Load):
    load(HEAD + row())
    load(SUBSTITUTES + "八批|丁片|S1|丁片|10mg|10|片|辛厂|1")
    load(HEAD + row(end="2024-12-31"))
    assert [line[2:4] for line in listings(city)] == [("2022-01-01", "2024-12-31")] * 2


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("九九批|甲口服常释|S1|甲片|10mg|20|片|辛厂|1", "unknown-batch"),
        ("七批|甲口服|S1|甲片|10mg|20|片|辛厂|1", "unknown-variety"),
        ("七批|甲口服常释|A1|甲片|20mg*7片*2板/盒|14|片|甲厂|1", "listed-already"),
    ],
)
def test_a_substitute_must_fit_a_loaded_batch(load, line, problem):
    assert codes(load(SUBSTITUTES + line)) == [problem]


def test_an_unknown_variety_is_reported_with_the_nearest_of_its_batch(load: Load):
    message = load(SUBSTITUTES + "七批|甲口服释|S1|甲片|10mg|20|片|辛厂|1").problems[0].message
    assert "甲口服常释" in message
    assert "七批" in message
