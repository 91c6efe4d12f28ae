"""What was settled, and how each settlement came to where it stands."""

import pandas as pd
from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from procurement.filters import Filters
from procurement.frames import read_frame
from procurement.queries.conditions import of_batches, of_institutions
from procurement.tables import Batch, Institution, Settlement, SettlementStep, Variety

STANDING = ("draft", "reviewed", "confirmed", "paid")
"""States of a settlement that counts."""


def settlements(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per settlement: its key and names, state, frozen amounts, what it corrects and is corrected by
    (cancelled corrections do not count), and its last step. By institution, batch, year and number.

    A filter by variety chooses the batches that have it.
    """
    correction = aliased(Settlement)
    is_live = col(correction.state).in_(STANDING)
    latest = select(func.max(col(SettlementStep.id))).group_by(col(SettlementStep.settlement_id))
    query: Select = (
        select(
            col(Settlement.id).label("settlement_id"),
            col(Settlement.institution_id),
            col(Settlement.batch_id),
            col(Settlement.agreement_year),
            col(Institution.code).label("institution_code"),
            col(Institution.name).label("institution_name"),
            col(Institution.district),
            col(Batch.name).label("batch"),
            col(Batch.category),
            col(Batch.execution_date),
            col(Settlement.state).label("settlement_state"),
            col(Settlement.surplus_base_amount),
            col(Settlement.score),
            col(Settlement.ratio),
            col(Settlement.retained_amount),
            col(Settlement.staff_amount),
            col(Settlement.development_amount),
            col(Settlement.payable_amount),
            col(Settlement.corrects),
            col(correction.id).label("corrected_by"),
            col(SettlementStep.at).label("decided_at"),
            col(SettlementStep.by).label("decided_by"),
            col(SettlementStep.remark).label("step_remark"),
        )
        .join(Institution, col(Settlement.institution_id) == col(Institution.id))
        .join(Batch, col(Settlement.batch_id) == col(Batch.id))
        .join(SettlementStep, col(SettlementStep.settlement_id) == col(Settlement.id))
        .outerjoin(correction, (col(correction.corrects) == col(Settlement.id)) & is_live)
        .where(col(SettlementStep.id).in_(latest))
        .order_by(
            col(Institution.code),
            col(Batch.execution_date),
            col(Batch.name),
            col(Settlement.agreement_year),
            col(Settlement.id),
        )
    )
    if filters.varieties:
        having = select(col(Variety.batch_id)).where(col(Variety.name).in_(filters.varieties))
        query = query.where(col(Settlement.batch_id).in_(having))
    chosen = Filters(batches=filters.batches, category=filters.category)
    return read_frame(connection, of_batches(of_institutions(query, filters), chosen))


def standing(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each institution × batch × agreement year the settlement that counts: the last that is not
    cancelled."""
    counted = rows[rows["settlement_state"].isin(STANDING)]
    key = ["institution_id", "batch_id", "agreement_year"]
    return counted.sort_values("settlement_id").drop_duplicates(key, keep="last").sort_index()


def steps(connection: Connection, settlement_id: int) -> pd.DataFrame:
    """One row per step of a settlement, oldest first: settlement_state, decided_at, decided_by and
    step_remark."""
    query: Select = (
        select(
            col(SettlementStep.state).label("settlement_state"),
            col(SettlementStep.at).label("decided_at"),
            col(SettlementStep.by).label("decided_by"),
            col(SettlementStep.remark).label("step_remark"),
        )
        .where(col(SettlementStep.settlement_id) == settlement_id)
        .order_by(col(SettlementStep.id))
    )
    return read_frame(connection, query)
