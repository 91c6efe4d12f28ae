"""From budget to retained surplus, and who keeps how much."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.canvas import (
    amount_texts,
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

STEPS = (
    ("budget_amount", palette.BUDGET),
    ("spending_amount", palette.SPENDING),
    ("surplus_base_amount", palette.ACCENT),
    ("retained_amount", palette.RETAINED),
)


def surplus_steps(totals: dict[str, int | None]) -> go.Figure:
    """Budget, spending, surplus base and what is kept of it, as bars. `totals` by column name."""
    title = _("从医保资金预算到结余留用")
    known = [(name, colour, totals[name]) for name, colour in STEPS if totals[name] is not None]
    if not known:
        return nothing(title, _("结余测算缺少依据，留用金额暂缺。"))
    known = known[::-1]
    amounts = pd.Series([amount for _name, _colour, amount in known])
    divisor, unit = money_unit(amounts)
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [label(name) for name, _colour, _amount in known],
        "x": scaled(amounts, divisor),
        "marker": {"color": [colour for _name, colour, _amount in known]},
        "text": amount_texts(amounts),
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "text",
    }
    room = [min(0, float(amounts.min()) / divisor * 1.3), float(amounts.max()) / divisor * 1.35]
    layout = {"height": 300, "xaxis": axis(range=room), "yaxis": axis(showgrid=False)}
    return figure([bars], with_unit(title, unit), **layout)


def ranked_retention(rows: pd.DataFrame, column: str, title: str, most: int = 15) -> go.Figure:
    """The largest retained amounts by `column`, split into staff pay and development."""
    settled = rows.dropna(subset=["retained_amount"])
    settled = settled[settled["retained_amount"] > 0]
    if settled.empty:
        return nothing(title, _("没有留用金额。"))
    parts = settled.groupby(column)[["staff_amount", "development_amount"]].sum()
    parts = parts.loc[parts.sum(axis=1).sort_values(ascending=False, kind="stable").head(most).index[::-1]]
    divisor, unit = money_unit(parts.sum(axis=1))
    colours = {"staff_amount": palette.RETAINED, "development_amount": "#9CC9C1"}
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": label(part),
            "y": list(range(len(parts))),
            "x": scaled(parts[part], divisor),
            "marker": {"color": colour},
            "hovertext": [
                f"{plain(who)}<br>{label(part)}　<b>{amount_text(v)}</b>" for who, v in parts[part].items()
            ],
            "hoverinfo": "text",
        }
        for part, colour in colours.items()
    ]
    layout = {"xaxis": axis(), "yaxis": name_axis([str(name) for name in parts.index])}
    height = 110 + 24 * len(parts)
    return figure(data, with_unit(title, unit), barmode="stack", showlegend=True, height=height, **layout)
