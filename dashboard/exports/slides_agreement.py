"""Slides of what was agreed and what is kept: completion of agreed volumes, retained surplus."""

import pandas as pd
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide

from dashboard.charts.palette import (
    AT_RISK,
    BEHIND,
    BUDGET,
    RETAINED,
    SELECTED,
    SELECTED_LIGHT,
    SPENDING,
    STATUS,
)
from dashboard.exports.overview import Overview
from dashboard.exports.slide_charts import Series, add_bars, add_steps, amount_scale, colour_points
from dashboard.exports.slide_frame import (
    BODY,
    CHART,
    LEFT,
    RIGHT,
    Box,
    add_caption,
    add_missing,
    add_table,
    new_slide,
    short,
)
from dashboard.formats import amount_text, count_text, percent_text, word_text
from procurement.language import N_, _

MOST_INSTITUTIONS = 10
STATUSES = ("ahead", "on_track", "at_risk", "behind", "not_set")
"""From the best to the worst, then what cannot be judged."""

STEPS = {
    "budget": (N_("医保资金预算"), BUDGET),
    "spending": (N_("医保资金支出"), SPENDING),
    "surplus_base": (N_("结余测算基数"), SELECTED),
    "retained": (N_("结余留用金额"), RETAINED),
    "staff": (N_("用于人员薪酬"), SELECTED_LIGHT),
    "development": (N_("用于事业发展"), SELECTED_LIGHT),
}
"""From the fund's budget to what institutions keep: figure of the summary → label and colour."""


def completion_slide(deck: Deck, overview: Overview, source: str) -> None:
    """How many institution × variety pairs stand where, and who has most to catch up."""
    figures, current = overview.summary["completion"], overview.current
    slide = new_slide(deck, _("约定量完成"), _completion_title(figures), source)
    if current.empty:
        add_missing(slide, BODY, _("测算日所在协议年度没有约定采购量：请导入约定采购量工作簿。"))
        return
    told = _("当前协议年度各进度状态的项数（机构 × 品种）")
    add_caption(slide, LEFT, told)
    counts = Series(told, [figures[status] for status in STATUSES], STATUS["on_track"])
    names = [word_text(status) for status in STATUSES]
    chart = add_bars(slide, LEFT, told, names, [counts], "#,##0")
    colour_points(chart.plots[0].series[0], [STATUS[status] for status in STATUSES])
    _add_laggards(slide, current)


def _add_laggards(slide: Slide, current: pd.DataFrame) -> None:
    counts = pd.crosstab(current["institution_name"], current["status"])
    counts = counts.reindex(columns=["behind", "at_risk"], fill_value=0)
    counts["both"] = counts["behind"] + counts["at_risk"]
    counts = counts[counts["both"] > 0].sort_values(["both", "behind"], ascending=False, kind="stable")
    told = _("滞后与有风险最多的机构，项数")
    add_caption(slide, RIGHT, told)
    if counts.empty:
        add_missing(slide, RIGHT, _("没有机构滞后或有风险。"))
        return
    shown = counts.head(MOST_INSTITUTIONS)
    series = [
        Series(word_text(status), [int(count) or None for count in shown[status]], colour)
        for status, colour in (("behind", BEHIND), ("at_risk", AT_RISK))
    ]
    add_bars(slide, RIGHT, told, [short(name) for name in shown.index], series, "#,##0", stacked=True)


def _completion_title(figures: dict) -> str:
    share = figures["agreed_units_met_share"]
    if share is None:
        return _("当前协议年度尚无约定采购量")
    behind, at_risk = count_text(figures["behind"]), count_text(figures["at_risk"])
    text = _("约定采购量已完成{share}，{behind}项滞后、{at_risk}项有风险")
    return text.format(share=percent_text(share), behind=behind, at_risk=at_risk)


def retention_slide(deck: Deck, overview: Overview, source: str) -> None:
    """From the fund's budget to what institutions keep, and why some keep nothing."""
    figures = overview.summary["retention"]
    slide = new_slide(deck, _("结余留用"), _retention_title(figures), source)
    if figures["surplus_base"] is None:
        add_missing(slide, BODY, _no_surplus(overview.retention))
        return
    box = Box(CHART.left, CHART.top, 8.3, CHART.height)
    names = {name: step for name, step in STEPS.items() if figures[name] is not None}
    scale = amount_scale([figures[name] for name in names])
    told = _("从预算到留用，单位：{unit}").format(unit=scale.unit)
    add_caption(slide, box, told)
    labels = [f"{_(label)}\n{amount_text(figures[name])}" for name, (label, _colour) in names.items()]
    base = Series(_("（底座，不显示）"), [scale.of(_base_of(name, figures)) for name in names], SPENDING)
    steps = Series(told, [scale.of(figures[name]) for name in names], BUDGET)
    add_steps(slide, box, told, labels, base, steps, [colour for _label, colour in names.values()])
    _add_reasons(slide, overview.retention)


def _base_of(name: str, figures: dict) -> int:
    """Where a column starts: spending hangs from the budget's top, staff pay from that of the retained."""
    if name == "spending":
        return max(figures["budget"] - figures["spending"], 0)
    return figures["development"] if name == "staff" else 0


def _retention_title(figures: dict) -> str:
    if figures["surplus_base"] is None:
        return _("尚不能测算结余")
    base = _("结余测算基数{amount}").format(amount=amount_text(figures["surplus_base"]))
    if figures["retained"] is None:
        return base + _("，留用金额待考核得分确定")
    return base + _("，可留用{amount}").format(amount=amount_text(figures["retained"]))


def _no_surplus(retention: pd.DataFrame) -> str:
    if retention.empty:
        return _("没有可测算的协议年度：请导入约定采购量。")
    reasons = [word_text(reason) for reason in retention["reason"].unique() if reason]
    return _("结余无法测算：{reasons}。").format(reasons=_("、").join(reasons))


def _add_reasons(slide: Slide, retention: pd.DataFrame) -> None:
    """Settlements by outcome, and how many of their years still run."""
    box = Box(9.3, CHART.top, BODY.left + BODY.width - 9.3, 0.4)
    add_caption(slide, box, _("各项结果（机构 × 批次 × 协议年度）"))
    counts = retention["reason"].replace("", "kept").value_counts()
    rows = [
        (_("有留用金额") if reason == "kept" else word_text(reason), count_text(count))
        for reason, count in counts.items()
    ]
    rows.append((_("合计"), count_text(len(retention))))
    running = int(retention["is_running"].astype(bool).sum())
    if running:
        rows.append((_("其中年度未结束"), count_text(running)))
    add_table(slide, box, (_("结果"), _("项数")), rows)
