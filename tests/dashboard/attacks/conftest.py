"""A served ledger of two hospitals, one of them with a script for a name, and visitors of it.

What somebody with a browser, a cookie of their own and bad intentions tries stands in this folder, against a
dashboard that is really served. Each attack stands beside what its victim may do: a door that is shut to
everybody shows nothing.
"""

from collections.abc import Iterator
from datetime import date

import httpx
import pytest
from sqlalchemy import Engine, update
from sqlmodel import col

from procurement.database import open_database, writing
from procurement.people import accounts
from procurement.tables import Institution, Product
from tests.dashboard.attacks.victims import FORMULA, H1, H2, SCRIPT, THEIRS
from tests.people import PASSWORD, token
from tests.serving import Address, serving
from tests.small_ledger import fill, purchase
from tests.visitor import Visitor


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Two hospitals, one of them with a script for a name, and a product with a formula for one."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('attacked') / 'ledger.db'}")
    fill(
        engine,
        purchase(1, date(2021, 3, 5), 60_000, 24_000),
        purchase(2, date(2021, 4, 10), 10_000, 18_000),
        purchase(1, date(2021, 3, 6), 70_000, 28_000, institution_id=2, row=4),
    )
    with writing(engine) as connection:
        theirs = update(Institution).where(col(Institution.code) == "H2")
        connection.execute(theirs.values(name=f"{SCRIPT}{THEIRS}"))
        connection.execute(update(Product).where(col(Product.code) == "P1").values(name=FORMULA))
    accounts.add(engine, "admin", "administrator", by="test", password=PASSWORD)
    accounts.add(engine, "one", "manager", by="test", scope=H1, password=PASSWORD, full_name=f"{SCRIPT}一号")
    accounts.add(engine, "two", "manager", by="test", scope=H2, password=PASSWORD)
    accounts.add(engine, "city", "official", by="test", password=PASSWORD)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def address(engine) -> Iterator[Address]:
    with serving(engine.url.render_as_string(hide_password=False)) as address:
        yield address


@pytest.fixture
def visiting(address, engine) -> Iterator:
    """Opens a tab for a fresh sign-in of an account."""
    opened: list[Visitor] = []

    def visit(name: str, of: str = "") -> Visitor:
        visitor = Visitor(address, of or token(engine, name))
        opened.append(visitor)
        return visitor

    yield visit
    for visitor in opened:
        visitor.leave()


@pytest.fixture
def stranger(address) -> Iterator[httpx.Client]:
    """Somebody without a sign-in."""
    with httpx.Client(base_url=address, headers={"Origin": address}, trust_env=False) as client:
        yield client
