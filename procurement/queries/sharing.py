"""What institutions with a yearly budget reported, and whom they are settled with."""

import pandas as pd
from sqlalchemy import Connection, select
from sqlmodel import col

from procurement.frames import read_frame
from procurement.tables import Institution, SharingAccount


def sharing_accounts(connection: Connection) -> pd.DataFrame:
    """One row per institution × year × scheme: persons, budget and spending, with its import and row."""
    return read_frame(
        connection,
        select(
            col(SharingAccount.institution_id),
            col(SharingAccount.year),
            col(SharingAccount.scheme),
            col(SharingAccount.enrolled_persons),
            col(SharingAccount.budget_amount),
            col(SharingAccount.spending_amount),
            col(SharingAccount.import_id),
            col(SharingAccount.row_number),
        ).order_by(col(SharingAccount.id)),
    )


def parents(connection: Connection) -> pd.DataFrame:
    """One row per institution: institution_id, institution_code, kind and the code of its parent."""
    return read_frame(
        connection,
        select(
            col(Institution.id).label("institution_id"),
            col(Institution.code).label("institution_code"),
            col(Institution.kind),
            col(Institution.parent_code),
        ),
    )
