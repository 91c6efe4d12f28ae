"""Label, unit and one sentence for each column name: used by sheet, axis, page, export and glossary.

Units: amount (1/10000 yuan), unit_price (10⁻⁶ yuan), equivalent and share and score (millionths),
fraction (a float), units and count (whole numbers), date, month, flag, word (one of WORDS), text.
"""

from dataclasses import dataclass

from procurement.language import N_


@dataclass(frozen=True)
class Column:
    """How a column reads; `label` and `says` are source texts for language._ ."""

    label: str
    unit: str = "text"
    says: str = ""


COLUMNS: dict[str, Column] = {
    # Register
    "institution_code": Column(N_("机构编码"), says=N_("定点医药机构代码。")),
    "institution_name": Column(N_("机构名称"), says=N_("医院、基层医疗机构或零售药店。")),
    "kind": Column(N_("机构类型"), "word", N_("医院、基层医疗机构或零售药店。")),
    "level": Column(N_("级别"), "word", N_("机构等级或批次组织层级。")),
    "district": Column(N_("区县"), says=N_("机构所在区县。")),
    "chain": Column(N_("连锁企业"), says=N_("零售药店所属连锁。")),
    # Lists
    "batch": Column(N_("批次"), says=N_("一次集中采购及其结果。")),
    "category": Column(N_("类别"), "word", N_("药品或耗材。")),
    "variety": Column(N_("品种"), says=N_("集中采购的标的：通用名加剂型，或耗材类别。")),
    "product_code": Column(N_("产品编码"), says=N_("医保药品代码或耗材代码。")),
    "product_name": Column(N_("产品名称"), says=N_("品规的通用名称。")),
    "spec": Column(N_("规格包装"), says=N_("规格与包装。")),
    "manufacturer": Column(N_("生产企业"), says=N_("生产企业全称。")),
    "base_unit": Column(N_("最小单位"), says=N_("片、粒、支、袋、套等，价格与数量都按它比较。")),
    "execution_date": Column(N_("执行日期"), "date", N_("批次中选结果执行的首日。")),
    "end_date": Column(N_("截止日期"), "date", N_("批次采购周期的末日。")),
    "baseline_unit_price": Column(N_("集采前单价"), "unit_price", N_("每最小单位的集采前价格。")),
    "awarded_unit_price": Column(N_("中选单价"), "unit_price", N_("每最小单位的中选价格。")),
    "drop": Column(N_("降幅"), "fraction", N_("1 − 中选单价 ÷ 集采前单价。")),
    "baseline_basis": Column(N_("集采前价格依据"), "word", N_("集采前价格的口径。")),
    "award_status": Column(N_("中选状态"), "word", N_("中选、备供、不带量、取消中选、非中选或外省中选。")),
    "price_reason": Column(N_("缺价原因"), "word", N_("没有降幅时缺哪一个价格。")),
    # Purchases and savings
    "month": Column(N_("月份"), "month", N_("采购发生的月份。")),
    "lines": Column(N_("采购记录数"), "count", N_("采购明细的行数。")),
    "base_units": Column(N_("采购量"), "units", N_("按最小单位计的采购量，退货为负。")),
    "equivalent_units": Column(N_("折算采购量"), "equivalent", N_("采购量 × 折算系数。")),
    "paid_amount": Column(N_("采购金额"), "amount", N_("实际支付金额，含税。")),
    "paid_unit_price": Column(N_("采购均价"), "unit_price", N_("采购金额 ÷ 采购量。")),
    "baseline_amount": Column(N_("按集采前价格计"), "amount", N_("采购量 × 集采前单价。")),
    "saving_amount": Column(N_("节约金额"), "amount", N_("按集采前价格计的金额 − 采购金额；涨价为负。")),
    "missed_amount": Column(N_("少节约金额"), "amount", N_("非中选采购高于同品种中选价的部分。")),
    "selected_saving_amount": Column(N_("中选节约"), "amount", N_("节约金额中来自中选产品的部分。")),
    "non_selected_saving_amount": Column(N_("非中选节约"), "amount", N_("节约金额中来自非中选产品的部分。")),
    "saving_share": Column(N_("节约率"), "fraction", N_("节约金额 ÷ 按集采前价格计的金额。")),
    "is_selected": Column(N_("是否中选"), "flag", N_("采购当日产品是否为该批次中选产品。")),
    "expected_amount": Column(N_("预期节约"), "amount", N_("约定采购量 × (集采前单价 − 中选单价)。")),
    # Agreements and completion
    "agreement_year": Column(N_("协议年度"), "count", N_("自批次执行日起每12个月为一个协议年度。")),
    "year_start": Column(N_("年度首日"), "date", N_("协议年度的第一天。")),
    "year_end": Column(N_("年度末日"), "date", N_("协议年度的最后一天。")),
    "reported_equivalent": Column(N_("报量"), "equivalent", N_("机构申报的年度需求量。")),
    "agreed_equivalent": Column(N_("约定采购量"), "equivalent", N_("协议年度内须采购的中选产品数量。")),
    "bought_equivalent": Column(N_("已采购量"), "equivalent", N_("协议年度内已采购的中选产品数量（折算）。")),
    "area": Column(N_("地区"), says=N_("区县，或整个统筹地区。")),
    "stated_equivalent": Column(N_("地区总量"), "equivalent", N_("按地区写明的约定采购量（折算）。")),
    "institutions_equivalent": Column(
        N_("机构合计"), "equivalent", N_("该地区各机构约定采购量之和（折算）。")
    ),
    "difference_equivalent": Column(N_("与机构合计之差"), "equivalent", N_("地区总量 − 机构合计。")),
    "rate": Column(N_("完成率"), "fraction", N_("已采购量 ÷ 约定采购量。")),
    "time_progress": Column(N_("时间进度"), "fraction", N_("协议年度已过天数 ÷ 全年天数。")),
    "needed_equivalent": Column(N_("每月尚需采购"), "equivalent", N_("按期完成所需的月均采购量。")),
    "status": Column(N_("进度状态"), "word", N_("完成率与时间进度的比较。")),
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
    "gross_budget_amount": Column(N_("预算（支付比例前）"), "amount", N_("报量 × 集采前单价。")),
    "gross_spending_amount": Column(
        N_("支出（支付比例前）"), "amount", N_("中选部分金额 + 非中选采购金额。")
    ),
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
    # Products without a code
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
    # Imports
    "import_id": Column(N_("导入编号"), "count", N_("每次导入的编号。")),
    "file_name": Column(N_("文件"), says=N_("导入的文件名。")),
    "import_kind": Column(N_("表种"), "word", N_("工作簿的种类。")),
    "imported_at": Column(N_("导入时间"), "time", N_("导入完成的时间。")),
    "imported_by": Column(N_("导入人"), says=N_("执行导入的用户。")),
    "rows": Column(N_("行数"), "count", N_("载入的行数。")),
    "skipped_rows": Column(N_("跳过行数"), "count", N_("因问题未载入的行数。")),
    "skipped_amount": Column(N_("跳过金额"), "amount", N_("未载入行的金额合计。")),
    "import_status": Column(N_("检查结果"), says=N_("能否载入。")),
    "import_mode": Column(N_("导入方式"), "word", N_("覆盖、追加或更新。")),
    "new_rows": Column(N_("新增"), "count", N_("台账中原来没有的行。")),
    "changed_rows": Column(N_("变更"), "count", N_("台账中已有、内容改变的行。")),
    "unchanged_rows": Column(N_("未变"), "count", N_("台账中已有、内容相同的行。")),
    "withdrawn_rows": Column(N_("撤下"), "count", N_("台账中原有、文件中没有而撤下的行。")),
    "undoes": Column(N_("撤销对象"), "count", N_("这次撤销所针对的导入编号。")),
    "undone_by": Column(N_("撤销编号"), "count", N_("撤销这次导入的记录编号。")),
    "undo_state": Column(N_("撤销情况"), says=N_("这次导入是否已被撤销，或撤销了哪一次。")),
    "check_code": Column(N_("校验码"), says=N_("由文件内容算出的一串字符，内容相同则相同。")),
    "base_units_before": Column(N_("原采购量"), "units", N_("载入前台账中的采购量。")),
    "base_units_after": Column(N_("新采购量"), "units", N_("载入后台账中的采购量。")),
    "base_units_change": Column(N_("采购量增减"), "units", N_("新采购量 − 原采购量。")),
    "amount_before": Column(N_("原金额"), "amount", N_("载入前台账中的采购金额。")),
    "amount_after": Column(N_("新金额"), "amount", N_("载入后台账中的采购金额。")),
    "amount_change": Column(N_("金额增减"), "amount", N_("新金额 − 原金额。")),
    "saving_before": Column(N_("原节约"), "amount", N_("载入前台账中的节约金额。")),
    "saving_after": Column(N_("新节约"), "amount", N_("载入后台账中的节约金额。")),
    "saving_change": Column(N_("节约增减"), "amount", N_("新节约 − 原节约。")),
    "change": Column(N_("变动"), "word", N_("新增、变更或撤下。")),
    "changed_row": Column(N_("对象"), says=N_("名录或清单中的哪一行。")),
    "changed_column": Column(N_("项目"), says=N_("哪一项内容不同。")),
    "value_before": Column(N_("原内容"), says=N_("台账中的内容。")),
    "value_after": Column(N_("新内容"), says=N_("文件中的内容。")),
    "name": Column(N_("名称"), says=N_("机构、批次、品种或产品的名称。")),
    "ownership": Column(N_("经济类型"), says=N_("公立、民营等。")),
    "parent_code": Column(N_("上级机构编码"), says=N_("所属机构的编码。")),
    "form": Column(N_("剂型"), says=N_("口服常释剂型、注射剂等。")),
    "units_per_pack": Column(N_("转换比"), "units", N_("每个包装含多少最小单位。")),
    "registration": Column(N_("批准文号"), says=N_("药品批准文号或医疗器械注册证编号。")),
    "ends_on": Column(N_("截止日期"), "date", N_("中选价格执行的最后一天。")),
    "strength_factor": Column(N_("折算系数"), "equivalent", N_("一个最小单位折合主规格的数量。")),
    "supply_area": Column(N_("供应地区"), says=N_("中选企业供应的省份。")),
    "reported_units": Column(N_("报量"), "units", N_("机构上报的需求量，按最小单位计。")),
    "agreed_units": Column(N_("约定采购量"), "units", N_("一个协议年度约定采购的数量，按最小单位计。")),
    "loudness": Column(N_("程度"), "word", N_("无法载入、该行有误或提示。")),
    "sheet_column": Column(N_("列名"), says=N_("问题所在的列。")),
    "problem_count": Column(N_("问题数"), "count", N_("有误与提示的处数。")),
    "sheet": Column(N_("工作表"), says=N_("问题所在的工作表。")),
    "cell": Column(N_("单元格"), says=N_("问题所在的单元格或行。")),
    "cell_value": Column(N_("现有内容"), says=N_("单元格中的内容。")),
    "problem": Column(N_("问题"), says=N_("哪里不对。")),
    "remedy": Column(N_("处理办法"), says=N_("怎样修改。")),
}

WORDS: dict[str, str] = {
    # Kinds of institution, categories, levels
    "hospital": N_("医院"),
    "primary_care": N_("基层医疗机构"),
    "pharmacy": N_("零售药店"),
    "drug": N_("药品"),
    "consumable": N_("耗材"),
    "national": N_("国家组织"),
    "alliance": N_("省际联盟"),
    "province": N_("省级"),
    "city": N_("市级"),
    "negotiated": N_("国家谈判"),
    # Bases of a baseline price
    "weighted_mean": N_("集采前加权均价"),
    "ceiling": N_("最高有效申报价"),
    "listed": N_("挂网价"),
    "inferred": N_("由采购记录推算"),
    "variety_mean": N_("同品种产品均值"),
    # Award status
    "selected": N_("中选"),
    "standby": N_("备供"),
    "no_volume": N_("不带量"),
    "cancelled": N_("取消中选"),
    "non_selected": N_("非中选"),
    "elsewhere": N_("外省中选"),
    # Completion status
    "ahead": N_("超前"),
    "on_track": N_("正常"),
    "behind": N_("滞后"),
    "at_risk": N_("有风险"),
    "not_set": N_("未配置"),
    # Reasons of a retention figure
    "no_policy": N_("该协议年度没有生效的留用政策"),
    "no_ratio": N_("缺统筹基金支付比例"),
    "no_reported": N_("缺报量"),
    "no_baseline": N_("缺集采前价格"),
    "no_awarded": N_("缺中选价格"),
    "no_score": N_("缺考核得分"),
    "no_surplus": N_("结余测算基数不大于零"),
    "score_too_low": N_("考核得分未达留用标准"),
    "below_threshold": N_("完成率未达留用条件，结余不计入"),
    "loss_not_counted": N_("品种结余为负，按零计"),
    "running": N_("年度未结束"),
    # Decisions about products without a code
    "confirmed": N_("同一产品"),
    "rejected": N_("不是同一产品"),
    # Kinds of workbook
    "institutions": N_("医药机构名录"),
    "batch_list": N_("中选结果"),
    "substitutes": N_("同品种产品"),
    "agreed_volumes": N_("约定采购量"),
    "purchases": N_("采购记录"),
    "assessments": N_("考核得分"),
    "payment_ratios": N_("支付比例"),
    "undo": N_("撤销"),
    # What an import does to what is there
    "replace": N_("覆盖"),
    "add": N_("追加"),
    "update": N_("更新"),
    "new": N_("新增"),
    "changed": N_("变更"),
    "withdrawn": N_("撤下"),
    # How serious a problem is
    "stop": N_("无法载入"),
    "skip": N_("该行有误"),
    "mention": N_("提示"),
}
