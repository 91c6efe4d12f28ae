"""The assessment in words: where a score comes from, an indicator's evidence, what has no data and why."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from dashboard.formats import MISSING, count_text, label, percent_text, word_text, yuan_text
from dashboard.page import as_text
from dashboard.policy_words import choice_text
from procurement.language import _
from procurement.money import UNIT_SCALE
from procurement.policies.assessment import INDICATORS, AssessmentPolicy

Row = Any


def points_text(points: object, decimals: int = 2) -> str:
    """Points in millionths: 36.91."""
    if pd.isna(points):  # type: ignore[call-overload]
        return MISSING
    value = Decimal(int(points)) / UNIT_SCALE  # type: ignore[call-overload]
    return str(value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def score_text(points: object) -> str:
    """Points with no more decimals than they have: 40, 57.14."""
    text = points_text(points)
    return text.rstrip("0").rstrip(".") if "." in text else text


def names_text(indicators: Iterable[str]) -> str:
    """Indicators by name: 货款按时支付、按时报送."""
    return _("、").join(word_text(name, "indicator") for name in indicators)


def short_names(codes: str) -> str:
    """The text `missing_indicators` as a narrow column has room for it: 按时支付、按时报送."""
    return _("、").join(label(f"{name}_indicator") for name in codes.split(",") if name)


def missing_text(codes: object) -> str:
    """The text `missing_indicators` with names in the place of codes."""
    return names_text(str(codes).split(",")) if codes and not pd.isna(codes) else ""  # type: ignore[call-overload]


def source_sentence(row: Row) -> str:
    """The score that counts and where it comes from, or why there is none."""
    if pd.isna(row.score):
        return _("**没有考核得分**：{why}").format(why=_why_none(row))
    points = score_text(row.score)
    if row.score_source == "workbook":
        says = _("**考核得分{score}分**，来自考核得分表“{file}”第{row}行。")
        return says.format(score=points, file=as_text(row.file_name), row=count_text(row.row_number))
    return _("**考核得分{score}分**，由指标计算。").format(score=points) + _treated(row)


def _why_none(row: Row) -> str:
    if row.score_policy in ("workbook", ""):
        return _("考核得分表中没有该机构、批次和协议年度的得分。")
    return _("按政策由指标计算，{reason}。").format(reason=_uncomputed(row))


def _uncomputed(row: Row) -> str:
    if row.computed_reason != "indicator_missing":
        return word_text(row.computed_reason)
    return _("{indicators}缺数据").format(indicators=missing_text(row.missing_indicators))


def _treated(row: Row) -> str:
    """What was done about the indicators without data; empty where all have some."""
    if not row.missing_indicators:
        return ""
    treatment = word_text(row.missing_treatment, "missing_treatment")
    names = missing_text(row.missing_indicators)
    return _("{indicators}缺数据，{treatment}。").format(indicators=names, treatment=treatment)


def other_sentence(row: Row) -> str:
    """The computed score where another one counts; empty where it counts or its lack is said already."""
    takes_computed = row.score_policy == "indicators" or row.score_policy == "workbook_first"
    if row.score_source == "indicators" or not row.score_policy or (takes_computed and pd.isna(row.score)):
        return ""
    policy = choice_text(row.score_policy)
    if pd.isna(row.computed_score):
        says = _("由指标计算的得分空缺：{reason}（政策：{policy}）。")
        return says.format(reason=_uncomputed(row), policy=policy)
    says = _("由指标计算的得分为{score}分，仅供对照（政策：{policy}）。")
    return says.format(score=score_text(row.computed_score), policy=policy) + _treated(row)


def indicator_rows(rows: pd.DataFrame, score: object) -> list[tuple[str, ...]]:
    """Indicator, weight, rate, points and evidence, and their total."""
    told = [
        (
            word_text(row.indicator, "indicator"),
            _weights_text(row),
            percent_text(row.indicator_rate),
            points_text(row.points),
            evidence(row),
        )
        for row in rows.itertuples()
    ]
    note = _("有指标缺数据，得分空缺") if pd.isna(score) else ""  # type: ignore[call-overload]
    bold = "**{}**".format
    total = score_text(rows["weight"].sum(min_count=1))
    return [*told, (bold(_("合计")), bold(total), "", bold(points_text(score)), note)]


def _weights_text(row: Row) -> str:
    """The weight, and the one that was counted where it was changed."""
    if pd.isna(row.counted_weight) or row.counted_weight == row.weight:
        return score_text(row.weight)
    return f"{score_text(row.weight)} → {score_text(row.counted_weight)}"


def evidence(row: Row) -> str:
    """What an indicator's rate is made of, or why it is empty and what is done about it."""
    if not row.indicator_reason:
        return _SAYS[row.indicator](row)
    reason = word_text(row.indicator_reason) + _extent(row)
    if not row.missing_treatment:
        return _("缺数据：{reason}").format(reason=reason)
    treatment = word_text(row.missing_treatment, "missing_treatment")
    return _("缺数据：{reason}；{treatment}").format(reason=reason, treatment=treatment)


def _extent(row: Row) -> str:
    """How many lines or months have no data."""
    texts = {
        "no_acceptance_dates": [(_("{count}行"), row.lines)],
        "nothing_due": _not_counted(row),
        "before_ledger": [(_("{count}个月"), row.months_before_ledger)],
    }
    text = _join(texts.get(row.indicator_reason, []))
    return _("（{text}）").format(text=text) if text else ""


def _completion(row: Row) -> str:
    first = _("{all}个品种中{met}个完成").format(
        all=count_text(row.varieties), met=count_text(row.varieties_met)
    )
    return _join([(first, 1), (_("{count}行采购记录数量不详"), row.unmeasured_lines)])


def _selected_share(row: Row) -> str:
    first = _("{all}个品种的平均").format(all=count_text(row.varieties))
    return _join(
        [
            (first, 1),
            (_("{count}个品种退货后无采购量，未计"), row.varieties_left_out),
            (_("{count}行采购记录数量不详"), row.unmeasured_lines),
        ]
    )


def _payment(row: Row) -> str:
    first = _("应付{due}，其中逾期{late}").format(
        due=yuan_text(row.due_amount), late=yuan_text(row.late_amount)
    )
    return _join([(first, 1), *_not_counted(row)])


def _not_counted(row: Row) -> list[tuple[str, Any]]:
    """Lines that payment does not count."""
    return [
        (_("{count}行无验收日期"), row.lines_without_date),
        (_("{count}行未到付款期限"), row.open_lines),
        (_("{count}行退货未计"), row.return_lines),
    ]


def _reporting(row: Row) -> str:
    first = _("{all}个月中{met}个月按时").format(
        all=count_text(row.months_judged), met=count_text(row.months_on_time)
    )
    return _join([(first, 1), (_("{count}个月早于台账启用，无法判断"), row.months_before_ledger)])


_SAYS = dict(zip(INDICATORS, (_completion, _selected_share, _payment, _reporting), strict=True))


def _join(parts: Iterable[tuple[str, Any]]) -> str:
    """Sentence parts with their counts; what does not occur is not said."""
    return _("；").join(says.format(count=count_text(count)) for says, count in parts if count)


def method_sentence(policy: AssessmentPolicy) -> str:
    """How each indicator is worked out, with the days of the policy."""
    return _(
        "约定量完成：各品种完成率（最高100%）的平均；中选占比：各品种中选采购量占全部采购量（扣除退货）的平均；"
        "按时支付：验收后{payment}天内支付的货款 ÷ 应付货款；"
        "按时报送：月后{reporting}天内载入采购记录的月数 ÷ 应报送的月数。"
    ).format(payment=policy.payment_days, reporting=policy.reporting_days)


def summary_rows(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """Of each indicator: its weights, the mean rate, how many have data, how many have none and why."""
    return [_summary(name, rows[rows["indicator"] == name]) for name in INDICATORS]


def _summary(name: str, rows: pd.DataFrame) -> tuple[str, ...]:
    known = rows["indicator_rate"].dropna()
    weights = sorted(rows["weight"].dropna().unique(), reverse=True)
    reasons = rows.loc[rows["indicator_reason"] != "", "indicator_reason"].value_counts()
    each = _("{reason} {count}项")
    return (
        word_text(name, "indicator"),
        _("、").join(score_text(weight) for weight in weights),
        percent_text(known.mean() if len(known) else pd.NA),
        count_text(len(known)),
        count_text(len(rows) - len(known)),
        _("；").join(each.format(reason=word_text(r), count=count_text(n)) for r, n in reasons.items()),
    )
