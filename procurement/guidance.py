"""Volume guidance of the ledger: the front doors of 报量参考, beside procurement.figures.

    guidance(connection, filters)    a proposal per institution × batch × variety
    proposal(connection, filters)    the first of them with its working

Batches whose term has not ended by the measuring day; the days of purchase in the filters play no part. A
product that two batches list counts in both: each proposal stands for itself.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from procurement.filters import Filters
from procurement.measures import guidance as measure
from procurement.money import multiply
from procurement.periods import (
    add_months,
    agreement_year_on,
    agreement_year_start,
    last_full_months,
    last_of_month,
)
from procurement.policies import EARLIEST
from procurement.policies.guidance import guidance_terms_on
from procurement.priced import agreements, resolved_listings
from procurement.queries import register
from procurement.queries.names import with_names
from procurement.queries.policies import policy_book
from procurement.queries.purchases import monthly
from procurement.queries.years import measuring_day
from procurement.tables.register import CATEGORIES

PAIR = ["institution_id", "variety_id"]


@dataclass(frozen=True)
class _Basis:
    """`pairs` to propose for, their `use` by month, the last month of it, the day that policies are of."""

    pairs: pd.DataFrame
    use: pd.DataFrame
    last_month: date
    as_of: date


def guidance(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per institution × batch × variety that was ever reported or is used (measures.guidance),
    with next_start and next_end of the agreement year that it proposes for."""
    basis, book = _basis(connection, filters), policy_book(connection)
    found = []
    for category in CATEGORIES:
        terms = guidance_terms_on(book, max(basis.as_of, EARLIEST), category)
        pairs = basis.pairs[basis.pairs["category"] == category]
        pairs = pairs.drop(columns="category").reset_index(drop=True)
        found.append(measure.guidance(pairs, basis.use, basis.last_month, terms))
    rows = with_names(connection, pd.concat(found, ignore_index=True))
    # What is not used needs no line where nobody has reported it, or where its batch is still to come.
    is_new = rows["last_reported_equivalent"].isna() | (rows["execution_date"] > pd.Timestamp(basis.as_of))
    idle = (rows["guidance_reason"] == measure.NO_USE) & is_new
    order = ["institution_code", "execution_date", "batch", "variety"]
    return rows[~idle].sort_values(order, kind="stable", ignore_index=True)


def proposal(connection: Connection, filters: Filters) -> measure.Proposal | None:
    """The proposal of the only institution × batch × variety that the filters leave; None where they leave
    none, or where its units are unknown."""
    basis = _basis(connection, filters)
    if basis.pairs.empty:
        return None
    pairs = basis.pairs.head(1)
    category = str(pairs["category"].iloc[0])
    terms = guidance_terms_on(policy_book(connection), max(basis.as_of, EARLIEST), category)
    return measure.proposals(pairs, basis.use, basis.last_month, terms)[0]


def _basis(connection: Connection, filters: Filters) -> _Basis:
    as_of = measuring_day(connection, filters) or EARLIEST
    batches = _running(connection, filters, as_of)
    resolved = resolved_listings(connection, filters)
    resolved = resolved[resolved["batch_id"].isin(batches["batch_id"])]
    last_month = last_full_months(as_of, 1)[0]
    use = _use(connection, filters, resolved, last_month)
    reported = _last_reported(connection, filters, resolved)
    pairs = pd.concat([use[PAIR], reported[PAIR]]).drop_duplicates(ignore_index=True)
    batch_of = resolved.drop_duplicates("variety_id").set_index("variety_id")["batch_id"]
    pairs = pairs.assign(batch_id=pairs["variety_id"].map(batch_of).astype("Int64"))
    pairs = pairs.merge(reported, on=PAIR, how="left").merge(batches, on="batch_id", how="inner")
    return _Basis(pairs, use, last_month, as_of)


def _running(connection: Connection, filters: Filters, as_of: date) -> pd.DataFrame:
    """The batches whose term has not ended, with first and last day of their next agreement year."""
    rows = register.batches(connection, filters)
    rows = rows[rows["end_date"] >= pd.Timestamp(as_of)]
    executed = [day.date() for day in rows["execution_date"]]
    numbers = [max(agreement_year_on(day, as_of), 0) + 1 for day in executed]
    starts = [agreement_year_start(day, number) for day, number in zip(executed, numbers, strict=True)]
    ends = [add_months(start, 12) for start in starts]
    return rows[["batch_id", "category"]].assign(
        next_year=pd.Series(numbers, index=rows.index, dtype="Int64"),
        next_start=pd.Series(pd.to_datetime(starts), index=rows.index).astype("datetime64[s]"),
        next_end=(pd.Series(pd.to_datetime(ends), index=rows.index) - pd.Timedelta(days=1)).astype(
            "datetime64[s]"
        ),
    )


def _use(connection: Connection, filters: Filters, resolved: pd.DataFrame, last_month: date) -> pd.DataFrame:
    """Equivalent units by institution, variety and month of all products that the varieties list, in batches
    and outside; empty where a line of the month has no units."""
    anywhere = Filters(
        institutions=filters.institutions,
        districts=filters.districts,
        scope=filters.scope,
        last_day=last_of_month(last_month),
    )
    months = monthly(connection, anywhere, ["institution_id", "product_id", "month"])
    listed = resolved.drop_duplicates(["variety_id", "product_id"], keep="last")
    rows = months.merge(listed[["variety_id", "product_id", "strength_factor"]], on="product_id")
    units = rows["base_units"].where(rows["unmeasured_lines"] == 0).astype("Int64")
    rows = rows.assign(equivalent_units=multiply(units, rows["strength_factor"]))
    return rows[[*PAIR, "month", "equivalent_units"]].reset_index(drop=True)


def _last_reported(connection: Connection, filters: Filters, resolved: pd.DataFrame) -> pd.DataFrame:
    """What each institution last reported of a variety: last_reported_year and last_reported_equivalent."""
    agreed = agreements(connection, filters)
    priced = agreed[agreed["variety_id"].isin(resolved["variety_id"])]
    sums = priced.groupby([*PAIR, "agreement_year"])["reported_equivalent"].sum(min_count=1).reset_index()
    last = sums.sort_values("agreement_year", kind="stable").drop_duplicates(PAIR, keep="last")
    named = {"agreement_year": "last_reported_year", "reported_equivalent": "last_reported_equivalent"}
    return last.rename(columns=named).reset_index(drop=True)
