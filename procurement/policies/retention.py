"""The retention policy in force on a day, and the fund payment ratio that applies to whom."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import pandas as pd

from procurement.policies import value_on

SpendingBasis = Literal["agreed", "actual"]


@dataclass(frozen=True)
class RetentionPolicy:
    """Every term of the retention formula; fractions as Decimal. Bands are highest floor first."""

    maximum_ratio: Decimal
    score_bands: tuple[tuple[Decimal, Decimal], ...]
    budget_basis: Literal["reported", "agreed"]
    spending_basis: SpendingBasis
    completion_threshold: Decimal
    negative_varieties: Literal["offset", "zero"]
    staff_share: Decimal

    def granted(self, score: Decimal) -> Decimal:
        """Share of the maximum ratio that a score is granted."""
        return next((granted for floor, granted in self.score_bands if score >= floor), Decimal(0))


def retention_policy_on(
    day: date, category: str | None = None, spending_basis: SpendingBasis | None = None
) -> RetentionPolicy:
    """The policy in force on `day`, the first of the agreement year; PolicyError where a term has none."""

    def term(name: str):  # type: ignore[no-untyped-def]
        return value_on(f"retention_{name}", day, category)

    return RetentionPolicy(
        maximum_ratio=Decimal(term("maximum_ratio")),
        score_bands=tuple((Decimal(b["floor"]), Decimal(b["granted"])) for b in term("score_bands")),
        budget_basis=term("budget_basis"),
        spending_basis=spending_basis or term("spending_basis"),
        completion_threshold=Decimal(term("completion_threshold")),
        negative_varieties=term("negative_varieties"),
        staff_share=Decimal(term("staff_share")),
    )


class PaymentRatios:
    """Fund payment ratios: institution and batch > institution > batch > area, the latest one begun."""

    def __init__(self, ratios: pd.DataFrame) -> None:
        dated = defaultdict(list)
        for row in ratios.itertuples(index=False):
            start = date.min if pd.isna(row.from_date) else row.from_date.date()
            dated[_id(row.institution_id), _id(row.batch_id)].append((start, int(row.ratio)))
        self._dated = {who: sorted(entries) for who, entries in dated.items()}

    def on(self, day: date, institution_id: int, batch_id: int) -> int | None:
        """The ratio in force on `day`, in millionths; None where there is none."""
        for who in ((institution_id, batch_id), (institution_id, None), (None, batch_id), (None, None)):
            entries = self._dated.get(who, [])
            begun = bisect_right(entries, day, key=lambda entry: entry[0])
            if begun:
                return entries[begun - 1][1]
        return None


def _id(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]
