"""What an import does to the rows of lists: images before and after, kept so that it can be taken back.

Lists are small beside purchase lines, so their tables are read before a load and after it and compared by
row; no way of writing can forget to tell. Purchase lines have a way of their own (etl.recording.standing).
"""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Row, select
from sqlmodel import SQLModel, col

from procurement.frames import insert_frame
from procurement.journal import TABLES, rows_by_id, to_json
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
    _keep(connection, import_id, [(change.table, change.row_id, change.before) for change in found])


def keep_present(connection: Connection, undo_id: int, import_id: int) -> None:
    """Before an undo: what the rows say now that the import changed, all of them, whether or not they move.

    Nothing else does an undo write to but what follows from packs (procurement.packs). Of a row that is not
    there the image is empty.
    """
    query = select(col(ImportChange.table_name), col(ImportChange.row_id))
    query = query.where(col(ImportChange.import_id) == import_id).order_by(col(ImportChange.id))
    places = [(TABLES[name], int(row_id)) for name, row_id in connection.execute(query)]
    present = {
        table: rows_by_id(connection, table, [row_id for other, row_id in places if other is table])
        for table in dict.fromkeys(table for table, _row_id in places)
    }
    _keep(connection, undo_id, [(table, row_id, present[table].get(row_id)) for table, row_id in places])


def _keep(
    connection: Connection, import_id: int, images_before: list[tuple[type[SQLModel], int, Row | None]]
) -> None:
    rows = [
        {
            "import_id": import_id,
            "table_name": str(table.__tablename__),
            "row_id": row_id,
            "before": None if before is None else to_json(before),
        }
        for table, row_id, before in images_before
    ]
    if rows:
        insert_frame(connection, ImportChange, pd.DataFrame(rows))
