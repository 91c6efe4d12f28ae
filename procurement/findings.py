"""What an institution has to do next (待办), by kind of finding; the most pressing kind first.

    month_due            months that are to be reported and are not
    settlement_waiting   settlements that wait for its word
    shortfall            varieties behind or at risk without a reason
    above_awarded        varieties of which selected products were bought above the awarded price
    without_code         products reported without a code that nobody has matched; for information

Each kind comes as a frame with a row per thing to be looked at; `counted` tells how many there are.
"""

from collections.abc import Mapping
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Select, func, select
from sqlmodel import col

from procurement import figures
from procurement.database import total
from procurement.filters import Filters
from procurement.frames import read_frame
from procurement.ledger import purchase_lines
from procurement.measures import landing
from procurement.periods import last_full_months
from procurement.queries.agreement import listings
from procurement.queries.conditions import of_institutions
from procurement.queries.names import with_names
from procurement.tables import Institution, Product, Purchase

KINDS = ("month_due", "settlement_waiting", "shortfall", "above_awarded", "without_code")

MONTHS = 12
"""Full months whose prices are looked at, beside the running one."""


def counted(found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per kind and institution_id with something to look at: finding, finding_count.

    `found`: kind → a frame with institution_id and a row per thing.
    """
    parts = [
        found[kind]
        .groupby("institution_id")
        .size()
        .rename("finding_count")
        .reset_index()
        .assign(finding=kind)
        for kind in KINDS
        if kind in found
    ]
    return pd.concat(parts, ignore_index=True).astype({"institution_id": "Int64", "finding_count": "Int64"})


NOTHING = pd.DataFrame({"institution_id": pd.Series(dtype="Int64")})


def above_awarded(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per institution × variety bought above its award since the last full months began, most first:
    above_lines, above_amount (measures.landing) and names."""
    first = prices_looked_at_from(connection, filters)
    if first is None:
        return with_names(
            connection, NOTHING.assign(**dict.fromkeys(landing.ABOVE[1:], pd.NA)).astype("Int64")
        )
    allowed = of_institutions(select(col(Institution.id)), filters)
    lines = purchase_lines(
        connection, col(Purchase.bought_on) >= first, col(Purchase.institution_id).in_(allowed)
    )
    return with_names(connection, landing.above_awarded(lines, listings(connection, filters)))


def prices_looked_at_from(connection: Connection, filters: Filters) -> date | None:
    """The first day whose prices are looked at; None in an empty ledger."""
    as_of = figures.measuring_day(connection, filters)
    return last_full_months(as_of, MONTHS)[0] if as_of else None


def without_code(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per institution × product that it reported without a code and that nobody has matched: its name
    and spec, lines and paid_amount; most paid first."""
    query: Select = (
        select(
            col(Purchase.institution_id),
            col(Product.name).label("product_name"),
            col(Product.spec),
            func.count(col(Purchase.id)).label("lines"),
            total(col(Purchase.paid_amount)).label("paid_amount"),
        )
        .join(Product, col(Purchase.product_id) == col(Product.id))
        .join(Institution, col(Purchase.institution_id) == col(Institution.id))
        .where(col(Product.is_provisional), col(Product.merged_into).is_(None))
        .group_by(col(Purchase.institution_id), col(Product.id), col(Product.name), col(Product.spec))
        .order_by(total(col(Purchase.paid_amount)).desc())
    )
    return read_frame(connection, of_institutions(query, filters))
