"""Budgets that institutions share with the fund beside volume-based procurement."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel, UniqueConstraint

SCHEMES = ("capitation", "global_budget", "budget_control")


class SharingAccount(SQLModel, table=True):
    """One row per institution × calendar year × scheme (总额包干): what its budget is made of and what
    was spent.

    From the sharing-schemes workbook. `enrolled_persons` is of capitation; `budget_amount` is a budget that
    is stated, empty where it follows from persons or from earlier years. Amounts in 1/10000 yuan;
    `spending_amount` is empty while the year's fund spending is not known.
    """

    __tablename__ = "sharing_account"
    __table_args__ = (UniqueConstraint("institution_id", "year", "scheme"),)

    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    year: int
    scheme: str  # one of SCHEMES
    enrolled_persons: int | None = Field(default=None, sa_type=BigInteger)
    budget_amount: int | None = Field(default=None, sa_type=BigInteger)
    spending_amount: int | None = Field(default=None, sa_type=BigInteger)
    import_id: int = Field(foreign_key="import.id")
    row_number: int
