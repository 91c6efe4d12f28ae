"""Awards of other supply areas: selected here or not, as the policy reads; figures follow."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from sqlalchemy import Engine

from procurement import figures
from procurement.database import reading
from procurement.measures.attribution import attribute
from procurement.measures.prices import resolve_listings
from procurement.policies import PolicyBook, Value, published_policies
from procurement.policies.awards import elsewhere_counts
from procurement.tables import Listing, PolicyEntry, Product
from tests.drawn import PRICE, UNITS, assert_rows, table
from tests.small_ledger import YUAN, fill, purchase

LISTINGS = """
    product_id | batch_id | variety_id | status    | category | starts_on  | ends_on    | execution_date | strength_factor | baseline_unit_price | baseline_basis | awarded_unit_price
    -----------+----------+------------+-----------+----------+------------+------------+----------------+-----------------+---------------------+----------------+-------------------
    1          | 1        | 10         | selected  | drug     | 2021-01-01 | 2021-12-31 | 2021-01-01     | 1               | 2.00                | listed         | 0.40
    2          | 1        | 10         | elsewhere | drug     | 2021-01-01 | 2021-12-31 | 2021-01-01     | 1               | 2.00                | listed         | 0.20
"""
LINES = """
    product_id | bought_on  | is_whole_month
    -----------+------------+---------------
    1          | 2021-03-01 | no
    2          | 2021-03-01 | no
    2          | 2022-03-01 | no
"""


def listings(counts: bool) -> pd.DataFrame:
    scales = {"strength_factor": UNITS, "baseline_unit_price": PRICE, "awarded_unit_price": PRICE}
    rows = table(LISTINGS, scales=scales)
    return rows.assign(elsewhere_counts=(rows["status"] == "elsewhere") & counts)


def varieties() -> pd.DataFrame:
    return table("variety_id | variety_baseline_unit_price | variety_baseline_basis\n---+---+---\n10 | - | -")


@pytest.mark.parametrize(("counts", "word"), [(False, "no"), (True, "yes")])
def test_what_is_bought_of_it_is_selected_as_the_policy_reads(counts, word):
    assert_rows(
        attribute(table(LINES), listings(counts)),
        f"""
        product_id | batch_id | is_selected
        -----------+----------+------------
        1          | 1        | yes
        2          | 1        | {word}
        2          | -        | no
        """,
    )


@pytest.mark.parametrize("counts", [False, True])
def test_the_price_of_a_variety_is_that_of_this_supply_area(counts):
    result = resolve_listings(listings(counts), varieties())
    assert set(result["variety_awarded"]) == {400_000}  # and not the mean with 0.20
    assert list(result["is_selected"]) == [True, counts]


def test_an_award_here_wins_over_one_elsewhere():
    here = (
        listings(False)
        .iloc[[1]]
        .assign(batch_id=2, status="selected", execution_date=pd.Timestamp("2020-01-01"))
    )
    both = pd.concat([listings(False), here], ignore_index=True)
    assert_rows(
        attribute(table(LINES).iloc[[1]].reset_index(drop=True), both),
        """
        product_id | batch_id | is_selected
        -----------+----------+------------
        2          | 2        | yes
        """,
    )


def reading_of(value: str, first: date) -> PolicyBook:
    """The published policies with one entry of a city, from `first`."""
    entry = Value(from_date=first, value=value, source="本市文件", level="city")
    return published_policies().with_entries([("awards_elsewhere", entry)])


def test_the_policy_in_force_when_the_award_begins_decides():
    assert not elsewhere_counts(listings(False), published_policies()).any()
    assert not elsewhere_counts(listings(False), reading_of("selected", date(2021, 1, 2))).any()
    book = reading_of("selected", date(2021, 1, 1))
    assert list(elsewhere_counts(listings(False), book)) == [False, True]


def test_a_period_before_the_first_entry_is_read_by_it():
    early = listings(False).assign(starts_on=pd.Timestamp("2018-12-01"))
    assert list(elsewhere_counts(early, published_policies())) == [False, False]


@pytest.mark.parametrize(
    ("value", "missed", "bought"),
    [
        # H1 buys 1 000 selected at 0.40 and 500 won elsewhere at 0.60; awarded here: 0.40
        ("non_selected", 100 * YUAN, 1_000),  # missed: 300 − 500 × 0.40
        ("selected", None, 1_500),
    ],
)
def test_missed_saving_and_completion_follow_the_policy(ledger: Engine, value, missed, bought):
    dates = {"starts_on": date(2021, 1, 1), "ends_on": date(2022, 12, 31), "import_id": 1, "row_number": 9}
    fill(
        ledger,
        PolicyEntry(
            parameter="awards_elsewhere",
            level="city",
            from_date=date(2019, 1, 1),
            value=f'"{value}"',
            source="本市文件",
            decided_at=datetime(2022, 1, 1, tzinfo=UTC),
            decided_by="test",
        ),
        Product(code="P3", name="丙", spec="10片/盒", units_per_pack=10, base_unit="片", import_id=1),
        Listing(
            batch_id=1, variety_id=1, product_id=3, status="elsewhere", awarded_unit_price=300_000, **dates
        ),
        purchase(1, date(2021, 3, 1), 1_000, 400),
        purchase(3, date(2021, 3, 1), 500, 300, row=4),
    )
    with reading(ledger) as connection:
        savings = figures.savings(connection)
        completion = figures.completion(connection)
        resolved = figures.resolved_listings(connection)
    assert completion["bought_equivalent"].sum() == bought * UNITS
    found = savings["missed_amount"].dropna()
    assert (int(found.sum()) if len(found) else None) == missed
    assert set(resolved["variety_awarded"].dropna()) == {400_000}
    # the saving is against its baseline in either reading: (1 500 × 2.00) − 700
    assert savings["saving_amount"].sum() == 2_300 * YUAN
