"""Reading within a scope, kept by the database itself: whatever is asked, it gives what the reader may see.

On a connection of a scoped engine each table that tells of institutions is shadowed by a temporary view of
the same name, which shows the rows of the institutions in `vbp_scope`, and of city-wide sums none. A page
that forgets a filter, or a query that forgets a join, therefore shows nothing rather than everything; and
nothing can be written through a view.

    with reading_within(scoped_engine(url), ("H001",)) as connection: …
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Connection, Date, Engine, column, event, func, select, table
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from procurement.database import connecting, for_reading, with_driver
from procurement.kept import Kept
from procurement.periods import last_of_month
from procurement.queries import register
from procurement.queries.purchases import CITY_DAYS
from procurement.tables import Institution

OWN = "IN (SELECT institution_id FROM vbp_scope)"

NOTHING = "1 = 0"

_COVERED = f"SELECT import_id FROM {{schema}}.import_coverage WHERE institution_id {OWN}"
_SETTLED = f"SELECT id FROM {{schema}}.settlement WHERE institution_id {OWN}"

SPECIAL: dict[str, str] = {
    "institution": f"id {OWN}",
    # Of lists everybody may know that they were loaded; of purchases only who they are of.
    "import": f"id IN ({_COVERED}) OR undoes IN ({_COVERED}) OR kind NOT IN ('purchases', 'undo') "
    "OR undoes IN (SELECT id FROM {schema}.import WHERE kind NOT IN ('purchases', 'undo'))",
    "import_change": NOTHING,
    "payment_ratio": f"institution_id IS NULL OR institution_id {OWN}",
    "settlement_step": f"settlement_id IN ({_SETTLED})",
    "settlement_reply": f"settlement_id IN ({_SETTLED})",
    "heading_mapping": f"institution_code IN (SELECT code FROM {{schema}}.institution WHERE id {OWN})",
    "area_volume": NOTHING,
    "variety_month": NOTHING,
    "account": NOTHING,
    "account_scope": NOTHING,
    "sign_in": NOTHING,
    "sign_in_attempt": NOTHING,
    "audit_event": NOTHING,
}
"""Tables whose rows are not simply those of an `institution_id`."""

SHARED = ("batch", "variety", "product", "listing", "product_match", "policy_entry", "alembic_version")
"""Tables that everybody may read: what was tendered, at which price, under which policy."""


def scoped_engine(url: str) -> Engine:
    """An engine for reading only, whose connections show nothing until a scope is set (reading_within)."""
    engine = connecting(with_driver(make_url(url)))
    event.listen(engine, "connect", _shadow)
    return engine


def conditions() -> dict[str, str]:
    """Table → which of its rows a scoped reader sees; a table that nobody thought of shows nothing."""
    found: dict[str, str] = {}
    for known in SQLModel.metadata.sorted_tables:
        if known.name in SHARED:
            continue
        own = f"institution_id {OWN}" if "institution_id" in known.c else NOTHING
        found[known.name] = SPECIAL.get(known.name, own)
    return found


def _shadow(driver_connection: Any, _record: Any) -> None:
    """Once per connection: an empty scope, and a view for each table."""
    is_sqlite = not hasattr(driver_connection, "pgconn")
    cursor = driver_connection.cursor()
    if is_sqlite:
        schema = "main"
        cursor.execute("PRAGMA temp_store = MEMORY")
    else:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
    cursor.execute("CREATE TEMP TABLE vbp_scope (institution_id INTEGER PRIMARY KEY)")
    for name, condition in conditions().items():
        where = condition.format(schema=f'"{schema}"')
        cursor.execute(f'CREATE TEMP VIEW "{name}" AS SELECT * FROM "{schema}"."{name}" WHERE {where}')
    cursor.close()
    if not is_sqlite:
        driver_connection.commit()
        driver_connection.read_only = True  # PostgreSQL would write through a plain view


@contextmanager
def reading_within(engine: Engine, scope: tuple[str, ...]) -> Iterator[Connection]:
    """A connection of a scoped engine that shows what is of these institutions."""
    schema = "main" if engine.dialect.name == "sqlite" else None
    with engine.connect().execution_options(**for_reading(engine)) as connection:
        if schema is None:
            schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
        connection.exec_driver_sql("DELETE FROM vbp_scope")
        _fill(connection, schema, scope)
        version = register.data_version(connection, schema)
        days = _DAYS.of((engine.url, version), lambda: _city_days(connection, schema))
        connection.execution_options(**{register.CITY_VERSION: version, CITY_DAYS: days})
        try:
            yield connection
        finally:
            connection.rollback()


_DAYS = Kept()
"""Per ledger and version: each page reads dozens of times."""


def _city_days(connection: Connection, schema: str) -> tuple[date, ...]:
    """First and last day of anybody's purchases: what everybody's figures are measured on."""
    purchase = table("purchase", column("is_whole_month", Boolean), column("bought_on", Date), schema=schema)
    days: list[date] = []
    for is_whole in (False, True):
        for end in (func.min(purchase.c.bought_on), func.max(purchase.c.bought_on)):
            found = connection.execute(select(end).where(purchase.c.is_whole_month == is_whole)).scalar()
            if found is not None:
                days.append(last_of_month(found) if is_whole and end.name == "max" else found)
    return (min(days), max(days)) if days else ()


CODES_AT_ONCE = 500


def _fill(connection: Connection, schema: str, scope: tuple[str, ...]) -> None:
    institution = Institution.__tablename__
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    for start in range(0, len(scope), CODES_AT_ONCE):
        codes = scope[start : start + CODES_AT_ONCE]
        marks = ", ".join([mark] * len(codes))
        connection.exec_driver_sql(
            f'INSERT INTO vbp_scope SELECT id FROM "{schema}"."{institution}" WHERE code IN ({marks})', codes
        )
