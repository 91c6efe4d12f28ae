"""Settlements say what they froze, and stand where their last step left them."""

import json
import zlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlmodel import col

from procurement.checking.finding import Finding
from procurement.columns import COLUMNS, reading
from procurement.frozen import digest, from_text, unpacked
from procurement.language import N_, _
from procurement.money import yuan
from procurement.settled import TAMPERED, retained_before
from procurement.tables import EarlierDraft, Settlement, SettlementStep

FROM_BACKUP = N_("请查明原因，并用 vbp restore 从备份恢复。")
FIGURE_DIFFERS = N_("编号{number}的结算：{figure}为{kept}，冻结的明细却为{frozen}。")
STATE_DIFFERS = N_("编号{number}的结算状态为“{kept}”，最后一步却是“{step}”。")
DRAFT_TAMPERED = N_("编号{number}的结算第{draft}号早先草稿的明细与冻结时的校验码不符。")

FROZEN = (
    "institution_id", "batch_id", "agreement_year", "surplus_base_amount", "score", "ratio",
    "retained_amount", "staff_amount", "development_amount",
)  # fmt: skip
"""Columns that a settlement and the one row of its working both have."""


def settlements(connection: Connection) -> Iterator[Finding]:
    """A finding per settlement that differs, for the first thing in which it does."""
    for row in connection.execute(select(Settlement.__table__).order_by(col(Settlement.id))):  # type: ignore[attr-defined]
        says = _fault(connection, row)
        if says:
            yield Finding("settlements", str(row.id), says + _(FROM_BACKUP))
    for row in connection.execute(select(EarlierDraft.__table__).order_by(col(EarlierDraft.id))):  # type: ignore[attr-defined]
        if _text(row) is None:
            says = _(DRAFT_TAMPERED).format(number=row.settlement_id, draft=row.id)
            yield Finding("settlements", str(row.settlement_id), says + _(FROM_BACKUP))


def _fault(connection: Connection, row: Row) -> str:
    text = _text(row)
    if text is None:
        return _(TAMPERED).format(number=row.id)
    for column, kept, frozen in _figures(connection, row, text):
        if kept != frozen:
            words = {"figure": _label(column), "kept": _told(kept, column), "frozen": _told(frozen, column)}
            return _(FIGURE_DIFFERS).format(number=row.id, **words)
    step = _last_step(connection, row.id)
    if step == row.state:
        return ""
    return _(STATE_DIFFERS).format(number=row.id, kept=_state(row.state), step=_state(step))


def _label(column: str) -> str:
    return _(COLUMNS[column].label) if column in COLUMNS else column


def _told(value: int, column: str) -> str:
    return _("{amount}元").format(amount=f"{yuan(value):,.4f}") if column.endswith("_amount") else str(value)


def _state(state: str | None) -> str:
    return _(reading(state, "settlement_state")) if state else "—"


def _text(row: Row) -> str | None:
    """The working that was frozen; None where it is not what its hash says."""
    try:
        text = unpacked(row.working)
    except (zlib.error, UnicodeDecodeError, json.JSONDecodeError):
        return None
    return text if digest(text) == row.working_hash else None


def _figures(connection: Connection, row: Row, text: str) -> Iterator[tuple[str, Any, Any]]:
    frozen = from_text(text).row
    for name in FROZEN:
        yield name, getattr(row, name), int(getattr(frozen, name))
    before = retained_before(connection, row.corrects)
    yield "payable_amount", row.payable_amount, int(frozen.retained_amount) - before


def _last_step(connection: Connection, settlement_id: int) -> str | None:
    last = select(func.max(col(SettlementStep.id))).where(col(SettlementStep.settlement_id) == settlement_id)
    query = select(col(SettlementStep.state)).where(col(SettlementStep.id) == last.scalar_subquery())
    return connection.execute(query).scalar()
