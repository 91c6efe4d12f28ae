"""The monthly reports of institutions: open → submitted → closed by an official → reopened with a reason.

states      month_states: how every institution stands in every month; the rules are in measures.months
reminders   who has not reported which months that are due
acts        close, reopen, declare that nothing was bought, or that a reopened month is right as it is; the
            history is only added to
"""

from procurement.reporting.acts import (
    MonthOutcome,
    ReportingRefused,
    close,
    confirm_unchanged,
    declare_nothing_bought,
    reopen,
)
from procurement.reporting.reminders import reminders
from procurement.reporting.states import (
    default_month,
    last_ended_month,
    month_states,
    reporting_day,
    told_months,
)

__all__ = [
    "MonthOutcome",
    "ReportingRefused",
    "close",
    "confirm_unchanged",
    "declare_nothing_bought",
    "default_month",
    "last_ended_month",
    "month_states",
    "reminders",
    "reopen",
    "reporting_day",
    "told_months",
]
