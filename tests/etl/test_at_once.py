"""Several processes at one ledger: imports, previews and an undo, all at the same time."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from etl.importing import import_files
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS
from tests.etl.reading import asked
from tests.etl.test_modes import book
from tests.etl.test_undo import balanced

WAITS = 180


def lines(who: str, *products: str) -> str:
    return book(*(f"{who}|2022-03-{day:02}|{what}|1|9|1" for day in range(1, 29) for what in products))


@contextmanager
def one_of_several(url: str, act: str, what: object) -> Iterator[subprocess.Popen]:
    """A process that has opened the ledger and waits for a line to begin."""
    command = [sys.executable, "-m", "tests.etl.one_of_several", url, act, str(what)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        yield process
        process.kill()


@pytest.fixture
def prepared(ledger: Engine) -> tuple[str, int]:
    """The address of a small city, and an import that can be taken back."""
    import_files(ledger, [("机构.xlsx", xlsx(INSTITUTIONS)), ("中选.xlsx", xlsx(BATCH_LIST))])
    (report,) = import_files(ledger, [("先前.xlsx", xlsx(lines("P001", "A1", "Z1")))])
    return ledger.url.render_as_string(hide_password=False), report.import_id or 0


def test_importing_previewing_and_taking_back_at_once(ledger: Engine, prepared, tmp_path: Path):
    """New products of both files are the same ones, named in the opposite order: who waits must not be for ever."""
    url, earlier = prepared
    one, other = tmp_path / "同时一.xlsx", tmp_path / "同时二.xlsx"
    one.write_bytes(xlsx(lines("H001", "Y1", "Y2", "Y3")))
    other.write_bytes(xlsx(lines("H002", "Y3", "Y2", "Y1")))
    with (
        one_of_several(url, "load", one) as first,
        one_of_several(url, "load", other) as second,
        one_of_several(url, "preview", other) as third,
        one_of_several(url, "take_back", earlier) as fourth,
    ):
        processes = [first, second, third, fourth]
        assert [process.stdout.readline() for process in processes] == ["ready\n"] * 4  # type: ignore[union-attr]
        for process in processes:
            process.stdin.write("go\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        ended = sorted(process.communicate(timeout=WAITS)[0].split()[0] for process in processes)
    # A preview that comes after the import of the same content finds nothing new.
    assert ended in (["checked", "loaded", "loaded", "undone"], ["loaded", "loaded", "unchanged", "undone"])
    counts = "select i.code, count(*) from purchase l join institution i on i.id = l.institution_id group by 1 order by 1"
    assert asked(ledger, counts) == [("H001", 84), ("H002", 84)]
    assert balanced(ledger)


def test_a_preview_keeps_a_writer_waiting_and_lets_readers_in(ledger: Engine, prepared):
    """Otherwise the two could wait for each other's products, and one of them would fail."""
    from etl.importing import _transactions
    from procurement.database import reading

    if ledger.dialect.name != "postgresql":
        pytest.skip("SQLite knows one writer only")
    is_free = "select pg_try_advisory_xact_lock(20200126)"
    with _transactions(ledger, True) as transaction, transaction(), reading(ledger) as other:
        assert other.exec_driver_sql(is_free).scalar_one() is False
    assert asked(ledger, is_free) == [(True,)]
