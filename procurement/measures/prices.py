"""Baselines, awarded prices and price drops.

    price drop = 1 − awarded unit price ÷ baseline unit price

Unit prices are integers of 10⁻⁶ yuan per base unit. A variety's price is per base unit of its main
strength, a product's per its own base unit: product = variety × strength factor. (DOMAIN §2)
"""

import numpy as np
import pandas as pd

from procurement.measures.attribution import counted_as_selected
from procurement.money import UNIT_SCALE, divide, multiply
from procurement.tables.agreement import SELECTED_STATUSES

VARIETY_MEAN = "variety_mean"
"""Basis of a baseline that no list states for the product: its variety's mean × strength factor."""


LISTING = ["batch_id", "product_id", "starts_on"]
"""A product's period in a batch: an award may change its price or be cancelled from a day on."""


def resolve_listings(listings: pd.DataFrame, varieties: pd.DataFrame) -> pd.DataFrame:
    """Every listing with each price that can be known; one row per batch × product × start date.

    Adds is_selected, variety_baseline (per base unit of main strength: stated, else the simple mean of
    the products' stated baselines ÷ strength factor) and variety_awarded (the simple mean of awarded prices
    ÷ strength factor of the products selected in this supply area, whatever else counts as selected), a
    product counting once, by its latest period, and variety_basis, the basis of variety_baseline (what is
    stated, else that of its products where they have one in common, else their mean); fills
    baseline_unit_price: the period's own, else the product's, else the variety's × factor.
    """
    rows = listings.sort_values("starts_on", kind="stable").reset_index(drop=True)
    rows["is_selected"] = counted_as_selected(rows)
    of_variety = varieties.set_index("variety_id")
    stated = rows["variety_id"].map(of_variety["variety_baseline_unit_price"]).astype("Int64")
    own = _latest_per_product(rows, rows["baseline_unit_price"].notna())
    in_area = rows["status"].isin(SELECTED_STATUSES)
    awarded = _latest_per_product(rows, in_area & rows["awarded_unit_price"].notna())
    rows["variety_baseline"] = stated.fillna(_variety_mean(rows, own, "baseline_unit_price"))
    rows["variety_awarded"] = _variety_mean(rows, awarded, "awarded_unit_price")
    stated_basis = rows["variety_id"].map(of_variety["variety_baseline_basis"]).astype(object)
    rows["variety_basis"] = stated_basis.where(stated.notna(), _common_basis(rows, own))
    rows = _fill_baselines(rows, own)
    inherited = multiply(rows["variety_baseline"], rows["strength_factor"], UNIT_SCALE)
    has_own = rows["baseline_unit_price"].notna()
    inherited_basis = stated_basis.where(stated.notna(), VARIETY_MEAN).where(inherited.notna())
    rows["baseline_basis"] = rows["baseline_basis"].where(has_own, inherited_basis)
    rows["baseline_unit_price"] = rows["baseline_unit_price"].fillna(inherited)
    return rows


def _latest_per_product(rows: pd.DataFrame, having: pd.Series) -> pd.DataFrame:
    """The latest period of each batch × product among those that have what is looked for."""
    return rows[having.astype(bool)].drop_duplicates(["batch_id", "product_id"], keep="last")


def _variety_mean(rows: pd.DataFrame, products: pd.DataFrame, price: str) -> pd.Series:
    """The mean of `products` per base unit of main strength, told to every row of the variety."""
    means = mean_by(per_main_strength(products[price], products["strength_factor"]), products["variety_id"])
    by_variety = means.groupby(products["variety_id"]).first()
    return rows["variety_id"].map(by_variety).astype("Int64")


def _common_basis(rows: pd.DataFrame, own: pd.DataFrame) -> pd.Series:
    """The basis that the stated baselines of a variety's products have in common, else VARIETY_MEAN."""
    bases = own.groupby("variety_id")["baseline_basis"]
    first, last = bases.min(), bases.max()
    common = first.where(first == last, VARIETY_MEAN).astype(object)
    return rows["variety_id"].map(common).astype(object)


def _fill_baselines(rows: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """A period that states no baseline takes the one that the product states for another period."""
    known = own.set_index(["batch_id", "product_id"])[["baseline_unit_price", "baseline_basis"]]
    missing = rows["baseline_unit_price"].isna()
    others = known.reindex(pd.MultiIndex.from_frame(rows[["batch_id", "product_id"]])).set_axis(rows.index)
    for column in known:
        rows[column] = rows[column].where(~missing, others[column])
    return rows


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
    """One row per batch × product once selected, by its latest award, with `drop`, a fraction.

    Where a price is missing the drop is empty and `price_reason` says which.
    """
    selected = _latest_per_product(resolved, resolved["is_selected"]).sort_values(
        ["execution_date", "batch_id", "variety_id", "product_id"], ignore_index=True
    )
    awarded, baseline = selected["awarded_unit_price"], selected["baseline_unit_price"]
    reason = pd.Series(None, index=selected.index, dtype="object")
    reason = reason.mask(baseline.isna(), "no_baseline").mask(awarded.isna(), "no_awarded")
    return selected.assign(drop=drop(baseline, awarded), price_reason=reason)


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
