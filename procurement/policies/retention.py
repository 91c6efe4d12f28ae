"""The retention policy in force on a day, and the fund payment ratio that applies to whom."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import pandas as pd

from procurement.money import FEN
from procurement.policies import InForce, PolicyBook

SpendingBasis = Literal["agreed", "actual"]

TERMS = (
    "budget_basis",
    "spending_basis",
    "completion_threshold",
    "negative_varieties",
    "maximum_ratio",
    "score_bands",
    "staff_share",
    "rounding",
)
"""Terms of the retention formula, in the order in which they are used; parameters are `retention_<term>`."""

ROUNDING_UNITS = {"fen": FEN, "jiao": 10 * FEN, "yuan": 100 * FEN}
"""What a retained surplus can be rounded to, in amount units."""


@dataclass(frozen=True)
class RetentionPolicy:
    """Every term of the retention formula; fractions as Decimal. Bands are highest floor first.

    `rounding_unit` is in amount units (1/10000 yuan).
    """

    maximum_ratio: Decimal
    score_bands: tuple[tuple[Decimal, Decimal], ...]
    budget_basis: Literal["reported", "agreed"]
    spending_basis: SpendingBasis
    completion_threshold: Decimal
    negative_varieties: Literal["offset", "zero"]
    staff_share: Decimal
    rounding_unit: int = FEN

    def granted(self, score: Decimal) -> Decimal:
        """Share of the maximum ratio that a score is granted."""
        return next((granted for floor, granted in self.score_bands if score >= floor), Decimal(0))


def retention_terms(book: PolicyBook, day: date, category: str | None = None) -> tuple[InForce, ...]:
    """Each term in force on `day`, the first of the agreement year; PolicyError where one has none."""
    return tuple(book.on(f"retention_{term}", day, category) for term in TERMS)


def retention_policy_on(
    book: PolicyBook, day: date, category: str | None = None, spending_basis: SpendingBasis | None = None
) -> RetentionPolicy:
    """The policy in force on `day`, the first of the agreement year; PolicyError where a term has none."""
    terms = dict(zip(TERMS, (term.value for term in retention_terms(book, day, category)), strict=True))
    bands = ((Decimal(b["floor"]), Decimal(b["granted"])) for b in terms["score_bands"])
    return RetentionPolicy(
        maximum_ratio=Decimal(terms["maximum_ratio"]),
        score_bands=tuple(sorted(bands, reverse=True)),
        budget_basis=terms["budget_basis"],
        spending_basis=spending_basis or terms["spending_basis"],
        completion_threshold=Decimal(terms["completion_threshold"]),
        negative_varieties=terms["negative_varieties"],
        staff_share=Decimal(terms["staff_share"]),
        rounding_unit=ROUNDING_UNITS[terms["rounding"]],
    )


@dataclass(frozen=True)
class PaymentRatio:
    """A fund payment ratio (millionths), its first day, and the id of its row in the ledger."""

    from_date: date
    ratio: int
    ratio_id: int | None = None


class PaymentRatios:
    """Fund payment ratios: institution and batch > institution > batch > area, the latest one begun."""

    def __init__(self, ratios: pd.DataFrame) -> None:
        dated = defaultdict(list)
        ids = ratios["ratio_id"] if "ratio_id" in ratios else pd.Series(pd.NA, index=ratios.index)
        for row, ratio_id in zip(ratios.itertuples(index=False), ids, strict=True):
            start = date.min if pd.isna(row.from_date) else row.from_date.date()
            entry = PaymentRatio(start, int(row.ratio), _id(ratio_id))
            dated[_id(row.institution_id), _id(row.batch_id)].append(entry)
        self._dated = {who: sorted(entries, key=lambda e: e.from_date) for who, entries in dated.items()}

    def entry_on(self, day: date, institution_id: int, batch_id: int) -> PaymentRatio | None:
        """The entry in force on `day`; None where there is none."""
        for who in ((institution_id, batch_id), (institution_id, None), (None, batch_id), (None, None)):
            entries = self._dated.get(who, [])
            begun = bisect_right(entries, day, key=lambda entry: entry.from_date)
            if begun:
                return entries[begun - 1]
        return None

    def on(self, day: date, institution_id: int, batch_id: int) -> int | None:
        """The ratio in force on `day`, in millionths; None where there is none."""
        entry = self.entry_on(day, institution_id, batch_id)
        return entry.ratio if entry else None


def _id(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]
