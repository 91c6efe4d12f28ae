"""Names beside the ids that a frame carries."""

import pandas as pd
from sqlalchemy import Connection

from procurement.queries import register


def with_names(connection: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    """The frame with the names of its institutions, and of its varieties or batches."""
    if "institution_id" in rows:
        rows = rows.merge(register.institutions(connection), on="institution_id", how="left")
    if "variety_id" in rows:
        rows = _join_new(rows, register.varieties(connection), "variety_id", ["variety", *_BATCH_NAMES])
    elif "batch_id" in rows:
        rows = _join_new(rows, register.batches(connection), "batch_id", _BATCH_NAMES)
    return rows


_BATCH_NAMES = ["batch", "category", "execution_date", "end_date"]


def _join_new(rows: pd.DataFrame, names: pd.DataFrame, key: str, columns: list[str]) -> pd.DataFrame:
    absent = [name for name in columns if name not in rows]
    return rows.merge(names[[key, *absent]], on=key, how="left")
