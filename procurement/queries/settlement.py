"""Scores and fund payment ratios."""

import pandas as pd
from sqlalchemy import Connection, select
from sqlmodel import col

from procurement.frames import read_frame
from procurement.tables import Assessment, PaymentRatio


def scores(connection: Connection) -> pd.DataFrame:
    """One row per institution × batch × agreement year: score (millionths), with its import and row."""
    return read_frame(
        connection,
        select(
            col(Assessment.institution_id),
            col(Assessment.batch_id),
            col(Assessment.agreement_year),
            col(Assessment.score),
            col(Assessment.import_id),
            col(Assessment.row_number),
        ),
    )


def payment_ratios(connection: Connection) -> pd.DataFrame:
    """One row per ratio: ratio_id, institution_id and batch_id (either may be empty), from_date, ratio
    (millionths), with its import and row."""
    return read_frame(
        connection,
        select(
            col(PaymentRatio.id).label("ratio_id"),
            col(PaymentRatio.institution_id),
            col(PaymentRatio.batch_id),
            col(PaymentRatio.from_date),
            col(PaymentRatio.ratio),
            col(PaymentRatio.import_id),
            col(PaymentRatio.row_number),
        ),
    )
