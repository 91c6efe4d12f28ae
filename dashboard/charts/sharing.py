"""Budget against spending: who has a surplus, who overran."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.canvas import (
    axis,
    figure,
    money_unit,
    name_axis,
    nothing,
    plain,
    scaled,
    with_unit,
)
from dashboard.formats import amount_text, label
from procurement.language import _

MOST = 12


def budget_and_spending(rows: pd.DataFrame, title: str, most: int = MOST) -> go.Figure:
    """Available budget and fund spending of the institutions with the largest budgets, an overrun in red."""
    known = rows.dropna(subset=["sharing_surplus_amount"])
    if known.empty:
        return nothing(title, _("没有预算与支出齐全的机构。"))
    amounts = ["available_budget_amount", "fund_spending_amount"]
    sums = known.groupby("institution_name", sort=False)[amounts].sum()
    sums = sums.sort_values(amounts[0], ascending=False, kind="stable").head(most).iloc[::-1]
    divisor, unit = money_unit(sums.max(axis=1))
    overran = sums[amounts[1]] > sums[amounts[0]]
    colours = {
        amounts[0]: [palette.BUDGET] * len(sums),
        amounts[1]: [palette.BEHIND if over else palette.RETAINED for over in overran],
    }
    bars = [_bars(sums, name, colours[name], divisor) for name in reversed(amounts)]
    layout = {"xaxis": axis(), "yaxis": name_axis([str(name) for name in sums.index])}
    both = {"budget": label(amounts[0]), "spending": label(amounts[1])}
    names = _("{budget}（灰）与{spending}（绿，超支为红）").format(**both)
    text = _("{title}：{names}").format(title=title, names=names)
    height = 90 + 34 * len(sums)
    return figure(bars, with_unit(text, unit), barmode="group", height=height, bargap=0.35, **layout)


def _bars(sums: pd.DataFrame, column: str, colours: list[str], divisor: int) -> dict:
    return {
        "type": "bar",
        "orientation": "h",
        "name": label(column),
        "y": list(range(len(sums))),
        "x": scaled(sums[column], divisor),
        "marker": {"color": colours},
        "hovertext": [
            f"{plain(who)}<br>{label(column)}　<b>{amount_text(value)}</b>"
            for who, value in sums[column].items()
        ],
        "hoverinfo": "text",
    }


def cleared_prepayment(batches: pd.DataFrame, most: int = MOST) -> go.Figure:
    """The largest prepayments by batch × agreement year, split into cleared and outstanding."""
    title = _("预付最多的批次")
    known = batches.dropna(subset=["prepaid_amount"])
    known = known.sort_values("prepaid_amount", ascending=False, kind="stable").head(most).iloc[::-1]
    if known.empty:
        return nothing(title, _("没有可计算的预付金额。"))
    divisor, unit = money_unit(known["prepaid_amount"])
    of_year = _("{batch} 第{year}年度")
    names = [
        of_year.format(batch=batch, year=year)
        for batch, year in zip(known["batch"], known["agreement_year"], strict=True)
    ]
    sums = known[["cleared_amount", "outstanding_amount"]].set_axis(names, axis=0)
    colours = {"cleared_amount": palette.RETAINED, "outstanding_amount": palette.NON_SELECTED_LIGHT}
    bars = [_bars(sums, name, [colour] * len(sums), divisor) for name, colour in colours.items()]
    layout = {"xaxis": axis(), "yaxis": name_axis(names, 24)}
    height = 110 + 24 * len(sums)
    return figure(bars, with_unit(title, unit), barmode="stack", showlegend=True, height=height, **layout)
