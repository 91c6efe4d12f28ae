"""The audit trail is whole, and the database still refuses to change it."""

import re
from collections.abc import Iterator

from sqlalchemy import Connection
from sqlalchemy import text as sql

from procurement.checking.finding import Finding
from procurement.language import N_, _
from procurement.people import audit

FAULTS = {
    "changed": N_("审计记录第{number}条与其校验码不符，内容被改动过。"),
    "missing": N_("审计记录第{number}条与前一条接不上，其前的记录被删去或插入过。"),
}
LOOK_INTO = N_("请查明谁能直接改动数据库，并与备份中的记录核验。")
CUT_OFF = N_("审计记录中没有校验码为 {head} 的一条：末尾被删去，或恢复过更早的备份。请与备份中的记录核验。")
UNPROTECTED = N_(
    "审计记录缺少防改动的触发器（{names}）。请运行 vbp backup，再用 vbp restore 恢复到新的数据库。"
)

TRIGGERS = {
    dialect: re.findall(r"CREATE TRIGGER (\w+)", "\n".join(statements))
    for dialect, statements in audit.APPEND_ONLY.items()
}
"""The names of those that each database must have."""

PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE relname = 'audit_event' AND pg_table_is_visible(pg_class.oid) AND tgenabled <> 'D'",
}


def trail(connection: Connection) -> Iterator[Finding]:
    """The first row that is not what it was, or does not follow the one before it."""
    fault = audit.verify(connection).fault
    if fault:
        kind, number = fault
        yield Finding("audit", str(number), _(FAULTS[kind]).format(number=number) + _(LOOK_INTO))


def contains_head(connection: Connection, head: str) -> Iterator[Finding]:
    """Whether the end of the trail was cut off since somebody noted its last hash."""
    if not audit.contains(connection, head):
        yield Finding("audit", head, _(CUT_OFF).format(head=head))


def protection(connection: Connection) -> Iterator[Finding]:
    """The triggers that refuse changes of the trail are in place."""
    present = set(connection.execute(sql(PRESENT[connection.dialect.name])).scalars())
    missing = [name for name in TRIGGERS[connection.dialect.name] if name not in present]
    if missing:
        yield Finding("protection", "audit_event", _(UNPROTECTED).format(names=_("、").join(missing)))
