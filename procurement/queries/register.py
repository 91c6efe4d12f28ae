"""Institutions, batches and varieties, for lists to choose from and for names beside figures."""

import pandas as pd
from sqlalchemy import Connection, Select, func, select
from sqlmodel import col

from procurement.filters import Filters
from procurement.frames import read_frame
from procurement.kept import kept, kept_for_all
from procurement.queries.conditions import of_batches, of_institutions
from procurement.tables import Batch, Import, ImportChange, Institution, PolicyEntry, ProductMatch, Variety

DECISION = 1_000_000_000
"""What one decision of a person adds to the version, so that its two parts can be told apart."""


VERSION = select(
    select(func.coalesce(func.max(col(Import.id)), 0)).scalar_subquery(),
    select(func.count(col(ProductMatch.id))).scalar_subquery(),
    select(func.count(col(PolicyEntry.id))).scalar_subquery(),
)
CITY_VERSION = "city_version"
"""Option of a scoped connection: what data_version is for whoever may see everything."""


def data_version(connection: Connection, schema: str | None = None) -> int:
    """Grows with every import and every decision about a product or a policy; 0 for an empty ledger.

    With a `schema`, of the tables there, in whatever scope the connection reads.
    """
    place = {"schema_translate_map": {None: schema}} if schema else {}
    last, matched, said = connection.execute(VERSION, execution_options=place).one()
    return last + (matched + said) * DECISION


def last_change(connection: Connection) -> int:
    """The number of the last change to a list's row or to a product: those move anybody's figures."""
    return connection.execute(select(func.max(col(ImportChange.id)))).scalar_one() or 0


def parts_of_version(version: int) -> tuple[int, int]:
    """The last import and the number of decisions that a version stands for."""
    decided, last = divmod(version, DECISION)
    return last, decided


@kept
def institutions(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per institution: its id, code and name, kind, level, district, chain."""
    query: Select = select(
        col(Institution.id).label("institution_id"),
        col(Institution.code).label("institution_code"),
        col(Institution.name).label("institution_name"),
        col(Institution.kind),
        col(Institution.level),
        col(Institution.district),
        col(Institution.chain),
    ).order_by(col(Institution.code))
    return read_frame(connection, of_institutions(query, filters))


@kept_for_all
def batches(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per batch: batch_id, batch, level, category, execution_date, end_date; oldest first."""
    query: Select = select(
        col(Batch.id).label("batch_id"),
        col(Batch.name).label("batch"),
        col(Batch.level),
        col(Batch.category),
        col(Batch.execution_date),
        col(Batch.end_date),
    ).order_by(col(Batch.execution_date), col(Batch.name))
    if filters.varieties:
        query = query.where(
            col(Batch.id).in_(select(col(Variety.batch_id)).where(col(Variety.name).in_(filters.varieties)))
        )
    return read_frame(
        connection, of_batches(query, Filters(batches=filters.batches, category=filters.category))
    )


@kept_for_all
def varieties(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per batch × variety with its batch and what is stated of its baseline."""
    query: Select = (
        select(
            col(Batch.id).label("batch_id"),
            col(Variety.id).label("variety_id"),
            col(Batch.name).label("batch"),
            col(Batch.category),
            col(Batch.execution_date),
            col(Batch.end_date),
            col(Variety.name).label("variety"),
            col(Variety.baseline_unit_price).label("variety_baseline_unit_price"),
            col(Variety.baseline_basis).label("variety_baseline_basis"),
        )
        .join(Batch, col(Variety.batch_id) == col(Batch.id))
        .order_by(col(Batch.execution_date), col(Batch.id), col(Variety.id))
    )
    return read_frame(connection, of_batches(query, filters))


def unknown_names(connection: Connection, filters: Filters) -> list[str]:
    """Batches and institutions that the filters name and the ledger (within the scope) does not have."""
    known = Filters(scope=filters.scope)
    batch_names = set(batches(connection, known)["batch"]) if filters.batches else set()
    codes = set(institutions(connection, known)["institution_code"]) if filters.institutions else set()
    return [name for name in filters.batches if name not in batch_names] + [
        code for code in filters.institutions if code not in codes
    ]
