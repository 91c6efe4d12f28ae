"""Monthly purchases, summed by what a figure is told by, for exactly the days that are asked for.

Whole months come from the grain that is kept at load, or from a roll-up of it. Where the days asked for
begin or end inside a month, that month is built from its lines by the same rule, so any day is as exact as
a month's end.
"""

from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, case, func, select
from sqlmodel import col

from procurement.database import total
from procurement.filters import Filters
from procurement.frames import read_frame
from procurement.ledger import build, price_basis, purchase_lines
from procurement.periods import add_months, first_of_month, last_of_month
from procurement.queries.conditions import (
    narrows_batches,
    narrows_institutions,
    of_batches,
    of_institutions,
)
from procurement.tables import Batch, Institution, MonthlyPurchase, Purchase, Variety, VarietyMonth
from procurement.tables.rollup import ROLLUPS, Sums

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
    whole, edges = _split(filters.first_day, _effective_end(connection, filters))
    parts = [_from_kept(connection, filters, by, whole)]
    parts += [_from_lines(connection, filters, by, first, last) for first, last in edges]
    parts = [part for part in parts if not part.empty]
    if len(parts) < 2:
        return parts[0] if parts else _from_kept(connection, filters, by, NO_MONTHS)
    summed = pd.concat(parts).groupby(by, dropna=False, sort=False)[SUMS].sum(min_count=1)
    return summed.reset_index()


def _effective_end(connection: Connection, filters: Filters) -> date | None:
    """The last day asked for, unless nothing was bought in a later month: then no end is needed."""
    if filters.latest_day is None:
        return None
    latest = connection.execute(select(func.max(col(VarietyMonth.month)))).scalar_one()
    return filters.latest_day if latest and last_of_month(latest) > filters.latest_day else None


Window = tuple[date | None, date | None]
NO_MONTHS: Window = (date.max, date.min)


def _split(first: date | None, last: date | None) -> tuple[Window, list[tuple[date, date]]]:
    """Whole months (first and last month, either may be open) and the days at the edges beside them."""
    if first and last and first > last:
        return NO_MONTHS, []
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


def _from_kept(connection: Connection, filters: Filters, by: list[str], months: Window) -> pd.DataFrame:
    """From the smallest table that holds every key that is summed by or filtered by."""
    table = _smallest_with({*by, *_filtered_by(filters, months)})
    keys = [_key(table, name) for name in by]
    query = select(*keys, *_sums(table)).select_from(table).group_by(*keys)
    if narrows_institutions(filters):
        query = query.join(Institution, table.institution_id == col(Institution.id))
        query = of_institutions(query, filters)
    if narrows_batches(filters):
        query = query.join(Batch, table.batch_id == col(Batch.id))
        if filters.varieties:
            query = query.join(Variety, table.variety_id == col(Variety.id))
        query = of_batches(query, filters)
    first, last = months
    if first:
        query = query.where(table.month >= first)
    if last:
        query = query.where(table.month <= last)
    return read_frame(connection, query)


def _filtered_by(filters: Filters, months: Window) -> set[str]:
    """Keys that the conditions of the filters need."""
    needed = {
        "institution_id": narrows_institutions(filters),
        "batch_id": narrows_batches(filters),
        "variety_id": bool(filters.varieties),
        "month": any(months),
    }
    return {name for name, is_needed in needed.items() if is_needed}


def _smallest_with(needed: set[str]) -> Any:
    return next((table for table, keys in ROLLUPS.items() if needed <= {*keys}), MonthlyPurchase)


def _key(table: Any, name: str) -> Any:
    """A key as the grain has it: what a roll-up keeps as 0 is empty."""
    column = getattr(table, name)
    if not issubclass(table, Sums) or name not in ("batch_id", "variety_id", "agreement_year"):
        return column
    return func.nullif(column, 0, type_=column.type).label(name)


def _sums(table: Any) -> list[Any]:
    """SUMS of a table; a figure that none of the rows has is empty."""
    if not issubclass(table, Sums):
        known = table.baseline_amount.is_not(None)
        compared = case((known, table.paid_amount))
        baseline, missed = table.baseline_amount, table.missed_amount
    else:
        known = table.compared_lines > 0
        compared = case((known, table.compared_amount))
        baseline = case((known, table.baseline_amount))
        missed = case((~table.is_selected & (table.batch_id > 0), table.missed_amount))
    own = ("lines", "unmeasured_lines", "base_units", "equivalent_units", "paid_amount")
    return [
        *(total(getattr(table, name)).label(name) for name in own),
        total(baseline).label("baseline_amount"),
        total(compared).label("compared_amount"),
        total(missed).label("missed_amount"),
    ]


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


CITY_DAYS = "city_days"
"""Option of a scoped connection: what covered_days is for the whole city; () where nothing is loaded."""


def covered_days(connection: Connection, filters: Filters = Filters()) -> tuple[date, date] | None:
    """First and last day that purchases are loaded for; a line dated by month covers all of it.

    Of the whole city it is the same for every reader, whatever else they see (procurement.scoped): a
    hospital's completion is measured on the city's day, not on that of its own last report.
    """
    told = connection.get_execution_options().get(CITY_DAYS)
    if told is not None and not narrows_institutions(filters):
        return told or None
    by_day, by_month = (_first_and_last(connection, filters, whole) for whole in (False, True))
    found = [days for days in (by_day, by_month and (by_month[0], last_of_month(by_month[1]))) if days]
    return (min(first for first, _ in found), max(last for _, last in found)) if found else None


def _first_and_last(
    connection: Connection, filters: Filters, is_whole_month: bool
) -> tuple[date, date] | None:
    day = col(Purchase.bought_on)
    ends = []
    for end in (func.min(day), func.max(day)):  # one end at a time is a look into the index
        query = select(end).where(col(Purchase.is_whole_month) == is_whole_month)
        if narrows_institutions(filters):
            query = query.join(Institution, col(Purchase.institution_id) == col(Institution.id))
            query = of_institutions(query, filters)
        ends.append(connection.execute(query).scalar_one())
    return (ends[0], ends[1]) if ends[0] else None
