"""The step from budget to retained surplus, today beside a changed settlement."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.canvas import axis, figure, money_unit, nothing, scaled, with_unit
from dashboard.formats import amount_text, label
from procurement.language import _

STEPS = ("budget_amount", "spending_amount", "surplus_base_amount", "retained_amount")

ROOM = 0.38
"""Room for the text beside a bar, of the length of the longest."""


def steps_compared(rows: pd.DataFrame) -> go.Figure:
    """Two bars a step. `rows`: amount_name, now_amount, then_amount (measures.whatif.compared)."""
    title = _("从医保资金预算到结余留用：现状与调整后")
    rows = rows.set_index("amount_name").loc[list(STEPS)[::-1]]
    if rows[["now_amount", "then_amount"]].isna().all(axis=None):
        return nothing(title, _("结余测算缺少依据，留用金额暂缺。"))
    both = pd.concat([rows["now_amount"], rows["then_amount"]]).dropna()
    divisor, unit = money_unit(both)
    # A horizontal bar chart draws its first trace lowest: today stands above.
    data = [
        _bars(rows["then_amount"], divisor, _("调整后"), palette.RETAINED),
        _bars(rows["now_amount"], divisor, _("现状"), palette.BUDGET),
    ]
    low, high = (min(0, float(both.min())) / divisor, max(0, float(both.max())) / divisor)
    # Beside a bar there is room for its amount, on the left of a negative one too.
    room = [low - (high - low) * ROOM if low < 0 else 0, high + (high - low) * ROOM]
    layout = {
        "barmode": "group",
        "showlegend": True,
        "height": 330,
        "xaxis": axis(range=room),
        "yaxis": axis(showgrid=False),
    }
    chart = figure(data, with_unit(title, unit), **layout)
    return chart.update_layout(legend_traceorder="reversed", bargap=0.35)


def _bars(amounts: pd.Series, divisor: int, name: str, colour: str) -> dict[str, Any]:
    texts = ["" if pd.isna(value) else amount_text(value) for value in amounts]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": [label(str(step)) for step in amounts.index],
        "x": scaled(amounts, divisor),
        "marker": {"color": colour},
        "text": texts,
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [
            f"{label(str(step))}　{name}<br><b>{text}</b>"
            for step, text in zip(amounts.index, texts, strict=True)
        ],
        "hoverinfo": "text",
    }
