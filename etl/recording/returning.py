"""The way back of what an import wrote to lists, by the images that the journal kept.

Rows that were inserted go, then those that were removed come back and those that were changed get their
old values. Inserted rows that others point to go last, after the monthly purchases have been built anew. A
product stays while a line of another import still names it; where only lines do that were taken back, it
stays without the words that their imports gave it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update
from sqlmodel import SQLModel, col

from etl.listings import products_of_batches
from etl.recording.history import is_in_force
from procurement.journal import TABLES, from_json
from procurement.ledger import Touched
from procurement.packs import apply_packs
from procurement.periods import first_of_month
from procurement.tables import (
    AgreedVolume,
    AreaVolume,
    Batch,
    ImportChange,
    Institution,
    Listing,
    MonthlyPurchase,
    Product,
    Purchase,
    Settlement,
    Variety,
    WithdrawnPurchase,
)

POINTED_TO: tuple[type[SQLModel], ...] = (Variety, Batch, Product, Institution)
"""Tables that others point to, in the order in which their rows can go."""


@dataclass
class Returned:
    """What came back, what changed back, what went, and whose months follow."""

    restored: int = 0
    changed: int = 0
    removed: int = 0
    touched: list[Touched] = field(default_factory=list)
    leaving: dict[type[SQLModel], list[int]] = field(default_factory=dict)
    products: set[int] = field(default_factory=set)

    def remove_what_nothing_points_to(self, connection: Connection) -> None:
        for table in POINTED_TO:
            for row_id in self.leaving.get(table, ()):
                if not _is_pointed_to(connection, table, row_id):
                    connection.execute(delete(table).where(_id(table) == row_id))
        for product_id in sorted(self.products - _named_by_lines_in_force(connection)):
            _forget_words(connection, product_id)


def rows_of(connection: Connection, import_id: int) -> list[Touched]:
    """Institutions and months of the lines that an import brought or withdrew."""
    spans: list[Row] = []  # type: ignore[type-arg]
    for table, mine in (
        (Purchase, col(Purchase.import_id) == import_id),
        (WithdrawnPurchase, col(WithdrawnPurchase.withdrawn_by) == import_id),
    ):
        day = col(table.bought_on)  # type: ignore[attr-defined]
        query = select(col(table.institution_id), func.min(day), func.max(day)).where(mine)  # type: ignore[attr-defined]
        spans += connection.execute(query.group_by(col(table.institution_id))).all()  # type: ignore[attr-defined]
    if not spans:
        return []
    institutions = tuple(sorted({int(span[0]) for span in spans}))
    first, last = min(span[1] for span in spans), max(span[2] for span in spans)
    return [Touched(institutions, first_of_month(first), first_of_month(last))]


def references(connection: Connection, import_id: int) -> list[int]:
    """Later imports in force whose rows point to institutions, batches or varieties that this one brought.

    So do volumes that point to a product that a list brought; purchase lines name products on their own.
    """
    found: set[int] = set()
    for table in (Institution, Batch, Variety, Product):
        brought = _inserted(import_id, table)
        for other, column in _pointing_to(table):
            builds = other in _VOLUMES if table is Product else other.name != "import_coverage"
            if "import_id" in other.c and builds:
                query = select(other.c.import_id).distinct().where(column.in_(brought))
                query = query.where(other.c.import_id > import_id, is_in_force(other.c.import_id))
                found |= set(connection.execute(query).scalars())
    return sorted(found)


def settlements_on(connection: Connection, import_id: int) -> int:
    """How many settlements are of institutions or batches that the import brought."""
    query = select(func.count(col(Settlement.id))).where(
        col(Settlement.institution_id).in_(_inserted(import_id, Institution))
        | col(Settlement.batch_id).in_(_inserted(import_id, Batch))
    )
    return connection.execute(query).scalar_one()


_VOLUMES = (AgreedVolume.__table__, AreaVolume.__table__)  # type: ignore[attr-defined]


def _inserted(import_id: int, table: type[SQLModel]) -> Select:
    return select(col(ImportChange.row_id)).where(
        col(ImportChange.import_id) == import_id,
        col(ImportChange.table_name) == table.__tablename__,
        col(ImportChange.before).is_(None),
    )


def _pointing_to(table: type[SQLModel]):  # type: ignore[no-untyped-def]
    """Tables, with the column, that point to `table`; derived sums follow their lines and do not count."""
    target = table.__table__  # type: ignore[attr-defined]
    for other in SQLModel.metadata.tables.values():
        if other is MonthlyPurchase.__table__:  # type: ignore[attr-defined]
            continue
        for key in other.foreign_keys:
            if key.column.table is target:
                yield other, key.parent


def _is_pointed_to(
    connection: Connection, table: type[SQLModel], row_id: int, but_by: tuple[type[SQLModel], ...] = ()
) -> bool:
    others = [other.__table__ for other in but_by]  # type: ignore[attr-defined]
    queries = (
        select(column).where(column == row_id).limit(1)
        for other, column in _pointing_to(table)
        if other not in others
    )
    return any(connection.execute(query).first() is not None for query in queries)


def _named_by_lines_in_force(connection: Connection) -> set[int]:
    """Products of lines that were replaced, which another undo may bring back."""
    in_force = is_in_force(col(WithdrawnPurchase.import_id))
    query = select(col(WithdrawnPurchase.product_id)).where(in_force).distinct()
    return set(connection.execute(query).scalars())


SAID_OF_ANY = ("category", "registration")
SAID_OF_CODED = ("name", "form", "spec", "units_per_pack", "base_unit", "manufacturer")
"""Of a provisional product these words are what it is."""


def _forget_words(connection: Connection, product_id: int) -> None:
    """Where nothing but lines that were taken back name a product, the next file says anew what it is."""
    if _is_pointed_to(connection, Product, product_id, but_by=(WithdrawnPurchase,)):
        return
    mine = update(Product).where(col(Product.id) == product_id)
    connection.execute(mine.values(dict.fromkeys(SAID_OF_ANY)))
    connection.execute(mine.where(~col(Product.is_provisional)).values(dict.fromkeys(SAID_OF_CODED)))


def return_rows(connection: Connection, import_id: int) -> Returned:
    """Undo every change of an import, the latest first."""
    query = select(ImportChange.__table__).where(col(ImportChange.import_id) == import_id)  # type: ignore[attr-defined]
    kept = connection.execute(query.order_by(col(ImportChange.id).desc())).all()
    returned = Returned(products={c.row_id for c in kept if TABLES[c.table_name] is Product})
    products = _products_of(connection, kept)
    for change in kept:
        if change.before is None:
            _take_out(connection, change, returned)
    changed = _make_room(connection, kept)
    # A row that comes back may point to another that does; those stand first in the journal.
    for change in reversed(kept):
        if change.before is not None:
            _put_back(connection, change, returned)
    returned.restored -= changed
    returned.changed += changed
    products |= _products_of(connection, kept)
    if products:
        returned.touched.append(Touched(product_ids=tuple(sorted(products))))
    return returned


def _make_room(connection: Connection, kept: Sequence[Row]) -> int:  # type: ignore[type-arg]
    """Take out what has other values now, unless others point to it; returns how many rows.

    Two rows may have changed places: neither could take its old key while the other is there.
    """
    count = 0
    for change in kept:
        table = TABLES[change.table_name]
        if change.before is not None and table not in POINTED_TO:
            count += connection.execute(delete(table).where(_id(table) == change.row_id)).rowcount
    return count


def _put_back(connection: Connection, change: Row, returned: Returned) -> None:
    table = TABLES[change.table_name]
    values = from_json(table, change.before)
    present = connection.execute(select(table.__table__).where(_id(table) == change.row_id)).first()  # type: ignore[attr-defined]
    if present is None:
        connection.execute(insert(table).values(values))
        returned.restored += 1
        return
    values.pop("merged_into", None)  # a decision of a person is no part of an import
    connection.execute(update(table).where(_id(table) == change.row_id).values(values))
    returned.changed += table is Institution  # words of products and batches are no rows of a file
    if table is Product and present.units_per_pack != values["units_per_pack"]:
        apply_packs(connection, [change.row_id])


def _take_out(connection: Connection, change: Row, returned: Returned) -> None:
    table = TABLES[change.table_name]
    if table in POINTED_TO:
        returned.leaving.setdefault(table, []).append(change.row_id)
        return
    connection.execute(delete(table).where(_id(table) == change.row_id))
    returned.removed += 1


def _products_of(connection: Connection, kept: Sequence[Row]) -> set[int]:  # type: ignore[type-arg]
    """Products whose months may read otherwise: listed or priced by a row that changed."""
    by_table: dict[str, set[int]] = {}
    for change in kept:
        by_table.setdefault(change.table_name, set()).add(change.row_id)
    batches = by_table.get("batch", set()) | _batches_of(connection, Listing, by_table)
    batches |= _batches_of(connection, AgreedVolume, by_table) | _batches_of(connection, Variety, by_table)
    products = products_of_batches(connection, sorted(batches)) if batches else set()
    return products | by_table.get("product", set())


def _batches_of(
    connection: Connection, table: type[Listing | AgreedVolume | Variety], by_table: dict[str, set[int]]
) -> set[int]:
    ids = by_table.get(str(table.__tablename__), set())
    if not ids:
        return set()
    rows = connection.execute(select(col(table.id), col(table.batch_id)).distinct()).all()
    return {batch for number, batch in rows if number in ids}


def _id(table: type[SQLModel]):  # type: ignore[no-untyped-def]
    return table.__table__.c.id  # type: ignore[attr-defined]
