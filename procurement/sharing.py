"""Front doors beside figures: the sharing schemes (总额包干) and the prepayment of the fund.

Every function takes a connection (database.reading) and Filters, as in figures. A settlement belongs to the
institution that it is settled with: who may not see a health centre sees nothing of its settlement.
"""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
from sqlalchemy import Connection

from procurement import figures
from procurement.filters import Filters
from procurement.measures import prepayment as prepayments
from procurement.measures import sharing as schemes
from procurement.policies import EARLIEST
from procurement.policies.sharing import Policies, prepayment_ratio, sharing_policies
from procurement.queries import register
from procurement.queries.names import with_names
from procurement.queries.policies import policy_book
from procurement.queries.sharing import parents, sharing_accounts
from procurement.queries.years import (
    agreement_years_begun,
    bought_in_years,
    measuring_day,
    of_whole_batches,
)

ORDER = ["year", "scheme", "institution_code"]


def sharing(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per settling institution × year × scheme, the latest year first (measures.sharing).

    Batches, categories and days of purchase play no part; years that had not ended on the measuring day that
    is asked for are left out. An institution that is filtered for is shown with the settlement that it is a
    member of.
    """
    members, policies = _members(connection)
    rows = with_names(connection, schemes.sharing(members, policies))
    rows = rows[rows["institution_id"].isin(_visible(connection, filters, members))]
    if filters.as_of:
        rows = rows[rows["year"] < (filters.as_of + timedelta(days=1)).year]
    return rows.sort_values(ORDER, ascending=[False, True, True], kind="stable", ignore_index=True)


def sharing_members(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per account behind the settlements of `sharing`: its persons, budget and spending.

    `institution_id` is the member, `settling_id` the institution that it is settled with, which comes first.
    """
    members, _policies = _members(connection)
    members = members[members["settling_id"].isin(_visible(connection, filters, members))]
    rows = with_names(connection, members)
    rows = rows.rename(
        columns={"spending_amount": "fund_spending_amount", "own_budget_amount": "sharing_budget_amount"}
    )
    rows["is_member"] = rows["institution_id"] != rows["settling_id"]
    return rows.sort_values(["is_member", "institution_code"], kind="stable", ignore_index=True)


def _members(connection: Connection) -> tuple[pd.DataFrame, Policies]:
    """All accounts, whoever asks: a settlement is never told in part."""
    accounts = sharing_accounts(connection)
    policies = sharing_policies(policy_book(connection), (int(year) for year in accounts["year"].unique()))
    return schemes.sharing_members(accounts, parents(connection), policies), policies


def _visible(connection: Connection, filters: Filters, members: pd.DataFrame) -> set[int]:
    """Settling institutions that the reader may see and the filters choose, by themselves or by a member."""
    allowed = replace(filters, institutions=())
    visible = {int(number) for number in register.institutions(connection, allowed)["institution_id"]}
    if not filters.institutions:
        return visible
    named = register.institutions(connection, Filters(institutions=filters.institutions))["institution_id"]
    chosen = set(members.loc[members["institution_id"].isin(named), "settling_id"].astype(int))
    return visible & chosen


def prepayment(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per institution × batch × agreement year begun by the measuring day (measures.prepayment).

    `is_running` marks an agreement year that has not ended by then. A filter by variety chooses the batches
    that have it: a batch is prepaid as a whole.
    """
    filters = of_whole_batches(connection, filters)
    as_of = measuring_day(connection, filters) or EARLIEST
    years = agreement_years_begun(connection, filters, as_of)
    book = policy_book(connection)
    found = {
        (start.date(), category): prepayment_ratio(book, start.date(), category)
        for start, category in years[["year_start", "category"]].drop_duplicates().itertuples(index=False)
    }
    rows = prepayments.prepayment(
        figures.agreements(connection, filters),
        bought_in_years(connection, filters, as_of),
        years,
        {key: ratio.value for key, ratio in found.items() if ratio},
    )
    rows["is_running"] = rows["year_end"] > pd.Timestamp(as_of)
    rows = with_names(connection, rows)
    order = ["execution_date", "batch", "agreement_year", "institution_code"]
    return rows.sort_values(order, ascending=[False, True, True, True], kind="stable", ignore_index=True)


def prepayment_by_batch(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """The prepayment summed by batch × agreement year, the latest batch first."""
    return prepayments.prepayment_by_batch(prepayment(connection, filters))
