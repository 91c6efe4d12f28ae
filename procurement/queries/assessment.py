"""What the assessment indicators are computed from, beside what was bought (queries.years)."""

from datetime import date

import pandas as pd
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from procurement.filters import Filters
from procurement.frames import read_frame
from procurement.ledger import as_counted
from procurement.measures.attribution import attribute
from procurement.periods import LOCAL_TIME
from procurement.queries.agreement import listings
from procurement.queries.conditions import of_institutions
from procurement.tables import Import, ImportCoverage, Institution, Purchase


def accepted_lines(connection: Connection, filters: Filters, as_of: date) -> pd.DataFrame:
    """One row per line of a selected product with an acceptance date, bought up to the measuring day.

    institution_id, batch_id, agreement_year, paid_amount, accepted_on, paid_on (empty: not paid).
    """
    query = (
        select(
            col(Purchase.institution_id),
            col(Purchase.product_id),
            col(Purchase.bought_on),
            col(Purchase.is_whole_month),
            col(Purchase.paid_amount),
            col(Purchase.accepted_on),
            col(Purchase.paid_on),
        )
        .join(Institution, col(Purchase.institution_id) == col(Institution.id))
        .where(col(Purchase.accepted_on).is_not(None), col(Purchase.bought_on) <= as_of)
    )
    lines = as_counted(connection, read_frame(connection, of_institutions(query, filters)))
    # A line belongs to one batch among all of them, whichever are looked at.
    lines = attribute(lines, listings(connection))
    lines = lines[lines["is_selected"].astype(bool)].reset_index(drop=True)
    return lines[["institution_id", "batch_id", "agreement_year", "paid_amount", "accepted_on", "paid_on"]]


def months_loaded(connection: Connection, filters: Filters) -> pd.DataFrame:
    """One row per institution × month whose purchases an import in force has brought: `loaded_on`, the day
    of the first one."""
    undo = aliased(Import)
    query = (
        select(
            col(ImportCoverage.institution_id),
            col(ImportCoverage.month),
            func.min(col(Import.imported_at)).label("loaded_on"),
        )
        .join(Import, col(ImportCoverage.import_id) == col(Import.id))
        .join(Institution, col(ImportCoverage.institution_id) == col(Institution.id))
        .outerjoin(undo, col(undo.undoes) == col(Import.id))
        .where(col(undo.id).is_(None))
        .group_by(col(ImportCoverage.institution_id), col(ImportCoverage.month))
    )
    rows = read_frame(connection, of_institutions(query, filters))
    return rows.assign(loaded_on=local_days(rows["loaded_on"]))


def first_import_day(connection: Connection) -> date | None:
    """The day on which the ledger came into use; None in an empty one."""
    first = connection.execute(select(func.min(col(Import.imported_at)))).scalar_one()
    return None if first is None else local_days(pd.Series([first]))[0].date()


def local_days(times: pd.Series) -> pd.Series:
    """Times of the history (kept in UTC) as days of the field's own clock."""
    local = pd.to_datetime(times, utc=True).dt.tz_convert(LOCAL_TIME)
    return local.dt.tz_localize(None).dt.normalize().astype("datetime64[s]")
