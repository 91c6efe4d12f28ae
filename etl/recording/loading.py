"""Rows → tables. What is there already is replaced by its key: the same file twice gives the same rows."""

import pandas as pd
from sqlalchemy import Connection, delete, select
from sqlmodel import SQLModel

from procurement.frames import insert_frame, read_frame

ROWS_PER_STATEMENT = 500
"""Keys in one DELETE: drivers limit the parameters of a statement."""


def replace_rows(connection: Connection, table: type[SQLModel], rows: pd.DataFrame, key: list[str]) -> None:
    """Insert `rows` in place of those of `table` with the same key; an empty key part equals an empty one."""
    columns = table.__table__.c  # type: ignore[attr-defined]
    present = read_frame(connection, select(columns.id, *(columns[name] for name in key)))
    replaced = present.merge(rows[key].drop_duplicates(), on=key, how="inner")["id"]
    delete_ids(connection, table, replaced.tolist())
    insert_frame(connection, table, rows)


def delete_ids(connection: Connection, table: type[SQLModel], ids: list[int]) -> None:
    columns = table.__table__.c  # type: ignore[attr-defined]
    for start in range(0, len(ids), ROWS_PER_STATEMENT):
        some = ids[start : start + ROWS_PER_STATEMENT]
        connection.execute(delete(table).where(columns.id.in_(some)))
