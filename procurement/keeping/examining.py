"""What a file is: a ledger that can be read, of which version, and how sound.

A file that cannot be read, or is no ledger, is refused; what the check finds in a ledger is told.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

from procurement.checking import check
from procurement.checking.finding import Finding
from procurement.checking.storage import STORAGE, storage
from procurement.database import has_tables
from procurement.keeping.copying import opened
from procurement.language import N_, _
from procurement.ledger_version import HEAD, LATER, REVISIONS, UNKNOWN, first_lacking, revision_of
from procurement.people import audit
from procurement.tables import Import, Purchase

UNREADABLE = N_("文件“{file}”已损坏，或不是数据库：{problem}")
NO_LEDGER = N_("文件“{file}”不是本系统的数据库或备份。")


class NotKept(LookupError):
    """Nothing was copied or put back; the sentence says why."""


@dataclass(frozen=True)
class Examined:
    """`version` of the tables; of one that is this version's also how much it holds, the `head` of its trail
    and what the check found."""

    version: str
    imports: int = 0
    lines: int = 0
    head: str = audit.BEGINNING
    findings: tuple[Finding, ...] = ()


@contextmanager
def reading_foreign(name: str) -> Iterator[None]:
    """What a database says of a file that it cannot read becomes a sentence about `name`."""
    try:
        yield
    except (sqlite3.DatabaseError, DatabaseError) as problem:
        words = {"file": name, "problem": getattr(problem, "orig", problem)}
        raise NotKept(_(UNREADABLE).format(**words)) from None


def examined(file: Path, name: str) -> Examined:
    """A file as it is, `name` being what people know it by; NotKept where it is damaged, no ledger, or of no
    known version."""
    with reading_foreign(name), opened(file) as connection:
        version = _version(connection, name)
        findings = check(connection) if version == HEAD else list(storage(connection))
        if damage := [finding for finding in findings if finding.check == STORAGE]:
            raise NotKept(_(UNREADABLE).format(file=name, problem=damage[0].says))
        if version != HEAD:
            return Examined(version)
        imports, lines = (_count(connection, table) for table in (Import, Purchase))
        return Examined(version, imports, lines, audit.verify(connection).head, tuple(findings))


def _version(connection: Connection, name: str) -> str:
    if not has_tables(connection):
        raise NotKept(_(NO_LEDGER).format(file=name))
    version = revision_of(connection)
    if version is None:
        raise NotKept(_(UNKNOWN).format(lacking=first_lacking(connection)))
    if version not in REVISIONS:
        raise NotKept(_(LATER).format(made=version, own=HEAD))
    return version


def _count(connection: Connection, table: type[SQLModel]) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
