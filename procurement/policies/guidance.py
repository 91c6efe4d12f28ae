"""The terms of the volume guidance (measures.guidance) in force on a day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist

from procurement.policies import InForce, PolicyBook

TERMS = ("history_months", "least_months", "growth_least", "growth_most", "damping", "confidence")
"""Parameters are `guidance_<term>`."""

MOST_CERTAIN = Decimal("0.999")
"""No range is wide enough for certainty."""


@dataclass(frozen=True)
class GuidanceTerms:
    """The terms of the proposal; fractions as Decimal."""

    history_months: int
    least_months: int
    growth_least: Decimal
    growth_most: Decimal
    damping: Decimal
    confidence: Decimal

    @property
    def z(self) -> Fraction:
        """Standard deviations on either side that hold the confidence, to four decimals."""
        tail = (1 + min(self.confidence, MOST_CERTAIN)) / 2
        return Fraction(round(Decimal(NormalDist().inv_cdf(float(tail))), 4))


def guidance_policies(book: PolicyBook, day: date, category: str | None = None) -> tuple[InForce, ...]:
    """Each term in force on `day`, the measuring day; PolicyError where one has none."""
    return tuple(book.on(f"guidance_{term}", day, category) for term in TERMS)


def guidance_terms_on(book: PolicyBook, day: date, category: str | None = None) -> GuidanceTerms:
    values = dict(zip(TERMS, (x.value for x in guidance_policies(book, day, category)), strict=True))
    return GuidanceTerms(
        history_months=int(values["history_months"]),
        least_months=int(values["least_months"]),
        **{name: Decimal(values[name]) for name in TERMS[2:]},
    )
