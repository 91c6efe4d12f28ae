"""What stands where a backup is put back: nothing, a ledger, or a file that can no longer be read."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel, col

from procurement.database import has_tables, reading
from procurement.keeping.backing_up import copy_beside, name_beside
from procurement.keeping.examining import NotKept
from procurement.language import N_, _
from procurement.ledger_version import require_own
from procurement.people.audit import BEGINNING
from procurement.tables import AuditEvent

NOT_EMPTY = N_("数据库不是空的，没有恢复。要用备份替换它，请加 --replace（会先把现有数据库另存一份）。")

BESIDE_SQLITE = ("", "-wal", "-shm")
"""The files that a SQLite ledger may consist of, by what is behind its name."""


@dataclass(frozen=True)
class Present:
    """A copy of what was there, and the last hash of its trail; empty where nothing was."""

    kept: Path | None = None
    head: str = ""


def keep_present(engine: Engine, folder: Path, is_replacing: bool) -> Present:
    """Copy what is there into `folder`; NotKept where something is and may not be replaced."""
    try:
        with reading(engine) as connection:
            if _is_empty(connection):
                return Present()
            head = _head(connection)
            if engine.dialect.name != "sqlite":
                require_own(connection, engine.url.render_as_string())
        if not is_replacing:
            raise NotKept(_(NOT_EMPTY))
        return Present(copy_beside(engine, folder, "restore"), head)
    except (sqlite3.DatabaseError, DatabaseError):
        if engine.dialect.name != "sqlite":
            raise
    if not is_replacing:
        raise NotKept(_(NOT_EMPTY))
    return Present(_set_aside(engine, folder))


def _is_empty(connection: Connection) -> bool:
    if not has_tables(connection):
        return True
    names = set(inspect(connection).get_table_names())
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name in names]
    return all(connection.execute(select(1).select_from(t).limit(1)).first() is None for t in tables)


def _head(connection: Connection) -> str:
    if not inspect(connection).has_table(AuditEvent.__tablename__):
        return BEGINNING
    last = select(col(AuditEvent.hash)).order_by(col(AuditEvent.id).desc()).limit(1)
    return connection.execute(last).scalar() or BEGINNING


def _set_aside(engine: Engine, folder: Path) -> Path:
    """A file that cannot be read, under another name: somebody may yet save something from it."""
    engine.dispose()
    ledger, aside = Path(str(engine.url.database)), name_beside(folder, engine, "restore")
    for ending in BESIDE_SQLITE:
        part = ledger.with_name(ledger.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))
    return aside
