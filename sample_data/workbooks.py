"""Writing workbooks that are the same byte for byte each time."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | date | None
Row = dict[str, Cell]

# A workbook states when it was made; a fixed moment keeps the bytes the same.
MADE_ON = datetime(2023, 1, 5, 9, 0, 0)


class Book:
    """An xlsx file; `big` writes row by row and keeps nothing in memory."""

    def __init__(self, path: Path, big: bool = False) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = xlsxwriter.Workbook(str(path), {"constant_memory": big, "strings_to_numbers": False})
        self.file.set_properties({"author": "示例数据", "created": MADE_ON})
        self.date = self.file.add_format({"num_format": "yyyy-mm-dd"})
        self.bold = self.file.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.large = self.file.add_format({"bold": True, "align": "center", "font_size": 14})

    def sheet(self, name: str, hidden: bool = False) -> Worksheet:
        sheet = self.file.add_worksheet(name)
        if hidden:
            sheet.hide()
        return sheet

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *problem: object) -> None:
        self.file.close()


def write_cell(book: Book, sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
    """Text stays text, also when it looks like a number: codes must keep their digits."""
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), book.date)
    else:
        sheet.write_number(row, column, float(cell))


def write_row(book: Book, sheet: Worksheet, row: int, first: int, cells: Iterable[Cell]) -> None:
    for column, cell in enumerate(cells, first):
        write_cell(book, sheet, row, column, cell)


def write_headings(sheet: Worksheet, row: int, first: int, headings: Sequence[str], style: Format) -> None:
    for column, heading in enumerate(headings, first):
        sheet.write_string(row, column, heading, style)
        sheet.set_column(column, column, width_of(heading))


def width_of(heading: str) -> int:
    wide = ("编码", "代码", "名", "规格", "企业", "厂", "批次", "品种", "机构")
    return 24 if any(word in heading for word in wide) else 12


def write_top(book: Book, sheet: Worksheet, first: int, width: int, title: str, lines: Sequence[str]) -> int:
    """Title merged across the table and the lines under it; returns the row of the headings."""
    row = 0
    if title:
        sheet.merge_range(0, first, 0, first + width - 1, title, book.large)
        row = 1
    for line in lines:
        sheet.write_string(row, first, line)
        row += 1
    return row


def write_list(folder: Path, layout: dict[str, Any], rows: Sequence[Row], words: dict[str, str]) -> None:
    """A workbook with one plain table, as names/lists.toml lays it out."""
    fields = [field for field, _ in layout["columns"]]
    headings = [heading for _, heading in layout["columns"]]
    with Book(folder / layout["file"]) as book:
        sheet = book.sheet(layout["sheet"])
        title = layout.get("title", "").format(**words)
        top = write_top(book, sheet, 0, len(fields), title, layout.get("lines", ()))
        write_headings(sheet, top, 0, headings, book.bold)
        sheet.freeze_panes(top + 1, 0)
        for number, row in enumerate(rows, 1):
            cells = (number if field == "number" else row.get(field) for field in fields)
            write_row(book, sheet, top + number, 0, cells)
