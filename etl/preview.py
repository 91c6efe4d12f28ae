"""What an import does to what is there: lines, and the money of each month. Told before it is done."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from procurement.money import decimal_text, yuan


@dataclass(frozen=True)
class MonthEffect:
    """One month of what the import touches, before and after; amounts in 1/10000 yuan, units whole.

    The saving is empty where no baseline is known for anything bought in the month.
    """

    month: date
    base_units_before: int
    base_units_after: int
    amount_before: int
    amount_after: int
    saving_before: int | None
    saving_after: int | None

    def as_dict(self) -> dict[str, Any]:
        values: dict[str, Any] = {"month": self.month.strftime("%Y-%m")}
        for name in ("base_units_before", "base_units_after"):
            values[name] = getattr(self, name)
        for name in ("amount_before", "amount_after", "saving_before", "saving_after"):
            amount = getattr(self, name)
            values[name] = None if amount is None else decimal_text(yuan(amount))
        return values


@dataclass(frozen=True)
class Difference:
    """One field of one row of a list that is new, changed or withdrawn; `row` tells people which row.

    `change` is new, changed or withdrawn; a new or withdrawn row has no `column`. `column` is a name of
    procurement.columns, the values are as people read them.
    """

    change: str
    table: str
    row: str
    column: str | None = None
    before: str | None = None
    after: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass
class Preview:
    """How the rows of a file stand to what is there, and what becomes of each month."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    months: list[MonthEffect] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        return not (self.new or self.changed or self.withdrawn)

    def as_dict(self) -> dict[str, Any]:
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "withdrawn": self.withdrawn,
            "months": [month.as_dict() for month in self.months],
            "differences": [difference.as_dict() for difference in self.differences],
        }
