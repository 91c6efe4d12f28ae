"""Tables of what institutions answer: to their settlements, and why a volume is not being bought."""

from procurement.language import N_
from procurement.published.table import Table
from procurement.queries.replies import replies
from procurement.shortfalls import shortfalls

TABLES: dict[str, Table] = {
    "shortfalls": Table(
        N_("未完成原因"),
        shortfalls,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "batch": "batch",
            "variety": "variety",
            "agreement_year": "agreement_year",
            "agreed_units": "agreed_equivalent",
            "bought_units": "bought_equivalent",
            "rate": "rate",
            "time_progress": "time_progress",
            "status": "status",
            "reason": "shortfall_reason",
            "text": "shortfall_text",
            "at": "explained_at",
            "by": "explained_by",
        },
    ),
    "replies": Table(
        N_("医院反馈"),
        replies,
        {
            "settlement": "settlement_id",
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "batch": "batch",
            "agreement_year": "agreement_year",
            "stance": "reply_stance",
            "text": "reply_text",
            "speaks_of_present_figures": "speaks_of_present",
            "at": "replied_at",
            "by": "replied_by",
        },
    ),
}
