"""How a figure becomes a cell: its value in the unit people read, its number format, its width.

Amounts and prices are divided once, here, from their exact integers; a float keeps 15 digits, more than
any amount of a province has.
"""

from collections.abc import Callable
from datetime import date, datetime

import pandas as pd

from procurement.columns import COLUMNS, reading
from procurement.language import N_, _, current_language
from procurement.money import AMOUNT_SCALE, PRICE_SCALE, UNIT_SCALE
from procurement.periods import LOCAL_TIME

CellValue = str | int | float | date | datetime | None

YUAN = N_("元")
UNIT_WORDS = {"amount": YUAN, "unit_price": YUAN, "score": N_("分")}
"""Units that a heading names; percentages and dates carry theirs in the cell."""

NUMBER_FORMATS = {
    "amount": "#,##0.00",
    "unit_price": "#,##0.00####",
    "fraction": "0.0%",
    "share": "0.0%",
    "score": "0.0",
    "units": "#,##0",
    "count": "#,##0",
    "year": "0",
    "equivalent": "#,##0",
    "months": "0.0",
    "date": "yyyy-mm-dd",
    "time": "yyyy-mm-dd hh:mm",
}
MONTH_FORMATS = {"zh": 'yyyy"年"m"月"', "en": "yyyy-mm"}
PARTED_UNITS = "#,##0.00"
"""Equivalent units of a column that has parts of a unit."""

ADDITIVE_COUNTS = {"lines", "rows", "skipped_rows", "enrolled_persons", "institution_count", "missing_rows"}
"""Counts that add up; agreement years and numbers of imports do not."""

LONGEST_TEXT = 32_767
"""Characters that a cell can hold."""

NARROWEST, WITH_A_BAR, WIDEST, WIDEST_HEADING = 8, 12, 42, 18
"""Widths of columns in half-width characters."""


def heading(column: str) -> str:
    """A column's label with the unit of its figures: 采购金额(元)."""
    label, unit = _(COLUMNS[column].label), UNIT_WORDS.get(COLUMNS[column].unit)
    return _("{label}({unit})").format(label=label, unit=_(unit)) if unit else label


def number_format(column: str, values: list[CellValue]) -> str:
    """The number format of a column; empty for text."""
    unit = COLUMNS[column].unit
    if unit == "month":
        return MONTH_FORMATS[current_language()]
    if unit == "equivalent" and any(isinstance(value, float) for value in values):
        return PARTED_UNITS
    return NUMBER_FORMATS.get(unit, "")


def cell_values(rows: pd.DataFrame, column: str) -> list[CellValue]:
    """A column's values as a sheet takes them; None where a figure has no basis."""
    convert = _CONVERT.get(COLUMNS[column].unit, _text)
    if COLUMNS[column].unit == "word":
        convert = lambda code: _text(_(reading(str(code), column)))  # noqa: E731
    return [None if pd.isna(value) or value == "" else convert(value) for value in rows[column]]


def adds_up(rows: pd.DataFrame, column: str) -> bool:
    """Whether a total of the column means something: quantities only add up within one variety."""
    unit = COLUMNS[column].unit
    if unit in ("units", "equivalent"):
        return "variety" in rows and len(set(rows["variety"])) == 1
    return unit == "amount" or column in ADDITIVE_COUNTS


def total(rows: pd.DataFrame, column: str) -> CellValue:
    """The exact total of a column that adds up: summed as integers, divided once."""
    known = [int(value) for value in rows[column].dropna()]
    return _CONVERT[COLUMNS[column].unit](sum(known)) if known else None


def text_width(text: str) -> int:
    """Width in half-width characters: a Chinese one counts two."""
    return len(text.encode("gb18030", "replace")) if not text.isascii() else len(text)


def column_width(column: str, values: list[CellValue], total_value: CellValue = None) -> int:
    """A width that shows every number in full and lets long texts wrap."""
    widest = max((_printed_width(column, value) for value in [*values, total_value]), default=0)
    # A heading may break over two lines; the filter's button needs room beside it.
    title = min(text_width(heading(column)) + 3, WIDEST_HEADING)
    least = WITH_A_BAR if COLUMNS[column].unit == "fraction" else NARROWEST
    return max(least, min(widest + 3, WIDEST), title)


def _printed_width(column: str, value: CellValue) -> int:
    if value is None:
        return 0
    if isinstance(value, str):
        return text_width(value)
    if isinstance(value, date):
        return _DATE_WIDTHS[COLUMNS[column].unit]
    unit = COLUMNS[column].unit
    if unit in ("fraction", "share"):
        return len(f"{value:.1%}")
    return len(f"{value:,.{_DECIMALS.get(unit, 0)}f}")


_DATE_WIDTHS = {"date": 10, "month": 10, "time": 16}
_DECIMALS = {"amount": 2, "unit_price": 4, "score": 1, "equivalent": 2, "months": 1}


def _text(value: object) -> str:
    return str(value)[:LONGEST_TEXT]


def _time(value: pd.Timestamp) -> datetime:
    local = value.tz_convert(LOCAL_TIME) if value.tzinfo else value
    return local.to_pydatetime().replace(tzinfo=None)


def _units(value: int) -> int | float:
    return int(value) // UNIT_SCALE if int(value) % UNIT_SCALE == 0 else int(value) / UNIT_SCALE


_CONVERT: dict[str, Callable] = {
    "amount": lambda v: int(v) / AMOUNT_SCALE,
    "unit_price": lambda v: int(v) / PRICE_SCALE,
    "equivalent": _units,
    "share": lambda v: int(v) / UNIT_SCALE,
    "score": lambda v: int(v) / UNIT_SCALE,
    "fraction": float,
    "months": float,
    "units": int,
    "count": int,
    "year": int,
    "flag": lambda v: _("是") if v else _("否"),
    "date": lambda v: v.date(),
    "month": lambda v: v.date(),
    "time": lambda v: _time(pd.Timestamp(v)),
}
