"""What an import does to the rows of lists: images before and after, kept so that it can be taken back.

Lists are small beside purchase lines, so their tables are read before a load and after it and compared by
row; no way of writing can forget to tell. Purchase lines have a way of their own (etl.recording.standing).
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row, select
from sqlmodel import SQLModel, col

from procurement.database import insert_frame
from procurement.tables import (
    AgreedVolume,
    AreaVolume,
    Assessment,
    Batch,
    ImportChange,
    Institution,
    Listing,
    PaymentRatio,
    Product,
    SharingAccount,
    Variety,
)

WRITTEN: dict[str, tuple[type[SQLModel], ...]] = {
    "institutions": (Institution,),
    "batch_list": (Batch, Variety, Product, Listing, AgreedVolume, AreaVolume),
    "substitutes": (Product, Listing),
    "agreed_volumes": (Product, AgreedVolume, AreaVolume),
    "purchases": (Product,),
    "assessments": (Assessment,),
    "payment_ratios": (PaymentRatio,),
    "sharing": (SharingAccount,),
}
"""Tables that a kind writes to beside purchase lines; those that others point to come first."""

TABLES: dict[str, type[SQLModel]] = {
    str(table.__tablename__): table for tables in WRITTEN.values() for table in tables
}

CODES_PER_STATEMENT = 10_000

Images = dict[type[SQLModel], dict[int, Row]]
"""Rows of some tables by id."""


@dataclass(frozen=True)
class Change:
    """One row of a list: inserted (no `before`), removed (no `after`) or changed."""

    table: type[SQLModel]
    row_id: int
    before: Row | None
    after: Row | None


def images(connection: Connection, kind: str, codes: list[str] | None = None) -> Images:
    """The rows that a kind of workbook may write to; of products only those with `codes`, if given."""
    found: Images = {}
    for table in WRITTEN[kind]:
        query = select(*table.__table__.columns)  # type: ignore[attr-defined]
        if table is Product and codes is not None:
            parts = [codes[at : at + CODES_PER_STATEMENT] for at in range(0, len(codes), CODES_PER_STATEMENT)]
            queries = [query.where(col(Product.code).in_(part)) for part in parts]
        else:
            queries = [query]
        found[table] = {row.id: row for each in queries for row in connection.execute(each)}
    return found


def changes(before: Images, after: Images) -> list[Change]:
    """Every row that differs, those that others point to first."""
    return [
        Change(table, row_id, before[table].get(row_id), after[table].get(row_id))
        for table in before
        for row_id in sorted(before[table].keys() | after[table].keys())
        if before[table].get(row_id) != after[table].get(row_id)
    ]


def keep(connection: Connection, import_id: int, found: list[Change]) -> None:
    rows = [
        {
            "import_id": import_id,
            "table_name": str(change.table.__tablename__),
            "row_id": change.row_id,
            "before": None if change.before is None else to_json(change.before),
        }
        for change in found
    ]
    if rows:
        insert_frame(connection, ImportChange, pd.DataFrame(rows))


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
