"""One proposal of 报量参考: its figures, its months, its working, and what reporting cost last year."""

import pandas as pd
import streamlit as st

from dashboard import data, whatif_views
from dashboard.charts.guidance import use_and_forecast
from dashboard.formats import (
    amount_text,
    count_text,
    day_text,
    label,
    month_text,
    percent_text,
    units_text,
    word_text,
    yuan_text,
)
from dashboard.page import as_text, show_cards, show_chart
from dashboard.retention_words import table_text
from dashboard.tables import YUAN, show_table
from procurement.filters import Filters
from procurement.language import _
from procurement.measures.guidance import Proposal, working
from procurement.measures.reporting import OVER, UNDER
from procurement.measures.whatif import Outcome, compared
from procurement.policies.guidance import GuidanceTerms

COST = ["variety", "reported_equivalent", "actual_equivalent", "reporting", "agreed_equivalent",
        "bought_equivalent", "unfulfilled_equivalent", "unfulfilled_amount", "beyond_equivalent",
        "non_selected_share"]  # fmt: skip
COST_WIDTHS = {"variety": 165, "reported_equivalent": 90, "actual_equivalent": 90, "reporting": 70,
               "agreed_equivalent": 90, "bought_equivalent": 90, "unfulfilled_equivalent": 95,
               "unfulfilled_amount": 100, "beyond_equivalent": 90, "non_selected_share": 85}  # fmt: skip


def show_proposal(filters: Filters, row: pd.Series, terms: GuidanceTerms) -> None:
    """The row that was chosen, from its months to its proposal."""
    names = (row["institution_code"], row["batch"], row["variety"])
    found = data.frame(whatif_views.proposal, filters, *map(str, names))
    span = _("报量期{start}至{end}").format(
        start=day_text(row["next_start"].date()), end=day_text(row["next_end"].date())
    )
    who = f"**{as_text(row['institution_name'])}**　{as_text(row['batch'])}　**{as_text(row['variety'])}**"
    st.markdown(f"{who}　{span}")
    width = _("按{share}的把握程度。").format(share=percent_text(terms.confidence, 0))
    show_cards([
        (_("建议报量"), units_text(row["proposed_equivalent"]), word_text(row["guidance_reason"])),
        (label("low_equivalent"), units_text(row["low_equivalent"]), width),
        (label("high_equivalent"), units_text(row["high_equivalent"]), width),
        (_("上次报量"), units_text(row["last_reported_equivalent"]), word_text(row["reported_fit"])),
        (_("近12个月用量"), units_text(row["last_year_equivalent"]), _("中选与非中选采购量之和。")),
    ])  # fmt: skip
    if found is None:
        st.caption(_("采购数量的单位不明，无法折算。"))
        return
    months = working(found)
    title = _("{variety}各月用量与预测").format(variety=row["variety"])
    show_chart(use_and_forecast(months, title, _("最小单位")), key="use")
    with st.expander(_("逐步计算")):
        _show_steps(found, months, terms)


def _show_steps(found: Proposal, months: pd.DataFrame, terms: GuidanceTerms) -> None:
    st.markdown(table_text([_("步骤"), _("数值"), _("计算方法")], _steps(found, terms), right=(1,)))
    if not found.forecast:
        return
    ahead = months[months["forecast_equivalent"].notna()]
    told = [
        (month_text(row.month), percent_text(row.season_index), units_text(row.forecast_equivalent))
        for row in ahead.itertuples(index=False)
    ]
    st.markdown(table_text([_("月份"), _("季节指数"), _("预测用量")], told, right=(1, 2)))


def _steps(found: Proposal, terms: GuidanceTerms) -> list[tuple[str, str, str]]:
    use, last = found.use, sum(found.use[-12:])
    counted = _("自首次使用起的完整月，至多{months}个月").format(months=terms.history_months)
    steps = [(_("使用月数"), count_text(len(use)), counted)]
    if use:
        span = {"first": month_text(found.months[-min(len(use), 12)]), "last": month_text(found.last_month)}
        steps.append((_("近12个月用量"), units_text(last), _("{first}至{last}各月之和").format(**span)))
    if found.growth is not None:
        held = _("限于{least}至{most}，再 × {damping}").format(
            least=percent_text(terms.growth_least), most=percent_text(terms.growth_most),
            damping=percent_text(terms.damping, 0),
        )  # fmt: skip
        steps += [
            (_("前12个月用量"), units_text(sum(use[-24:-12])), _("再往前12个月之和")),
            (_("用量增长"), percent_text(float(found.growth)), _("近12个月 ÷ 前12个月 − 1")),
            (_("计入的年增长"), percent_text(float(found.held_growth or 0)), held),
        ]
    if found.reason:
        steps.append((_("说明"), word_text(found.reason), ""))
    if found.proposed is not None:
        month = _(
            "各月预测 = 近12个月月均 × 季节指数 ×（1 + 计入的年增长 × 距离月数 ÷ 12），十二个月之和，取整"
        )
        level = _("近12个月用量，不计季节和增长")
        steps.append((_("建议报量"), units_text(found.proposed), month if found.season else level))
        width = f"{units_text(found.low)}–{units_text(found.high)}"
        text = _("建议报量 ± {z} × √(24 × 各月实际与拟合之差的均方)").format(z=f"{float(terms.z):.4f}")
        steps.append((_("建议区间"), width, text))
    return steps


def show_cost(filters: Filters, row: pd.Series) -> None:
    """What reporting too much or too little cost in the last ended year of the institution and batch."""
    st.subheader(_("上一协议年度多报、少报的代价"), anchor=False)
    code, batch = str(row["institution_code"]), str(row["batch"])
    year = data.frame(whatif_views.ended_year, filters, code, batch)
    if year is None:
        st.caption(_("该机构在此批次还没有结束的协议年度。"))
        return
    lines, outcome = data.frame(whatif_views.reporting, filters, code, batch, year)
    st.markdown(_cost_sentence(row, year, lines, outcome))
    show_table(lines, COST, key="cost", unit=YUAN, widths=COST_WIDTHS)
    st.caption(
        _("数量为折算后的最小单位数；未完成金额 = 未完成约定量 × 中选单价，是按报量约定而没有采购的部分。")
    )


def _cost_sentence(row: pd.Series, year: int, lines: pd.DataFrame, outcome: Outcome) -> str:
    amounts = compared(outcome).set_index("amount_name").loc["retained_amount"]
    missing, beyond = lines["unfulfilled_amount"].sum(), int((lines["beyond_equivalent"] > 0).sum())
    counts = lines["reporting"].value_counts()
    text = _(
        "**{institution}**　{batch}　第{year}协议年度：多报{over}个品种、少报{under}个品种。"
        "按约定应购而未购的中选产品值**{missing}**；{beyond}个品种的中选用量超出约定采购量。"
    ).format(
        institution=as_text(row["institution_name"]),
        batch=as_text(row["batch"]),
        year=year,
        over=counts.get(OVER, 0),
        under=counts.get(UNDER, 0),
        missing=yuan_text(missing),
        beyond=beyond,
    )
    if pd.isna(amounts["change_amount"]):
        return text + _("该年度的结余留用缺少依据，不能比较。")
    change = amounts["change_amount"]
    if change == 0:
        return text + _("若当时按实际用量报量（约定比例不变），结余留用不变。")
    more = _("若当时按实际用量报量（约定比例不变），结余留用为{then}：报量不准使留用少得了{change}。")
    less = _(
        "若当时按实际用量报量（约定比例不变），结余留用为{then}：报量偏高抬高了预算，留用多算了{change}。"
    )
    told = {"then": amount_text(amounts["then_amount"]), "change": amount_text(abs(change))}
    return text + (more if change > 0 else less).format(**told)
