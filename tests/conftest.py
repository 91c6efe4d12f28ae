"""Ledgers for the tests: empty ones on each database that we claim to support, and the sample cities."""

import fcntl
import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from etl import importing
from etl.reading.process import ReadingProcess
from etl.recognising import Recognised
from procurement.database import open_database
from tests.postgresql import PostgreSQL, find_programs

# Speed is the business of the bench: a slow machine fails no property.
settings.register_profile("patient", deadline=None, max_examples=20)
settings.load_profile("patient")

# Programs that tests start are translated once, whatever the machine thinks of keeping that.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

SAMPLES = Path(__file__).parent.parent / "sample_data"


class KeptReader(ReadingProcess):
    """Reads for one import after the other: starting it takes longer than most tests' imports."""

    free: ClassVar[list["KeptReader"]] = []

    def __exit__(self, *_error: object) -> None:
        self.free.append(self)

    def close(self) -> None:
        """The import needs no more of it for now."""

    def _asked(self, request: Any) -> Any:
        answer = super()._asked(request)
        if not isinstance(answer, Recognised | tuple):
            super().close()  # the file has killed it
        return answer


def _reader() -> ReadingProcess:
    """One that nobody uses; one of its own where a test has set limits, which hold from the start."""
    if any(name.startswith("VBP_LIMIT") for name in os.environ):
        return ReadingProcess()
    try:
        return KeptReader.free.pop()
    except IndexError:
        return KeptReader()


@pytest.fixture(scope="session", autouse=True)
def imports_share_reading_processes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, "ReadingProcess", _reader)
        yield
    for reader in KeptReader.free:
        ReadingProcess.close(reader)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A real PostgreSQL server of our own; skipped, and saying so, where the programs are missing."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL's programs (initdb, postgres) are not installed")
    server = PostgreSQL(programs)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def ledger_without_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger's file as it is made, once for the session; tests take copies."""
    path = tmp_path_factory.mktemp("made") / "ledger.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, ledger_without_rows: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty ledger, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{shutil.copy(ledger_without_rows, tmp_path / 'ledger.db')}")
    else:
        engine = open_database(request.getfixturevalue("postgresql").new_ledger())
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_ledger(ledger_without_rows: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty ledger on SQLite, for what no other database can change."""
    engine = open_database(f"sqlite:///{shutil.copy(ledger_without_rows, tmp_path / 'ledger.db')}")
    yield engine
    engine.dispose()


@pytest.fixture
def empty_ledger(ledger_without_rows: Path, tmp_path: Path) -> str:
    """The address of an empty ledger."""
    return f"sqlite:///{shutil.copy(ledger_without_rows, tmp_path / 'empty.db')}"


@pytest.fixture(scope="session")
def loaded_puyang(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample city, loaded once for the session; nothing but sign-ins is written to it."""
    return shared_sample("puyang", tmp_path_factory)


@pytest.fixture(scope="session")
def loaded_hengshui(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second sample set, loaded once for the session; nothing but sign-ins is written to it."""
    return shared_sample("hengshui", tmp_path_factory)


@pytest.fixture(scope="session")
def sample_ledger(loaded_puyang: Path) -> str:
    """The address of the loaded sample city; for reading only."""
    return f"sqlite:///{loaded_puyang}"


def shared_sample(name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, loaded by the first worker that needs it; the others wait, and take a copy of their own."""
    own = tmp_path_factory.mktemp(name) / f"{name}.db"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return load_sample(name, own)
    common = tmp_path_factory.getbasetemp().parent / f"{name}.db"
    with Path(f"{common}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not common.exists():
            load_sample(name, own)
            shutil.copy(own, f"{common}.part")
            Path(f"{common}.part").rename(common)
            return own
    return Path(shutil.copy(common, own))


def load_sample(name: str, path: Path) -> Path:
    from etl.importing import import_files

    engine = open_database(f"sqlite:///{path}")
    reports = import_files(engine, [SAMPLES / name], by="test")
    assert {report.status for report in reports} == {"loaded"}, [
        problem.sentence() for report in reports for problem in report.problems
    ][:20]
    engine.dispose()
    return path


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking for garbage in it takes a tenth of a second each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
