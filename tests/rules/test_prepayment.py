"""What the fund prepays for a batch, and what purchases have cleared of it."""

from datetime import date
from decimal import Decimal

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from procurement.measures.prepayment import KEY, SUMMED, prepayment, prepayment_by_batch
from procurement.money import FEN
from procurement.policies import Limit, Value, published_policies
from procurement.policies.sharing import prepayment_ratio
from tests.drawn import AMOUNT, SHARE, assert_rows, table

START = date(2021, 1, 1)
RATIOS = {(START, "drug"): Decimal("0.30")}
SCALES = {
    **dict.fromkeys([*SUMMED, "paid_amount"], AMOUNT),
    "prepayment_ratio": SHARE,
}
YEARS = table(
    """
    batch_id | agreement_year | year_start | year_end   | category | batch
    ---------+----------------+------------+------------+----------+------
    1        | 1              | 2021-01-01 | 2021-12-31 | drug     | 七批
    2        | 1              | 2021-01-01 | 2021-12-31 | consumable | 支架
    """
)
NOTHING_BOUGHT = """
    institution_id | batch_id | agreement_year | is_selected | paid_amount
    ---------------+----------+----------------+-------------+------------
    9              | 9        | 9              | yes         | 1
"""


def prepaid(agreed: str, bought: str = NOTHING_BOUGHT, ratios=RATIOS) -> pd.DataFrame:
    return prepayment(table(agreed, SCALES), table(bought, SCALES), YEARS, ratios)


def test_thirty_per_cent_of_the_agreed_amount_is_prepaid_and_cleared_by_purchases():
    rows = prepaid(
        """
        institution_id | batch_id | agreement_year | agreed_amount
        ---------------+----------+----------------+--------------
        1              | 1        | 1              | 20000
        1              | 1        | 1              | 8000
        2              | 1        | 1              | 28000
        3              | 1        | 1              | 28000
        4              | 1        | 1              | 28000
        5              | 1        | 1              | 28000
        """,
        """
        institution_id | batch_id | agreement_year | is_selected | paid_amount
        ---------------+----------+----------------+-------------+------------
        1              | 1        | 1              | yes         | 5000
        1              | 1        | 1              | yes         | 1000
        1              | 1        | 1              | no          | 9000
        1              | 1        | 2              | yes         | 9000
        2              | 1        | 1              | yes         | 8399.99
        3              | 1        | 1              | yes         | 8400
        4              | 1        | 1              | yes         | 8400.01
        5              | 1        | 1              | yes         | -100
        """,
    )
    assert_rows(
        rows,
        """
        institution_id | agreed_amount | prepaid_amount | selected_amount | cleared_amount | outstanding_amount
        ---------------+---------------+----------------+-----------------+----------------+-------------------
        1              | 28000         | 8400           | 6000            | 6000           | 2400
        2              | 28000         | 8400           | 8399.99         | 8399.99        | 0.01
        3              | 28000         | 8400           | 8400            | 8400           | 0
        4              | 28000         | 8400           | 8400.01         | 8400           | 0
        5              | 28000         | 8400           | -100            | 0              | 8400
        """,
        SCALES,
    )  # 28 000 × 30 % = 8 400; non-selected purchases and those of another year clear nothing


def test_the_fen_is_rounded_once_for_all_varieties_together():
    rows = prepaid(
        """
        institution_id | batch_id | agreement_year | agreed_amount
        ---------------+----------+----------------+--------------
        1              | 1        | 1              | 0.0083
        1              | 1        | 1              | 0.0083
        2              | 1        | 1              | 0.0167
        2              | 1        | 1              | 0.0001
        """
    )
    assert_rows(
        rows,
        """
        institution_id | prepaid_amount
        ---------------+---------------
        1              | 0
        2              | 0.01
        """,
        SCALES,
    )  # 0.0166 × 30 % = 0.00498; 0.0168 × 30 % = 0.00504


def test_without_a_price_or_a_ratio_nothing_is_told_and_totals_count_it():
    rows = prepaid(
        """
        institution_id | batch_id | agreement_year | agreed_amount
        ---------------+----------+----------------+--------------
        1              | 1        | 1              | 1000
        2              | 1        | 1              | 1000
        2              | 1        | 1              | -
        1              | 2        | 1              | 1000
        """
    )
    assert_rows(
        rows,
        """
        institution_id | batch_id | prepaid_amount | outstanding_amount | missing_reason
        ---------------+----------+----------------+--------------------+---------------------
        1              | 1        | 300            | 300                | -
        1              | 2        | -              | -                  | no_prepayment_policy
        2              | 1        | -              | -                  | no_awarded
        """,
        SCALES,
    )
    assert_rows(
        prepayment_by_batch(rows),
        """
        batch_id | institution_count | missing_rows | agreed_amount | prepaid_amount
        ---------+-------------------+--------------+---------------+---------------
        1        | 2                 | 1            | 1000          | 300
        2        | 1                 | 1            | -             | -
        """,
        SCALES,
    )


def test_nothing_agreed_gives_no_rows():
    agreed = table("institution_id | batch_id | agreement_year | agreed_amount\n1 | 1 | 1 | 1").head(0)
    rows = prepayment(agreed, table(NOTHING_BOUGHT), YEARS.head(0), RATIOS)
    assert rows.empty and prepayment_by_batch(rows).empty


amount = st.integers(0, 10**13)


@given(
    agreed=st.lists(st.tuples(st.integers(1, 3), amount), min_size=1, max_size=6),
    paid=st.lists(st.tuples(st.integers(1, 3), st.integers(-(10**12), 10**13)), min_size=1, max_size=6),
    ratio=st.integers(30, 100),
)
def test_cleared_and_outstanding_add_up_and_the_batch_is_the_sum(agreed, paid, ratio):
    one = {"batch_id": 1, "agreement_year": 1}
    frame = pd.DataFrame([{"institution_id": who, "agreed_amount": value, **one} for who, value in agreed])
    bought = pd.DataFrame([{"institution_id": who, "paid_amount": value, **one} for who, value in paid])
    rows = prepayment(
        frame.astype("Int64"),
        bought.assign(is_selected=True),
        YEARS,
        {(START, "drug"): Decimal(ratio) / 100},
    )
    assert (rows["cleared_amount"] + rows["outstanding_amount"] == rows["prepaid_amount"]).all()
    assert (rows[["cleared_amount", "outstanding_amount"]] >= 0).all(axis=None)
    assert (rows["prepaid_amount"] % FEN == 0).all()
    assert not rows.duplicated(KEY).any()
    batch = prepayment_by_batch(rows).iloc[0]
    assert all(batch[name] == rows[name].sum() for name in SUMMED)


def test_no_city_prepays_less_than_thirty_per_cent():
    book = published_policies().with_entries(
        [
            ("prepayment_ratio", Value(value=Decimal("0.20"), from_date=date(2021, 1, 1), source="市文", level="city")),
            ("prepayment_ratio", Value(value=Decimal("0.50"), from_date=date(2022, 1, 1), source="市文", level="city")),
        ]
    )  # fmt: skip
    found = {year: prepayment_ratio(book, date(year, 1, 1), "drug") for year in (2018, 2020, 2021, 2022)}
    assert found[2018] is None
    assert [found[year].value for year in (2020, 2021, 2022)] == [
        Decimal("0.30"),
        Decimal("0.30"),
        Decimal("0.50"),
    ]
    assert isinstance(found[2021].limited_by, Limit)
