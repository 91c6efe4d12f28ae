"""The sharing policy of a scheme in force for a year, and the prepayment ratio of a batch."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.policies import InForce, PolicyBook, PolicyError

PARAMETERS: dict[str, dict[str, str]] = {
    "capitation": {
        "amount_per_person": "sharing_capitation_amount",
        "surplus_share": "sharing_capitation_surplus_granted",
        "overrun_share": "sharing_capitation_overrun_borne",
    },
    "global_budget": {
        "growth_rate": "sharing_growth_rate",
        "surplus_share": "sharing_surplus_granted",
        "overrun_share": "sharing_overrun_borne",
    },
    "budget_control": {"surplus_share": "sharing_carry_over"},
}
"""Parameters of each scheme by the term of SharingPolicy that they are, in the order of use."""


@dataclass(frozen=True)
class SharingPolicy:
    """Terms of a scheme in a year; a term that the scheme does not have is empty.

    `surplus_share`: of a surplus, what the institution is granted (budget control: what carries over);
    `overrun_share`: of an overrun, what it bears; `amount_per_person` in yuan.
    """

    surplus_share: Decimal
    overrun_share: Decimal | None = None
    amount_per_person: Decimal | None = None
    growth_rate: Decimal | None = None


Policies = Mapping[tuple[int, str], SharingPolicy]
"""The policy by year and scheme; absent where there is none."""


def first_day(year: int) -> date:
    """The day on which the values of a year are asked for."""
    return date(year, 1, 1)


def sharing_terms(book: PolicyBook, year: int, scheme: str) -> dict[str, InForce]:
    """Each term of `scheme` in force for `year`; PolicyError where one has none."""
    return {term: book.on(name, first_day(year)) for term, name in PARAMETERS[scheme].items()}


def sharing_policies(book: PolicyBook, years: Iterable[int]) -> Policies:
    """The policies of the years and of the one after each, which next year's budget grows by."""
    found = {}
    for year in sorted({each + more for each in years for more in (0, 1)}):
        for scheme in PARAMETERS:
            with suppress(PolicyError):
                terms = sharing_terms(book, year, scheme)
                found[year, scheme] = SharingPolicy(**{t: Decimal(f.value) for t, f in terms.items()})
    return found


def prepayment_ratio(book: PolicyBook, day: date, category: str | None = None) -> InForce | None:
    """The prepayment ratio in force on the first day of an agreement year; None where there is none."""
    with suppress(PolicyError):
        return book.on("prepayment_ratio", day, category)
    return None
