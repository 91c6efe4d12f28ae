"""Names of the register and the lists, purchases, savings, agreements and completion."""

from procurement.columns.column import Column
from procurement.language import N_

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
}
