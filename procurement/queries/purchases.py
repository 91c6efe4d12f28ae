"""Monthly purchases, summed by what a figure is told by, for exactly the days that are asked for.

Whole months come from the grain that is kept at load. Where the days asked for begin or end inside a
month, that month is built from its lines by the same rule, so any day is as exact as a month's end.
"""

from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection, case, func, select
from sqlmodel import col

from procurement.database import read_frame, total
from procurement.filters import Filters
from procurement.ledger import build, price_basis, purchase_lines
from procurement.periods import add_months, first_of_month, last_of_month
from procurement.queries.conditions import narrows_batches, of_batches, of_institutions
from procurement.tables import Batch, Institution, MonthlyPurchase, Purchase, Variety

SUMS = [
    "lines",
    "unmeasured_lines",
    "base_units",
    "equivalent_units",
    "paid_amount",
    "baseline_amount",
    "compared_amount",
    "missed_amount",
]
"""Additive columns; compared_amount is what was paid where a baseline is known: saving = baseline − it."""


def monthly(connection: Connection, filters: Filters, by: list[str]) -> pd.DataFrame:
    """Sums of the grain by `by`: any of institution_id, product_id, month, batch_id, variety_id,
    agreement_year, is_selected. Purchases outside every batch have no batch_id."""
    whole, edges = _split(filters.first_day, filters.latest_day)
    parts = [_from_grain(connection, filters, by, whole)]
    parts += [_from_lines(connection, filters, by, first, last) for first, last in edges]
    parts = [part for part in parts if not part.empty]
    if len(parts) < 2:
        return parts[0] if parts else _from_grain(connection, filters, by, NO_MONTHS)
    summed = pd.concat(parts).groupby(by, dropna=False, sort=False)[SUMS].sum(min_count=1)
    return summed.reset_index()


Window = tuple[date | None, date | None]
NO_MONTHS: Window = (date.max, date.min)


def _split(first: date | None, last: date | None) -> tuple[Window, list[tuple[date, date]]]:
    """Whole months (first and last month, either may be open) and the days at the edges beside them."""
    edges = []
    first_month = first and first_of_month(first)
    last_month = last and first_of_month(last)
    if first and last and first_month == last_month and (first.day > 1 or last < last_of_month(last)):
        return NO_MONTHS, [(first, last)]
    if first and first.day > 1:
        edges.append((first, last_of_month(first)))
        first_month = add_months(first_of_month(first), 1)
    if last and last < last_of_month(last):
        edges.append((first_of_month(last), last))
        last_month = first_of_month(last) - timedelta(days=1)
    return (first_month, last_month), edges


def _from_grain(connection: Connection, filters: Filters, by: list[str], months: Window) -> pd.DataFrame:
    kept = MonthlyPurchase
    keys = [getattr(kept, name) for name in by]
    known = col(kept.baseline_amount).is_not(None)
    query = (
        select(
            *keys,
            total(col(kept.lines)).label("lines"),
            total(col(kept.unmeasured_lines)).label("unmeasured_lines"),
            total(col(kept.base_units)).label("base_units"),
            total(col(kept.equivalent_units)).label("equivalent_units"),
            total(col(kept.paid_amount)).label("paid_amount"),
            total(col(kept.baseline_amount)).label("baseline_amount"),
            total(case((known, col(kept.paid_amount)))).label("compared_amount"),
            total(col(kept.missed_amount)).label("missed_amount"),
        )
        .select_from(kept)
        .join(Institution, col(kept.institution_id) == col(Institution.id))
        .group_by(*keys)
    )
    if narrows_batches(filters):
        query = query.join(Batch, col(kept.batch_id) == col(Batch.id))
        query = of_batches(query.join(Variety, col(kept.variety_id) == col(Variety.id)), filters)
    first, last = months
    if first:
        query = query.where(col(kept.month) >= first)
    if last:
        query = query.where(col(kept.month) <= last)
    return read_frame(connection, of_institutions(query, filters))


def _from_lines(
    connection: Connection, filters: Filters, by: list[str], first: date, last: date
) -> pd.DataFrame:
    allowed = of_institutions(select(col(Institution.id)), filters)
    lines = purchase_lines(
        connection,
        col(Purchase.bought_on).between(first, last),
        col(Purchase.institution_id).in_(allowed),
    )
    rows = build(lines, price_basis(connection))
    if narrows_batches(filters):
        fitting = of_batches(
            select(col(Variety.id)).join(Batch, col(Variety.batch_id) == col(Batch.id)), filters
        )
        rows = rows[rows["variety_id"].isin(connection.execute(fitting).scalars().all())]
    rows = rows.assign(compared_amount=rows["paid_amount"].where(rows["baseline_amount"].notna()))
    return rows.groupby(by, dropna=False, sort=False)[SUMS].sum(min_count=1).reset_index()


def covered_days(connection: Connection, filters: Filters = Filters()) -> tuple[date, date] | None:
    """First and last day that purchases are loaded for; a line dated by month covers all of it."""
    query = (
        select(
            col(Purchase.is_whole_month),
            func.min(col(Purchase.bought_on)),
            func.max(col(Purchase.bought_on)),
        )
        .join(Institution, col(Purchase.institution_id) == col(Institution.id))
        .group_by(col(Purchase.is_whole_month))
    )
    found = connection.execute(of_institutions(query, filters)).all()
    if not found:
        return None
    last_days = [last_of_month(last) if whole_month else last for whole_month, _, last in found]
    return min(first for _, first, _ in found), max(last_days)
