"""Which batch a purchase line belongs to (DOMAIN §2)."""

from procurement.measures.attribution import attribute
from tests.drawn import assert_rows, table

ONE_BATCH = """
    product_id | batch_id | variety_id | status   | starts_on  | ends_on    | execution_date
    -----------+----------+------------+----------+------------+------------+---------------
    1          | 1        | 10         | selected | 2021-03-15 | 2022-03-14 | 2021-03-15
"""


def attributed(lines: str, listings: str):
    return attribute(table(lines), table(listings))


def test_a_line_belongs_to_the_batch_on_its_first_and_last_day():
    result = attributed(
        """
        product_id | bought_on  | is_whole_month
        -----------+------------+---------------
        1          | 2021-03-14 | no
        1          | 2021-03-15 | no
        1          | 2022-03-14 | no
        1          | 2022-03-15 | no
        """,
        ONE_BATCH,
    )
    assert_rows(
        result,
        """
        bought_on  | batch_id | agreement_year | is_selected
        -----------+----------+----------------+------------
        2021-03-14 | -        | -              | no
        2021-03-15 | 1        | 1              | yes
        2022-03-14 | 1        | 1              | yes
        2022-03-15 | -        | -              | no
        """,
    )


def test_a_line_dated_by_month_counts_as_the_first_or_as_the_execution_date():
    result = attributed(
        """
        product_id | bought_on  | is_whole_month
        -----------+------------+---------------
        1          | 2021-02-01 | yes
        1          | 2021-03-01 | yes
        1          | 2021-03-01 | no
        1          | 2021-04-01 | yes
        1          | 2022-03-01 | yes
        1          | 2022-04-01 | yes
        """,
        ONE_BATCH,
    )
    assert_rows(
        result,
        """
        bought_on  | is_whole_month | batch_id
        -----------+----------------+---------
        2021-02-01 | yes            | -
        2021-03-01 | yes            | 1
        2021-03-01 | no             | -
        2021-04-01 | yes            | 1
        2022-03-01 | yes            | 1
        2022-04-01 | yes            | -
        """,
    )


def test_the_agreement_year_turns_on_the_anniversary():
    result = attributed(
        """
        product_id | bought_on  | is_whole_month
        -----------+------------+---------------
        1          | 2022-03-14 | no
        1          | 2022-03-15 | no
        1          | 2023-03-15 | no
        """,
        """
        product_id | batch_id | variety_id | status   | starts_on  | ends_on    | execution_date
        -----------+----------+------------+----------+------------+------------+---------------
        1          | 1        | 10         | selected | 2021-03-15 | 2024-03-14 | 2021-03-15
        """,
    )
    assert_rows(
        result,
        """
        bought_on  | agreement_year
        -----------+---------------
        2022-03-14 | 1
        2022-03-15 | 2
        2023-03-15 | 3
        """,
    )


def test_selected_in_one_batch_outranks_non_selected_in_a_later_one():
    result = attributed(
        """
        product_id | bought_on  | is_whole_month
        -----------+------------+---------------
        1          | 2021-06-01 | no
        """,
        """
        product_id | batch_id | variety_id | status       | starts_on  | ends_on    | execution_date
        -----------+----------+------------+--------------+------------+------------+---------------
        1          | 1        | 10         | selected     | 2021-01-01 | 2021-12-31 | 2021-01-01
        1          | 2        | 20         | non_selected | 2021-05-01 | 2022-04-30 | 2021-05-01
        """,
    )
    assert_rows(
        result,
        """
        batch_id | variety_id | is_selected
        ---------+------------+------------
        1        | 10         | yes
        """,
    )


def test_a_tie_goes_to_the_latest_execution_date():
    result = attributed(
        """
        product_id | bought_on  | is_whole_month
        -----------+------------+---------------
        1          | 2021-04-30 | no
        1          | 2021-05-01 | no
        """,
        """
        product_id | batch_id | variety_id | status   | starts_on  | ends_on    | execution_date
        -----------+----------+------------+----------+------------+------------+---------------
        1          | 1        | 10         | selected | 2021-01-01 | 2021-12-31 | 2021-01-01
        1          | 2        | 20         | selected | 2021-05-01 | 2022-04-30 | 2021-05-01
        """,
    )
    assert_rows(
        result,
        """
        bought_on  | batch_id
        -----------+---------
        2021-04-30 | 1
        2021-05-01 | 2
        """,
    )


def test_standby_and_no_volume_awards_count_as_selected_and_cancelled_ones_do_not():
    result = attributed(
        """
        product_id | bought_on  | is_whole_month
        -----------+------------+---------------
        1          | 2021-06-01 | no
        2          | 2021-06-01 | no
        3          | 2021-06-01 | no
        4          | 2021-06-01 | no
        """,
        """
        product_id | batch_id | variety_id | status       | starts_on  | ends_on    | execution_date
        -----------+----------+------------+--------------+------------+------------+---------------
        1          | 1        | 10         | standby      | 2021-01-01 | 2021-12-31 | 2021-01-01
        2          | 1        | 10         | no_volume    | 2021-01-01 | 2021-12-31 | 2021-01-01
        3          | 1        | 10         | cancelled    | 2021-01-01 | 2021-12-31 | 2021-01-01
        4          | 1        | 10         | non_selected | 2021-01-01 | 2021-12-31 | 2021-01-01
        """,
    )
    assert_rows(
        result,
        """
        product_id | batch_id | is_selected
        -----------+----------+------------
        1          | 1        | yes
        2          | 1        | yes
        3          | 1        | no
        4          | 1        | no
        """,
    )
