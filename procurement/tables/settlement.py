"""What decides how much of a surplus is kept, and what was settled."""

from datetime import date, datetime

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field, SQLModel, UniqueConstraint

SETTLEMENT_STATES = ("draft", "reviewed", "confirmed", "paid", "cancelled")
"""The course of a settlement; a draft or a reviewed one can be cancelled instead."""


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


class FrozenFigures(SQLModel):
    """What a settlement freezes: amounts (1/10000 yuan), the working behind them, the version of the data."""

    surplus_base_amount: int = Field(sa_type=BigInteger)
    score: int = Field(sa_type=BigInteger)
    ratio: int = Field(sa_type=BigInteger)
    retained_amount: int = Field(sa_type=BigInteger)
    staff_amount: int = Field(sa_type=BigInteger)
    development_amount: int = Field(sa_type=BigInteger)
    payable_amount: int = Field(sa_type=BigInteger)
    working: bytes = Field(sa_type=LargeBinary)
    working_hash: str
    imports_until: int
    decisions: int


class Settlement(FrozenFigures, table=True):
    """One row per settlement of an institution's batch and agreement year, and per correction of one.

    The amounts (1/10000 yuan) and `working` are frozen when it is drafted and whenever the draft is computed
    anew; from its confirmation on nothing changes them. `working` is the whole working (procurement.frozen):
    lines, purchase lines with file and row, and the policy with its sources; `working_hash` the SHA-256 of
    its text. `imports_until` and `decisions` are the version of the data. A correction points to the
    confirmed settlement that it `corrects`; `payable_amount` is what it retains beyond that one (negative: to
    be paid back).
    """

    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    batch_id: int = Field(foreign_key="batch.id", index=True)
    agreement_year: int
    state: str  # one of SETTLEMENT_STATES
    corrects: int | None = Field(default=None, foreign_key="settlement.id", index=True)


class SettlementStep(SQLModel, table=True):
    """One row per step of a settlement: the state that it came to, when, by whom, and a remark."""

    __tablename__ = "settlement_step"

    id: int | None = Field(default=None, primary_key=True)
    settlement_id: int = Field(foreign_key="settlement.id", index=True)
    state: str  # one of SETTLEMENT_STATES
    at: datetime
    by: str
    remark: str = ""


class EarlierDraft(FrozenFigures, table=True):
    """One row per draft that was computed anew: what the settlement had frozen until then.

    `until_step` is the last step that the settlement came to with these figures.
    """

    __tablename__ = "earlier_draft"

    id: int | None = Field(default=None, primary_key=True)
    settlement_id: int = Field(foreign_key="settlement.id", index=True)
    until_step: int = Field(foreign_key="settlement_step.id")
