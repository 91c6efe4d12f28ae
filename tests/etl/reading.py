"""What the tests ask of reports and ledgers."""

from typing import Any

from sqlalchemy import Engine, text

from etl.importing import Report


def codes(report: Report) -> list[str]:
    """Codes of the report's problems, in order."""
    return [problem.kind.code for problem in report.problems]


def asked(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


LINES = """
    select institution.code, product.code, purchase.bought_on, purchase.is_whole_month, purchase.quantity,
           purchase.is_pack, purchase.base_units, purchase.unit_price, purchase.paid_amount
    from purchase join institution on institution.id = purchase.institution_id
    join product on product.id = purchase.product_id
    order by purchase.bought_on, product.code, purchase.quantity, purchase.paid_amount
"""


def lines(engine: Engine) -> list[tuple[Any, ...]]:
    """The purchase lines of a ledger, without what depends on the file they came from."""
    return asked(engine, LINES)
