"""Use by month with the forecast of the next agreement year."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.canvas import axis, figure, month_axis, nothing, plain, with_unit
from dashboard.formats import month_text, percent_text, units_text
from procurement.language import _
from procurement.money import UNIT_SCALE


def use_and_forecast(rows: pd.DataFrame, title: str, unit: str) -> go.Figure:
    """Bars of use, bars of forecast, a line of the season alone (measures.guidance.working)."""
    if rows.empty:
        return nothing(title, _("没有使用记录。"))
    used = rows[rows["equivalent_units"].notna()]
    ahead = rows[rows["forecast_equivalent"].notna()]
    data = [_bars(used, "equivalent_units", _("实际用量"), palette.ACCENT)]
    if len(ahead):
        data.append(_bars(ahead, "forecast_equivalent", _("预测用量"), palette.RETAINED))
    seasonal = _seasonal(used)
    if seasonal:
        data.append(seasonal)
    layout = {"xaxis": month_axis(rows["month"]), "yaxis": axis(rangemode="tozero"), "height": 340}
    return figure(data, with_unit(plain(title), unit), showlegend=True, **layout)


def _bars(rows: pd.DataFrame, column: str, name: str, colour: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "x": list(rows["month"]),
        "y": [int(units) / UNIT_SCALE for units in rows[column]],
        "marker": {"color": colour},
        "hovertext": [
            f"{month_text(month)}　{name}<br><b>{units_text(units)}</b>"
            for month, units in zip(rows["month"], rows[column], strict=True)
        ],
        "hoverinfo": "text",
    }


def _seasonal(used: pd.DataFrame) -> dict[str, Any] | None:
    """The mean of each year of months × season index; none where the season is not known."""
    if used["season_index"].isna().any() or len(used) % 12:
        return None
    place = pd.Series(range(len(used)), index=used.index) // 12
    means = used["equivalent_units"].astype("Float64").groupby(place).transform("mean")
    fitted = (means * used["season_index"] / UNIT_SCALE).astype(float)
    name = _("年均 × 季节指数")
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(used["month"]),
        "y": list(fitted),
        "line": {"color": palette.NON_SELECTED, "width": 2},
        "marker": {"size": 5},
        "hovertext": [
            _("{month}　季节指数{index}").format(month=month_text(month), index=percent_text(index))
            for month, index in zip(used["month"], used["season_index"], strict=True)
        ],
        "hoverinfo": "text",
    }
