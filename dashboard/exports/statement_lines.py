"""A statement as lines of cells with live formulas: a named cell is written as {name} in a formula.

    Line([Cell("年度预算"), Cell(Live("=ROUND(SUM({first}:{last}),2)", 500000.0), "amount", name="budget")])

Names are known before anything is written, so a formula may point below itself. The value beside a formula is
what a program shows that does not compute.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from dashboard.exports.sheet_styles import FONT, HEADING_FILL
from procurement.plain_text import is_like_a_formula

A4 = 9
BOX = {"border": 1, "border_color": "#8FA3BC", "valign": "vcenter"}
WORDS = {**BOX, "text_wrap": True, "indent": 1}
FIGURE = {**BOX, "align": "right", "indent": 1}
INPUT = "#1F4E9E"
GIVEN = {**FIGURE, "font_color": INPUT}
SHARE = "0.0###%"
"""Without a fixed decimal Excel shows the point alone: 70.%"""

STYLES: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "text": {"valign": "vcenter", "text_wrap": True},
    "remark": {"font_size": 9, "valign": "vcenter", "text_wrap": True},
    "section": {"bold": True, "font_size": 11, "valign": "bottom"},
    "head": {**BOX, "bold": True, "bg_color": HEADING_FILL, "align": "center", "text_wrap": True},
    "label": WORDS,
    "centre": {**BOX, "align": "center", "text_wrap": True},
    "amount": {**FIGURE, "num_format": "#,##0.00"},
    "count": {**FIGURE, "num_format": "#,##0"},
    "number": {**BOX, "num_format": "0", "align": "center"},
    "year": {**BOX, "num_format": "0", "align": "center"},
    "share": {**FIGURE, "num_format": SHARE},
    "units": {**FIGURE, "num_format": "#,##0"},
    "parts": {**FIGURE, "num_format": "#,##0.0#####"},
    "price": {**FIGURE, "num_format": "#,##0.00####"},
    "rate": {**FIGURE, "num_format": "0.0%"},
    "score": {**FIGURE, "num_format": "0.0#"},
    "given_share": {**GIVEN, "num_format": SHARE},
    "given_units": {**GIVEN, "num_format": "#,##0"},
    "given_price": {**GIVEN, "num_format": "#,##0.00####"},
    "given_score": {**GIVEN, "num_format": "0.0#"},
    "given_words": {**WORDS, "font_color": INPUT},
    "strong": {**WORDS, "bold": True},
    "sum": {**FIGURE, "bold": True, "num_format": "#,##0.00"},
    "count_sum": {**FIGURE, "bold": True, "num_format": "#,##0"},
}
"""What a cell may look like; `sum` and `strong` are of the figures that are paid, `given_…` of what is put in
and not computed."""


@dataclass(frozen=True)
class Live:
    """A formula with {names} of cells, and its value as we know it."""

    formula: str
    value: float | None


@dataclass(frozen=True)
class Cell:
    """A cell over `span` columns; None is an empty one."""

    content: str | int | float | Live | None = None
    style: str = "label"
    span: int = 1
    name: str = ""


@dataclass(frozen=True)
class Line:
    """Cells from left to right; `height` in points."""

    cells: Sequence[Cell] = field(default_factory=list)
    height: float = 18


def write_statement(
    workbook: Workbook,
    tab: str,
    lines: Sequence[Line],
    widths: Sequence[int],
    footer: str,
    landscape: bool = False,
    breaks: Sequence[int] | None = None,
    repeat: int | None = None,
) -> None:
    """A worksheet of the lines, A4 upright or across, one page wide; a column widens for its largest amount.

    A page begins at each of `breaks`; where there are none all is on one page, and a program finds its own
    where `breaks` is not given. The line `repeat` stands on every page and stays in view.
    """
    worksheet = workbook.add_worksheet(tab)
    formats = {
        (name, quoted): workbook.add_format({**FONT, **about, "quote_prefix": quoted})
        for name, about in STYLES.items()
        for quoted in (False, True)
    }
    for at, width in enumerate(_wide_enough(lines, widths)):
        worksheet.set_column(at, at, width)
    names = addresses(lines)
    for row, line in enumerate(lines):
        worksheet.set_row(row, line.height)
        column = 0
        for cell in line.cells:
            form = formats[cell.style, isinstance(cell.content, str) and is_like_a_formula(cell.content)]
            _write(worksheet, row, column, cell, form, names)
            column += cell.span
    _set_up(worksheet, len(lines), len(widths), footer)
    if landscape:
        worksheet.set_landscape()
        worksheet.set_margins(left=0.6, right=0.6, top=0.5, bottom=0.6)
    if repeat is not None:
        worksheet.repeat_rows(repeat)
        worksheet.freeze_panes(repeat + 1, 0)
    if breaks:
        worksheet.set_h_pagebreaks(list(breaks))
    elif breaks is not None:
        worksheet.fit_to_pages(1, 1)


def _wide_enough(lines: Sequence[Line], widths: Sequence[int]) -> list[int]:
    """The widths, larger where an amount would not fit: a program shows ### in its place."""
    found = list(widths)
    for line in lines:
        column = 0
        for cell in line.cells:
            value = cell.content.value if isinstance(cell.content, Live) else cell.content
            if cell.span == 1 and cell.style in ("amount", "sum") and isinstance(value, int | float):
                found[column] = max(found[column], len(f"{value:,.2f}") + 3 + (cell.style == "sum"))
            column += cell.span
    return found


def addresses(lines: Sequence[Line]) -> dict[str, str]:
    """The address of each named cell."""
    found = {}
    for row, line in enumerate(lines):
        column = 0
        for cell in line.cells:
            if cell.name:
                found[cell.name] = xl_rowcol_to_cell(row, column)
            column += cell.span
    return found


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, form: Format, names: dict[str, str]) -> None:
    if cell.span > 1:
        sheet.merge_range(row, column, row, column + cell.span - 1, "", form)
    content = cell.content
    if content is None:
        sheet.write_blank(row, column, None, form)
    elif isinstance(content, Live):
        value = "" if content.value is None else content.value
        sheet.write_formula(row, column, content.formula.format(**names), form, value)
    elif isinstance(content, str):
        sheet.write_string(row, column, content, form)
    else:
        sheet.write_number(row, column, content, form)


def _set_up(sheet: Worksheet, rows: int, columns: int, footer: str) -> None:
    sheet.hide_gridlines(2)
    sheet.set_portrait()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, rows - 1, columns - 1)
    sheet.set_footer("&L&8" + footer.replace("&", "&&") + "&R&8&P/&N")
