"""Tables of the volume guidance, of yearly budgets shared with the fund, and of its prepayment."""

from procurement import guidance
from procurement import sharing as schemes
from procurement.language import N_
from procurement.published.table import Table

TABLES: dict[str, Table] = {
    "guidance": Table(
        N_("报量参考"),
        guidance.guidance,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "batch": "batch",
            "variety": "variety",
            "from": "next_start",
            "to": "next_end",
            "last_12_months": "last_year_equivalent",
            "previous_12_months": "previous_year_equivalent",
            "growth": "use_growth",
            "proposed": "proposed_equivalent",
            "low": "low_equivalent",
            "high": "high_equivalent",
            "last_reported": "last_reported_equivalent",
            "reported_fit": "reported_fit",
            "reason": "guidance_reason",
        },
    ),
    "sharing": Table(
        N_("总额包干"),
        schemes.sharing,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "year": "year",
            "scheme": "scheme",
            "members": "members",
            "persons": "enrolled_persons",
            "budget": "sharing_budget_amount",
            "budget_source": "budget_source",
            "carried_in": "carried_in_amount",
            "spending": "fund_spending_amount",
            "surplus": "sharing_surplus_amount",
            "overrun": "overrun_amount",
            "granted": "granted_amount",
            "borne": "borne_amount",
            "fund_share": "fund_share_amount",
            "carried_over": "carried_over_amount",
            "next_budget": "next_budget_amount",
            "needs_review": "needs_review",
            "reason": "missing_reason",
        },
    ),
    "prepayment": Table(
        N_("预付与清算"),
        schemes.prepayment,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "batch": "batch",
            "agreement_year": "agreement_year",
            "agreed": "agreed_amount",
            "ratio": "prepayment_ratio",
            "prepaid": "prepaid_amount",
            "purchased": "selected_amount",
            "cleared": "cleared_amount",
            "outstanding": "outstanding_amount",
            "reason": "missing_reason",
        },
    ),
}
