"""Images of rows of lists, as the journal keeps them (ImportChange): a row as JSON and back.

Imports and undos write them (etl.recording.journal); who looks at the ledger of an earlier day reads them
(procurement.known_at).
"""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import SQLModel

from procurement.tables import (
    AgreedVolume,
    AreaVolume,
    Assessment,
    Batch,
    Institution,
    Listing,
    PaymentRatio,
    Product,
    SharingAccount,
    Variety,
)

LISTS: tuple[type[SQLModel], ...] = (
    Institution,
    Batch,
    Variety,
    Product,
    Listing,
    AgreedVolume,
    AreaVolume,
    Assessment,
    PaymentRatio,
    SharingAccount,
)
"""Tables whose rows are journaled; those that others point to come first."""

TABLES: dict[str, type[SQLModel]] = {str(table.__tablename__): table for table in LISTS}

IDS_PER_STATEMENT = 10_000


def rows_by_id(connection: Connection, table: type[SQLModel], ids: Collection[int]) -> dict[int, Row]:
    """Those of some rows that are there."""
    columns, ordered = table.__table__.c, sorted(ids)  # type: ignore[attr-defined]
    parts = [ordered[at : at + IDS_PER_STATEMENT] for at in range(0, len(ordered), IDS_PER_STATEMENT)]
    queries = [select(*columns).where(columns.id.in_(part)) for part in parts]
    return {row.id: row for query in queries for row in connection.execute(query)}


def to_json(row: Row) -> str:
    return json.dumps(dict(row._mapping), ensure_ascii=False, default=_iso)


def from_json(table: type[SQLModel], text: str) -> dict[str, Any]:
    """A row's values, with days as days again."""
    values = json.loads(text)
    for column in table.__table__.columns:  # type: ignore[attr-defined]
        value = values.get(column.name)
        if isinstance(value, str) and column.type.python_type in (date, datetime):
            values[column.name] = column.type.python_type.fromisoformat(value)
    return values


def _iso(value: object) -> str:
    return value.isoformat()  # type: ignore[attr-defined]
