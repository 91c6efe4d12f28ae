"""The agreement years that a ledger has, and the measuring day that they are told on."""

from dataclasses import replace
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Select, select
from sqlmodel import col

from procurement.filters import Filters
from procurement.frames import read_frame
from procurement.kept import kept
from procurement.periods import agreement_year_end, agreement_year_start
from procurement.policies import EARLIEST
from procurement.queries import register
from procurement.queries.agreement import agreed_volumes
from procurement.queries.conditions import of_batches, of_institutions
from procurement.queries.purchases import covered_days, monthly
from procurement.tables import AgreedVolume, Batch, Institution, Variety


def measuring_day(connection: Connection, filters: Filters) -> date | None:
    """The day asked for, else the last day that purchases are loaded for; None in an empty ledger."""
    if filters.as_of:
        return filters.as_of
    covered = covered_days(connection)
    return covered[1] if covered else None


def on_measuring_day(connection: Connection, filters: Filters) -> Filters:
    """What is told as it stands on the measuring day, whatever days of purchase are looked at."""
    day = measuring_day(connection, filters) or EARLIEST
    return replace(filters, first_day=None, last_day=None, as_of=day)


def of_whole_batches(connection: Connection, filters: Filters) -> Filters:
    """The same filters with batches in the place of varieties: a batch is settled as a whole."""
    found = tuple(register.batches(connection, filters)["batch"]) if filters.varieties else ()
    return replace(filters, batches=found, varieties=()) if found else filters


def agreement_years_begun(connection: Connection, filters: Filters, as_of: date) -> pd.DataFrame:
    """One row per batch × agreement year that has agreed volumes and has begun.

    batch_id, agreement_year, year_start, year_end, category.
    """
    pairs = agreed_volumes(connection, filters)[["batch_id", "agreement_year"]].drop_duplicates()
    batches = register.batches(connection)[["batch_id", "execution_date", "category"]]
    return _begun(pairs.merge(batches, on="batch_id"), as_of)


def settlements_begun(connection: Connection, filters: Filters, as_of: date) -> pd.DataFrame:
    """One row per institution × batch × agreement year that has an agreed volume and has begun.

    institution_id, batch_id, agreement_year, year_start, year_end, category.
    """
    query: Select = (
        select(
            col(AgreedVolume.institution_id),
            col(AgreedVolume.batch_id),
            col(AgreedVolume.agreement_year),
            col(Batch.execution_date),
            col(Batch.category),
        )
        .distinct()
        .join(Institution, col(AgreedVolume.institution_id) == col(Institution.id))
        .join(Batch, col(AgreedVolume.batch_id) == col(Batch.id))
        .join(Variety, col(AgreedVolume.variety_id) == col(Variety.id))
        .order_by(
            col(AgreedVolume.institution_id), col(AgreedVolume.batch_id), col(AgreedVolume.agreement_year)
        )
    )
    return _begun(read_frame(connection, of_batches(of_institutions(query, filters), filters)), as_of)


def _begun(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The agreement years (agreement_year from execution_date on) begun by `as_of`, with their first and
    last day in the place of the execution date."""
    pairs = rows[["execution_date", "agreement_year"]].drop_duplicates()
    known = [(e.date(), int(n)) for e, n in pairs.itertuples(index=False)]
    for column, of_year in (("year_start", agreement_year_start), ("year_end", agreement_year_end)):
        days = pd.to_datetime([of_year(*pair) for pair in known])
        pairs[column] = pd.Series(days, index=pairs.index, dtype="datetime64[s]")
    rows = rows.merge(pairs, on=["execution_date", "agreement_year"])
    begun = rows["year_start"] <= pd.Timestamp(as_of)
    columns = [name for name in rows if name not in ("execution_date", "category")]
    return rows.loc[begun, [*columns, "category"]].reset_index(drop=True)


def bought_in_years(connection: Connection, filters: Filters, as_of: date) -> pd.DataFrame:
    """Purchases inside a batch up to the measuring day, whatever days the filters look at: SUMS by
    institution, batch, variety, agreement year and is_selected."""
    return _bought_in_years(connection, replace(filters, first_day=None, last_day=None, as_of=as_of))


@kept
def _bought_in_years(connection: Connection, until: Filters) -> pd.DataFrame:
    keys = ["institution_id", "batch_id", "variety_id", "agreement_year", "is_selected"]
    rows = monthly(connection, until, keys)
    return rows[rows["batch_id"].notna()]
