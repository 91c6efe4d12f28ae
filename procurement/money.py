"""Exact money: two integer units, one way of rounding.

Amounts are integers of 1/10000 yuan, unit prices integers of 1/1000000 yuan per base unit,
strength factors and equivalent units integers of one millionth. Everything between a workbook's
cell and a printed figure is computed on those integers; Decimal appears only at the two edges.
"""

from decimal import Decimal

import numpy as np
import pandas as pd

from procurement.rounding import to_scale

AMOUNT_SCALE = 10_000
PRICE_SCALE = 1_000_000
UNIT_SCALE = 1_000_000
FEN = 100
"""Amount units in one fen, the smallest sum that is paid."""

PRICE_PER_AMOUNT = PRICE_SCALE // AMOUNT_SCALE

_LARGEST = 2**62
"""Products up to here are exact in 64-bit integers; larger ones go through Python's own."""


def to_amount(yuan: Decimal) -> int:
    """Yuan to an amount (1/10000 yuan)."""
    return to_scale(yuan, AMOUNT_SCALE)


def yuan(amount: int) -> Decimal:
    """An amount in yuan, all four decimals kept."""
    return Decimal(int(amount)) / AMOUNT_SCALE


def price_in_yuan(price: int) -> Decimal:
    """A unit price in yuan, all six decimals kept."""
    return Decimal(int(price)) / PRICE_SCALE


def decimal_text(value: Decimal) -> str:
    """A decimal in plain digits with at least two decimals: `0.4` → `0.40`, `0.942857` stays."""
    text = format(value.normalize(), "f")
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(2, '0')}"


def divide(numerator: int, denominator: int) -> int:
    """Integer quotient rounded half away from zero; the denominator is positive."""
    doubled = 2 * abs(numerator) + denominator
    quotient = doubled // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def multiply(left: pd.Series, right: pd.Series, divisor: int = 1) -> pd.Series:
    """`left × right ÷ divisor` per row, exact, rounded half away from zero; Int64, missing stays missing."""
    present = left.notna() & right.notna()
    a = left[present].astype("int64").to_numpy()
    b = right[present].astype("int64").to_numpy()
    result = pd.Series(pd.NA, index=left.index, dtype="Int64")
    result[present] = _product(a, b, divisor)
    return result


def _product(a: np.ndarray, b: np.ndarray, divisor: int) -> np.ndarray:
    if len(a) == 0:
        return a
    if float(np.abs(a).max()) * float(np.abs(b).max()) >= _LARGEST:
        exact = [divide(int(x) * int(y), divisor) for x, y in zip(a, b, strict=True)]
        return np.array(exact, dtype="int64")
    product = a * b
    sign = np.where(product < 0, -1, 1)
    return sign * ((2 * np.abs(product) + divisor) // (2 * divisor)) if divisor > 1 else product


def amount_of(units: pd.Series, unit_price: pd.Series) -> pd.Series:
    """Base units × unit price as an amount, rounded once per row."""
    return multiply(units, unit_price, PRICE_PER_AMOUNT)


def share_of(amount: pd.Series, fraction: pd.Series) -> pd.Series:
    """Amount × fraction (in millionths), rounded once per row to 1/10000 yuan."""
    return multiply(amount, fraction, UNIT_SCALE)
