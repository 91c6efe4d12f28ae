"""The tables that leave the house: `vbp table NAME`, downloads, the sheets of a workbook.

A table is a figure with its public column names in order; JSON, CSV, XLSX and the pages take the same
rows. Public names and shapes are a promise to whoever reads our output.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pandas as pd

from procurement.columns import COLUMNS, reading
from procurement.language import _
from procurement.money import UNIT_SCALE, decimal_text, price_in_yuan, yuan
from procurement.published import answers, monitoring, months, planning, retention
from procurement.published.table import Table

__all__ = ["TABLES", "Table", "plain_value", "records", "summary_record"]

TABLES: dict[str, Table] = {
    **monitoring.TABLES,
    **retention.TABLES,
    **planning.TABLES,
    **months.TABLES,
    **answers.TABLES,
}


def records(rows: pd.DataFrame, columns: Mapping[str, str]) -> list[dict]:
    """Rows as plain values for JSON under their public names.

    Money as decimal strings in yuan, shares as fractions, missing as None, words as their codes'
    stable names except reasons and bases, which are for people and come in the current language.
    """
    values = [[plain_value(value, name) for value in rows[name]] for name in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


FOR_PEOPLE = {
    "reason",
    "missing_reason",
    "line_reason",
    "indicator_reason",
    "price_reason",
    "baseline_basis",
    "switch_reason",
    "guidance_reason",
}


def plain_value(value: object, name: str) -> object:
    """One value of column `name` as JSON and CSV carry it; None where it is missing."""
    unit = COLUMNS[name].unit
    if pd.isna(value) or value == "":  # type: ignore[call-overload]
        return None
    if unit == "word":
        return _(reading(str(value), name)) if name in FOR_PEOPLE else value
    return _PLAIN[unit](value)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


_PLAIN: dict[str, Callable] = {
    "amount": lambda v: decimal_text(yuan(v)),
    "unit_price": lambda v: decimal_text(price_in_yuan(v)),
    "equivalent": lambda v: _number(Decimal(int(v)) / UNIT_SCALE),
    "share": lambda v: float(Decimal(int(v)) / UNIT_SCALE),
    "score": lambda v: _number(Decimal(int(v)) / UNIT_SCALE),
    "fraction": lambda v: round(float(v), 6),
    "months": lambda v: round(float(v), 1),
    "units": int,
    "count": int,
    "year": int,
    "flag": bool,
    "date": lambda v: v.date().isoformat(),
    "month": lambda v: v.strftime("%Y-%m"),
    "time": lambda v: v.isoformat(timespec="seconds"),
    "text": str,
}


def summary_record(summary: dict[str, dict]) -> dict[str, dict]:
    """The summary for JSON: amounts as decimal strings in yuan, days as ISO text."""
    money = {"amount", *summary["saving"], *summary["retention"]}
    return {
        section: {name: _summary_value(name, value, money) for name, value in values.items()}
        for section, values in summary.items()
    }


def _summary_value(name: str, value: object, money: set[str]) -> object:
    if value is None:
        return None
    if name in money:
        return decimal_text(yuan(value))  # type: ignore[arg-type]
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 6) if isinstance(value, float) else value
