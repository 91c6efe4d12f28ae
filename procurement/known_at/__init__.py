"""The ledger as it was known at a moment: a report of that time comes out the same, whatever was corrected.

    with known_at(engine, datetime(2024, 5, 31, 15, 59, 59, tzinfo=UTC)) as then:
        with reading(then) as connection: …

A ledger of its own is made in a temporary folder and removed afterwards; rows keep the numbers that they
have. What was in force is told by the history: imports by their time, purchase lines by the imports that
brought, withdrew and restored them, rows of lists by the images of the journal (`lists`), settlements by
their steps (`settlements`), all else by the time of each row. The monthly purchases are then built by the
same code as ever. Accounts, sign-ins and the audit trail are no part of it, and neither are entries of
policies that were published with an earlier version of this software: those of the present one count.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

from procurement.database import open_database, reading, writing
from procurement.known_at import lists, rows, settlements
from procurement.known_at.moment import Known, NotKnown, known
from procurement.ledger import rebuild
from procurement.packs import apply_packs

__all__ = ["NotKnown", "known_at", "moment_of"]

ROWS_AT_ONCE = 5_000


@contextmanager
def known_at(engine: Engine, moment: datetime) -> Iterator[Engine]:
    """An engine on the ledger as it was known at a moment (with its time zone); for reading.

    NotKnown, with a sentence, where an earlier version of this software did not keep what is needed.
    """
    with TemporaryDirectory(prefix="vbp-known-at-", ignore_cleanup_errors=True) as folder:
        then = open_database(f"sqlite:///{Path(folder) / 'ledger.db'}")
        try:
            with reading(engine) as source:
                _look_at_one_state(source)
                _write(source, then, known(source, moment))
            yield then.execution_options(known_at=moment)
        finally:
            then.dispose()


def moment_of(connection: Connection) -> datetime | None:
    """The moment that a ledger is told as of; None of the ledger itself."""
    return connection.get_execution_options().get("known_at")


def _look_at_one_state(source: Connection) -> None:
    """Between two queries a line may be withdrawn, and would be there twice; SQLite sees one state anyway."""
    if source.dialect.name == "postgresql":
        source.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _write(source: Connection, then: Engine, at: Known) -> None:
    with writing(then) as target:
        target.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # a product may point to a later one
        for part in (rows.told(source, at), lists.told(source, at), settlements.told(source, at)):
            for table, values in part:
                _insert(target, table, values)
        # Base units and prices by pack are no part of the images: they follow from the packs of then.
        apply_packs(target, lists.with_other_packs(source, at))
        rebuild(target)


def _insert(target: Connection, table: type[SQLModel], values: Iterator[dict]) -> None:
    statement = table.__table__.insert()  # type: ignore[attr-defined]
    some: list[dict] = []
    for row in values:
        some.append(row)
        if len(some) == ROWS_AT_ONCE:
            target.execute(statement, some)
            some = []
    if some:
        target.execute(statement, some)
