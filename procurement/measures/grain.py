"""Purchase lines → monthly purchases, the lowest grain that every figure is a sum of.

    baseline amount = base units × baseline unit price of the product          (rounded once, here)
    missed saving   = max(0, paid − equivalent units × awarded price of the variety), non-selected only
    equivalent units = base units × strength factor

Amounts in 1/10000 yuan, equivalent units in millionths. (DOMAIN §2)
"""

import pandas as pd

from procurement.measures.attribution import attribute
from procurement.measures.prices import LISTING
from procurement.money import PRICE_PER_AMOUNT, UNIT_SCALE, amount_of, multiply

GRAIN = [
    "institution_id",
    "product_id",
    "month",
    "batch_id",
    "variety_id",
    "agreement_year",
    "is_selected",
]


def monthly_purchases(
    lines: pd.DataFrame, listings: pd.DataFrame, resolved: pd.DataFrame, institution_prices: pd.DataFrame
) -> pd.DataFrame:
    """One row per institution × product × month × batch × agreement year (and selected or not).

    `lines`: institution_id, product_id, bought_on, is_whole_month, base_units, paid_amount. `listings` as
    queried, `resolved` from prices.resolve_listings, `institution_prices` from
    agreements.institution_awarded.
    """
    rows = _sum_lines(attribute(lines, listings))
    prices = resolved[[*LISTING, "strength_factor", "baseline_unit_price", "variety_awarded"]]
    rows = rows.merge(prices, on=LISTING, how="left")
    rows = rows.merge(
        institution_prices.rename(columns={"awarded_unit_price": "institution_awarded"}),
        on=["institution_id", "variety_id", "agreement_year"],
        how="left",
    )
    units = rows["base_units"].astype("Int64").where(rows["unmeasured_lines"] < rows["lines"])
    rows["equivalent_units"] = multiply(units, rows["strength_factor"])
    # What was paid cannot be told apart, so one unmeasured line leaves the month's amounts unknown.
    is_measured = rows["unmeasured_lines"] == 0
    rows["baseline_amount"] = amount_of(units.where(is_measured), rows["baseline_unit_price"])
    awarded = rows["institution_awarded"].fillna(rows["variety_awarded"]).astype("Int64")
    equivalent = rows["equivalent_units"].where(is_measured)
    at_awarded = multiply(equivalent, awarded, UNIT_SCALE * PRICE_PER_AMOUNT)
    missed = (rows["paid_amount"] - at_awarded).clip(lower=0)
    rows["missed_amount"] = missed.where(~rows["is_selected"] & rows["batch_id"].notna())
    return _one_row_a_month(rows)


def _one_row_a_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Where a product's listing changed within a month, its parts become one row; unknown stays unknown."""
    if not rows.duplicated(GRAIN).any():
        return rows[[*GRAIN, *MEASURED]]
    sums = rows.groupby(GRAIN, dropna=False, sort=True)[MEASURED].sum(skipna=False)
    return sums.reset_index()


MEASURED = [
    "lines",
    "unmeasured_lines",
    "base_units",
    "equivalent_units",
    "paid_amount",
    "baseline_amount",
    "missed_amount",
]


def _sum_lines(lines: pd.DataFrame) -> pd.DataFrame:
    lines = lines.assign(
        month=lines["bought_on"].dt.to_period("M").dt.to_timestamp().astype("datetime64[s]"),
        unmeasured=lines["base_units"].isna().astype("int64"),
        base_units=lines["base_units"].fillna(0),
    )
    return (
        lines.groupby([*GRAIN, "starts_on"], dropna=False, sort=True)
        .agg(
            lines=("paid_amount", "size"),
            unmeasured_lines=("unmeasured", "sum"),
            base_units=("base_units", "sum"),
            paid_amount=("paid_amount", "sum"),
        )
        .reset_index()
        .astype({"batch_id": "Int64", "variety_id": "Int64", "agreement_year": "Int64"})
    )
