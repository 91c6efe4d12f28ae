"""Which released version a ledger's tables are of, and what to do where that is not this one.

    revision_of(connection)     "0.2.0", HEAD, the number of a later version, or None: of no released version

A ledger says so itself (table alembic_version). One that was made before ledgers did is known by the names of
its tables and columns.
"""

from hashlib import sha256

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, inspect, select
from sqlmodel import SQLModel

from procurement.language import N_, _

REVISIONS = ("0.1.0", "0.2.0", "0.3.0", "0.4.0")
"""The released versions that changed the tables, oldest first; procurement.migrations has a step for each."""

HEAD = REVISIONS[-1]

UNSTAMPED = {
    "0.1.0": "ff4db2a1d0f169a2",
    "0.2.0": "59f6106d9d028dd8",
    "0.3.0": "aea6b604c165ddb7",
}
"""Fingerprints of the tables of versions that did not stamp their ledgers."""

EARLIER = N_("数据库的表结构是{made}版的，本软件需要{own}版的。请运行：vbp migrate --db {url}")
LATER = N_("数据库的表结构是{made}版的，比本软件（{own}版）新。请升级本软件后再打开。")
UNKNOWN = N_(
    "数据库缺少 {lacking}，与任何发布版本都不符。请从备份恢复，或另建一个数据库（--db）重新导入工作簿。"
)

_STAMP = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


class EarlierVersion(LookupError):
    """The ledger's tables are not those that this version works on; the sentence says what to do."""


def revision_of(connection: Connection) -> str | None:
    """The version whose tables these are; None where they are of no released version."""
    if inspect(connection).has_table(_STAMP.name):
        stamped = connection.execute(select(_STAMP.c.version_num)).scalar()
        if stamped is not None:
            return stamped
    found = fingerprint(columns_of(connection))
    known = {UNSTAMPED[revision]: revision for revision in UNSTAMPED} | {fingerprint(_own_columns()): HEAD}
    return known.get(found)


def stamp(connection: Connection) -> None:
    """Let the ledger say that its tables are of this version."""
    _STAMP.create(connection, checkfirst=True)
    connection.execute(delete(_STAMP))
    connection.execute(insert(_STAMP).values(version_num=HEAD))


def require_own(connection: Connection, url: str) -> None:
    """EarlierVersion where the tables are of another version than this one."""
    made = revision_of(connection)
    if made == HEAD:
        return
    if made is None:
        raise EarlierVersion(_(UNKNOWN).format(lacking=first_lacking(connection)))
    says = EARLIER if made in REVISIONS else LATER
    raise EarlierVersion(_(says).format(made=made, own=HEAD, url=url))


def columns_of(connection: Connection) -> set[str]:
    """`table.column` of every table that this version knows, as the database has them."""
    present = inspect(connection).get_multi_columns()
    return {
        f"{table}.{column['name']}"
        for (_schema, table), columns in present.items()
        if table in SQLModel.metadata.tables
        for column in columns
    }


def fingerprint(columns: set[str]) -> str:
    return sha256("\n".join(sorted(columns)).encode()).hexdigest()[:16]


def _own_columns() -> set[str]:
    return {f"{table.name}.{c.name}" for table in SQLModel.metadata.tables.values() for c in table.columns}


def first_lacking(connection: Connection) -> str:
    """A `table.column` that this version needs and the database does not have."""
    return min(_own_columns() - columns_of(connection), default="alembic_version")
