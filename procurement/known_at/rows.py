"""Rows that are only added to, by their time; purchase lines by the imports that they came and went with."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select
from sqlmodel import SQLModel, col

from procurement.known_at.moment import Known
from procurement.tables import (
    Account,
    AccountScope,
    AuditEvent,
    EarlierDraft,
    HeadingMapping,
    Import,
    ImportChange,
    ImportCoverage,
    MonthlyPurchase,
    MonthStep,
    PolicyEntry,
    ProductMatch,
    Purchase,
    SettlementReply,
    SettlementStep,
    ShortfallReason,
    SignIn,
    SignInAttempt,
    WithdrawnPurchase,
)
from procurement.tables.purchase import PurchaseLine
from procurement.tables.rollup import ROLLUPS

TIMED: dict[type[SQLModel], str] = {
    HeadingMapping: "decided_at",
    ProductMatch: "decided_at",
    PolicyEntry: "decided_at",
    SettlementStep: "at",
    SettlementReply: "at",
    MonthStep: "at",
    ShortfallReason: "at",
}
"""Tables whose rows are never changed, and the time of a row."""

BUILT = (MonthlyPurchase, *ROLLUPS)
"""Tables that follow from the others."""

LEFT_OUT = (Account, AccountScope, SignIn, SignInAttempt, AuditEvent, ImportChange, EarlierDraft)
"""What no figure is made of: who may sign in and what they did, and what was kept to find the way back."""

Part = tuple[type[SQLModel], Iterator[dict[str, Any]]]
"""A table and its rows."""

ROWS_AT_ONCE = 5_000


def told(connection: Connection, at: Known) -> Iterator[Part]:
    yield Import, _all(connection, Import, col(Import.id) <= at.last_import)
    yield ImportCoverage, _all(connection, ImportCoverage, col(ImportCoverage.import_id) <= at.last_import)
    for table, name in TIMED.items():
        yield table, _all(connection, table, col(getattr(table, name)) <= at.moment)
    yield Purchase, _all(connection, Purchase, _came(Purchase) <= at.last_import)
    yield Purchase, _withdrawn_since(connection, at)
    mine = col(WithdrawnPurchase.withdrawn_by) <= at.last_import
    yield WithdrawnPurchase, _all(connection, WithdrawnPurchase, mine)


def _came(table: type[PurchaseLine]) -> ColumnElement[int]:
    """The import, or the undo, that put a line where it is."""
    return func.coalesce(col(table.restored_by), col(table.import_id))


def _withdrawn_since(connection: Connection, at: Known) -> Iterator[dict[str, Any]]:
    """Lines that counted then. A line that is withdrawn loses its number and is given a free one here;
    nothing points to it, and lines are told in the order of their file."""
    columns = [col(getattr(WithdrawnPurchase, name)) for name in PurchaseLine.model_fields]
    query = select(*columns).where(
        _came(WithdrawnPurchase) <= at.last_import, col(WithdrawnPurchase.withdrawn_by) > at.last_import
    )
    return streamed(connection, query.order_by(col(WithdrawnPurchase.id)))


def _all(
    connection: Connection, table: type[SQLModel], condition: ColumnElement[bool]
) -> Iterator[dict[str, Any]]:
    columns = table.__table__  # type: ignore[attr-defined]
    return streamed(connection, select(columns).where(condition).order_by(*columns.primary_key))


def streamed(connection: Connection, query: Select) -> Iterator[dict[str, Any]]:
    """The rows of a query, without holding them all."""
    for some in connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}).partitions():
        yield from (dict(row._mapping) for row in some)
