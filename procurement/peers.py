"""Front door of the comparison with peers: the only figures of others that a hospital is told anything about.

    standings(connection, Filters(), "H001", ("H001",)) → {"completion": Standing(rank=3, peers=24, …), …}

It reads the whole city and gives away what measures.peers lets through: own shares, ranks, numbers of peers
and quartiles; no name, code, district or amount. Filters but the measuring day are set aside, so that nobody
narrows the comparison until one peer is left.
"""

from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection

from procurement import figures
from procurement.filters import Filters
from procurement.measures.peers import Standing, standing
from procurement.periods import last_full_months, last_of_month
from procurement.queries.register import institutions

FIGURES = ("completion", "selected", "saving")
"""Agreed units met, in the agreement years that run; the selected products' part of what was paid, and the
saving's part of what it would have cost before, both within batches over the last twelve full months."""


def standings(
    connection: Connection, filters: Filters, code: str, own: tuple[str, ...]
) -> dict[str, Standing]:
    """Where institution `code` stands by each of FIGURES; `own`: the institutions that the reader may see."""
    as_of = figures.measuring_day(connection, filters)
    everybody = institutions(connection)
    mine = everybody[everybody["institution_code"] == code]
    if mine.empty or as_of is None:
        return {figure: Standing(None, 0) for figure in FIGURES}
    alike = everybody[everybody["kind"] == mine["kind"].iloc[0]].reset_index(drop=True)
    chosen = Filters(institutions=tuple(alike["institution_code"]), as_of=as_of)
    shares = {"completion": _completion(connection, chosen), **_of_purchases(connection, chosen)}
    return {
        figure: standing(alike.join(shares[figure], on="institution_id"), code, own) for figure in FIGURES
    }


def _completion(connection: Connection, filters: Filters) -> pd.DataFrame:
    """Σ min(bought, agreed) of Σ agreed, by institution."""
    rows = figures.completion(connection, filters)
    rows = rows[rows["is_current"].astype(bool) & rows["agreed_equivalent"].notna()]
    met = rows[["bought_equivalent", "agreed_equivalent"]].min(axis=1)
    sums = rows.assign(part=met, whole=rows["agreed_equivalent"]).groupby("institution_id")
    return sums[["part", "whole"]].sum().astype("Int64")


def _of_purchases(connection: Connection, filters: Filters) -> dict[str, pd.DataFrame]:
    months = last_full_months(filters.as_of, 12)  # type: ignore[arg-type]
    year = replace(filters, first_day=months[0], last_day=last_of_month(months[-1]))
    rows = figures.savings(connection, year, ("institution_id", "is_selected"))
    selected = rows["paid_amount"].where(rows["is_selected"].astype(bool), 0)
    rows = rows.assign(selected_amount=selected)
    sums = rows.groupby("institution_id")[
        ["selected_amount", "paid_amount", "saving_amount", "baseline_amount"]
    ].sum()
    return {
        "selected": _shares(sums, "selected_amount", "paid_amount"),
        "saving": _shares(sums, "saving_amount", "baseline_amount"),
    }


def _shares(sums: pd.DataFrame, part: str, whole: str) -> pd.DataFrame:
    named = sums[[part, whole]].rename(columns={part: "part", whole: "whole"})
    return named.astype("Int64")
