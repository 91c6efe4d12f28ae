"""Several tables on one sheet: each is read by its own heading and its own units."""

import pytest

from etl.recognising import recognise
from etl.rows import Rows
from etl.sources import READERS
from tests.etl.books import Merge, xlsx
from tests.etl.conftest import Load
from tests.etl.reading import asked, codes

HEAD = "采购日期|产品编码|数量|单位|单价|金额\n"
TURNED = "产品编码|采购日期|单位|数量|金额|单价\n"
A = "2022-05-03|A1|10|盒|5.6|56\n"
B = "2022-05-04|A2|20|盒|4.2|84\n"
B_TURNED = "A2|2022-05-04|盒|20|84|4.2\n"

EXPECTED = [("A1", 10, 5.6, 56.0), ("A2", 20, 4.2, 84.0)]


def read(book: str, **options: object) -> tuple[list[tuple[object, ...]], list[str]]:
    """Product, quantity, price and amount of each line; codes of the problems."""
    known = recognise(("x.xlsx", xlsx(book, **options)))  # type: ignore[arg-type]
    rows = Rows("x.xlsx", known.tables)
    frame = READERS["purchases"].read(rows)
    lines = [
        (line.product_code, line.stated_quantity / 1e8, line.stated_price / 1e6, line.amount / 1e4)
        for line in frame.itertuples()
    ]
    return lines, [problem.kind.code for problem in known.problems + rows.problems]


BELOW = {
    "repeated heading": HEAD + A + HEAD + B,
    "blank rows between": HEAD + A + "|||||\n|||||\n" + HEAD + B,
    "another order": HEAD + A + TURNED + B_TURNED,
    "another order after a total": HEAD + A + "合计||10|||56\n|||||\n示例市采购明细（续）|||||\n" + TURNED + B_TURNED,
    "fewer columns": HEAD + A + "采购日期|产品编码|数量|单价|金额|\n2022-05-04|A2|20|4.2|84|\n",
    "two rows of heading": HEAD + A + "采购日期|产品编码|单位|采购情况||\n|||数量|单价|金额\n2022-05-04|A2|盒|20|4.2|84\n",
    "back again": HEAD + A + TURNED + HEAD + B,
    "a title in the column of remarks": f"备注|{HEAD}|{A}示例市采购明细（续）||||||\n备注|{HEAD}|{B}",
}  # fmt: skip


@pytest.mark.parametrize("case", BELOW)
def test_a_table_below_another_is_read_by_its_own_heading(case):
    assert read(BELOW[case]) == (EXPECTED, [])


def test_a_repeated_merged_heading_of_two_rows_only_divides():
    head = "采购日期|产品编码|单位|采购情况||\n|||数量|单价|金额\n"
    first, second = "2022-05-03|A1|盒|10|5.6|56\n", "2022-05-04|A2|盒|20|4.2|84\n"
    merged: list[Merge] = [(0, 3, 0, 5), (0, 0, 1, 0), (3, 3, 3, 5), (3, 0, 4, 0)]
    assert read(head + first + head + second, merged=merged) == (EXPECTED, [])


def test_each_table_has_the_unit_that_stands_above_it():
    one, other = "单位：元|||||\n", "单位：万元|||||\n"
    in_wan = B.replace("84", "0.0084")
    assert read(one + HEAD + A + other + HEAD + in_wan) == (EXPECTED, ["amounts-scaled"])
    assert read(other + HEAD + A.replace("56", "0.0056") + one + HEAD + B) == (EXPECTED, ["amounts-scaled"])
    assert read(other + HEAD + A.replace("56", "0.0056") + HEAD + in_wan) == (EXPECTED, ["amounts-scaled"])


def test_a_unit_stated_between_the_rows_counts_from_there():
    lines, problems = read(HEAD + A + "单位：万元|||||\n" + B.replace("84", "0.0084"))
    assert (lines, problems) == (EXPECTED, ["amounts-scaled"])


def test_the_same_unit_above_every_page_changes_nothing():
    above = "单位：元|||||\n"
    assert read(above + HEAD + A + above + HEAD + B + "合计||30|||140\n") == (EXPECTED, [])


def test_a_heading_of_another_unit_begins_a_table():
    lines, problems = read(HEAD + A + HEAD.replace("金额", "金额(万元)") + B.replace("84", "0.0084"))
    assert (lines, problems) == (EXPECTED, [])


def test_a_table_that_lacks_a_column_stops_the_file(load: Load):
    lacking = "采购日期|产品编码|数量|单位||\n2022-05-04|A2|20|盒||\n"
    report = load("填报单位：示例市第一医院|||||\n" + HEAD + A + lacking)
    assert (report.status, codes(report)) == ("problems", ["missing-column"])
    assert report.problems[0].row == 4


H1, H2 = "示例市第一医院", "示例市中医医院"


@pytest.mark.usefixtures("no_grain")
@pytest.mark.parametrize(
    ("between", "expected"), [("", ["H001", "H001"]), (f"填报单位：{H2}|||||\n", ["H001", "H002"])]
)
def test_a_table_that_names_nobody_belongs_to_whom_stands_above(city, load: Load, between, expected):
    assert load(f"填报单位：{H1}|||||\n" + HEAD + A + between + TURNED + B_TURNED).status == "loaded"
    query = """select institution.code from purchase join institution on institution.id = institution_id
               order by purchase.id"""
    assert [code for (code,) in asked(city, query)] == expected
