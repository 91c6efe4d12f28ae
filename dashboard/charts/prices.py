"""Price drops, and the price that was really paid for a variety."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.canvas import axis, figure, month_axis, nothing, plain, with_unit
from dashboard.formats import day_text, month_text, price_text, word_text
from procurement.language import _
from procurement.money import PRICE_SCALE

STEP = 10
"""Width of one bar of the distribution, in per cent."""
RISE = -1


def drop_distribution(rows: pd.DataFrame) -> go.Figure:
    """How many varieties dropped by how much. `rows`: variety_id, category, drop, one a product."""
    title = _("品种降幅分布")
    known = rows.dropna(subset=["drop"])
    if known.empty:
        return nothing(title, _("没有同时具备集采前价格与中选价格的品种。"))
    drops = known.groupby(["category", "variety_id"])["drop"].mean().reset_index()
    # A rise has one bar of its own, whatever its size; a drop of 100 % stands with the highest.
    drops["step"] = (drops["drop"].astype(float) * 100 // STEP).clip(RISE, 100 // STEP - 1).astype(int)
    steps = list(range(min(drops["step"].min(), 0), drops["step"].max() + 1))
    data = [_steps(drops, category, steps) for category in ("drug", "consumable")]
    labels = [_step_text(step) for step in steps]
    names = axis(tickmode="array", tickvals=steps, ticktext=labels, showgrid=False, zeroline=False)
    layout = {"height": 260, "xaxis": names, "yaxis": axis()}
    return figure(data, with_unit(title, _("品种数")), barmode="stack", showlegend=True, **layout)


def _step_text(step: int) -> str:
    return _("价格上涨") if step == RISE else f"{step * STEP}–{(step + 1) * STEP}%"


def _steps(drops: pd.DataFrame, category: str, steps: list[int]) -> dict[str, Any]:
    counts = drops[drops["category"] == category].groupby("step").size().reindex(steps, fill_value=0)
    name = word_text(category)
    return {
        "type": "bar",
        "name": name,
        "x": steps,
        "y": [int(count) for count in counts],
        "marker": {"color": palette.CATEGORY[category]},
        "hovertext": [
            _("{step}：{name}{count}个品种").format(step=_step_text(step), name=name, count=int(counts[step]))
            for step in steps
        ],
        "hoverinfo": "text",
    }


def paid_price_history(
    paid: pd.DataFrame,
    baseline: int | None,
    awarded: int | None,
    execution_date: pd.Timestamp,
    title: str,
    end_date: pd.Timestamp | None = None,
) -> go.Figure:
    """Paid unit price per month of selected and non-selected products.

    `paid`: month, is_selected, paid_unit_price (10⁻⁶ yuan per base unit of main strength). `baseline` and
    `awarded` are lines, the second from the execution date, a mark, to the end of the award.
    """
    if paid.empty and baseline is None and awarded is None:
        return nothing(title, _("没有采购记录，也没有集采前价格或中选价格。"))
    months = [*paid["month"], execution_date.to_period("M").to_timestamp()]
    first, last = min(months), max(months)
    until = max(execution_date, min(last, end_date)) if end_date is not None else last
    data = [_level(baseline, [first, last], _("集采前单价"), palette.MUTED, "dash"),
            _level(awarded, [execution_date, until], _("中选单价"), palette.SELECTED, "dot"),
            _paid(paid, False, _("非中选产品采购均价"), palette.NON_SELECTED),
            _paid(paid, True, _("中选产品采购均价"), palette.SELECTED)]  # fmt: skip
    mark = {"type": "line", "x0": execution_date, "x1": execution_date, "yref": "paper", "y0": 0, "y1": 1,
            "line": {"color": palette.INK, "width": 1, "dash": "dashdot"}}  # fmt: skip
    note = {"x": execution_date, "yref": "paper", "y": 1, "yanchor": "top", "xanchor": "left",
            "text": _(" {day}执行").format(day=day_text(execution_date.date())), "showarrow": False,
            "font": {"size": 12, "color": palette.INK}}  # fmt: skip
    highest = max([baseline or 0, awarded or 0, *(int(price) for price in paid["paid_unit_price"])])
    # Room above the highest line for the words beside the execution date.
    prices = axis(range=[0, highest * 1.15 / PRICE_SCALE or 1])
    shown = [trace for trace in data if trace]
    layout = {"xaxis": month_axis(months), "yaxis": prices, "shapes": [mark], "annotations": [note]}
    title = with_unit(plain(title), _("元/最小单位"))
    return figure(shown, title, showlegend=True, height=360, hovermode="closest", **layout)


def _level(
    price: int | None, span: list[pd.Timestamp], name: str, colour: str, dash: str
) -> dict[str, Any] | None:
    if price is None:
        return None
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"{name} {price_text(price)}",
        "x": span,
        "y": [price / PRICE_SCALE] * 2,
        "line": {"color": colour, "width": 1.5, "dash": dash},
        "hoverinfo": "name",
    }


def _paid(paid: pd.DataFrame, selected: bool, name: str, colour: str) -> dict[str, Any] | None:
    part = paid[paid["is_selected"].astype(bool) == selected].sort_values("month")
    if part.empty:
        return None
    texts = zip(part["month"], part["paid_unit_price"], strict=True)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(part["month"]),
        "y": [int(price) / PRICE_SCALE for price in part["paid_unit_price"]],
        "line": {"color": colour, "width": 2.5},
        "marker": {"size": 6},
        "hovertext": [f"{month_text(month)}　{name}<br><b>{price_text(price)}</b>" for month, price in texts],
        "hoverinfo": "text",
    }
