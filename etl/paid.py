"""What a purchase line paid: the stated amount where it fits quantity × price, else quantity × price.

    |amount − quantity × price| ≤ 0.01 yuan      the amount stands
    … ≤ 0.5 % of quantity × price                it stands, and is mentioned: the price was rounded
    beyond                                       quantity × price, mentioned with both figures

The tolerances stand in tolerances.toml with their reasons.
"""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from etl.problem_kinds.mention import (
    AMOUNT_DIFFERS,
    AMOUNT_ROUNDED,
    PRICE_IN_YUAN,
    PRICE_OTHER_UNIT,
    PRICE_PER_TEN_THOUSAND,
    PRICE_SCALED,
)
from etl.problem_kinds.skip import (
    NUMBER_TOO_LARGE,
    PACK_SIZE_UNKNOWN,
    PRICE_MISSING,
    SIGN_DIFFERS,
    UNKNOWN_UNIT,
)
from etl.quantities import decided, quotients
from etl.rows import Rows
from etl.values.cells import LARGEST_AMOUNT
from procurement.money import AMOUNT_SCALE, PRICE_SCALE, decimal_text, multiply, to_amount, yuan
from procurement.tables.purchase import QUANTITY_SCALE

QUANTITY_TIMES_PRICE = QUANTITY_SCALE * PRICE_SCALE // AMOUNT_SCALE
"""What (1/10000 of a unit) × (10⁻⁶ yuan) is divided by to be an amount of 1/10000 yuan."""


@dataclass(frozen=True)
class Tolerances:
    """`equal` and `jump_floor` in 1/10000 yuan; `rounded` a fraction of quantity × price; `jump` in times."""

    equal: int
    rounded: Decimal
    jump: int
    jump_floor: int


@cache
def tolerances() -> Tolerances:
    path = Path(__file__).parent / "tolerances.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return Tolerances(
        to_amount(entries["amount_equal"]["value"]),
        entries["amount_rounded"]["value"],
        entries["amount_jump"]["value"],
        to_amount(entries["amount_jump_floor"]["value"]),
    )


def prices_per_quantity(rows: Rows, frame: pd.DataFrame) -> None:
    """Set `unit_price` per the unit of the quantity: per pack where it counts packs, else per base unit.

    A price whose heading says otherwise is converted; without a price it is amount ÷ quantity.
    """
    units = decided(frame["price_unit"], frame["base_unit"], frame["units_per_pack"])
    stated = frame["price_unit"].notna() & frame["stated_price"].notna()
    field = "price_unit" if rows.has("price_unit") else "unit_price"
    rows.report(UNKNOWN_UNIT, stated & units["is_pack"].isna(), field, base_unit="")
    differs = stated & (units["is_pack"] != frame["is_pack"]).fillna(False)
    rows.report(PACK_SIZE_UNKNOWN, differs & frame["units_per_pack"].isna(), "unit_price")
    factor = units["factor"].where(frame["price_unit"].notna(), _ten_thousands(rows, frame))
    price = _divided(frame["stated_price"], factor.fillna(1))
    if differs.any():
        packs = frame["units_per_pack"].where(differs)
        converted = quotients(price, packs).where(units["is_pack"].fillna(False), multiply(price, packs))
        price = price.mask(differs, converted)
    price = _in_yuan(rows, frame, price)
    price = _in_unit_of_quantity(rows, frame, price)
    frame["unit_price"] = price.fillna(_amount_by_quantity(frame))
    missing = frame["stated_price"].isna() & frame["unit_price"].isna()
    rows.report(PRICE_MISSING, missing & ~pd.Series(rows.bad), "unit_price")


def _in_yuan(rows: Rows, frame: pd.DataFrame, price: pd.Series) -> pd.Series:
    """Prices under `单位：万元` that only fit their amount when they, too, are of 万元, as yuan."""
    factor = frame["money_above"].where(price.notna())
    if factor.isna().all():
        return price
    named = factor.dropna().iloc[0]
    if frame["amount"].isna()[factor.notna()].any():
        rows.mention(PRICE_IN_YUAN, "unit_price", factor=named)
    scaled = multiply(price, factor)
    fits = _only_fits(frame, scaled, price)
    if fits.any():
        rows.mention(PRICE_SCALED, "unit_price", factor=named)
    return price.mask(fits, scaled)


def _only_fits(frame: pd.DataFrame, price: pd.Series, instead_of: pd.Series) -> pd.Series:
    """Where the stated amount is quantity × `price`, and is not quantity × the price it would replace."""
    amount, quantity = frame["amount"], frame["quantity"]
    near = _is_near(amount, multiply(quantity, price, QUANTITY_TIMES_PRICE))
    return near & (amount != 0).fillna(False) & ~_fits(amount, quantity, instead_of)


def _fits(amount: pd.Series, quantity: pd.Series, price: pd.Series) -> pd.Series:
    product = multiply(quantity, price, QUANTITY_TIMES_PRICE)
    return ((amount - product).abs() <= tolerances().equal).fillna(False) | _is_near(amount, product)


def _in_unit_of_quantity(rows: Rows, frame: pd.DataFrame, price: pd.Series) -> pd.Series:
    """A price per 盒 beside a quantity of 片, or the other way round, where only that fits the amount."""
    open_ones = frame["amount"].notna() & ~_fits(frame["amount"], frame["quantity"], price)
    if not open_ones.any():
        return price
    packs = frame["units_per_pack"].where(open_ones & (frame["units_per_pack"] > 1).fillna(False))
    in_packs = frame["is_pack"].fillna(False).astype(bool)
    converted = multiply(price, packs).where(in_packs, quotients(price, packs))
    fits = _only_fits(frame, converted, price)
    if fits.any():
        product = multiply(frame["quantity"], price, QUANTITY_TIMES_PRICE)
        words = {"amount": _texts(frame["amount"], fits), "product": _texts(product, fits)}
        rows.report(PRICE_OTHER_UNIT, fits, "unit_price", **words, pack=packs)
    return price.mask(fits, converted)


def _divided(prices: pd.Series, factor: pd.Series) -> pd.Series:
    """Prices per 万片 as prices per 片, half up; all others as they are."""
    scaled = factor > 1
    return prices.mask(scaled, quotients(prices.where(scaled), factor)) if scaled.any() else prices


def _ten_thousands(rows: Rows, frame: pd.DataFrame) -> pd.Series:
    """What a price without a unit of its own is divided by where the quantity counts 万片.

    It is per 万片, as the quantity, unless the amount shows it to be per 片.
    """
    scaled = (frame["quantity_factor"] > 1).fillna(False) & frame["stated_price"].notna()
    if not scaled.any():
        return frame["quantity_factor"]
    rows.report(
        PRICE_PER_TEN_THOUSAND, scaled & frame["amount"].isna() & frame["price_unit"].isna(), "unit_price"
    )
    single = multiply(frame["quantity"].where(scaled), frame["stated_price"], QUANTITY_TIMES_PRICE)
    is_single = _is_near(frame["amount"], single)
    return frame["quantity_factor"].mask(is_single, 1)


def _is_near(amount: pd.Series, product: pd.Series) -> pd.Series:
    """Whether the amount is quantity × price but for the rounding of the price."""
    share = tolerances().rounded.as_integer_ratio()
    return ((amount - product).abs() * share[1] <= product.abs() * share[0]).fillna(False)


def _amount_by_quantity(frame: pd.DataFrame) -> pd.Series:
    """Unit prices of the lines that state an amount and no price, at 10⁻⁶ yuan, half up."""
    fits = frame["stated_price"].isna() & frame["amount"].notna() & (frame["quantity"] != 0).fillna(False)
    if not fits.any():
        return pd.Series(pd.NA, index=frame.index, dtype="Int64")
    amount, quantity = frame["amount"].where(fits).abs(), frame["quantity"].where(fits).abs()
    return quotients(amount, quantity, QUANTITY_TIMES_PRICE)


def paid_amounts(rows: Rows, frame: pd.DataFrame) -> None:
    """Set `paid_amount` by the rule above."""
    product = multiply(frame["quantity"], frame["unit_price"], QUANTITY_TIMES_PRICE)
    too_large = (product.abs() > LARGEST_AMOUNT * AMOUNT_SCALE).fillna(False)
    rows.report(NUMBER_TOO_LARGE, too_large, "unit_price")
    amount, given = frame["amount"], frame["amount"].notna() & product.notna()
    opposite = given & (amount * product.clip(-1, 1) < 0).fillna(False)
    rows.report(
        SIGN_DIFFERS,
        opposite,
        "amount",
        quantity=rows.raw("quantity"),
        amount=_texts(amount, opposite),
    )
    allowed = tolerances()
    equal = given & ((amount - product).abs() <= allowed.equal).fillna(False)
    rounded = given & ~equal & _is_near(amount, product)
    beyond = given & ~equal & ~rounded & ~opposite
    words = {"amount": _texts(amount, rounded | beyond), "product": _texts(product, rounded | beyond)}
    rows.report(AMOUNT_ROUNDED, rounded, "amount", **words, tolerance=f"{allowed.rounded:.1%}")
    rows.report(AMOUNT_DIFFERS, beyond, "amount", **words)
    by_amount = frame["stated_price"].isna() & amount.notna()
    frame["paid_amount"] = product.mask(equal | rounded | by_amount, amount)


def _texts(amounts: pd.Series, where: pd.Series) -> pd.Series:
    """The amounts that a sentence names, in yuan."""
    texts = np.full(len(amounts), None, dtype="object")
    texts[where] = [decimal_text(yuan(amount)) for amount in amounts[where]]
    return pd.Series(texts, index=amounts.index)
