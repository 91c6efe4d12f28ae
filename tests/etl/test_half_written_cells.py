"""Cells that say only a part: months without a year, days without a month, institutions printed once."""

import pytest

from etl.recognising import recognise
from etl.rows import Rows
from etl.sources import READERS
from tests.etl.books import xlsx

REST = "产品编码|数量|单位|单价\n"


def read(book: str) -> tuple[list[str], list[str]]:
    """Days and codes of the problems."""
    known = recognise(("x.xlsx", xlsx(book)))
    rows = Rows("x.xlsx", known.tables)
    frame = READERS["purchases"].read(rows)
    days = [str(day.date()) if day == day else "" for day in frame["bought_on"]]
    return days, [problem.kind.code for problem in known.problems + rows.problems]


@pytest.mark.parametrize(
    ("book", "days"),
    [
        (f"年|月|{REST}2022|5|A1|1|盒|5.6\n2023|12|A1|1|盒|5.6", ["2022-05-01", "2023-12-01"]),
        (f"年度|月份|{REST}2022年|5月|A1|1|盒|5.6\n'2022|'06|A1|1|盒|5.6", ["2022-05-01", "2022-06-01"]),
        (f"年|月|日|{REST}2022|5|3|A1|1|盒|5.6", ["2022-05-03"]),
        (f"年份|月份|{REST}2022|2022-05|A1|1|盒|5.6", ["2022-05-01"]),
    ],
)
def test_year_and_month_in_two_columns_are_one_date(book, days):
    assert read(book) == (days, [])


def test_a_month_takes_the_year_of_the_title_and_says_so():
    book = f"示例市第一医院2022年1-6月采购明细|||||\n月份|{REST}5|A1|1|盒|5.6\n6月|A1|1|盒|5.6"
    assert read(book) == (["2022-05-01", "2022-06-01"], ["date-completed"])


def test_a_day_takes_the_month_of_the_title_and_says_so():
    book = f"2022年5月采购明细|||||\n日期|{REST}3|A1|1|盒|5.6\n31|A1|1|盒|5.6"
    assert read(book) == (["2022-05-03", "2022-05-31"], ["date-completed"])


@pytest.mark.parametrize("title", ["采购明细", "2021年和2022年采购明细", "12022年采购明细"])
def test_a_month_without_one_year_is_no_date(title):
    assert read(f"{title}|||||\n月份|{REST}5|A1|1|盒|5.6") == ([""], ["not-a-date"])


@pytest.mark.parametrize("cell", ["13", "0", "五月", "5.5"])
def test_what_is_no_month_is_not_completed(cell):
    days, problems = read(f"2022年采购明细|||||\n月份|{REST}{cell}|A1|1|盒|5.6")
    assert (days, problems) == ([""], ["not-a-date"])


def test_an_impossible_day_is_told_although_it_was_put_together():
    assert read(f"年|月|日|{REST}2022|2|30|A1|1|盒|5.6") == ([""], ["impossible-date"])


def test_a_whole_date_under_a_months_title_stays():
    assert read(f"2021年采购明细|||||\n采购日期|{REST}2022-05-03|A1|1|盒|5.6") == (["2022-05-03"], [])


WHO = "机构编码|采购日期|" + REST


def institutions(book: str) -> tuple[list[object], list[str]]:
    known = recognise(("x.xlsx", xlsx(book)))
    rows = Rows("x.xlsx", known.tables)
    frame = READERS["purchases"].read(rows)
    return list(frame["institution_code"].fillna("")), [p.kind.code for p in rows.problems]


LINE = "|2022-05-03|A1|1|盒|5.6\n"


def test_an_institution_printed_once_is_that_of_the_rows_below():
    book = WHO + "H001" + LINE + LINE + LINE + "H002" + LINE + LINE
    assert institutions(book) == (["H001", "H001", "H001", "H002", "H002"], ["filled-down"])


def test_a_column_that_repeats_its_words_has_lost_one_where_it_is_blank():
    book = WHO + "H001" + LINE + "H001" + LINE + LINE + "H002" + LINE
    assert institutions(book)[0] == ["H001", "H001", "", "H002"]


def test_nothing_is_filled_across_a_total_or_into_the_first_row():
    assert institutions(WHO + LINE + "H001" + LINE)[0] == ["", "H001"]
    assert institutions(WHO + "H001" + LINE + "小计||||1|\n" + LINE)[0] == ["H001", ""]
