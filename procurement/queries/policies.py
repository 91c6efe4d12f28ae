"""The policy book of a ledger: our published entries with those of its province and city."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from procurement.policies import Limit, PolicyBook, Value, published_policies
from procurement.tables import PolicyEntry


def policy_book(connection: Connection) -> PolicyBook:
    """Every parameter with all entries in force or not yet; entries that were taken back are left out."""
    back = aliased(PolicyEntry)
    query = (
        select(PolicyEntry.__table__)  # type: ignore[attr-defined]
        .outerjoin(back, col(back.withdraws) == col(PolicyEntry.id))
        .where(col(back.id).is_(None), col(PolicyEntry.withdraws).is_(None))
        .order_by(col(PolicyEntry.id))
    )
    rows = connection.execute(query).all()
    return published_policies().with_entries((row.parameter, as_entry(row)) for row in rows)


@dataclass(frozen=True)
class Recorded:
    """An entry of the ledger with what became of it; `withdrawn_by` is empty while it counts."""

    parameter: str
    entry: Value | Limit
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    reason: str = ""

    @property
    def counts(self) -> bool:
        return not self.withdrawn_by


def recorded(connection: Connection, parameter: str | None = None) -> list[Recorded]:
    """Every entry of the province and the city in the order in which they were entered, with those that were
    taken back."""
    back = aliased(PolicyEntry)
    query: Select = (
        select(
            PolicyEntry.__table__,  # type: ignore[attr-defined]
            col(back.decided_at).label("withdrawn_at"),
            col(back.decided_by).label("withdrawn_by"),
            col(back.note).label("reason"),
        )
        .outerjoin(back, col(back.withdraws) == col(PolicyEntry.id))
        .where(col(PolicyEntry.withdraws).is_(None))
        .order_by(col(PolicyEntry.id))
    )
    if parameter is not None:
        query = query.where(col(PolicyEntry.parameter) == parameter)
    return [
        Recorded(
            row.parameter,
            as_entry(row),
            row.withdrawn_at,
            row.withdrawn_by or "",
            row.reason or "",
        )
        for row in connection.execute(query)
    ]


def as_entry(row: Any) -> Value | Limit:
    """A row of PolicyEntry as an entry of a parameter."""
    dated = {
        "from_date": row.from_date,
        "source": row.source,
        "level": row.level,
        "category": row.category,
        "until": row.until,
        "note": row.note,
        "decided_at": row.decided_at,
        "decided_by": row.decided_by,
        "entry_id": row.id,
    }
    said = value_from_json(row.value)
    if row.is_limit:
        return Limit(least=said.get("least"), most=said.get("most"), **dated)
    return Value(value=said, **dated)


def value_to_json(value: Any) -> str:
    """A value with its decimals as text, so that none is changed on the way."""
    return json.dumps(value, ensure_ascii=False, default=_told_exactly)


def _told_exactly(value: object) -> dict[str, str]:
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    return {"decimal": str(value)}


def value_from_json(text: str) -> Any:
    return json.loads(text, object_hook=_decimal)


def _decimal(found: dict[str, Any]) -> Any:
    return Decimal(found["decimal"]) if set(found) == {"decimal"} else found
