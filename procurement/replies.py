"""What an institution says of its settlement, and what the official answers (核对); all words are kept.

    reply(engine, 12, "objected", "第二季度退货未扣除", by="li", scope=("H001",))
    answer(engine, 12, "已按退货单更正，请再核对", by="zhang")

An institution is asked from the review on until the confirmation. Its word is of the figures that it was
shown (`working_hash`): a settlement that is computed anew is asked about again. An objection that nobody has
answered keeps the settlement from being confirmed (settling.advance); silence does not. What is refused
raises ReplyRefused.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert

from procurement.columns import reading as read_word
from procurement.database import writing
from procurement.filters import Filters
from procurement.language import N_, _
from procurement.people import audit
from procurement.people.readers import Scope
from procurement.queries.replies import AWAITED_IN, has_open_objection, reply_table, working_hash
from procurement.settled import NOT_THERE
from procurement.tables import SettlementReply

LONGEST = 500
"""Characters of a text."""

NOT_ASKED = N_("结算编号{number}现为“{state}”：医保部门审核之后、确认之前才能核对。")
REPLACED = N_("结算编号{number}已由另一项结算代替，请核对新的一项。")
MOVED = N_("结算编号{number}在您查看之后重新测算过，请刷新页面，按新的数字核对。")
SAID = N_("结算编号{number}已经同意，不必重复办理。")
NO_TEXT = N_("请写明异议的理由，医保部门据此核查。")
NO_ANSWER = N_("请写明答复。")
TOO_LONG = N_("说明最多{most}个字，现有{count}个字，请精简。")
NOTHING_TO_ANSWER = N_("结算编号{number}没有待答复的异议。")


class ReplyRefused(ValueError):
    """Nothing was written; the sentence says why and what to do."""


def reply(
    engine: Engine,
    settlement_id: int,
    stance: str,
    text: str = "",
    *,
    by: str,
    scope: Scope = None,
    seen: str | None = None,
) -> None:
    """Agree (`agreed`) or object (`objected`, with a text) to the settlement that counts.

    `seen`: the working_hash of the figures that were looked at, where the caller knows it.
    """
    if stance not in ("agreed", "objected"):
        raise ValueError(stance)
    text = _good(text, NO_TEXT if stance == "objected" else "")
    with writing(engine) as connection:
        row = _settlement(connection, settlement_id, scope)
        if row.settlement_state != AWAITED_IN:
            state = _(read_word(row.settlement_state, "settlement_state"))
            raise ReplyRefused(_(NOT_ASKED).format(number=settlement_id, state=state))
        if not row.reply_state:
            raise ReplyRefused(_(REPLACED).format(number=settlement_id))
        if stance == row.reply_state == "agreed":
            raise ReplyRefused(_(SAID).format(number=settlement_id))
        present = working_hash(connection, settlement_id)
        if seen is not None and seen != present:
            raise ReplyRefused(_(MOVED).format(number=settlement_id))
        _write(connection, row, stance, text, present, by)


def answer(engine: Engine, settlement_id: int, text: str, *, by: str, scope: Scope = None) -> None:
    """An official's answer to the objection that stands."""
    text = _good(text, NO_ANSWER)
    with writing(engine) as connection:
        row = _settlement(connection, settlement_id, scope)
        if not has_open_objection(connection, settlement_id):
            raise ReplyRefused(_(NOTHING_TO_ANSWER).format(number=settlement_id))
        _write(connection, row, "answered", text, working_hash(connection, settlement_id), by)


def _good(text: str, missing: str) -> str:
    text = text.strip()
    if missing and not text:
        raise ReplyRefused(_(missing))
    if len(text) > LONGEST:
        raise ReplyRefused(_(TOO_LONG).format(most=LONGEST, count=len(text)))
    return text


def _settlement(connection: Connection, settlement_id: int, scope: Scope) -> Any:
    """Its row of queries.replies.reply_table; one outside of the scope is not there."""
    rows = reply_table(connection, Filters(scope=scope))
    rows = rows[rows["settlement_id"] == settlement_id]
    if rows.empty:
        raise LookupError(_(NOT_THERE).format(number=settlement_id))
    return next(rows.itertuples(index=False))


def _write(connection: Connection, row: Any, stance: str, text: str, figures: str, by: str) -> None:
    number, at = int(row.settlement_id), datetime.now(UTC).replace(microsecond=0)
    values = {"settlement_id": number, "stance": stance, "text": text, "working_hash": figures}
    connection.execute(insert(SettlementReply).values(values | {"at": at, "by": by}))
    title = f"{row.institution_name} {row.batch} {row.agreement_year}"
    told = {"settlement": number, "text": text, "working_hash": figures}
    audit.record(connection, f"settlement-{stance}", title, by=by, **told)
