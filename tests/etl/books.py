"""Workbooks built in the test that reads them: a sheet is drawn as a table.

    采购日期     | 产品编码 | 数量 | 单价
    2022-03-15  | A1      | 10  | 5.60

A cell that looks like a number is one; `'` in front makes it text, `@2022-03-15` a real date, `%70` a
number shown as per cent, `=1/0` a formula whose cached value is #DIV/0!, nothing an empty cell.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import xlsxwriter
import xlwt

Rows = list[list[Any]]
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0."""

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


def drawn(drawing: str) -> Rows:
    """The rows of a drawing; lines of dashes are decoration."""
    lines = [line for line in drawing.strip("\n").splitlines() if set(line.strip()) - set("-+")]
    return [[_cell(text.strip()) for text in line.split("|")] for line in lines]


def _cell(text: str) -> Any:
    if text.startswith("'"):
        return text[1:]
    if text.startswith("@"):
        return date.fromisoformat(text[1:])
    if _NUMBER.fullmatch(text) and len(text) < 16:
        return float(text)
    return text


def xlsx(
    *sheets: str | Rows, names: Iterable[str] = (), hidden: Iterable[str] = (), merged: Iterable[Merge] = ()
) -> bytes:
    """A workbook by xlsxwriter; `merged` applies to the last sheet, whose first cell keeps the value."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    names = list(names) or [f"Sheet{number}" for number in range(1, len(sheets) + 1)]
    written = [_write_sheet(book, name, rows) for name, rows in zip(names, sheets, strict=True)]
    for sheet in written:
        if sheet.get_name() in hidden:
            sheet.hide()
        else:
            sheet.activate()
            sheet.set_first_sheet()
    for top, left, bottom, right in merged:
        rows = sheets[-1] if isinstance(sheets[-1], list) else drawn(sheets[-1])
        written[-1].merge_range(top, left, bottom, right, rows[top][left])
    book.close()
    return content.getvalue()


def _write_sheet(book: xlsxwriter.Workbook, name: str, rows: str | Rows) -> Any:
    sheet = book.add_worksheet(name)
    as_date = book.add_format({"num_format": "yyyy-mm-dd"})
    as_percent = book.add_format({"num_format": "0%"})
    for number, row in enumerate(drawn(rows) if isinstance(rows, str) else rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), as_date)
            elif isinstance(cell, str) and cell.startswith("=1/0"):
                sheet.write_formula(number, column, "=1/0", None, "#DIV/0!")
            elif isinstance(cell, str) and cell.startswith("%"):
                sheet.write_number(number, column, float(cell[1:]) / 100, as_percent)
            elif isinstance(cell, str):
                if cell:
                    sheet.write_string(number, column, cell)
            elif cell is not None:
                sheet.write(number, column, cell)
    return sheet


def by_openpyxl(rows: str | Rows, name: str = "Sheet1") -> bytes:
    """The same sheet as another program saves it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in drawn(rows) if isinstance(rows, str) else rows:
        sheet.append([None if cell == "" else cell for cell in row])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def xls(rows: str | Rows, merged: Iterable[Merge] = ()) -> bytes:
    """A workbook of Excel 97, as hospital systems still write it."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    as_date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, row in enumerate(drawn(rows) if isinstance(rows, str) else rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write(number, column, cell, as_date)
            elif cell not in ("", None):
                sheet.write(number, column, cell)
    for top, left, bottom, right in merged:
        sheet.merge(top, bottom, left, right)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def text_table(rows: str | Rows, separator: str = ",") -> str:
    """The rows as delimited text."""
    lines = drawn(rows) if isinstance(rows, str) else rows
    return "\r\n".join(separator.join(_as_text(cell) for cell in line) for line in lines) + "\r\n"


def _as_text(cell: Any) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
