"""Layouts that were read without a word as something else: groups, sums, other hospitals, other packs."""

import pytest

from tests.etl.books import xlsx
from tests.etl.conftest import Load
from tests.etl.reading import codes, lines

pytestmark = pytest.mark.usefixtures("no_grain")

HEAD = "机构编码|采购日期|产品编码|数量|单位|单价|金额\n"
A1 = "H001|2022-03-15|A1|10|盒|5.6|56\n"
B1 = "H001|2022-03-16|B1|2|盒|12.5|25\n"


def group(name: str, more: str = "") -> str:
    return f"机构编码|月份|产品编码|{name}||{more}\n|||数量|金额|单位\nH001|2022年3月|A1|10|56|盒"


@pytest.mark.parametrize(
    "name",
    [
        "累计",
        "本年累计",
        "出库情况",
        "库存",
        "销售情况",
        "采购计划",
        "上年同期",
        "期末结存",
        "领用",
        "退货情况",
    ],
)
def test_figures_below_another_group_are_not_what_was_bought(city, load: Load, name):
    assert "missing-column" in codes(load(xlsx(group(name), merged=[(0, 3, 0, 4)])))
    assert lines(city) == []


@pytest.mark.parametrize("name", ["采购情况", "本月", "配送情况", "集采药品"])
def test_figures_below_a_group_of_purchases_are(city, load: Load, name):
    assert codes(load(xlsx(group(name), merged=[(0, 3, 0, 4)]))) == []
    assert lines(city)[0][4] == 100_000


def test_the_month_is_taken_and_the_running_total_beside_it_left(city, load: Load):
    book = (
        "机构编码|月份|产品编码|单位|累计||本月|\n||||数量|金额|数量|金额\nH001|2022年3月|A1|盒|30|168|10|56"
    )
    assert set(codes(load(xlsx(book, merged=[(0, 4, 0, 5), (0, 6, 0, 7)])))) == {"unread-column"}
    assert [(line[4], line[8]) for line in lines(city)] == [(100_000, 560_000)]


def test_a_person_may_say_that_such_a_group_is_meant(city, load: Load):
    mapping = {"出库情况数量": "quantity", "出库情况金额": "amount"}
    assert load(xlsx(group("出库情况"), merged=[(0, 3, 0, 4)]), mapping=mapping).status == "loaded"
    assert lines(city)[0][4] == 100_000


DETAIL = HEAD + A1 + A1.replace("-15", "-20") + B1
SUMMARY = HEAD + "H001|2022-03-31|A1|20|盒|5.6|112\n" + B1.replace("-16", "-31")


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("names", [("明细", "汇总"), ("Sheet1", "Sheet2")])
@pytest.mark.parametrize("last", ["-31", "-16"])
def test_a_sheet_of_sums_is_not_counted_again(city, load: Load, order, names, last):
    sheets = [DETAIL, SUMMARY.replace("2022-03-31|B1", f"2022-03{last}|B1")][::order]
    report = load(xlsx(*sheets, names=names[::order]))
    assert "sum-of-other-sheet" in codes(report)
    assert lines(city) == []


def test_without_the_sums_the_detail_is_loaded(city, load: Load):
    assert load(xlsx(DETAIL, SUMMARY, names=["明细", "汇总"]), skip_bad_rows=True).status == "loaded"
    assert sum(line[8] for line in lines(city)) == 1_370_000


def test_a_sheet_may_sum_up_all_others(load: Load):
    months = [HEAD + A1, HEAD + A1.replace("-15", "-20") + B1]
    assert "sum-of-other-sheet" in codes(load(xlsx(*months, SUMMARY, names=["内科", "外科", "全院"])))


def test_departments_that_bought_the_same_once_are_no_sums(load: Load):
    assert codes(load(xlsx(HEAD + A1, HEAD + A1.replace("-15", "-20"), names=["内科", "外科"]))) == []
    assert codes(load(xlsx(HEAD + A1 + B1, HEAD + A1.replace("-15", "-20"), names=["内科", "外科"]))) == []


STACKED = "采购日期|产品编码|数量|单位|单价|金额\n示例市第一医院|||||\n{row}{caption}|||||\n{row}"
ROW = "2022-03-15|A1|10|盒|5.6|56\n"


@pytest.mark.parametrize(
    "caption",
    [
        "示例市第三医院",
        "城关卫生院",
        "填报单位：城东社区卫生服务中心",
        "某县人民医院2022年3月采购明细",
        "惠民大药房",
    ],
)
def test_rows_below_the_name_of_a_stranger_are_not_the_first_hospitals(city, load: Load, caption):
    assert codes(load(STACKED.format(row=ROW, caption=caption))) == ["institution-unclear-below"]
    assert lines(city) == []


def test_a_table_below_under_the_name_of_a_stranger_is_not_the_first_hospitals(city, load: Load):
    first = "示例市第一医院|||||\n采购日期|产品编码|数量|单位|单价|金额\n" + ROW
    second = "|||||\n示例市第三医院|||||\n产品编码|采购日期|数量|单位|单价|金额\nA1|2022-03-16|10|盒|5.6|56\n"
    assert codes(load(first + second)) == ["institution-missing"]
    assert lines(city) == []


@pytest.mark.parametrize("caption", ["住院药房", "内科病区", "各级医院", "二级医院", "中成药（医院制剂）"])
def test_a_department_is_no_stranger(load: Load, caption):
    assert codes(load(STACKED.format(row=ROW, caption=caption))) == []


def test_a_spec_of_another_pack_is_told(city, load: Load):
    book = "机构编码|采购日期|产品编码|规格|数量|单位|单价\nH001|2022-03-15|A1|20mg*28片/盒|10|盒|5.6"
    assert codes(load(book)) == ["pack-size-not-as-listed"]
    assert lines(city)[0][6] == 140


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("2021-2022年采购明细", "3月"),
        ("2021年至2022年采购明细", "3月"),
        ("2022年2月-3月采购明细", "15日"),
        ("2022年2月26日至3月25日采购明细", "15日"),
    ],
)
def test_a_title_of_several_months_completes_nothing(city, load: Load, title, cell):
    heading = "月份" if cell == "3月" else "日期"
    book = f"{title}|||||\n机构编码|{heading}|产品编码|数量|单位|单价\nH001|{cell}|A1|10|盒|5.6"
    assert codes(load(book)) == ["not-a-date"]


def test_the_day_of_the_export_is_not_the_period(city, load: Load):
    above = "导出时间：2023年03月04日|||||\n机构编码|月份|产品编码|数量|单位|单价\nH001|12月|A1|10|盒|5.6"
    assert codes(load(above)) == ["not-a-date"]
    assert codes(load("2022年采购明细|||||\n" + above)) == ["date-completed"]
    assert str(lines(city)[0][2]) == "2022-12-01"


def test_a_backtick_that_keeps_a_code_text_is_no_part_of_it(city, load: Load):
    assert codes(load(HEAD + A1.replace("A1", "`A1"))) == []
    assert lines(city)[0][1] == "A1"


def test_a_total_may_be_called_a_sum_of_all(city, load: Load):
    assert codes(load(HEAD + A1 + B1 + "共计|||12|||81")) == []
    assert codes(load(HEAD + A1 + B1 + "共计|||12|||90")) == ["total-differs"]


@pytest.mark.parametrize(
    "name", ["药品出库明细表", "退货", "2022年采购计划", "库存", "作废", "3月退货明细(药品)"]
)
def test_a_sheet_about_something_else_is_not_purchases(city, load: Load, name):
    assert codes(load(xlsx(HEAD + A1, HEAD + B1, names=["采购", name]))) == ["not-purchases"]
    assert codes(load(f"示例市第一医院{name}||||||\n" + HEAD + A1)) == ["not-purchases"]
    assert lines(city) == []


@pytest.mark.parametrize("name", ["出入库明细", "采购及退货明细", "入库", "销售方：国药", "采购计划执行明细"])
def test_a_sheet_about_purchases_among_others_is(load: Load, name):
    assert codes(load(f"{name}||||||\n" + HEAD + A1)) == []


def test_a_sheet_of_negative_returns_stands(city, load: Load):
    returned = HEAD + "H001|2022-03-20|A1|-2|盒|5.6|-11.2\n"
    assert codes(load(xlsx(HEAD + A1, returned, names=["采购", "退货"]))) == []
    assert sum(line[8] for line in lines(city)) == 448_000
