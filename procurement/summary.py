"""The headline figures of a city, as `vbp summary` and the overview tell them."""

from dataclasses import replace
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from procurement import figures
from procurement.filters import Filters
from procurement.measures.completion import STATUSES, met_share
from procurement.measures.prices import average_drop_simple, average_drop_weighted
from procurement.measures.retention import retention_totals
from procurement.measures.savings import saving_totals, total_amount
from procurement.periods import last_full_months, last_of_month
from procurement.queries import register
from procurement.queries.purchases import covered_days, monthly
from procurement.tables.register import CATEGORIES

MONTHS_OF_A_YEAR = 12


def summary(connection: Connection, filters: Filters = Filters()) -> dict[str, dict]:
    """Fixed keys; amounts are integers of 1/10000 yuan, shares fractions, missing figures None."""
    as_of = figures.measuring_day(connection, filters)
    filters = filters.on(as_of) if as_of else filters
    drops = figures.prices(connection, filters)
    agreed = figures.agreements(connection, filters)
    names = ("drugs", "consumables")
    return {
        **{n: _prices(c, connection, filters, drops, agreed) for n, c in zip(names, CATEGORIES, strict=True)},
        "institutions": _institutions(register.institutions(connection, filters)),
        "purchases": _purchases(connection, filters),
        "saving": _saving(connection, filters, agreed, as_of),
        "completion": _completion(figures.completion(connection, filters)),
        "retention": retention_totals(figures.retention(connection, filters)),
    }


def _prices(
    category: str, connection: Connection, filters: Filters, drops: pd.DataFrame, agreed: pd.DataFrame
) -> dict:
    if filters.category not in (None, category):
        listed = register.varieties(connection, filters).iloc[0:0]
    else:
        listed = register.varieties(connection, replace(filters, category=category))
    of_category = drops[drops["category"] == category]
    return {
        "batches": int(listed["batch_id"].nunique()),
        "varieties": len(listed),
        "products": len(of_category),
        "average_drop_simple": average_drop_simple(of_category),
        "average_drop_weighted": average_drop_weighted(agreed[agreed["batch_id"].isin(listed["batch_id"])]),
    }


def _institutions(institutions: pd.DataFrame) -> dict[str, int]:
    kinds = institutions["kind"].value_counts()
    return {
        "hospital": int(kinds.get("hospital", 0)),
        "primary_care": int(kinds.get("primary_care", 0)),
        "pharmacy": int(kinds.get("pharmacy", 0)),
        "chains": int(institutions["chain"].nunique()),
    }


def _purchases(connection: Connection, filters: Filters) -> dict:
    rows = monthly(connection, filters, ["is_selected"])
    first, last = _days(connection, filters)
    return {
        "lines": int(rows["lines"].sum()),
        "amount": total_amount(rows["paid_amount"]),
        "from": first,
        "to": last,
    }


def _days(connection: Connection, filters: Filters) -> tuple[date | None, date | None]:
    """The days that purchases are loaded for, within the days asked for."""
    covered = covered_days(connection, filters)
    if covered is None:
        return None, None
    first = max(covered[0], filters.first_day or covered[0])
    last = min(covered[1], filters.latest_day or covered[1])
    return (first, last) if first <= last else (None, None)


def _saving(
    connection: Connection, filters: Filters, agreed: pd.DataFrame, as_of: date | None
) -> dict[str, int | None]:
    rows = figures.savings(connection, filters, ("is_selected",))
    return {
        **saving_totals(rows),
        "expected": total_amount(agreed["expected_amount"]),
        "last_12_months": saving_of_last_year(connection, filters, as_of),
    }


def saving_of_last_year(connection: Connection, filters: Filters, as_of: date | None) -> int | None:
    """The saving of the last twelve full months before the measuring day (年化节约)."""
    if as_of is None:
        return None
    months = last_full_months(as_of, MONTHS_OF_A_YEAR)
    year = replace(filters, first_day=months[0], last_day=last_of_month(months[-1]))
    return saving_totals(figures.savings(connection, year, ("is_selected",)))["total"]


def _completion(rows: pd.DataFrame) -> dict:
    current = rows[rows["is_current"]]
    counts = current["status"].value_counts()
    return {
        "agreed_units_met_share": met_share(current),
        **{status: int(counts.get(status, 0)) for status in STATUSES},
    }
