"""Purchase lines one by one, as they were reported, with the file, sheet and row that each came from."""

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from procurement.frames import read_frame
from procurement.tables import Import, Product, Purchase


def purchase_details(connection: Connection, *conditions: ColumnElement[bool]) -> pd.DataFrame:
    """One row per purchase line that meets the conditions on Purchase, by institution, day, import and row.

    The number of a line (`purchase_id`) plays no part: one that an undo brought back has a new one.
    `product_id` is the product that the line counts under; code, name and spec are those of that product.
    """
    named, counted = aliased(Product), aliased(Product)
    query: Select = (
        select(
            col(Purchase.id).label("purchase_id"),
            col(Purchase.institution_id),
            col(counted.id).label("product_id"),
            col(counted.code).label("product_code"),
            col(counted.name).label("product_name"),
            col(counted.spec),
            col(counted.base_unit),
            col(counted.manufacturer),
            col(Purchase.bought_on),
            col(Purchase.is_whole_month),
            col(Purchase.quantity),
            col(Purchase.is_pack),
            col(Purchase.base_units),
            col(Purchase.unit_price),
            col(Purchase.paid_amount),
            col(Purchase.distributor),
            col(Purchase.invoice),
            col(Purchase.accepted_on),
            col(Purchase.paid_on),
            col(Purchase.import_id),
            col(Import.file_name),
            col(Purchase.sheet),
            col(Purchase.row_number),
        )
        .join(named, col(Purchase.product_id) == col(named.id))
        .join(counted, func.coalesce(col(named.merged_into), col(named.id)) == col(counted.id))
        .join(Import, col(Purchase.import_id) == col(Import.id))
        .where(*conditions)
        .order_by(
            col(Purchase.institution_id),
            col(Purchase.bought_on),
            col(Purchase.import_id),
            col(Purchase.sheet),
            col(Purchase.row_number),
            col(Purchase.id),
        )
    )
    return read_frame(connection, query)


def file_names(connection: Connection) -> dict[int, str]:
    """The file of each import."""
    rows = connection.execute(select(col(Import.id), col(Import.file_name)))
    return {int(row.id): row.file_name for row in rows}
