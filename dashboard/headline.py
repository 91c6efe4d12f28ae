"""The headline figures in the sentences that a bureau publishes; the overview, the command line and the
title slide say the same."""

from dashboard.formats import MISSING, amount_text, count_text, day_text, percent_text
from procurement.language import _


def headline(summary: dict[str, dict], is_narrowed: bool = False) -> list[str]:
    """Sentences of a summary, most important first; what is missing is left out or said.

    `is_narrowed`: filters are set, and the sentences do not speak for the whole city.
    """
    listed = summary["drugs"]["varieties"] or summary["consumables"]["varieties"]
    if not listed and not summary["purchases"]["lines"]:
        if is_narrowed:
            return [_("当前筛选范围内没有集采品种，也没有采购记录。")]
        return [_("台账中还没有数据。请先导入医药机构名录、中选结果和采购记录。")]
    return [
        _coverage(summary, _("所选范围内") if is_narrowed else _("全市")),
        _saving(summary["saving"]),
        _completion(summary["completion"]),
        _retention(summary["retention"]),
    ]


def _coverage(summary: dict[str, dict], where: str) -> str:
    drugs, consumables = summary["drugs"], summary["consumables"]
    until = summary["purchases"]["to"]
    start = _("截至{day}，").format(day=day_text(until)) if until else ""
    parts = []
    if drugs["varieties"]:
        parts.append(_batches(_("药品集采{batches}批{varieties}个品种，平均降幅{drop}"), drugs))
    if consumables["varieties"]:
        parts.append(_batches(_("医用耗材集采{batches}批{varieties}类，平均降幅{drop}"), consumables))
    if not parts:
        return start + _("尚未载入中选结果。")
    return start + _("{where}累计执行{parts}。").format(where=where, parts=_("；").join(parts))


def _batches(text: str, figures: dict) -> str:
    drop = percent_text(figures["average_drop_simple"])
    return text.format(batches=figures["batches"], varieties=figures["varieties"], drop=drop)


def _saving(saving: dict) -> str:
    if saving["total"] is None:
        return _("尚无可与集采前价格比较的采购记录，节约金额暂缺。")
    return _("累计节约采购资金{total}，其中近12个完整月节约{year}；非中选采购少节约{missed}。").format(
        total=amount_text(saving["total"]),
        year=amount_text(saving["last_12_months"]),
        missed=amount_text(saving["missed"]),
    )


def _completion(completion: dict) -> str:
    if completion["agreed_units_met_share"] is None:
        return _("当前协议年度尚无约定采购量。")
    return _(
        "当前协议年度约定采购量已完成{share}，超前{ahead}项、正常{on_track}项、有风险{at_risk}项、滞后{behind}项。"
    ).format(
        share=percent_text(completion["agreed_units_met_share"]),
        **{name: count_text(completion[name]) for name in ("ahead", "on_track", "at_risk", "behind")},
    )


def _retention(retention: dict) -> str:
    if retention["surplus_base"] is None:
        return _("结余测算缺少依据，留用金额暂缺。")
    kept = amount_text(retention["retained"]) if retention["retained"] is not None else MISSING
    return _(
        "按已开始的协议年度测算，医保资金结余测算基数{base}，医药机构可留用{kept}，其中用于人员薪酬{staff}、事业发展{development}。"
    ).format(
        base=amount_text(retention["surplus_base"]),
        kept=kept,
        staff=amount_text(retention["staff"]),
        development=amount_text(retention["development"]),
    )
