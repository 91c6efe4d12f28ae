"""The retained surplus in words: how many settlements, each step of the formula, the policy behind it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard.exports.data_basis import missing_reasons
from dashboard.formats import count_text, day_text, share_text, word_text, yuan_text
from dashboard.policy_words import choice_text, mark_text, value_text
from procurement.language import N_, _
from procurement.money import UNIT_SCALE
from procurement.policies import InForce, PolicyBook, PolicyError
from procurement.policies.retention import ROUNDING_UNITS, TERMS
from procurement.tables.register import CATEGORIES

BASES = {"agreed": N_("约定口径"), "actual": N_("实际口径")}
"""Spending bases that a reader can look at."""

RETENTION_TERMS = tuple(f"retention_{term}" for term in TERMS)
"""Parameters of the retention formula."""

Step = tuple[str, str, str]
"""What it is, how much, how it is worked out."""


def settlement_sentence(rows: pd.DataFrame) -> str:
    """How many settlements there are, how many are complete, how many years still run."""
    if rows.empty:
        return _("当前筛选范围内没有可测算的协议年度。")
    settled = rows["retained_amount"].notna().sum()
    each = _("{reason}{count}项")
    reasons = missing_reasons(rows).items()
    why = _("、").join(each.format(reason=word_text(reason), count=count_text(n)) for reason, n in reasons)
    return _(
        "共{all}项（机构×批次×协议年度），已测算{settled}项，缺少依据{missing}项{why}；{running}项年度未结束，金额仍会变动。"
    ).format(
        all=count_text(len(rows)),
        settled=count_text(settled),
        missing=count_text(len(rows) - settled),
        why=_("（{reasons}）").format(reasons=why) if why else "",
        running=count_text(rows["is_running"].astype(bool).sum()),
    )


def reason_counts(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Reasons why nothing is kept or known, most frequent first: words and number of settlements."""
    reasons = rows["reason"].fillna("")
    counts = reasons[reasons != ""].value_counts()
    return [
        (word_text(reason), _("{count}项").format(count=count_text(count)))
        for reason, count in counts.items()
    ]


def steps(row: Any) -> list[Step]:
    """The formula with the numbers of one settlement (figures.retention), step by step."""
    spent = _("约定采购量 × 中选单价") if row.spending_basis == "agreed" else _("中选产品实际采购金额")
    volume = _("约定采购量") if row.budget_basis == "agreed" else _("报量")
    ratio = share_text(row.fund_ratio)
    found = [
        (
            _("医保资金预算"),
            yuan_text(row.budget_amount),
            _("Σ {volume} × 集采前单价 × 统筹基金支付比例{ratio}").format(volume=volume, ratio=ratio),
        ),
        (
            _("− 医保资金支出"),
            yuan_text(row.spending_amount),
            _("Σ（{spent} + 非中选采购金额）× 统筹基金支付比例{ratio}").format(spent=spent, ratio=ratio),
        ),
        (_("= 结余测算基数"), yuan_text(row.surplus_base_amount), _base_remark(row)),
        (_("× 最高留用比例"), share_text(row.maximum_ratio), _("政策参数，不高于50%")),
        (_("× 考核系数"), share_text(row.granted_share), _score_remark(row)),
        (_("= 结余留用金额"), yuan_text(row.retained_amount), _retained_remark(row)),
    ]
    if not pd.isna(row.retained_amount):
        staff = share_text(row.staff_share)
        found += [
            (
                _("其中：用于人员薪酬"),
                yuan_text(row.staff_amount),
                _("结余留用金额 × {share}").format(share=staff),
            ),
            (_("　　　用于事业发展"), yuan_text(row.development_amount), _("结余留用金额 − 用于人员薪酬")),
        ]
    return found


def _base_remark(row: Any) -> str:
    known = not (
        pd.isna(row.budget_amount) or pd.isna(row.spending_amount) or pd.isna(row.surplus_base_amount)
    )
    uncounted = known and row.budget_amount - row.spending_amount != row.surplus_base_amount
    return _("预算 − 支出，未计入的品种见下表") if uncounted else _("预算 − 支出")


def _score_remark(row: Any) -> str:
    if pd.isna(row.score):
        return _("缺考核得分")
    return _("考核得分{score}分").format(score=f"{Decimal(int(row.score)) / UNIT_SCALE:.1f}")


def _retained_remark(row: Any) -> str:
    return word_text(row.reason) if row.reason else _rounding_text(row.rounding_amount)


def _rounding_text(unit: int) -> str:
    words = {unit: word for word, unit in ROUNDING_UNITS.items()}
    return choice_text(words[unit])


def table_text(heads: Iterable[str], rows: Iterable[Iterable[str]], right: tuple[int, ...] = ()) -> str:
    """A markdown table; `right` numbers the columns of figures."""
    heads = list(heads)
    rule = ["--:" if at in right else ":--" for at in range(len(heads))]
    lines = [
        heads,
        rule,
        *([str(cell).replace("|", "\\|").replace("~", "\\~") for cell in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def policy_rows(
    book: PolicyBook,
    day: date,
    category: str | None = None,
    names: Iterable[str] = RETENTION_TERMS,
) -> list[tuple[str, str, str, str]]:
    """Each term of a policy on a day: title, value, since when, source (and whether it is an example)."""
    return [_policy_row(found) for name in names for found in _in_force(book, name, day, category)]


def _in_force(book: PolicyBook, name: str, day: date, category: str | None) -> list[InForce]:
    found = []
    for each in (category,) if category else CATEGORIES:
        try:
            value = book.on(name, day, each)
        except PolicyError:
            continue
        if value not in found:
            found.append(value)
    return found


def _policy_row(found: InForce) -> tuple[str, str, str, str]:
    entry, title = found.entry, found.parameter.title
    if entry.category:
        title = _("{title}（{category}）").format(title=title, category=word_text(entry.category))
    mark = _("**{mark}**；").format(mark=mark_text(found)) if mark_text(found) else ""
    return title, value_text(found.parameter, found.value), day_text(entry.from_date), mark + found.source
