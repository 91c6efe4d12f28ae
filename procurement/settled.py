"""What a settlement keeps: its frozen figures and working, its steps, and whether anything has moved."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, insert, select, update
from sqlmodel import col

from procurement.frozen import digest, from_text, packed, to_text, unpacked
from procurement.language import N_, _
from procurement.money import yuan
from procurement.people import audit
from procurement.queries.register import data_version, parts_of_version
from procurement.tables import EarlierDraft, Settlement, SettlementStep
from procurement.tables.settlement import FrozenFigures
from procurement.working import Working

MOVED = N_("起草之后数据或政策有变动：留用金额由{before}元变为{after}元，请先重新测算草稿。")
LINES_MOVED = N_("起草之后数据或政策有变动：留用金额未变，预算、支出或得分有变，请先重新测算草稿。")
GONE = N_("台账中已没有这项测算的依据：约定采购量已撤销或更改。")
NOT_THERE = N_("没有编号为{number}的结算。")
TAMPERED = N_("编号{number}的结算明细与冻结时的校验码不符。")

COMPARED = ["budget_amount", "spending_amount", "surplus_base_amount", "score", "ratio", "retained_amount",
            "staff_amount", "development_amount"]  # fmt: skip
"""What tells whether a settlement's figures have moved."""


@dataclass(frozen=True)
class Outcome:
    """What became of one settlement; with a `reason` nothing was done. Amounts in 1/10000 yuan."""

    institution_code: str
    institution_name: str
    batch: str
    agreement_year: int
    settlement_id: int | None = None
    state: str | None = None
    surplus_base_amount: int | None = None
    retained_amount: int | None = None
    staff_amount: int | None = None
    development_amount: int | None = None
    payable_amount: int | None = None
    reason: str = ""


def frozen_working(connection: Connection, settlement_id: int) -> Working:
    """The working as the settlement froze it; LookupError where it was changed behind our back."""
    query = select(col(Settlement.working), col(Settlement.working_hash))
    kept = connection.execute(query.where(col(Settlement.id) == settlement_id)).first()
    if kept is None:
        raise LookupError(_(NOT_THERE).format(number=settlement_id))
    text = unpacked(kept.working)
    if digest(text) != kept.working_hash:
        raise LookupError(_(TAMPERED).format(number=settlement_id))
    return from_text(text)


def moved(connection: Connection, row: Any, working: Working | None) -> str:
    """In a sentence what has moved since the settlement was drafted; empty where nothing has."""
    if working is None:
        return _(GONE)
    before, after = frozen_working(connection, int(row.settlement_id)), working
    if _compared(before) == _compared(after):
        return ""
    amounts = (before.row.retained_amount, after.row.retained_amount)
    if amounts[0] == amounts[1]:
        return _(LINES_MOVED)
    return _(MOVED).format(before=_yuan(amounts[0]), after=_yuan(amounts[1]))


def _compared(working: Working) -> list:
    row = working.settlement[COMPARED].iloc[0]
    lines = working.lines.sort_values("variety")[
        ["variety", "budget_amount", "spending_amount", "counted_amount"]
    ]
    return [None if pd.isna(value) else value for value in [*row, *lines.to_numpy().ravel()]]


def _yuan(amount: Any) -> str:
    return "—" if pd.isna(amount) else f"{yuan(amount):,.2f}"


def written(
    connection: Connection, working: Working, corrected: Outcome | None, by: str, remark: str
) -> Outcome:
    """A new draft of the working; of a correction, `corrected` is the settlement that it corrects."""
    row = working.row
    values = frozen(connection, working, (corrected and corrected.retained_amount) or 0) | {
        "institution_id": int(row.institution_id),
        "batch_id": int(row.batch_id),
        "agreement_year": int(row.agreement_year),
        "state": "draft",
        "corrects": corrected and corrected.settlement_id,
    }
    number = connection.execute(insert(Settlement).values(values).returning(col(Settlement.id))).scalar_one()
    made = replace(of_working(working), settlement_id=number, payable_amount=values["payable_amount"])
    return stepped(connection, made, "draft", by, remark)


def frozen(connection: Connection, working: Working, before: int) -> dict[str, Any]:
    """What a settlement keeps of its working; `before` is what the one that it corrects retained."""
    row, text = working.row, to_text(working)
    imports_until, decisions = parts_of_version(data_version(connection))
    names = ("surplus_base_amount", "score", "ratio", "retained_amount", "staff_amount", "development_amount")
    return {name: int(getattr(row, name)) for name in names} | {
        "payable_amount": int(row.retained_amount) - int(before),
        "working": packed(text),
        "working_hash": digest(text),
        "imports_until": imports_until,
        "decisions": decisions,
    }


def keep_earlier(connection: Connection, settlement_id: int) -> None:
    """Keep what a draft has frozen, before it is computed anew."""
    names = list(FrozenFigures.model_fields)
    mine = col(SettlementStep.settlement_id) == settlement_id
    last = select(func.max(col(SettlementStep.id))).where(mine).scalar_subquery()
    kept = select(col(Settlement.id), last, *(col(getattr(Settlement, name)) for name in names))
    chosen = kept.where(col(Settlement.id) == settlement_id)
    columns = ["settlement_id", "until_step", *names]
    connection.execute(insert(EarlierDraft).from_select(columns, chosen))


def retained_before(connection: Connection, corrects: Any) -> int:
    if pd.isna(corrects):
        return 0
    query = select(col(Settlement.retained_amount)).where(col(Settlement.id) == int(corrects))
    return connection.execute(query).scalar_one()


def stepped(connection: Connection, outcome: Outcome, state: str, by: str, remark: str) -> Outcome:
    number = outcome.settlement_id
    connection.execute(update(Settlement).where(col(Settlement.id) == number).values(state=state))
    at = datetime.now(UTC).replace(microsecond=0)
    step = {"settlement_id": number, "state": state, "at": at, "by": by, "remark": remark.strip()}
    connection.execute(insert(SettlementStep).values(step))
    title = f"{outcome.institution_name} {outcome.batch} {outcome.agreement_year}"
    told = {"settlement": number, "retained_amount": outcome.retained_amount, "remark": remark.strip()}
    audit.record(connection, f"settlement-{state}", title, by=by, **told)
    return replace(outcome, state=state)


def key(row: Any) -> tuple[int, int, int]:
    return int(row.institution_id), int(row.batch_id), int(row.agreement_year)


def of_working(working: Working) -> Outcome:
    row = working.row
    return Outcome(**_names(row), **_amounts(row, _OF_WORKING))


def of_row(row: Any) -> Outcome:
    amounts = _amounts(row, (*_OF_WORKING, "payable_amount"))
    return Outcome(**_names(row), **amounts, settlement_id=int(row.settlement_id), state=row.settlement_state)


_OF_WORKING = ("surplus_base_amount", "retained_amount", "staff_amount", "development_amount")


def _names(row: Any) -> dict[str, Any]:
    names = ("institution_code", "institution_name", "batch")
    return {name: getattr(row, name) for name in names} | {"agreement_year": int(row.agreement_year)}


def _amounts(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: None if pd.isna(v := getattr(row, name)) else int(v) for name in names}


def outcomes_frame(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """One row per outcome, with columns as tables and files show them."""
    names = {"state": "settlement_state", "reason": "outcome_reason"}
    columns = [field.name for field in fields(Outcome)]
    rows = pd.DataFrame([[getattr(o, name) for name in columns] for o in outcomes], columns=columns)
    whole = [name for name in columns if name.endswith(("_amount", "_id", "_year"))]
    return rows.astype(dict.fromkeys(whole, "Int64")).rename(columns=names)
