"""What a parameter's `unit` says of its values: their shape, their range, and how a number of it reads.

fraction              0 to 1, at most six decimals (shares are kept in millionths)
months, days, count   whole numbers
yuan                  not negative, at most four decimals (amounts are kept in 1/10000 yuan)
fraction by score     bands: [{floor = 90, granted = 1.00}, …]
points by indicator   weights: [{indicator = "completion", points = 40}, …]
a | b                 one of the words
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from procurement.language import N_, _

BANDS, WEIGHTS = "fraction by score", "points by indicator"
FULL_SCORE = Decimal(100)


@dataclass(frozen=True)
class Number:
    """A unit whose values are numbers: the range, the decimals that are kept, how one reads."""

    least: Decimal
    most: Decimal
    decimals: int
    reads: str

    def text(self, value: object) -> str:
        """`value` as people read it: 45%, 30天."""
        number = Decimal(str(value)) * (100 if self.reads == PERCENT else 1)
        return _(self.reads).format(value=f"{number.normalize():f}")

    def sign(self) -> str:
        """The unit alone, beside a field for the number: %, 天."""
        return _(self.reads).format(value="").strip()


PERCENT = "{value}%"

NUMBERS = {
    "fraction": Number(Decimal(0), Decimal(1), 6, PERCENT),
    "growth": Number(Decimal(-1), Decimal(1), 6, PERCENT),
    "months": Number(Decimal(1), Decimal(120), 0, N_("{value}个月")),
    "days": Number(Decimal(0), Decimal(3660), 0, N_("{value}天")),
    "count": Number(Decimal(0), Decimal(10**9), 0, "{value}"),
    "yuan": Number(Decimal(0), Decimal(10**10), 4, N_("{value}元")),
    "yuan per head and year": Number(Decimal(0), Decimal(10**10), 4, N_("每人每年{value}元")),
}

BAND = NUMBERS["fraction"]
"""What a band grants."""


def choices(unit: str) -> tuple[str, ...]:
    """The words that a unit lets choose from; empty for every other unit."""
    return tuple(word.strip() for word in unit.split("|")) if "|" in unit else ()


def is_number(value: object) -> bool:
    """Whether a value from a file is a number; true and false are none, nor is what is not finite."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    return isinstance(value, int) or value.is_finite()


def in_order(unit: str, value: Any) -> Any:
    """The value in the one way that it is kept: decimals where the unit has them, the highest band first."""
    if unit == BANDS:
        bands = [{name: Decimal(number) for name, number in band.items()} for band in value]
        return sorted(bands, key=lambda band: band["floor"], reverse=True)
    if unit == WEIGHTS:
        return [{"indicator": part["indicator"], "points": Decimal(part["points"])} for part in value]
    if unit in NUMBERS:
        return Decimal(value) if NUMBERS[unit].decimals else int(value)
    return value
