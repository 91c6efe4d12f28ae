"""Sharing schemes and prepayments in words: how many there are, what is missing, each step of one."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.formats import amount_text, count_text, label, share_text, word_text, yuan_text
from dashboard.policy_words import mark_text
from procurement.language import N_, _
from procurement.policies import InForce

SETTLED_PARTS = {
    "capitation": ("granted_amount", "borne_amount"),
    "global_budget": ("granted_amount", "borne_amount"),
    "budget_control": ("carried_over_amount",),
}
"""What becomes of a surplus or an overrun under each scheme, beside the fund's part."""

SIGNS = {
    "carried_in_amount": "+ ",
    "available_budget_amount": "= ",
    "fund_spending_amount": "− ",
    "sharing_surplus_amount": "= ",
    "overrun_amount": "= ",
}
"""Signs before the labels of steps, as in a sum written below each other."""

FUND_PART = {
    "capitation": N_("结余 + 超支 − 结余奖励 − 机构承担超支"),
    "global_budget": N_("结余 + 超支 − 结余奖励 − 机构承担超支"),
    "budget_control": N_("结余 − 结转下年；超支待核查后确定"),
}


@dataclass(frozen=True)
class Step:
    """One line of the working: the column that it is, and how it is worked out."""

    column: str
    method: str

    @property
    def title(self) -> str:
        return SIGNS.get(self.column, "") + label(self.column)


def steps(row: Any) -> list[Step]:
    """The working of one settlement from its budget to the parts, in order."""
    controlled = row.scheme == "budget_control"
    found = [Step("sharing_budget_amount", _budget_method(row))]
    if row.budget_source == "by_earlier_years":
        found.insert(0, Step("earlier_mean_amount", _("（上年支出 + 前年支出）÷ 2")))
    if controlled:
        found += [
            Step("carried_in_amount", _("上年结余结转；首个载入年度为零")),
            Step("available_budget_amount", _("年度预算 + 上年结转")),
        ]
    whole = _("可用预算") if controlled else _("年度预算")
    found += [
        Step("fund_spending_amount", _spending_method(row)),
        Step("sharing_surplus_amount", _("{budget} − 实际基金支出，超支的为零").format(budget=whole)),
        Step("overrun_amount", _("实际基金支出 − {budget}，结余的为零").format(budget=whole)),
    ]
    found += [Step(column, _part_method(column, row)) for column in SETTLED_PARTS[row.scheme]]
    return [*found, Step("fund_share_amount", _(FUND_PART[row.scheme]))]


def _budget_method(row: Any) -> str:
    if row.budget_source == "by_persons":
        amount = yuan_text(row.amount_per_person)
        return _("Σ 参保人数 × 人头定额{amount}，已下达预算的按下达数").format(amount=amount)
    if row.budget_source == "by_earlier_years":
        rate = share_text(row.growth_rate)
        return _("前两年平均支出 × (1 + 增长率{rate})，四舍五入到分").format(rate=rate)
    return word_text(row.budget_source) if row.budget_source else word_text(row.missing_reason)


def _spending_method(row: Any) -> str:
    if pd.isna(row.fund_spending_amount):
        return _("缺实际基金支出")
    return _("{count}家机构合计").format(count=count_text(row.members)) if row.members > 1 else ""


def _part_method(column: str, row: Any) -> str:
    whole, share = (
        (_("超支"), row.overrun_share) if column == "borne_amount" else (_("结余"), row.surplus_share)
    )
    return _("{whole} × {share}，四舍五入到分").format(whole=whole, share=share_text(share))


def step_rows(row: Any) -> list[tuple[str, str, str]]:
    """The steps as texts: what it is, how much, how it is worked out."""
    return [(step.title, yuan_text(getattr(row, step.column)), step.method) for step in steps(row)]


def sharing_sentence(rows: pd.DataFrame) -> str:
    """How many settlements there are, how many are complete, and what the others lack."""
    known = int(rows["sharing_surplus_amount"].notna().sum())
    lacking = rows.loc[rows["sharing_surplus_amount"].isna(), "missing_reason"].value_counts()
    each = _("{reason}{count}项")
    why = _("、").join(each.format(reason=word_text(r), count=count_text(n)) for r, n in lacking.items())
    return _(
        "共{all}项（机构×年度），可清算{known}项，缺少依据{missing}项{why}；缺少依据的不计入合计。"
    ).format(
        all=count_text(len(rows)),
        known=count_text(known),
        missing=count_text(len(rows) - known),
        why=_("（{reasons}）").format(reasons=why) if why else "",
    )


def review_sentence(rows: pd.DataFrame) -> str:
    """How many overruns await their review, and how much they come to."""
    amount = amount_text(rows["overrun_amount"].sum())
    return _("{count}项超支合计{amount}，核查前不确定由谁承担。").format(
        count=count_text(len(rows)), amount=amount
    )


def policy_source(found: InForce) -> str:
    """The document that decides; an example, or a value that a limit holds, is said to be one."""
    mark = mark_text(found)
    return f"{mark}{_('；')}{found.source}" if mark else found.source


def prepayment_sentence(rows: pd.DataFrame) -> str:
    """How many prepayments there are, and what the others lack."""
    lacking = rows.loc[rows["prepaid_amount"].isna(), "missing_reason"].value_counts()
    each = _("{reason}{count}项")
    why = _("、").join(each.format(reason=word_text(r), count=count_text(n)) for r, n in lacking.items())
    text = _("共{all}项（机构×批次×协议年度），缺少依据{missing}项{why}，不计入合计；{running}项年度未结束。")
    return text.format(
        all=count_text(len(rows)),
        missing=count_text(lacking.sum()),
        why=_("（{reasons}）").format(reasons=why) if why else "",
        running=count_text(rows["is_running"].astype(bool).sum()),
    )
