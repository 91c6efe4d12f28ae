"""Stated prices → prices per base unit."""

import pandas as pd

from etl.cells import word
from etl.problem_kinds.skip import PACK_SIZE_UNKNOWN, UNKNOWN_UNIT
from etl.quantities import decided, price_per_base_unit
from etl.rows import Rows


def price_words(rows: Rows, price: str) -> pd.Series:
    """The word that a price counts by: its heading's, else the 计价单位 column's, else None."""
    heading = rows.told(price, lambda column, table: column.hint.unit)
    return heading.where(heading.notna(), rows.read("price_unit", word))


def per_base_unit(
    rows: Rows, frame: pd.DataFrame, price: str, word: str, field: str
) -> tuple[pd.Series, pd.Series]:
    """The prices in column `price` per base unit, and whether they were stated per pack.

    Without a word a price is per pack; where no pack size is known but a base unit is, per base unit.
    """
    words = frame[word].where(frame[word].notna(), _unsaid(frame))
    units = decided(words, frame["base_unit"], frame["units_per_pack"])
    has_price = frame[price].notna()
    rows.report(
        UNKNOWN_UNIT,
        has_price & units["is_pack"].isna(),
        "price_unit" if rows.has("price_unit") else field,
        base_unit=frame["base_unit"].map(lambda unit: f"（{unit}）" if isinstance(unit, str) else ""),
    )
    packed = units["is_pack"].fillna(False).astype(bool)
    unknown = has_price & packed & frame["units_per_pack"].isna()
    if unknown.any():
        rows.report(PACK_SIZE_UNKNOWN, unknown & rows.is_blank("units_per_pack"), field)
    return price_per_base_unit(frame[price], packed, frame["units_per_pack"]), packed & has_price


def _unsaid(frame: pd.DataFrame) -> pd.Series:
    only_base = frame["units_per_pack"].isna() & frame["base_unit"].notna()
    return pd.Series("盒", index=frame.index).mask(only_base, "最小单位")
