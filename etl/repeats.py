"""Purchase lines that were counted before: by another import, or on another sheet of the same file."""

import pandas as pd
from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from etl.problem_kinds.skip import ALREADY_LOADED, REPEATED_ON_OTHER_SHEET
from etl.register import Context
from etl.rows import Rows
from procurement.frames import read_frame
from procurement.queries.merged import merged_codes
from procurement.tables import Import, Product, Purchase

KEY = ["institution_id", "product_code", "bought_on", "quantity", "is_pack", "unit_price", "invoice"]
"""What makes two lines the same purchase; an invoice that both leave empty is the same one."""


def report_repeated_on_other_sheet(rows: Rows, frame: pd.DataFrame) -> None:
    """Equal lines on one sheet are two purchases; on two sheets they are a copy."""
    if len(rows.tables) < 2:
        return
    lines = frame.loc[~rows.bad, KEY].assign(sheet=rows.sheet[~rows.bad], number=rows.number[~rows.bad])
    groups = lines.groupby(KEY, dropna=False, sort=False)
    first_sheet, first_row = groups["sheet"].transform("first"), groups["number"].transform("first")
    where = (lines["sheet"] != first_sheet).reindex(frame.index, fill_value=False)
    rows.report(
        REPEATED_ON_OTHER_SHEET,
        where,
        first_sheet=first_sheet.reindex(frame.index),
        first_row=first_row.reindex(frame.index),
    )


def report_already_loaded(rows: Rows, frame: pd.DataFrame, context: Context) -> None:
    lines = frame.loc[~rows.bad, KEY]
    if lines.empty:
        return
    lines = lines.assign(product_code=lines["product_code"].replace(merged_codes(context.connection)))
    loaded = _loaded(context.connection, lines)
    if loaded.empty:
        return
    found = lines.assign(row=lines.index).merge(loaded, on=KEY, how="inner").set_index("row")
    rows.report(
        ALREADY_LOADED,
        frame.index.isin(found.index),
        import_id=found["import_id"].reindex(frame.index),
        import_file=found["file_name"].reindex(frame.index),
    )


def _loaded(connection: Connection, lines: pd.DataFrame) -> pd.DataFrame:
    """Lines in the ledger of these institutions and days, one row per key, by the product they count as."""
    twin = aliased(Product)
    institutions = [int(number) for number in lines["institution_id"].dropna().unique()]
    query: Select = (
        select(
            col(Purchase.institution_id),
            func.coalesce(col(twin.code), col(Product.code)).label("product_code"),
            col(Purchase.bought_on),
            col(Purchase.quantity),
            col(Purchase.is_pack),
            col(Purchase.unit_price),
            col(Purchase.invoice),
            col(Purchase.import_id),
            col(Import.file_name),
        )
        .join(Product, col(Product.id) == col(Purchase.product_id))
        .join(twin, col(twin.id) == col(Product.merged_into), isouter=True)
        .join(Import, col(Import.id) == col(Purchase.import_id))
        .where(
            col(Purchase.institution_id).in_(institutions),
            col(Purchase.bought_on).between(lines["bought_on"].min().date(), lines["bought_on"].max().date()),
        )
    )
    return read_frame(connection, query).drop_duplicates(KEY)
