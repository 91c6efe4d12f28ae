"""Where every figure comes from."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class Import(SQLModel, table=True):
    """One row per file that was loaded; the highest `id` is the version of the data.

    `content_hash` is of the rows as read, not of the file's bytes, so the same content saved again
    by another program is recognised. `skipped_rows` and `skipped_amount` (1/10000 yuan; empty where the
    kind carries no amounts) tell what `--skip-bad-rows` left out.
    """

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    file_name: str
    content_hash: str = Field(unique=True)
    institution_code: str | None = None
    imported_at: datetime
    imported_by: str
    rows: int
    skipped_rows: int = 0
    skipped_amount: int | None = Field(default=None, sa_type=BigInteger)
