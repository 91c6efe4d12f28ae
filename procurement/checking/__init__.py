"""Whether a ledger is sound: what it keeps twice says the same, and nothing was changed behind its back.

    check(connection) → [Finding(check="rollups", subject="institution_month", says="…")]

Each check is a function of the connection that gives what it found; none changes anything. Where the file
itself is damaged the others are not asked.
"""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from procurement.checking.finding import Finding
from procurement.checking.references import references
from procurement.checking.settlements import settlements
from procurement.checking.storage import STORAGE, storage
from procurement.checking.sums import grain, lines, rollups
from procurement.checking.trail import contains_head, protection, trail

Check = Callable[[Connection], Iterable[Finding]]

CHECKS: dict[str, Check] = {
    STORAGE: storage,
    "references": references,
    "lines": lines,
    "grain": grain,
    "rollups": rollups,
    "settlements": settlements,
    "audit": trail,
    "protection": protection,
}
"""In the order in which they are made."""


def check(connection: Connection, audit_head: str | None = None) -> list[Finding]:
    """Every finding of every check; with `audit_head` also whether the trail still has that hash."""
    findings: list[Finding] = []
    for name, look in CHECKS.items():
        findings += look(connection)
        if name == STORAGE and findings:
            return findings
    return findings + (list(contains_head(connection, audit_head)) if audit_head else [])
