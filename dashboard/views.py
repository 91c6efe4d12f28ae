"""Frames as the pages need them: figures of the ledger at the grain of a chart or a table.

Each takes a connection, filters and options, so that dashboard.data can keep what it returns.
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection

from dashboard.focus import SEPARATOR
from procurement import figures
from procurement.filters import Filters
from procurement.measures.completion import met_share
from procurement.measures.prices import drop
from procurement.measures.savings import saving_totals, total_amount
from procurement.money import PRICE_PER_AMOUNT, UNIT_SCALE, divide, multiply
from procurement.policies import EARLIEST, PolicyBook
from procurement.policies.retention import SpendingBasis
from procurement.queries.policies import policy_book
from procurement.queries.purchases import monthly
from procurement.summary import summary
from procurement.working import Working, workings

AMOUNTS = ["paid_amount", "baseline_amount", "saving_amount", "missed_amount"]

SAVED_BY = {
    "month": ("month",),
    "batch": ("batch",),
    "category": ("category",),
    "district": ("district",),
    "institution": ("institution_code", "institution_name"),
    "variety": ("batch", "variety"),
}
"""What savings are told by → names that a row carries."""

_KEYS = {
    "month": ("month",),
    "batch": ("batch_id",),
    "category": ("batch_id",),
    "district": ("institution_id",),
    "institution": ("institution_id",),
    "variety": ("variety_id",),
}


def savings_by(connection: Connection, filters: Filters, by: str) -> pd.DataFrame:
    """Savings by one of SAVED_BY and is_selected: every total is the exact sum of its rows."""
    return figures.savings(connection, filters, (*_KEYS[by], "is_selected"))


def monthly_savings(connection: Connection, filters: Filters) -> pd.DataFrame:
    """Savings by month, batch (for its category) and is_selected."""
    return figures.savings(connection, filters, ("month", "batch_id", "is_selected"))


def savings_table(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row per name with what was paid and saved, the part of selected and of non-selected products."""
    names = list(SAVED_BY[by])
    selected = rows["is_selected"].astype(bool)
    rows = rows.assign(
        selected_saving_amount=rows["saving_amount"].where(selected),
        non_selected_saving_amount=rows["saving_amount"].where(~selected),
    )
    sums = [*AMOUNTS, "selected_saving_amount", "non_selected_saving_amount"]
    table = rows.groupby(names, dropna=False, sort=False)[sums].sum(min_count=1).reset_index()
    table["saving_share"] = saving_share(table)
    if by == "month":
        return table.sort_values("month", ascending=False, ignore_index=True)
    return table.sort_values("saving_amount", ascending=False, ignore_index=True, na_position="last")


def saving_share(table: pd.DataFrame) -> pd.Series:
    """Saving ÷ baseline amount, a fraction."""
    baseline = table["baseline_amount"].astype("Float64")
    return table["saving_amount"].astype("Float64") / baseline.where(baseline != 0)


def savings_totals(connection: Connection, filters: Filters) -> dict[str, int | None]:
    """total, selected, non_selected, missed, and what the agreed volumes were expected to save."""
    expected = total_amount(figures.agreements(connection, filters)["expected_amount"])
    return {**saving_totals(figures.savings(connection, filters, ("is_selected",))), "expected": expected}


def price_rises(connection: Connection, filters: Filters) -> pd.DataFrame:
    """Batch × variety × product status with a negative saving: what costs more than before."""
    rows = figures.savings(connection, filters, ("variety_id", "is_selected"))
    rows = rows[rows["saving_amount"].fillna(0) < 0]
    return rows.sort_values("saving_amount", ignore_index=True)


def current_completion(connection: Connection, filters: Filters) -> pd.DataFrame:
    """Completion of the agreement years that hold the measuring day, those that need attention first."""
    rows = figures.completion(connection, filters)
    rows = rows[rows["is_current"].astype(bool)]
    order = rows["status"].map({"behind": 0, "at_risk": 1, "on_track": 2, "ahead": 3, "not_set": 4})
    rows = rows.assign(order=order).sort_values(["order", "rate"], kind="stable", na_position="last")
    return rows.drop(columns="order").reset_index(drop=True)


def completion_share(rows: pd.DataFrame) -> float | None:
    return met_share(rows)


def settlements(connection: Connection, filters: Filters, basis: SpendingBasis) -> pd.DataFrame:
    """Retention with `remark`: why nothing is kept, or that the year still runs; most kept first."""
    rows = figures.retention(connection, filters, basis)
    reason = rows["reason"].fillna("")
    running = pd.Series("running", index=rows.index).where(rows["is_running"].astype(bool), "")
    rows["remark"] = reason.where(reason != "", running)
    order = ["retained_amount", "institution_code", "execution_date", "agreement_year"]
    return rows.sort_values(order, ascending=[False, True, True, True], na_position="last", ignore_index=True)


def usual_basis(connection: Connection, filters: Filters) -> SpendingBasis:
    """The spending basis of the policy in force on the measuring day."""
    day = max(figures.measuring_day(connection, filters) or EARLIEST, EARLIEST)
    return policy_book(connection).value("retention_spending_basis", day, filters.category)


def working_of(
    connection: Connection, filters: Filters, code: str, batch: str, year: int, basis: SpendingBasis
) -> Working:
    """The working of one institution, batch and agreement year."""
    chosen = replace(filters, institutions=(code,), batches=(batch,), varieties=())
    return next(workings(connection, chosen, basis, year))


def policies(connection: Connection, _filters: Filters) -> PolicyBook:
    """The policy book of the ledger."""
    return policy_book(connection)


def matching(rows: pd.DataFrame, text: str | None, columns: Sequence[str]) -> pd.DataFrame:
    """Rows in which every word of `text` occurs in one of `columns`."""
    for word in (text or "").split():
        hits = [rows[name].fillna("").str.contains(word, case=False, regex=False) for name in columns]
        rows = rows[pd.concat(hits, axis=1).any(axis=1)]
    return rows


def focus_names(rows: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """The names of each row joined into one text (dashboard.focus)."""
    return [
        SEPARATOR.join(str(name) for name in names) for names in zip(*(rows[c] for c in columns), strict=True)
    ]


def product_months(connection: Connection, filters: Filters) -> pd.DataFrame:
    """Paid amount and base units by product and month, inside and outside of every batch.

    Batch, category and variety play no part: what was paid before a batch began is what its price is
    compared with.
    """
    anywhere = replace(filters, batches=(), category=None, varieties=())
    return monthly(connection, anywhere, ["product_id", "month"])


def variety_listings(connection: Connection, filters: Filters, batch: str, variety: str) -> pd.DataFrame:
    """The products that one batch lists for one variety, with their prices."""
    listed = figures.resolved_listings(connection, replace(filters, batches=(batch,), varieties=(variety,)))
    return listed.drop_duplicates(["batch_id", "product_id"], keep="last", ignore_index=True)


def paid_prices(listed: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """Paid unit price (10⁻⁶ yuan per base unit of main strength) by month and is_selected."""
    rows = months.merge(listed[["product_id", "strength_factor", "is_selected"]], on="product_id")
    rows = rows[rows["unmeasured_lines"] == 0]
    rows = rows.assign(equivalent=multiply(rows["base_units"], rows["strength_factor"]))
    sums = rows.groupby(["month", "is_selected"])[["paid_amount", "equivalent"]].sum().reset_index()
    sums = sums[sums["equivalent"] > 0]
    return sums.assign(paid_unit_price=_unit_prices(sums["paid_amount"], sums["equivalent"]))


def product_purchases(listed: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """The listed products with what was bought of each since the batch began, selected ones first."""
    since = listed["execution_date"].min().to_period("M").to_timestamp()
    sums = months[months["month"] >= since].groupby("product_id")[["base_units", "paid_amount"]].sum()
    rows = listed.join(sums.astype("Int64"), on="product_id").rename(columns={"status": "award_status"})
    rows["paid_unit_price"] = _unit_prices(rows["paid_amount"], rows["base_units"] * UNIT_SCALE)
    rows = rows.assign(drop=drop(rows["baseline_unit_price"], rows["awarded_unit_price"]))
    return rows.sort_values(
        ["is_selected", "paid_amount"], ascending=False, na_position="last", ignore_index=True
    )


def _unit_prices(paid: pd.Series, equivalent: pd.Series) -> pd.Series:
    prices = [
        pd.NA
        if pd.isna(q) or pd.isna(p) or q <= 0
        else divide(int(p) * PRICE_PER_AMOUNT * UNIT_SCALE, int(q))
        for p, q in zip(paid, equivalent, strict=True)
    ]
    return pd.Series(prices, index=paid.index, dtype="Int64")


ASKED_FIRST = (
    (figures.measuring_day,),
    (summary,),
    (monthly_savings,),
    (current_completion,),
    (figures.retention,),
    (savings_by, "variety"),
)
"""What the overview shows without a filter, with options."""
