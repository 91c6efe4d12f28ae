"""The front door: workbooks in, one transaction and one report per file.

import_files(engine, [Path("采购记录.xlsx")]) → [Report(status="loaded", …)]
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, Engine

from etl.checking import Options, check
from etl.grain import Grain
from etl.headings import KINDS
from etl.problem_kinds.stop import OTHER_FAILURE
from etl.problems import Problem
from etl.recognising import File, NamedBytes, Recognised, name_of, recognise
from etl.recording import record
from etl.report import Report, report_of
from etl.workbook import ENDINGS
from procurement.database import writing
from procurement.queries.register import data_version

__all__ = ["File", "NamedBytes", "Recognised", "Report", "expanded", "import_files", "recognise"]

Progress = Callable[[int, int, str], None]
"""Called with the files done, the files in all, and the name of the one that is worked on."""

ROWS_HELD = 300_000
"""Rows of files that wait for their turn; beyond, a file is read again when it comes."""

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
    progress: Progress | None = None,
) -> list[Report]:
    """Load workbooks (paths, folders, or names with bytes), each in a transaction of its own.

    Files are loaded in the order in which their kinds build on each other; the reports come in the given
    order. With `dry_run` all is done in one transaction that is taken back in the end.

    `mode` (replace, add, update) says what becomes of purchase lines that are there; `answers` what the
    files do not tell themselves (batch, execution_date, …); `mapping` what headings mean (heading → field,
    empty: of no use), which is remembered. With `expected_version` (a report's `data_version`) nothing is
    loaded if the ledger has changed since that report.
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
    )
    waiting = list(_recognise_all(expanded(files), kind, progress))
    reports: dict[int, Report] = {}
    order = sorted(range(len(waiting)), key=lambda number: _turn(waiting[number][1]))
    grain, loaded = Grain(), set[int]()
    with _transactions(engine, dry_run) as transaction:
        for done, number in enumerate(order):
            file, known = waiting[number]
            if progress:
                progress(done, len(order), known.file)
            complete = _complete(file, known, kind)
            reports[number] = _import_safely(transaction, complete, options, grain, loaded)
            waiting[number] = (file, Recognised(known.file))  # its rows are not needed any more
    if progress:
        progress(len(order), len(order), "")
    in_order = [reports[number] for number in range(len(waiting))]
    return _seen_at_once(in_order) if dry_run else in_order


def _seen_at_once(reports: list[Report]) -> list[Report]:
    """A dry run takes its own imports back: all its files were looked at in the state before the first."""
    versions = [report.data_version for report in reports if report.data_version is not None]
    return [replace(report, data_version=min(versions, default=None)) for report in reports]


def expanded(files: Iterable[File]) -> Iterator[File]:
    """Folders become the workbooks inside, by name; lock files of an open Excel (~$) are none."""
    for file in files:
        if isinstance(file, tuple) or not Path(file).is_dir():
            yield file
            continue
        for path in sorted(Path(file).iterdir()):
            if path.is_file() and path.suffix.lower() in ENDINGS and not path.name.startswith(("~$", ".")):
                yield path


def _recognise_all(
    files: Iterable[File], kind: str | None, progress: Progress | None
) -> Iterator[tuple[File, Recognised]]:
    held = 0
    files = list(files)
    for file in files:
        if progress:
            progress(0, len(files), name_of(file))
        known = recognise(file, kind)
        held += known.rows
        if held > ROWS_HELD and not known.is_stopped:
            known = replace(known, tables=[], problems=[])
        yield file, known


def _turn(known: Recognised) -> int:
    return KINDS.index(known.kind) if known.kind in KINDS else len(KINDS)


def _complete(file: File, known: Recognised, kind: str | None) -> Recognised:
    """A file whose rows were let go while it waited is read again."""
    return known if known.tables or known.problems else recognise(file, kind)


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
