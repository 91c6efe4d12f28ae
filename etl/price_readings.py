"""A price per pack in a column per base unit, or the other way round, and nothing that tells which it is.

    5.60 awarded for a box of 14, and a line says 0.40 元/盒: as a price per tablet it is the awarded one

The line stands as it is written; the sentence has both readings. What the product is known to cost is its
latest awarded price, else its baseline; prices of neither reading near it say nothing here (the landing
check compares them).
"""

import pandas as pd
from sqlalchemy import Connection, select
from sqlmodel import col

from etl.problem_kinds.mention import PRICE_OTHER_READING
from etl.problem_kinds.skip import PRICE_OFF_BY_SCALE
from etl.quantities import quotients
from etl.rows import Rows
from etl.values.units import TEN_THOUSAND
from procurement.frames import read_frame
from procurement.money import PRICE_SCALE, decimal_text, multiply, price_in_yuan
from procurement.tables import Listing, Product

TOKEN_PRICE = PRICE_SCALE // 100

NEAR = (4, 5)
"""A price is near another that it is at least 4/5 of, and at most 5/4."""


def report_other_readings(rows: Rows, frame: pd.DataFrame, connection: Connection) -> None:
    """Mention prices that fit what the product costs only by the other unit."""
    prices = frame["product_code"].map(_known_prices(connection)).astype("Int64")
    _report_scale(rows, frame, prices)
    doubtful = frame["stated_price"].notna() & (frame["units_per_pack"] > 1).fillna(False)
    if not doubtful.any():
        return
    packs, packed = frame["units_per_pack"].where(doubtful), frame["is_pack"].fillna(False).astype(bool)
    known = prices.where(~pd.Series(rows.bad))
    read = quotients(frame["unit_price"].where(doubtful), packs.where(packed, 1))
    other = multiply(read, packs).where(packed, quotients(read, packs))
    where = _is_near(other, known) & ~_is_near(read, known)
    if where.any():
        words = {"read": _texts(read, where), "other": _texts(other, where), "known": _texts(known, where)}
        rows.report(PRICE_OTHER_READING, where, "unit_price", **words)


def _report_scale(rows: Rows, frame: pd.DataFrame, known: pd.Series) -> None:
    """Refuse lines that cost ten thousand times what the product does, or a ten-thousandth: 元 and 万元.

    A price of 0.01 is a token, and beside 万片 a price has its own question.
    """
    is_token = frame["stated_price"].isin((0, TOKEN_PRICE))
    doubtful = known.notna() & (frame["quantity_factor"] == 1).fillna(False) & ~is_token
    if not doubtful.any():
        return
    packed = frame["is_pack"].fillna(False).astype(bool)
    packs = frame["units_per_pack"].where(packed, 1)
    read = quotients(frame["unit_price"].where(doubtful), packs)
    tiny = _is_near(frame["unit_price"].where(doubtful) * TEN_THOUSAND, multiply(known, packs))
    where = tiny | _is_near(read, known * TEN_THOUSAND)
    if where.any():
        words = {"read": _texts(read, where), "known": _texts(known, where)}
        rows.report(PRICE_OFF_BY_SCALE, where, "unit_price" if rows.has("unit_price") else "amount", **words)


def _known_prices(connection: Connection) -> dict[str, int]:
    """What a base unit of each listed product costs, in 10⁻⁶ yuan."""
    query = (
        select(col(Product.code), col(Listing.awarded_unit_price), col(Listing.baseline_unit_price))
        .join(Product, col(Product.id) == col(Listing.product_id))
        .order_by(col(Listing.starts_on))
    )
    listed = read_frame(connection, query)
    price = listed["awarded_unit_price"].fillna(listed["baseline_unit_price"])
    return dict(zip(listed["code"][price.notna()], price.dropna().astype(int), strict=True))


def _is_near(price: pd.Series, known: pd.Series) -> pd.Series:
    below, above = NEAR
    return ((price * above >= known * below) & (price * below <= known * above)).fillna(False).astype(bool)


def _texts(prices: pd.Series, where: pd.Series) -> pd.Series:
    return prices[where].map(lambda price: decimal_text(price_in_yuan(price))).reindex(prices.index)
