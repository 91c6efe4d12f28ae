"""Tables of the monthly reports of institutions."""

from procurement.language import N_
from procurement.published.table import Table
from procurement.reporting import reminders, told_months

TABLES: dict[str, Table] = {
    "months": Table(
        N_("月度上报"),
        told_months,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "district": "district",
            "month": "month",
            "state": "month_state",
            "asked": "is_asked",
            "due_on": "due_on",
            "days_overdue": "days_overdue",
            "lines": "lines",
            "paid": "paid_amount",
            "import": "import_id",
            "imported_at": "imported_at",
            "imported_by": "imported_by",
            "step": "step_state",
            "step_at": "step_at",
            "step_by": "step_by",
            "step_reason": "step_reason",
        },
    ),
    "reminders": Table(
        N_("催报名单"),
        reminders,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "district": "district",
            "month": "month",
            "due_on": "due_on",
            "days_overdue": "days_overdue",
            "months_open": "months_open",
            "lines": "lines",
            "paid": "paid_amount",
        },
    ),
}
