"""Reading the audit trail, newest first: what was asked for, page by page.

asked = Asked(action="exported", actor="zhang", first=date(2022, 3, 1), text="濮阳")
events(connection, asked, most=100, skip=200)       how_many(connection, asked)       actors(connection)
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pandas as pd
from sqlalchemy import Connection, Select, func, or_, select
from sqlmodel import col

from procurement.frames import read_frame
from procurement.periods import LOCAL_TIME
from procurement.plain_text import storable
from procurement.tables import AuditEvent


@dataclass(frozen=True)
class Asked:
    """Which events: of one action, of one person, of days here (both included), with this text somewhere."""

    action: str | None = None
    actor: str | None = None
    first: date | None = None
    last: date | None = None
    text: str = ""


def events(
    connection: Connection, asked: Asked = Asked(), most: int | None = None, skip: int = 0
) -> pd.DataFrame:
    """One row per event, newest first: event_id, event_at, actor, actor_role, origin, audit_action, subject,
    event_details (JSON), event_hash."""
    query: Select = select(
        col(AuditEvent.id).label("event_id"),
        col(AuditEvent.at).label("event_at"),
        col(AuditEvent.actor),
        col(AuditEvent.role).label("actor_role"),
        col(AuditEvent.origin),
        col(AuditEvent.action).label("audit_action"),
        col(AuditEvent.subject),
        col(AuditEvent.details).label("event_details"),
        col(AuditEvent.hash).label("event_hash"),
    ).order_by(col(AuditEvent.id).desc())
    query = _narrowed(query, asked).offset(skip or None).limit(most)
    rows = read_frame(connection, query)
    return rows.assign(event_at=pd.to_datetime(rows["event_at"], utc=True))


def how_many(connection: Connection, asked: Asked = Asked()) -> int:
    query: Select = select(func.count(col(AuditEvent.id)))
    return connection.execute(_narrowed(query, asked)).scalar_one()


def actors(connection: Connection) -> list[str]:
    """Everybody who stands in the trail, by name."""
    query = select(col(AuditEvent.actor)).where(col(AuditEvent.actor) != "").distinct()
    return sorted(connection.execute(query).scalars())


def _narrowed(query: Select, asked: Asked) -> Select:
    if asked.action:
        query = query.where(col(AuditEvent.action) == asked.action)
    if asked.actor:
        query = query.where(col(AuditEvent.actor) == asked.actor)
    if asked.first:
        query = query.where(col(AuditEvent.at) >= _begins(asked.first))
    if asked.last:
        query = query.where(col(AuditEvent.at) < _begins(asked.last + timedelta(days=1)))
    if text := storable(asked.text.strip()):
        places = (AuditEvent.subject, AuditEvent.details, AuditEvent.actor, AuditEvent.origin)
        query = query.where(or_(*(col(place).icontains(text, autoescape=True) for place in places)))
    return query


def _begins(day: date) -> str:
    """When a day begins here, as the trail writes times."""
    begins = datetime.combine(day, time(), tzinfo=LOCAL_TIME).astimezone(UTC)
    return begins.isoformat(timespec="seconds")
