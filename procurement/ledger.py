"""Keep the lowest grain true: what of the monthly purchases an import touches is built anew,
and the roll-ups move with it.

Called inside the transaction of the import. There is one way of building a row, for new lines and for
old lines that a later list or price changes, so the order in which files are loaded does not matter.
"""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from sqlalchemy import ColumnElement, Connection, delete, select
from sqlmodel import SQLModel, col

from procurement import rollups
from procurement.frames import insert_frame, read_frame
from procurement.kept import kept
from procurement.measures.agreements import institution_awarded
from procurement.measures.grain import GRAIN, MEASURED, monthly_purchases
from procurement.measures.prices import resolve_listings
from procurement.periods import last_of_month
from procurement.queries.agreement import agreed_volumes, listings
from procurement.queries.merged import merged_products, read_as, with_merged
from procurement.queries.register import varieties
from procurement.tables import MonthlyPurchase, Purchase
from procurement.tables.rollup import ROLLUPS

IDS_PER_STATEMENT = 10_000
"""Parameters that one statement carries at most; SQLite allows 32 766."""


@dataclass(frozen=True)
class Touched:
    """What an import changed: some institutions' months, or some products in all months.

    Both empty means everything.
    """

    institution_ids: tuple[int, ...] = ()
    first_month: date | None = None
    last_month: date | None = None
    product_ids: tuple[int, ...] = ()


def rebuild(
    connection: Connection,
    touched: Touched = Touched(),
    basis: "PriceBasis | None" = None,
    lines: pd.DataFrame | None = None,
) -> int:
    """Build the monthly purchases of what was touched anew; returns how many rows they are now.

    `basis` saves reading all lists again, where the caller knows that they are as they were, and `lines`
    reading the purchase lines, where it knows that these are all there are.
    """
    built = 0
    basis = basis or price_basis(connection)
    for part in _parts(touched, merged_products(connection)):
        conditions = _grain_conditions(part)
        before = read_frame(connection, select(*_GRAIN_COLUMNS).where(*conditions))
        connection.execute(delete(MonthlyPurchase).where(*conditions))
        told = purchase_lines(connection, *_line_conditions(part)) if lines is None else lines
        rows = build(told, basis)
        insert_frame(connection, MonthlyPurchase, rows)
        rollups.move(connection, before, rows)
        built += len(rows)
    return built


def rebuild_everything(connection: Connection) -> int:
    """Build the grain and the roll-ups anew from the lines alone, whatever stands there."""
    tables: tuple[type[SQLModel], ...] = (MonthlyPurchase, *ROLLUPS)
    for table in tables:
        connection.execute(delete(table))
    return rebuild(connection)


_GRAIN_COLUMNS = [col(getattr(MonthlyPurchase, name)) for name in (*GRAIN, *MEASURED)]


@dataclass(frozen=True)
class PriceBasis:
    """Everything but the lines that the grain depends on."""

    listings: pd.DataFrame
    resolved: pd.DataFrame
    institution_prices: pd.DataFrame


@kept
def price_basis(connection: Connection) -> PriceBasis:
    listed = listings(connection)
    resolved = resolve_listings(listed, varieties(connection))
    return PriceBasis(listed, resolved, institution_awarded(agreed_volumes(connection), resolved))


def purchase_lines(connection: Connection, *conditions: ColumnElement[bool]) -> pd.DataFrame:
    """Purchase lines as the grain needs them: one row per line, nothing attributed yet.

    A product that is merged into another is told as that one.
    """
    query = select(
        col(Purchase.institution_id),
        col(Purchase.product_id),
        col(Purchase.bought_on),
        col(Purchase.is_whole_month),
        col(Purchase.base_units),
        col(Purchase.paid_amount),
    )
    lines = read_frame(connection, query.where(*conditions) if conditions else query)
    return as_counted(connection, lines)


def as_counted(connection: Connection, lines: pd.DataFrame) -> pd.DataFrame:
    """Lines with each product that is merged into another told as that one."""
    return lines.assign(product_id=read_as(lines["product_id"], merged_products(connection)))


def build(lines: pd.DataFrame, basis: PriceBasis) -> pd.DataFrame:
    """Monthly purchases of some lines."""
    return monthly_purchases(lines, basis.listings, basis.resolved, basis.institution_prices)


def _parts(touched: Touched, merged: dict[int, int]) -> list[Touched]:
    """The same in pieces that fit a statement, each product with those that are merged into it."""
    if not touched.product_ids:
        return [touched]
    ids = sorted({merged.get(number, number) for number in touched.product_ids})
    cuts = range(0, len(ids), IDS_PER_STATEMENT)
    return [
        replace(touched, product_ids=with_merged(ids[start : start + IDS_PER_STATEMENT], merged))
        for start in cuts
    ]


def _grain_conditions(touched: Touched) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if touched.institution_ids:
        conditions.append(col(MonthlyPurchase.institution_id).in_(touched.institution_ids))
    if touched.first_month and touched.last_month:
        conditions.append(col(MonthlyPurchase.month).between(touched.first_month, touched.last_month))
    if touched.product_ids:
        conditions.append(col(MonthlyPurchase.product_id).in_(touched.product_ids))
    return conditions


def _line_conditions(touched: Touched) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if touched.institution_ids:
        conditions.append(col(Purchase.institution_id).in_(touched.institution_ids))
    if touched.first_month and touched.last_month:
        last = last_of_month(touched.last_month)
        conditions.append(col(Purchase.bought_on).between(touched.first_month, last))
    if touched.product_ids:
        conditions.append(col(Purchase.product_id).in_(touched.product_ids))
    return conditions
