"""Small sums of the grain, shaped like the pages: what a page reads instead of every row.

Kept by procurement.rollups in the transaction that changes the grain. All columns beside the keys are
additive whole numbers, so the sum of a roll-up is the sum of the grain. A key that the grain leaves empty
(outside every batch) is 0 here, so that it can be part of a primary key.
"""

from datetime import date

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class Sums(SQLModel):
    """The additive columns. `compared_*` is of rows with a known baseline: saving = baseline − compared."""

    lines: int
    unmeasured_lines: int
    compared_lines: int
    base_units: int = Field(sa_type=BigInteger)
    equivalent_units: int = Field(sa_type=BigInteger)
    paid_amount: int = Field(sa_type=BigInteger)
    baseline_amount: int = Field(sa_type=BigInteger)
    compared_amount: int = Field(sa_type=BigInteger)
    missed_amount: int = Field(sa_type=BigInteger)


class VarietyMonth(Sums, table=True):
    """One row per batch × variety × month, selected or not: the city's course over time."""

    __tablename__ = "variety_month"

    month: date = Field(primary_key=True)
    batch_id: int = Field(primary_key=True)
    variety_id: int = Field(primary_key=True)
    is_selected: bool = Field(primary_key=True)


class InstitutionMonth(Sums, table=True):
    """One row per institution × batch × month, selected or not: who saved, by district or institution."""

    __tablename__ = "institution_month"

    institution_id: int = Field(primary_key=True)
    batch_id: int = Field(primary_key=True)
    month: date = Field(primary_key=True)
    is_selected: bool = Field(primary_key=True)


class InstitutionYear(Sums, table=True):
    """One row per institution × batch × variety × agreement year, selected or not: completion, retention."""

    __tablename__ = "institution_year"

    institution_id: int = Field(primary_key=True)
    batch_id: int = Field(primary_key=True)
    variety_id: int = Field(primary_key=True)
    agreement_year: int = Field(primary_key=True)
    is_selected: bool = Field(primary_key=True)


ROLLUPS: dict[type[Sums], tuple[str, ...]] = {
    VarietyMonth: ("month", "batch_id", "variety_id", "is_selected"),
    InstitutionMonth: ("institution_id", "batch_id", "month", "is_selected"),
    InstitutionYear: ("institution_id", "batch_id", "variety_id", "agreement_year", "is_selected"),
}
"""Keys of each roll-up, smallest roll-up first."""
