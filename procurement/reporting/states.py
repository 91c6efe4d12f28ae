"""How every institution stands in every month: loaded or not, asked for or not, until when."""

from contextlib import suppress
from datetime import date, datetime

import pandas as pd
from sqlalchemy import Connection

from procurement.filters import Filters
from procurement.measures import months as measure
from procurement.measures.months import KEY, MONTHS_LOOKED_BACK, OPEN, SUBMITTED
from procurement.periods import LOCAL_TIME, add_months, first_of_month
from procurement.policies import EARLIEST, PolicyBook, PolicyError
from procurement.queries import months as queries
from procurement.queries import register
from procurement.queries.assessment import first_import_day, local_days
from procurement.queries.policies import policy_book
from procurement.queries.purchases import covered_days
from procurement.tables.register import CATEGORIES

OVERDUE, NOT_ASKED = "overdue", "not_asked"


def reporting_day(filters: Filters = Filters()) -> date:
    """The day on which it is told who is late: the measuring day asked for, else today."""
    return filters.as_of or datetime.now(LOCAL_TIME).date()


def last_ended_month(day: date) -> date:
    return add_months(first_of_month(day), -1)


def month_states(connection: Connection, filters: Filters, first: date, last: date) -> pd.DataFrame:
    """One row per institution (of the filters) × month from `first` to `last`.

    KEY, names; month_state (open, submitted, closed) and, as people are told it, report_state (also overdue,
    not_asked); is_asked, due_on (empty: no policy), days_overdue (0: in time); lines, paid_amount (0: none);
    import_id, imported_at, imported_by of the last import in force; step_state, step_at, step_by, step_reason
    of the last step.
    """
    first, last = first_of_month(first), first_of_month(last)
    names = register.institutions(connection, filters)
    loads, steps = queries.loads(connection, filters, first, last), _last_steps(connection, filters)
    rows = measure.add_states(_cells(names, first, last), steps, loads)
    bought = queries.bought(connection, filters, add_months(first, -MONTHS_LOOKED_BACK), last)
    rows = rows.merge(bought, on=KEY, how="left")
    rows[["lines", "paid_amount"]] = rows[["lines", "paid_amount"]].fillna(0).astype("Int64")
    rows["is_asked"] = measure.are_asked(rows, queries.agreed_periods(connection, filters), bought)
    rows["reopened_on"] = local_days(rows["step_at"]).where(rows["step_state"] == "reopened")
    rows["due_on"] = measure.due_days(rows, _days(policy_book(connection), rows["month"]))
    rows = _asked_and_late(rows, first_import_day(connection), reporting_day(filters))
    rows = rows.merge(names, on="institution_id").drop(columns="reopened_on")
    return rows.sort_values(["month", "institution_code"], ignore_index=True)


def told_months(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """month_states of the days that the filters name, else of all that purchases cover, without those that
    nobody is asked for and that have nothing."""
    covered = covered_days(connection)
    if covered is None:
        covered = (reporting_day(filters), reporting_day(filters))
    rows = month_states(connection, filters, filters.first_day or covered[0], filters.last_day or covered[1])
    return rows[rows["report_state"] != NOT_ASKED].reset_index(drop=True)


def default_month(connection: Connection, filters: Filters = Filters()) -> date:
    """The month that an official looks at first: the last one that ended, if it is asked of anybody; else
    the last one with purchases."""
    ended = last_ended_month(reporting_day(filters))
    rows = month_states(connection, filters, ended, ended)
    covered = covered_days(connection, filters)
    if covered is None or (rows["report_state"] != NOT_ASKED).any():
        return ended
    return min(ended, first_of_month(covered[1]))


def _cells(names: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    months = pd.Series(pd.date_range(first, last, freq="MS"), name="month").astype("datetime64[s]")
    return names[["institution_id"]].merge(months.to_frame(), how="cross")


def _last_steps(connection: Connection, filters: Filters) -> pd.DataFrame:
    steps = queries.steps(connection, filters).drop_duplicates(KEY)  # newest first
    return steps[[*KEY, *queries.STEP, "imports_until"]]


def _days(book: PolicyBook, months: pd.Series) -> dict[date, int | None]:
    """Month → days after its end within which it is to be loaded: the later of the categories' limits."""
    return {month.date(): _days_of(book, month.date()) for month in months.drop_duplicates()}


def _days_of(book: PolicyBook, month: date) -> int | None:
    found = []
    for category in CATEGORIES:
        with suppress(PolicyError):
            found.append(int(book.value("assessment_reporting_days", max(month, EARLIEST), category)))
    return max(found, default=None)


def _asked_and_late(rows: pd.DataFrame, first_import: date | None, day: date) -> pd.DataFrame:
    """What was due before the ledger's first import could not be loaded in time; a reopened month is asked
    for by its reopening."""
    in_use = rows["due_on"] >= pd.Timestamp(first_import or date.max).as_unit("s")
    has_ended = rows["month"] + pd.offsets.MonthEnd(0) < pd.Timestamp(day)
    rows["is_asked"] = (rows["is_asked"] & in_use & has_ended) | (rows["step_state"] == "reopened").fillna(
        False
    )
    is_open = rows["month_state"] == OPEN
    late = (pd.Timestamp(day) - rows["due_on"]).dt.days.clip(lower=0).fillna(0).astype("Int64")
    rows["days_overdue"] = late.where(is_open & rows["is_asked"], 0)
    state = rows["month_state"].mask(is_open & (rows["days_overdue"] > 0), OVERDUE)
    rows["report_state"] = state.mask(is_open & ~rows["is_asked"], NOT_ASKED).astype(object)
    return rows


__all__ = ["NOT_ASKED", "OVERDUE", "SUBMITTED", "default_month", "last_ended_month", "month_states"]
