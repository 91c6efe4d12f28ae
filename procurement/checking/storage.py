"""The file itself: every page can be read and every index agrees with its table."""

from collections.abc import Iterator

from sqlalchemy import Connection

from procurement.checking.finding import Finding
from procurement.language import N_, _

STORAGE = "storage"
"""The name of this check; where it finds anything, nothing else that a ledger says can be relied on."""

DAMAGED = N_("数据库文件已损坏：{problem}。请停止服务，用 vbp restore 从最近的备份恢复。")

MOST = 5
"""Faults told of one file: where one is, more follow from it."""


def storage(connection: Connection) -> Iterator[Finding]:
    """What SQLite's own examination finds; PostgreSQL has its own means."""
    if connection.dialect.name != "sqlite":
        return
    for (problem,) in connection.exec_driver_sql(f"PRAGMA integrity_check({MOST})"):
        if problem != "ok":
            yield Finding(STORAGE, "file", _(DAMAGED).format(problem=problem))
