"""Exact money in integers: fen, ten-thousandths of a yuan (`price4`), millionths per base unit (`micro`)."""

from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction) -> int:
    """Round to the nearest integer, halves away from zero."""
    size = abs(value)
    rounded = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return -rounded if value < 0 else rounded


def price4(yuan: str) -> int:
    """Ten-thousandths of a yuan, from text with at most four decimals."""
    scaled = Decimal(yuan) * 10_000
    if scaled != int(scaled):
        raise ValueError(f"{yuan} has more than four decimals")
    return int(scaled)


def to_fen(value4: int | Fraction) -> int:
    """Ten-thousandths of a yuan → a price in the same measure that ends on a whole fen, at least one."""
    return max(1, half_up(Fraction(value4) / 100)) * 100


def yuan(value: int, per_yuan: int) -> Decimal:
    """An integer of 1/per_yuan yuan as an exact decimal without trailing zeros."""
    return Decimal(value) / per_yuan


def money_text(micro: int | Fraction) -> str:
    """Millionths of a yuan → yuan with two decimals, as text."""
    return f"{Decimal(half_up(Fraction(micro) / 10_000)) / 100:.2f}"
