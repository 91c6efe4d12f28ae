"""The ledger's database: SQLite by default, PostgreSQL when outgrown."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    cast,
    event,
    func,
    inspect,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel, create_engine

import procurement.tables  # noqa: F401  registers the tables before create_all
from procurement.default_url import DEFAULT_URL
from procurement.kept import KEPT, Kept
from procurement.ledger_version import require_own, stamp


def open_database(url: str = DEFAULT_URL) -> Engine:
    """An engine for `url` with all tables in place; a SQLite file and its folder are made if absent.

    EarlierVersion where the tables are of another version.
    """
    parsed = with_driver(make_url(url))
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = connecting(parsed)
    try:
        _make_or_require(engine, parsed.render_as_string())
    except BaseException:
        engine.dispose()
        raise
    return engine


def _make_or_require(engine: Engine, url: str) -> None:
    with reading(engine) as connection:
        is_made = has_tables(connection)
    if not is_made:
        make_tables(engine)
    with reading(engine) as connection:
        require_own(connection, url)


def has_tables(connection: Connection) -> bool:
    """Whether somebody has made a ledger here, of whatever version."""
    return inspect(connection).has_table("import")


def make_tables(engine: Engine) -> None:
    """The tables as they are today, unless another process has just made them."""
    import procurement.people.audit  # noqa: F401  with the table of the trail come its triggers

    with writing(engine) as connection:
        if not has_tables(connection):
            SQLModel.metadata.create_all(connection)
            stamp(connection)


def with_driver(url: URL) -> URL:
    """The address with the driver that we use."""
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


CONNECTIONS = {"sqlite": 100, "postgresql": 25}
"""Connections that an engine opens beyond the few that it keeps: each page that is being computed holds one,
and fifty people click at once. PostgreSQL allows a hundred to all processes together."""


def connecting(url: URL) -> Engine:
    """An engine whose connections are set up as the ledger needs them; looks at no table."""
    is_sqlite = url.get_backend_name() == "sqlite"
    is_file = url.database not in (None, "", ":memory:")
    most = CONNECTIONS["sqlite" if is_sqlite else "postgresql"]
    engine = create_engine(url, **({"max_overflow": most} if is_file or not is_sqlite else {}))
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(driver_connection, _record) -> None:  # type: ignore[no-untyped-def]
    # The driver must not open transactions behind our back: _begin_immediate does, so that
    # creating a table and a failed import roll back alike.
    driver_connection.isolation_level = None
    cursor = driver_connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


READERS_CACHE_KIBIBYTES, WRITERS_CACHE_KIBIBYTES = 2_000, 65_536
"""SQLite's own, and what saves a large import from writing index pages out and reading them back."""


PATIENCE = 30
"""Seconds that a writer waits for another one."""


def _begin_immediate(connection: Connection) -> None:
    # A reader that later writes would fail at once under WAL; readers mark themselves instead.
    options = connection.get_execution_options()
    reading = options.get("reading", False)
    cache = READERS_CACHE_KIBIBYTES if reading else WRITERS_CACHE_KIBIBYTES
    wanted = {"busy_timeout": 1000 * options.get("patience", PATIENCE), "cache_size": -cache}
    # A connection of the pool stays as it was set: a page reads dozens of times.
    for name, value in wanted.items():
        if connection.info.get(name) != value:
            connection.exec_driver_sql(f"PRAGMA {name} = {value}")
            connection.info[name] = value
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for queries: one consistent state of the ledger, no lock taken."""
    with engine.connect().execution_options(**for_reading(engine)) as connection:
        yield connection


def for_reading(engine: Engine) -> dict[str, Any]:
    """Options of a connection for queries: PostgreSQL would give each query a state of its own."""
    options: dict[str, Any] = {"reading": True, KEPT: Kept()}
    return options if engine.dialect.name == "sqlite" else {**options, "isolation_level": "REPEATABLE READ"}


class LedgerBusy(Exception):
    """Somebody else is writing, and waiting was not asked for."""


@contextmanager
def writing(engine: Engine, patience: int = PATIENCE) -> Iterator[Connection]:
    """A connection in one transaction: all of it is kept, or none. One writer at a time.

    With no `patience`, LedgerBusy at once where another one is at work.
    """
    with engine.connect().execution_options(patience=patience) as connection:
        try:
            transaction = connection.begin()
            take_turn(connection, is_patient=patience > 0)
        except OperationalError as problem:
            if patience == 0:
                raise LedgerBusy from problem
            raise
        with transaction:
            yield connection


def take_turn(connection: Connection, is_patient: bool = True) -> None:
    """Wait until no other writer is at work, and keep others waiting until the transaction ends."""
    if connection.dialect.name != "postgresql":
        return
    if is_patient:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({TURN})")
    elif not connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({TURN})").scalar_one():
        raise LedgerBusy


TURN = 20200126
"""The number of the lock that PostgreSQL's writers pass on."""


def total(column: Any) -> ColumnElement[int]:
    """SUM as a 64-bit integer: PostgreSQL would make it a numeric."""
    return cast(func.sum(column), BigInteger)
