"""Ledgers that released versions made become ledgers of this one: the same tables, the same figures."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, MetaData, Table, create_engine, func, insert, inspect, select, text
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel, col
from typer.testing import CliRunner

from dashboard.command_line import app
from etl.undoing import undo
from procurement.checking import check
from procurement.database import connecting, open_database, reading, with_driver, writing
from procurement.filters import Filters
from procurement.ledger_version import HEAD, REVISIONS, EarlierVersion, columns_of, revision_of
from procurement.migrating import Migrated, NotMigrated, migrate
from procurement.published import TABLES, records, summary_record
from procurement.settling import settlement_table
from procurement.summary import summary
from procurement.tables import AuditEvent, Import, ImportCoverage, Product
from tests.released.course import COURSE, STENT, UNLISTED_STENT, load

RELEASED = Path(__file__).parent / "released"
VERSIONS = list(COURSE)
FIGURES = ("prices", "savings", "completion", "retention", "retention-lines", "sharing")


def made_by(version: str, path: Path) -> str:
    """The address of the SQLite ledger that a version made."""
    ledger = sqlite3.connect(path)
    ledger.executescript((RELEASED / f"{version}.sql").read_text(encoding="utf-8"))
    ledger.close()
    return f"sqlite:///{path}"


def made_on_postgresql(version: str, url: str, source: str) -> str:
    """The same rows in the tables that the version makes on PostgreSQL."""
    target = create_engine(with_driver(make_url(url)))
    origin = create_engine(source)
    with target.begin() as there, origin.connect() as here:
        there.exec_driver_sql((RELEASED / f"{version}.postgresql.sql").read_text(encoding="utf-8"))
        present = columns_of(here)
        for table in SQLModel.metadata.sorted_tables:
            columns = [Column(c.name, c.type) for c in table.c if f"{table.name}.{c.name}" in present]
            if columns:
                old = Table(table.name, MetaData(), *columns)
                rows = [dict(row) for row in here.execute(select(old)).mappings()]
                if rows:
                    there.execute(insert(old), rows)
    target.dispose()
    origin.dispose()
    return url


@dataclass(frozen=True)
class Course:
    """A ledger that was migrated, and what opening it said before."""

    version: str
    address: str
    refusal: str
    done: Migrated
    engine: Engine


KINDS = ("sqlite", "postgresql")


@pytest.fixture(
    scope="module",
    params=[(kind, version) for kind in KINDS for version in VERSIONS],
    ids=lambda param: "-".join(param),
)
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """A ledger of each version on each database; never written to after the migration."""
    kind, version = request.param
    address = made_by(version, tmp_path_factory.mktemp(version) / "ledger.db")
    if kind == "postgresql":
        new = request.getfixturevalue("postgresql").new_database()
        address = made_on_postgresql(version, new, address)
    with pytest.raises(EarlierVersion) as refusal:
        open_database(address)
    engine = connecting(with_driver(make_url(address)))
    yield Course(version, address, str(refusal.value), migrate(engine, by="zhang"), engine)
    engine.dispose()


@pytest.fixture(scope="module")
def loaded_anew(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """Version → the figures where its course is gone through by the code of today."""
    folder = tmp_path_factory.mktemp("anew")
    engine = open_database(f"sqlite:///{folder / 'ledger.db'}")
    figures = {}
    for version, step in COURSE.items():
        step(engine, folder)
        figures[version] = figures_of(engine)
    engine.dispose()
    return figures


def figures_of(engine: Engine) -> dict:
    with reading(engine) as connection:
        tables = {name: TABLES[name].figure(connection, Filters()) for name in FIGURES}
        told = {name: records(rows, TABLES[name].columns) for name, rows in tables.items()}
        return told | {"summary": summary_record(summary(connection))}


def test_the_figures_are_those_of_the_same_workbooks_loaded_anew(migrated, loaded_anew):
    figures = figures_of(migrated.engine)
    assert figures["savings"] and figures["retention"]
    for name, told in loaded_anew[migrated.version].items():
        assert figures[name] == told, name


def test_the_tables_are_those_of_a_new_ledger(migrated, request, tmp_path):
    new_url = f"sqlite:///{tmp_path / 'new.db'}"
    if migrated.engine.dialect.name == "postgresql":
        new_url = request.getfixturevalue("postgresql").new_database()
    new = open_database(new_url)
    assert shape(migrated.engine) == shape(new)
    new.dispose()
    with reading(migrated.engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
        assert check(connection) == []


def shape(engine: Engine) -> dict:
    """Columns, keys and indexes of every table; names of constraints are the database's own business."""
    with reading(engine) as connection:
        look = inspect(connection)
        return {
            name: (
                sorted((c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in look.get_columns(name)),
                look.get_pk_constraint(name)["constrained_columns"],
                sorted((f["constrained_columns"], f["referred_table"], f["referred_columns"]) for f in look.get_foreign_keys(name)),
                sorted(u["column_names"] for u in look.get_unique_constraints(name)),
                sorted((i["name"], i["column_names"]) for i in look.get_indexes(name)),
            )
            for name in look.get_table_names()
        }  # fmt: skip


def test_it_is_refused_until_it_is_migrated_and_then_stays_as_it_is(migrated):
    assert re.search(f"{migrated.version}版.*vbp migrate --db", migrated.refusal)
    assert (migrated.done.before, migrated.done.after) == (migrated.version, HEAD)
    open_database(migrated.address).dispose()
    assert not migrate(migrated.engine, by="zhang").is_done
    with reading(migrated.engine) as connection:
        assert revision_of(connection) == HEAD
        told = select(col(AuditEvent.actor), col(AuditEvent.action), col(AuditEvent.details))
        events = [tuple(row) for row in connection.execute(told)]
    assert events == [("zhang", "migrated", f'{{"before": "{migrated.version}"}}')]


def test_there_is_a_step_for_each_version():
    config = Config()
    config.set_main_option("script_location", "procurement:migrations")
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(steps)) == REVISIONS
    assert set(VERSIONS) == set(REVISIONS) - {HEAD}


# --- What 0.1.0 had not kept ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated ledger of 0.1.0; never written to."""
    url = made_by("0.1.0", tmp_path_factory.mktemp("first") / "ledger.db")
    engine = connecting(make_url(url))
    migrate(engine, by="test")
    yield engine
    engine.dispose()


def test_products_get_the_category_of_their_batch_or_code(first_release):
    with reading(first_release) as connection:
        told = dict(connection.execute(select(col(Product.code), col(Product.category))).all())
    assert told == {
        "P1": "drug", "P2": "drug", "P3": "drug", STENT: "consumable", UNLISTED_STENT: "consumable", "Q7": None,
    }  # fmt: skip


def test_a_correction_replaces_what_the_first_release_loaded_and_its_import_is_taken_back(tmp_path):
    engine = connecting(make_url(made_by("0.1.0", tmp_path / "ledger.db")))
    migrate(engine, by="test")
    corrected = {"更正.xlsx": [["机构编码", "采购日期", "产品编码", "数量", "单位", "单价", "金额"],
                               ["Y1", "2022-04-01", "P1", 200, "盒", 4.5, 900]]}  # fmt: skip
    (report,) = load(engine, tmp_path, corrected)
    assert (report.preview.changed, report.preview.withdrawn, report.preview.new) == (1, 0, 0)
    assert undo(engine, 10, by="test").status == "refused"  # what replaced it goes first
    assert undo(engine, report.import_id, by="test").status == "undone"
    assert undo(engine, 10, by="test").status == "undone"
    with reading(engine) as connection:
        assert check(connection) == []
    engine.dispose()


def test_a_list_of_the_first_release_cannot_be_taken_back(first_release):
    report = undo(first_release, 7, by="test")
    assert report.status == "refused"
    assert "0.1.0版" in report.reasons[0]


def test_imports_of_the_first_release_cover_their_own_lines(first_release):
    with reading(first_release) as connection:
        kinds = select(col(Import.kind), col(Import.mode), func.sum(col(Import.new_rows)))
        rows = connection.execute(kinds.group_by(col(Import.kind), col(Import.mode))).all()
        covered = select(col(ImportCoverage.month), col(ImportCoverage.category))
        told = connection.execute(covered.where(col(ImportCoverage.import_id) == 8)).all()
    assert ("purchases", "add", 11) in [tuple(row) for row in rows]
    assert sorted((f"{month:%Y-%m}", category) for month, category in told) == [
        ("2022-03", "drug"), ("2022-05", "drug"), ("2022-06", ""), ("2022-06", "consumable"),
        ("2022-11", "drug"), ("2023-01", "drug"),
    ]  # fmt: skip


# --- What 0.3.0 had settled -------------------------------------------------------------------------


def test_settlements_of_an_earlier_version_have_not_moved(tmp_path):
    engine = connecting(make_url(made_by("0.3.0", tmp_path / "ledger.db")))
    migrate(engine, by="test")
    with reading(engine) as connection:
        rows = settlement_table(connection)
    engine.dispose()
    assert sorted(rows["settlement_state"]) == ["confirmed", "draft", "draft"]
    assert not rows["is_moved"].any()


# --- What cannot be done ----------------------------------------------------------------------------


def test_a_ledger_that_is_not_sound_stays_as_it_was(tmp_path):
    url = made_by("0.3.0", tmp_path / "ledger.db")
    engine = connecting(make_url(url))
    with writing(engine) as connection:
        connection.execute(text("UPDATE settlement SET retained_amount = 1 WHERE id = 1"))
        before = columns_of(connection)
    with pytest.raises(NotMigrated, match="编号1的结算"):
        migrate(engine, by="test")
    with reading(engine) as connection:
        assert columns_of(connection) == before
        assert revision_of(connection) == "0.3.0"
    with pytest.raises(EarlierVersion):
        open_database(url)
    engine.dispose()


def test_a_ledger_of_a_later_version_is_refused(tmp_path):
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    engine = open_database(url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9.0.0'"))
    with pytest.raises(EarlierVersion, match="9.0.0.*升级本软件"):
        open_database(url)
    with pytest.raises(NotMigrated, match="9.0.0.*升级本软件"):
        migrate(engine, by="test")
    engine.dispose()


def test_where_there_is_no_ledger_none_is_made(tmp_path):
    engine = connecting(make_url(f"sqlite:///{tmp_path / 'ledger.db'}"))
    with pytest.raises(NotMigrated, match="没有数据库"):
        migrate(engine, by="test")
    engine.dispose()


def test_the_command_keeps_a_copy_and_says_what_it_did(tmp_path):
    url = made_by("0.2.0", tmp_path / "ledger.db")
    done = CliRunner().invoke(app, ["migrate", "--db", url])
    assert done.exit_code == 0
    assert "由0.2.0版升级到" in done.output
    (copy,) = tmp_path.glob("ledger.before-*.db")
    with pytest.raises(EarlierVersion, match=r"0\.2\.0"):
        open_database(f"sqlite:///{copy}")
    assert "不需要升级" in CliRunner().invoke(app, ["migrate", "--db", url]).output
