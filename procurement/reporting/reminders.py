"""Who has not reported which months that are due (催报名单)."""

from datetime import date

import pandas as pd
from sqlalchemy import Connection

from procurement.filters import Filters
from procurement.periods import add_months, first_of_month
from procurement.queries import months as queries
from procurement.queries.assessment import first_import_day
from procurement.reporting.states import OVERDUE, last_ended_month, month_states, reporting_day

MONTHS_BEFORE_FIRST_IMPORT = 3
"""How far before the ledger's first import a month can have ended that is still due after it."""


def reminders(connection: Connection, filters: Filters = Filters(), day: date | None = None) -> pd.DataFrame:
    """One row per institution × ended month that is asked for and open on `day` (today), the latest first
    by days overdue: rows of month_states, with `months_open`, how many of the institution's there are."""
    filters = filters.on(day) if day else filters
    last = last_ended_month(reporting_day(filters))
    first = _first_month(connection, filters, last)
    rows = month_states(connection, filters, first, max(first, last))
    rows = rows[rows["report_state"].isin(["open", OVERDUE])]
    rows = rows.assign(months_open=rows.groupby("institution_id")["month"].transform("size"))
    return rows.sort_values(
        ["days_overdue", "institution_code", "month"], ascending=[False, True, True], ignore_index=True
    )


def _first_month(connection: Connection, filters: Filters, last: date) -> date:
    """The first month that can be due: shortly before the first import, or one that was reopened."""
    first_import = first_import_day(connection)
    known = [first_of_month(first_import), last] if first_import else [last]
    first = add_months(min(known), -MONTHS_BEFORE_FIRST_IMPORT)
    reopened = queries.steps(connection, filters)
    reopened = reopened[reopened["step_state"] == "reopened"]
    return first if reopened.empty else min(first, reopened["month"].min().date())
