"""Native charts of a slide: editable, with the figures in the workbook inside.

The workbook keeps every digit of a figure in the unit that the chart is told in; only labels round.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Inches

from dashboard.charts.palette import INK, MUTED
from dashboard.exports.slide_frame import RULE, Box, colour_of, set_font
from procurement.language import _, current_language
from procurement.money import yuan

TALLEST_ROW = 0.5
"""Inches that a bar and its gap take at most."""

HUNDRED_MILLION, TEN_THOUSAND, MILLION = 100_000_000, 10_000, 1_000_000


@dataclass(frozen=True)
class Series:
    """One colour of a chart; a value of None draws nothing."""

    name: str
    values: Sequence[float | None]
    colour: str


@dataclass(frozen=True)
class AmountScale:
    """The unit that a chart's amounts are told in, its yuan, and as many decimals as are worth reading."""

    unit: str
    yuan: int
    number_format: str

    def of(self, amount: int | None) -> float | None:
        """An amount in this unit, unrounded."""
        return None if amount is None else float(yuan(amount) / Decimal(self.yuan))


def amount_scale(amounts: Sequence[int | None], told: Callable = max) -> AmountScale:
    """亿元 where the largest amount has one (or whichever `told` picks), else 万元; millions in English."""
    deciding = told((abs(yuan(amount)) for amount in amounts if amount is not None), default=Decimal(0))
    if current_language() == "en":
        unit, size = _("百万元"), MILLION
    elif deciding >= HUNDRED_MILLION:
        unit, size = _("亿元"), HUNDRED_MILLION
    else:
        unit, size = _("万元"), TEN_THOUSAND
    return AmountScale(unit, size, "#,##0" if deciding >= 10 * size else "#,##0.00")


def add_bars(
    slide: Slide,
    box: Box,
    says: str,
    categories: Sequence[str],
    series: Sequence[Series],
    number_format: str,
    stacked: bool = False,
) -> Chart:
    """Horizontal bars, the first category on top; a row has one bar, or its parts where stacked.

    Few bars take only the upper part of the box: a bar's thickness says nothing.
    """
    box = box._replace(height=min(box.height, 0.4 + TALLEST_ROW * len(categories)))
    kind = XL_CHART_TYPE.BAR_STACKED if stacked else XL_CHART_TYPE.BAR_CLUSTERED
    chart = _add(slide, box, says, kind, categories, series, number_format)
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    if number_format.endswith("%"):
        chart.value_axis.maximum_scale = 1.0  # neighbouring charts of shares compare
    _set_gap(chart, 45)
    chart.plots[0].has_data_labels = True
    labels = chart.plots[0].data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, number_format, False
    labels.position = XL_LABEL_POSITION.CENTER if stacked else XL_LABEL_POSITION.OUTSIDE_END
    set_font(labels.font, 10, INK)
    return chart


def add_month_columns(
    slide: Slide, box: Box, says: str, months: Sequence[date], series: Sequence[Series], number_format: str
) -> Chart:
    """Stacked columns over months; a month without figures keeps its place."""
    chart = _add(slide, box, says, XL_CHART_TYPE.COLUMN_STACKED, months, series, number_format)
    _set_gap(chart, 40)
    value_axis, category_axis = chart.value_axis, chart.category_axis
    _set_ticks(value_axis, number_format)
    value_axis.format.line.fill.background()
    value_axis.major_gridlines.format.line.color.rgb = colour_of(RULE)
    value_axis.major_gridlines.format.line.width = Inches(0.007)
    form = 'yyyy"年"m"月"' if current_language() == "zh" else "yyyy-mm"
    _set_ticks(category_axis, form)
    _label_every(category_axis._element, 1 if len(months) <= 12 else 3)
    return chart


def _set_ticks(axis, number_format: str) -> None:  # type: ignore[no-untyped-def]
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = number_format, False


def add_steps(
    slide: Slide,
    box: Box,
    says: str,
    categories: Sequence[str],
    base: Series,
    steps: Series,
    colours: Sequence[str],
) -> Chart:
    """Columns that stand on an unseen base, each in its own colour: how one figure leads to the next."""
    chart = _add(slide, box, says, XL_CHART_TYPE.COLUMN_STACKED, categories, [base, steps], "#,##0.00")
    chart.has_legend = False
    _set_gap(chart, 45)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    unseen, seen = chart.plots[0].series
    unseen.format.fill.background()
    colour_points(seen, colours)
    return chart


def colour_points(series, colours: Sequence[str]) -> None:  # type: ignore[no-untyped-def]
    """A colour for each point of a series."""
    for number, colour in enumerate(colours):
        fill = series.points[number].format.fill
        fill.solid()
        fill.fore_color.rgb = colour_of(colour)


def _add(
    slide: Slide,
    box: Box,
    says: str,
    kind: XL_CHART_TYPE,
    categories: Sequence,
    series: Sequence[Series],
    number_format: str,
) -> Chart:
    data = CategoryChartData(number_format=number_format)
    data.categories = categories
    for one in series:
        data.add_series(one.name, one.values)
    place = (Inches(value) for value in box)
    frame: Any = slide.shapes.add_chart(kind, *place, data)  # type: ignore[call-arg, arg-type]
    frame._element.nvGraphicFramePr.cNvPr.set("descr", says)  # read aloud to those who cannot see it
    chart = frame.chart
    set_font(chart.font, 10.5, INK)
    chart.has_title = False
    _set_legend(chart, len(series) > 1)
    for drawn, one in zip(chart.plots[0].series, series, strict=True):
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = colour_of(one.colour)
        drawn.invert_if_negative = False
    _calm_axis(chart)
    return chart


def _set_legend(chart: Chart, is_needed: bool) -> None:
    chart.has_legend = is_needed
    if is_needed:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        set_font(chart.legend.font, 11, INK)


def _calm_axis(chart: Chart) -> None:
    axis = chart.category_axis
    axis.has_major_gridlines = False
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    chart.value_axis.major_tick_mark = chart.value_axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW  # below negative columns, too
    axis.format.line.color.rgb = colour_of(MUTED)
    axis.format.line.width = Inches(0.007)


def _set_gap(chart: Chart, gap: int) -> None:
    # Overlapping, so that series without a value leave no hole.
    chart.plots[0].gap_width, chart.plots[0].overlap = gap, 100


def _label_every(axis: etree._Element, months: int) -> None:
    """A label every so many months; python-pptx knows no units of a date axis."""
    names = ("c:baseTimeUnit", "c:majorUnit", "c:majorTimeUnit")
    for name in names:
        for old in axis.findall(qn(name)):
            axis.remove(old)
    for name, value in zip(names, ("months", str(months), "months"), strict=True):
        etree.SubElement(axis, qn(name)).set("val", value)
