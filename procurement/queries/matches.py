"""Products without a code, what was bought of them, and what people decided about them."""

import pandas as pd
from sqlalchemy import Connection, Select, Subquery, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from procurement.database import total
from procurement.filters import Filters
from procurement.frames import read_frame
from procurement.queries.conditions import narrows_institutions, of_institutions
from procurement.tables import Institution, Listing, Product, ProductMatch, Purchase

MATCH_COLUMNS = {
    "provisional_code": "provisional_code",
    "provisional_name": "provisional_name",
    "provisional_spec": "provisional_spec",
    "provisional_manufacturer": "provisional_manufacturer",
    "product_code": "product_code",
    "product_name": "product_name",
    "spec": "spec",
    "manufacturer": "manufacturer",
    "score": "match_score",
    "differs": "match_differs",
    "lines": "lines",
    "paid_amount": "paid_amount",
}
"""Public name → column of a proposal, as `vbp matches list` prints it."""

DECISION_COLUMNS = {
    name: column for name, column in MATCH_COLUMNS.items() if name not in ("differs", "lines", "paid_amount")
} | {"decision": "match_decision", "decided_at": "decided_at", "decided_by": "decided_by"}


def provisional_products(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per product without a code that is merged into none: its words, `lines`, `paid_amount`.

    `is_listed`: a list names it, so that it is not outside the catalogue. A reader who may not see every
    institution is told of what those within the scope bought, and of nothing else.
    """
    bought = _bought(filters)
    query: Select = (
        select(
            *_words(Product, "provisional"),
            func.coalesce(bought.c.lines, 0).label("lines"),
            func.coalesce(bought.c.paid_amount, 0).label("paid_amount"),
            col(Product.id).in_(select(col(Listing.product_id))).label("is_listed"),
        )
        .join(bought, bought.c.product_id == col(Product.id), isouter=not narrows_institutions(filters))
        .where(col(Product.is_provisional), col(Product.merged_into).is_(None))
        .order_by(func.coalesce(bought.c.paid_amount, 0).desc(), col(Product.id))
    )
    return read_frame(connection, query)


def _words(product: type[Product], prefix: str) -> list:
    names = {"id": "id", "code": "code", "name": "name", "spec": "spec", "manufacturer": "manufacturer"}
    return [col(getattr(product, name)).label(f"{prefix}_{said}") for name, said in names.items()]


def _bought(filters: Filters) -> Subquery:
    """Lines and amount per provisional product, at the institutions that may be seen."""
    query: Select = (
        select(
            col(Purchase.product_id),
            func.count(col(Purchase.id)).label("lines"),
            total(col(Purchase.paid_amount)).label("paid_amount"),
        )
        .join(Product, col(Product.id) == col(Purchase.product_id))
        .where(col(Product.is_provisional))
        .group_by(col(Purchase.product_id))
    )
    if narrows_institutions(filters):
        query = of_institutions(
            query.join(Institution, col(Institution.id) == col(Purchase.institution_id)), filters
        )
    return query.subquery()


def decisions(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per pair whose latest decision stands (confirmed or rejected), newest first.

    A restricted reader is told of products that institutions within the scope bought.
    """
    provisional, product = aliased(Product), aliased(Product)
    latest = select(func.max(col(ProductMatch.id))).group_by(
        col(ProductMatch.provisional_id), col(ProductMatch.product_id)
    )
    query: Select = (
        select(
            *_words(provisional, "provisional"),
            col(product.id).label("product_id"),
            col(product.code).label("product_code"),
            col(product.name).label("product_name"),
            col(product.spec),
            col(product.manufacturer),
            col(ProductMatch.score).label("match_score"),
            col(ProductMatch.decision).label("match_decision"),
            col(ProductMatch.decided_at),
            col(ProductMatch.decided_by),
        )
        .join(provisional, col(provisional.id) == col(ProductMatch.provisional_id))
        .join(product, col(product.id) == col(ProductMatch.product_id))
        .where(col(ProductMatch.id).in_(latest), col(ProductMatch.decision) != "revoked")
        .order_by(col(ProductMatch.id).desc())
    )
    if narrows_institutions(filters):
        query = query.where(col(provisional.id).in_(select(_bought(filters).c.product_id)))
    return read_frame(connection, query)


def outside_totals(connection: Connection, filters: Filters = Filters()) -> dict[str, int]:
    """What was bought outside the catalogue: of products without a code that no list names and nobody joined.

    Beside it how many products without a code there are (`without_code`), and how many were `confirmed`.
    """
    waiting = provisional_products(connection, filters)
    outside = waiting[~waiting["is_listed"].astype(bool)]
    decided = decisions(connection, filters)
    return {
        "without_code": len(waiting),
        "confirmed": int((decided["match_decision"] == "confirmed").sum()),
        "products": int((outside["lines"] > 0).sum()),
        "lines": int(outside["lines"].sum()),
        "amount": int(outside["paid_amount"].sum()),
    }
