"""The ledger's database: SQLite by default, PostgreSQL when outgrown."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Insert,
    Select,
    cast,
    event,
    func,
    insert,
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
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {1000 * options.get('patience', PATIENCE)}")
    cache = READERS_CACHE_KIBIBYTES if reading else WRITERS_CACHE_KIBIBYTES
    connection.exec_driver_sql(f"PRAGMA cache_size = {-cache}")
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


def read_frame(connection: Connection, query: Select) -> pd.DataFrame:
    """The rows of `query` as a frame: integers as Int64 where empty is possible, dates as datetime64[s]."""
    result = connection.execute(query)
    names = list(result.keys())
    rows = result.fetchall()
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pd.DataFrame(
        {
            name: _typed(list(values), column)
            for name, values, column in zip(names, columns, query.selected_columns, strict=True)
        }
    )


def _typed(values: list, column: ColumnElement) -> pd.Series:
    kind = column.type.python_type.__name__
    if kind == "date":
        return pd.to_datetime(pd.Series(values, dtype="object")).astype("datetime64[s]")
    if kind == "bool":
        return pd.Series(values, dtype="boolean")
    if kind == "int":
        return pd.Series(values, dtype="Int64")
    return pd.Series(values, dtype="object")


def total(column: Any) -> ColumnElement[int]:
    """SUM as a 64-bit integer: PostgreSQL would make it a numeric."""
    return cast(func.sum(column), BigInteger)


def insert_frame(connection: Connection, table: type[SQLModel], rows: pd.DataFrame) -> None:
    """Append `rows` to `table` in one call of the driver; columns carry the table's own names.

    Columns that the frame lacks take the table's default. The driver's executemany of plain tuples is three
    times as quick as an insert of dictionaries.
    """
    if rows.empty:
        return
    target = table.__table__  # type: ignore[attr-defined]
    defaults = {c.name: c.default.arg for c in target.columns if c.default is not None}
    rows = rows.assign(**{name: value for name, value in defaults.items() if name not in rows})
    execute_frame(connection, insert(target).values(dict.fromkeys(rows.columns)), rows)


def execute_frame(connection: Connection, statement: Insert, rows: pd.DataFrame) -> None:
    """Run an insert whose values carry the names of the frame's columns, once per row."""
    compiled = statement.compile(dialect=connection.dialect)
    order = compiled.positiontup or list(rows.columns)
    columns = [_plain(rows[name]) for name in order]
    if compiled.positional:
        connection.exec_driver_sql(str(compiled), list(zip(*columns, strict=True)))
    else:
        values = [dict(zip(order, row, strict=True)) for row in zip(*columns, strict=True)]
        connection.exec_driver_sql(str(compiled), values)


def _plain(values: pd.Series) -> list:
    """Values as the drivers take them: Python's own types, ISO text for dates, None for missing."""
    missing = values.isna().to_numpy()
    if pd.api.types.is_datetime64_any_dtype(values):
        told = _told_days(values)
    elif values.dtype == "object" or isinstance(values.dtype, pd.StringDtype):
        told = values.to_numpy(dtype=object)
        if pd.api.types.infer_dtype(told, skipna=True) not in ("string", "integer", "boolean"):
            told = np.array([v.isoformat() if hasattr(v, "isoformat") else v for v in told], dtype=object)
    elif missing.any():
        told = values.to_numpy(dtype=object)
    else:
        told = values.to_numpy(dtype=getattr(values.dtype, "numpy_dtype", values.dtype))
    if missing.any():
        told = told.astype(object)  # a copy: what the caller holds stays as it is
        told[missing] = None
    return list(told.tolist())


def _told_days(values: pd.Series) -> np.ndarray:
    """Days as ISO text: many lines have few of them."""
    days, places = np.unique(values.to_numpy().astype("datetime64[D]"), return_inverse=True)
    return np.datetime_as_string(days).astype(object)[places]
