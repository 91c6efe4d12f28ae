"""Why agreed volumes are not being bought, as the institutions say."""

import pandas as pd
from sqlalchemy import Connection, Select, func, select
from sqlmodel import col

from procurement.filters import Filters
from procurement.frames import read_frame
from procurement.queries.conditions import of_batches, of_institutions
from procurement.tables import Batch, Institution, ShortfallReason, Variety

KEY = ["institution_id", "variety_id", "agreement_year"]
SAID = ["shortfall_reason", "shortfall_text", "explained_at", "explained_by"]


def shortfall_reasons(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per reason that was given, newest first; `is_latest` marks the one that counts."""
    latest = select(func.max(col(ShortfallReason.id))).group_by(
        col(ShortfallReason.institution_id),
        col(ShortfallReason.variety_id),
        col(ShortfallReason.agreement_year),
    )
    query: Select = (
        select(
            col(ShortfallReason.institution_id),
            col(ShortfallReason.variety_id),
            col(ShortfallReason.agreement_year),
            col(Institution.code).label("institution_code"),
            col(Institution.name).label("institution_name"),
            col(Batch.name).label("batch"),
            col(Variety.name).label("variety"),
            col(ShortfallReason.reason).label("shortfall_reason"),
            col(ShortfallReason.text).label("shortfall_text"),
            col(ShortfallReason.at).label("explained_at"),
            col(ShortfallReason.by).label("explained_by"),
            col(ShortfallReason.id).in_(latest).label("is_latest"),
        )
        .join(Institution, col(ShortfallReason.institution_id) == col(Institution.id))
        .join(Variety, col(ShortfallReason.variety_id) == col(Variety.id))
        .join(Batch, col(Variety.batch_id) == col(Batch.id))
        .order_by(col(ShortfallReason.id).desc())
    )
    return read_frame(connection, of_batches(of_institutions(query, filters), filters))


def with_reasons(rows: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    """Rows of figures.completion with what counts of the reasons given; empty where none was."""
    latest = reasons.loc[reasons["is_latest"].astype(bool), [*KEY, *SAID]]
    return rows.merge(latest, on=KEY, how="left")
