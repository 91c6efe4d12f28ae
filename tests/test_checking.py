"""The check of a ledger: nothing in a sound one, and each kind of harm told with its place and remedy."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from typer.testing import CliRunner

from dashboard.command_line import app
from procurement.checking import CHECKS, check
from procurement.checking.mending import rebuild_months
from procurement.checking.trail import TRIGGERS
from procurement.database import open_database, reading, writing
from procurement.filters import Filters
from procurement.keeping.copying import opened, replace_rows
from procurement.people import audit
from procurement.settling import advance, correct, draft
from tests.small_ledger import fill, purchase

HEAD_OF_NOTHING = "f" * 64


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with lines, settlements (one corrected by a draft) and a trail; never written to."""
    path = tmp_path_factory.mktemp("settled") / "ledger.db"
    engine = open_database(f"sqlite:///{path}")
    _settle(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def sound(
    request: pytest.FixtureRequest, settled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """The same, on each database; each test takes its harm back."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{shutil.copy(settled, tmp_path_factory.mktemp('sound'))}")
    else:
        engine = open_database(request.getfixturevalue("postgresql").new_database())
        with opened(settled) as source, writing(engine) as target:
            replace_rows(source, target)
    yield engine
    engine.dispose()


@pytest.fixture
def own_copy(settled: Path, tmp_path: Path) -> Path:
    """The same, to be written to."""
    return Path(shutil.copy(settled, tmp_path / "ledger.db"))


def _settle(engine: Engine) -> None:
    fill(
        engine,
        purchase(1, date(2021, 3, 10), 60_000, 24_000),
        purchase(2, date(2021, 4, 10), 10_000, 18_000, row=4),
        purchase(1, date(2022, 1, 5), 100, 40, row=5, institution_id=2),
    )
    (first,) = draft(engine, Filters(batches=("B",)), 1, by="test")
    for state in ("reviewed", "confirmed"):
        advance(engine, [first.settlement_id], state, by="test")
    with writing(engine) as connection:
        connection.execute(text("UPDATE assessment SET score = 85000000"))
        audit.record(connection, "exported", "汇总表", by="test")
        audit.record(connection, "exported", "核算表", by="test")
    correct(engine, [first.settlement_id], by="test")


class TakenBack(Exception):
    pass


def findings_after(engine: Engine, *statements: str) -> list[tuple[str, str, str]]:
    """(check, subject, sentence) of what is found after some harm, which is then taken back."""
    found: list[tuple[str, str, str]] = []
    try:
        with writing(engine) as connection:
            unguard(connection)
            for statement in statements:
                connection.execute(text(statement))
            found += [(f.check, f.subject, f.says) for f in check(connection)]
            raise TakenBack
    except TakenBack:
        return found


def unguard(connection: Connection) -> None:
    """Let through what the database refuses by itself: rows that point nowhere, changes of the trail."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def without_triggers(engine: Engine, statement: str) -> list[str]:
    """Change the trail as somebody would who knows of the triggers, and puts them back."""
    if engine.dialect.name == "postgresql":
        return [statement]
    return [*(f"DROP TRIGGER {name}" for name in TRIGGERS["sqlite"]), statement, *audit.APPEND_ONLY["sqlite"]]


def test_a_sound_ledger_has_no_findings(sound):
    assert findings_after(sound) == []


def test_an_empty_ledger_has_no_findings(sqlite_ledger):
    with reading(sqlite_ledger) as connection:
        assert check(connection) == []


@pytest.mark.parametrize(
    ("harm", "found", "says"),
    [
        ("UPDATE variety_month SET paid_amount = paid_amount + 1 WHERE month = '2021-03-01'",
         {("rollups", "variety_month")}, "month=2021-03-01.*vbp check --rebuild"),
        ("DELETE FROM institution_year WHERE is_selected = false", {("rollups", "institution_year")}, "有1行"),
        ("UPDATE institution_month SET month = '2020-01-01' WHERE month = '2021-03-01'",
         {("rollups", "institution_month")}, "有2行.*month=2020-01-01"),
        ("DELETE FROM purchase WHERE row_number = 4", {("lines", "H1"), ("grain", "monthly_purchase")},
         "H1：采购明细为1行、60,000个最小单位、24,000.00元，月度采购为2行、70,000个最小单位、42,000.00元"),
        ("UPDATE purchase SET paid_amount = paid_amount + 1 WHERE institution_id = 2",
         {("lines", "H2"), ("grain", "monthly_purchase")}, "vbp restore"),
        # Two months of one institution change places: no sum of the institution tells.
        ("UPDATE purchase SET bought_on = '2021-05-10' WHERE row_number = 4",
         {("grain", "monthly_purchase")}, "有2行.*H1 2021-04"),
        ("UPDATE listing SET baseline_unit_price = 3000000 WHERE product_id = 1",
         {("grain", "monthly_purchase")}, "vbp check --rebuild"),
        ("UPDATE purchase SET import_id = 77 WHERE institution_id = 2", {("references", "purchase.import_id")},
         "import 中不存在的记录（如 77）"),
        ("DELETE FROM import", {("references", "purchase.import_id"), ("references", "institution.import_id")},
         "institution 有2行"),
        ("UPDATE settlement SET retained_amount = retained_amount + 1 WHERE id = 1",
         {("settlements", "1"), ("settlements", "2")}, "编号1的结算：结余留用金额为53,900.0001元，冻结的明细却为53,900.0000元"),
        ("UPDATE settlement SET payable_amount = 0 WHERE id = 2", {("settlements", "2")}, "本次应拨为0.0000元"),
        ("UPDATE settlement SET state = 'paid' WHERE id = 1", {("settlements", "1")}, "已拨付.*已确认"),
        ("UPDATE settlement SET working = (SELECT working FROM settlement WHERE id = 2) WHERE id = 1",
         {("settlements", "1")}, "校验码不符"),
    ],
)  # fmt: skip
def test_each_harm_is_told(sound, harm, found, says):
    told = findings_after(sound, harm)
    assert found <= {(kind, subject) for kind, subject, _sentence in told}
    if len(found) == 1:
        assert {kind for kind, _subject, _sentence in told} == {next(iter(found))[0]}
    assert any(re.search(says, sentence) for _kind, _subject, sentence in told), told


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("UPDATE audit_event SET actor = 'nobody' WHERE subject = '汇总表'", "内容被改动过"),
        ("DELETE FROM audit_event WHERE subject = '汇总表'", "被删去或插入过"),
    ],
)
def test_a_changed_trail_is_told(sound, harm, says):
    (told,) = findings_after(sound, *without_triggers(sound, harm))
    assert told[0] == "audit"
    assert says in told[2]


def test_a_trail_whose_end_was_cut_off_is_told_by_the_head_that_was_noted(sound):
    with reading(sound) as connection:
        head = audit.verify(connection).head
        assert check(connection, head) == []
        (finding,) = check(connection, HEAD_OF_NOTHING)
    assert (finding.check, finding.subject) == ("audit", HEAD_OF_NOTHING)


def test_lost_triggers_are_told(sound):
    statement = {
        "sqlite": "DROP TRIGGER audit_event_no_delete",
        "postgresql": "ALTER TABLE audit_event DISABLE TRIGGER audit_event_only_added",
    }
    (told,) = findings_after(sound, statement[sound.dialect.name])
    assert told[:2] == ("protection", "audit_event")


def test_a_ledger_has_its_triggers_whoever_opens_it_first(tmp_path):
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    code = f"from procurement.database import open_database; open_database({url!r})"
    subprocess.run([sys.executable, "-c", code], check=True)
    engine = open_database(url)
    with reading(engine) as connection:
        assert list(CHECKS["protection"](connection)) == []
    engine.dispose()


def test_a_damaged_file_is_told(own_copy):
    path = own_copy
    content = bytearray(path.read_bytes())
    page = 4096 * index_page(path)
    content[page + 8 : page + 40] = bytes(32)
    path.write_bytes(content)
    engine = open_database(f"sqlite:///{path}")
    with reading(engine) as connection:
        findings = check(connection)
    engine.dispose()
    assert {finding.check for finding in findings} == {"storage"}
    assert "vbp restore" in findings[0].says


def index_page(path: Path) -> int:
    """Where an index of the purchase lines begins, counted from 0."""
    connection = sqlite3.connect(path)
    query = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_purchase_product'"
    (number,) = connection.execute(query).fetchone()
    connection.close()
    return number - 1


def test_sums_are_built_anew(own_copy):
    engine = open_database(f"sqlite:///{own_copy}")
    with writing(engine) as connection:
        connection.execute(text("UPDATE variety_month SET lines = 9"))
        connection.execute(text("DELETE FROM monthly_purchase WHERE institution_id = 2"))
    assert rebuild_months(engine, by="test") == 3
    with reading(engine) as connection:
        assert check(connection) == []
    engine.dispose()


def test_the_command_tells_findings_and_its_exit_code_says_so(own_copy):
    url = f"sqlite:///{own_copy}"
    engine = open_database(url)
    assert run("check", "--db", url).exit_code == 0
    with writing(engine) as connection:
        connection.execute(text("UPDATE variety_month SET lines = 9"))
    done = run("check", "--json", "--db", url)
    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert [finding["check"] for finding in told["findings"]] == ["rollups"]
    assert len(told["audit_head"]) == 64
    assert run("check", "--rebuild", "--db", url).exit_code == 0
    assert run("check", "--audit-head", HEAD_OF_NOTHING, "--db", url).exit_code == 1
    engine.dispose()


def run(*arguments: str):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(app, list(arguments))
