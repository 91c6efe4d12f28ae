"""The front door: workbooks in, one transaction and one report per file.

import_files(engine, ["采购记录.xlsx"]) → [Report(status="loaded", …)]
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection, Engine

from etl.checking import Options, check
from etl.expanding import File, NamedBytes, expanded
from etl.problem_kinds.stop import OTHER_FAILURE
from etl.problems import Problem
from etl.reading.process import ReadingProcess
from etl.recognising import Recognised, recognise
from etl.recording.files import record
from etl.recording.grain import Grain
from etl.report import Report, report_of
from etl.waiting import Progress, WaitingFiles, in_turn
from procurement.database import take_turn, writing
from procurement.queries.register import data_version

__all__ = ["File", "NamedBytes", "Recognised", "Report", "expanded", "import_files", "recognise"]

_log = logging.getLogger(__name__)
# The user reads a sentence; the traceback goes to the log of whoever keeps one.
_log.addHandler(logging.NullHandler())


def import_files(
    engine: Engine,
    files: Iterable[File],
    *,
    kind: str | None = None,
    institution: str | None = None,
    dry_run: bool = False,
    skip_bad_rows: bool = False,
    by: str | None = None,
    mode: str | None = None,
    answers: Mapping[str, str] | None = None,
    mapping: Mapping[str, str] | None = None,
    expected_version: int | None = None,
    scope: tuple[str, ...] | None = None,
    kinds: frozenset[str] | None = None,
    progress: Progress | None = None,
    reader: ReadingProcess | None = None,
) -> list[Report]:
    """Load workbooks (paths, folders, or names with bytes), each in a transaction of its own.

    Files are loaded in the order in which their kinds build on each other; the reports come in the given
    order. With `dry_run` all is done in one transaction that is taken back in the end.

    `mode` (replace, add, update) says what becomes of purchase lines that are there; `answers` what the
    files do not tell themselves (batch, execution_date, …); `mapping` what headings mean (heading → field,
    empty: of no use), which is remembered. With `expected_version` (a report's `data_version`) nothing is
    loaded if the ledger has changed since that report. A file with rows of institutions outside `scope`
    (codes), or of another kind than `kinds`, is stopped. `reader` may have begun with the first file
    (etl.reading.ahead); it is closed.
    """
    options = Options(
        kind,
        institution,
        skip_bad_rows,
        by or "",
        dry_run,
        mode,
        answers or {},
        mapping or {},
        expected_version,
        scope,
        kinds,
    )
    reports: dict[int, Report] = {}
    grain, loaded = Grain(), set[int]()
    with reader or ReadingProcess() as reader:
        files_read = WaitingFiles(engine, reader, kind, institution, options.mapping, scope)
        waiting = files_read.recognise_all(list(expanded(files)), progress)
        reader.close()  # its memory is of more use to us; a file that is read again gets a new process
        with _transactions(engine, dry_run) as transaction:
            for done, number in enumerate(in_turn(waiting)):
                file, known = waiting[number]
                if progress:
                    progress(done, len(waiting), known.file)
                complete = files_read.complete(file, known)
                reports[number] = _import_safely(transaction, complete, options, grain, loaded)
                waiting[number] = (file, Recognised(known.file))  # its rows are not needed any more
    if progress:
        progress(len(waiting), len(waiting), "")
    in_order = [reports[number] for number in range(len(waiting))]
    return _seen_at_once(in_order) if dry_run else in_order


def _seen_at_once(reports: list[Report]) -> list[Report]:
    """A dry run takes its own imports back: all its files were looked at in the state before the first."""
    versions = [report.data_version for report in reports if report.data_version is not None]
    return [replace(report, data_version=min(versions, default=None)) for report in reports]


@contextmanager
def _transactions(engine: Engine, dry_run: bool) -> Iterator[Callable]:
    """A way to open a transaction per file; in a dry run, a part of one that is taken back."""

    @contextmanager
    def own() -> Iterator[Connection]:
        with writing(engine) as connection:
            yield connection

    if not dry_run:
        yield own
        return
    with engine.connect() as connection:
        outer = connection.begin()
        take_turn(connection)  # it writes too, though nothing stays

        @contextmanager
        def part() -> Iterator[Connection]:
            with connection.begin_nested():
                yield connection

        try:
            yield part
        finally:
            outer.rollback()


def _import_safely(
    transaction: Callable, known: Recognised, options: Options, grain: Grain, loaded: set[int]
) -> Report:
    """A mistake of ours, or of the database, ends one file with a sentence; nothing of it is kept."""
    try:
        with transaction() as connection:
            return _import_one(connection, known, options, grain, loaded)
    except Exception as error:
        grain.forget()
        _log.exception("import of %s failed", known.file)
        failure = Problem(OTHER_FAILURE, known.file, params={"reason": type(error).__name__})
        return report_of(known, "problems", [*known.problems, failure])


def _import_one(
    connection: Connection, known: Recognised, options: Options, grain: Grain, loaded: set[int]
) -> Report:
    version = data_version(connection)
    checked = check(connection, known, options, loaded)
    if isinstance(checked, Report):
        return replace(checked, data_version=version)
    return replace(record(connection, checked, options, grain, loaded), data_version=version)
