"""Several institutions below each other in one sheet, and rows below notes: none is booked wrongly or lost."""

import pytest

from tests.etl.conftest import Load
from tests.etl.reading import asked, codes

pytestmark = pytest.mark.usefixtures("no_grain")

HEAD = "采购日期|产品编码|数量|单位|单价|金额\n"
FIRST = "2022-05-03|A1|10|盒|5.6|56\n"
SECOND = "2022-05-03|A1|20|盒|5.6|112\n"
H1, H2 = "示例市第一医院", "示例市中医医院"
TITLE = f"填报单位：{H1}|||||\n"


def whose(city) -> list[tuple[str, int]]:
    """Institution and whole packs of each line."""
    query = """select institution.code, round(purchase.paid_amount / 56e4) * 10 from purchase
               join institution on institution.id = purchase.institution_id order by 2"""
    return [(code, int(packs)) for code, packs in asked(city, query)]


DIVIDING = {
    "repeated heading": f"填报单位：{H2}|||||\n" + HEAD,
    "blank and repeated heading": f"|||||\n填报单位：{H2}|||||\n|||||\n" + HEAD,
    "no heading": f"采购单位：{H2}|||||\n",
    "caption": f"{H2}采购明细|||||\n",
    "caption in another column": f"|{H2}2022年采购明细||||\n",
    "after its own total": f"{H1}合计||10|||56\n{H2}采购明细|||||\n",
    "after a plain total": f"合计||10|||56\n{H2}：|||||\n",
    "a note in between": f"填报单位：{H2}|||||\n注：以下为补录|||||\n",
}


@pytest.mark.parametrize("case", DIVIDING)
def test_a_name_between_the_rows_is_whose_rows_follow(city, load: Load, case):
    report = load(TITLE + HEAD + FIRST + DIVIDING[case] + SECOND)
    assert (report.status, codes(report)) == ("loaded", [])
    assert whose(city) == [("H001", 10), ("H002", 20)]


def test_names_only_between_the_rows_are_enough(city, load: Load):
    assert load(HEAD + TITLE + FIRST + f"填报单位：{H2}|||||\n" + SECOND).status == "loaded"
    assert whose(city) == [("H001", 10), ("H002", 20)]


def test_rows_above_the_first_name_belong_to_nobody(load: Load):
    assert codes(load(HEAD + FIRST + f"填报单位：{H2}|||||\n" + SECOND)) == ["institution-missing"]


OWN = {
    "total": f"{H1}合计||10|||56\n",
    "total with words": f"{H1}小计|||||\n",
    "note": f"注：{H1}补录|||||\n",
}


@pytest.mark.parametrize("case", OWN)
def test_a_total_of_ones_own_changes_nothing(city, load: Load, case):
    assert load(TITLE + HEAD + FIRST + OWN[case] + SECOND + OWN[case]).status == "loaded"
    assert whose(city) == [("H001", 10), ("H001", 20)]


def test_totals_of_all_at_the_end_change_nothing(city, load: Load):
    end = f"{H1}合计||10|||56\n{H2}合计||20|||112\n{H1}、{H2}总计||30|||168\n"
    assert load(TITLE + HEAD + FIRST + f"填报单位：{H2}|||||\n" + SECOND + end).status == "loaded"
    assert whose(city) == [("H001", 10), ("H002", 20)]


UNCLEAR = {
    "total heads or closes": f"{H2}合计||20|||112\n" + SECOND,
    "total closes rows of another": SECOND + f"{H2}合计||20|||112\n",
    "note": f"注：{H2}的数据另报|||||\n" + SECOND,
    "two names": f"{H1}、{H2}采购明细|||||\n" + SECOND,
}


@pytest.mark.parametrize("case", UNCLEAR)
def test_a_name_that_may_mean_either_stops_the_file(city, load: Load, case):
    report = load(TITLE + HEAD + FIRST + UNCLEAR[case], skip_bad_rows=True)
    assert report.status == "problems"
    assert [code for code in codes(report) if code != "total-differs"] == ["institution-unclear-below"]
    assert whose(city) == []


def test_rows_under_another_name_than_the_importers_are_reported(load: Load):
    report = load(TITLE + HEAD + FIRST + f"填报单位：{H2}|||||\n" + SECOND, institution="H001")
    assert codes(report) == ["other-institution"]
    assert H2 in report.problems[0].message


def test_a_column_of_institutions_is_not_overruled(city, load: Load):
    head, second = "机构编码|" + HEAD, "H001|" + SECOND
    assert load(head + "H001|" + FIRST + f"填报单位：{H2}||||||\n" + second).status == "loaded"
    assert whose(city) == [("H001", 10), ("H001", 20)]


@pytest.mark.parametrize("note", ["注：以下为补录", "制表人：甲", "第1页"])
@pytest.mark.parametrize(
    "row", ["H001||A1|10|盒|5.6|56", "H001|2022-05-04||10|盒|5.6|56", "|2022-05-04|A1||盒||56", "||A1|10|||"]
)
def test_a_row_below_a_note_that_lacks_a_cell_is_reported(load: Load, note, row):
    report = load("机构编码|" + HEAD + "H001|" + FIRST + f"{note}||||||\n{row}\n")
    assert report.rows == 2
    assert "empty-cell" in codes(report)
    assert {p.row for p in report.problems if p.kind.code == "empty-cell"} == {4}


def test_a_subtotal_with_all_its_keys_is_not_bought_twice(city, load: Load):
    head = "机构编码|采购月份|产品编码|产品名称|数量|单位|单价|金额\n"
    line = "H001|2022-05|A1|甲片|10|盒|5.6|56\n"
    assert load(head + line + line.replace("甲片", "小计")).rows == 1
    assert whose(city) == [("H001", 10)]


def test_the_same_rows_under_other_names_are_another_content(load: Load):
    first = TITLE + HEAD + FIRST + f"填报单位：{H2}|||||\n" + SECOND
    swapped = f"填报单位：{H2}|||||\n" + HEAD + FIRST + TITLE + SECOND
    assert [load(book).status for book in (first, first, swapped)] == ["loaded", "unchanged", "loaded"]
