"""Columns of the monthly reports of institutions."""

from procurement.columns.column import Column
from procurement.language import N_

COLUMNS: dict[str, Column] = {
    "month_state": Column(N_("状态"), "word", N_("未上报、已上报或已关账。")),
    "report_state": Column(
        N_("上报状态"), "word", N_("未上报而期限已过的为逾期；已关账的月份不再接受导入。")
    ),
    "is_asked": Column(N_("须上报"), "flag", N_("该月有约定采购量，或该月及此前12个月内有采购。")),
    "due_on": Column(N_("上报期限"), "date", N_("月末或重新开放之日起，加政策规定的报送天数。")),
    "days_overdue": Column(N_("逾期天数"), "count", N_("超过上报期限的天数；未到期为零。")),
    "months_open": Column(N_("未报月数"), "count", N_("该机构应报未报的月数。")),
    "was_open": Column(N_("此前未上报"), "flag", N_("办理时须上报而未上报。")),
    "step_state": Column(N_("办理"), "word", N_("申报无采购、关账或重新开放。")),
    "step_at": Column(N_("办理时间"), "time", N_("最近一次申报、关账或重新开放的时间。")),
    "step_by": Column(N_("办理人"), says=N_("最近一次办理的账号。")),
    "step_reason": Column(N_("原因"), says=N_("重新开放的原因。")),
    "months_told": Column(N_("所属月份"), says=N_("采购记录所属的月份。")),
    "report_use": Column(N_("状况"), "word", N_("有效、已撤回，或所属月份均已关账。")),
    "institution_names": Column(N_("机构"), says=N_("采购记录所属的机构。")),
}
