"""Backup and restore: consistent while others write, the same on each database, nothing lost by what fails."""

import json
import shutil
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.engine import make_url
from sqlmodel import Session, SQLModel, col
from typer.testing import CliRunner

from dashboard.command_line import app
from procurement.checking import check
from procurement.database import connecting, open_database, reading, with_driver, writing
from procurement.keeping.backing_up import back_up
from procurement.keeping.copying import opened
from procurement.keeping.examining import NotKept
from procurement.keeping.restoring import restore
from procurement.ledger import rebuild
from procurement.ledger_version import EarlierVersion
from procurement.people import audit
from procurement.scoped import reading_within, scoped_engine
from procurement.tables import Account, AuditEvent, Import, Product, Purchase, SignIn
from tests.small_ledger import fill, purchase
from tests.test_migrations import made_by

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def city(ledger: Engine) -> Engine:
    """A ledger with lines, a product that is merged into a later one, somebody signed in and a trail."""
    furnish(ledger)
    return ledger


def furnish(engine: Engine) -> None:
    fill(
        engine,
        purchase(1, date(2021, 3, 10), 60_000, 24_000),
        purchase(2, date(2021, 4, 10), 100, 180, row=4),
    )
    with Session(engine) as session:
        session.add(Product(code="P9", name="丙", import_id=1))
        session.flush()
        session.add(Account(name="zhang", role="official", created_at=NOW, created_by="test"))
        session.flush()
        session.add(SignIn(token_hash="t", account_id=1, began_at=NOW, seen_at=NOW, ends_at=NOW))
        session.commit()
    with writing(engine) as connection:
        connection.execute(text("UPDATE product SET merged_into = 3 WHERE id = 2"))
        rebuild(connection)
        audit.record(connection, "exported", "汇总表", by="zhang", rows=3)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of such a ledger."""
    engine = open_database(f"sqlite:///{tmp_path / 'origin.db'}")
    furnish(engine)
    back_up(engine, tmp_path / "backup.db", by="test")
    engine.dispose()
    (tmp_path / "place").mkdir()
    return tmp_path / "backup.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An address where no ledger is yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'place' / 'ledger.db'}"
    return request.getfixturevalue("postgresql").new_database()


def rows_of(engine: Engine) -> dict[str, list]:
    """Every row of every table."""
    with reading(engine) as connection:
        return told(connection)


def told(connection) -> dict[str, list]:  # type: ignore[no-untyped-def]
    return {
        table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for table in SQLModel.metadata.sorted_tables
    }


def events(engine: Engine) -> list[tuple[str, str, dict]]:
    query = select(col(AuditEvent.action), col(AuditEvent.subject), col(AuditEvent.details))
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(col(AuditEvent.id)))
        return [(row.action, row.subject, json.loads(row.details)) for row in rows]


@pytest.fixture
def names(tmp_path: Path) -> Iterator[set[str]]:
    """Nothing is left over beside what was asked for."""
    found: set[str] = set()
    yield found
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".vbp-")]


# --- Backup -----------------------------------------------------------------------------------------


def test_a_backup_is_one_file_that_says_what_the_ledger_says(city, tmp_path, names):
    before = rows_of(city)
    made = back_up(city, tmp_path / "backup.db", by="zhang")
    with opened(made.file) as connection:
        assert told(connection) == before
        assert check(connection) == []
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert (made.examined.imports, made.examined.lines, made.size) == (1, 2, made.file.stat().st_size)
    assert not list(tmp_path.glob("backup.db-*"))
    open_database(f"sqlite:///{made.file}").dispose()


def test_the_trail_tells_the_backup_with_the_head_that_it_holds(city, tmp_path):
    head = back_up(city, tmp_path / "backup.db", by="zhang").examined.head
    action, subject, details = events(city)[-1]
    assert (action, subject, details["head"]) == ("backed-up", "backup.db", head)
    with reading(city) as connection:
        assert audit.contains(connection, head)
        assert audit.verify(connection).head != head


def test_a_file_that_is_there_is_kept_unless_forced(sqlite_ledger, tmp_path, names):
    target = tmp_path / "backup.db"
    target.write_text("mine")
    with pytest.raises(NotKept, match="已存在"):
        back_up(sqlite_ledger, target, by="test")
    assert target.read_text() == "mine"
    assert events(sqlite_ledger) == []
    back_up(sqlite_ledger, target, by="test", is_forced=True)
    open_database(f"sqlite:///{target}").dispose()


def test_a_ledger_is_no_backup_of_itself(sqlite_ledger, tmp_path):
    with pytest.raises(NotKept, match="就是数据库本身"):
        back_up(sqlite_ledger, tmp_path / "ledger.db", by="test", is_forced=True)


def test_a_backup_during_writes_is_consistent(city, tmp_path):
    """Each write brings a line, its month, its sums and an event at once: a backup has all of it or none."""
    has_ended, number = threading.Event(), 0

    def write() -> None:
        nonlocal number
        while not has_ended.is_set():
            number += 1
            with writing(city) as connection:
                line = purchase(1, date(2021, 5, 1), number, number, row=100 + number).model_dump(
                    exclude={"id"}
                )
                connection.execute(insert(Purchase).values(line))
                rebuild(connection)
                audit.record(connection, "exported", str(number))
            has_ended.wait(0.2)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [back_up(city, tmp_path / f"{n}.db", by="test").examined for n in range(3)]
    finally:
        has_ended.set()
        writer.join()
    assert [one.findings for one in made] == [()] * 3
    assert [one.lines for one in made] == sorted(one.lines for one in made)
    assert number > 0


def test_a_ledger_that_is_not_sound_is_backed_up_and_that_is_told(sqlite_ledger, tmp_path):
    furnish(sqlite_ledger)
    with writing(sqlite_ledger) as connection:
        connection.execute(text("DELETE FROM purchase WHERE row_number = 4"))
    made = back_up(sqlite_ledger, tmp_path / "backup.db", by="test")
    assert {finding.check for finding in made.examined.findings} == {"lines", "grain"}
    assert made.file.exists()


# --- Restore ----------------------------------------------------------------------------------------


def test_a_backup_comes_back_as_it_was_with_every_sign_in_ended(backup, place, names):
    restored = restore(backup, place, by="li")
    assert restored.kept is None
    engine = connecting(with_driver(make_url(place)))
    with opened(backup) as connection:
        before = told(connection)
    after = rows_of(engine)
    for changed in ("sign_in", "audit_event"):
        before.pop(changed), after.pop(changed)
    assert after == before
    with reading(engine) as connection:
        assert check(connection) == []
        assert connection.execute(select(col(SignIn.ended_at))).scalar_one() is not None
    action, subject, details = events(engine)[-1]
    assert (action, subject, details["sign_ins"]) == ("restored", "backup.db", 1)
    with Session(engine) as session:  # the next row gets a number of its own
        session.add(Product(code="P10", name="丁", import_id=1))
        session.commit()
    engine.dispose()


def test_what_is_there_is_kept_beside_and_replaced_only_where_that_was_asked_for(
    backup, place, tmp_path, names
):
    present = open_database(place)
    with Session(present) as session:
        session.add(an_import("present.xlsx"))
        session.commit()
    with writing(present) as connection:
        head = audit.record(connection, "import-loaded", "present.xlsx")
    before = rows_of(present)
    with pytest.raises(NotKept, match="--replace"):
        restore(backup, place, by="test")
    assert rows_of(present) == before
    restored = restore(backup, place, by="test", is_replacing=True)
    with opened(restored.kept) as connection:
        assert told(connection) == before
    assert rows_of(present)["purchase"]  # who has it open sees what was put back
    details = events(present)[-1][2]
    assert (details["replaced_head"], details["kept"]) == (head, restored.kept.name)
    with reading(present) as connection:
        assert check(connection) == []
    present.dispose()


def an_import(name: str) -> Import:
    return Import(
        kind="purchases", file_name=name, content_hash=name, imported_at=NOW, imported_by="test", rows=1
    )


def test_who_reads_within_a_scope_still_does_after_a_restore(backup, place):
    open_database(place).dispose()
    engine = scoped_engine(place)
    with reading_within(engine, ("H1",)) as connection:
        assert connection.execute(select(col(Purchase.id))).all() == []
    restore(backup, place, by="test")
    query = select(col(Purchase.id))
    with reading_within(engine, ("H1",)) as connection:
        assert len(connection.execute(query).all()) == 2
    with reading_within(engine, ("H2",)) as connection:
        assert connection.execute(query).all() == []
    engine.dispose()


@pytest.mark.parametrize("harm", ["cut", "overwritten", "text", "other database"])
def test_a_damaged_file_leaves_the_ledger_untouched(backup, tmp_path, harm, names):
    place = tmp_path / "place" / "ledger.db"
    shutil.copy(tmp_path / "origin.db", place)
    content = backup.read_bytes()
    if harm == "cut":
        backup.write_bytes(content[: len(content) // 2])
    elif harm == "overwritten":
        backup.write_bytes(content[:8192] + bytes(40_000) + content[48_192:])
    elif harm == "text":
        backup.write_text("机构编码,采购日期")
    else:
        backup.unlink()
        other = connecting(make_url(f"sqlite:///{backup}"))
        with other.begin() as connection:
            connection.execute(text("CREATE TABLE songs (id INTEGER)"))
        other.dispose()
    before = place.read_bytes()
    with pytest.raises(NotKept, match="backup.db"):
        restore(backup, f"sqlite:///{place}", by="test", is_replacing=True)
    assert place.read_bytes() == before
    assert [path.name for path in place.parent.iterdir()] == ["ledger.db"]


def test_a_backup_that_is_not_sound_is_put_back_only_if_forced(backup, tmp_path):
    engine = connecting(make_url(f"sqlite:///{backup}"))
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM purchase WHERE row_number = 4"))
    engine.dispose()
    place = f"sqlite:///{tmp_path / 'place' / 'ledger.db'}"
    with pytest.raises(NotKept, match="2个问题.*--force"):
        restore(backup, place, by="test")
    assert not (tmp_path / "place" / "ledger.db").exists()
    assert len(restore(backup, place, by="test", is_forced=True).examined.findings) == 2


def test_a_backup_of_an_earlier_version_is_brought_to_this_one(place, tmp_path, names):
    (tmp_path / "place").mkdir()
    url = made_by("0.2.0", tmp_path / "earlier.db")
    restored = restore(tmp_path / "earlier.db", place, by="test")
    assert (restored.made, restored.examined.findings) == ("0.2.0", ())
    engine = open_database(place)
    assert [action for action, _subject, _details in events(engine)] == ["migrated", "restored"]
    with reading(engine) as connection:
        assert check(connection) == []
    engine.dispose()
    with pytest.raises(EarlierVersion):  # the backup itself stays as it is
        open_database(url)


def test_a_ledger_that_cannot_be_read_is_set_aside(backup, tmp_path):
    place = tmp_path / "place" / "ledger.db"
    place.write_bytes(b"no ledger at all" * 400)
    url = f"sqlite:///{place}"
    with pytest.raises(NotKept, match="--replace"):
        restore(backup, url, by="test")
    restored = restore(backup, url, by="test", is_replacing=True)
    assert restored.kept.read_bytes() == b"no ledger at all" * 400
    open_database(url).dispose()


def test_the_commands_say_what_they_did(backup, tmp_path):
    place = f"sqlite:///{tmp_path / 'place' / 'ledger.db'}"
    assert "所有登录均已失效" in run("restore", str(backup), "--db", place)
    assert "没有恢复" in run("restore", str(backup), "--db", place, code=1)
    assert "已另存为" in run("restore", str(backup), "--replace", "--db", place)
    target = str(tmp_path / "again.db")
    assert "末端校验码" in run("backup", target, "--db", place)
    assert "已存在" in run("backup", target, "--db", place, code=1)
    told = json.loads(run("backup", target, "--force", "--json", "--db", place))
    assert (told["imports"], told["lines"], told["findings"]) == (1, 2, [])
    run("check", "--audit-head", told["audit_head"], "--db", place)


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(arguments))
    if isinstance(done.exception, LookupError):  # main() makes a sentence of it
        assert code == 1
        return str(done.exception)
    assert done.exit_code == code, done.output
    return done.output
