"""Units that stood somewhere else than a heading, and were read without a word as 元 or as 盒."""

import pytest

from tests.etl.books import xlsx
from tests.etl.conftest import Load
from tests.etl.reading import asked, codes, lines

pytestmark = pytest.mark.usefixtures("no_grain")

BOUGHT = "机构编码|采购日期|产品编码|数量|单位|金额\nH001|2022-03-15|A1|1000|盒|{}"
PRICED = "机构编码|采购日期|产品编码|数量|单位|单价|金额\nH001|2022-03-15|A1|{}|{}|{}|{}"


@pytest.mark.parametrize(
    "above",
    [
        "采购表（金额：万元）|||||",
        "采购情况表（万元）|||||",
        "采购情况表 单位 万元|||||",
        "货币单位：人民币万元|||||",
        "采购情况表|||||万元",
        "单位：|万元||||",
    ],
)
def test_ten_thousands_above_a_table_are_seen_however_they_are_written(city, load: Load, above):
    assert codes(load(f"{above}\n" + BOUGHT.format(0.56))) == ["amounts-scaled"]
    assert lines(city)[0][8] == 56_000_000


@pytest.mark.parametrize(
    "above", ["采购金额万元以上品种明细", "总金额1.2万元", "单位：元", "某公司捐赠100万元"]
)
def test_other_words_of_money_scale_nothing(city, load: Load, above):
    assert codes(load(f"{above}|||||\n" + BOUGHT.format(5600))) == []
    assert lines(city)[0][8] == 56_000_000


@pytest.mark.parametrize("below", ["注：金额单位：万元", "注：以上金额单位为万元"])
def test_a_unit_below_the_table_is_a_question(city, load: Load, below):
    assert codes(load(BOUGHT.format(0.56) + f"\n{below}|||||")) == ["unit-stated-below"]
    assert codes(load(BOUGHT.format(0.56).replace("金额", "金额(万元)") + f"\n{below}|||||")) == []


@pytest.mark.parametrize(
    ("above", "cell"), [("", "0.56万元"), ("单位：万元", "5600元"), ("单位：万元", "0.56万元")]
)
def test_an_amount_that_states_its_unit_is_in_it(city, load: Load, above, cell):
    load(f"{above}|||||\n" + BOUGHT.format(cell))
    assert lines(city)[0][8] == 56_000_000


@pytest.mark.parametrize("amount", [0.56, 56_000_000])
def test_amounts_a_ten_thousand_times_off_the_awarded_price_are_refused(city, load: Load, amount):
    assert codes(load(BOUGHT.format(amount))) == ["price-off-by-scale"]
    assert lines(city) == []


def test_yuan_below_a_heading_of_ten_thousands_are_refused(load: Load):
    assert "price-off-by-scale" in codes(load("单位：万元||||||\n" + PRICED.format(1000, "盒", 5.6, 5600)))


@pytest.mark.parametrize("price", [0, 0.01])
def test_a_token_price_is_not_a_matter_of_scale(load: Load, price):
    assert codes(load(PRICED.format(10, "盒", price, ""))) == ["token-price"]


@pytest.mark.parametrize(
    ("quantity", "unit", "units"),
    [(10, "盒(14片)", 140), (140, "片(14片/盒)", 140), (140, "片（每盒14片）", None)],
)
def test_a_long_unit_is_not_an_institution(city, load: Load, quantity, unit, units):
    told = codes(load(PRICED.format(quantity, unit, "", 56)))
    assert told == ([] if units else ["unknown-unit"])
    assert [line[6] for line in lines(city)] == ([units] if units else [])


def test_each_sheet_may_be_named_after_its_institution(city, load: Load):
    rows = "采购日期|产品编码|数量|单位|单价\n2022-03-15|{}|10|盒|{}"
    sheets = [rows.format("A1", 5.6), rows.format("B1", 12.5)]
    assert codes(load(xlsx(*sheets, names=["示例市第一医院", "示例市中医医院"]))) == []
    assert [line[:2] for line in lines(city)] == [("H001", "A1"), ("H002", "B1")]


@pytest.mark.parametrize(
    "book",
    [
        xlsx("示例市中医医院采购明细||||\n采购日期|产品编码|数量|单位|单价\n2022-03-15|A1|10|盒|5.6"),
        xlsx("采购日期|产品编码|数量|单位|单价\n2022-03-15|A1|10|盒|5.6", names=["示例市中医医院"]),
    ],
)
def test_the_workbook_of_another_institution_is_not_the_importers_own(city, load: Load, book):
    assert codes(load(book, institution="H001")) == ["other-institution"]
    assert asked(city, "select count(*) from purchase") == [(0,)]
    assert load(book, institution="H002").status == "loaded"


def test_a_time_in_the_afternoon_is_no_part_of_the_day(city, load: Load):
    assert codes(load(PRICED.format(10, "盒", 5.6, 56).replace("2022-03-15", "2022/3/15 下午 3:20:11"))) == []
    assert str(lines(city)[0][2]) == "2022-03-15"
