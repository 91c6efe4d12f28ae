"""Whether awarded prices are paid: lines of selected products that cost more than their award.

    amount above = paid amount − units × awarded price of that day, in the unit that the award states

Per pack where the award is stated per pack, else per base unit; less than a fen is no difference. (DOMAIN §2)
"""

import pandas as pd

from procurement.measures.attribution import attribute
from procurement.measures.prices import LISTING
from procurement.money import FEN, PRICE_PER_AMOUNT, divide

ABOVE = ["institution_id", "batch_id", "variety_id", "above_lines", "above_amount"]


def above_awarded(lines: pd.DataFrame, listings: pd.DataFrame) -> pd.DataFrame:
    """One row per institution × variety with lines above the awarded price: how many, and by how much.

    `lines`: institution_id, product_id, bought_on, is_whole_month, base_units, paid_amount. `listings` as
    queried. Returns, and lines whose units are unknown, are not judged.
    """
    rows = attribute(lines, listings)
    rows = rows[rows["is_selected"].astype(bool) & (rows["base_units"] > 0).fillna(False)]
    names = ["awarded_unit_price", "stated_price", "stated_per_pack", "units_per_pack"]
    rows = rows.merge(listings[[*LISTING, *names]].drop_duplicates(LISTING), on=LISTING)
    rows = rows.assign(above_amount=rows["paid_amount"] - _at_award(rows))
    rows = rows[(rows["above_amount"] >= FEN).fillna(False)]
    grouped = rows.groupby(["institution_id", "batch_id", "variety_id"])["above_amount"]
    found = grouped.agg(above_lines="size", above_amount="sum").reset_index()
    return found[ABOVE].sort_values("above_amount", ascending=False, kind="stable", ignore_index=True)


def _at_award(rows: pd.DataFrame) -> pd.Series:
    """What each line costs at its award, an amount; empty where the list states no price."""
    names = ["base_units", "awarded_unit_price", "stated_price", "stated_per_pack", "units_per_pack"]
    values = [_amount(*row) for row in rows[names].itertuples(index=False)]
    return pd.Series(values, index=rows.index, dtype="Int64")


def _amount(units: int, awarded: object, stated: object, is_per_pack: object, pack: object) -> object:
    if not pd.isna(stated) and is_per_pack and not pd.isna(pack):  # type: ignore[call-overload]
        return divide(int(units) * int(stated), int(pack) * PRICE_PER_AMOUNT)  # type: ignore[call-overload]
    price = awarded if pd.isna(stated) or is_per_pack else stated  # type: ignore[call-overload]
    return pd.NA if pd.isna(price) else divide(int(units) * int(price), PRICE_PER_AMOUNT)  # type: ignore[call-overload]
