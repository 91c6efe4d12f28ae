"""Exact money: scales and rounding (procurement.money)."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.money import (
    PRICE_SCALE,
    amount_of,
    decimal_text,
    divide,
    multiply,
    to_amount,
    to_scale,
    yuan,
)


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [(1, 2, 1), (-1, 2, -1), (49, 100, 0), (50, 100, 1), (-50, 100, -1), (-49, 100, 0), (7, 7, 1)],
)
def test_division_rounds_half_away_from_zero(numerator, denominator, quotient):
    assert divide(numerator, denominator) == quotient


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.4", "0.40"), ("8E+2", "800.00"), ("0.942857", "0.942857"), ("-3", "-3.00"), ("1.2300", "1.23")],
)
def test_decimals_print_at_least_two_places(value, text):
    assert decimal_text(Decimal(value)) == text


def test_a_price_per_pack_becomes_a_price_per_base_unit_half_up():
    assert to_scale(Decimal("6.60") / 7, PRICE_SCALE) == 942_857
    assert to_scale(Decimal("0.0000005"), PRICE_SCALE) == 1


def test_missing_stays_missing():
    units = pd.Series([10, None], dtype="Int64")
    price = pd.Series([None, 1], dtype="Int64")
    assert amount_of(units, price).isna().all()


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_an_amount_survives_the_way_in_and_out(value):
    assert yuan(to_amount(value)) == value


# Up to a billion units at ten million yuan: beyond 64 bits on the way, within them at the end.
@given(
    st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 10**13)), min_size=1, max_size=5),
    st.sampled_from([1, 100, 10**6]),
)
def test_products_are_exact_beyond_what_64_bits_hold(pairs, divisor):
    pairs = [(a, b) for a, b in pairs if abs(a * b) // divisor < 2**62] or [(1, 1)]
    left = pd.Series([a for a, _ in pairs], dtype="Int64")
    right = pd.Series([b for _, b in pairs], dtype="Int64")
    expected = [
        int((Decimal(a) * b / divisor).quantize(Decimal(1), rounding=ROUND_HALF_UP)) if a * b < 10**27 else 0
        for a, b in pairs
    ]
    assert multiply(left, right, divisor).tolist() == expected
