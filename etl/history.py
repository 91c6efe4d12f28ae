"""The same content again: is it in the ledger still, or was it replaced meanwhile?

An import's `content_hash` is the digest of its rows; content that comes again after another list has
replaced some of its rows is loaded again, under the digest with a number behind it.
"""

from sqlalchemy import Connection, Row, func, select
from sqlmodel import SQLModel, col

from procurement.tables import (
    AgreedVolume,
    Assessment,
    Import,
    Institution,
    Listing,
    PaymentRatio,
)

KEYED: dict[str, type[SQLModel]] = {
    "institutions": Institution,
    "batch_list": Listing,
    "substitutes": Listing,
    "agreed_volumes": AgreedVolume,
    "assessments": Assessment,
    "payment_ratios": PaymentRatio,
}
"""Tables whose rows a later import of the kind may replace by their key. Purchases are only added."""


def loaded_before(connection: Connection, kind: str, digest: str) -> Row | None:
    """The latest import of this content, if all its rows are still the ones in the ledger."""
    query = (
        select(col(Import.id), col(Import.rows), col(Import.skipped_rows))
        .where(_same(digest))
        .order_by(col(Import.id).desc())
        .limit(1)
    )
    found = connection.execute(query).first()
    if found is None or kind not in KEYED:
        return found
    table = KEYED[kind].__table__  # type: ignore[attr-defined]
    count = select(func.count()).select_from(table).where(table.c.import_id == found.id)
    return found if connection.execute(count).scalar_one() >= found.rows else None


def next_hash(connection: Connection, digest: str) -> str:
    """The digest, with a number behind it where the content has been loaded before."""
    times = connection.execute(select(func.count()).select_from(Import).where(_same(digest))).scalar_one()
    return f"{digest}.{times + 1}" if times else digest


def _same(digest: str):  # type: ignore[no-untyped-def]
    return col(Import.content_hash).startswith(digest)  # type: ignore[attr-defined]
