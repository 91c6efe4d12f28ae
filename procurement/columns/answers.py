"""Columns of what institutions answer and have to answer: replies, reasons of a shortfall, findings."""

from procurement.columns.column import Column
from procurement.language import N_

COLUMNS: dict[str, Column] = {
    # Replies to a settlement
    "reply_state": Column(N_("核对情况"), "word", N_("机构是否同意结算，异议是否已答复。")),
    "reply_stance": Column(N_("意见"), "word", N_("机构同意或提出异议，医保部门答复。")),
    "reply_text": Column(N_("说明"), says=N_("异议的理由，或答复的内容。")),
    "speaks_of_present": Column(N_("针对现有数字"), "flag", N_("提出意见之后，结算没有重新测算过。")),
    "replied_at": Column(N_("时间"), "time", N_("提出意见或答复的时间。")),
    "replied_by": Column(N_("办理人"), says=N_("提出意见或答复的账号。")),
    # Reasons of a shortfall
    "shortfall_reason": Column(N_("未完成原因"), "word", N_("机构说明的约定采购量未按进度完成的原因。")),
    "shortfall_text": Column(N_("补充说明"), says=N_("机构对未完成原因的补充。")),
    "explained_at": Column(N_("说明时间"), "time", N_("机构说明原因的时间。")),
    "explained_by": Column(N_("说明人"), says=N_("说明原因的账号。")),
    "remaining_equivalent": Column(N_("尚需采购"), "equivalent", N_("约定采购量 − 已采购量（折算）。")),
    "months_left": Column(N_("剩余月数"), "months", N_("协议年度剩余的时间，按月计。")),
    # Findings
    "open_findings": Column(N_("待办件数"), "count", N_("需要机构办理的事项，共有多少件。")),
    "above_lines": Column(N_("高于中选价行数"), "count", N_("中选产品的采购价高于当日中选价的采购记录。")),
    "above_amount": Column(N_("高出金额"), "amount", N_("采购金额 − 采购量 × 当日中选价。")),
    "met_share": Column(
        N_("约定量完成"), "fraction", N_("Σ min(已采购量, 约定采购量) ÷ Σ 约定采购量，当前协议年度。")
    ),
    "year_saving_amount": Column(N_("近12个月节约"), "amount", N_("最近12个完整月的节约金额。")),
    "retained_so_far_amount": Column(N_("留用金额"), "amount", N_("已开始的协议年度结余留用金额合计。")),
}
