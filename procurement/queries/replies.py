"""What institutions and officials have said of settlements, and whose word is awaited."""

import pandas as pd
from sqlalchemy import Connection, Select, func, select
from sqlmodel import col

from procurement.filters import Filters
from procurement.frames import read_frame
from procurement.queries.conditions import of_batches, of_institutions
from procurement.queries.settlements import settlements, standing
from procurement.tables import Batch, Institution, Settlement, SettlementReply

AWAITED_IN = "reviewed"
"""The state in which an institution is asked: an official has reviewed it, nobody has confirmed it."""

REPLY_STATES = ("objected", "waiting", "answered", "agreed")
"""An objection waits for the official; the institution's word on the present figures is awaited; an official
has answered, and it may agree or object again; it agrees. Those that need somebody come first."""

AWAITED = ("waiting", "answered")
"""States in which it is the institution's turn."""


def replies(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per word on a settlement, oldest first within each: stance, text, when, by whom.

    `speaks_of_present`: it is of the figures that the settlement has now, not of a draft before them.
    """
    query: Select = (
        select(
            col(SettlementReply.id).label("reply_id"),
            col(Settlement.id).label("settlement_id"),
            col(Institution.code).label("institution_code"),
            col(Institution.name).label("institution_name"),
            col(Batch.name).label("batch"),
            col(Settlement.agreement_year),
            col(SettlementReply.stance).label("reply_stance"),
            col(SettlementReply.text).label("reply_text"),
            (col(SettlementReply.working_hash) == col(Settlement.working_hash)).label("speaks_of_present"),
            col(SettlementReply.at).label("replied_at"),
            col(SettlementReply.by).label("replied_by"),
        )
        .join(Settlement, col(SettlementReply.settlement_id) == col(Settlement.id))
        .join(Institution, col(Settlement.institution_id) == col(Institution.id))
        .join(Batch, col(Settlement.batch_id) == col(Batch.id))
        .order_by(col(Settlement.id), col(SettlementReply.id))
    )
    chosen = Filters(batches=filters.batches, category=filters.category)
    return read_frame(connection, of_batches(of_institutions(query, filters), chosen))


def with_replies(rows: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Settlements (queries.settlements) with `reply_state` (empty: nobody is asked) and the last word:
    reply_text, replied_at, replied_by.

    An objection stands until it is answered or withdrawn by an agreement, whatever was computed since; any
    other word is of the figures that it spoke of. Only the settlement that counts is asked about, and a
    cancelled one is closed.
    """
    words = ["reply_stance", "reply_text", "speaks_of_present", "replied_at", "replied_by"]
    last = said.drop_duplicates("settlement_id", keep="last")[["settlement_id", *words]]
    rows = rows.merge(last, on="settlement_id", how="left")
    counts = rows["settlement_id"].isin(standing(rows)["settlement_id"])
    is_asked = counts & (rows["settlement_state"] == AWAITED_IN)
    holds = rows["speaks_of_present"].fillna(False).astype(bool) | (rows["reply_stance"] == "objected")
    holds &= rows["settlement_state"] != "cancelled"
    state = rows["reply_stance"].astype(object).where(holds, "waiting")
    return rows.assign(reply_state=state.where(holds | is_asked, ""))


def reply_table(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per settlement that the filters choose, with_replies."""
    return with_replies(settlements(connection, filters), replies(connection, filters))


def waiting(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """The settlements that wait for their institution's word."""
    rows = reply_table(connection, filters)
    is_turn = rows["reply_state"].isin(AWAITED) & (rows["settlement_state"] == AWAITED_IN)
    return rows[is_turn].reset_index(drop=True)


def objections(rows: pd.DataFrame) -> pd.Series:
    """Which rows of with_replies wait for an official's answer."""
    return rows["reply_state"] == "objected"


def has_open_objection(connection: Connection, settlement_id: int) -> bool:
    """Whether the last word on a settlement is an objection that nobody has answered."""
    mine = col(SettlementReply.settlement_id) == settlement_id
    last = select(func.max(col(SettlementReply.id))).where(mine).scalar_subquery()
    query = select(col(SettlementReply.stance)).where(col(SettlementReply.id) == last)
    return connection.execute(query).scalar() == "objected"


def working_hash(connection: Connection, settlement_id: int) -> str:
    """What tells the present figures of a settlement from any others."""
    query = select(col(Settlement.working_hash)).where(col(Settlement.id) == settlement_id)
    return connection.execute(query).scalar_one()
