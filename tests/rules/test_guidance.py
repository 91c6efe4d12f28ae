"""Volume guidance: what to report for the next agreement year, from months of use."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.measures.guidance import guidance, propose, working
from procurement.policies.guidance import GuidanceTerms
from tests.drawn import UNITS, table

TERMS = GuidanceTerms(
    history_months=24,
    least_months=12,
    growth_least=Decimal("-0.3"),
    growth_most=Decimal("0.3"),
    damping=Decimal("0.5"),
    confidence=Decimal("0.8"),
)
LAST = date(2022, 12, 1)
NEXT = date(2023, 1, 1)


def proposed(*use, first=NEXT, terms=TERMS):
    """A proposal from whole base units by month, the last one December 2022."""
    return propose([units * UNITS for units in use], LAST, first, terms)


def units(found):
    return [None if x is None else x // UNITS for x in (found.proposed, found.low, found.high)]


def test_steady_use_gives_exactly_itself():
    assert units(proposed(*[100] * 24)) == [1200, 1200, 1200]
    assert units(proposed(*[100] * 24, first=date(2023, 9, 1))) == [1200, 1200, 1200]


def test_the_same_season_twice_gives_exactly_itself():
    year = [2, 50, 10, 7, 7, 7, 3, 3, 3, 88, 11, 9]  # 200 in all
    found = proposed(*year, *year, first=date(2023, 7, 1))
    assert units(found) == [200, 200, 200]
    assert found.season.index(date(2023, 10, 1)) == Fraction(88 * 12, 200)
    assert [amount / UNITS for _month, amount in found.forecast] == [*year[6:], *year[:6]]


def test_growth_is_damped_and_grows_with_the_distance():
    # 1 200 → 1 440: growth 20 %, half of it counts: 10 % a year from the middle of 2022
    # January 2023 lies 6½ months from the middle of the year: 120 × (1 + 0.1 × 6.5 ÷ 12) = 126.5
    # the twelve months of 2023 lie 12 months on average: 1 440 × 1.1 = 1 584; a year later × 1.2 = 1 728
    found = proposed(*[100] * 12, *[120] * 12)
    assert (found.growth, found.held_growth) == (Fraction(1, 5), Fraction(1, 10))
    assert found.forecast[0] == (NEXT, Fraction(253, 2) * UNITS)
    assert found.proposed == 1584 * UNITS
    assert proposed(*[100] * 12, *[120] * 12, first=date(2024, 1, 1)).proposed == 1728 * UNITS


@pytest.mark.parametrize(
    ("last_year", "held", "total"),
    [  # the year before 100 a month; bounds −30 % and +30 %, damping ½
        (69, Fraction(-3, 20), Fraction(69 * 12 * 85, 100)),  # −31 % is held at −30 %
        (70, Fraction(-3, 20), Fraction(70 * 12 * 85, 100)),
        (71, Fraction(-29, 200), Fraction(71 * 12 * 855, 1000)),
        (100, Fraction(0), Fraction(1200)),
        (129, Fraction(29, 200), Fraction(129 * 12 * 1145, 1000)),
        (130, Fraction(3, 20), Fraction(130 * 12 * 115, 100)),
        (131, Fraction(3, 20), Fraction(131 * 12 * 115, 100)),  # +31 % is held at +30 %
    ],
)
def test_growth_is_held_within_its_bounds(last_year, held, total):
    found = proposed(*[100] * 12, *[last_year] * 12)
    assert found.held_growth == held
    assert found.total == total * UNITS


@pytest.mark.parametrize(
    ("months", "reason", "total"),
    [
        (11, "history_too_short", None),
        (12, "history_short", 1200),
        (23, "history_short", 1200),
        (24, "", 1200),
        (30, "", 1200),
    ],
)
def test_history_counts_from_the_first_month_of_use(months, reason, total):
    found = proposed(*[0] * (36 - months), *[100] * months)
    assert found.reason == reason
    assert units(found)[0] == total
    assert len(found.use) == min(months, 24)
    assert (found.season is None) == (months < 24)


def test_with_fewer_months_than_two_years_there_is_neither_season_nor_growth():
    # of 23 months the last 12 count: 11 × 10, then 12 × 30 = 360 although it trebled
    found = proposed(*[10] * 11, *[30] * 12)
    assert (units(found), found.growth, found.season) == ([360, 360, 360], None, None)


@pytest.mark.parametrize("use", [[0] * 24, [5] * 12 + [0] * 12, [5] * 12 + [1, -1] * 6, []])
def test_no_use_in_the_last_year_is_no_proposal(use):
    found = proposed(*use)
    assert found.reason == "no_recent_use"
    assert units(found) == [None, None, None]


def test_the_range_comes_from_the_residuals():
    # 12 months of 100 ± 10 by turns, no season: mean 100, squares 12 × 100 = 1 200, 11 degrees: 109.0909
    # × 24 = 2 618.1818; √ = 51.168; × 1.2816 = 65.577: 1 134.42 … 1 265.58, outward
    found = proposed(*[90, 110] * 6)
    assert units(found) == [1200, 1134, 1266]


@pytest.mark.parametrize(
    ("confidence", "z"), [("0.8", "1.2816"), ("0.95", "1.96"), ("0.999", "3.2905"), ("1", "3.2905")]
)
def test_the_confidence_decides_how_wide_it_is(confidence, z):
    terms = GuidanceTerms(24, 12, Decimal(0), Decimal(0), Decimal(0), Decimal(confidence))
    assert terms.z == Fraction(z)


def test_returns_are_netted_and_are_no_season_of_their_own():
    # December 2021 −10: the year is 110 × 10 + 110 − 10 = 1 200 net; its month counts as none in the season
    year = [110] * 11
    found = proposed(*year, -10, *[100] * 12)
    assert found.growth == 0
    assert found.season.index(date(2023, 12, 1)) == Fraction(1, 2)  # (0 + 1) ÷ 2
    assert found.total == 1200 * UNITS


def test_a_proposal_is_rounded_once_half_away_from_zero():
    # 12 months of ⅛ are 1.5 units: proposed 2, range 1 … 2
    found = propose([UNITS // 8] * 24, LAST, NEXT, TERMS)
    assert (found.proposed, found.low, found.high) == (2 * UNITS, 1 * UNITS, 2 * UNITS)


def test_the_working_shows_use_season_and_forecast():
    rows = working(proposed(*[100] * 12, *[120] * 12))
    assert len(rows) == 36
    assert rows["season_index"].tolist() == [1.0] * 36
    assert rows["forecast_equivalent"].iloc[:24].isna().all()
    assert rows["forecast_equivalent"].iloc[24] == 126_500_000
    assert rows["month"].iloc[[0, 23, 24]].dt.strftime("%Y-%m").tolist() == ["2021-01", "2022-12", "2023-01"]


PAIRS = """
    institution_id | variety_id | next_start | last_reported_equivalent
    ---------------+------------+------------+-------------------------
    1              | 10         | 2023-01-15 | {reported}
"""


def rows_of(use, reported="-", pairs=PAIRS):
    drawn = "institution_id | variety_id | month | equivalent_units\n" + "\n".join(
        f"1 | 10 | {date(2020 + (at + 12) // 12, at % 12 + 1, 1)} | {amount}" for at, amount in enumerate(use)
    )
    scales = {"equivalent_units": UNITS, "last_reported_equivalent": UNITS}
    return guidance(
        table(pairs.format(reported=reported), scales).astype({"last_reported_equivalent": "Int64"}),
        table(drawn, scales), LAST, TERMS,
    )  # fmt: skip


def test_a_row_tells_both_years_growth_and_range():
    row = rows_of([100] * 12 + [120] * 12, "1500").iloc[0]
    assert row[["history_months", "use_growth", "held_growth"]].tolist() == [24, 0.2, 0.1]
    assert row["last_year_equivalent"] == 1440 * UNITS
    assert row["previous_year_equivalent"] == 1200 * UNITS
    assert row["proposed_equivalent"] == 1584 * UNITS
    assert (row["reported_fit"], row["guidance_reason"]) == ("below", "")


@pytest.mark.parametrize(
    ("reported", "fit"),
    [("1133", "below"), ("1134", "within"), ("1266", "within"), ("1267", "above"), ("-", "not_reported")],
)
def test_what_was_reported_is_told_beside_the_range(reported, fit):
    # 12 months of 90 and 110: 1 134 … 1 266
    assert rows_of([0] * 12 + [90, 110] * 6, reported)["reported_fit"].tolist() == [fit]


def test_unknown_units_in_the_months_looked_at_are_no_proposal():
    row = rows_of(["-"] + [100] * 23, "1200").iloc[0]
    assert row["guidance_reason"] == "units_unknown"
    assert pd.isna(row["proposed_equivalent"]) and row["reported_fit"] == ""


def test_an_institution_without_purchases_has_no_recent_use():
    found = rows_of([100] * 24, pairs=PAIRS.replace("1              | 10 ", "2              | 10 "))
    assert found["guidance_reason"].tolist() == ["no_recent_use"]


def test_every_code_has_a_reading():
    from procurement.columns import WORDS, reading
    from procurement.measures.guidance import FITS, NO_USE, SHORT, TOO_SHORT
    from procurement.measures.reporting import REPORTED
    from procurement.measures.switches import SWITCHES

    assert {*FITS, *REPORTED, NO_USE, SHORT, TOO_SHORT, "units_unknown", "no_net_use"} <= set(WORDS)
    assert all(reading(code, "switch") != code for code in SWITCHES)


# --- Properties ------------------------------------------------------------------------------------

MONTHS = st.lists(st.integers(-(10**9), 10**12), min_size=1, max_size=30)
FIRSTS = st.integers(1, 24).map(lambda ahead: date(2023 + (ahead - 1) // 12, (ahead - 1) % 12 + 1, 1))


@given(use=MONTHS, first=FIRSTS, times=st.integers(2, 9))
def test_doubled_use_gives_exactly_double(use, first, times):
    once, more = (propose([x * by for x in use], LAST, first, TERMS) for by in (1, times))
    assert more.reason == once.reason
    assert more.total == times * once.total


@given(monthly=st.integers(1, 10**9), months=st.integers(12, 30), first=FIRSTS)
def test_any_steady_use_gives_itself_without_a_range(monthly, months, first):
    found = propose([monthly * UNITS] * months, LAST, first, TERMS)
    assert found.proposed == found.low == found.high == 12 * monthly * UNITS


@settings(max_examples=100)
@given(use=MONTHS, first=FIRSTS)
def test_a_proposal_lies_within_its_range_and_is_never_negative(use, first):
    found = propose(use, LAST, first, TERMS)
    if found.proposed is not None:
        assert 0 <= found.low <= found.proposed <= found.high
        assert found.proposed % UNITS == 0
        assert not found.season or sum(found.season.parts.values()) == 12 * found.season.whole
