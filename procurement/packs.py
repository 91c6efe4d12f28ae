"""What follows from a product's pack: base units of its purchases, unit prices that were awarded per pack."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, ScalarSelect, case, func, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from procurement.queries.merged import merged_products, with_merged
from procurement.tables import Listing, Product, Purchase, WithdrawnPurchase
from procurement.tables.purchase import QUANTITY_SCALE

PRODUCTS_PER_STATEMENT = 500


def apply_packs(connection: Connection, product_ids: Iterable[int]) -> None:
    """Base units of the products' purchases, and unit prices awarded per pack, by their present pack sizes.

    A product that is merged into another has that one's pack where its own is unknown, so those follow.
    Where no pack is known, packs have no base units and prices per pack no unit price. Withdrawn lines are
    kept right too: an undo brings them back.
    """
    ids = with_merged(product_ids, merged_products(connection))
    for start in range(0, len(ids), PRODUCTS_PER_STATEMENT):
        some = ids[start : start + PRODUCTS_PER_STATEMENT]
        for lines in (Purchase, WithdrawnPurchase):
            _apply_to_lines(connection, lines, some)
        pack = _present_pack(col(Listing.product_id))
        listed = update(Listing).where(col(Listing.product_id).in_(some), col(Listing.stated_per_pack))
        price = (2 * col(Listing.stated_price) + pack) // (2 * pack)
        connection.execute(listed.values(awarded_unit_price=price))


def _apply_to_lines(
    connection: Connection, lines: type[Purchase | WithdrawnPurchase], product_ids: tuple[int, ...]
) -> None:
    units_each = case((col(lines.is_pack), _present_pack(col(lines.product_id))), else_=1)
    units = col(lines.quantity) * units_each
    # A fraction of a base unit is none, and so is what an unknown pack holds.
    base_units = case((units % QUANTITY_SCALE == 0, units // QUANTITY_SCALE), else_=None)
    mine = update(lines).where(col(lines.product_id).in_(product_ids))
    connection.execute(mine.values(base_units=base_units))


def _present_pack(product_id: Any) -> ScalarSelect[int]:
    own, twin = aliased(Product), aliased(Product)
    query = select(func.coalesce(col(own.units_per_pack), col(twin.units_per_pack)))
    query = query.select_from(own).join(twin, col(twin.id) == col(own.merged_into), isouter=True)
    return query.where(col(own.id) == product_id).scalar_subquery()
