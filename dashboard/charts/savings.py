"""Saving by month and ranked: selected and non-selected products stacked, always in the same colours."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.canvas import (
    amount_texts,
    axis,
    figure,
    money_unit,
    month_axis,
    month_texts,
    name_axis,
    nothing,
    plain,
    scaled,
    with_unit,
)
from procurement.columns import WORDS
from procurement.language import N_, _

PARTS = (
    ("drug", True, palette.SELECTED, N_("药品·中选")),
    ("consumable", True, palette.SELECTED_LIGHT, N_("耗材·中选")),
    ("drug", False, palette.NON_SELECTED, N_("药品·非中选")),
    ("consumable", False, palette.NON_SELECTED_LIGHT, N_("耗材·非中选")),
)
"""Hue tells selected from non-selected, lightness drugs from consumables."""

BAR_HEIGHT = 24
"""Pixels that one bar of a ranking needs with its gap."""


def monthly_saving(rows: pd.DataFrame) -> go.Figure:
    """Saving per month. `rows`: month, category, is_selected, saving_amount, at any finer grain."""
    title = _("每月节约金额")
    known = rows.dropna(subset=["saving_amount"])
    if known.empty:
        return nothing(title, _("没有可与集采前价格比较的采购。"))
    sums = known.groupby(["category", "is_selected", "month"])["saving_amount"].sum().reset_index()
    divisor, unit = money_unit(sums.groupby("month")["saving_amount"].sum())
    data = []
    for category, selected, colour, name in PARTS:
        part = sums[(sums["category"] == category) & (sums["is_selected"].astype(bool) == selected)]
        if len(part):
            data.append(_months(part, divisor, colour, _(name)))
    layout = {"xaxis": month_axis(sums["month"]), "yaxis": axis(), "height": 340}
    return figure(data, with_unit(title, unit), barmode="relative", showlegend=True, **layout)


def _months(part: pd.DataFrame, divisor: int, colour: str, name: str) -> dict[str, Any]:
    texts = zip(month_texts(part["month"]), amount_texts(part["saving_amount"]), strict=True)
    return {
        "type": "bar",
        "name": name,
        "x": list(part["month"]),
        "y": scaled(part["saving_amount"], divisor),
        "marker": {"color": colour},
        "hovertext": [f"{month}　{name}<br><b>{amount}</b>" for month, amount in texts],
        "hoverinfo": "text",
    }


def ranked_saving(rows: pd.DataFrame, column: str, title: str, most: int = 15) -> go.Figure:
    """The largest savings by `column` (a name), selected and non-selected stacked, largest on top."""
    known = rows.dropna(subset=["saving_amount"])
    if known.empty:
        return nothing(title, _("没有可与集采前价格比较的采购。"))
    selected = known["is_selected"].astype(bool)
    parts = pd.DataFrame(
        {
            is_selected: known[selected == is_selected].groupby(column, dropna=False)["saving_amount"].sum()
            for is_selected in (True, False)
        }
    )
    largest = parts.sum(axis=1).sort_values(ascending=False).head(most).index[::-1]
    parts = parts.loc[largest]
    divisor, unit = money_unit(parts.sum(axis=1))
    words = {True: (_("中选"), palette.SELECTED), False: (_("非中选"), palette.NON_SELECTED)}
    data = [_bars(parts[selected], divisor, column, *words[selected]) for selected in (True, False)]
    height = 110 + BAR_HEIGHT * len(parts)
    layout = {"xaxis": axis(), "yaxis": name_axis([_name(name, column) for name in parts.index])}
    return figure(data, with_unit(title, unit), barmode="relative", showlegend=True, height=height, **layout)


def _bars(amounts: pd.Series, divisor: int, column: str, name: str, colour: str) -> dict[str, Any]:
    texts = zip(amounts.index, amount_texts(amounts), strict=True)
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": list(range(len(amounts))),
        "x": scaled(amounts, divisor),
        "marker": {"color": colour},
        "hovertext": [f"{plain(_name(whose, column))}<br>{name}　<b>{amount}</b>" for whose, amount in texts],
        "hoverinfo": "text",
    }


def _name(value: object, column: str) -> str:
    if pd.isna(value) or value == "":  # type: ignore[call-overload]
        return _("未填写")
    return _(WORDS[str(value)]) if column in ("category", "kind") else str(value)
