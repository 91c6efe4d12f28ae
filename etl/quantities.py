"""Quantities and prices of different units → packs or base units, exact or not at all.

The unit of a figure is what its heading says, else the unit column, else what stands above the table
(单位:万片), else nothing, and then it counts packs.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from etl.problem_kinds.mention import UNIT_ASSUMED_PACK, UNIT_BESIDE_FIGURE
from etl.problem_kinds.skip import FRACTION_OF_UNIT, NUMBER_TOO_LARGE, UNITS_CONTRADICT, UNKNOWN_UNIT
from etl.problem_kinds.stop import VOLUME_IN_MONEY
from etl.rows import Rows
from etl.values.cells import FINE_QUANTITY_SCALE, LARGEST_QUANTITY, figure_unit, word
from etl.values.units import Unit, is_pack, unit_of
from procurement.money import divide
from procurement.tables.purchase import QUANTITY_SCALE

FINE_PER_QUANTITY = FINE_QUANTITY_SCALE // QUANTITY_SCALE

LARGEST_EXACT = 2**61
"""Up to here twice a number and one more are exact in 64 bits."""


def unit_words(rows: Rows, figure: str, unit_field: str) -> pd.Series:
    """The unit word of each row's `figure` column, None where nothing tells it."""
    heading = rows.told(figure, lambda column, table: column.hint.unit)
    above = rows.told(figure, lambda column, table: table.unit_above)
    stated = rows.read(unit_field, word)
    words = heading.where(heading.notna(), stated)
    words = words.where(words.notna(), above)
    return unit_in_cells(rows, figure, words)


def unit_in_cells(rows: Rows, figure: str, words: pd.Series) -> pd.Series:
    """The unit words, where cells like 10盒 or 5.6元/盒 state one, theirs; two must be the same."""
    own = rows.read(figure, figure_unit)
    if own.isna().all():
        return words
    differs = own.notna() & words.notna() & (own.map(_bare) != words.map(_bare))
    rows.report(UNITS_CONTRADICT, differs, figure, unit=words)
    rows.mention(UNIT_BESIDE_FIGURE, figure, example=rows.raw(figure)[own.notna()].iloc[0])
    return own.where(own.notna(), words)


def _bare(text: object) -> object:
    """万盒 and 盒 are two units, 元/盒 and 盒 are one."""
    return (unit_of(text) or text) if isinstance(text, str) else text


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
    places, each = by_combination(_decide, words, base_units, packs)
    told = pd.DataFrame(
        {
            "is_pack": pd.Series([None if d is None else d[0] for d in each], dtype="boolean"),
            "factor": pd.Series([None if d is None else d[1] for d in each], dtype="Int64"),
        }
    )
    return told.take(places).set_index(words.index)


def _decide(word: Any, base_unit: Any, pack: Any) -> tuple[bool, int] | None:
    return decide(_or_none(word), _or_none(base_unit), None if pd.isna(pack) else int(pack))


def by_combination(function: Callable[..., Any], *columns: pd.Series) -> tuple[np.ndarray, list[Any]]:
    """`function` of each distinct combination of values; and per row, which of the results is its own."""
    places = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        codes, distinct = pd.factorize(column, use_na_sentinel=False)
        places = pd.factorize(places * max(len(distinct), 1) + codes)[0]
    _, first = np.unique(places, return_index=True)
    parts = [column.take(first) for column in columns]
    return places, [function(*values) for values in zip(*parts, strict=True)]


def _or_none(text: object) -> str | None:
    return text if isinstance(text, str) else None


def units_of(rows: Rows, frame: pd.DataFrame, figure: str, words: pd.Series) -> pd.DataFrame:
    """`is_pack` and `factor` of the quantities in `figure`, by unit words and what is known of the products.

    Reported are words that fit neither, and once that figures without any were read as packs; where a pack
    is one base unit, that makes no difference and is not worth a word.
    """
    units = decided(words, frame["base_unit"], frame["units_per_pack"])
    unknown = units["is_pack"].isna()
    named = frame.loc[unknown, "base_unit"].map(in_brackets).reindex(words.index)
    rows.report(UNKNOWN_UNIT, unknown, "unit" if rows.has("unit") else figure, base_unit=named)
    if (words.isna() & (frame["units_per_pack"] != 1).fillna(True)).any():
        rows.mention(UNIT_ASSUMED_PACK, figure)
    return units


def in_brackets(unit: object) -> str:
    """（片）, or nothing where nothing is known."""
    return f"（{unit}）" if isinstance(unit, str) else ""


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


def quotients(numerators: pd.Series, denominators: pd.Series, scale: int = 1) -> pd.Series:
    """`numerator × scale ÷ denominator` per row, half away from zero as procurement.money.divide has it.

    Exact; denominators are positive, missing stays missing.
    """
    present = (numerators.notna() & denominators.notna()).to_numpy()
    result = pd.Series(pd.NA, index=numerators.index, dtype="Int64")
    if present.any():
        above = numerators[present].astype("int64").to_numpy()
        below = denominators[present].astype("int64").to_numpy()
        result[present] = _quotients(above, below, scale)
    return result


def _quotients(above: np.ndarray, below: np.ndarray, scale: int) -> np.ndarray:
    if float(np.abs(above).max()) * scale + float(below.max()) >= LARGEST_EXACT:
        exact = [divide(int(a) * scale, int(b)) for a, b in zip(above, below, strict=True)]
        return np.array(exact, dtype="int64")
    return np.sign(above) * ((2 * scale * np.abs(above) + below) // (2 * below))


def price_per_base_unit(stated: pd.Series, packed: pd.Series, packs: pd.Series) -> pd.Series:
    """A stated price per base unit at 10⁻⁶ yuan, half up; missing where the pack is needed and unknown."""
    per = packs.where(packed.fillna(True).astype(bool), 1).astype("Int64")
    return quotients(stated, per)
