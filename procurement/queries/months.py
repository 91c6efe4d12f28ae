"""What is known of the months of institutions: their steps, what was loaded, and what was bought in them."""

from collections.abc import Collection
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from procurement.filters import Filters
from procurement.frames import read_frame
from procurement.kept import kept
from procurement.periods import agreement_year_end, agreement_year_start, first_of_month, last_of_month
from procurement.queries.conditions import of_institutions
from procurement.queries.purchases import monthly
from procurement.tables import AgreedVolume, Batch, Import, ImportCoverage, Institution, MonthStep

KEY = ["institution_id", "month"]

STEP = ["step_state", "step_at", "step_by", "step_reason"]


def last_step(connection: Connection) -> int:
    """The number of the last step of any month; 0 before the first."""
    return connection.execute(select(func.max(col(MonthStep.id)))).scalar_one() or 0


def steps(connection: Connection, filters: Filters, month: date | None = None) -> pd.DataFrame:
    """One row per step of a month, newest first: step_id, KEY, STEP, imports_until, names of the
    institution."""
    query: Select = (
        select(
            col(MonthStep.id).label("step_id"),
            col(MonthStep.institution_id),
            col(Institution.code).label("institution_code"),
            col(Institution.name).label("institution_name"),
            col(MonthStep.month),
            col(MonthStep.state).label("step_state"),
            col(MonthStep.imports_until),
            col(MonthStep.at).label("step_at"),
            col(MonthStep.by).label("step_by"),
            col(MonthStep.reason).label("step_reason"),
        )
        .join(Institution, col(MonthStep.institution_id) == col(Institution.id))
        .order_by(col(MonthStep.id).desc())
    )
    if month is not None:
        query = query.where(col(MonthStep.month) == month)
    return read_frame(connection, of_institutions(query, filters))


@kept
def loads(connection: Connection, filters: Filters, first: date, last: date) -> pd.DataFrame:
    """One row per institution × month that an import in force covers: the last one's import_id, imported_at,
    imported_by."""
    query: Select = (
        select(
            col(ImportCoverage.institution_id),
            col(ImportCoverage.month),
            func.max(col(ImportCoverage.import_id)).label("import_id"),
        )
        .join(Institution, col(ImportCoverage.institution_id) == col(Institution.id))
        .where(col(ImportCoverage.month).between(first, last), _in_force(col(ImportCoverage.import_id)))
        .group_by(col(ImportCoverage.institution_id), col(ImportCoverage.month))
    )
    found = read_frame(connection, of_institutions(query, filters))
    told: Select = select(
        col(Import.id).label("import_id"), col(Import.imported_at), col(Import.imported_by)
    ).where(col(Import.kind) == "purchases")
    return found.merge(read_frame(connection, told), on="import_id", how="left")


def _in_force(import_id):  # type: ignore[no-untyped-def]
    undo = aliased(Import)
    return ~select(col(undo.id)).where(col(undo.undoes) == import_id).exists()


@kept
def bought(connection: Connection, filters: Filters, first: date, last: date) -> pd.DataFrame:
    """One row per institution × month with purchases: lines, paid_amount (also outside every batch)."""
    whole = Filters(
        institutions=filters.institutions,
        districts=filters.districts,
        scope=filters.scope,
        first_day=first_of_month(first),
        last_day=last_of_month(last),
    )
    return monthly(connection, whole, KEY)[[*KEY, "lines", "paid_amount"]]


@kept
def agreed_periods(connection: Connection, filters: Filters) -> pd.DataFrame:
    """One row per institution × batch × agreement year with an agreed volume: its first and last day."""
    query: Select = (
        select(col(AgreedVolume.institution_id), col(Batch.execution_date), col(AgreedVolume.agreement_year))
        .distinct()
        .join(Institution, col(AgreedVolume.institution_id) == col(Institution.id))
        .join(Batch, col(AgreedVolume.batch_id) == col(Batch.id))
        .where(col(AgreedVolume.agreed_units) > 0)
    )
    rows = read_frame(connection, of_institutions(query, filters))
    years = [(e.date(), int(n)) for e, n in zip(rows["execution_date"], rows["agreement_year"], strict=True)]
    days = {
        "first_day": [agreement_year_start(*year) for year in years],
        "last_day": [agreement_year_end(*year) for year in years],
    }
    told = {name: pd.Series(pd.to_datetime(values), dtype="datetime64[s]") for name, values in days.items()}
    return rows[["institution_id"]].assign(**told)


def closed_months(connection: Connection, institution_ids: Collection[int]) -> dict[tuple[int, date], str]:
    """The closed months of these institutions, each with the institution's name."""
    last = select(func.max(col(MonthStep.id))).group_by(col(MonthStep.institution_id), col(MonthStep.month))
    query = (
        select(col(MonthStep.institution_id), col(MonthStep.month), col(Institution.name))
        .join(Institution, col(MonthStep.institution_id) == col(Institution.id))
        .where(col(MonthStep.id).in_(last), col(MonthStep.state) == "closed")
        .order_by(col(Institution.code), col(MonthStep.month))
    )
    wanted = set(institution_ids)
    return {(i, month): name for i, month, name in connection.execute(query) if i in wanted}
