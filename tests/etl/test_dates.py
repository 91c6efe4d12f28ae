"""Days and months in every style, impossible ones reported."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.values.dates import day, is_whole_month, last_day
from etl.values.hints import NO_HINT

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


def styles(value: date) -> list[object]:
    y, m, d = value.year, value.month, value.day
    weekday = "一二三四五六日"[value.weekday()]
    return [
        value, datetime(y, m, d, 13, 30), float((value - date(1899, 12, 30)).days), str((value - date(1899, 12, 30)).days),
        f"{y}-{m:02d}-{d:02d}", f"{y}/{m}/{d}", f"{y}.{m:02d}.{d:02d}", f"{y}{m:02d}{d:02d}", float(f"{y}{m:02d}{d:02d}"),
        f"{y}年{m}月{d}日", f"{y}-{m:02d}-{d:02d} 星期{weekday}", f"{y}-{m:02d}-{d:02d}(周{weekday})", f"{y}-{m}-{d} 00:00:00",
        f"{y}年{m:02d}月{d:02d}日".translate(str.maketrans("0123456789", "０１２３４５６７８９")), f" {y} 年 {m} 月 {d} 日 ",
    ]  # fmt: skip


def month_styles(value: date) -> list[object]:
    y, m = value.year, value.month
    return [
        f"{y}年{m}月",
        f"{y}年{m:02d}月份",
        f"{y}.{m:02d}",
        f"{y}{m:02d}",
        float(f"{y}{m:02d}"),
        f"{y}-{m:02d}",
        f"{y}/{m}",
    ]


@given(DAYS)
def test_a_day_reads_back_in_every_style(value):
    for cell in styles(value):
        read = day(cell, NO_HINT)
        assert (read.value, read.trouble, read.note) == (value, None, None), cell
        assert not is_whole_month(cell, NO_HINT).value, cell


@given(DAYS)
def test_a_month_reads_back_as_its_first_day(value):
    for cell in month_styles(value):
        assert day(cell, NO_HINT).value == value.replace(day=1), cell
        assert is_whole_month(cell, NO_HINT).value, cell


@pytest.mark.parametrize(
    "cell", ["2018-02-29", "2022-13-01", "2022年4月31日", "20220230", "2022.00", "2022-02-30 星期三"]
)
def test_an_impossible_date_is_reported(cell):
    assert day(cell, NO_HINT).trouble.code == "impossible-date"


@pytest.mark.parametrize(
    "cell",
    [
        "去年春天",
        "2022",
        2022.0,
        5.0,
        "3/1/2022",
        "22-03-15",
        True,
        timedelta(hours=5),
        date(1900, 1, 5),
        "1890-01-01",
        "2022-3/1",
    ],
)
def test_what_is_no_date_is_reported(cell):
    assert day(cell, NO_HINT).trouble.code == "not-a-date"


def test_a_wrong_weekday_is_mentioned_and_the_date_stands():
    read = day("2022-03-15 星期三", NO_HINT)  # a Tuesday
    assert read.value == date(2022, 3, 15)
    assert read.note.code == "wrong-weekday"
    assert read.params["weekday"] == "星期二"


def test_a_number_2022_1_may_be_january_or_october():
    assert day(2022.1, NO_HINT).trouble.code == "ambiguous-month"
    assert day("2022.1", NO_HINT).value == date(2022, 1, 1)  # text keeps its zeros
    assert day(2022.11, NO_HINT).value == date(2022, 11, 1)


def test_an_end_month_ends_on_its_last_day():
    assert last_day("2024年2月", NO_HINT).value == date(2024, 2, 29)
    assert last_day("2024-02-15", NO_HINT).value == date(2024, 2, 15)


def test_an_error_cell_is_no_date():
    assert day("#N/A", NO_HINT).trouble.code == "error-cell"
