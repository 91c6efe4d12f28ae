"""A scope is kept by the database: of every table a reader is given what is of their institutions, or nothing."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Integer, String, Table, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from procurement.database import writing
from procurement.scoped import SHARED, SPECIAL, conditions, reading_within, scoped_engine
from tests.drawn import table

VALUES = {int: lambda number: number, bool: lambda _number: False, float: float,
          bytes: lambda number: bytes([number]),
          date: lambda number: date(2022, 1, number),
          datetime: lambda number: datetime(2022, 1, number, tzinfo=UTC)}  # fmt: skip


def kind_of(column: Column) -> type:
    """What Python holds in it; a type of ours is asked for the one that it is made of."""
    return getattr(column.type, "impl", column.type).python_type


def row_of(known: Table, number: int) -> dict[str, Any]:
    """A row of a table that belongs to institution H1 or H2: every number in it is 1 or 2."""
    row: dict[str, Any] = {}
    for column in known.columns:
        kind = kind_of(column)
        row[column.name] = VALUES[kind](number) if kind in VALUES else f"{column.name}{number}"
    if "institution_code" in row:
        row["institution_code"] = f"H{number}"
    if known.name == "institution":
        row["code"] = f"H{number}"
    if known.name == "import":
        row |= {"kind": "purchases", "undoes": None}
    return row


def with_two_of_everything(engine) -> str:
    """Two rows of every table there is, whatever refers to whatever; the ledger's address."""
    is_sqlite = engine.dialect.name == "sqlite"
    off = "PRAGMA foreign_keys = OFF" if is_sqlite else "SET session_replication_role = replica"
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.execute(off)
        if not is_sqlite:
            driver.commit()
        with connection.begin():
            for known in SQLModel.metadata.sorted_tables:
                connection.execute(insert(known), [row_of(known, number) for number in (1, 2)])
        connection.connection.invalidate()
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def scoped(ledger):
    engine = scoped_engine(with_two_of_everything(ledger))
    yield engine
    engine.dispose()


def shown(connection, known: Table) -> list[int]:
    """Which of the two rows a connection shows."""
    names = [column for column in known.columns if kind_of(column) in (int, str)]
    return sorted(int(str(value)[-1]) for value in connection.execute(select(names[0])).scalars())


PEOPLE = ("account", "account_scope", "sign_in", "sign_in_attempt", "audit_event")
DRAWN = table("""
    table            | H1  | H2  | both | nobody
    -----------------+-----+-----+------+-------
    institution      | 1.  | 2.  | 1 2  | -
    import           | 1.  | 2.  | 1 2  | -
    import_change    | -   | -   | -    | -
    payment_ratio    | 1.  | 2.  | 1 2  | -
    settlement_step  | 1.  | 2.  | 1 2  | -
    settlement_reply | 1.  | 2.  | 1 2  | -
    heading_mapping  | 1.  | 2.  | 1 2  | -
    area_volume      | -   | -   | -    | -
    variety_month    | -   | -   | -    | -
    purchase         | 1.  | 2.  | 1 2  | -
    settlement       | 1.  | 2.  | 1 2  | -
    account          | -   | -   | -    | -
    audit_event      | -   | -   | -    | -
    batch            | 1 2 | 1 2 | 1 2  | 1 2
""")
SCOPES = {"H1": ("H1",), "H2": ("H2",), "both": ("H1", "H2"), "nobody": ()}


def expected(known: Table, name: str) -> list[int]:
    """By the rule; what is drawn above is looked at one by one."""
    drawn = DRAWN[DRAWN["table"] == known.name]
    if len(drawn):
        return [int(each) for each in str(drawn[name].iloc[0] or "").replace(".", " ").split()]
    if known.name in SHARED:
        return [1, 2]
    if "institution_id" in known.c and known.name not in SPECIAL:
        return {"H1": [1], "H2": [2], "both": [1, 2], "nobody": []}[name]
    return []


def test_every_table_shows_what_is_of_the_scope(scoped):
    for name, scope in SCOPES.items():
        with reading_within(scoped, scope) as connection:
            for known in SQLModel.metadata.sorted_tables:
                assert shown(connection, known) == expected(known, name), (known.name, name)


def test_every_table_is_either_shared_or_shadowed():
    names = {known.name for known in SQLModel.metadata.sorted_tables}
    assert set(conditions()) == names - set(SHARED)
    assert set(SPECIAL) <= names and not set(SPECIAL) & set(SHARED)
    assert not set(PEOPLE) & set(SHARED)


def test_rows_that_are_everybodys(ledger):
    """A fund's ratio without an institution, and that a list was loaded; not who else loaded purchases."""
    url = with_two_of_everything(ledger)
    with writing(ledger) as connection:
        connection.execute(text("UPDATE payment_ratio SET institution_id = NULL WHERE institution_id = 2"))
        connection.execute(text("UPDATE import SET kind = 'institutions' WHERE id = 2"))
    engine = scoped_engine(url)
    tables = SQLModel.metadata.tables
    for scope in (("H1",), ()):
        with reading_within(engine, scope) as connection:
            assert shown(connection, tables["payment_ratio"])[-1:] == [2]
            assert shown(connection, tables["import"])[-1:] == [2]
    engine.dispose()


@pytest.mark.parametrize("with_institution", [False, True])
def test_a_table_that_nobody_thought_of(ledger, with_institution):
    """Without an institution it shows nothing at all; with one, what is of the scope."""
    more = [Column("institution_id", Integer)] if with_institution else []
    forgotten = Table("forgotten", SQLModel.metadata, Column("id", Integer, primary_key=True),
                      Column("secret", String), *more)  # fmt: skip
    try:
        forgotten.create(ledger)
        engine = scoped_engine(with_two_of_everything(ledger))
        with reading_within(engine, ("H1", "H2")) as connection:
            assert shown(connection, forgotten) == ([1, 2] if with_institution else [])
        with reading_within(engine, ("H2",)) as connection:
            assert shown(connection, forgotten) == ([2] if with_institution else [])
        engine.dispose()
    finally:
        SQLModel.metadata.remove(forgotten)


PURCHASE = SQLModel.metadata.tables["purchase"]


def test_a_pooled_connection_keeps_nobodys_scope(scoped):
    for scope in (("H1",), (), ("H2",), ("H1", "H2"), ()):
        with reading_within(scoped, scope) as connection:
            assert shown(connection, PURCHASE) == [int(code[-1]) for code in scope]
        with scoped.connect() as connection:  # somebody forgets to say for whom
            assert shown(connection, PURCHASE) == []
    with pytest.raises(ZeroDivisionError), reading_within(scoped, ("H1",)):
        raise ZeroDivisionError
    with scoped.connect() as connection:
        assert shown(connection, PURCHASE) == []


def test_two_readers_at_once_see_their_own(scoped):
    with reading_within(scoped, ("H1",)) as one, reading_within(scoped, ("H2",)) as other:
        assert (shown(one, PURCHASE), shown(other, PURCHASE)) == ([1], [2])
        with reading_within(scoped, ()) as nobody:
            assert shown(nobody, PURCHASE) == []
        assert (shown(one, PURCHASE), shown(other, PURCHASE)) == ([1], [2])


WRITTEN = (
    "UPDATE purchase SET paid_amount = 0",
    "DELETE FROM purchase",
    "INSERT INTO purchase SELECT * FROM purchase",
    "UPDATE institution SET name = 'x'",
    "INSERT INTO account (name, role) VALUES ('x', 'administrator')",
    "DELETE FROM audit_event",
)


def test_nothing_is_written_through_a_view(scoped, ledger):
    for statement in WRITTEN:
        with pytest.raises(DBAPIError), reading_within(scoped, ("H1",)) as connection:
            connection.execute(text(statement))
            connection.commit()
    with ledger.connect() as connection:
        assert shown(connection, PURCHASE) == [1, 2]
        assert connection.execute(text("SELECT count(*) FROM audit_event")).scalar() == 2


def test_a_code_is_a_code_and_nothing_else(scoped):
    for code in ("H1' OR '1'='1", "%", "h1", "H1 ", "1", ""):
        with reading_within(scoped, (code,)) as connection:
            assert shown(connection, PURCHASE) == [], code


def test_a_scope_of_many_institutions_is_whole(scoped):
    many = (*(f"X{at:04}" for at in range(1_700)), "H2")
    with reading_within(scoped, many) as connection:
        assert shown(connection, PURCHASE) == [2]


def test_what_is_written_later_is_seen_by_the_next(scoped, ledger):
    """A pooled connection holds no old state of the ledger."""
    with reading_within(scoped, ("H1",)) as connection:
        assert shown(connection, PURCHASE) == [1]
    with writing(ledger) as connection:
        connection.execute(text("UPDATE purchase SET institution_id = 1 WHERE id = 2"))
    with reading_within(scoped, ("H1",)) as connection:
        assert connection.execute(select(PURCHASE.c.id)).scalars().all() == [1, 2]
