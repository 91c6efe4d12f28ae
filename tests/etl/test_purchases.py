"""Purchase lines: whose, what, how much, and what was paid."""

from datetime import date

import pytest

from etl.problems import Loudness
from tests.etl.books import xlsx
from tests.etl.conftest import Load
from tests.etl.reading import asked, codes, lines

pytestmark = pytest.mark.usefixtures("no_grain")

HEAD = "机构编码 | 采购日期 | 产品编码 | 数量 | 单位 | 单价 | 金额\n"


def paid(city) -> list[int]:
    return [line[-1] for line in lines(city)]


def test_a_line_is_kept_as_stated_and_in_base_units(city, load: Load):
    load(HEAD + "H001 | 2022-03-15 | A1 | 10 | 盒 | 5.60 | 56")
    assert [tuple(line) for line in lines(city)] == [
        # 10 packs of 14 are 140 base units; 10 × 5.60 = 56 yuan
        ("H001", "A1", "2022-03-15", 0, 100_000, 1, 140, 5_600_000, 560_000)
    ]


@pytest.mark.parametrize(
    ("quantity", "unit", "price", "is_pack", "base_units", "unit_price"),
    [
        ("10", "盒", "5.60", 1, 140, 5_600_000),
        ("0.5", "盒", "5.60", 1, 7, 5_600_000),
        ("140", "片", "0.40", 0, 140, 400_000),
        ("140", "粒", "0.40", 0, 140, 400_000),
        ("140", "最小单位", "0.40", 0, 140, 400_000),
        ("1.4", "万片", "4000", 0, 14_000, 400_000),  # the price counts 万片 as the quantity does
        ("0.0001", "万片", "4000", 0, 1, 400_000),
        ("0.001", "万盒", "56000", 1, 140, 5_600_000),
        ("-2", "盒", "5.60", 1, -28, 5_600_000),
    ],
)
def test_quantities_of_every_unit_become_base_units(
    city, load, quantity, unit, price, is_pack, base_units, unit_price
):
    load(HEAD + f"H001 | 2022-03-15 | A1 | {quantity} | {unit} | {price} |")
    line = lines(city)[0]
    assert (line[5], line[6], line[7]) == (is_pack, base_units, unit_price)


def test_an_amount_shows_whether_a_price_is_per_tablet_or_per_ten_thousand(city, load: Load):
    report = load(
        HEAD
        + "H001 | 2022-03-15 | A1 | 1.4 | 万片 | 0.40 | 5600\nH001 | 2022-03-16 | A1 | 1.4 | 万片 | 4000 | 5600"
    )
    assert codes(report) == []
    assert [line[7:] for line in lines(city)] == [(400_000, 56_000_000)] * 2  # 14 000 × 0.40 = 5600


def test_a_price_per_ten_thousand_without_amount_is_mentioned(city, load: Load):
    assert codes(load(HEAD + "H001 | 2022-03-15 | A1 | 1.4 | 万片 | 4000 |")) == ["price-per-ten-thousand"]


@pytest.mark.parametrize(
    ("quantity_heading", "price_heading", "quantity", "price", "stored"),
    [
        ("数量(盒)", "单价(元/片)", 10, 0.4, (100_000, 1, 140, 5_600_000)),  # 0.40 × 14
        ("数量(片)", "单价(元/盒)", 140, 5.6, (1_400_000, 0, 140, 400_000)),  # 5.60 ÷ 14
        ("数量(万片)", "单价(元/片)", 0.014, 0.4, (1_400_000, 0, 140, 400_000)),
        ("入库数量(最小制剂单位)", "单价", 140, 0.4, (1_400_000, 0, 140, 400_000)),
        (
            "数量",
            "单价(元/片)",
            140,
            0.4,
            (1_400_000, 0, 140, 400_000),
        ),  # the price's unit where the quantity's is unsaid
        ("数量", "最小单位价格", 140, 0.4, (1_400_000, 0, 140, 400_000)),
    ],
)
def test_units_may_stand_in_the_headings(
    city, load, quantity_heading, price_heading, quantity, price, stored
):
    load(
        f"机构编码 | 采购日期 | 产品编码 | {quantity_heading} | {price_heading}\nH001 | 2022-03-15 | A1 | {quantity} | {price}"
    )
    assert lines(city)[0][4:8] == stored


def test_a_price_may_have_a_unit_column_of_its_own(city, load: Load):
    load(
        "机构编码 | 采购日期 | 产品编码 | 数量 | 单位 | 单价 | 计价单位\nH001 | 2022-03-15 | A1 | 140 | 片 | 5.60 | 盒"
    )
    assert lines(city)[0][7] == 400_000


def test_the_unit_above_the_table_counts_where_nothing_else_tells(city, load: Load):
    load(
        "单位:万片 | | | |\n机构编码 | 采购日期 | 产品编码 | 数量 | 单价(元/片)\nH001 | 2022-03-15 | A1 | 1.4 | 0.40"
    )
    assert lines(city)[0][4:8] == (140_000_000, 0, 14_000, 400_000)


def test_a_column_without_any_unit_counts_packs_and_says_so(city, load: Load):
    report = load("机构编码 | 采购日期 | 产品编码 | 数量 | 单价\nH001 | 2022-03-15 | A1 | 10 | 5.6")
    assert codes(report) == ["unit-assumed-pack"]
    assert lines(city)[0][5:7] == (1, 140)
    assert (
        codes(load("机构编码 | 采购日期 | 产品编码 | 数量 | 单价\nH001 | 2022-03-15 | C1 | 2 | 590")) == []
    )  # a pack is one


# --- The paid amount, at and around each tolerance -------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "paid_amount", "problem"),
    [
        ("56.00", 560_000, None),
        ("56.01", 560_100, None),  # differs by 0.01, the last that is equal
        ("55.99", 559_900, None),
        ("56.0101", 560_101, "amount-rounded"),
        ("56.28", 562_800, "amount-rounded"),  # 0.5 % of 56.00 is 0.28, the last that stands
        ("55.72", 557_200, "amount-rounded"),
        ("56.2801", 560_000, "amount-differs"),
        ("55.7199", 560_000, "amount-differs"),
        ("0", 560_000, "amount-differs"),
        ("", 560_000, None),  # not stated: quantity × price
    ],
)
def test_the_amount_stands_where_it_fits_quantity_times_price(city, load, amount, paid_amount, problem):
    report = load(HEAD + f"H001 | 2022-03-15 | A1 | 10 | 盒 | 5.60 | {amount}")  # 10 × 5.60 = 56.00
    assert codes(report) == ([problem] if problem else [])
    assert paid(city) == [paid_amount]


def test_both_figures_are_said_where_an_amount_differs(load: Load):
    message = load(HEAD + "H001 | 2022-03-15 | A1 | 10 | 盒 | 5.60 | 65").problems[0].message
    assert "65.00" in message
    assert "56.00" in message


def test_without_a_price_it_is_amount_by_quantity(city, load: Load):
    report = load(HEAD + "H001 | 2022-03-15 | A1 | 3 | 盒 | | 10")
    assert codes(report) == []
    assert lines(city)[0][7:] == (3_333_333, 100_000)  # 10 ÷ 3 = 3.333333; 10.00 were paid


def test_a_sheet_may_have_amounts_and_no_prices(city, load: Load):
    load("机构编码 | 采购日期 | 产品编码 | 数量 | 单位 | 金额\nH001 | 2022-03-15 | A1 | -4 | 盒 | -22.40")
    assert lines(city)[0][7:] == (5_600_000, -224_000)


@pytest.mark.parametrize(("quantity", "amount"), [("10", ""), ("0", "56")])
def test_without_price_and_amount_a_line_cannot_be_read(load, quantity, amount):
    assert codes(load(HEAD + f"H001 | 2022-03-15 | A1 | {quantity} | 盒 | | {amount}")) == ["price-missing"]


def test_amounts_in_ten_thousands_are_scaled_but_stated_units_stand(city, load: Load):
    report = load(
        "单位:万元 | | | | | |\n机构编码|采购日期|产品编码|数量|单位|单价(元)|金额\nH001|2022-03-15|A1|1000|盒|5.60|0.56"
    )
    assert codes(report) == ["amounts-scaled"]
    assert paid(city) == [56_000_000]
    report = load(
        "单位:万元 | | | | | |\n机构编码|采购日期|产品编码|数量|单位|单价(元)|金额(元)\nH001|2022-03-16|A1|1000|盒|5.60|5600",
        mode="add",
    )
    assert codes(report) == []
    assert paid(city)[1] == 56_000_000


def test_a_return_is_negative_in_quantity_and_amount(city, load: Load):
    assert codes(load(HEAD + "H001 | 2022-03-15 | A1 | -10 | 盒 | 5.60 | -56")) == []
    assert paid(city) == [-560_000]
    assert codes(load(HEAD + "H001 | 2022-03-16 | A1 | -10 | 盒 | 5.60 | 56")) == ["sign-differs"]
    assert codes(load(HEAD + "H001 | 2022-03-16 | A1 | 10 | 盒 | -5.60 | -56")) == ["price-negative"]


@pytest.mark.parametrize(
    ("price", "problems"), [("0", ["token-price"]), ("0.01", ["token-price"]), ("0.02", [])]
)
def test_token_prices_are_mentioned(load, price, problems):
    assert codes(load(HEAD + f"H001 | 2022-03-15 | A1 | 10 | 盒 | {price} |")) == problems


@pytest.mark.parametrize(
    ("quantity", "unit", "problem"),
    [
        ("0.3", "盒", "fraction-of-unit"),  # 4.2 tablets
        ("0.5", "片", "fraction-of-unit"),
        ("0.00005", "万片", "fraction-of-unit"),
        ("0.000000001", "盒", "fraction-of-unit"),
        ("10", "桶", "unknown-unit"),
        ("10", "支", "unknown-unit"),
        ("1000000001", "片", "number-too-large"),
        ("100001", "万片", "number-too-large"),
        ("1000000000", "盒", "number-too-large"),  # × 14
    ],
)
def test_a_quantity_that_makes_no_sense_is_reported(load, quantity, unit, problem):
    report = load(HEAD + f"H001 | 2022-03-15 | A1 | '{quantity} | {unit} | 0.01 | ")
    assert [p.kind.code for p in report.problems if p.kind.loudness is Loudness.SKIP] == [problem]
    assert report.status == "problems"


def test_a_line_that_costs_more_than_sums_can_hold_is_reported(load: Load):
    assert "number-too-large" in codes(load(HEAD + "H001 | 2022-03-15 | A1 | 1000000 | 片 | 100000 |"))


# --- Whose ----------------------------------------------------------------------------------------


def test_the_institution_may_be_a_code_a_name_or_in_the_title(city, load: Load):
    load(HEAD + "h001 | 2022-03-15 | A1 | 1 | 盒 | 5.60 |")
    load(
        "医疗机构 | 采购日期 | 产品编码 | 数量 | 单位 | 单价\n示例市 第一医院 | 2022-03-16 | A1 | 1 | 盒 | 5.60",
        mode="add",
    )
    body = "采购日期 | 产品编码 | 数量 | 单位 | 单价\n2022-03-17 | A1 | 1 | 盒 | 5.60"
    load("示例市第一医院2022年3月采购明细表 | | | |\n" + body, mode="add")
    load("填报单位：示例市中医医院 | | | |\n" + body, mode="add")
    load(body.replace("03-17", "03-18"), institution="P001", mode="add")
    assert [line[0] for line in lines(city)] == ["H001", "H001", "H001", "H002", "P001"]


def test_each_sheet_may_belong_to_an_institution_of_its_own(city, load: Load):
    body = " | | | |\n采购日期 | 产品编码 | 数量 | 单位 | 单价\n2022-03-17 | A1 | 1 | 盒 | 5.60"
    report = load(xlsx("示例市第一医院" + body, "示例市中医医院" + body))
    assert report.institutions == ["H001", "H002"]


def test_an_institution_column_left_empty_is_none(city, load: Load):
    head = "示例市第一医院采购明细 | | | |\n机构名称 | 采购日期 | 产品编码 | 数量(盒) | 单价\n"
    load(head + " | 2022-03-17 | A1 | 1 | 5.60\n | 2022-03-18 | A1 | 1 | 5.60")
    assert [line[0] for line in lines(city)] == ["H001", "H001"]


def test_a_title_that_names_two_institutions_is_not_guessed(load: Load):
    body = " | | | |\n采购日期 | 产品编码 | 数量 | 单位 | 单价\n2022-03-17 | A1 | 1 | 盒 | 5.60"
    assert codes(load("示例市第一医院、示例市中医医院" + body)) == ["institution-unclear"]
    assert codes(load("某某医院" + body)) == ["institution-missing"]


def test_an_unknown_institution_is_reported_with_the_nearest_name(load: Load):
    report = load("医疗机构 | 采购日期 | 产品编码 | 数量 | 单价\n示例市第一医 | 2022-03-16 | A1 | 1 | 5.60")
    assert codes(report)[0] == "unknown-institution"
    assert "示例市第一医院" in report.problems[0].message


def test_a_name_that_two_institutions_share_needs_the_code(load: Load):
    load("机构编码 | 机构名称 | 类别\nP002 | 示例康民大药房 | 药店")
    report = load(
        "药店名称 | 采购日期 | 产品编码 | 数量(盒) | 单价\n示例康民大药房 | 2022-03-16 | A1 | 1 | 5.60"
    )
    assert codes(report) == ["unknown-institution"]
    assert "多家" in report.problems[0].message


def test_a_name_that_is_not_the_codes_is_mentioned_once(city, load: Load):
    report = load(
        "机构编码|机构名称|采购日期|产品编码|数量|单位|单价\n" + "H001|市一院|2022-03-16|A1|1|盒|5.60\n" * 3
    )
    assert codes(report) == ["name-differs"]
    assert {line[0] for line in lines(city)} == {"H001"}


def test_the_importers_own_institution_admits_no_other(load: Load):
    report = load(HEAD + "H002 | 2022-03-15 | A1 | 1 | 盒 | 5.60 |", institution="H001")
    assert codes(report) == ["other-institution"]
    assert codes(load(HEAD + "H001|2022-03-15|A1|1|盒|5.60|", institution="H9")) == [
        "institution-not-registered"
    ]


def test_a_row_that_names_no_institution_is_reported(load: Load):
    assert codes(
        load(HEAD + " | 2022-03-15 | A1 | 1 | 盒 | 5.60 |\nH001 | 2022-03-15 | A1 | 1 | 盒 | 5.60 |")
    ) == ["empty-cell"]


# --- When -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "cell", "day", "whole_month"),
    [
        ("采购日期", "@2022-03-15", "2022-03-15", 0),
        ("采购日期", "2022年3月", "2022-03-01", 1),
        ("采购日期", "202203", "2022-03-01", 1),
        ("采购日期", "44635", "2022-03-15", 0),
        ("采购日期", "@2022-03-01", "2022-03-01", 0),
        ("采购月份", "@2022-03-01", "2022-03-01", 1),  # a month shown by the cell's format
        ("采购月份", "@2022-03-15", "2022-03-15", 0),
    ],
)
def test_a_line_is_dated_by_day_or_by_month(city, load, heading, cell, day, whole_month):
    load(f"机构编码 | {heading} | 产品编码 | 数量 | 单位 | 单价\nH001 | {cell} | A1 | 1 | 盒 | 5.60")
    assert lines(city)[0][2:4] == (day, whole_month)


def test_the_report_tells_the_days_and_the_amount(load: Load):
    report = load(HEAD + "H001 | 2022-03-15 | A1 | 1 | 盒 | 5.60 |\nH002 | 2022-05-01 | A1 | 2 | 盒 | 5.60 |")
    assert (report.first_day, report.last_day, report.amount) == (
        date(2022, 3, 15),
        date(2022, 5, 1),
        168_000,
    )
    assert report.institutions == ["H001", "H002"]


# --- What -----------------------------------------------------------------------------------------


def test_a_product_that_no_list_names_is_kept_with_its_own_words(city, load: Load):
    load(
        """
        机构编码 | 采购日期     | 产品编码 | 药品名称 | 规格          | 生产厂家 | 数量 | 单位 | 单价
        H001    | 2022-03-15  | Z9      |         | 5mg*10片/盒   | 己厂    | 3   | 盒  | 2.00
        H001    | 2022-03-16  | Z9      | 己片    | 5mg*10片/盒   | 己厂    | 30  | 片  | 0.20
        H001    | 2022-03-17  | Z8      | 戊散    | 各种          |         | 3   | 盒  | 2.00
        """
    )
    assert asked(
        city, "select name, spec, units_per_pack, base_unit, manufacturer from product where code = 'Z9'"
    ) == [("己片", "5mg*10片/盒", 10, "片", "己厂")]
    assert [line[6] for line in lines(city)] == [30, 30, None]  # the pack of Z8 is unknown


def test_lines_loaded_before_the_list_get_their_units_from_it(city, load: Load):
    load(HEAD + "H001 | 2022-03-15 | D1 | 3 | 盒 | 2.00 |\nH001 | 2022-03-16 | D1 | 0.05 | 盒 | 2.00 |")
    assert [line[6] for line in lines(city)] == [None, None]
    load(
        """
        批次 | 类别 | 品种 | 产品编码 | 规格 | 转换比 | 最小单位 | 生产企业 | 中选价 | 执行日期   | 截止日期
        八批 | 药品 | 丁片 | D1      | 10mg | 10    | 片      | 庚厂    | 2.00  | 2022-01-01 | 2023-12-31
        """
    )
    assert [line[6] for line in lines(city)] == [30, None]  # 0.05 of a pack of 10 is half a tablet


def test_the_catalogues_pack_outranks_a_lines(city, load: Load):
    report = load("机构编码|采购日期|产品编码|转换比|数量|单位|单价\nH001|2022-03-15|A1|28|1|盒|5.60")
    assert codes(report) == ["pack-size-not-as-listed"]
    assert lines(city)[0][6] == 14


def test_a_price_per_pack_of_an_unknown_pack_cannot_be_converted(load: Load):
    report = load("机构编码|采购日期|产品编码|数量(片)|单价(元/盒)\nH001|2022-03-15|Z7|10|5.60")
    assert codes(report) == ["pack-size-unknown"]


# --- Twice ----------------------------------------------------------------------------------------


def test_equal_lines_in_one_file_are_two_purchases(city, load: Load):
    assert codes(load(HEAD + "H001 | 2022-03-15 | A1 | 1 | 盒 | 5.60 |\n" * 2)) == []
    assert len(lines(city)) == 2


def test_equal_lines_on_two_sheets_are_a_copy(load: Load):
    sheet = HEAD + "H001 | 2022-03-15 | A1 | 1 | 盒 | 5.60 |\n"
    report = load(xlsx(sheet, sheet + "H001 | 2022-03-16 | A1 | 1 | 盒 | 5.60 |", names=["三月", "全部"]))
    assert codes(report) == ["repeated-on-other-sheet"]
    assert (report.problems[0].sheet, report.problems[0].row) == ("全部", 2)


def test_a_line_that_another_import_brought_is_not_counted_again(city, load: Load):
    load(HEAD + "H001 | 2022-03-15 | A1 | 1 | 盒 | 5.60 |", name="三月.xlsx")
    again = HEAD + "H001 | 2022-03-15 | A1 | 1 | 盒 | 5.60 |\nH001 | 2022-04-15 | A1 | 1 | 盒 | 5.60 |"
    report = load(again, mode="add")
    assert codes(report) == ["already-loaded"]
    assert "三月.xlsx" in report.problems[0].message
    assert load(again, skip_bad_rows=True, mode="add").status == "loaded"
    assert len(lines(city)) == 2


@pytest.mark.parametrize(
    "other",
    [
        "H002 | 2022-03-15 | A1 | 1",
        "H001 | 2022-03-16 | A1 | 1",
        "H001 | 2022-03-15 | A2 | 1",
        "H001 | 2022-03-15 | A1 | 2",
    ],
)
def test_a_line_that_differs_in_any_part_of_its_key_is_another(load, other):
    load(HEAD + "H001 | 2022-03-15 | A1 | 1 | 盒 | 5.60 |")
    assert codes(load(HEAD + f"{other} | 盒 | 5.60 |", mode="add")) == []
