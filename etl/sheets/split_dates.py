"""Dates that are spread over columns, or half of which stands in the title, put together into one cell.

年 2022, 月 5                → 2022年5月          年 2022, 月 5, 日 3 → 2022年5月3日
月份 5 below 2022年采购明细      → 2022年5月, mentioned
日期 3 below 2022年5月采购明细   → 2022年5月3日, mentioned

Where the title names no year, or several, the cells stay as they are and are reported as no dates.
"""

import re

import numpy as np

from etl.problem_kinds.mention import DATE_COMPLETED
from etl.problems import Problem
from etl.sheets.cell_column import CellColumn
from etl.sheets.table_columns import Column, Place
from etl.values.cells import plain
from etl.values.dates import EARLIEST_YEAR, LATEST_YEAR

_YEAR = re.compile(r"(\d{4})(年度?)?")
_MONTH = re.compile(r"(\d{1,2})(月份?)?")
_DAY = re.compile(r"(\d{1,2})[日号]?")
_YEAR_IN_TITLE = re.compile(r"(?<!\d)(\d{4})(?=年|[-~–—至到]\d{4}年)")
_MONTH_IN_TITLE = re.compile(r"(?<!\d)(\d{4}年\d{1,2}月)(?!份?[-~–—至到\d])")
_OF_THE_FILE = re.compile(r"(导出|打印|制表|制单|填报|填表|填写|生成|报送|上报|编制)(日期|时间|于).*")


def join_dates(
    columns: dict[str, Column], cells: dict[str, CellColumn], titles: list[str], place: Place
) -> list[Problem]:
    """Put the cells of `bought_on` together; what the title told is mentioned."""
    column = columns.get("bought_on")
    if column is None or not len(cells["bought_on"]):
        return []
    present = cells["bought_on"]
    if column.is_month and any(map(_month, present.distinct)):
        if "year" in columns:
            cells["bought_on"] = _joined(cells["year"], present, cells.get("day_of_month"))
            return []
        told, completed = _only(_YEAR_IN_TITLE, titles), _month
    elif not column.is_month and all(map(_day, present.distinct)):
        told, completed = _only(_MONTH_IN_TITLE, titles), _day
    else:
        return []
    if told is None:
        return []
    prefix = told if told.endswith("月") else f"{told}年"
    words = [f"{prefix}{part}" if (part := completed(cell)) else cell for cell in present.distinct]
    cells["bought_on"] = CellColumn(present.codes, words)
    return [place.problem(DATE_COMPLETED, column, period=prefix)]


def _joined(years: CellColumn, months: CellColumn, days: CellColumn | None) -> CellColumn:
    """One cell per row out of two or three; a row that lacks its year or month keeps its month's cell."""
    parts = [years, months] if days is None else [years, months, days]
    stacked = np.stack([column.codes for column in parts])
    _, first, codes = np.unique(stacked, axis=1, return_index=True, return_inverse=True)
    distinct = [_date(*(column[int(row)] for column in parts)) for row in first]
    return CellColumn(codes.reshape(-1).astype(np.int32), distinct)


def _date(year: object, month: object, day: object = "") -> object:
    in_year, in_month = _number(_YEAR, year, EARLIEST_YEAR, LATEST_YEAR), _month(month)
    if not in_year or not in_month:
        return month
    return f"{in_year}年{in_month}{_day(day) if plain(day) else ''}"


def _month(cell: object) -> str:
    number = _number(_MONTH, cell, 1, 12)
    return f"{number}月" if number else ""


def _day(cell: object) -> str:
    number = _number(_DAY, cell, 1, 31)
    return f"{number}日" if number else ""


def _number(pattern: re.Pattern[str], cell: object, least: int, most: int) -> int | None:
    if not isinstance(cell, str | int | float):
        return None
    found = pattern.fullmatch(plain(cell))
    return int(found[1]) if found and least <= int(found[1]) <= most else None


def _only(pattern: re.Pattern[str], titles: list[str]) -> str | None:
    """The one text that the titles have for a pattern."""
    texts = (_OF_THE_FILE.sub("", "".join(plain(title).split())) for title in titles)
    found = {match for text in texts for match in pattern.findall(text)}
    return found.pop() if len(found) == 1 else None
