"""Which batch a purchase line belongs to.

A line belongs to at most one batch, by its date: the one in whose execution period its product is
selected, else the one that lists it as non-selected; ties go to the latest execution date. A line
dated by month counts as the 1st, or as the execution date in that month. (DOMAIN §2)
"""

import pandas as pd

from procurement.periods import agreement_years
from procurement.tables.agreement import SELECTED_STATUSES

LINE_KEY = ["product_id", "bought_on", "is_whole_month"]
ATTRIBUTED = ["batch_id", "variety_id", "agreement_year", "is_selected", "starts_on"]


def counted_as_selected(listings: pd.DataFrame) -> pd.Series:
    """Whether what is bought under each listing counts as selected.

    An award of another supply area does where `elsewhere_counts` (policies.awards) says so; without that
    column it does not. A cancelled award is listed still, as non-selected.
    """
    selected = listings["status"].isin(SELECTED_STATUSES)
    if "elsewhere_counts" in listings:
        selected |= (listings["status"] == "elsewhere") & listings["elsewhere_counts"].astype(bool)
    return selected


def attribute(lines: pd.DataFrame, listings: pd.DataFrame) -> pd.DataFrame:
    """Add batch_id, variety_id, agreement_year (empty outside every batch), is_selected and the
    starts_on of the listing to each line.

    `lines` holds product_id, bought_on, is_whole_month; `listings` one row per batch × product × start
    date with status, starts_on, ends_on and the batch's execution_date. The institution plays no part,
    so each distinct product and day is looked at once.
    """
    days = lines[LINE_KEY].drop_duplicates()
    listed = listings.assign(is_selected=counted_as_selected(listings).astype("boolean"))
    candidates = days.merge(listed[_NEEDED], on="product_id", how="inner")
    candidates = _in_period(candidates)
    best = (
        candidates.sort_values(
            ["is_selected", "execution_date", "starts_on", "batch_id"], ascending=False, kind="stable"
        )
        .drop_duplicates(LINE_KEY)
        .loc[
            :,
            [*LINE_KEY, "counted_on", "execution_date", "batch_id", "variety_id", "is_selected", "starts_on"],
        ]
    )
    best["agreement_year"] = agreement_years(best["counted_on"], best["execution_date"]).astype("Int64")
    attributed = lines.merge(best[[*LINE_KEY, *ATTRIBUTED]], on=LINE_KEY, how="left")
    attributed["is_selected"] = attributed["is_selected"].fillna(False).astype("boolean")
    return attributed.set_axis(lines.index)


_NEEDED = ["product_id", "batch_id", "variety_id", "is_selected", "starts_on", "ends_on", "execution_date"]


def _in_period(candidates: pd.DataFrame) -> pd.DataFrame:
    same_month = candidates["bought_on"].dt.to_period("M") == candidates["starts_on"].dt.to_period("M")
    counted_on = candidates["bought_on"].where(
        ~(candidates["is_whole_month"].astype(bool) & same_month), candidates["starts_on"]
    )
    candidates = candidates.assign(counted_on=counted_on)
    return candidates[counted_on.between(candidates["starts_on"], candidates["ends_on"])]
