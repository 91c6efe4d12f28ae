"""Days, months and agreement years.

A month is its first day everywhere. An agreement year is twelve months from the batch's execution
date, numbered 1, 2, 3; it never follows the calendar.
"""

import calendar
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import pandas as pd

LOCAL_TIME = ZoneInfo("Asia/Shanghai")
"""The clock that days are told by; times are kept in UTC."""


def local_text(moment: datetime) -> str:
    """2022-03-15 09:30:00 on the clocks of here."""
    return moment.astimezone(LOCAL_TIME).strftime("%Y-%m-%d %H:%M:%S")


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day `months` later; a day that the month lacks becomes its last one."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def agreement_year_start(execution_date: date, number: int) -> date:
    """First day of agreement year `number` (1, 2, …)."""
    return add_months(execution_date, 12 * (number - 1))


def agreement_year_end(execution_date: date, number: int) -> date:
    """Last day of agreement year `number`."""
    return agreement_year_start(execution_date, number + 1) - timedelta(days=1)


def agreement_year_on(execution_date: date, day: date) -> int:
    """Number of the agreement year that holds `day`; below 1 before the execution date."""
    years = day.year - execution_date.year + 1
    return years if day >= agreement_year_start(execution_date, years) else years - 1


def agreement_years(days: "pd.Series", execution_dates: "pd.Series") -> "pd.Series":
    """`agreement_year_on` for whole columns of datetimes."""
    import pandas as pd  # here alone: who only reads dates need not load the frames

    pairs = pd.MultiIndex.from_arrays([execution_dates, days])
    known = {pair: agreement_year_on(pair[0].date(), pair[1].date()) for pair in pairs.drop_duplicates()}
    return pd.Series([known[pair] for pair in pairs], index=days.index, dtype="int64")


def full_months(first: date, last: date) -> list[date]:
    """Months that lie wholly within `first` … `last`, oldest first."""
    month = first if first.day == 1 else add_months(first_of_month(first), 1)
    months = []
    while last_of_month(month) <= last:
        months.append(month)
        month = add_months(month, 1)
    return months


def last_full_months(as_of: date, count: int) -> list[date]:
    """The `count` months that ended on or before `as_of`, oldest first."""
    latest = first_of_month(as_of) if as_of == last_of_month(as_of) else add_months(first_of_month(as_of), -1)
    return [add_months(latest, -back) for back in reversed(range(count))]
