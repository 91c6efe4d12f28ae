"""The trail of what was done: only added to, each row hashed with the one before it.

    record(connection, "import-loaded", "濮阳市人民医院 2022-03.xlsx", by="zhang", rows=812)
    verify(connection) → Verdict(events=4711, head="9f…", fault=None)

It is written in the transaction of what it tells: what is rolled back leaves no trace, what is kept does.
A chain cannot tell that its end was cut off; whoever keeps the `head` elsewhere (a backup does) can.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import DDL, Connection, Row, event, insert, select
from sqlmodel import col

from procurement.people.acting import actor_of
from procurement.plain_text import storable
from procurement.tables import AuditEvent

BEGINNING = "0" * 64
"""The previous hash of the first row."""

ACTIONS = (
    "signed-in", "sign-in-refused", "locked-out", "signed-out", "signed-out-everywhere", "password-changed",
    "account-added", "account-changed", "account-disabled", "account-enabled", "account-reset",
    "import-loaded", "import-undone", "match-confirmed", "match-rejected", "match-revoked",
    "policy-added", "policy-withdrawn", "settlement-draft", "settlement-reviewed",
    "settlement-confirmed", "settlement-paid", "settlement-cancelled", "settlement-agreed",
    "settlement-objected", "settlement-answered", "month-submitted", "month-closed",
    "month-reopened", "shortfall-explained", "exported", "backed-up", "restored", "migrated",
    "sums-rebuilt",
)  # fmt: skip
"""What can stand in the column `action`."""

ROWS_AT_ONCE = 2_000
"""A trail of years is walked without holding it."""

HASHED = ("at", "actor", "role", "origin", "action", "subject", "details", "previous_hash")

APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END",
        "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END",
        # INSERT OR REPLACE deletes the row that was there without asking the trigger above.
        "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event "
        "WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id OR hash = NEW.hash) "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is only added to'; END $$",
        "CREATE TRIGGER audit_event_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()",
    ),
}
"""What makes each database refuse to change the trail; a migration runs the same statements."""

for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(
            AuditEvent.__table__,  # type: ignore[attr-defined]
            "after_create",
            DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),
        )


@dataclass(frozen=True)
class Verdict:
    """How many rows, the last hash, and what is wrong: (`changed` or `missing`, number of the row)."""

    events: int
    head: str
    fault: tuple[str, int] | None = None


def record(connection: Connection, action: str, subject: str = "", *, by: str = "", **details: Any) -> str:
    """Add a row, inside the transaction of what it tells; returns its hash. One writer at a time."""
    if action not in ACTIONS:
        raise ValueError(action)
    who = actor_of(by)
    values = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "actor": storable(who.name),
        "role": who.role,
        "origin": storable(who.origin),
        "action": action,
        "subject": storable(subject),
        "details": storable(_as_json(details)),
        "previous_hash": _head(connection),
    }
    values["hash"] = digest(values)
    connection.execute(insert(AuditEvent).values(values))
    return values["hash"]


def _as_json(details: Mapping[str, Any]) -> str:
    return json.dumps(details, ensure_ascii=False, sort_keys=True, default=str)


def digest(values: Mapping[str, Any]) -> str:
    """The hash of a row: of its columns in a fixed order, as JSON."""
    told = [values[name] for name in HASHED]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=repr)
    return sha256(text.encode()).hexdigest()


def _head(connection: Connection) -> str:
    last = select(col(AuditEvent.hash)).order_by(col(AuditEvent.id).desc()).limit(1)
    return connection.execute(last).scalar() or BEGINNING


def verify(connection: Connection) -> Verdict:
    """Walk the whole chain; the first row that is not what it was, or does not follow, is named."""
    query = select(AuditEvent.__table__).order_by(col(AuditEvent.id))  # type: ignore[attr-defined]
    head, count = BEGINNING, 0
    with connection.execute(query.execution_options(yield_per=ROWS_AT_ONCE)) as rows:
        for row in rows:
            fault = _fault(row, head)
            if fault:
                return Verdict(count, head, (fault, row.id))
            head, count = row.hash, count + 1
    return Verdict(count, head)


def _fault(row: Row, head: str) -> str | None:
    if digest(dict(row._mapping)) != row.hash:
        return "changed"
    return None if row.previous_hash == head else "missing"


def contains(connection: Connection, head: str) -> bool:
    """Whether a hash that was noted elsewhere is still in the trail: if not, its end was cut off."""
    query = select(col(AuditEvent.id)).where(col(AuditEvent.hash) == head)
    return head == BEGINNING or connection.execute(query).first() is not None
