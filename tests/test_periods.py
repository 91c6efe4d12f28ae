"""Months and agreement years (procurement.periods)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.periods import (
    agreement_year_end,
    agreement_year_on,
    agreement_year_start,
    full_months,
    last_full_months,
)

DAYS = st.dates(date(2018, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("executed", "number", "start", "end"),
    [
        (date(2021, 3, 15), 1, date(2021, 3, 15), date(2022, 3, 14)),
        (date(2021, 3, 15), 3, date(2023, 3, 15), date(2024, 3, 14)),
        (date(2020, 2, 29), 2, date(2021, 2, 28), date(2022, 2, 27)),
        (date(2022, 1, 1), 1, date(2022, 1, 1), date(2022, 12, 31)),
    ],
)
def test_an_agreement_year_is_twelve_months_from_execution(executed, number, start, end):
    assert agreement_year_start(executed, number) == start
    assert agreement_year_end(executed, number) == end


@given(DAYS, st.integers(0, 4000))
def test_every_day_lies_in_the_agreement_year_it_is_told_to(executed, later):
    day = executed + timedelta(days=later)
    number = agreement_year_on(executed, day)
    assert agreement_year_start(executed, number) <= day <= agreement_year_end(executed, number)


@given(DAYS, st.integers(1, 5))
def test_agreement_years_leave_no_gap(executed, number):
    assert agreement_year_end(executed, number) + timedelta(days=1) == agreement_year_start(
        executed, number + 1
    )


@pytest.mark.parametrize(
    ("as_of", "months"),
    [
        (date(2022, 12, 31), [date(2022, 11, 1), date(2022, 12, 1)]),
        (date(2022, 12, 30), [date(2022, 10, 1), date(2022, 11, 1)]),
        (date(2022, 1, 1), [date(2021, 11, 1), date(2021, 12, 1)]),
    ],
)
def test_the_last_full_months_end_on_or_before_the_day(as_of, months):
    assert last_full_months(as_of, 2) == months


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2021, 1, 1), date(2021, 1, 31), [date(2021, 1, 1)]),
        (date(2021, 1, 2), date(2021, 2, 27), []),
        (date(2021, 1, 2), date(2021, 2, 28), [date(2021, 2, 1)]),
        (date(2021, 3, 1), date(2021, 1, 31), []),
    ],
)
def test_full_months_lie_wholly_inside(first, last, months):
    assert full_months(first, last) == months
