"""The audit trail: one chain, only added to, in the transaction of what it tells; tampering is found."""

import json
from datetime import UTC, datetime
from threading import Thread

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from procurement.database import open_database, reading, writing
from procurement.people import audit
from procurement.people.acting import Actor, acting
from procurement.people.audit import BEGINNING, contains, record, verify
from procurement.people.trail import Asked, actors, events, how_many
from procurement.tables import AuditEvent
from tests.drawn import table

UNPROTECTED = {
    "sqlite": [
        "DROP TRIGGER audit_event_no_update",
        "DROP TRIGGER audit_event_no_delete",
        "DROP TRIGGER audit_event_no_replace",
    ],
    "postgresql": ["DROP TRIGGER audit_event_only_added ON audit_event"],
}


def told(engine, count: int = 5) -> list[str]:
    """A trail of `count` rows; their hashes."""
    hashes = []
    for at in range(count):
        with writing(engine) as connection:
            hashes.append(record(connection, "exported", f"file {at}.xlsx", by="zhang", bytes=at))
    return hashes


def verdict(engine):
    with reading(engine) as connection:
        return verify(connection)


def run(engine, *statements: str) -> None:
    with writing(engine) as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_trail_is_one_chain(ledger):
    assert verdict(ledger) == audit.Verdict(0, BEGINNING)
    hashes = told(ledger)
    assert verdict(ledger) == audit.Verdict(5, hashes[-1])
    with reading(ledger) as connection:
        previous = connection.execute(
            select(col(AuditEvent.previous_hash)).order_by(col(AuditEvent.id))
        ).scalars()
        assert list(previous) == [BEGINNING, *hashes[:-1]]
        assert [contains(connection, each) for each in (*hashes, BEGINNING, "0" * 63 + "1")] == [True] * 6 + [
            False
        ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'li' WHERE id = 3",
        "UPDATE audit_event SET actor = actor",
        "DELETE FROM audit_event WHERE id = 5",
        "DELETE FROM audit_event",
    ],
)
def test_the_database_refuses_to_change_it(sqlite_ledger, statement):
    hashes = told(sqlite_ledger)
    with pytest.raises(DBAPIError, match="only added to"):
        run(sqlite_ledger, statement)
    assert verdict(sqlite_ledger) == audit.Verdict(5, hashes[-1])


def test_sqlite_puts_no_row_in_the_place_of_another(sqlite_ledger):
    hashes = told(sqlite_ledger)
    kept = "id, at, 'li', role, origin, action, subject, details, previous_hash"
    for statement in (
        f"INSERT OR REPLACE INTO audit_event SELECT {kept}, 'forged' FROM audit_event WHERE id = 3",
        f"REPLACE INTO audit_event SELECT {kept.replace('id', 'id + 90', 1)}, hash FROM audit_event WHERE id = 3",
    ):
        with pytest.raises(DBAPIError, match="only added to"):
            run(sqlite_ledger, statement)
    assert verdict(sqlite_ledger) == audit.Verdict(5, hashes[-1])


def test_postgresql_refuses_as_well(postgresql):
    engine = open_database(postgresql.new_database())
    hashes = told(engine)
    for statement in (
        "UPDATE audit_event SET actor = 'li' WHERE id = 3",
        "DELETE FROM audit_event WHERE id = 5",
        "TRUNCATE audit_event",
        "INSERT INTO audit_event SELECT * FROM audit_event WHERE id = 3 "
        "ON CONFLICT (id) DO UPDATE SET actor = 'li'",
    ):
        with pytest.raises(DBAPIError, match="only added to"):
            run(engine, statement)
    assert verdict(engine) == audit.Verdict(5, hashes[-1])
    engine.dispose()


COPY = (
    "at, 'li', role, origin, action, subject, details, previous_hash, 'forged' FROM audit_event WHERE id = 3"
)
TAMPERED = table("""
    what                     | fault   | row
    -------------------------+---------+----
    UPDATE actor             | changed | 3
    UPDATE at                | changed | 3
    UPDATE role              | changed | 3
    UPDATE origin            | changed | 3
    UPDATE action            | changed | 3
    UPDATE subject           | changed | 3
    UPDATE details           | changed | 3
    UPDATE previous_hash     | changed | 3
    UPDATE hash              | changed | 3
    DELETE first             | missing | 2
    DELETE middle            | missing | 4
    INSERT between           | changed | 99
    SWAP                     | missing | 2
    REHASH                   | missing | 4
    NUMBERS                  | missing | 1
""")
FORGED = {
    "DELETE first": ["DELETE FROM audit_event WHERE id = 1"],
    "DELETE middle": ["DELETE FROM audit_event WHERE id = 3"],
    "INSERT between": [f"INSERT INTO audit_event SELECT 99, {COPY}"],
    "SWAP": [
        "UPDATE audit_event SET id = 90 WHERE id = 2",
        "UPDATE audit_event SET id = 2 WHERE id = 3",
        "UPDATE audit_event SET id = 3 WHERE id = 90",
    ],
    "NUMBERS": ["UPDATE audit_event SET id = 0 - id", "UPDATE audit_event SET id = id + 6"],
}


def test_each_kind_of_tampering_is_found(ledger):
    hashes = told(ledger)
    run(ledger, *UNPROTECTED[ledger.dialect.name])
    for drawn in TAMPERED.itertuples():
        with ledger.connect() as connection, connection.begin() as transaction:
            if drawn.what == "REHASH":
                row = connection.execute(select(AuditEvent.__table__).where(col(AuditEvent.id) == 3)).one()
                forged = dict(row._mapping) | {"actor": "li"}
                values = {"actor": "li", "hash": audit.digest(forged)}
                connection.execute(
                    AuditEvent.__table__.update().where(col(AuditEvent.id) == 3).values(values)
                )
            elif drawn.what.startswith("UPDATE"):
                column = drawn.what.split()[1]
                connection.execute(text(f"UPDATE audit_event SET {column} = {column} || 'x' WHERE id = 3"))
            else:
                for statement in FORGED[drawn.what]:
                    connection.execute(text(statement))
            found = verify(connection)
            assert found.fault == (drawn.fault, drawn.row), drawn
            transaction.rollback()
    assert verdict(ledger) == audit.Verdict(5, hashes[-1])


def test_a_trail_that_was_cut_off_is_whole_but_lacks_the_noted_head(ledger):
    hashes = told(ledger)
    run(ledger, *UNPROTECTED[ledger.dialect.name], "DELETE FROM audit_event WHERE id = 5")
    assert verdict(ledger) == audit.Verdict(4, hashes[3])
    with reading(ledger) as connection:
        assert contains(connection, hashes[3]) and not contains(connection, hashes[4])


def test_bytes_in_the_place_of_text_are_a_change_and_no_crash(sqlite_ledger):
    told(sqlite_ledger)
    run(sqlite_ledger, *UNPROTECTED["sqlite"], "UPDATE audit_event SET details = x'ff00' WHERE id = 3")
    assert verdict(sqlite_ledger).fault == ("changed", 3)


def test_what_is_rolled_back_leaves_no_trace(ledger):
    hashes = told(ledger, 2)
    with pytest.raises(ZeroDivisionError), writing(ledger) as connection:
        record(connection, "exported", "never.xlsx", by="zhang")
        raise ZeroDivisionError
    assert verdict(ledger) == audit.Verdict(2, hashes[-1])


def test_writers_at_once_keep_one_chain(ledger):
    problems: list[Exception] = []

    def write(name: str) -> None:
        try:
            for _n in range(10):
                with writing(ledger) as connection:
                    record(connection, "exported", "x.xlsx", by=name)
        except Exception as problem:
            problems.append(problem)

    threads = [Thread(target=write, args=(f"user{at}",)) for at in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not problems
    found = verdict(ledger)
    assert (found.events, found.fault) == (50, None)
    with reading(ledger) as connection:
        counts = connection.execute(
            select(col(AuditEvent.actor), func.count()).group_by(col(AuditEvent.actor))
        ).all()
    assert [count for _name, count in counts] == [10] * 5


def test_who_acts_is_who_was_said_to(ledger):
    with acting(Actor("zhang", "official", "10.0.0.7")), writing(ledger) as connection:
        record(connection, "exported", "a.xlsx", by="somebody else")
    with writing(ledger) as connection:
        record(connection, "exported", "b.xlsx", by="root")
    with reading(ledger) as connection:
        rows = events(connection)
    assert rows[["actor", "actor_role", "origin"]].values.tolist() == [
        ["root", "", "local"],
        ["zhang", "official", "10.0.0.7"],
    ]


def test_an_action_that_has_no_word_is_our_mistake(sqlite_ledger):
    with writing(sqlite_ledger) as connection, pytest.raises(ValueError, match="made-up"):
        record(connection, "made-up")


ANY_TEXT = st.text(max_size=60)
ANY_DETAILS = st.dictionaries(
    st.text(max_size=10),
    st.one_of(ANY_TEXT, st.integers(), st.booleans(), st.none(), st.lists(ANY_TEXT)),
    max_size=4,
)


@pytest.fixture(scope="module")
def any_ledger(tmp_path_factory):
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('audit') / 'ledger.db'}")
    yield engine
    engine.dispose()


@settings(max_examples=40)
@given(subject=ANY_TEXT, by=ANY_TEXT, details=ANY_DETAILS)
def test_whatever_is_told_the_chain_holds(any_ledger, subject, by, details):
    with writing(any_ledger) as connection:
        said = {f"k{key}": value for key, value in details.items()}
        head = record(connection, "exported", subject, by=by, **said)
        assert verify(connection).head == head and verify(connection).fault is None


NASTY = ("\0", "\ud800", "a\udfffb", "'; DROP TABLE audit_event; --", "%s {0} \\", "𠮷" * 50, "\r\n\t", "")


def test_no_text_is_refused_by_a_database(ledger):
    for each in NASTY:
        with writing(ledger) as connection, acting(Actor(each, "", each)):
            record(connection, "exported", each, remark=each, scope=[(each, each)])
    assert verdict(ledger).events == len(NASTY) and verdict(ledger).fault is None


# --- Reading it ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trail(tmp_path_factory):
    """Three days of two people, on the clocks of here: 2022-03-01 23:30, 2022-03-02 00:30, 2022-03-03 12:00."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('trail') / 'ledger.db'}")
    rows = [
        (datetime(2022, 3, 1, 15, 30, tzinfo=UTC), "zhang", "import-loaded", "濮阳_3月.xlsx", {"rows": 12}),
        (datetime(2022, 3, 1, 16, 30, tzinfo=UTC), "li", "exported", "价格100%.xlsx", {"bytes": 5}),
        (datetime(2022, 3, 3, 4, 0, tzinfo=UTC), "zhang", "exported", "prices.xlsx", {"remark": "给 ZHANG"}),
    ]
    for at, actor, action, subject, details in rows:
        with writing(engine) as connection:
            values = {
                "at": at.isoformat(timespec="seconds"),
                "actor": actor,
                "action": action,
                "subject": subject,
                "details": json.dumps(details, ensure_ascii=False),
                "origin": "10.0.0.7",
                "previous_hash": "",
                "hash": subject,
                "role": "",
            }
            connection.execute(AuditEvent.__table__.insert().values(values))
    yield engine
    engine.dispose()


ASKED = table("""
    action        | actor | first      | last       | text | found
    --------------+-------+------------+------------+------+------
    -             | -     | -          | -          | -    | 3 2 1
    exported      | -     | -          | -          | -    | 3 2
    -             | zhang | -          | -          | -    | 3 1
    exported      | zhang | -          | -          | -    | 3.
    -             | -     | 2022-03-02 | -          | -    | 3 2
    -             | -     | -          | 2022-03-01 | -    | 1.
    -             | -     | 2022-03-02 | 2022-03-02 | -    | 2.
    -             | -     | 2022-03-04 | -          | -    | -
    -             | -     | -          | -          | 濮阳 | 1.
    -             | -     | -          | -          | 0%   | 2.
    -             | -     | -          | -          | _3   | 1.
    -             | -     | -          | -          | %    | 2.
    -             | -     | -          | -          | PRIC | 3.
    -             | -     | -          | -          | li   | 2.
    -             | -     | -          | -          | 0.7  | 3 2 1
""")


def asked_of(drawn) -> Asked:
    said = {name: getattr(drawn, name) for name in ("action", "actor", "first", "last", "text")}
    said = {name: value for name, value in said.items() if not pd.isna(value)}
    days = {name: said[name].date() for name in ("first", "last") if name in said}
    return Asked(**{**said, **days, "text": str(said.get("text", ""))})


@pytest.mark.parametrize("drawn", list(ASKED.itertuples()), ids=lambda drawn: str(drawn.Index))
def test_the_trail_is_asked_for_what_one_looks_for(trail, drawn):
    expected = [int(each) for each in str(drawn.found or "").replace(".", "").split()]
    with reading(trail) as connection:
        rows = events(connection, asked_of(drawn))
        assert rows["event_id"].tolist() == expected
        assert how_many(connection, asked_of(drawn)) == len(expected)


def test_it_is_read_page_by_page(trail):
    with reading(trail) as connection:
        pages = [events(connection, most=2, skip=skip)["event_id"].tolist() for skip in (0, 2, 4)]
        assert actors(connection) == ["li", "zhang"]
    assert pages == [[3, 2], [1], []]
