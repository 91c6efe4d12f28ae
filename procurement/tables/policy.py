"""What a province and a city say of policy numbers, beside the entries that we publish."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class PolicyEntry(SQLModel, table=True):
    """One row per dated entry of a policy parameter, or per entry taken back; the history is only added to.

    `value` is JSON (decimals as text); of a limit (`is_limit`) an object with `least` and `most`. A row that
    takes another back has `withdraws` and says why in `note`; both then no longer count. Which entry is in
    force on a day is told by procurement.policies.
    """

    __tablename__ = "policy_entry"

    id: int | None = Field(default=None, primary_key=True)
    parameter: str = Field(index=True)
    level: str  # one of policies.LEVELS
    category: str | None = None  # one of register.CATEGORIES; empty: both
    from_date: date
    until: date | None = None
    is_limit: bool = False
    value: str
    source: str
    note: str = ""
    decided_at: datetime
    decided_by: str
    withdraws: int | None = Field(default=None, foreign_key="policy_entry.id", unique=True)
