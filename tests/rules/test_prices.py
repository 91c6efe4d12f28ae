"""Baselines, awarded prices and price drops (DOMAIN §2)."""

import pandas as pd

from procurement.measures.agreements import institution_awarded, price_agreements
from procurement.measures.prices import (
    average_drop_simple,
    average_drop_weighted,
    price_drops,
    resolve_listings,
)
from tests.drawn import AMOUNT, PRICE, UNITS, assert_rows, table

SCALES = {"strength_factor": UNITS, "baseline_unit_price": PRICE, "awarded_unit_price": PRICE}


def resolved(listings: str, stated: str = "10 | - | -"):
    heading = "variety_id | variety_baseline_unit_price | variety_baseline_basis\n---+---+---\n"
    varieties = table(heading + stated, scales={"variety_baseline_unit_price": PRICE})
    rows = table(listings, scales=SCALES)
    for name, day in (
        ("execution_date", "2021-01-01"),
        ("starts_on", "2021-01-01"),
        ("ends_on", "2022-12-31"),
    ):
        if name not in rows:
            rows[name] = pd.Timestamp(day).as_unit("s")
    return resolve_listings(rows, varieties)


def test_a_product_without_baseline_takes_its_variety_mean_times_its_strength():
    # per 10 mg: 2.00 and 6.00 ÷ 2 = 3.00, mean 2.50; the third is of double strength: 5.00
    result = resolved(
        """
        batch_id | variety_id | product_id | status   | strength_factor | baseline_unit_price | baseline_basis | awarded_unit_price
        ---------+------------+------------+----------+-----------------+---------------------+----------------+-------------------
        1        | 10         | 1          | selected | 1               | 2.00                | listed         | 0.40
        1        | 10         | 2          | selected | 2               | 6.00                | ceiling        | 1.00
        1        | 10         | 3          | selected | 2               | -                   | -              | 0.60
        """
    )
    assert_rows(
        result,
        """
        product_id | baseline_unit_price | baseline_basis | variety_baseline | variety_awarded
        -----------+---------------------+----------------+------------------+----------------
        1          | 2.00                | listed         | 2.50             | 0.40
        2          | 6.00                | ceiling        | 2.50             | 0.40
        3          | 5.00                | variety_mean   | 2.50             | 0.40
        """,  # awarded per 10 mg: 0.40, 0.50, 0.30
        scales={"baseline_unit_price": PRICE, "variety_baseline": PRICE, "variety_awarded": PRICE},
    )


def test_a_stated_variety_baseline_outranks_the_mean_of_its_products():
    result = resolved(
        """
        batch_id | variety_id | product_id | status   | strength_factor | baseline_unit_price | baseline_basis | awarded_unit_price
        ---------+------------+------------+----------+-----------------+---------------------+----------------+-------------------
        1        | 10         | 1          | selected | 1               | 2.00                | listed         | 0.40
        1        | 10         | 2          | selected | 1               | -                   | -              | 0.40
        """,
        stated="10 | 1.80 | weighted_mean",
    )
    assert_rows(
        result,
        """
        product_id | baseline_unit_price | baseline_basis
        -----------+---------------------+---------------
        1          | 2.00                | listed
        2          | 1.80                | weighted_mean
        """,
        scales={"baseline_unit_price": PRICE},
    )


def test_without_any_baseline_the_drop_is_empty_and_never_zero():
    drops = price_drops(
        resolved(
            """
            batch_id | variety_id | product_id | status   | strength_factor | baseline_unit_price | baseline_basis | awarded_unit_price
            ---------+------------+------------+----------+-----------------+---------------------+----------------+-------------------
            1        | 10         | 1          | selected | 1               | -                   | -              | 0.40
            """
        )
    )
    assert_rows(
        drops,
        """
        drop | baseline_basis
        -----+---------------
        -    | -
        """,
    )
    assert average_drop_simple(drops) is None


def test_only_awards_set_the_awarded_price_of_a_variety():
    result = resolved(
        """
        batch_id | variety_id | product_id | status       | strength_factor | baseline_unit_price | baseline_basis | awarded_unit_price
        ---------+------------+------------+--------------+-----------------+---------------------+----------------+-------------------
        1        | 10         | 1          | selected     | 1               | 2.00                | listed         | 0.40
        1        | 10         | 2          | cancelled    | 1               | 2.00                | listed         | 0.10
        1        | 10         | 3          | non_selected | 1               | 2.00                | listed         | -
        """
    )
    assert result["variety_awarded"].tolist() == [400_000] * 3
    assert len(price_drops(result)) == 1


def test_the_simple_mean_counts_a_variety_once_by_the_mean_of_its_products():
    # variety 10: (0.8 + 0.6) ÷ 2 = 0.7; variety 11: 0.5; mean 0.6
    drops = price_drops(
        resolved(
            """
            batch_id | variety_id | product_id | status   | strength_factor | baseline_unit_price | baseline_basis | awarded_unit_price
            ---------+------------+------------+----------+-----------------+---------------------+----------------+-------------------
            1        | 10         | 1          | selected | 1               | 2.00                | listed         | 0.40
            1        | 10         | 2          | selected | 1               | 2.00                | listed         | 0.80
            1        | 11         | 3          | selected | 1               | 1.00                | listed         | 0.50
            """,
            stated="10 | - | -\n11 | - | -",
        )
    )
    assert average_drop_simple(drops) == 0.6


def test_a_price_rise_is_a_negative_drop():
    drops = price_drops(
        resolved(
            """
            batch_id | variety_id | product_id | status   | strength_factor | baseline_unit_price | baseline_basis | awarded_unit_price
            ---------+------------+------------+----------+-----------------+---------------------+----------------+-------------------
            1        | 10         | 1          | selected | 1               | 2.00                | listed         | 2.50
            """
        )
    )
    assert drops["drop"].tolist() == [-0.25]


TWO_STRENGTHS = """
    batch_id | variety_id | product_id | status   | strength_factor | baseline_unit_price | baseline_basis | awarded_unit_price
    ---------+------------+------------+----------+-----------------+---------------------+----------------+-------------------
    1        | 10         | 1          | selected | 1               | 2.00                | listed         | 0.40
    1        | 10         | 2          | selected | 2               | 3.00                | listed         | 1.00
"""
AGREED = """
    institution_id | batch_id | variety_id | product_id | agreement_year | reported_units | agreed_units
    ---------------+----------+------------+------------+----------------+----------------+-------------
    1              | 1        | 10         | -          | 1              | 1000           | 700
    2              | 1        | 10         | 2          | 1              | 1000           | 700
"""


def test_an_agreed_volume_is_priced_by_its_product_or_by_its_variety():
    # variety per main strength: baseline (2.00 + 1.50) ÷ 2 = 1.75, awarded (0.40 + 0.50) ÷ 2 = 0.45
    assert_rows(
        price_agreements(table(AGREED), resolved(TWO_STRENGTHS)),
        """
        institution_id | agreed_equivalent | agreed_amount | agreed_baseline_amount | expected_amount
        ---------------+-------------------+---------------+------------------------+----------------
        1              | 700               | 315.00        | 1225.00                | 910.00
        2              | 1400              | 700.00        | 2100.00                | 1400.00
        """,
        scales={
            "agreed_equivalent": UNITS,
            "agreed_amount": AMOUNT,
            "agreed_baseline_amount": AMOUNT,
            "expected_amount": AMOUNT,
        },
    )


def test_the_weighted_drop_weighs_by_agreed_money():
    # 1 − (315 + 700) ÷ (1 225 + 2 100) = 0.694736…
    priced = price_agreements(table(AGREED), resolved(TWO_STRENGTHS))
    assert average_drop_weighted(priced) == 1 - 1015 / 3325


def test_an_institution_that_agreed_with_a_product_takes_that_product_price():
    # per main strength: 1.00 ÷ 2 = 0.50; institution 1 agreed for the variety and is absent
    assert_rows(
        institution_awarded(table(AGREED), resolved(TWO_STRENGTHS)),
        """
        institution_id | variety_id | agreement_year | awarded_unit_price
        ---------------+------------+----------------+-------------------
        2              | 10         | 1              | 0.50
        """,
        scales={"awarded_unit_price": PRICE},
    )


def test_each_period_of_an_award_keeps_its_own_prices():
    # 4.00 → 1.00 until the end of 2021, then 3.00 → 0.50; the third period is a cancellation without prices
    result = resolved(
        """
        batch_id | variety_id | product_id | status    | starts_on  | ends_on    | strength_factor | baseline_unit_price | baseline_basis | awarded_unit_price
        ---------+------------+------------+-----------+------------+------------+-----------------+---------------------+----------------+-------------------
        1        | 10         | 1          | selected  | 2021-01-01 | 2021-12-31 | 1               | 4.00                | listed         | 1.00
        1        | 10         | 1          | selected  | 2022-01-01 | 2022-06-30 | 1               | 3.00                | listed         | 0.50
        1        | 10         | 1          | cancelled | 2022-07-01 | 2022-12-31 | 1               | -                   | -              | -
        """
    )
    assert_rows(
        result,
        """
        starts_on  | is_selected | baseline_unit_price | variety_baseline | variety_awarded
        -----------+-------------+---------------------+------------------+----------------
        2021-01-01 | yes         | 4.00                | 3.00             | 0.50
        2022-01-01 | yes         | 3.00                | 3.00             | 0.50
        2022-07-01 | no          | 3.00                | 3.00             | 0.50
        """,  # the product counts once in its variety, by its latest stated prices
        scales={"baseline_unit_price": PRICE, "variety_baseline": PRICE, "variety_awarded": PRICE},
    )
    assert_rows(
        price_drops(result),
        """
        product_id | awarded_unit_price
        -----------+-------------------
        1          | 0.50
        """,
        scales={"awarded_unit_price": PRICE},
    )
    agreed = table(
        """
        institution_id | batch_id | variety_id | product_id | agreement_year | reported_units | agreed_units
        ---------------+----------+------------+------------+----------------+----------------+-------------
        1              | 1        | 10         | 1          | 1              | 100            | 100
        1              | 1        | 10         | 1          | 2              | 100            | 100
        """
    )
    assert_rows(
        price_agreements(agreed, result),
        """
        agreement_year | agreed_amount | agreed_baseline_amount
        ---------------+---------------+-----------------------
        1              | 100.00        | 400.00
        2              | 50.00         | 300.00
        """,
        scales={"agreed_amount": AMOUNT, "agreed_baseline_amount": AMOUNT},
    )


def test_the_price_of_the_product_agreed_with_is_told_by_agreement_year():
    agreed = table(
        """
        institution_id | batch_id | variety_id | product_id | agreement_year | reported_units | agreed_units
        ---------------+----------+------------+------------+----------------+----------------+-------------
        1              | 1        | 10         | 1          | 1              | 1000           | 700
        1              | 1        | 10         | 2          | 2              | 1000           | 700
        """
    )
    assert_rows(
        institution_awarded(agreed, resolved(TWO_STRENGTHS)),
        """
        institution_id | agreement_year | awarded_unit_price
        ---------------+----------------+-------------------
        1              | 1              | 0.40
        1              | 2              | 0.50
        """,  # per main strength: 0.40, and 1.00 ÷ 2
        scales={"awarded_unit_price": PRICE},
    )
