"""The same content again: is it in the ledger still, or was it replaced meanwhile?

An import's `content_hash` is the digest of its rows; content that comes again after another list has
replaced some of its rows is loaded again, under the digest with a number behind it.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, Row, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from procurement.periods import first_of_month
from procurement.queries.register import data_version, parts_of_version
from procurement.tables import (
    AgreedVolume,
    AreaVolume,
    Assessment,
    Import,
    ImportCoverage,
    Institution,
    Listing,
    PaymentRatio,
    Product,
    SharingAccount,
    WithdrawnPurchase,
)

KEYED: dict[str, tuple[type[SQLModel], ...]] = {
    "institutions": (Institution,),
    "batch_list": (Listing,),
    "substitutes": (Listing,),
    "agreed_volumes": (AgreedVolume, AreaVolume),
    "assessments": (Assessment,),
    "payment_ratios": (PaymentRatio,),
    "sharing": (SharingAccount,),
}
"""The tables of which a row of a list becomes a row; a later import of the kind may replace it by its key."""

Undo = aliased(Import)


def is_in_force(import_id):  # type: ignore[no-untyped-def]
    """Whether an import (a column of its id) has not been taken back."""
    return ~exists().where(col(Undo.undoes) == import_id)


def loaded_before(connection: Connection, kind: str, digest: str) -> Row | None:
    """The latest import of this content, if what it brought is still what the ledger says."""
    query = (
        select(col(Import.id), col(Import.rows), col(Import.skipped_rows))
        .where(_same(digest), is_in_force(col(Import.id)))
        .order_by(col(Import.id).desc())
        .limit(1)
    )
    found = connection.execute(query).first()
    if found is None:
        return None
    if kind == "purchases":
        return None if _was_changed_since(connection, found.id) else found
    present = 0
    for keyed in KEYED[kind]:
        table = keyed.__table__  # type: ignore[attr-defined]
        count = select(func.count()).select_from(table).where(table.c.import_id == found.id)
        present += connection.execute(count).scalar_one()
    return found if present >= found.rows else None


def _was_changed_since(connection: Connection, import_id: int) -> bool:
    """Whether a later import, still in force, withdrew lines that this one brought or found unchanged.

    Those are the lines of its institutions, months and categories that no later import brought.
    """
    covered = select(
        col(ImportCoverage.institution_id), col(ImportCoverage.month), col(ImportCoverage.category)
    ).where(col(ImportCoverage.import_id) == import_id)
    cells = {tuple(cell) for cell in connection.execute(covered)}
    query = (
        select(
            col(WithdrawnPurchase.import_id),
            col(WithdrawnPurchase.institution_id),
            col(WithdrawnPurchase.bought_on),
            col(Product.category),
        )
        .join(Product, col(Product.id) == col(WithdrawnPurchase.product_id))
        .where(
            col(WithdrawnPurchase.import_id) <= import_id,
            col(WithdrawnPurchase.withdrawn_by) > import_id,
            is_in_force(col(WithdrawnPurchase.withdrawn_by)),
            col(WithdrawnPurchase.institution_id).in_({cell[0] for cell in cells}),
        )
        .distinct()
    )
    return any(row.import_id == import_id or _is_in(cells, row) for row in connection.execute(query))


def _is_in(cells: set[tuple], line: Row) -> bool:
    """Whether a line is of these institutions, months and categories; an unknown category may be any."""
    where = (line.institution_id, first_of_month(line.bought_on))
    known = {category for *place, category in cells if tuple(place) == where}
    return bool(known) and (line.category is None or "" in known or line.category in known)


def changed_since(
    connection: Connection, version: int, institution_ids: Sequence[int] | None, own: Collection[int] = ()
) -> bool:
    """Whether what a preview at `version` of the data told may be otherwise now.

    A list, a decision about products and an undo concern everybody; purchases only those institutions that
    they are of (None: anybody's). Imports in `own` do not count.
    """
    seen_import, seen_match = parts_of_version(version)
    later = select(col(Import.id), col(Import.kind)).where(
        col(Import.id) > seen_import, col(Import.id).not_in(list(own))
    )
    kinds = dict(connection.execute(later).all())
    if parts_of_version(data_version(connection))[1] != seen_match or set(kinds.values()) - {"purchases"}:
        return True
    if institution_ids is None:
        return bool(kinds)
    theirs = select(col(ImportCoverage.import_id)).where(
        col(ImportCoverage.import_id).in_(list(kinds)),
        col(ImportCoverage.institution_id).in_(institution_ids),
    )
    return connection.execute(theirs.limit(1)).first() is not None


def next_hash(connection: Connection, digest: str) -> str:
    """The digest, with a number behind it where the content has been loaded before."""
    times = connection.execute(select(func.count()).select_from(Import).where(_same(digest))).scalar_one()
    return f"{digest}.{times + 1}" if times else digest


def _same(digest: str):  # type: ignore[no-untyped-def]
    return col(Import.content_hash).startswith(digest)  # type: ignore[attr-defined]
