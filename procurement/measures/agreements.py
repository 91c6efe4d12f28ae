"""Agreed volumes with the prices that they are worth.

A volume agreed for a product is priced by that product; one agreed for the variety by the variety's
prices per base unit of main strength. Amounts are rounded once per row to 1/10000 yuan. (DOMAIN §2)
"""

import pandas as pd

from procurement.measures.prices import mean_by, per_main_strength
from procurement.money import UNIT_SCALE, amount_of, multiply
from procurement.periods import agreement_year_start

KEY = ["institution_id", "batch_id", "variety_id", "agreement_year"]


def price_agreements(agreed: pd.DataFrame, resolved: pd.DataFrame) -> pd.DataFrame:
    """One row per agreed volume, with unit prices and amounts.

    Adds strength_factor, agreed_equivalent and reported_equivalent (millionths of a base unit of main
    strength), baseline_unit_price with its baseline_basis, awarded_unit_price, agreed_amount (agreed ×
    awarded), agreed_baseline_amount, reported_baseline_amount and expected_amount (what the agreed volume
    saves).
    """
    of_variety = resolved.drop_duplicates("variety_id").set_index("variety_id")
    by_product = agreed["product_id"].notna()
    own_listing = _listings_of_year(agreed, resolved)

    def from_product(column: str) -> pd.Series:
        return own_listing[column].astype("Int64")

    def price(product_column: str, variety_column: str) -> pd.Series:
        variety_price = agreed["variety_id"].map(of_variety[variety_column]).astype("Int64")
        own = from_product(product_column)
        # A product agreed with but without an award of its own is priced as the variety.
        factored = multiply(variety_price, factor, UNIT_SCALE)
        return own.fillna(factored).where(by_product, variety_price)

    factor = from_product("strength_factor").fillna(UNIT_SCALE)
    return with_amounts(
        agreed.assign(
            strength_factor=factor,
            baseline_unit_price=price("baseline_unit_price", "variety_baseline"),
            awarded_unit_price=price("awarded_unit_price", "variety_awarded"),
            baseline_basis=_basis(agreed, own_listing, of_variety),
        )
    )


def with_amounts(agreed: pd.DataFrame) -> pd.DataFrame:
    """Agreed volumes whose unit prices and strength factors are known, with what their units come to."""
    baseline, awarded = agreed["baseline_unit_price"], agreed["awarded_unit_price"]
    priced = agreed.assign(
        agreed_equivalent=(agreed["agreed_units"] * agreed["strength_factor"]).astype("Int64"),
        reported_equivalent=(agreed["reported_units"] * agreed["strength_factor"]).astype("Int64"),
        agreed_amount=amount_of(agreed["agreed_units"], awarded),
        agreed_baseline_amount=amount_of(agreed["agreed_units"], baseline),
        reported_baseline_amount=amount_of(agreed["reported_units"], baseline),
    )
    return priced.assign(expected_amount=priced["agreed_baseline_amount"] - priced["agreed_amount"])


def _basis(agreed: pd.DataFrame, own_listing: pd.DataFrame, of_variety: pd.DataFrame) -> pd.Series:
    """Where the baseline of each agreed volume comes from."""
    of_its_variety = agreed["variety_id"].map(of_variety["variety_basis"]).astype(object)
    own = own_listing["baseline_basis"].astype(object)
    return own.where(agreed["product_id"].notna() & own.notna(), of_its_variety)


def _listings_of_year(agreed: pd.DataFrame, resolved: pd.DataFrame) -> pd.DataFrame:
    """The listing that each agreement with a product is priced by; empty rows where there is none.

    The award in force on the first day of the agreement year, else the first to begin within it, else
    the latest before it.
    """
    columns = ["strength_factor", "baseline_unit_price", "awarded_unit_price", "baseline_basis"]
    keys = agreed[["batch_id", "product_id", "agreement_year"]].reset_index(names="row")
    pairs = keys[keys["product_id"].notna()].merge(
        resolved[
            ["batch_id", "product_id", "execution_date", "starts_on", "ends_on", "is_selected", *columns]
        ],
        on=["batch_id", "product_id"],
    )
    starts = _year_starts(pairs)
    in_force = (pairs["starts_on"] <= starts) & (pairs["ends_on"] >= starts)
    later = pairs["starts_on"] > starts
    days = (pairs["starts_on"] - starts).dt.days
    pairs = pairs.assign(
        rank=in_force.map({True: 0, False: 2}).where(in_force | ~later, 1),
        distance=days.where(later, -days),
        is_other=~pairs["is_selected"].astype(bool),
    )
    best = pairs.sort_values(["row", "is_other", "rank", "distance"], kind="stable").drop_duplicates("row")
    return best.set_index("row")[columns].reindex(agreed.index)


def _year_starts(pairs: pd.DataFrame) -> pd.Series:
    days = [
        agreement_year_start(executed.date(), int(number))
        for executed, number in zip(pairs["execution_date"], pairs["agreement_year"], strict=True)
    ]
    return pd.Series(pd.to_datetime(days), index=pairs.index, dtype="datetime64[s]")


def institution_awarded(agreed: pd.DataFrame, resolved: pd.DataFrame) -> pd.DataFrame:
    """The awarded price of a variety for an institution in an agreement year, where it agreed with a
    product of it.

    One row per institution × variety × agreement year: awarded_unit_price per base unit of main strength,
    the simple mean where it agreed with several. Those that are absent take the variety's mean.
    """
    key = ["institution_id", "variety_id", "agreement_year"]
    pairs = price_agreements(agreed[agreed["product_id"].notna()].reset_index(drop=True), resolved)
    pairs = pairs[pairs["awarded_unit_price"].notna()].drop_duplicates([*key, "product_id"])
    strengths = per_main_strength(pairs["awarded_unit_price"], pairs["strength_factor"])
    group = pairs[key].astype(str).agg("/".join, axis=1) if len(pairs) else pairs["variety_id"]
    pairs = pairs.assign(awarded_unit_price=mean_by(strengths, group))
    return pairs.drop_duplicates(key)[[*key, "awarded_unit_price"]].reset_index(drop=True)
