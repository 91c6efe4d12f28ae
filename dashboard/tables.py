"""Frames as tables on a page: labels, units and number formats from procurement.columns.

Exact integers become floats here, at the edge, and nowhere before. A table on a page has few columns;
the file that is downloaded beside it has all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from pandas.api.types import is_datetime64_any_dtype

from dashboard.charts.palette import STATUS
from dashboard.formats import label, month_text, price_text, word_text
from procurement.columns import COLUMNS
from procurement.language import N_, _
from procurement.money import AMOUNT_SCALE, PRICE_SCALE, UNIT_SCALE
from procurement.periods import LOCAL_TIME

TEN_THOUSAND = 10_000
MOST_ROWS = 2_000
"""Rows that a page shows; the file has all of them."""

ROW_HEIGHT, HEADING_HEIGHT, HIGHEST = 35, 38, 460
TEN_ROWS = HEADING_HEIGHT + 10 * ROW_HEIGHT

YUAN, WAN = N_("元"), N_("万元")
TOTAL_STYLE = "font-weight: bold; background-color: #F4F6F9"

IN_YUAN = N_("{label}（元）")

DIVISORS = {
    "unit_price": PRICE_SCALE,
    "equivalent": UNIT_SCALE,
    "score": UNIT_SCALE,
    "share": UNIT_SCALE / 100,
    "fraction": 1 / 100,
}
FORMATS = {
    "equivalent": "%,.0f",
    "score": "%.1f",
    "share": "%.1f%%",
    "fraction": "%.1f%%",
    "units": "%,d",
    "count": "%,d",
    "year": "%d",
    "months": "%.1f",
}


def show_table(
    rows: pd.DataFrame,
    columns: Sequence[str],
    *,
    key: str,
    unit: str = "",
    highest: int = HIGHEST,
    widths: Mapping[str, int] | None = None,
    on_select: Callable[[], None] | None = None,
    multiple: bool = False,
    total: bool = False,
    row_height: int = ROW_HEIGHT,
) -> Any:
    """A table of `columns` of `rows`.

    `unit` of all amounts (YUAN or WAN) stands above the table, as in a printed report; without one each
    label carries 元. With `total`, the first row is the total of all the rest; with `multiple`, several rows
    can be selected, and what is selected is returned.
    """
    in_wan = unit == WAN
    shown = rows.head(MOST_ROWS)
    table = pd.DataFrame({name: displayed(shown[name], name, in_wan) for name in columns}).reset_index(
        drop=True
    )
    config = {
        name: column_config(
            name,
            unit,
            (widths or {}).get(name),
            is_text=not is_datetime64_any_dtype(table[name]),
        )
        for name in columns
    }
    selecting: dict[str, Any] = {"on_select": on_select, "selection_mode": "single-row"} if on_select else {}
    if multiple:
        selecting = {"on_select": "rerun", "selection_mode": "multi-row"}
    if unit:
        st.caption(_("单位：{unit}").format(unit=_(unit)), text_alignment="right")
    selected = st.dataframe(
        _styled(table, columns, total),
        hide_index=True,
        column_config=config,
        height=min(HEADING_HEIGHT + row_height * max(len(table), 1) + 2, highest),
        row_height=row_height,
        placeholder="—",
        key=key,
        **selecting,
    )
    if len(rows) > MOST_ROWS:
        st.caption(
            _("此处显示前{shown}行，共{all}行；下载的表格含全部各行。").format(
                shown=f"{MOST_ROWS:,}", all=f"{len(rows):,}"
            )
        )
    return selected


def displayed(values: pd.Series, column: str, in_wan: bool = False) -> pd.Series:
    """A column as the reader sees it: yuan, per cent, words; empty stays empty."""
    unit = COLUMNS[column].unit
    if unit == "amount":
        return values.astype("Float64") / (AMOUNT_SCALE * (TEN_THOUSAND if in_wan else 1))
    if unit in DIVISORS:
        return values.astype("Float64") / DIVISORS[unit]
    if column == "status":
        return values.map(lambda word: [word_text(word)])
    if unit == "word":
        return values.map(lambda word: word_text(word, column))
    if unit == "month" and not is_datetime64_any_dtype(values):
        return values.map(lambda month: month if isinstance(month, str) else month_text(month))
    if unit == "time":
        return pd.to_datetime(values, utc=True).dt.tz_convert(LOCAL_TIME).dt.tz_localize(None)
    if unit == "flag":
        return values.map({True: _("是"), False: _("否")})
    return values


def column_config(column: str, unit: str = "", width: int | None = None, is_text: bool = False) -> Any:
    """How Streamlit draws a column: its label with its unit, its meaning as help."""
    meaning = COLUMNS[column]
    says: dict[str, Any] = {"help": _(meaning.says) or None, "width": width}
    name = label(column)
    if column == "status":
        names = [word_text(status) for status in STATUS]
        return st.column_config.MultiselectColumn(name, options=names, color=list(STATUS.values()), **says)
    if column == "rate":
        return st.column_config.ProgressColumn(
            name, format=FORMATS["fraction"], min_value=0, max_value=100, **says
        )
    if meaning.unit == "amount":
        shown = name if unit else _(IN_YUAN).format(label=name)
        return st.column_config.NumberColumn(shown, format="%,.2f", **says)
    if meaning.unit == "unit_price":
        return st.column_config.NumberColumn(_(IN_YUAN).format(label=name), **says)
    if meaning.unit in FORMATS:
        return st.column_config.NumberColumn(name, format=FORMATS[meaning.unit], **says)
    if meaning.unit == "month" and not is_text:
        return st.column_config.DateColumn(name, format=_("YYYY年M月"), **says)
    if meaning.unit == "date":
        return st.column_config.DateColumn(name, format="YYYY-MM-DD", **says)
    if meaning.unit == "time":
        return st.column_config.DatetimeColumn(name, format="YYYY-MM-DD HH:mm", **says)
    return st.column_config.TextColumn(name, **says)


def _styled(table: pd.DataFrame, columns: Sequence[str], total: bool) -> Any:
    """Unit prices with the decimals that they have, the total row in bold; the values stay numbers."""
    prices = [name for name in columns if COLUMNS[name].unit == "unit_price"]
    if not (prices or total):
        return table
    styler = table.style.format(_price, subset=prices, na_rep="—") if prices else table.style
    return styler.apply(_bold_first, axis=1) if total else styler


def _price(value: float) -> str:
    return price_text(round(value * PRICE_SCALE))


def _bold_first(row: pd.Series) -> list[str]:
    return [TOTAL_STYLE if row.name == 0 else ""] * len(row)


def with_total(rows: pd.DataFrame, names: Sequence[str], sums: Sequence[str]) -> pd.DataFrame:
    """`rows` below a row of their exact totals; a sum without a basis stays empty."""
    first = pd.DataFrame({name: pd.Series([rows[name].sum(min_count=1)], dtype="Int64") for name in sums})
    for at, name in enumerate(names):
        first.insert(at, name, [_("合计") if at == 0 else ""])
    below = rows[[*names, *sums]].astype({**dict.fromkeys(names, object), **dict.fromkeys(sums, "Int64")})
    return pd.concat([first.astype(dict.fromkeys(names, object)), below], ignore_index=True)
