"""Whether a purchase line is of a drug or a consumable: what `replace` needs to know.

In this order: what the register has of the product, the form of its code, what the row says, what the
headings and the title of its sheet say, and last what all other lines of the file are.
"""

import re

import pandas as pd
from sqlalchemy import Connection, Select, func, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from etl.rows import Rows
from etl.sheets.table import Table
from procurement.frames import read_frame
from procurement.tables import Batch, Listing, Product

DRUG, CONSUMABLE = "drug", "consumable"

_FORMS = ((re.compile(r"C\d{19}(\d{7})?"), CONSUMABLE), (re.compile(r"[XZ][A-Z]\d{2}[A-Z0-9]{19}"), DRUG))
"""国家医保药品代码 has 23 signs, 医保医用耗材代码 20, with its serial number 27."""

_SAID = ((DRUG, ("药品", "西药", "中成药")), (CONSUMABLE, ("耗材", "器械")))


def categories(rows: Rows, frame: pd.DataFrame, connection: Connection) -> pd.Series:
    """drug or consumable per row, empty where nothing tells."""
    known = _registered(connection, frame["product_code"].dropna().unique().tolist())
    found = frame["product_code"].map(known | _by_form(frame["product_code"], known)).astype("object")
    if rows.source.fields.get("category") is not None and rows.has("category"):
        found = found.where(found.notna(), rows.raw("category").map(_said))
    found = found.where(found.notna(), rows.spread([_of_sheet(table) for table in rows.tables], "object"))
    others = found.dropna().unique()
    return found.where(found.notna(), others[0]) if len(others) == 1 else found


def _registered(connection: Connection, codes: list[str]) -> dict[str, str]:
    """A product that is merged into another is what that one is."""
    twin = aliased(Product)
    category = func.coalesce(col(twin.category), col(Product.category))
    query: Select = select(col(Product.code), category).where(category.is_not(None))
    query = query.join(twin, col(twin.id) == col(Product.merged_into), isouter=True)
    wanted = set(codes)
    return {code: category for code, category in connection.execute(query) if code in wanted}


def _by_form(codes: pd.Series, known: dict[str, str]) -> dict[str, str]:
    forms = {code: _form(code) for code in codes.dropna().unique() if code not in known}
    return {code: category for code, category in forms.items() if category}


def _form(code: str) -> str | None:
    return next((category for form, category in _FORMS if form.fullmatch(code)), None)


def _of_sheet(table: Table) -> str | None:
    """药品名称 or 耗材编码 as a heading, 药品采购明细表 as a title; nothing where it speaks of both."""
    headings = [column.heading for column in table.columns.values()]
    return _said("|".join(headings)) or _said("|".join(table.above)) or _said(table.sheet)


def _said(text: object) -> str | None:
    found = [category for category, words in _SAID if any(word in str(text) for word in words)]
    return found[0] if len(found) == 1 else None


def keep_categories(connection: Connection, frame: pd.DataFrame, ids: dict[str, int]) -> None:
    """Tell the products that have no category yet what their purchase lines say."""
    said = frame.loc[frame["category"].notna(), ["product_code", "category"]].drop_duplicates("product_code")
    numbers = {int(ids[code]): category for code, category in said.itertuples(index=False)}
    empty = select(col(Product.id)).where(col(Product.category).is_(None))
    for number in connection.execute(empty).scalars().all():
        if number in numbers:
            values = {"category": numbers[number]}
            connection.execute(update(Product).where(col(Product.id) == number).values(values))


def take_categories_of_batches(connection: Connection) -> None:
    """A listed product is of its batch's category, whatever a purchase file said."""
    query: Select = (
        select(col(Listing.product_id), col(Batch.category))
        .join(Batch, col(Batch.id) == col(Listing.batch_id))
        .join(Product, col(Product.id) == col(Listing.product_id))
        .where(col(Product.category).is_distinct_from(col(Batch.category)))
    )
    for product_id, category in (
        read_frame(connection, query).drop_duplicates("product_id").itertuples(index=False)
    ):
        connection.execute(
            update(Product).where(col(Product.id) == int(product_id)).values(category=category)
        )
