"""How many figures miss a basis, and which: said once, for the deck's last slide and the workbook."""

import pandas as pd

from dashboard.exports.overview import Overview
from dashboard.formats import amount_text, count_text, word_text
from procurement.language import _
from procurement.measures.retention import MISSING

PROXIES = ("inferred", "variety_mean")
"""Bases of a baseline that no list states for the product itself."""


def data_basis(overview: Overview) -> list[str]:
    """One sentence per gap; a single one where there is none."""
    found = [
        *_of_prices(overview.prices),
        *_of_purchases(overview),
        *_of_completion(overview.current),
        *_of_retention(overview.retention),
    ]
    return found or [_("各项数据均有依据，没有缺项。")]


def _of_prices(prices: pd.DataFrame) -> list[str]:
    absent = int(prices["drop"].isna().sum())
    proxied = int(prices["baseline_basis"].isin(PROXIES).sum())
    found = []
    if absent:
        text = _("{all}个中选产品中，{count}个缺集采前价格或中选价格，不计算降幅。")
        found.append(text.format(all=count_text(len(prices)), count=count_text(absent)))
    if proxied:
        text = _("{count}个中选产品的集采前价格取同品种产品均值或由采购记录推算。")
        found.append(text.format(count=count_text(proxied)))
    return found


def _of_purchases(overview: Overview) -> list[str]:
    rows = overview.savings
    inside = int(rows["paid_amount"].sum())
    uncompared = inside - int(rows["compared_amount"].sum())
    outside = (overview.summary["purchases"]["amount"] or 0) - inside
    unmeasured = int(rows["unmeasured_lines"].sum())
    found = []
    if outside:
        found.append(_("采购金额中{amount}不属于任何批次，不计算节约。").format(amount=amount_text(outside)))
    if uncompared:
        text = _("批次内采购金额中{amount}缺集采前价格，不计入节约。")
        found.append(text.format(amount=amount_text(uncompared)))
    if unmeasured:
        text = _("{count}行采购记录缺包装转换比，采购量不详，不计入节约与完成率。")
        found.append(text.format(count=count_text(unmeasured)))
    return found


def _of_completion(current: pd.DataFrame) -> list[str]:
    absent = int((current["status"] == "not_set").sum())
    text = _("当前协议年度{all}项（机构×批次×品种）中，{count}项未配置约定采购量。")
    return [text.format(all=count_text(len(current)), count=count_text(absent))] if absent else []


def _of_retention(retention: pd.DataFrame) -> list[str]:
    reasons = missing_reasons(retention)
    running = int(retention["is_running"].astype(bool).sum())
    found = []
    if reasons:
        each = _("、").join(f"{word_text(reason)} {count_text(count)}" for reason, count in reasons.items())
        text = _("{all}项结余（机构 × 批次 × 协议年度）中，{count}项缺依据，留用金额空缺：{reasons}。")
        all_, absent = count_text(len(retention)), count_text(sum(reasons.values()))
        found.append(text.format(all=all_, count=absent, reasons=each))
    if running:
        text = _("{count}项结余的协议年度尚未结束，金额仍会变动。")
        found.append(text.format(count=count_text(running)))
    return found


def missing_reasons(retention: pd.DataFrame) -> dict[str, int]:
    """Settlements without a retained amount by reason, the commonest first."""
    counts = retention["reason"].value_counts()
    return {reason: int(counts[reason]) for reason in counts.index if reason in (*MISSING, "no_score")}
