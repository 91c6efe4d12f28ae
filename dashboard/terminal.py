"""A frame as a table on the terminal."""

from collections.abc import Mapping

import pandas as pd
from rich.console import Console
from rich.table import Table

from dashboard.formats import (
    count_text,
    label,
    month_text,
    percent_text,
    price_text,
    share_text,
    units_text,
    word_text,
    yuan_text,
)
from procurement.columns import COLUMNS
from procurement.language import _

ROWS_SHOWN = 200
"""More rows than this belong in a file; the terminal shows the first ones and says so."""

_TEXTS = {
    "amount": yuan_text,
    "unit_price": price_text,
    "equivalent": units_text,
    "share": share_text,
    "score": units_text,
    "fraction": percent_text,
    "units": count_text,
    "count": count_text,
    "word": word_text,
    "month": month_text,
    "date": lambda day: day.date().isoformat(),
    "time": lambda time: time.strftime("%Y-%m-%d %H:%M"),
    "flag": lambda flag: _("是") if flag else _("否"),
    "text": str,
}
_RIGHT = {"amount", "unit_price", "equivalent", "share", "score", "fraction", "units", "count"}


def print_table(rows: pd.DataFrame, columns: Mapping[str, str], console: Console) -> None:
    """Print the columns under their labels; the file exports carry the rest."""
    shown = Table(show_edge=False, header_style="bold")
    for column in columns.values():
        right = COLUMNS[column].unit in _RIGHT
        shown.add_column(label(column), justify="right" if right else "left", overflow="fold")
    for values in rows[list(columns.values())].head(ROWS_SHOWN).itertuples(index=False):
        shown.add_row(*[cell_text(v, c) for v, c in zip(values, columns.values(), strict=True)])
    console.print(shown)
    if len(rows) > ROWS_SHOWN:
        note = _("共{all}行，此处显示前{shown}行；用 --csv 或 --xlsx 写出全部。")
        console.print(note.format(all=len(rows), shown=ROWS_SHOWN), markup=False)


def cell_text(value: object, column: str) -> str:
    """One value as people read it; empty where it is missing."""
    if pd.isna(value) or value == "":  # type: ignore[call-overload]
        return ""
    return str(_TEXTS[COLUMNS[column].unit](value))  # type: ignore[operator]
