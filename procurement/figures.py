"""The front doors of the figures: ledger + filters → the frame behind page, command line, sheet and slide.

Every function takes a connection (database.reading) and Filters. Amounts are integers of 1/10000 yuan,
unit prices of 10⁻⁶ yuan, equivalent units, shares and scores of millionths; columns labels them.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pandas as pd
from sqlalchemy import Connection

from procurement.assessments import scores
from procurement.filters import Filters
from procurement.kept import kept
from procurement.measures import completion as completions
from procurement.measures import prices as price_measures
from procurement.measures import retention as retentions
from procurement.measures.agreements import price_agreements
from procurement.measures.areas import add_institutions_total
from procurement.measures.savings import add_saving
from procurement.periods import last_full_months, last_of_month
from procurement.policies import EARLIEST, PolicyBook, PolicyError
from procurement.policies.retention import (
    PaymentRatios,
    RetentionPolicy,
    SpendingBasis,
    retention_policy_on,
)
from procurement.priced import agreements, resolved_listings
from procurement.queries import register
from procurement.queries.agreement import area_volumes as area_rows
from procurement.queries.names import with_names
from procurement.queries.policies import policy_book
from procurement.queries.purchases import SUMS, monthly
from procurement.queries.settlement import payment_ratios
from procurement.queries.years import (
    agreement_years_begun,
    bought_in_years,
    of_whole_batches,
    on_measuring_day,
)
from procurement.queries.years import (
    measuring_day as measuring_day,
)


def prices(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per batch × selected product with its drop."""
    return price_measures.price_drops(resolved_listings(connection, filters))


def area_volumes(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per volume stated for an area, beside the sum of its institutions (measures.areas)."""
    everyone = replace(filters, institutions=(), districts=())
    resolved = resolved_listings(connection, everyone)
    stated = price_agreements(area_rows(connection, filters), resolved)
    return add_institutions_total(
        stated.rename(columns={"agreed_equivalent": "stated_equivalent"}),
        agreements(connection, everyone),
        register.institutions(connection, everyone),
    )


SAVING_BY = ("institution_id", "batch_id", "variety_id", "month", "is_selected")


def savings(
    connection: Connection, filters: Filters = Filters(), by: tuple[str, ...] = SAVING_BY
) -> pd.DataFrame:
    """Purchases inside a batch summed by `by`, with saving_amount and the names of the keys.

    `by` takes any keys of queries.purchases.monthly; purchases outside every batch are left out.
    """
    keys = [*by] if "batch_id" in by else [*by, "batch_id"]
    rows = monthly(connection, filters, keys)
    rows = rows[rows["batch_id"].notna()]
    if "batch_id" not in by:
        rows = rows.groupby([*by], dropna=False, sort=False)[SUMS].sum(min_count=1).reset_index()
    return with_names(connection, add_saving(rows.reset_index(drop=True)))


def completion(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per institution × batch × variety × agreement year begun by the measuring day.

    `is_current` marks the agreement year that holds the measuring day.
    """
    return _completion(connection, on_measuring_day(connection, filters))


@kept
def _completion(connection: Connection, filters: Filters) -> pd.DataFrame:
    as_of = filters.as_of or EARLIEST
    policy = completion_policy(policy_book(connection), as_of)
    bought = bought_in_years(connection, filters, as_of)
    months = last_full_months(as_of, policy.trend_months)
    recent = replace(filters, first_day=months[0], last_day=last_of_month(months[-1]), as_of=as_of)
    rows = completions.completion(
        agreements(connection, filters),
        bought[bought["is_selected"].astype(bool)],
        _selected_by_month(connection, recent),
        register.batches(connection).set_index("batch_id")["execution_date"],
        as_of,
        policy,
    )
    rows["is_current"] = rows["year_end"] >= pd.Timestamp(as_of)
    return with_names(connection, rows)


def _selected_by_month(connection: Connection, filters: Filters) -> pd.DataFrame:
    rows = monthly(connection, filters, ["institution_id", "batch_id", "variety_id", "month", "is_selected"])
    return rows[rows["batch_id"].notna() & rows["is_selected"].astype(bool)]


def completion_policy(book: PolicyBook, day: date) -> completions.CompletionPolicy:
    """Margin and trend in force on the measuring day."""
    day = max(day, EARLIEST)
    return completions.CompletionPolicy(
        Decimal(book.value("completion_margin", day)), int(book.value("completion_trend_months", day))
    )


def retention_lines(
    connection: Connection, filters: Filters = Filters(), basis: SpendingBasis | None = None
) -> pd.DataFrame:
    """One row per institution × batch × agreement year × variety: the working behind the retained surplus."""
    settled = of_whole_batches(connection, filters)
    return _retention_lines(connection, on_measuring_day(connection, settled), basis)


@kept
def _retention_lines(connection: Connection, filters: Filters, basis: SpendingBasis | None) -> pd.DataFrame:
    as_of = filters.as_of or EARLIEST
    years = agreement_years_begun(connection, filters, as_of)
    lines = retentions.retention_lines(
        agreements(connection, filters),
        bought_in_years(connection, filters, as_of),
        years,
        PaymentRatios(payment_ratios(connection)),
        policies_of(policy_book(connection), years, basis),
    )
    return with_names(connection, lines)


def retention(
    connection: Connection, filters: Filters = Filters(), basis: SpendingBasis | None = None
) -> pd.DataFrame:
    """One row per institution × batch × agreement year begun by the measuring day.

    `is_running` marks an agreement year that has not ended by then: its figures still move. A filter by
    variety chooses the batches that have it: a batch is settled as a whole.
    """
    settled = of_whole_batches(connection, filters)
    return _retention(connection, on_measuring_day(connection, settled), basis)


@kept
def _retention(connection: Connection, filters: Filters, basis: SpendingBasis | None) -> pd.DataFrame:
    as_of = filters.as_of or EARLIEST
    years = agreement_years_begun(connection, filters, as_of)
    lines = _retention_lines(connection, filters, basis)
    policies = policies_of(policy_book(connection), years, basis)
    rows = retentions.retention(lines, scores(connection, filters), policies)
    ends = years.set_index(["batch_id", "agreement_year"])["year_end"].rename("year_end")
    rows = rows.join(ends, on=["batch_id", "agreement_year"])
    rows["is_running"] = rows["year_end"] > pd.Timestamp(as_of)
    return with_names(connection, rows)


def policies_of(
    book: PolicyBook, years: pd.DataFrame, basis: SpendingBasis | None = None
) -> dict[tuple[date, str], RetentionPolicy]:
    """The retention policy by first day of the year and category; a day before the first entry has none."""
    policies = {}
    for start, category in years[["year_start", "category"]].drop_duplicates().itertuples(index=False):
        with suppress(PolicyError):
            policies[start.date(), category] = retention_policy_on(book, start.date(), category, basis)
    return policies
