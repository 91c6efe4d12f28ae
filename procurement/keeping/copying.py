"""Copies of a whole ledger: a consistent state into a SQLite file, and a file back into a ledger.

SQLite copies pages by its own means while others read and write. PostgreSQL is read table by table within one
REPEATABLE READ transaction, and written within one transaction.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Column, Connection, Engine, Table, create_engine, insert, select, text, update
from sqlmodel import SQLModel

from procurement.database import connecting, make_tables, writing

ROWS_AT_ONCE = 5_000

PATIENCE = 60.0
"""Seconds that a copy into a SQLite ledger waits for those who write there."""


def address(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))


@contextmanager
def opened(file: Path) -> Iterator[Connection]:
    """A connection that reads the file, changes nothing and leaves nothing beside it."""
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    )
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def copy_out(engine: Engine, file: Path) -> None:
    """The ledger as it is now → a new file."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as source:
            copy_pages(source.driver_connection, file)  # type: ignore[arg-type]
    else:
        _copy_tables_out(engine, file)
    _put_into_one_file(file)


def copy_file(source: Path, file: Path) -> None:
    """A SQLite file that somebody may have open → a new file."""
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        copy_pages(connection, file)
    _put_into_one_file(file)


def copy_pages(source: sqlite3.Connection, file: Path) -> None:
    """All pages at once: into a file that others have open it is one transaction of theirs to see."""
    with closing(sqlite3.connect(file, timeout=PATIENCE)) as target:
        source.backup(target)


def _put_into_one_file(file: Path) -> None:
    """No -wal beside it: a copy is one file, and is read without writing beside it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _copy_tables_out(engine: Engine, file: Path) -> None:
    target_engine = connecting(address(file))
    try:
        make_tables(target_engine)
        source = engine.connect().execution_options(isolation_level="REPEATABLE READ")
        with source, writing(target_engine) as target:
            copy_rows(source, target)
    finally:
        target_engine.dispose()


def replace_rows(source: Connection, target: Connection) -> None:
    """A ledger of this version → a PostgreSQL ledger of this version, in the place of all that is there.

    Tables are emptied, not dropped: connections that read within a scope have views on them.
    """
    names = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
    trigger = "ALTER TABLE audit_event {} TRIGGER audit_event_only_added"
    target.execute(text(trigger.format("DISABLE")))
    target.execute(text(f"TRUNCATE {names}"))
    target.execute(text(trigger.format("ENABLE")))
    copy_rows(source, target)
    _set_sequences(target)


def copy_rows(source: Connection, target: Connection) -> None:
    """Every row of every table; references within a table follow once all of its rows are there."""
    for table in SQLModel.metadata.sorted_tables:
        own = [column for column in table.columns if _points_to_own_table(column)]
        for rows in _parts(source, table):
            target.execute(insert(table), [row | dict.fromkeys(c.name for c in own) for row in rows])
        for column in own:
            _point(source, target, table, column)


def _points_to_own_table(column: Column) -> bool:
    return any(key.column.table is column.table for key in column.foreign_keys)


def _parts(source: Connection, table: Table) -> Iterator[list[dict]]:
    result = source.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table))
    for part in result.mappings().partitions():
        yield [dict(row) for row in part]


def _point(source: Connection, target: Connection, table: Table, column: Column) -> None:
    pointing = select(table.c.id, column).where(column.is_not(None))
    for number, value in source.execute(pointing).all():
        target.execute(update(table).where(table.c.id == number).values({column.name: value}))


def _set_sequences(target: Connection) -> None:
    """The next row gets the number after the last one that was copied."""
    for table in SQLModel.metadata.sorted_tables:
        if table.autoincrement_column is not None:
            key = table.autoincrement_column.name
            sequence = f"pg_get_serial_sequence('\"{table.name}\"', '{key}')"
            last = f'SELECT coalesce(max("{key}"), 0) + 1 FROM "{table.name}"'
            target.execute(text(f"SELECT setval({sequence}, ({last}), false)"))
