"""Slides of what was saved: by month, by batch as price drop, by variety.

Each title says what the chart shows; an absent figure is said to be absent, and why.
"""

from datetime import date

import pandas as pd
from pptx.presentation import Presentation as Deck

from dashboard.charts.palette import CATEGORY
from dashboard.exports.overview import Overview, drops_by_batch, summed, top_varieties
from dashboard.exports.slide_charts import AmountScale, Series, add_bars, add_month_columns, amount_scale
from dashboard.exports.slide_frame import (
    BODY,
    CHART,
    LEFT,
    LONGEST_ALONE,
    RIGHT,
    add_caption,
    add_missing,
    new_slide,
    short,
)
from dashboard.formats import amount_text, month_text, percent_text, word_text
from procurement.language import _
from procurement.periods import last_of_month
from procurement.tables.register import CATEGORIES

MOST_MONTHS, MOST_BATCHES, MOST_VARIETIES = 36, 15, 10


def whole(amounts: pd.Series) -> list[int | None]:
    return [None if pd.isna(amount) else int(amount) for amount in amounts]


def month_slide(deck: Deck, overview: Overview, source: str) -> None:
    """Saving by month, drugs and consumables stacked."""
    rows = summed(overview.savings, ["month", "category"]).dropna(subset=["saving_amount"])
    slide = new_slide(deck, _("节约趋势"), _month_title(overview, rows), source)
    if rows.empty:
        add_missing(slide, BODY, _("没有可与集采前价格比较的采购记录：缺集采前价格或采购记录。"))
        return
    months = sorted(month.date() for month in rows["month"].unique())[-MOST_MONTHS:]
    scale = amount_scale(whole(rows["saving_amount"]))
    series = [_of_category(rows, category, months, scale) for category in CATEGORIES]
    series = [one for one in series if any(value is not None for value in one.values)]
    told = _("每月节约金额，单位：{unit}").format(unit=scale.unit)
    add_caption(slide, CHART, told + _partial_month(overview.as_of, months[-1]))
    add_month_columns(slide, CHART, told, months, series, scale.number_format)


def _of_category(rows: pd.DataFrame, category: str, months: list[date], scale: AmountScale) -> Series:
    of_category = rows[rows["category"] == category].set_index("month")["saving_amount"]
    values = [of_category.get(pd.Timestamp(month)) for month in months]
    told = [None if pd.isna(value) else scale.of(int(value)) for value in values]  # type: ignore[call-overload]
    return Series(word_text(category), told, CATEGORY[category])


def _partial_month(as_of: date | None, last: date) -> str:
    if as_of is None or (as_of.year, as_of.month) != (last.year, last.month) or as_of == last_of_month(as_of):
        return ""
    return _("（{month}数据截至{day}日）").format(month=month_text(last), day=as_of.day)


def _month_title(overview: Overview, rows: pd.DataFrame) -> str:
    if rows.empty:
        return _("尚不能计算每月节约")
    by_month = rows.groupby("month")["saving_amount"].sum()
    best, year = by_month.idxmax(), overview.summary["saving"]["last_12_months"]
    most = _("{month}节约最多，为{amount}").format(month=month_text(best), amount=amount_text(by_month[best]))
    if year is None:
        return most
    return _("近12个月节约{year}，{most}").format(year=amount_text(year), most=most)


def price_slide(deck: Deck, overview: Overview, source: str) -> None:
    """Simple mean drop of each batch, drugs beside consumables."""
    drops = drops_by_batch(overview.prices)
    slide = new_slide(deck, _("价格降幅"), _price_title(overview.summary), source)
    if drops.empty:
        add_missing(slide, BODY, _("没有可计算的降幅：缺集采前价格或中选价格。"))
        return
    present = [category for category in CATEGORIES if (drops["category"] == category).any()]
    places = [CHART] if len(present) == 1 else [LEFT, RIGHT]
    for category, box in zip(present, places, strict=True):
        of_category = drops[drops["category"] == category]
        shown = of_category.head(MOST_BATCHES)
        told = _("{category}各批次平均降幅（简单平均）").format(category=word_text(category))
        add_caption(slide, box, told + _left_out(len(of_category) - len(shown), _("批")))
        series = [Series(told, [float(drop) for drop in shown["drop"]], CATEGORY[category])]
        add_bars(slide, box, told, [short(batch) for batch in shown["batch"]], series, "0.0%")


def _left_out(count: int, measure: str) -> str:
    return _("，另{count}{measure}见工作簿").format(count=count, measure=measure) if count > 0 else ""


def _price_title(summary: dict[str, dict]) -> str:
    parts = [
        _("{category}平均降幅{drop}").format(
            category=word_text(category), drop=percent_text(summary[section]["average_drop_simple"])
        )
        for category, section in zip(CATEGORIES, ("drugs", "consumables"), strict=True)
        if summary[section]["average_drop_simple"] is not None
    ]
    return _("，").join(parts) or _("尚不能计算价格降幅")


def variety_slide(deck: Deck, overview: Overview, source: str) -> None:
    """The varieties that saved most."""
    rows = top_varieties(overview, MOST_VARIETIES)
    slide = new_slide(deck, _("重点品种"), _variety_title(overview, rows), source)
    if rows.empty:
        add_missing(slide, BODY, _("没有可与集采前价格比较的采购记录：缺集采前价格或采购记录。"))
        return
    # By the shortest bar: a tenth of 亿元 says too little.
    scale = amount_scale(whole(rows["saving_amount"]), told=min)
    told = _("累计节约金额，单位：{unit}；同名品种各批次合并").format(unit=scale.unit)
    add_caption(slide, CHART, told)
    series = []
    for category in [name for name in CATEGORIES if (rows["category"] == name).any()]:
        amounts = whole(rows["saving_amount"].where(rows["category"] == category))
        values = [scale.of(amount) for amount in amounts]
        series.append(Series(word_text(category), values, CATEGORY[category]))
    add_bars(
        slide,
        CHART,
        told,
        [short(name, LONGEST_ALONE) for name in rows["variety"]],
        series,
        scale.number_format,
    )


def _variety_title(overview: Overview, rows: pd.DataFrame) -> str:
    if rows.empty:
        return _("尚不能计算品种节约")
    part, total = int(rows["saving_amount"].sum()), overview.summary["saving"]["total"]
    title = _("节约最多的{count}个品种合计节约{amount}").format(count=len(rows), amount=amount_text(part))
    if not total or total < part:
        return title
    return title + _("，占累计节约的{share}").format(share=percent_text(part / total))
