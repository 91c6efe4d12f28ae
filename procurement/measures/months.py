"""How far an institution's report of a month is: its state, whether it is asked for, until when.

    state     = by the last step: closed → closed; submitted (nothing was bought) → submitted; reopened →
                open, until an import in force that came after the reopening covers the month; without a step
                submitted where an import in force covers the month, else open
    asked for = the institution has an agreed volume in an agreement year that touches the month, or bought
                anything in the month or in the twelve months before it
    due on    = the month's last day + days, after a reopening that day + days (assessment_reporting_days)

What was due before the ledger came into use is not asked for: nobody could load it in time.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

OPEN, SUBMITTED, CLOSED = STATES = ("open", "submitted", "closed")

KEY = ["institution_id", "month"]

MONTHS_LOOKED_BACK = 12
"""Who bought anything within these many months before a month is asked for it."""


def add_states(cells: pd.DataFrame, last_steps: pd.DataFrame, loads: pd.DataFrame) -> pd.DataFrame:
    """`cells` (one row per KEY) with what is known of each, and its `month_state`.

    `last_steps`: one row per KEY with step_state and imports_until; `loads`: one row per KEY with import_id,
    the last import in force that covers it.
    """
    rows = cells.merge(loads, on=KEY, how="left").merge(last_steps, on=KEY, how="left")
    until = rows["imports_until"].where(rows["step_state"] == "reopened", -1).fillna(-1)
    is_loaded = (rows["import_id"].fillna(-1) > until).astype(bool)
    cases = [rows["step_state"] == "closed", (rows["step_state"] == "submitted") | is_loaded]
    rows["month_state"] = np.select(
        [case.fillna(False).astype(bool) for case in cases], [CLOSED, SUBMITTED], OPEN
    )
    return rows


def are_asked(cells: pd.DataFrame, agreed: pd.DataFrame, bought: pd.DataFrame) -> pd.Series:
    """Whether each cell is asked for. `agreed`: institution_id, first_day, last_day of each agreement year;
    `bought`: KEY of the months with purchases."""
    return _touched(cells, agreed) | _touched(cells, _looking_back(bought))


def _looking_back(bought: pd.DataFrame) -> pd.DataFrame:
    """The period for which a month with purchases asks: itself and the twelve after it."""
    months = bought["month"].dt.to_period("M")
    last = (months + MONTHS_LOOKED_BACK).dt.end_time.dt.normalize().astype("datetime64[s]")
    return bought[["institution_id"]].assign(first_day=bought["month"], last_day=last)


def _touched(cells: pd.DataFrame, periods: pd.DataFrame) -> pd.Series:
    """Whether a period of the institution has a day in the month."""
    found = cells[KEY].reset_index().merge(periods, on="institution_id")
    ends = found["month"] + pd.offsets.MonthEnd(0)
    hits = found.loc[(found["first_day"] <= ends) & (found["last_day"] >= found["month"]), "index"]
    return cells.index.isin(hits) & pd.Series(True, index=cells.index)


def due_days(rows: pd.DataFrame, days: Mapping[date, int | None]) -> pd.Series:
    """The day by which each row is due; empty where no policy is in force. `days`: month → days after it.

    `rows` have month, step_state and reopened_on.
    """
    told = pd.Series([days.get(month.date()) for month in rows["month"]], index=rows.index, dtype="Int64")
    after = pd.to_timedelta(told.fillna(0).astype("int64"), unit="D")
    due = rows["month"] + pd.offsets.MonthEnd(0) + after
    reopened = rows["reopened_on"] + after
    due = due.where(~(reopened > due), reopened)
    return due.where(told.notna()).astype("datetime64[s]")
