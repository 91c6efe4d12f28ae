"""What all figures share: fonts, margins, axes, and the unit that amounts are drawn in."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import ACCENT, INK, MUTED
from dashboard.formats import amount_text, month_text
from procurement.language import N_, _, current_language
from procurement.money import AMOUNT_SCALE

FONT = '"Microsoft YaHei", "Noto Sans CJK SC", "PingFang SC", sans-serif'
GRID = "#E7ECF2"
LINE = "#C9D2DD"

TITLE_HEIGHT, LEGEND_HEIGHT = 40, 26
"""Room in pixels above the plot for the title, and below the title for the legend."""

LETTERS_IN_A_ROW = 60

UNITS = {
    "zh": ((100_000_000, N_("亿元")), (10_000, N_("万元")), (1, N_("元"))),
    "en": ((1_000_000, N_("百万元")), (1_000, N_("千元")), (1, N_("元"))),
}
"""Divisors in yuan and their words, largest first."""


def figure(data: Sequence[dict[str, Any]], title: str, **layout: Any) -> go.Figure:
    """A figure from plain dicts: ten times as quick as plotly express."""
    legend = LEGEND_HEIGHT * _legend_rows(data) if layout.get("showlegend") else 0
    shared = {
        "title": {"text": f"<b>{title}</b>", "x": 0, "xref": "container", "y": 1, "yref": "container",
                  "yanchor": "top", "pad": {"t": 8}, "font": {"size": 15, "color": INK}},
        "font": {"family": FONT, "size": 13, "color": INK},
        # White, not transparent: a PNG is put into documents of any colour.
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "modebar": {"bgcolor": "rgba(255,255,255,0.9)", "color": MUTED, "activecolor": ACCENT},
        "margin": {"l": 8, "r": 12, "t": TITLE_HEIGHT + legend, "b": 8},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom",
                   "font": {"size": 12}, "traceorder": "normal"},
        "hoverlabel": {"font": {"family": FONT, "size": 13}, "align": "left"},
        "separators": ".,",
        "showlegend": False,
        "bargap": 0.28,
    }  # fmt: skip
    return go.Figure({"data": list(data), "layout": {**shared, **layout}})


def _legend_rows(data: Sequence[dict[str, Any]]) -> int:
    """Long names, as English ones are, take a second row in half a laptop's width."""
    return 2 if sum(len(str(trace.get("name", ""))) for trace in data) > LETTERS_IN_A_ROW else 1


def axis(title: str = "", **more: Any) -> dict[str, Any]:
    """A quiet axis; labels never leave the figure."""
    return {
        "title": {"text": title, "font": {"size": 12, "color": MUTED}, "standoff": 8},
        "gridcolor": GRID,
        "linecolor": LINE,
        "zerolinecolor": LINE,
        "tickformat": ",",
        "tickfont": {"size": 12},
        "automargin": True,
        **more,
    }


def name_axis(names: Sequence[str], length: int = 16) -> dict[str, Any]:
    """An axis of names, one a bar, at 0, 1, 2 …; two long names that begin alike stay two bars."""
    texts = [plain(shortened(name, length)) for name in names]
    return axis(
        showgrid=False, zeroline=False, tickmode="array", tickvals=list(range(len(names))), ticktext=texts
    )


def month_axis(months: Iterable[pd.Timestamp], **more: Any) -> dict[str, Any]:
    """Months as a Chinese report writes them; the year stands below January and the first month."""
    shown = sorted(set(months))
    step = max(1, -(-len(shown) // 18))
    ticks = shown[::step]
    texts = [_tick(month, at == 0 or month.year != ticks[at - 1].year) for at, month in enumerate(ticks)]
    return axis(
        tickmode="array", tickvals=ticks, ticktext=texts, tickangle=0, showgrid=False, tickformat=None, **more
    )


def _tick(month: pd.Timestamp, with_year: bool) -> str:
    name = _("{month}月").format(month=month.month)
    year = _("{year}年").format(year=month.year)
    return f"{name}<br>{year}" if with_year else name


def with_unit(title: str, unit: str) -> str:
    """The unit stands in the title, where a Chinese report has it; the axis keeps its room."""
    return _("{title}（{unit}）").format(title=title, unit=unit)


def money_unit(amounts: Iterable[Any]) -> tuple[int, str]:
    """The divisor (of amounts in 1/10000 yuan) and word of the unit that the largest one reads best in."""
    largest = max((abs(int(value)) for value in amounts if not pd.isna(value)), default=0)
    for divisor, word in UNITS["en" if current_language() == "en" else "zh"]:
        if largest >= divisor * AMOUNT_SCALE:
            return divisor * AMOUNT_SCALE, _(word)
    return AMOUNT_SCALE, _("元")


def scaled(amounts: pd.Series, divisor: int) -> list[float | None]:
    """Amounts in the drawn unit."""
    return [None if pd.isna(value) else int(value) / divisor for value in amounts]


def amount_texts(amounts: pd.Series) -> list[str]:
    """What a pointer on a bar reads."""
    return [amount_text(value) for value in amounts]


def month_texts(months: pd.Series) -> list[str]:
    return [month_text(month) for month in months]


def shortened(text: str, length: int = 16) -> str:
    """A long name for an axis; the pointer shows all of it."""
    return text if len(text) <= length else text[: length - 1] + "…"


def plain(text: object) -> str:
    """A name from a workbook: Plotly would take `<a href=…>` in it for a link."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;")


def nothing(title: str, words: str) -> go.Figure:
    """A figure that says why it is empty."""
    note = {"text": words, "showarrow": False, "font": {"size": 14, "color": MUTED}, "x": 0.5, "y": 0.5,
            "xref": "paper", "yref": "paper"}  # fmt: skip
    hidden = {"visible": False}
    return figure([], title, annotations=[note], xaxis=hidden, yaxis=hidden, height=220)
