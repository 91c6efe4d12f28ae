"""Agreed volumes with the prices that they are worth.

A volume agreed for a product is priced by that product; one agreed for the variety by the variety's
prices per base unit of main strength. Amounts are rounded once per row to 1/10000 yuan. (DOMAIN §2)
"""

import pandas as pd

from procurement.measures.prices import mean_by, per_main_strength
from procurement.money import UNIT_SCALE, amount_of, multiply

KEY = ["institution_id", "batch_id", "variety_id", "agreement_year"]


def price_agreements(agreed: pd.DataFrame, resolved: pd.DataFrame) -> pd.DataFrame:
    """One row per agreed volume, with unit prices and amounts.

    Adds strength_factor, agreed_equivalent and reported_equivalent (millionths of a base unit of main
    strength), baseline_unit_price, awarded_unit_price, agreed_amount (agreed × awarded),
    agreed_baseline_amount, reported_baseline_amount and expected_amount (what the agreed volume saves).
    """
    of_variety = resolved.drop_duplicates("variety_id").set_index("variety_id")
    of_product = resolved.set_index(["batch_id", "product_id"])
    by_product = agreed["product_id"].notna()
    lookup = pd.MultiIndex.from_frame(agreed[["batch_id", "product_id"]].fillna(-1))

    def from_product(column: str) -> pd.Series:
        return pd.Series(of_product[column].reindex(lookup).to_numpy(), index=agreed.index).astype("Int64")

    def price(product_column: str, variety_column: str) -> pd.Series:
        variety_price = agreed["variety_id"].map(of_variety[variety_column]).astype("Int64")
        own = from_product(product_column)
        # A product agreed with but without an award of its own is priced as the variety.
        factored = multiply(variety_price, factor, UNIT_SCALE)
        return own.fillna(factored).where(by_product, variety_price)

    factor = from_product("strength_factor").fillna(UNIT_SCALE)
    priced = agreed.assign(
        strength_factor=factor,
        agreed_equivalent=(agreed["agreed_units"] * factor).astype("Int64"),
        reported_equivalent=(agreed["reported_units"] * factor).astype("Int64"),
        baseline_unit_price=price("baseline_unit_price", "variety_baseline"),
        awarded_unit_price=price("awarded_unit_price", "variety_awarded"),
    )
    priced["agreed_amount"] = amount_of(priced["agreed_units"], priced["awarded_unit_price"])
    priced["agreed_baseline_amount"] = amount_of(priced["agreed_units"], priced["baseline_unit_price"])
    priced["reported_baseline_amount"] = amount_of(priced["reported_units"], priced["baseline_unit_price"])
    priced["expected_amount"] = priced["agreed_baseline_amount"] - priced["agreed_amount"]
    return priced


def institution_awarded(agreed: pd.DataFrame, resolved: pd.DataFrame) -> pd.DataFrame:
    """The awarded price of a variety for an institution, where it agreed with a product of it.

    One row per institution × variety: awarded_unit_price per base unit of main strength, the simple mean
    where it agreed with several. Institutions that are absent take the variety's mean.
    """
    with_product = agreed.dropna(subset=["product_id"])[
        ["institution_id", "batch_id", "variety_id", "product_id"]
    ]
    own = resolved[["batch_id", "product_id", "awarded_unit_price", "strength_factor"]]
    pairs = with_product.drop_duplicates().merge(own, on=["batch_id", "product_id"])
    pairs = pairs.dropna(subset=["awarded_unit_price"])
    pairs["awarded_unit_price"] = per_main_strength(pairs["awarded_unit_price"], pairs["strength_factor"])
    group = pairs["institution_id"].astype(str) + "/" + pairs["variety_id"].astype(str)
    pairs["awarded_unit_price"] = mean_by(pairs["awarded_unit_price"], group)
    return pairs.drop_duplicates(["institution_id", "variety_id"])[
        ["institution_id", "variety_id", "awarded_unit_price"]
    ].reset_index(drop=True)
