"""Retained surplus, its assessment and its settlement, and the policies behind them."""

from procurement.columns.column import Column
from procurement.language import N_

COLUMNS: dict[str, Column] = {
    # Retention
    "budget_amount": Column(N_("医保资金预算"), "amount", N_("Σ 报量 × 集采前单价 × 统筹基金支付比例。")),
    "spending_amount": Column(
        N_("医保资金支出"), "amount", N_("Σ (约定采购量 × 中选单价 + 非中选采购金额) × 统筹基金支付比例。")
    ),
    "surplus_base_amount": Column(N_("结余测算基数"), "amount", N_("医保资金预算 − 医保资金支出。")),
    "surplus_amount": Column(N_("品种结余"), "amount", N_("该品种的预算 − 支出。")),
    "counted_amount": Column(N_("计入基数"), "amount", N_("该品种计入结余测算基数的金额。")),
    "non_selected_amount": Column(N_("非中选采购金额"), "amount", N_("协议年度内非中选产品的采购金额。")),
    "selected_amount": Column(N_("中选采购金额"), "amount", N_("协议年度内中选产品的采购金额。")),
    "agreed_amount": Column(N_("约定采购金额"), "amount", N_("约定采购量 × 中选单价。")),
    "gross_budget_amount": Column(N_("全额预算"), "amount", N_("报量 × 集采前单价。")),
    "gross_spending_amount": Column(N_("全额支出"), "amount", N_("中选部分金额 + 非中选采购金额。")),
    "fund_ratio": Column(N_("统筹基金支付比例"), "share", N_("费用中由统筹基金支付的比例。")),
    "score": Column(N_("考核得分"), "score", N_("0–100分，决定最高比例的兑现程度。")),
    "maximum_ratio": Column(N_("最高留用比例"), "share", N_("不高于50%。")),
    "granted_share": Column(N_("考核系数"), "share", N_("考核得分对应的兑现比例。")),
    "ratio": Column(N_("留用比例"), "share", N_("最高留用比例 × 考核系数。")),
    "retained_amount": Column(N_("结余留用金额"), "amount", N_("结余测算基数 × 留用比例，四舍五入到分。")),
    "staff_amount": Column(N_("用于人员薪酬"), "amount", N_("结余留用金额 × 人员薪酬比例。")),
    "development_amount": Column(N_("用于事业发展"), "amount", N_("结余留用金额 − 用于人员薪酬。")),
    "reason": Column(N_("未留用原因"), "word", N_("没有留用金额时的原因。")),
    "line_reason": Column(N_("说明"), "word", N_("该品种未计算或未计入的原因。")),
    "remark": Column(N_("备注"), "word", N_("未留用的原因，或年度未结束。")),
    "is_running": Column(N_("年度未结束"), "flag", N_("协议年度尚未结束，金额仍会变动。")),
    # Assessment
    "indicator": Column(N_("考核指标"), "word", N_("约定量完成、中选占比、按时支付或按时报送。")),
    "weight": Column(N_("权重"), "score", N_("该指标在100分中的分值。")),
    "counted_weight": Column(
        N_("计分权重"), "score", N_("计分时实际使用的权重；缺数据的指标按政策处理后的分值。")
    ),
    "indicator_rate": Column(N_("指标值"), "fraction", N_("0–100%，权重 × 指标值为该指标得分。")),
    "points": Column(N_("指标得分"), "score", N_("权重 × 指标值。")),
    "indicator_reason": Column(N_("缺数据原因"), "word", N_("指标没有数据的原因。")),
    "missing_treatment": Column(N_("缺数据的处理"), "word", N_("得分空缺、按零分计，或权重分给其余指标。")),
    "varieties": Column(N_("品种数"), "count", N_("计入该指标的品种数。")),
    "varieties_met": Column(N_("完成品种数"), "count", N_("已采购量达到约定采购量的品种数。")),
    "varieties_left_out": Column(N_("未计品种数"), "count", N_("退货后没有采购量的品种数，不计入占比。")),
    "unmeasured_lines": Column(N_("数量不详行数"), "count", N_("包装转换比不详、采购量未知的采购记录行数。")),
    "lines_without_date": Column(
        N_("无验收日期行数"), "count", N_("没有验收日期、不能判断是否按时支付的行数。")
    ),
    "return_lines": Column(N_("退货行数"), "count", N_("有验收日期、金额不大于零的行数，不计入应付。")),
    "open_lines": Column(N_("未到期行数"), "count", N_("已验收、未付款而付款期限未到的行数。")),
    "due_amount": Column(N_("应付货款"), "amount", N_("已付或付款期限已到的中选产品采购金额。")),
    "late_amount": Column(N_("逾期货款"), "amount", N_("应付货款中超过期限支付或尚未支付的金额。")),
    "months_on_time": Column(N_("按时报送月数"), "count", N_("采购记录按时载入的月数。")),
    "months_judged": Column(N_("应报送月数"), "count", N_("能够判断是否按时报送的月数。")),
    "months_before_ledger": Column(N_("无法判断月数"), "count", N_("报送期限早于台账启用的月数。")),
    "computed_score": Column(N_("计算得分"), "score", N_("Σ 权重 × 指标值，0–100分。")),
    "computed_reason": Column(N_("未计算原因"), "word", N_("没有计算得分的原因。")),
    "score_source": Column(N_("得分来源"), "word", N_("考核得分表，或由指标计算。")),
    "missing_indicators": Column(N_("缺数据的指标"), says=N_("没有数据的考核指标。")),
    "completion_indicator": Column(
        N_("完成约定量"), "fraction", N_("各品种 min(1, 已采购量 ÷ 约定采购量) 的平均数。")
    ),
    "selected_share_indicator": Column(
        N_("中选占比"), "fraction", N_("各品种 中选采购量 ÷ 全部采购量 的平均数。")
    ),
    "payment_indicator": Column(N_("按时支付"), "fraction", N_("按时支付的货款 ÷ 应付货款。")),
    "reporting_indicator": Column(N_("按时报送"), "fraction", N_("按时报送的月数 ÷ 应报送的月数。")),
    "completion_points": Column(N_("约定量得分"), "score", N_("约定量完成的权重 × 指标值。")),
    "selected_share_points": Column(N_("占比得分"), "score", N_("中选占比的权重 × 指标值。")),
    "payment_points": Column(N_("支付得分"), "score", N_("按时支付的权重 × 指标值。")),
    "reporting_points": Column(N_("报送得分"), "score", N_("按时报送的权重 × 指标值。")),
    "evidence": Column(N_("依据"), says=N_("指标值由哪些数据得出。")),
    # Settlement
    "settlement_id": Column(N_("结算编号"), "count", N_("每项结算的编号。")),
    "settlement_state": Column(N_("结算状态"), "word", N_("草稿、已审核、已确认、已拨付或已作废。")),
    "payable_amount": Column(
        N_("本次应拨"), "amount", N_("留用金额 − 被更正的结算已确认的留用金额；负数为应收回。")
    ),
    "now_retained_amount": Column(N_("重新测算"), "amount", N_("按现有数据和政策重新测算的留用金额。")),
    "difference_amount": Column(N_("差额"), "amount", N_("重新测算的留用金额 − 结算的留用金额。")),
    "corrects": Column(N_("更正"), "count", N_("被它更正的结算编号。")),
    "corrected_by": Column(N_("被更正"), "count", N_("更正它的结算编号。")),
    "step_remark": Column(N_("说明"), says=N_("办理时写明的原因或说明。")),
    "outcome_reason": Column(N_("未办理原因"), says=N_("没有起草、审核或确认的原因。")),
    "bought_on": Column(N_("采购日期"), "date", N_("采购或入库的日期；只到月份的为当月1日。")),
    "row_number": Column(N_("行号"), "count", N_("原文件工作表中的行号。")),
    "distributor": Column(N_("配送企业"), says=N_("供货或配送的企业。")),
    "invoice": Column(N_("发票号"), says=N_("发票号码。")),
    "staff_share": Column(N_("人员薪酬比例"), "share", N_("留用金额中用于人员薪酬的部分。")),
    "policy": Column(N_("参数代码"), says=N_("政策参数在文件和命令行中的名称。")),
    "policy_group": Column(N_("分组"), says=N_("政策参数的分组。")),
    "policy_category": Column(N_("适用类别"), says=N_("药品、耗材或两者。")),
    "policy_from": Column(N_("生效日期"), "date", N_("取值生效的第一天。")),
    "policy_until": Column(N_("终止日期"), "date", N_("取值生效的最后一天；空白为长期有效。")),
    "policy_mark": Column(N_("提示"), says=N_("示例值，或取到上下限的值。")),
    "policy_note": Column(N_("政策说明"), says=N_("对取值的说明。")),
    "entry_id": Column(N_("条目编号"), "count", N_("本省、本市条目的编号。")),
    "withdrawn_at": Column(N_("撤回时间"), "time", N_("撤回条目的时间。")),
    "withdrawn_by": Column(N_("撤回人"), says=N_("撤回条目的用户。")),
    "withdrawn_reason": Column(N_("撤回理由"), says=N_("撤回条目的理由。")),
    "policy_title": Column(N_("参数"), says=N_("政策参数的名称。")),
    "policy_words": Column(N_("取值"), says=N_("在协议年度首日生效的取值。")),
    "policy_level": Column(N_("层级"), "word", N_("国家、省或市。")),
    "policy_source": Column(N_("来源"), says=N_("规定这一取值的文件。")),
    "line_number": Column(N_("序号"), "count", N_("核算表中该品种一行的序号。")),
    "reported_baseline_amount": Column(
        N_("报量×集采前单价"), "amount", N_("报量 × 集采前单价，逐行取整到0.0001元。")
    ),
    "starts_on": Column(N_("开始日期"), "date", N_("中选价格执行的第一天。")),
    "provisional_code": Column(
        N_("临时编码"), says=N_("由名称、规格、包装和生产企业生成的编码，以TMP-开头。")
    ),
    "provisional_name": Column(N_("文件中的名称"), says=N_("没有产品编码的行所写的产品名称。")),
    "provisional_spec": Column(N_("文件中的规格"), says=N_("没有产品编码的行所写的规格。")),
    "provisional_manufacturer": Column(N_("文件中的企业"), says=N_("没有产品编码的行所写的生产企业。")),
    "match_score": Column(
        N_("相似度"), "share", N_("名称占40%、规格和包装占35%、生产企业占25%；100%为写法完全一致。")
    ),
    "match_differs": Column(N_("不同之处"), says=N_("两个产品的写法在哪里不同。")),
    "match_decision": Column(N_("结论"), "word", N_("是否确认为同一产品。")),
    "decided_at": Column(N_("决定时间"), "time", N_("作出决定的时间。")),
    "decided_by": Column(N_("决定人"), says=N_("作出决定的用户。")),
}
