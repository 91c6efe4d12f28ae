"""Several processes at one ledger: imports, previews and an undo, all at the same time."""

import multiprocessing
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from etl.importing import import_files
from etl.undoing import undo
from procurement.database import open_database
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS
from tests.etl.reading import asked
from tests.etl.test_modes import book
from tests.etl.test_undo import balanced

WAITS = 180


def lines(who: str, *products: str) -> str:
    return book(*(f"{who}|2022-03-{day:02}|{what}|1|9|1" for day in range(1, 29) for what in products))


def load(url: str, told: multiprocessing.Queue, start: Callable, content: str, dry_run: bool) -> None:
    engine = open_database(url)
    start()
    reports = import_files(engine, [("同时.xlsx", xlsx(content))], dry_run=dry_run)
    told.put([problem.sentence() for problem in reports[0].problems] + [reports[0].status])
    engine.dispose()


def take_back(url: str, told: multiprocessing.Queue, start: Callable, import_id: int) -> None:
    engine = open_database(url)
    start()
    told.put([undo(engine, import_id, by="甲").status])
    engine.dispose()


@pytest.fixture
def prepared(ledger: Engine) -> tuple[str, int]:
    """The address of a small city, and an import that can be taken back."""
    import_files(ledger, [("机构.xlsx", xlsx(INSTITUTIONS)), ("中选.xlsx", xlsx(BATCH_LIST))])
    (report,) = import_files(ledger, [("先前.xlsx", xlsx(lines("P001", "A1", "Z1")))])
    return ledger.url.render_as_string(hide_password=False), report.import_id or 0


def test_importing_previewing_and_taking_back_at_once(ledger: Engine, prepared):
    """New products of both files are the same ones, named in the opposite order: who waits must not be for ever."""
    url, earlier = prepared
    spawn = multiprocessing.get_context("spawn")
    told, barrier = spawn.Queue(), spawn.Barrier(4)
    one, other = lines("H001", "Y1", "Y2", "Y3"), lines("H002", "Y3", "Y2", "Y1")
    processes = [
        spawn.Process(target=load, args=(url, told, barrier.wait, one, False)),
        spawn.Process(target=load, args=(url, told, barrier.wait, other, False)),
        spawn.Process(target=load, args=(url, told, barrier.wait, other, True)),
        spawn.Process(target=take_back, args=(url, told, barrier.wait, earlier)),
    ]
    for process in processes:
        process.start()
    ended = sorted(told.get(timeout=WAITS)[-1] for _process in processes)
    for process in processes:
        process.join(WAITS)
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
