"""The assessment policy in force on the first day of an agreement year: source, weights, limits of days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from procurement.policies import InForce, PolicyBook

INDICATORS = ("completion", "selected_share", "payment", "reporting")
"""What a score can be computed from, in the order in which it is told."""

FULL_SCORE = Decimal(100)

TERMS = ("source", "weights", "payment_days", "reporting_days", "missing_indicator")
"""Parameters are `assessment_<term>`."""

ScoreSource = Literal["workbook", "indicators", "workbook_first"]
MissingIndicator = Literal["empty", "zero", "spread"]


@dataclass(frozen=True)
class AssessmentPolicy:
    """Every term of the assessment. `weights` are points of the full score, one per indicator."""

    source: ScoreSource
    weights: tuple[tuple[str, Decimal], ...]
    payment_days: int
    reporting_days: int
    missing_indicator: MissingIndicator

    @property
    def weights_are_valid(self) -> bool:
        """Whether the weights name known indicators once each, none is negative, and they add up to 100."""
        names = [name for name, _points in self.weights]
        points = [points for _name, points in self.weights]
        is_known = len(set(names)) == len(names) and set(names) <= set(INDICATORS)
        return is_known and min(points, default=-1) >= 0 and sum(points) == FULL_SCORE

    def weight(self, indicator: str) -> Decimal:
        """Points of an indicator; none where the policy does not name it."""
        return dict(self.weights).get(indicator, Decimal(0))


def assessment_terms(book: PolicyBook, day: date, category: str | None = None) -> tuple[InForce, ...]:
    """Each term in force on `day`, the first of the agreement year; PolicyError where one has none."""
    return tuple(book.on(f"assessment_{term}", day, category) for term in TERMS)


def assessment_policy_on(book: PolicyBook, day: date, category: str | None = None) -> AssessmentPolicy:
    """The policy in force on `day`, the first of the agreement year; PolicyError where a term has none."""
    found = (term.value for term in assessment_terms(book, day, category))
    terms: Mapping[str, Any] = dict(zip(TERMS, found, strict=True))
    return AssessmentPolicy(
        source=terms["source"],
        weights=tuple((entry["indicator"], Decimal(entry["points"])) for entry in terms["weights"]),
        payment_days=int(terms["payment_days"]),
        reporting_days=int(terms["reporting_days"]),
        missing_indicator=terms["missing_indicator"],
    )
