"""Purchase lines → the lowest grain, and the savings that are sums of it (DOMAIN §2)."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from procurement.measures.grain import monthly_purchases
from procurement.measures.savings import add_saving, saving_totals
from tests.drawn import AMOUNT, PRICE, UNITS, assert_rows, table

LISTINGS = table(
    """
    batch_id | variety_id | product_id | status       | starts_on  | ends_on    | execution_date
    ---------+------------+------------+--------------+------------+------------+---------------
    1        | 10         | 1          | selected     | 2021-01-01 | 2022-12-31 | 2021-01-01
    1        | 10         | 2          | non_selected | 2021-01-01 | 2022-12-31 | 2021-01-01
    """
)
RESOLVED = table(
    """
    batch_id | product_id | starts_on  | strength_factor | baseline_unit_price | variety_awarded
    ---------+------------+------------+-----------------+---------------------+----------------
    1        | 1          | 2021-01-01 | 1               | 0.333333            | 0.40
    1        | 2          | 2021-01-01 | 2               | 4.00                | 0.40
    """,
    scales={"strength_factor": UNITS, "baseline_unit_price": PRICE, "variety_awarded": PRICE},
)
NO_AGREEMENT = table(
    "institution_id | variety_id | agreement_year | awarded_unit_price\n---+---+---+---\n"
).astype("Int64")
HEADING = """
    institution_id | product_id | bought_on  | is_whole_month | base_units | paid_amount
    ---------------+------------+------------+----------------+------------+------------
"""


def grain(lines: str, agreement=NO_AGREEMENT) -> pd.DataFrame:
    return monthly_purchases(
        table(HEADING + lines, scales={"paid_amount": AMOUNT}), LISTINGS, RESOLVED, agreement
    )


def test_the_baseline_amount_is_rounded_once_a_month_not_once_a_line():
    # 3 lines of 1 × 0.333333 = 0.3333 each would be 0.9999; once: 3 × 0.333333 = 0.999999 → 1.0000
    rows = grain("1 | 1 | 2021-03-01 | no | 1 | 0.10\n" * 3)
    assert_rows(
        rows,
        """
        lines | base_units | paid_amount | baseline_amount
        ------+------------+-------------+----------------
        3     | 3          | 0.30        | 1.0000
        """,
        scales={"paid_amount": AMOUNT, "baseline_amount": AMOUNT},
    )


def test_a_return_is_subtracted():
    rows = grain("1 | 1 | 2021-03-01 | no | 100 | 40.00\n1 | 1 | 2021-03-02 | no | -40 | -16.00\n")
    assert_rows(
        add_saving(rows.assign(compared_amount=rows["paid_amount"])),
        """
        lines | base_units | paid_amount | saving_amount
        ------+------------+-------------+--------------
        2     | 60         | 24.00       | -4.00
        """,  # 60 × 0.333333 = 20.00 − 24.00: a rise is not clipped
        scales={"paid_amount": AMOUNT, "saving_amount": AMOUNT},
    )


def test_missed_saving_compares_with_the_awarded_price_per_main_strength():
    # 10 units of double strength = 20 equivalent × 0.40 = 8.00; paid 30.00 → 22.00 missed
    rows = grain("1 | 2 | 2021-03-01 | no | 10 | 30.00\n")
    assert_rows(
        rows,
        """
        is_selected | equivalent_units | baseline_amount | missed_amount
        ------------+------------------+-----------------+--------------
        no          | 20               | 40.00           | 22.00
        """,
        scales={"equivalent_units": UNITS, "baseline_amount": AMOUNT, "missed_amount": AMOUNT},
    )


def test_missed_saving_is_never_negative_and_never_of_selected_products():
    rows = grain("1 | 2 | 2021-03-01 | no | 10 | 7.99\n1 | 1 | 2021-03-01 | no | 10 | 99.00\n")
    assert_rows(
        rows.sort_values("product_id"),
        """
        product_id | missed_amount
        -----------+--------------
        1          | -
        2          | 0
        """,
    )


def test_missed_saving_takes_the_price_of_the_product_agreed_with():
    agreement = table(
        "institution_id | variety_id | agreement_year | awarded_unit_price\n---+---+---+---\n1 | 10 | 1 | 1.00",
        scales={"awarded_unit_price": PRICE},
    )
    rows = grain("1 | 2 | 2021-03-01 | no | 10 | 30.00\n2 | 2 | 2021-03-01 | no | 10 | 30.00\n", agreement)
    assert_rows(
        rows,
        """
        institution_id | missed_amount
        ---------------+--------------
        1              | 10.00
        2              | 22.00
        """,  # 30 − 20 × 1.00; 30 − 20 × 0.40
        scales={"missed_amount": AMOUNT},
    )


def test_a_line_outside_every_batch_has_no_saving():
    rows = grain("1 | 1 | 2020-12-31 | no | 10 | 20.00\n1 | 77 | 2021-03-01 | no | 10 | 20.00\n")
    assert rows["baseline_amount"].isna().all()
    assert rows["missed_amount"].isna().all()
    assert rows["paid_amount"].sum() == 40 * AMOUNT


def test_a_line_of_unknown_pack_has_no_saving_and_is_counted():
    rows = grain("1 | 1 | 2021-03-01 | no | - | 20.00\n")
    assert_rows(
        rows,
        """
        lines | unmeasured_lines | baseline_amount | equivalent_units
        ------+------------------+-----------------+-----------------
        1     | 1                | -               | -
        """,
    )


PURCHASES = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.integers(1, 2),
        st.integers(1, 28),
        st.integers(-500, 5000),
        st.integers(1, 10**6),
    ),
    min_size=1,
    max_size=30,
)


@given(PURCHASES)
def test_parts_add_up_however_they_are_cut(purchases):
    lines = "".join(
        f"{who} | {what} | 2021-0{1 + day % 9}-{day:02d} | no | {units} | {paid / 100:.2f}\n"
        for who, what, day, units, paid in purchases
    )
    rows = grain(lines)
    rows = add_saving(rows.assign(compared_amount=rows["paid_amount"]))
    total = saving_totals(rows)["total"]
    for key in ("institution_id", "product_id", "month", "is_selected"):
        parts = [saving_totals(part)["total"] for _, part in rows.groupby(key)]
        assert sum(parts) == total
    totals = saving_totals(rows)
    assert (totals["selected"] or 0) + (totals["non_selected"] or 0) == total


def test_a_price_that_changes_within_a_month_prices_each_line_by_its_day():
    listings = table(
        """
        batch_id | variety_id | product_id | status   | starts_on  | ends_on    | execution_date
        ---------+------------+------------+----------+------------+------------+---------------
        1        | 10         | 1          | selected | 2021-01-01 | 2021-03-14 | 2021-01-01
        1        | 10         | 1          | selected | 2021-03-15 | 2022-12-31 | 2021-01-01
        """
    )
    resolved = table(
        """
        batch_id | product_id | starts_on  | strength_factor | baseline_unit_price | variety_awarded
        ---------+------------+------------+-----------------+---------------------+----------------
        1        | 1          | 2021-01-01 | 1               | 4.00                | 0.40
        1        | 1          | 2021-03-15 | 1               | 3.00                | 0.40
        """,
        scales={"strength_factor": UNITS, "baseline_unit_price": PRICE, "variety_awarded": PRICE},
    )
    lines = table(
        HEADING + "1 | 1 | 2021-03-14 | no | 10 | 10.00\n1 | 1 | 2021-03-15 | no | 10 | 5.00\n",
        scales={"paid_amount": AMOUNT},
    )
    assert_rows(
        monthly_purchases(lines, listings, resolved, NO_AGREEMENT),
        """
        lines | base_units | paid_amount | baseline_amount
        ------+------------+-------------+----------------
        2     | 20         | 15.00       | 70.00
        """,  # 10 × 4.00 + 10 × 3.00, in one row of the grain
        scales={"paid_amount": AMOUNT, "baseline_amount": AMOUNT},
    )


def test_measured_lines_count_beside_one_of_unknown_pack():
    rows = grain("1 | 1 | 2021-03-01 | no | 100 | 20.00\n1 | 1 | 2021-03-02 | no | - | 20.00\n")
    assert_rows(
        rows,
        """
        lines | unmeasured_lines | base_units | equivalent_units | baseline_amount
        ------+------------------+------------+------------------+----------------
        2     | 1                | 100        | 100              | -
        """,
        scales={"equivalent_units": UNITS},
    )
