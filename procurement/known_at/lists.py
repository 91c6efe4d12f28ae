"""Rows of lists as they were: of each row that an import or undo changed later, the first image since then.

An image is what a row said before the change. Products that a person joined or parted are as the decisions
of then have it: those are in no journal.
"""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import SQLModel, col

from procurement.journal import LISTS, from_json
from procurement.known_at.moment import Known
from procurement.known_at.rows import Part, streamed
from procurement.tables import ImportChange, Product, ProductMatch


def told(connection: Connection, at: Known) -> Iterator[Part]:
    merged = _merged(connection, at)
    for table in LISTS:
        found = _rows(connection, table, at)
        yield table, found if table is not Product else _joined(found, merged)


def _rows(connection: Connection, table: type[SQLModel], at: Known) -> Iterator[dict[str, Any]]:
    images = _first_images(connection, table, at)
    for row in streamed(connection, select(table.__table__)):  # type: ignore[attr-defined]
        if row["id"] not in images:
            yield row
    for text in images.values():
        if text is not None:
            yield from_json(table, text)


def _first_images(connection: Connection, table: type[SQLModel], at: Known) -> dict[int, str | None]:
    """By row, what it was before the first change after the moment; empty where it was not there."""
    first = (
        select(func.min(col(ImportChange.id)))
        .where(col(ImportChange.import_id) > at.last_import)
        .where(col(ImportChange.table_name) == str(table.__tablename__))
        .group_by(col(ImportChange.row_id))
    )
    query = select(col(ImportChange.row_id), col(ImportChange.before)).where(col(ImportChange.id).in_(first))
    return {row.row_id: row.before for row in connection.execute(query)}


def _merged(connection: Connection, at: Known) -> dict[int, int]:
    """Provisional product → the one that it had been joined to, by the decisions until then."""
    columns = (col(ProductMatch.provisional_id), col(ProductMatch.product_id), col(ProductMatch.decision))
    query = select(*columns).where(col(ProductMatch.decided_at) <= at.moment).order_by(col(ProductMatch.id))
    merged: dict[int, int] = {}
    for provisional, product, decision in connection.execute(query):
        if decision == "confirmed":
            merged[provisional] = product
        elif merged.get(provisional) == product:
            del merged[provisional]
    return merged


def _joined(found: Iterator[dict[str, Any]], merged: dict[int, int]) -> Iterator[dict[str, Any]]:
    for row in found:
        yield row | {"merged_into": merged.get(row["id"])}


def with_other_packs(connection: Connection, at: Known) -> set[int]:
    """Products whose pack, their own or that of the product that they are joined to, has moved since then."""
    decided = select(col(ProductMatch.provisional_id)).where(col(ProductMatch.decided_at) > at.moment)
    found = {int(number) for number in connection.execute(decided.distinct()).scalars()}
    present = dict(connection.execute(select(col(Product.id), col(Product.units_per_pack))).all())
    return found | {number for number, pack in _packs_since(connection, at) if pack != present.get(number)}


def _packs_since(connection: Connection, at: Known) -> Iterator[tuple[int, int | None]]:
    """Packs that products had at some time since then, as far as imports and undos moved them."""
    query = select(col(ImportChange.row_id), col(ImportChange.before)).where(
        col(ImportChange.import_id) > at.last_import,
        col(ImportChange.table_name) == str(Product.__tablename__),
        col(ImportChange.before).is_not(None),
    )
    for row in connection.execute(query):
        yield row.row_id, json.loads(str(row.before))["units_per_pack"]
