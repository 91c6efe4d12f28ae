"""Awarded prices that are not paid: per line, on its day, in the unit that the award states."""

from procurement.measures.landing import above_awarded
from tests.drawn import AMOUNT, PRICE, assert_rows, table

SCALES = {"paid_amount": AMOUNT, "awarded_unit_price": PRICE, "stated_price": PRICE, "above_amount": AMOUNT}

LISTINGS = """
    batch_id | variety_id | product_id | status       | starts_on  | ends_on    | execution_date | awarded_unit_price | stated_price | stated_per_pack | units_per_pack
    ---------+------------+------------+--------------+------------+------------+----------------+--------------------+--------------+-----------------+---------------
    1        | 1          | 1          | selected     | 2021-01-01 | 2021-06-30 | 2021-01-01     | 0.333333           | 1.00         | yes             | 3
    1        | 1          | 1          | selected     | 2021-07-01 | 2022-12-31 | 2021-01-01     | 0.30               | 0.30         | no              | 3
    1        | 2          | 2          | non_selected | 2021-01-01 | 2022-12-31 | 2021-01-01     | -                  | -            | no              | 10
    1        | 3          | 3          | selected     | 2021-01-01 | 2022-12-31 | 2021-01-01     | -                  | -            | no              | 10
"""  # noqa: E501


def above(lines: str):
    return above_awarded(table(lines, SCALES), table(LISTINGS, SCALES))


def test_a_line_is_compared_with_the_award_of_its_day():
    found = above("""
        institution_id | product_id | bought_on  | is_whole_month | base_units | paid_amount
        1              | 1          | 2021-06-30 | no             | 300        | 100.00
        1              | 1          | 2021-07-01 | no             | 300        | 100.00
        2              | 1          | 2021-07-02 | no             | 300        | 90.00
        2              | 1          | 2021-07-03 | no             | 100        | 31.00
        2              | 1          | 2021-07-04 | no             | 100        | 32.00
    """)
    # 100 packs at 1.00 = 100.00; from July 300 × 0.30 = 90.00 and 100 × 0.30 = 30.00
    assert_rows(found, """
        institution_id | variety_id | above_lines | above_amount
        1              | 1          | 1           | 10.00
        2              | 1          | 2           | 3.00
    """, SCALES)  # fmt: skip


def test_less_than_a_fen_is_rounding_and_a_fen_is_not():
    found = above("""
        institution_id | product_id | bought_on  | is_whole_month | base_units | paid_amount
        1              | 1          | 2021-08-01 | no             | 100        | 30.0099
        2              | 1          | 2021-08-01 | no             | 100        | 30.01
    """)
    assert list(found["institution_id"]) == [2]


def test_returns_non_selected_products_and_unknown_units_or_prices_are_not_judged():
    found = above("""
        institution_id | product_id | bought_on  | is_whole_month | base_units | paid_amount
        1              | 1          | 2021-08-01 | no             | -100       | -20.00
        1              | 1          | 2021-08-01 | no             | -          | 900.00
        1              | 2          | 2021-08-01 | no             | 100        | 900.00
        1              | 3          | 2021-08-01 | no             | 100        | 900.00
        1              | 1          | 2023-08-01 | no             | 100        | 900.00
    """)
    assert found.empty
