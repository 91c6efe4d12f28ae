"""One worksheet, from its title down to its total row."""

from collections.abc import Sequence

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from dashboard.charts.palette import STATUS
from dashboard.exports.cells import (
    WIDEST,
    CellValue,
    adds_up,
    cell_values,
    column_width,
    heading,
    number_format,
    text_width,
    total,
)
from dashboard.exports.sheet_styles import Styles, as_text
from procurement.columns import COLUMNS
from procurement.language import _
from procurement.plain_text import is_like_a_formula

TITLE_ROW, REMARK_ROW, HEADING_ROW, FIRST_ROW = range(4)
MOST_ROWS = 1_048_576 - FIRST_ROW - 1
"""Rows of data that a sheet can hold beside its headings and total."""

A4 = 9
ROW_HEIGHT, LINE_HEIGHT = 17, 14
BAR_COLOUR = "#9DBDE0"
EMPTY_WITH_REASON = {"missed_amount"}
"""Empty where nothing non-selected was bought: no basis is missing."""

WITH_BARS = {"drop", "rate"}


class TooManyRows(ValueError):
    """A sheet cannot hold the table; the message is for people."""


def write_rows(
    worksheet: Worksheet,
    styles: Styles,
    title: str,
    rows: pd.DataFrame,
    columns: Sequence[str],
    filters_text: str,
) -> None:
    """Title, remarks, headings, rows and totals of a frame."""
    if len(rows) > MOST_ROWS:
        text = _("“{title}”有{rows}行，超出工作表上限，请缩小筛选范围或导出CSV。")
        raise TooManyRows(text.format(title=title, rows=len(rows)))
    worksheet.set_default_row(ROW_HEIGHT)
    widths = [_write_column(worksheet, styles, at, rows, name) for at, name in enumerate(columns)]
    _make_room(worksheet, rows, columns, widths)
    write_top(worksheet, styles, title, remarks(rows, columns, filters_text), widths)
    last = FIRST_ROW + len(rows) - 1
    if rows.empty:
        worksheet.write_string(FIRST_ROW, 0, _("没有符合条件的数据。"))
    else:
        worksheet.autofilter(HEADING_ROW, 0, last, len(columns) - 1)
        _write_totals(worksheet, styles, rows, columns)
    worksheet.freeze_panes(FIRST_ROW, _frozen_columns(columns))
    # Codes are text on purpose: no green corners.
    body = xl_range(FIRST_ROW, 0, max(last, FIRST_ROW), len(columns) - 1)
    worksheet.ignore_errors({"number_stored_as_text": body})
    print_setup(worksheet, title)


def remarks(rows: pd.DataFrame, columns: Sequence[str], filters_text: str) -> str:
    """The line under the title: what was chosen, and how many figures have no basis."""
    labels: dict[int, list[str]] = {}
    for column in columns:
        is_counted = adds_up(rows, column) and column not in EMPTY_WITH_REASON
        absent = int(rows[column].isna().sum()) if is_counted else 0
        labels.setdefault(absent, []).append(_(COLUMNS[column].label))
    text = _("{labels}有{count}行空白：缺少依据，未计入合计")
    absences = [text.format(labels=_("、").join(names), count=n) for n, names in labels.items() if n]
    return _("；").join([filters_text, *absences] if filters_text else absences)


def _write_column(worksheet: Worksheet, styles: Styles, at: int, rows: pd.DataFrame, column: str) -> int:
    values = cell_values(rows, column)
    form = number_format(column, values)
    _write_heading(worksheet, styles, at, column, form)
    indent = min(at, 1)
    plain, quoted = styles.cell(form, indent=indent, is_day=_is_day(column)), styles.quoted(indent)
    codes = rows[column] if column == "status" else [""] * len(rows)
    for row, (value, code) in enumerate(zip(values, codes, strict=True), FIRST_ROW):
        style = styles.cell(form, as_text(STATUS[code]), indent=indent) if code in STATUS else plain
        if isinstance(value, str):
            worksheet.write_string(row, at, value, quoted if is_like_a_formula(value) else style)
        else:
            _write_value(worksheet, row, at, value, style)
    _mark(worksheet, styles, at, column, len(rows))
    width = column_width(column, values, total(rows, column) if adds_up(rows, column) else None)
    worksheet.set_column(at, at, width)
    return width


def _make_room(sheet: Worksheet, rows: pd.DataFrame, columns: Sequence[str], widths: Sequence[int]) -> None:
    """Rows whose text breaks are as high as it needs; programs do not do it for files they did not write."""
    lines = [1] * len(rows)
    for column, width in zip(columns, widths, strict=True):
        if width < WIDEST:
            continue
        for at, value in enumerate(cell_values(rows, column)):
            if isinstance(value, str):
                lines[at] = max(lines[at], lines_needed(value, width))
    for at, count in enumerate(lines):
        if count > 1:
            sheet.set_row(FIRST_ROW + at, LINE_HEIGHT * count + 3)


def lines_needed(text: str, width: int) -> int:
    """Lines that `text` breaks into; one character a line is lost to indent and the break."""
    return -(-text_width(text) // (width - 3)) or 1


def _is_day(column: str) -> bool:
    return COLUMNS[column].unit in ("date", "month", "time")


def _write_heading(worksheet: Worksheet, styles: Styles, at: int, column: str, form: str) -> None:
    is_number = bool(form) and not _is_day(column)
    worksheet.write_string(HEADING_ROW, at, heading(column), styles.heading(is_number, at > 0))
    if COLUMNS[column].says:
        size = {"x_scale": 1.6, "y_scale": 0.6, "font_size": 9, "author": ""}
        worksheet.write_comment(HEADING_ROW, at, _(COLUMNS[column].says), size)


def _write_value(worksheet: Worksheet, row: int, at: int, value: CellValue, style: Format) -> None:
    if value is None:
        worksheet.write_blank(row, at, None, style)
    elif isinstance(value, int | float):
        worksheet.write_number(row, at, value, style)
    else:
        worksheet.write_datetime(row, at, value, style)


def _mark(worksheet: Worksheet, styles: Styles, at: int, column: str, count: int) -> None:
    """Bars behind price drops and completion rates, red for negative amounts."""
    if not count:
        return
    place = (FIRST_ROW, at, FIRST_ROW + count - 1, at)
    unit = COLUMNS[column].unit
    if column in WITH_BARS:
        # The plain kind of bar: some programs drop a sheet's newer extensions, with a warning.
        bar = {"type": "data_bar", "bar_color": BAR_COLOUR}
        limits = {"min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1}
        worksheet.conditional_format(*place, {**bar, **limits})
    elif unit == "amount":
        rule = {"type": "cell", "criteria": "<", "value": 0, "format": styles.negative}
        worksheet.conditional_format(*place, rule)


def _write_totals(worksheet: Worksheet, styles: Styles, rows: pd.DataFrame, columns: Sequence[str]) -> None:
    """Totals that follow the reader's filter; the kept value is the exact sum of all rows."""
    summed = [column for column in columns if adds_up(rows, column)]
    if not summed:
        return
    row, last = FIRST_ROW + len(rows), FIRST_ROW + len(rows) - 1
    labelled = False
    for at, column in enumerate(columns):
        if column in summed:
            form = styles.total(number_format(column, [total(rows, column)]))
            formula = f"=SUBTOTAL(109,{xl_range(FIRST_ROW, at, last, at)})"
            worksheet.write_formula(row, at, formula, form, total(rows, column))
        else:
            worksheet.write_string(row, at, "" if labelled else _("合计"), styles.total())
            labelled = True


def write_top(worksheet: Worksheet, styles: Styles, title: str, remark: str, widths: Sequence[int]) -> None:
    """The title and the line under it, as high as its text needs."""
    worksheet.set_row(TITLE_ROW, 30)
    worksheet.write_string(TITLE_ROW, 0, title, styles.title)
    worksheet.set_row(REMARK_ROW, LINE_HEIGHT * lines_needed(remark, max(sum(widths), 20)) + 4)
    if len(widths) > 1:
        worksheet.merge_range(REMARK_ROW, 0, REMARK_ROW, len(widths) - 1, "", styles.remark)
    worksheet.write_string(REMARK_ROW, 0, remark, styles.remark)
    worksheet.set_row(HEADING_ROW, 32)
    worksheet.hide_gridlines(2)


def _frozen_columns(columns: Sequence[str]) -> int:
    """The columns that say whose row it is stay in view."""
    leading = 0
    while leading < len(columns) and columns[leading].endswith(("_code", "_name")):
        leading += 1
    return max(leading, 1)


def print_setup(worksheet: Worksheet, title: str, pages_high: int = 0) -> None:
    """A4 across, as wide as the page, headings on every page, page numbers below; 0: any number of pages."""
    worksheet.set_landscape()
    worksheet.set_paper(A4)
    worksheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    worksheet.fit_to_pages(1, pages_high)
    worksheet.repeat_rows(HEADING_ROW)
    # Two ampersands print as one.
    name = title.replace("&", "&&")
    worksheet.set_footer("&L&8" + name + "&R&8" + _("第{page}页，共{pages}页").format(page="&P", pages="&N"))
