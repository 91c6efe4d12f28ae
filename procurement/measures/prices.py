"""Baselines, awarded prices and price drops.

    price drop = 1 − awarded unit price ÷ baseline unit price

Unit prices are integers of 10⁻⁶ yuan per base unit. A variety's price is per base unit of its main
strength, a product's per its own base unit: product = variety × strength factor. (DOMAIN §2)
"""

import numpy as np
import pandas as pd

from procurement.money import UNIT_SCALE, divide, multiply
from procurement.tables.agreement import SELECTED_STATUSES

VARIETY_MEAN = "variety_mean"
"""Basis of a baseline that no list states for the product: its variety's mean × strength factor."""


def resolve_listings(listings: pd.DataFrame, varieties: pd.DataFrame) -> pd.DataFrame:
    """One row per batch × product, its latest listing, with every baseline that can be known.

    Adds is_selected, variety_baseline (per base unit of main strength: stated, else the simple mean of
    the products' stated baselines ÷ strength factor) and variety_awarded (the simple mean of selected
    products' awarded prices ÷ strength factor); fills baseline_unit_price: own, else the variety's × factor.
    """
    latest = listings.sort_values("starts_on", kind="stable").drop_duplicates(
        ["batch_id", "product_id"], keep="last"
    )
    latest = latest.sort_index().reset_index(drop=True)
    latest["is_selected"] = latest["status"].isin(SELECTED_STATUSES)
    own = per_main_strength(latest["baseline_unit_price"], latest["strength_factor"])
    awarded = per_main_strength(latest["awarded_unit_price"], latest["strength_factor"])
    stated = (
        latest["variety_id"]
        .map(varieties.set_index("variety_id")["variety_baseline_unit_price"])
        .astype("Int64")
    )
    latest["variety_baseline"] = stated.fillna(mean_by(own, latest["variety_id"]))
    latest["variety_awarded"] = mean_by(awarded.where(latest["is_selected"]), latest["variety_id"])
    inherited = multiply(latest["variety_baseline"], latest["strength_factor"], UNIT_SCALE)
    has_own = latest["baseline_unit_price"].notna()
    stated_basis = (
        latest["variety_id"].map(varieties.set_index("variety_id")["variety_baseline_basis"]).astype(object)
    )
    inherited_basis = stated_basis.where(stated.notna(), VARIETY_MEAN).where(inherited.notna())
    latest["baseline_basis"] = latest["baseline_basis"].where(has_own, inherited_basis)
    latest["baseline_unit_price"] = latest["baseline_unit_price"].fillna(inherited)
    return latest


def per_main_strength(unit_price: pd.Series, factor: pd.Series) -> pd.Series:
    """Unit price ÷ strength factor, rounded to 10⁻⁶ yuan: two products of different strength compared."""
    pairs = zip(unit_price, factor, strict=True)
    values = [pd.NA if pd.isna(price) else divide(int(price) * UNIT_SCALE, int(f)) for price, f in pairs]
    return pd.Series(values, index=unit_price.index, dtype="Int64")


def mean_by(values: pd.Series, group: pd.Series) -> pd.Series:
    """The simple mean within each group, rounded to a whole 10⁻⁶ yuan; empty where nothing is known."""
    grouped = values.groupby(group)
    sums, counts = grouped.transform("sum"), grouped.transform("count")
    pairs = zip(sums, counts, strict=True)
    return pd.Series(
        [divide(int(s), int(n)) if n else pd.NA for s, n in pairs], index=values.index, dtype="Int64"
    )


def price_drops(resolved: pd.DataFrame) -> pd.DataFrame:
    """One row per batch × selected product with `drop`, a fraction; empty where a price is missing."""
    selected = resolved[resolved["is_selected"]].reset_index(drop=True)
    return selected.assign(drop=drop(selected["baseline_unit_price"], selected["awarded_unit_price"]))


def drop(baseline: pd.Series, awarded: pd.Series) -> pd.Series:
    """1 − awarded ÷ baseline, a fraction; a rise is negative."""
    before = baseline.astype("Float64")
    fraction = 1 - awarded.astype("Float64") / before.where(before != 0)
    return fraction.astype("Float64")


def average_drop_simple(drops: pd.DataFrame) -> float | None:
    """Simple mean over batch × variety pairs, a variety counting once by the mean of its products' drops.

    What official communiqués quote.
    """
    known = drops.dropna(subset=["drop"])
    if known.empty:
        return None
    return float(known.groupby("variety_id")["drop"].mean().mean())


def average_drop_weighted(agreements: pd.DataFrame) -> float | None:
    """1 − Σ(agreed volume × awarded) ÷ Σ(agreed volume × baseline), over agreements with both prices."""
    known = agreements.dropna(subset=["agreed_amount", "agreed_baseline_amount"])
    before = int(known["agreed_baseline_amount"].sum())
    return float(1 - np.float64(int(known["agreed_amount"].sum())) / before) if before else None
