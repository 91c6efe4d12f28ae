"""Products that a person confirmed to be another one: their rows stay, and are read as rows of the other."""

from collections.abc import Iterable

import pandas as pd
from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from procurement.tables import Product


def merged_products(connection: Connection) -> dict[int, int]:
    """Product id → id of the product that it was merged into. Chains do not exist."""
    query = select(col(Product.id), col(Product.merged_into)).where(col(Product.merged_into).is_not(None))
    return {row.id: row.merged_into for row in connection.execute(query)}


def merged_codes(connection: Connection) -> dict[str, str]:
    """Product code → code of the product that it was merged into."""
    other = aliased(Product)
    query = select(col(Product.code), col(other.code)).join(other, col(other.id) == col(Product.merged_into))
    return dict(connection.execute(query).all())


def read_as(products: pd.Series, merged: dict[int, int]) -> pd.Series:
    """Product ids as they are counted; empty ones stay empty."""
    return products.map(merged).astype("Int64").fillna(products) if merged else products


def with_merged(product_ids: Iterable[int], merged: dict[int, int]) -> tuple[int, ...]:
    """The products with all that are merged into them."""
    targets = set(product_ids)
    return tuple(sorted(targets | {number for number, target in merged.items() if target in targets}))
