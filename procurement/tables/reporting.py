"""What institutions have reported, and what they say of it."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

MONTH_STEPS = ("submitted", "closed", "reopened")

STANCES = ("agreed", "objected", "answered")
"""An institution agrees to a settlement or objects to it; an official answers."""

SHORTFALL_REASONS = ("supply", "demand", "substitution", "over_reported", "patient_choice", "other")
"""Why an agreed volume is not being bought: not delivered, fewer patients, another medicine in its place, too
much reported, patients who want the original, or what the text says."""


class MonthStep(SQLModel, table=True):
    """One row per step of an institution's month (月份状态); the history is only added to.

    `submitted`: the institution declares that it bought nothing (what it loads needs no step); `closed` by an
    official: the month takes no import; `reopened` with a reason. `imports_until` is the last import at that
    time: after a reopening only a later import makes the month submitted again.
    """

    __tablename__ = "month_step"

    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    month: date = Field(index=True)
    state: str  # one of MONTH_STEPS
    imports_until: int
    at: datetime
    by: str
    reason: str = ""


class SettlementReply(SQLModel, table=True):
    """One row per word of an institution or an official on a settlement (核对); all are kept."""

    __tablename__ = "settlement_reply"

    id: int | None = Field(default=None, primary_key=True)
    settlement_id: int = Field(foreign_key="settlement.id", index=True)
    stance: str  # one of STANCES
    text: str = ""
    working_hash: str  # of the figures that were spoken about: a draft that is computed anew is another one
    at: datetime
    by: str


class ShortfallReason(SQLModel, table=True):
    """One row per reason that an institution gives for not completing a variety's agreed volume (未完成原因).

    The latest of an institution, variety and agreement year counts; earlier ones are kept.
    """

    __tablename__ = "shortfall_reason"

    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    variety_id: int = Field(foreign_key="variety.id")
    agreement_year: int
    reason: str  # one of SHORTFALL_REASONS
    text: str = ""
    at: datetime
    by: str
