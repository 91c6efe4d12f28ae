"""How far the agreed volumes are bought (DOMAIN §2)."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from procurement.measures.completion import CompletionPolicy, completion, met_share
from tests.drawn import UNITS, assert_rows, table

POLICY = CompletionPolicy(margin=Decimal("0.10"), trend_months=3)
EXECUTED = pd.Series({1: pd.Timestamp("2021-01-01")})  # year 1 has 365 days
AS_OF = date(2021, 7, 19)  # 200th day: time progress 200/365 = 0.547945
AGREED = """
    institution_id | batch_id | variety_id | agreement_year | agreed_equivalent
    ---------------+----------+------------+----------------+------------------
    1              | 1        | 10         | 1              | {agreed}
"""
HEADING = """
    institution_id | batch_id | variety_id | agreement_year | month      | equivalent_units
    ---------------+----------+------------+----------------+------------+-----------------
"""


def complete(agreed="36500", bought="", as_of=AS_OF, executed=EXECUTED):
    drawn = HEADING + (bought or "1 | 1 | 10 | 1 | 2021-01-01 | 0\n")
    agreed_rows = table(AGREED.format(agreed=agreed), scales={"agreed_equivalent": UNITS})
    if agreed == "":
        agreed_rows = agreed_rows.iloc[0:0]
    bought_rows = table(drawn, scales={"equivalent_units": UNITS})
    return completion(agreed_rows, bought_rows, bought_rows, executed, as_of, POLICY)


def in_one_month(units, month="2021-01-01"):
    return f"1 | 1 | 10 | 1 | {month} | {units}\n"


@pytest.mark.parametrize(
    ("units", "status"),
    [
        # agreed 36 500 = 100 a day; on day 200 the pace is 20 000, the margin 3 650
        (16_349, "behind"),  # < 20 000 − 3 650
        (16_350, "at_risk"),  # on the line: not behind; nothing bought lately, so not on track either
        (23_649, "at_risk"),
        (23_650, "ahead"),  # ≥ 20 000 + 3 650
        (36_500, "ahead"),  # 100 %
        (40_000, "ahead"),  # more than 100 % shows as it is
    ],
)
def test_status_around_the_margin_of_the_time_progress(units, status):
    row = complete(bought=in_one_month(units)).iloc[0]
    assert row["status"] == status
    assert row["rate"] == units / 36_500
    assert row["time_progress"] == 200 / 365


@pytest.mark.parametrize(
    ("lately", "status"),
    [
        # 165 of 365 days left = 5.42466 months; at 20 000 bought, 16 500 are wanting:
        # mean of three months needed 16 500 ÷ 5.42466 = 3 041.67, their sum 9 125
        (9_124, "at_risk"),
        (9_125, "on_track"),
        (9_126, "on_track"),
    ],
)
def test_status_around_the_trend_of_the_last_three_full_months(lately, status):
    bought = in_one_month(20_000 - lately) + in_one_month(lately, "2021-05-01")
    row = complete(bought=bought).iloc[0]
    assert row["trend_months"] == 3  # April, May, June
    assert row["status"] == status


def test_purchases_of_the_running_month_are_no_full_month():
    bought = in_one_month(10_000) + in_one_month(10_000, "2021-07-01")
    assert complete(bought=bought).iloc[0]["trend_sum"] == 0


def test_full_months_start_after_the_execution_date():
    executed = pd.Series({1: pd.Timestamp("2021-05-20")})
    row = complete(bought=in_one_month(100, "2021-05-01"), executed=executed).iloc[0]
    assert row["trend_months"] == 1  # June; May is not whole


def test_no_agreed_volume_is_not_set_and_never_zero():
    row = complete(agreed="", bought=in_one_month(100)).iloc[0]
    assert row["status"] == "not_set"
    assert pd.isna(row["rate"])


def test_an_agreed_volume_of_zero_is_not_set():
    assert complete(agreed="0", bought=in_one_month(100)).iloc[0]["status"] == "not_set"


def test_nothing_bought_is_zero_per_cent():
    row = complete().iloc[0]
    assert (row["rate"], row["status"]) == (0, "behind")


def test_an_agreement_year_that_has_not_begun_is_left_out():
    assert complete(as_of=date(2020, 12, 31)).empty
    assert complete(as_of=date(2021, 1, 1)).iloc[0]["days_elapsed"] == 1


@pytest.mark.parametrize(
    ("units", "status"),
    [(32_849, "behind"), (32_850, "at_risk"), (36_499, "at_risk"), (36_500, "ahead")],
)  # after the year time progress is 100 %: behind below 90 % of 36 500 = 32 850
def test_status_after_the_year_has_ended(units, status):
    row = complete(bought=in_one_month(units), as_of=date(2022, 3, 1)).iloc[0]
    assert row["status"] == status
    assert row["time_progress"] == 1


def test_needed_units_a_month_spread_what_is_left_over_the_months_left():
    # 16 500 left over 165/365 × 12 = 5.424658 months = 3 041.666… a month
    row = complete(bought=in_one_month(20_000)).iloc[0]
    assert row["needed_equivalent"] / UNITS == pytest.approx(3041.6667, abs=1e-3)


def test_met_share_counts_no_more_than_was_agreed():
    rows = table(
        """
        agreed_equivalent | bought_equivalent
        ------------------+------------------
        100               | 150
        100               | 50
        -                 | 70
        """
    )
    assert met_share(rows) == 0.75  # (100 + 50) ÷ 200


def test_a_rate_exactly_on_the_margin_is_ahead_despite_floating_point():
    # 0.2 + 0.1 is 0.30000000000000004 as a float; 73 of 365 days, 30 % bought
    result = complete(agreed="1000", bought=in_one_month(300), as_of=date(2021, 3, 14))
    assert_rows(
        result,
        """
        days_elapsed | status
        -------------+-------
        73           | ahead
        """,
    )
