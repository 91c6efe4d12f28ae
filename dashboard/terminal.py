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
    time_text,
    units_text,
    word_text,
    yuan_text,
)
from procurement.columns import COLUMNS
from procurement.language import _

ROWS_SHOWN = 200
"""More rows than this belong in a file; the terminal shows the first ones and says so."""

WIDTH_OF_A_PIPE = 240
"""Columns of text where the output goes to a file or another program."""


def wide_console() -> Console:
    """A console as wide as the terminal, or wide enough for every column where there is none."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH_OF_A_PIPE)


_TEXTS = {
    "amount": yuan_text,
    "unit_price": price_text,
    "equivalent": units_text,
    "share": share_text,
    "score": units_text,
    "fraction": percent_text,
    "units": count_text,
    "count": count_text,
    "year": str,
    "month": month_text,
    "date": lambda day: day.date().isoformat(),
    "time": time_text,
    "flag": lambda flag: _("是") if flag else _("否"),
    "text": str,
}
_RIGHT = {"amount", "unit_price", "equivalent", "share", "score", "fraction", "units", "count", "year"}


def print_table(rows: pd.DataFrame, columns: Mapping[str, str], console: Console) -> None:
    """Print the columns under their labels; the file exports carry the rest."""
    if rows.empty:
        console.print(_("没有符合条件的数据。"))
        return
    shown = Table(show_edge=False, header_style="bold")
    for column in columns.values():
        right = COLUMNS[column].unit in _RIGHT
        # A figure is never cut; names give way on a narrow terminal.
        shown.add_column(
            label(column),
            justify="right" if right else "left",
            no_wrap=True,
            overflow="ellipsis",
            min_width=_widest(rows, column) if right else None,
        )
    for values in rows[list(columns.values())].head(ROWS_SHOWN).itertuples(index=False):
        shown.add_row(*[cell_text(v, c) for v, c in zip(values, columns.values(), strict=True)])
    console.print(shown)
    if len(rows) > ROWS_SHOWN:
        note = _("共{all}行，此处显示前{shown}行；用 --csv 或 --xlsx 写出全部。")
        console.print(note.format(all=len(rows), shown=ROWS_SHOWN), markup=False)


def _widest(rows: pd.DataFrame, column: str) -> int:
    return max((len(cell_text(value, column)) for value in rows[column].head(ROWS_SHOWN)), default=0)


def cell_text(value: object, column: str) -> str:
    """One value as people read it; empty where it is missing."""
    if pd.isna(value) or value == "":  # type: ignore[call-overload]
        return ""
    if COLUMNS[column].unit == "word":
        return word_text(value, column)
    return str(_TEXTS[COLUMNS[column].unit](value))  # type: ignore[operator]
