"""A product without a code that a person joins to a registered one: figures move there, and come back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import SQLModel

from etl.matching.decisions import MatchRefused, confirm, reject, revoke
from procurement import figures
from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.queries.purchases import monthly
from procurement.queries.register import data_version
from procurement.tables import AgreedVolume, Listing, Product, Purchase
from procurement.tables.rollup import ROLLUPS
from tests.drawn import AMOUNT, assert_rows
from tests.small_ledger import PRICE, fill, purchase

START, END = date(2021, 1, 1), date(2022, 12, 31)
TWIN, PROVISIONAL = ("P1", 1), ("TMP-0000000003", 3)


def provisional(**more: object) -> Product:
    words = {"name": "甲", "spec": "10片", "base_unit": "片", **more}
    return Product(code=PROVISIONAL[0], is_provisional=True, import_id=1, **words)


def in_packs(product_id: int, day: date, packs: int, paid: int, **more: object) -> Purchase:
    """A line of packs whose size nobody told."""
    line = purchase(product_id, day, packs, paid, **more)
    line.is_pack, line.base_units = True, None
    return line


def snapshot(engine: Engine) -> dict[str, list[tuple]]:
    """Every figure and everything that is kept, but for the history of decisions and ids given anew."""
    with reading(engine) as connection:
        told = {
            source.__name__: source(connection)
            for source in (figures.prices, figures.savings, figures.completion, figures.retention)
        }
        keys = ["institution_id", "product_id", "month", "batch_id", "variety_id", "agreement_year"]
        told["monthly"] = monthly(connection, Filters(), [*keys, "is_selected"])
        for table in (Product, Purchase, Listing, AgreedVolume, *ROLLUPS):
            columns = table.__table__.columns  # type: ignore[attr-defined]
            told[table.__name__] = pd.DataFrame(connection.execute(columns[0].table.select()).all())
    return {name: sorted(map(str, rows.itertuples(index=False))) for name, rows in told.items()}


def saved(engine: Engine) -> pd.DataFrame:
    with reading(engine) as connection:
        rows = figures.savings(connection, Filters(), ("variety_id", "is_selected"))
    return rows.sort_values("is_selected", ascending=False)


def join(engine: Engine) -> None:
    confirm(engine, [(PROVISIONAL[0], TWIN[0])], by="test")


def test_lines_count_under_the_coded_product_and_their_packs_are_its_packs(ledger):
    fill(ledger, provisional(), in_packs(3, date(2021, 3, 1), 10, 40))
    before = snapshot(ledger)
    assert saved(ledger).empty  # nothing lists it: outside every batch
    join(ledger)
    # 10 packs × 10 = 100 片 × 2.00 − 40.00
    assert_rows(
        saved(ledger),
        """
        is_selected | base_units | paid_amount | saving_amount
        ------------+------------+-------------+--------------
        yes         | 100        | 40.00       | 160.00
        """,
        scales={"paid_amount": AMOUNT, "saving_amount": AMOUNT},
    )
    revoke(ledger, [(PROVISIONAL[0], TWIN[0])], by="test")
    assert snapshot(ledger) == before


def test_what_lists_the_provisional_product_lists_its_twin(ledger):
    listing = Listing(
        batch_id=1, variety_id=1, product_id=4, status="non_selected", starts_on=START, ends_on=END,
        import_id=1, row_number=9,
    )  # fmt: skip
    twin = Product(code="P9", name="丙", units_per_pack=10, base_unit="片", import_id=1)
    codeless = Product(code="TMP-4", name="丙", is_provisional=True, import_id=1)
    fill(ledger, twin, codeless, listing, purchase(3, date(2021, 3, 1), 10, 30))
    before = snapshot(ledger)
    confirm(ledger, [("TMP-4", "P9")], by="test")
    # the line has the code, only the list had none: 30.00 − 10 × 0.40
    with reading(ledger) as connection:
        rows = figures.savings(connection, Filters(), ("variety_id",))
        listed = figures.resolved_listings(connection)
    assert list(rows["missed_amount"]) == [26 * AMOUNT]
    assert "P9" in set(listed["product_code"]) and "TMP-4" not in set(listed["product_code"])
    revoke(ledger, [("TMP-4", "P9")], by="test")
    assert snapshot(ledger) == before


def test_the_twins_own_listing_of_the_same_day_wins(sqlite_ledger):
    listing = Listing(
        batch_id=1, variety_id=1, product_id=3, status="selected", starts_on=START, ends_on=END,
        awarded_unit_price=PRICE, import_id=1, row_number=9,
    )  # fmt: skip
    fill(sqlite_ledger, provisional(), listing)
    before = snapshot(sqlite_ledger)
    join(sqlite_ledger)
    with reading(sqlite_ledger) as connection:
        prices = figures.prices(connection)
    # not the mean of 0.40 and 1.00
    assert list(prices["awarded_unit_price"]) == [400_000]
    revoke(sqlite_ledger, [(PROVISIONAL[0], TWIN[0])], by="test")
    assert snapshot(sqlite_ledger) == before


def test_a_price_per_pack_is_known_once_the_twin_lends_its_pack(sqlite_ledger):
    listing = Listing(
        batch_id=1, variety_id=1, product_id=3, status="selected", starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31), stated_price=4 * PRICE, stated_per_pack=True, import_id=1, row_number=9,
    )  # fmt: skip
    fill(sqlite_ledger, provisional(), listing)
    before = snapshot(sqlite_ledger)
    join(sqlite_ledger)
    with reading(sqlite_ledger) as connection:
        assert 400_000 in set(figures.resolved_listings(connection)["awarded_unit_price"].dropna()[1:])
    revoke(sqlite_ledger, [(PROVISIONAL[0], TWIN[0])], by="test")
    assert snapshot(sqlite_ledger) == before


def refused(engine: Engine, word: str) -> None:
    before = snapshot(engine)
    with pytest.raises(MatchRefused, match=word):
        join(engine)
    assert snapshot(engine) == before


def test_products_of_different_packs_are_not_joined(sqlite_ledger):
    fill(sqlite_ledger, provisional(units_per_pack=14))
    refused(sqlite_ledger, "包装不同")


def test_a_selected_product_is_not_joined_to_one_listed_as_non_selected(sqlite_ledger):
    listing = Listing(
        batch_id=1, variety_id=1, product_id=3, status="non_selected", starts_on=START, ends_on=END,
        import_id=1, row_number=9,
    )  # fmt: skip
    fill(sqlite_ledger, provisional(), listing)
    refused(sqlite_ledger, "未中选")


def test_two_agreed_volumes_of_one_institution_are_not_made_one(sqlite_ledger):
    volumes = [
        AgreedVolume(
            institution_id=1, batch_id=1, variety_id=1, product_id=number, agreement_year=1,
            agreed_units=10, import_id=1, row_number=9,
        )
        for number in (1, 3)
    ]  # fmt: skip
    fill(sqlite_ledger, provisional(), *volumes)
    refused(sqlite_ledger, "约定采购量")


def test_every_decision_changes_the_version_of_the_data(sqlite_ledger):
    fill(sqlite_ledger, provisional())
    pair = [(PROVISIONAL[0], TWIN[0])]
    versions = []
    for decide in (confirm, revoke, reject, revoke):
        decide(sqlite_ledger, pair, by="test")
        with reading(sqlite_ledger) as connection:
            versions.append(data_version(connection))
    assert versions == sorted(set(versions))


def test_rejecting_a_joined_pair_parts_it(sqlite_ledger):
    fill(sqlite_ledger, provisional(), in_packs(3, date(2021, 3, 1), 10, 40))
    before = snapshot(sqlite_ledger)
    join(sqlite_ledger)
    reject(sqlite_ledger, [(PROVISIONAL[0], TWIN[0])], by="test")
    assert snapshot(sqlite_ledger) == before


LINES = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3]),  # of P1, P2 or the product without a code
        st.integers(1, 2),
        st.dates(date(2020, 11, 1), date(2023, 2, 1)),
        st.integers(-20, 200),
        st.integers(0, 500),
        st.booleans(),
    ),
    min_size=1,
    max_size=25,
)


def as_lines(drawn: list, of: Callable[[int], int]) -> list[SQLModel]:
    """Drawn lines; packs of the registered products have their 10 units, of the other none yet."""
    lines: list[SQLModel] = []
    for product, institution, day, quantity, paid, packed in drawn:
        number = of(product)
        line = purchase(number, day, quantity, paid if quantity >= 0 else -paid, institution)
        line.is_pack = packed
        line.base_units = (None if number == 3 else quantity * 10) if packed else quantity
        lines.append(line)
    return lines


def told_by_name(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        keys = ("institution_id", "batch_id", "variety_id", "month", "is_selected")
        found = [figures.savings(connection, Filters(), keys), figures.completion(connection)]
        found += [figures.retention(connection), figures.prices(connection)]
    return [line for rows in found for line in sorted(map(str, rows.itertuples(index=False)))]


@settings(max_examples=5)
@given(LINES)
def test_confirmed_is_as_if_coded_from_the_start_and_revoked_as_if_never(drawn):
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'own.db'}")
        coded = open_database(f"sqlite:///{Path(folder) / 'coded.db'}")
        fill(engine, provisional(), *as_lines(drawn, lambda product: product))
        fill(coded, provisional(), *as_lines(drawn, lambda product: 1 if product == 3 else product))
        before = snapshot(engine)
        join(engine)
        assert told_by_name(engine) == told_by_name(coded)
        revoke(engine, [(PROVISIONAL[0], TWIN[0])], by="test")
        assert snapshot(engine) == before
        engine.dispose()
        coded.dispose()
