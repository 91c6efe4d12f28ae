"""The front door: workbooks in, one transaction and one report per file.

import_files(engine, [Path("采购记录.xlsx")]) → [Report(status="loaded", …)]
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, insert
from sqlmodel import col

from etl.checks import rows_name_institutions, whose_rows
from etl.grain import Grain
from etl.headings import KINDS
from etl.history import loaded_before, next_hash
from etl.problem_kinds.skip import ALREADY_LOADED
from etl.problem_kinds.stop import INSTITUTION_NOT_REGISTERED, NOTHING_LEFT, OTHER_FAILURE
from etl.problems import Loudness, Problem
from etl.recognising import File, NamedBytes, Recognised, name_of, recognise
from etl.register import Context, read_register
from etl.report import Report, report_of
from etl.rows import Rows
from etl.sources import READERS
from etl.workbook import ENDINGS
from procurement.database import writing
from procurement.tables import Import

__all__ = ["File", "NamedBytes", "Recognised", "Report", "import_files", "recognise"]

Progress = Callable[[int, int, str], None]
"""Called with the files done, the files in all, and the name of the one that is worked on."""

ROWS_HELD = 300_000
"""Rows of files that wait for their turn; beyond, a file is read again when it comes."""

KINDS_OF_AN_INSTITUTION = ("purchases", "agreed_volumes", "assessments")

_log = logging.getLogger(__name__)
# The user reads a sentence; the traceback goes to the log of whoever keeps one.
_log.addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Options:
    """What the user asked for, for all files of one call."""

    kind: str | None = None
    institution: str | None = None
    skip_bad_rows: bool = False
    by: str = ""
    dry_run: bool = False
    mode: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    expected_version: int | None = None


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
        kind, institution, skip_bad_rows, by or "", dry_run, mode, answers or {}, mapping or {}, expected_version
    )
    waiting = list(_recognise_all(_expanded(files), kind, progress))
    reports: dict[int, Report] = {}
    order = sorted(range(len(waiting)), key=lambda number: _turn(waiting[number][1]))
    grain = Grain()
    with _transactions(engine, dry_run) as transaction:
        for done, number in enumerate(order):
            file, known = waiting[number]
            if progress:
                progress(done, len(order), known.file)
            reports[number] = _import_safely(transaction, _complete(file, known, kind), options, grain)
            waiting[number] = (file, Recognised(known.file))  # its rows are not needed any more
    if progress:
        progress(len(order), len(order), "")
    return [reports[number] for number in range(len(waiting))]


def _expanded(files: Iterable[File]) -> Iterator[File]:
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


def _import_safely(transaction: Callable, known: Recognised, options: Options, grain: Grain) -> Report:
    """A mistake of ours, or of the database, ends one file with a sentence; nothing of it is kept."""
    try:
        with transaction() as connection:
            return _import_one(connection, known, options, grain)
    except Exception as error:
        grain.forget()
        _log.exception("import of %s failed", known.file)
        failure = Problem(OTHER_FAILURE, known.file, params={"reason": type(error).__name__})
        return report_of(known, "problems", [*known.problems, failure])


def _import_one(connection: Connection, known: Recognised, options: Options, grain: Grain) -> Report:
    if known.is_stopped or known.kind is None:
        problems = known.problems + [problem for table in known.tables for problem in table.problems]
        return report_of(known, "problems", problems)
    reader = READERS[known.kind]
    context = Context(connection, read_register(connection), _named_institution(known, options))
    if context.institution and context.register.institution(context.institution) is None:
        hint = context.register.nearest_institution(context.institution)
        words = {"institution": context.institution, "hint": hint}
        problem = Problem(INSTITUTION_NOT_REGISTERED, known.file, params=words)
        return report_of(known, "problems", [*known.problems, problem])
    rows = Rows(known.file, known.tables)
    frame = reader.read(rows)
    digest = content_digest(known.kind, _whose(rows, context), frame)
    before = loaded_before(connection, known.kind, digest)
    if before is not None and not before.skipped_rows:
        return report_of(known, "unchanged", known.problems + rows.problems, before.id, rows=len(rows))
    frame = reader.check(rows, frame, context).assign(sheet=rows.sheet, row_number=rows.number)
    if before is not None and (rows.bad.all() or _still_bad(rows) == before.skipped_rows):
        # That its other rows are loaded already is what "unchanged" says.
        left = [problem for problem in rows.problems if problem.kind is not ALREADY_LOADED]
        return report_of(known, "unchanged", known.problems + left, before.id, rows=len(rows))
    return _load(connection, Checked(known, rows, frame, digest), options, grain)


def _still_bad(rows: Rows) -> int:
    """Rows that were left out before and would be again; a register loaded meanwhile may have mended some."""
    loaded = sum(problem.kind is ALREADY_LOADED for problem in rows.problems)
    return int(rows.bad.sum()) - loaded


def _named_institution(known: Recognised, options: Options) -> str | None:
    return options.institution if known.kind in KINDS_OF_AN_INSTITUTION else None


def _whose(rows: Rows, context: Context) -> str:
    """Whose rows they are, where the rows do not say it themselves."""
    if context.institution:
        return context.institution
    if rows_name_institutions(rows):
        return ""
    return whose_rows(rows, context.register)


def content_digest(kind: str, whose: str, frame: pd.DataFrame) -> str:
    """A digest of what was read, in any order of rows and whatever program saved it."""
    lines = sorted(frame.to_csv(index=False, header=False).splitlines())
    text = "\n".join([kind, whose, *frame.columns, *lines])
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Checked:
    """A file that was read and checked, with the digest of its content."""

    known: Recognised
    rows: Rows
    frame: pd.DataFrame
    digest: str


def _load(connection: Connection, checked: Checked, options: Options, grain: Grain) -> Report:
    known, rows, frame = checked.known, checked.rows, checked.frame
    problems = known.problems + rows.problems
    is_stopped = any(problem.kind.loudness is Loudness.STOP for problem in problems)
    if is_stopped or (rows.bad.any() and not options.skip_bad_rows):
        return report_of(known, "problems", problems, frame=frame, bad=rows.bad)
    kept = frame[~rows.bad].reset_index(drop=True)
    if kept.empty:
        problems.append(Problem(NOTHING_LEFT, known.file))
        return report_of(known, "problems", problems, frame=frame, bad=rows.bad)
    report = report_of(known, "loaded", problems, frame=frame, bad=rows.bad, connection=connection)
    report.import_id = _record(connection, report, next_hash(connection, checked.digest), options)
    kind = str(known.kind)
    touched = READERS[kind].load(connection, kept, report.import_id)
    grain.rebuild(connection, kind, report.import_id, touched)
    return replace(report, status="checked", import_id=None) if options.dry_run else report


def _record(connection: Connection, report: Report, content_hash: str, options: Options) -> int:
    statement = insert(Import).values(
        kind=report.kind,
        file_name=report.file,
        content_hash=content_hash,
        institution_code=report.institutions[0] if len(report.institutions) == 1 else None,
        imported_at=datetime.now(UTC).replace(microsecond=0),
        imported_by=options.by,
        rows=report.rows,
        skipped_rows=report.skipped_rows,
        skipped_amount=report.skipped_amount,
    )
    return connection.execute(statement.returning(col(Import.id))).scalar_one() or 0
