"""Frames as files: one sheet, a workbook of several, or comma-separated text.

A sheet reads from top to bottom: title, what was chosen and what is missing, headings with units and
notes, rows of real numbers, totals. Text is written as text: nothing in it is ever run as a formula.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO

import pandas as pd
import xlsxwriter

from dashboard.exports.cells import CellValue, cell_values, heading
from dashboard.exports.headline_writer import Headline, write_headlines
from dashboard.exports.sheet_styles import FONT, Styles
from dashboard.exports.sheet_writer import write_rows
from procurement.columns import COLUMNS
from procurement.language import _
from procurement.money import decimal_text, price_in_yuan, yuan
from procurement.plain_text import disarmed

LONGEST_NAME = 31
NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True)
class Sheet:
    """A frame with the columns to show, in order; `name` stands on its tab."""

    name: str
    title: str
    rows: pd.DataFrame
    columns: Sequence[str]
    filters_text: str = ""


@dataclass(frozen=True)
class Headlines:
    """A first sheet of single figures."""

    name: str
    title: str
    figures: Sequence[Headline]
    filters_text: str = ""
    notes: Sequence[str] = ()


def sheet_bytes(title: str, rows: pd.DataFrame, columns: Sequence[str], filters_text: str = "") -> bytes:
    """An .xlsx file of one sheet; `columns` name columns of `rows` in order."""
    return workbook_bytes([Sheet(title, title, rows, columns, filters_text)])


def workbook_bytes(sheets: Sequence[Sheet | Headlines]) -> bytes:
    """An .xlsx file with the sheets in order."""
    output = BytesIO()
    # The two options are off because text that looks like a formula or a link stays text.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": dict(FONT),
    }
    with xlsxwriter.Workbook(output, options) as workbook:
        styles = Styles(workbook)
        for name, sheet in zip(_tab_names(sheets), sheets, strict=True):
            worksheet = workbook.add_worksheet(name)
            if isinstance(sheet, Headlines):
                told = (sheet.title, sheet.figures, sheet.filters_text, sheet.notes)
                write_headlines(worksheet, styles, *told)
            else:
                write_rows(worksheet, styles, sheet.title, sheet.rows, sheet.columns, sheet.filters_text)
    return output.getvalue()


def _tab_names(sheets: Sequence[Sheet | Headlines]) -> list[str]:
    names: list[str] = []
    for sheet in sheets:
        name = sheet.name.translate(NOT_IN_A_NAME).strip()[:LONGEST_NAME] or _("数据")
        taken = {other.lower() for other in names}
        if name.lower() in taken:
            name = f"{name[: LONGEST_NAME - 3]} {len(names) + 1}"
        names.append(name)
    return names


def csv_bytes(rows: pd.DataFrame, columns: Sequence[str]) -> bytes:
    """Comma-separated text with labels as headings, in UTF-8 with the mark that Excel knows it by.

    Amounts and prices are exact decimals in yuan, shares fractions, words in the current language.
    """
    output = StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow([heading(column) for column in columns])
    writer.writerows(zip(*(_csv_column(rows, column) for column in columns), strict=True))
    return output.getvalue().encode("utf-8-sig")


def _csv_column(rows: pd.DataFrame, column: str) -> list[object]:
    unit = COLUMNS[column].unit
    if unit in ("amount", "unit_price"):
        exact = yuan if unit == "amount" else price_in_yuan
        return ["" if pd.isna(value) else decimal_text(exact(value)) for value in rows[column]]
    return [_csv_value(value, unit) for value in cell_values(rows, column)]


def _csv_value(value: CellValue, unit: str) -> object:
    if isinstance(value, str):
        return disarmed(value)
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, date):
        return value.strftime("%Y-%m") if unit == "month" else value.isoformat()
    return "" if value is None else value
