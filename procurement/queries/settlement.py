"""Scores and fund payment ratios."""

import pandas as pd
from sqlalchemy import Connection, select
from sqlmodel import col

from procurement.database import read_frame
from procurement.tables import Assessment, PaymentRatio


def scores(connection: Connection) -> pd.DataFrame:
    """One row per institution × batch × agreement year: score (millionths)."""
    return read_frame(
        connection,
        select(
            col(Assessment.institution_id),
            col(Assessment.batch_id),
            col(Assessment.agreement_year),
            col(Assessment.score),
        ),
    )


def payment_ratios(connection: Connection) -> pd.DataFrame:
    """One row per ratio: institution_id and batch_id (either may be empty), from_date, ratio (millionths)."""
    return read_frame(
        connection,
        select(
            col(PaymentRatio.institution_id),
            col(PaymentRatio.batch_id),
            col(PaymentRatio.from_date),
            col(PaymentRatio.ratio),
        ),
    )
