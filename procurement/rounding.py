"""The one way of rounding, apart from the frames: who only reads cells need not load them."""

from decimal import ROUND_HALF_UP, Decimal


def to_scale(value: Decimal, scale: int) -> int:
    """`value` in whole units of 1/`scale`, half away from zero."""
    return int((value * scale).quantize(Decimal(1), rounding=ROUND_HALF_UP))
