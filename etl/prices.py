"""Stated prices → prices per base unit."""

import pandas as pd

from etl.problem_kinds.skip import PACK_SIZE_UNKNOWN, UNKNOWN_UNIT
from etl.problem_kinds.stop import PRICES_IN_TEN_THOUSANDS
from etl.quantities import decided, in_brackets, price_per_base_unit, unit_in_cells
from etl.rows import Rows
from etl.sheets.table import Column, Table
from etl.values.cells import word
from etl.values.hints import stated_above


def price_words(rows: Rows, price: str) -> pd.Series:
    """The word that a price counts by: its heading's, else the 计价单位 column's, else what stands above."""
    heading = rows.told(price, lambda column, table: column.hint.unit)
    words = heading.where(heading.notna(), rows.read("price_unit", word))
    return unit_in_cells(rows, price, words.where(words.notna(), rows.told(price, _unit_above)))


def _unit_above(column: Column, table: Table) -> str | None:
    """`单位：元/片` is about prices; a bare `单位：片` is, where there are no quantities."""
    stated = [stated_above(text) for text in table.units_above]
    units = [hint.unit for hint in stated if hint.unit and (hint.money or "quantity" not in table.columns)]
    return units[-1] if units else None


def money_above(column: Column, table: Table) -> int | None:
    """The multiple of a yuan that stands above the table for a column that does not say its own."""
    stated = [stated_above(text).money for text in table.units_above]
    factors = [factor for factor in stated if factor and factor > 1]
    return factors[-1] if factors and not column.hint.money else None


def refuse_ten_thousands(rows: Rows, *prices: str) -> None:
    """`单位：万元` above a list: its prices may be yuan or not, and nothing beside them could tell."""
    for price in prices:
        factors = rows.told(price, money_above).dropna()
        if not factors.empty:
            rows.mention(PRICES_IN_TEN_THOUSANDS, price, factor=factors.iloc[0])


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
        # A price per 万片 is none that lists state: rather refused than off by ten thousand.
        has_price & (units["is_pack"].isna() | (units["factor"] > 1).fillna(False)),
        "price_unit" if rows.has("price_unit") else field,
        base_unit=frame["base_unit"].map(in_brackets),
    )
    packed = units["is_pack"].fillna(False).astype(bool)
    unknown = has_price & packed & frame["units_per_pack"].isna()
    if unknown.any():
        rows.report(PACK_SIZE_UNKNOWN, unknown & rows.is_blank("units_per_pack"), field)
    return price_per_base_unit(frame[price], packed, frame["units_per_pack"]), packed & has_price


def _unsaid(frame: pd.DataFrame) -> pd.Series:
    only_base = frame["units_per_pack"].isna() & frame["base_unit"].notna()
    return pd.Series("盒", index=frame.index).mask(only_base, "最小单位")
