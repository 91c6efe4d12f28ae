"""The values of a file that cannot be patched, in an .xlsx of ours: same sheets, same places, marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from etl.formats.grid import Range
from etl.marked.findings import HEADINGS, LINK_COLUMN, WIDTHS, Line, Marks, lines
from etl.marked.notes import AUTHOR, NOTE_MARK
from etl.marked.problem_list import (
    HEADING_FILL,
    HEADING_ROW,
    LINE_HEIGHT,
    SHEET_NAME,
    lines_needed,
    quoted_name,
    row_height,
)
from etl.marked.styles import FILLS, RED
from etl.problems import Problem
from procurement.language import _
from procurement.plain_text import is_like_a_formula

NAMELESS = "Sheet1"
"""A file of text has one sheet without a name."""

NARROWEST, WIDEST = 8, 40
ROWS_MEASURED = 200
LEAST_CELLS = 3
MOST_NOTES = 5_000
DATE, MOMENT, HOURS = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "[h]:mm:ss"
A4 = 9


@dataclass(frozen=True)
class Page:
    """One sheet to be written: its rows as they stand in the file, and what is wrong on it."""

    name: str
    rows: Sequence[Sequence[Any]]
    merged: Sequence[Range]
    marks: Marks


def rewritten(pages: Sequence[Page], above: list[str], problems: Sequence[Problem]) -> bytes:
    """The pages and, last, the sheet 问题."""
    output = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as book:
        looks = _Looks(book)
        names = [page.name or NAMELESS for page in pages]
        for page, name in zip(pages, names, strict=True):
            _write_page(book.add_worksheet(name), page, looks)
        name = next(n for k in range(1, len(names) + 2) if (n := _numbered(k)) not in names)
        _write_list(book.add_worksheet(name), above, lines(problems), looks, names[0] if names else "")
    return output.getvalue()


def _numbered(number: int) -> str:
    return _(SHEET_NAME) if number == 1 else f"{_(SHEET_NAME)} {number}"


class _Looks:
    """Formats of the workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple, Format] = {}

    def __call__(self, **about: object) -> Format:
        key = tuple(sorted(about.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": "Microsoft YaHei", "font_size": 10, **about}
            )
        return self._made[key]

    def cell(self, value: Any, colour: str | None) -> Format:
        about: dict[str, object] = {"bg_color": f"#{colour[2:]}"} if colour else {}
        if isinstance(value, str) and is_like_a_formula(value):
            about["quote_prefix"] = True
        if form := _number_format(value):
            about["num_format"] = form
        return self(**about)


def _number_format(value: Any) -> str:
    if isinstance(value, datetime):
        return DATE if value.time() == time() else MOMENT
    if isinstance(value, date):
        return DATE
    return HOURS if isinstance(value, time | timedelta) else ""


def _write_page(sheet: Worksheet, page: Page, looks: _Looks) -> None:
    _set_widths(sheet, page.rows)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    _merge(sheet, page, looks)
    colours = page.marks.colours
    for number, row in enumerate(page.rows, 1):
        for column, value in enumerate(row):
            colour = colours.get((number, column))
            if value not in ("", None) or colour:
                _write(sheet, number - 1, column, value, looks.cell(value, colour))
    beyond = [cell for cell in colours if cell[0] > len(page.rows) or cell[1] >= len(page.rows[cell[0] - 1])]
    for number, column in beyond:
        sheet.write_blank(number - 1, column, None, looks.cell("", colours[number, column]))
    loudest = sorted(page.marks.notes, key=lambda cell: colours[cell] != RED)[:MOST_NOTES]
    for number, column in loudest:
        text = f"{NOTE_MARK}\n{page.marks.notes[number, column]}"
        size = {"author": AUTHOR, "x_scale": 2, "y_scale": 1 + len(text) / 80, "font_size": 9}
        sheet.write_comment(number - 1, column, text, size)


def _write(sheet: Worksheet, row: int, column: int, value: Any, look: Format) -> None:
    """Each value as what it is; a truth value as the word that the sheet shows."""
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, look)
    elif isinstance(value, datetime | date | time | timedelta):
        sheet.write_datetime(row, column, value, look)
    elif value in ("", None):
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write_string(row, column, str(value), look)


def _merge(sheet: Worksheet, page: Page, looks: _Looks) -> None:
    for (top, left), (bottom, right) in page.merged:
        if (top, left) == (bottom, right) or top >= len(page.rows) or left >= len(page.rows[top]):
            continue
        value = page.rows[top][left]
        look = looks.cell(value, page.marks.colours.get((top + 1, left)))
        try:
            sheet.merge_range(top, left, bottom, right, "", look)
        except OverlappingRange:  # a damaged file may say so; one of the two is enough
            continue


def _set_widths(sheet: Worksheet, rows: Sequence[Sequence[Any]]) -> None:
    """By the first rows that are part of a table: a title is wider than the column it starts in."""
    widths: dict[int, int] = {}
    for row in rows[:ROWS_MEASURED]:
        if sum(cell not in ("", None) for cell in row) < LEAST_CELLS:
            continue
        for column, cell in enumerate(row):
            text = f"{cell:%Y-%m-%d}" if isinstance(cell, date) else str(cell)
            places = sum(2 if ord(sign) > 255 else 1 for sign in text) + 2
            widths[column] = max(widths.get(column, NARROWEST), min(places, WIDEST))
    for column, width in widths.items():
        sheet.set_column(column, column, width)


def _write_list(sheet: Worksheet, above: list[str], told: list[Line], looks: _Looks, only_sheet: str) -> None:
    _write_above(sheet, above, looks)
    for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        look = looks(bold=True, bg_color=f"#{HEADING_FILL[2:]}", text_wrap=True, valign="top")
        sheet.write_string(HEADING_ROW - 1, column, _(heading), look)
    for row, line in enumerate(told, HEADING_ROW):
        _write_line(sheet, row, line, looks, only_sheet)
    last = max(HEADING_ROW + len(told) - 1, HEADING_ROW)
    sheet.autofilter(HEADING_ROW - 1, 0, last, len(HEADINGS) - 1)
    sheet.freeze_panes(HEADING_ROW, 0)
    sheet.repeat_rows(HEADING_ROW - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&R&P / &N")
    sheet.hide_gridlines(2)


def _write_above(sheet: Worksheet, above: list[str], looks: _Looks) -> None:
    plain = looks(text_wrap=True, valign="top")
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, above[0], looks(bold=True, font_size=14))
    for row in (1, 2):
        sheet.set_row(row, LINE_HEIGHT * lines_needed(above[row], sum(WIDTHS)) + 3)
        sheet.merge_range(row, 0, row, len(WIDTHS) - 1, "", plain)
        sheet.write_string(row, 0, above[row], plain)
    sheet.write_string(3, 0, above[3], looks(font_color="#8A94A0", font_size=9))


def _write_line(sheet: Worksheet, row: int, line: Line, looks: _Looks, only_sheet: str) -> None:
    sheet.set_row(row, row_height(line))
    for column, text in enumerate(line.texts):
        about: dict[str, object] = {"text_wrap": True, "valign": "top"}
        if column == 0:
            about |= {"bold": True, "bg_color": f"#{FILLS[line.loudness][2:]}"}
        elif is_like_a_formula(text):
            about["quote_prefix"] = True
        if column == LINK_COLUMN and line.link:
            place = f"internal:{quoted_name(line.link[0] or only_sheet)}!{line.link[1]}"
            sheet.write_url(row, column, place, looks(font_color="#1F5FA8", underline=1, valign="top"), text)
        else:
            sheet.write_string(row, column, text, looks(**about))
