"""What if, volume guidance, and budgets shared with the fund."""

from procurement.columns.column import Column
from procurement.language import N_

COLUMNS: dict[str, Column] = {
    # What if and volume guidance
    "amount_name": Column(N_("项目"), says=N_("比较的金额。")),
    "now_amount": Column(N_("现状"), "amount", N_("按现有数据和政策测算的金额。")),
    "then_amount": Column(N_("调整后"), "amount", N_("按调整后的条件重新测算的金额。")),
    "change_amount": Column(N_("变化"), "amount", N_("调整后 − 现状。")),
    "invoice_amount": Column(N_("采购总金额"), "amount", N_("中选与非中选产品的采购金额之和。")),
    "switch_text": Column(N_("调整"), says=N_("可以增加结余留用的一项调整。")),
    "switch": Column(N_("调整"), "word", N_("可以增加结余留用的一项调整。")),
    "moved_equivalent": Column(N_("改用数量"), "equivalent", N_("由非中选改为中选的采购量（折算）。")),
    "added_equivalent": Column(N_("加购数量"), "equivalent", N_("另需采购的中选产品数量（折算）。")),
    "missing_points": Column(N_("尚差分数"), "score", N_("距上一档考核得分的分数。")),
    "invoice_saving_amount": Column(
        N_("采购金额减少"), "amount", N_("现状 − 调整后的采购总金额；增加为负。")
    ),
    "gain_amount": Column(N_("留用增加"), "amount", N_("单独作此调整，结余留用金额的增加。")),
    "switch_reason": Column(N_("说明"), "word", N_("不能调整，或没有留用金额的原因。")),
    "next_year": Column(N_("报量年度"), "count", N_("参考值所针对的协议年度。")),
    "next_start": Column(N_("报量期首日"), "date", N_("下一协议年度的第一天。")),
    "next_end": Column(N_("报量期末日"), "date", N_("下一协议年度的最后一天。")),
    "history_months": Column(N_("使用月数"), "count", N_("自首次使用起的完整月数，至多为依据的月数。")),
    "last_year_equivalent": Column(
        N_("近12个月用量"), "equivalent", N_("最近12个完整月的中选与非中选采购量（折算）。")
    ),
    "previous_year_equivalent": Column(
        N_("前12个月用量"), "equivalent", N_("再往前12个月的中选与非中选采购量（折算）。")
    ),
    "use_growth": Column(N_("用量增长"), "fraction", N_("近12个月用量 ÷ 前12个月用量 − 1。")),
    "held_growth": Column(N_("计入的增长"), "fraction", N_("限于上下限之内并折减后的年增长率。")),
    "proposed_equivalent": Column(N_("建议报量"), "equivalent", N_("下一协议年度的预测用量。")),
    "low_equivalent": Column(N_("区间下限"), "equivalent", N_("建议报量的下限。")),
    "high_equivalent": Column(N_("区间上限"), "equivalent", N_("建议报量的上限。")),
    "proposed_range": Column(N_("建议区间"), says=N_("建议报量的下限至上限。")),
    "last_reported_year": Column(N_("上次报量年度"), "count", N_("最近一次报量的协议年度。")),
    "last_reported_equivalent": Column(
        N_("上次报量"), "equivalent", N_("最近一次申报的年度需求量（折算）。")
    ),
    "reported_fit": Column(N_("报量判断"), "word", N_("上次报量在建议区间之内、高于或低于区间。")),
    "guidance_reason": Column(N_("说明"), "word", N_("没有参考值，或未计季节和增长的原因。")),
    "season_index": Column(N_("季节指数"), "fraction", N_("该月用量相当于月均用量的比例。")),
    "forecast_equivalent": Column(N_("预测用量"), "equivalent", N_("该月的预测用量（折算）。")),
    "actual_equivalent": Column(N_("实际用量"), "equivalent", N_("年度内中选与非中选采购量（折算）。")),
    "non_selected_equivalent": Column(N_("非中选用量"), "equivalent", N_("年度内非中选采购量（折算）。")),
    "non_selected_share": Column(N_("非中选占比"), "fraction", N_("非中选用量 ÷ 实际用量。")),
    "unfulfilled_equivalent": Column(
        N_("未完成约定量"), "equivalent", N_("约定采购量中没有采购的部分，完成的为零。")
    ),
    "unfulfilled_amount": Column(N_("未完成金额"), "amount", N_("未完成约定量 × 中选单价。")),
    "beyond_equivalent": Column(N_("超约定用量"), "equivalent", N_("中选采购量超出约定采购量的部分。")),
    "reporting": Column(N_("报量情况"), "word", N_("报量与实际用量相比，多报或少报。")),
    # Sharing schemes and prepayment
    "year": Column(N_("年度"), "year", N_("公历年度。")),
    "scheme": Column(N_("包干方式"), "word", N_("按人头包干、总额预算或总额控制。")),
    "members": Column(N_("合并机构数"), "count", N_("合并清算的机构数：卫生院与上级机构为它的村卫生室。")),
    "enrolled_persons": Column(N_("参保人数"), "count", N_("按人头包干的参保（签约）人数。")),
    "amount_per_person": Column(N_("人头定额"), "amount", N_("每人每年的包干金额。")),
    "earlier_mean_amount": Column(N_("前两年平均支出"), "amount", N_("前两年统筹基金支出的平均数。")),
    "growth_rate": Column(N_("增长率"), "share", N_("总额预算在前两年平均支出上的增长率。")),
    "budget_source": Column(N_("预算来源"), "word", N_("预算是下达的，还是按人数或前两年支出计算的。")),
    "sharing_budget_amount": Column(
        N_("年度预算"), "amount", N_("下达的预算，或人数 × 人头定额，或前两年平均支出 × (1 + 增长率)。")
    ),
    "carried_in_amount": Column(N_("上年结转"), "amount", N_("总额控制的上年结余转入。")),
    "available_budget_amount": Column(N_("可用预算"), "amount", N_("年度预算 + 上年结转。")),
    "fund_spending_amount": Column(N_("实际基金支出"), "amount", N_("该年度统筹基金的实际支出。")),
    "sharing_surplus_amount": Column(N_("结余"), "amount", N_("可用预算 − 实际基金支出，超支的为零。")),
    "overrun_amount": Column(N_("超支"), "amount", N_("实际基金支出 − 可用预算，结余的为零。")),
    "surplus_share": Column(N_("结余归机构比例"), "share", N_("结余中给予机构或结转下年的比例。")),
    "overrun_share": Column(N_("超支承担比例"), "share", N_("超支中由机构承担的比例。")),
    "granted_amount": Column(N_("结余奖励"), "amount", N_("结余 × 结余归机构比例，四舍五入到分。")),
    "borne_amount": Column(N_("机构承担超支"), "amount", N_("超支 × 超支承担比例，四舍五入到分。")),
    "carried_over_amount": Column(N_("结转下年"), "amount", N_("总额控制的结余 × 结转比例。")),
    "fund_share_amount": Column(
        N_("基金部分"), "amount", N_("结余中归基金的部分，或超支中由基金承担的部分。")
    ),
    "next_budget_amount": Column(N_("下年预算"), "amount", N_("本年与上年支出的平均数 × (1 + 下年增长率)。")),
    "needs_review": Column(N_("超支核查"), "flag", N_("总额控制的超支须经核查后处理。")),
    "missing_reason": Column(N_("说明"), "word", N_("没有金额时缺哪一项，或超支待核查。")),
    "prepayment_ratio": Column(N_("预付比例"), "share", N_("不低于30%。")),
    "prepaid_amount": Column(N_("预付金额"), "amount", N_("约定采购金额 × 预付比例，四舍五入到分。")),
    "cleared_amount": Column(N_("已清算"), "amount", N_("以协议年度内中选产品采购金额冲抵的预付金额。")),
    "outstanding_amount": Column(N_("未清算"), "amount", N_("预付金额 − 已清算。")),
    "institution_count": Column(N_("机构数"), "count", N_("有约定采购量的机构数。")),
    "missing_rows": Column(N_("缺依据机构数"), "count", N_("没有金额的机构数，不在合计之内。")),
}
