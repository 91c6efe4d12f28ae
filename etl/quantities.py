"""Quantities and prices of different units → packs or base units, exact or not at all.

The unit of a figure is what its heading says, else the unit column, else what stands above the table
(单位:万片), else nothing, and then it counts packs.
"""

from collections.abc import Callable
from functools import cache, lru_cache

import pandas as pd

from etl.cells import FINE_QUANTITY_SCALE, LARGEST_QUANTITY, word
from etl.problem_kinds.mention import UNIT_ASSUMED_PACK
from etl.problem_kinds.skip import FRACTION_OF_UNIT, NUMBER_TOO_LARGE, UNKNOWN_UNIT
from etl.problem_kinds.stop import VOLUME_IN_MONEY
from etl.rows import Rows
from etl.units import Unit, is_pack, unit_of
from procurement.money import divide
from procurement.tables.purchase import QUANTITY_SCALE

FINE_PER_QUANTITY = FINE_QUANTITY_SCALE // QUANTITY_SCALE


def unit_words(rows: Rows, figure: str, unit_field: str) -> pd.Series:
    """The unit word of each row's `figure` column, None where nothing tells it."""
    heading = rows.told(figure, lambda column, table: column.hint.unit)
    above = rows.told(figure, lambda column, table: table.unit_above)
    stated = rows.read(unit_field, word)
    words = heading.where(heading.notna(), stated)
    return words.where(words.notna(), above)


def refuse_money(rows: Rows, figure: str) -> None:
    """约定采购量（万元） is money, not a quantity of anything."""
    if rows.told(figure, lambda column, table: column.hint.money).notna().any():
        rows.mention(VOLUME_IN_MONEY, figure)


@lru_cache(maxsize=10_000)
def decide(word: str | None, base_unit: str | None, units_per_pack: int | None) -> tuple[bool, int] | None:
    """Whether a figure counts packs of the product, and the factor of 万; None for a word that is neither."""
    if word is None:
        return True, 1
    unit = Unit(word) if word == base_unit else unit_of(word)
    if unit is None:
        return None
    packed = is_pack(unit.word, base_unit, units_per_pack)
    return None if packed is None else (packed, unit.factor)


def decided(words: pd.Series, base_units: pd.Series, packs: pd.Series) -> pd.DataFrame:
    """`is_pack` and `factor` per row; missing where the unit is unknown."""
    each = [
        decide(_or_none(stated), _or_none(base), None if pd.isna(pack) else int(pack))
        for stated, base, pack in zip(words, base_units, packs, strict=True)
    ]
    return pd.DataFrame(
        {
            "is_pack": pd.Series([None if d is None else d[0] for d in each], dtype="boolean"),
            "factor": pd.Series([None if d is None else d[1] for d in each], dtype="Int64"),
        }
    )


def _or_none(text: object) -> str | None:
    return text if isinstance(text, str) else None


def units_of(rows: Rows, frame: pd.DataFrame, figure: str, words: pd.Series) -> pd.DataFrame:
    """`is_pack` and `factor` of the quantities in `figure`, by unit words and what is known of the products.

    Reported are words that fit neither, and once that figures without any were read as packs; where a pack
    is one base unit, that makes no difference and is not worth a word.
    """
    units = decided(words, frame["base_unit"], frame["units_per_pack"])
    named = frame["base_unit"].map(lambda base: f"（{base}）" if isinstance(base, str) else "")
    rows.report(
        UNKNOWN_UNIT, units["is_pack"].isna(), "unit" if rows.has("unit") else figure, base_unit=named
    )
    if (words.isna() & (frame["units_per_pack"] != 1).fillna(True)).any():
        rows.mention(UNIT_ASSUMED_PACK, figure)
    return units


def stated_quantity(rows: Rows, figure: str, fine: pd.Series, factor: pd.Series) -> pd.Series:
    """Quantities in 1/10000 of their unit, 万 multiplied out; too fine or too large ones are reported."""
    scaled = fine * factor
    too_large = (scaled.abs() > LARGEST_QUANTITY * FINE_QUANTITY_SCALE).fillna(False)
    too_fine = (scaled % FINE_PER_QUANTITY != 0).fillna(False) & ~too_large
    rows.report(NUMBER_TOO_LARGE, too_large, figure)
    rows.report(FRACTION_OF_UNIT, too_fine, figure)
    return (scaled // FINE_PER_QUANTITY).mask(too_large | too_fine)


def base_units_of(
    rows: Rows, figure: str, quantity: pd.Series, packed: pd.Series, packs: pd.Series
) -> pd.Series:
    """Whole base units; missing where a pack's size is unknown. A fraction of one is reported."""
    per = packs.where(packed.fillna(True).astype(bool), 1).astype("Int64")
    product = quantity * per
    whole = product // QUANTITY_SCALE
    rows.report(FRACTION_OF_UNIT, (product % QUANTITY_SCALE != 0).fillna(False), figure)
    too_large = (whole.abs() > LARGEST_QUANTITY).fillna(False)
    rows.report(NUMBER_TOO_LARGE, too_large, figure)
    return whole.mask(too_large)


def per_row(function: Callable[..., int], *columns: pd.Series) -> pd.Series:
    """`function` of whole numbers, each distinct combination once; missing where one is missing."""
    known = cache(function)
    values = [
        None if any(pd.isna(v) for v in row) else known(*map(int, row)) for row in zip(*columns, strict=True)
    ]
    return pd.Series(values, index=columns[0].index, dtype="Int64")


def price_per_base_unit(stated: pd.Series, packed: pd.Series, packs: pd.Series) -> pd.Series:
    """A stated price per base unit at 10⁻⁶ yuan, half up; missing where the pack is needed and unknown."""
    per = packs.where(packed.fillna(True).astype(bool), 1).astype("Int64")
    return per_row(divide, stated, per)
