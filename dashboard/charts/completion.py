"""How the agreed volumes are being bought: statuses counted, completion rates by institution and batch."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import palette
from dashboard.charts.canvas import axis, figure, name_axis, nothing, plain, with_unit
from dashboard.formats import MISSING, count_text, percent_text, word_text
from procurement.language import _
from procurement.measures.completion import met_share

ORDER = ("behind", "at_risk", "on_track", "ahead", "not_set")
"""What needs attention comes first."""

MOST_IN_A_MAP = 30
"""Institutions that a heat map can name on a laptop."""


def status_counts(rows: pd.DataFrame) -> go.Figure:
    """Institution × batch × variety rows by status."""
    title = _("约定量完成进度")
    if rows.empty:
        return nothing(title, _("当前协议年度没有约定采购量或采购记录。"))
    counts = rows["status"].value_counts()
    shown = [status for status in ORDER if counts.get(status, 0)][::-1]
    texts = [f"{count_text(counts[s])}　{percent_text(counts[s] / len(rows))}" for s in shown]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [word_text(status) for status in shown],
        "x": [int(counts[status]) for status in shown],
        "marker": {"color": [palette.STATUS[status] for status in shown]},
        "text": texts,
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [f"{word_text(s)}　<b>{text}</b>" for s, text in zip(shown, texts, strict=True)],
        "hoverinfo": "text",
    }
    room = [0, int(counts.max()) * 1.45]
    layout = {"xaxis": axis(range=room), "yaxis": axis(showgrid=False), "height": 340}
    return figure([bars], with_unit(title, _("项：机构×批次×品种")), **layout)


def status_by(rows: pd.DataFrame, column: str, title: str, most: int = 20) -> go.Figure:
    """Statuses stacked by `column` (a name); those with most behind and at risk on top."""
    if rows.empty:
        return nothing(title, _("当前协议年度没有约定采购量或采购记录。"))
    counts = pd.crosstab(rows[column], rows["status"]).reindex(columns=ORDER, fill_value=0)
    late = (counts["behind"] + counts["at_risk"]).sort_values(ascending=False, kind="stable")
    counts = counts.loc[late.head(most).index[::-1]]
    data = [_statuses(counts, status) for status in ORDER if counts[status].any()]
    names = name_axis([str(name) for name in counts.index])
    layout = {"xaxis": axis(), "yaxis": names, "height": 110 + 24 * len(counts)}
    return figure(data, with_unit(title, _("项")), barmode="stack", showlegend=True, **layout)


def _statuses(counts: pd.DataFrame, status: str) -> dict[str, Any]:
    name = word_text(status)
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": list(range(len(counts))),
        "x": [int(count) for count in counts[status]],
        "marker": {"color": palette.STATUS[status]},
        "hovertext": [f"{plain(whose)}<br>{name}　<b>{count}</b>" for whose, count in counts[status].items()],
        "hoverinfo": "text",
    }


def rate_map(rows: pd.DataFrame, most: int = MOST_IN_A_MAP) -> go.Figure:
    """Σ min(bought, agreed) ÷ Σ agreed by institution and batch, those furthest behind on top.

    Of many institutions, those with the most agreed volumes are shown. The colour is the distance from
    the time progress, which differs from batch to batch.
    """
    title = _("机构 × 批次约定量完成率（颜色表示与时间进度之差）")
    known = rows.dropna(subset=["agreed_equivalent"])
    if known.empty:
        return nothing(title, _("当前协议年度没有约定采购量。"))
    largest = known["institution_name"].value_counts().head(most).index
    rates, batches = _rates(known[known["institution_name"].isin(largest)])
    distance = rates.sub(batches["time_progress"], axis="columns")[rates.columns]
    lowest = distance.mean(axis=1).sort_values(kind="stable").index[::-1]
    rates, distance = rates.loc[lowest], distance.loc[lowest]
    texts = [["" if pd.isna(v) else percent_text(v, 0) for v in row] for row in rates.to_numpy()]
    cells = {
        "type": "heatmap",
        "z": [[None if pd.isna(v) else round(v * 100, 1) for v in row] for row in distance.to_numpy()],
        "x": list(range(len(batches))),
        "y": list(range(len(rates))),
        "zmin": -FULL_COLOUR,
        "zmax": FULL_COLOUR,
        "colorscale": [[0, palette.BEHIND], [0.5, "#F6F4EE"], [1, palette.AHEAD]],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "text": texts,
        "texttemplate": "%{text}",
        "textfont": {"size": 11},
        "hovertext": _map_hovers(rates, batches, texts),
        "hoverinfo": "text",
    }
    across = {**name_axis(list(batches["batch"]), 14), "tickangle": -35}
    down = name_axis([str(name) for name in rates.index])
    return figure([cells], title, height=140 + 24 * len(rates), xaxis=across, yaxis=down)


FULL_COLOUR = 40
"""Points of distance from the time progress at which a colour is full."""


def _rates(known: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Institution × batch: the share met; and the batches by id, oldest first, with their time progress."""
    batches = known.drop_duplicates("batch_id").sort_values(["execution_date", "batch"]).set_index("batch_id")
    shares = {
        batch_id: {who: met_share(part) for who, part in of_batch.groupby("institution_name", sort=False)}
        for batch_id, of_batch in known.groupby("batch_id", sort=False)
    }
    return pd.DataFrame(shares)[batches.index].astype(float), batches[["batch", "time_progress"]]


def _map_hovers(rates: pd.DataFrame, batches: pd.DataFrame, texts: list[list[str]]) -> list[list[str]]:
    words = _("{who}<br>{batch}<br>完成率<b>{rate}</b>　时间进度{progress}")
    told = [(plain(name), percent_text(progress, 0)) for name, progress in batches.itertuples(index=False)]
    return [
        [
            words.format(who=plain(who), batch=name, rate=text or MISSING, progress=progress)
            for (name, progress), text in zip(told, row, strict=True)
        ]
        for who, row in zip(rates.index, texts, strict=True)
    ]
