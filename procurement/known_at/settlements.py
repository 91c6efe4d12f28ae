"""Settlements as they were: the state of the last step, and what was frozen by then."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlmodel import col

from procurement.known_at.moment import Known
from procurement.known_at.rows import Part, streamed
from procurement.tables import EarlierDraft, Settlement, SettlementStep
from procurement.tables.settlement import FrozenFigures


def told(connection: Connection, at: Known) -> Iterator[Part]:
    yield Settlement, _rows(connection, at)


def _rows(connection: Connection, at: Known) -> Iterator[dict[str, Any]]:
    steps = _last_steps(connection, at)
    for row in streamed(connection, select(Settlement.__table__).order_by(col(Settlement.id))):  # type: ignore[attr-defined]
        step = steps.get(row["id"])
        if step is not None:
            yield row | _frozen(connection, step) | {"state": step.state}


def _last_steps(connection: Connection, at: Known) -> dict[int, Row]:
    mine = col(SettlementStep.settlement_id)
    last = select(func.max(col(SettlementStep.id))).where(col(SettlementStep.at) <= at.moment).group_by(mine)
    query = select(col(SettlementStep.id), mine, col(SettlementStep.state))
    found = connection.execute(query.where(col(SettlementStep.id).in_(last)))
    return {row.settlement_id: row for row in found}


def _frozen(connection: Connection, step: Row) -> dict[str, Any]:
    """What was frozen after a step, where the settlement has been drafted anew since; else nothing."""
    columns = [col(getattr(EarlierDraft, name)) for name in FrozenFigures.model_fields]
    query = (
        select(*columns)
        .where(col(EarlierDraft.settlement_id) == step.settlement_id, col(EarlierDraft.until_step) >= step.id)
        .order_by(col(EarlierDraft.id))
        .limit(1)
    )
    found = connection.execute(query).first()
    return {} if found is None else dict(found._mapping)
