"""What an assessment score is computed from: each indicator at its thresholds, with its evidence."""

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from procurement.measures import indicators
from tests.drawn import AMOUNT, UNITS, assert_rows, table

AS_OF = date(2021, 6, 30)
IN_USE = date(2021, 1, 1)
"""The ledger's first import."""

ONE = """
    institution_id | batch_id | agreement_year | year_start | year_end   | category | payment_days | reporting_days
    ---------------+----------+----------------+------------+------------+----------+--------------+---------------
    1              | 1        | 1              | 2021-01-01 | 2021-12-31 | drug     | 30           | 10
"""
SETTLEMENT = table(ONE)

BOUGHT = """
    institution_id | batch_id | variety_id | agreement_year | is_selected | lines | unmeasured_lines | equivalent_units
    ---------------+----------+------------+----------------+-------------+-------+------------------+-----------------
"""
AGREED = """
    institution_id | batch_id | variety_id | agreement_year | agreed_equivalent
    ---------------+----------+------------+----------------+------------------
"""


def bought(rows=""):
    return table(BOUGHT + rows, scales={"equivalent_units": UNITS})


def agreed(rows=""):
    return table(AGREED + rows, scales={"agreed_equivalent": UNITS})


def rate(found):
    row = found.iloc[0]
    return None if pd.isna(row["denominator"]) else Fraction(row["numerator"], row["denominator"])


# Completion


@pytest.mark.parametrize(
    ("units", "expected", "met"),
    [
        ("99.999999", Fraction(99_999_999, 100_000_000), 0),
        ("100", 1, 1),
        ("100.000001", 1, 1),
        ("250", 1, 1),  # more than agreed makes up for nothing else
        ("0", 0, 0),
        ("-5", 0, 0),  # more returned than bought
    ],
)
def test_completion_of_one_variety_is_at_most_one(units, expected, met):
    found = indicators.completion(
        SETTLEMENT, agreed("1 | 1 | 10 | 1 | 100"), bought(f"1 | 1 | 10 | 1 | yes | 1 | 0 | {units}")
    )
    assert rate(found) == expected
    assert found["varieties_met"].tolist() == [met]


def test_completion_is_the_exact_mean_over_varieties():
    found = indicators.completion(
        SETTLEMENT,
        agreed("""
            1 | 1 | 10 | 1 | 3
            1 | 1 | 11 | 1 | 7
            1 | 1 | 12 | 1 | 5
            1 | 1 | 13 | 1 | 0
            1 | 1 | 10 | 2 | 9
        """),
        bought("""
            1 | 1 | 10 | 1 | yes | 1 | 0 | 1
            1 | 1 | 11 | 1 | yes | 2 | 1 | 9
            1 | 1 | 11 | 1 | no  | 1 | 0 | 9
            1 | 1 | 12 | 1 | no  | 1 | 0 | 5
            1 | 1 | 14 | 1 | yes | 1 | 0 | 5
        """),
    )
    # (1/3 + 1 + 0) ÷ 3 = 4/9: variety 13 has no volume, 14 none agreed, year 2 is another settlement
    assert rate(found) == Fraction(4, 9)
    assert_rows(found, "varieties | varieties_met | unmeasured_lines\n3 | 1 | 1")


def test_two_agreements_of_a_variety_are_one_volume():
    found = indicators.completion(
        SETTLEMENT,
        agreed("1 | 1 | 10 | 1 | 60\n1 | 1 | 10 | 1 | 40"),
        bought("1 | 1 | 10 | 1 | yes | 1 | 0 | 80"),
    )
    assert rate(found) == Fraction(8, 10)


def test_no_agreed_volume_leaves_completion_empty():
    found = indicators.completion(SETTLEMENT, agreed("1 | 1 | 10 | 1 | 0"), bought())
    assert rate(found) is None
    assert found["reason"].tolist() == ["no_agreed_volume"]


# Selected share


@pytest.mark.parametrize(
    ("selected", "non_selected", "expected", "left_out"),
    [
        ("90", "10", Fraction(9, 10), 0),
        ("90", "0", Fraction(1), 0),
        ("0", "10", Fraction(0), 0),
        ("10", "-10", None, 1),  # nothing is left
        ("10", "-9.999999", Fraction(1), 0),  # held at 1
        ("-5", "10", Fraction(0), 0),  # held at 0
        ("-5", "2", None, 1),
    ],
)
def test_the_share_is_net_of_returns(selected, non_selected, expected, left_out):
    found = indicators.selected_share(
        SETTLEMENT,
        bought(f"1 | 1 | 10 | 1 | yes | 1 | 0 | {selected}\n1 | 1 | 10 | 1 | no | 1 | 0 | {non_selected}"),
    )
    assert rate(found) == expected
    assert found["varieties_left_out"].tolist() == [left_out]
    assert found["reason"].tolist() == ["" if expected is not None else "no_purchases"]


def test_the_share_is_the_mean_over_varieties_not_over_units():
    found = indicators.selected_share(
        SETTLEMENT,
        bought("""
            1 | 1 | 10 | 1 | yes | 1 | 0 | 1000000
            1 | 1 | 11 | 1 | yes | 1 | 0 | 1
            1 | 1 | 11 | 1 | no  | 1 | 0 | 3
            1 | 1 | 12 | 1 | yes | 2 | 2 | -
        """),
    )
    # (1 + 1/4) ÷ 2 = 5/8; of variety 12 no quantity is known
    assert rate(found) == Fraction(5, 8)
    assert_rows(found, "varieties | varieties_left_out | unmeasured_lines\n2 | 1 | 2")


# Payment

ACCEPTED = """
    institution_id | batch_id | agreement_year | paid_amount | accepted_on | paid_on
    ---------------+----------+----------------+-------------+-------------+--------
"""
PAID = bought("1 | 1 | 10 | 1 | yes | 10 | 0 | 1\n1 | 1 | 10 | 1 | no | 99 | 0 | 1")


def paid(rows, selected=PAID, as_of=AS_OF):
    accepted = table(
        ACCEPTED + "\n".join(f"1 | 1 | 1 | {row}" for row in rows), scales={"paid_amount": AMOUNT}
    )
    days = dict.fromkeys(("accepted_on", "paid_on"), "datetime64[s]")
    return indicators.payment(SETTLEMENT, selected, accepted.astype(days), as_of)


@pytest.mark.parametrize(
    ("accepted", "paid_on", "due", "late"),
    [  # measuring day 2021-06-30, 30 days
        ("2021-03-01", "2021-03-31", 100, 0),  # day 30
        ("2021-03-01", "2021-04-01", 100, 100),  # day 31
        ("2021-03-01", "2021-02-20", 100, 0),  # before it came
        ("2021-05-30", "-", 100, 100),  # last day was yesterday
        ("2021-05-31", "-", 100, 100),  # last day is today, and it is over
        ("2021-06-01", "-", 0, 0),  # last day is tomorrow
        ("2021-06-20", "2021-06-30", 100, 0),  # paid today, long before it is due
        ("2021-06-20", "2021-07-01", 0, 0),  # paid tomorrow: not known yet
        ("2021-03-01", "2021-07-01", 100, 100),
    ],
)
def test_a_line_is_due_when_paid_or_when_its_last_day_has_come(accepted, paid_on, due, late):
    found = paid([f"100 | {accepted} | {paid_on}"])
    assert found["due_amount"].tolist() == [due * AMOUNT]
    assert found["late_amount"].tolist() == [late * AMOUNT]
    assert rate(found) == (Fraction(due - late, due) if due else None)
    assert found["reason"].tolist() == ["" if due else "nothing_due"]


def test_payment_is_weighed_by_amount_and_tells_the_lines_without_a_date():
    found = paid(
        [
            "70.0001 | 2021-03-01 | 2021-03-02",
            "30      | 2021-03-01 | -",
            "900     | 2021-06-29 | -",
            "-50     | 2021-03-01 | -",  # a return owes the supplier nothing
            "0       | 2021-03-01 | -",
        ]
    )
    assert rate(found) == Fraction(700_001, 1_000_001)
    assert_rows(
        found,
        """
        lines | lines_without_date | return_lines | open_lines
        10    | 5                  | 2            | 1
        """,
    )


@pytest.mark.parametrize(
    ("rows", "selected", "reason"),
    [
        ([], PAID, "no_acceptance_dates"),
        ([], bought("1 | 1 | 10 | 1 | no | 3 | 0 | 1"), "no_purchases"),
        (["-50 | 2021-03-01 | 2021-03-02"], PAID, "nothing_due"),
    ],
)
def test_payment_without_data_says_what_is_missing(rows, selected, reason):
    found = paid(rows, selected)
    assert rate(found) is None
    assert found["reason"].tolist() == [reason]


# Reporting

LOADED = """
    institution_id | month      | loaded_on
    ---------------+------------+----------
"""


def reported(rows, settlement=SETTLEMENT, first_import=IN_USE, as_of=AS_OF):
    drawn = table(LOADED + "\n".join(f"1 | {row}" for row in rows))
    days = dict.fromkeys(("month", "loaded_on"), "datetime64[s]")
    drawn = drawn.astype({"institution_id": "Int64", **days})
    return indicators.reporting(settlement, drawn, first_import, as_of)


@pytest.mark.parametrize(
    ("loaded_on", "on_time"),
    [("2021-03-10", 1), ("2021-03-11", 0), ("2021-02-28", 1)],  # month's end + 10 days, + 11
)
def test_a_month_is_reported_in_time_up_to_its_last_day(loaded_on, on_time):
    found = reported([f"2021-02-01 | {loaded_on}"], as_of=date(2021, 2, 28))
    # January was never loaded: late
    assert_rows(found, f"months_on_time | months_judged\n{on_time} | 2")


@pytest.mark.parametrize(
    ("as_of", "judged"),
    [
        (date(2021, 1, 30), 0),  # not ended
        (date(2021, 1, 31), 0),  # may still come
        (date(2021, 2, 9), 0),
        (date(2021, 2, 10), 1),  # its last day has come
    ],
)
def test_a_month_never_loaded_is_late_once_its_last_day_has_come(as_of, judged):
    found = reported([], as_of=as_of)
    assert found["months_judged"].tolist() == [judged]
    assert found["reason"].tolist() == ["" if judged else "no_month_due"]


@pytest.mark.parametrize(
    ("first_import", "judged", "before", "reason"),
    [  # the last days of January and February are 02-10 and 03-10
        (date(2021, 2, 10), 2, 0, ""),
        (date(2021, 2, 11), 1, 1, ""),
        (date(2021, 3, 11), 0, 2, "before_ledger"),
        (None, 0, 2, "before_ledger"),
    ],
)
def test_what_was_due_before_the_first_import_cannot_be_judged(first_import, judged, before, reason):
    found = reported(
        ["2021-01-01 | 2021-02-10", "2021-02-01 | 2021-03-09"],
        first_import=first_import,
        as_of=date(2021, 2, 28),
    )
    assert_rows(
        found, f"months_judged | months_before_ledger | months_on_time\n{judged} | {before} | {judged}"
    )
    assert found["reason"].tolist() == [reason]


def test_a_month_belongs_to_the_year_in_which_it_ends():
    years = table("""
        institution_id | batch_id | agreement_year | year_start | year_end   | category | payment_days | reporting_days
        ---------------+----------+----------------+------------+------------+----------+--------------+---------------
        1              | 1        | 1              | 2021-01-20 | 2022-01-19 | drug     | 30           | 10
        1              | 1        | 2              | 2022-01-20 | 2023-01-19 | drug     | 30           | 10
    """)
    found = reported(["2022-01-01 | 2022-02-01"], settlement=years, as_of=date(2023, 3, 31))
    # twelve each: January 2022 is of the second year
    assert_rows(found, "months_on_time | months_judged\n0 | 12\n1 | 12")
