"""Frames of the pages of institutions: how each of the reader's own stands, one row per institution."""

from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection

from procurement import figures
from procurement.filters import Filters
from procurement.periods import last_full_months, last_of_month
from procurement.queries.register import institutions


def own_figures(connection: Connection, filters: Filters) -> pd.DataFrame:
    """Names, saving_amount, year_saving_amount (the last twelve full months), met_equivalent and
    agreed_equivalent of the agreement years that run, met_share; a figure without a basis is empty."""
    rows = institutions(connection, filters).set_index("institution_id")
    rows["saving_amount"] = _saving(connection, filters)
    as_of = figures.measuring_day(connection, filters)
    months = last_full_months(as_of, 12) if as_of else []
    year = replace(filters, first_day=months[0], last_day=last_of_month(months[-1])) if months else filters
    rows["year_saving_amount"] = _saving(connection, year)
    done = figures.completion(connection, filters)
    done = done[done["is_current"].astype(bool) & done["agreed_equivalent"].notna()]
    met = done[["bought_equivalent", "agreed_equivalent"]].min(axis=1)
    sums = done.assign(met_equivalent=met).groupby("institution_id")[["met_equivalent", "agreed_equivalent"]]
    rows = rows.join(sums.sum().astype("Int64"))
    rows["met_share"] = rows["met_equivalent"].astype("Float64") / rows["agreed_equivalent"].astype("Float64")
    return rows.reset_index()


def _saving(connection: Connection, filters: Filters) -> pd.Series:
    rows = figures.savings(connection, filters, ("institution_id",))
    return rows.groupby("institution_id")["saving_amount"].sum(min_count=1).astype("Int64")


def retained(connection: Connection, filters: Filters) -> pd.DataFrame:
    """retained_so_far_amount by institution_id, of the agreement years that have begun."""
    rows = figures.retention(connection, filters)
    sums = rows.groupby("institution_id")["retained_amount"].sum(min_count=1).astype("Int64")
    return sums.rename("retained_so_far_amount").reset_index()
