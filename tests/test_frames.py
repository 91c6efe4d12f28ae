"""Frames out of the ledger: whole columns where SQLite is asked, rows elsewhere, the same values both ways."""

import sqlite3
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
)
from sqlmodel import Session, SQLModel, col

from procurement import frames
from procurement.database import open_database, reading
from procurement.frames import read_frame
from procurement.tables import Import, Institution, Product, Purchase
from tests.small_ledger import fill, purchase

LONG = "甲" * 1000


@pytest.fixture
def city(ledger):
    """Eleven institutions beside the two of the worked example, the last one first; purchases; on both databases."""
    fill(
        ledger,
        *(Institution(code=f"Z{n:02}", name=f"{n}", kind="hospital", import_id=1) for n in range(11, 0, -1)),
        purchase(1, date(2021, 3, 5), 60_000, 24_000),
        purchase(2, date(2021, 4, 10), 10_000, 18_000),
    )
    return ledger


QUERIES = {
    "texts, flags, days": select(
        col(Product.code),
        col(Purchase.is_pack),
        col(Purchase.bought_on),
        col(Purchase.quantity),
        col(Purchase.sheet),
    )
    .join(Product, col(Product.id) == col(Purchase.product_id))
    .order_by(col(Purchase.id)),
    "times": select(col(Import.file_name), col(Import.imported_at), col(Import.skipped_amount)),
    "newest first": select(col(Institution.id), col(Institution.name)).order_by(col(Institution.code).desc()),
    "only some": select(col(Institution.name)).order_by(col(Institution.code)).limit(3).offset(2),
    "sums": select(
        col(Purchase.product_id),
        func.sum(col(Purchase.quantity)).label("all"),
        func.max(col(Purchase.bought_on)).label("last"),
    )
    .group_by(col(Purchase.product_id))
    .order_by(col(Purchase.product_id)),
    "nothing": select(col(Product.code), col(Product.units_per_pack)).where(col(Product.code) == "?"),
}


@pytest.mark.parametrize("name", QUERIES)
def test_whole_columns_are_what_the_rows_say(city, name, monkeypatch):
    with reading(city) as connection:
        found = read_frame(connection, QUERIES[name])
        monkeypatch.setattr(frames, "_columns_at_once", lambda *_: None)
        pd.testing.assert_frame_equal(found, read_frame(connection, QUERIES[name]))


@pytest.mark.parametrize("name", QUERIES)
def test_sqlite_gives_one_row_for_each_of_the_ledgers_queries(sqlite_ledger, name, monkeypatch):
    """Each row more is a moment at which another thread may take the interpreter away."""
    fill(sqlite_ledger, purchase(1, date(2021, 3, 5), 60_000, 24_000))
    monkeypatch.delattr(frames, "_columns_of_rows")
    with reading(sqlite_ledger) as connection:
        assert list(read_frame(connection, QUERIES[name])) == [c.key for c in QUERIES[name].selected_columns]


def test_every_column_of_the_ledger_but_bytes_is_fetched_whole():
    kinds = {frames._kind(c) for table in SQLModel.metadata.tables.values() for c in table.columns}
    assert kinds - set(frames.EXACT) == {bytes}


OTHERS = Table(
    "others",
    MetaData(),
    Column("number", Integer),
    Column("text", String),
    Column("day", Date),
    Column("share", Float),
    Column("content", LargeBinary),
)


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    """A table of any values, in a ledger of its own."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('others') / 'ledger.db'}")
    OTHERS.create(engine)
    yield engine
    engine.dispose()


WHOLE = st.none() | st.integers(-(2**63), 2**63 - 1)
TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
DAYS = st.none() | st.dates(date(1, 1, 1))


@given(st.lists(st.tuples(WHOLE, TEXTS, DAYS), max_size=8))
def test_any_number_text_and_day_comes_back_as_it_was_written(others, rows):
    with others.connect() as connection:
        if rows:
            values = [dict(zip(("number", "text", "day"), row, strict=True)) for row in rows]
            connection.execute(insert(OTHERS), values)
        found = read_frame(connection, select(OTHERS.c.number, OTHERS.c.text, OTHERS.c.day))
        connection.rollback()
    told = [
        (None if pd.isna(n) else int(n), text, None if pd.isna(day) else day.date())
        for n, text, day in found.itertuples(index=False)
    ]
    assert told == rows


def test_fractions_and_bytes_are_not_rounded_on_their_way(others):
    """JSON of SQLite would tell 0.1 + 0.2 with 15 digits: 0.3."""
    with others.connect() as connection:
        connection.execute(insert(OTHERS).values(share=0.1 + 0.2, content=b"\x00\xff"))
        found = read_frame(connection, select(OTHERS.c.share, OTHERS.c.content))
        connection.rollback()
    assert found.to_numpy().tolist() == [[0.1 + 0.2, b"\x00\xff"]]


def test_what_is_longer_than_any_text_of_sqlite_comes_in_rows(others):
    with others.connect() as connection:
        driver = connection.connection.driver_connection
        connection.execute(insert(OTHERS), [{"text": LONG}] * 5)
        before = driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10_000)
        try:
            found = read_frame(connection, select(OTHERS.c.text))
        finally:
            driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)
        connection.rollback()
    assert found["text"].tolist() == [LONG] * 5


def test_times_of_an_import_are_times(sqlite_ledger):
    fill(sqlite_ledger)
    with Session(sqlite_ledger) as session:
        wanted = session.execute(select(col(Import.imported_at))).scalars().all()
    with reading(sqlite_ledger) as connection:
        found = read_frame(connection, select(col(Import.imported_at)))["imported_at"]
    assert found.tolist() == wanted == [datetime(2022, 1, 1, tzinfo=UTC)]
