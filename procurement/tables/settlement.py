"""What decides how much of a surplus is kept."""

from datetime import date

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel, UniqueConstraint


class Assessment(SQLModel, table=True):
    """One row per institution × batch × agreement year: its assessment score, 0–100, in millionths."""

    __table_args__ = (UniqueConstraint("institution_id", "batch_id", "agreement_year"),)

    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    batch_id: int = Field(foreign_key="batch.id")
    agreement_year: int
    score: int = Field(sa_type=BigInteger)
    import_id: int = Field(foreign_key="import.id")
    row_number: int


class PaymentRatio(SQLModel, table=True):
    """One row per fund payment ratio (统筹基金支付比例) and the day it starts, in millionths.

    The most specific one wins: institution and batch > institution > batch > area (both empty).
    """

    __tablename__ = "payment_ratio"

    id: int | None = Field(default=None, primary_key=True)
    institution_id: int | None = Field(default=None, foreign_key="institution.id")
    batch_id: int | None = Field(default=None, foreign_key="batch.id")
    from_date: date | None = None
    ratio: int = Field(sa_type=BigInteger)
    import_id: int = Field(foreign_key="import.id")
    row_number: int
