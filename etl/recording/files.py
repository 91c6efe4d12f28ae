"""A checked file → the ledger: its rows, its entry in the history, and what it did to what was there."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, update
from sqlmodel import col

from etl.answers import questions, used
from etl.checking import Checked, Options
from etl.mapping import institution_of, remember, said_of
from etl.preview import Preview
from etl.problem_kinds.stop import NOTHING_LEFT
from etl.problems import Loudness, Problem
from etl.recording.grain import Grain
from etl.recording.history import next_hash
from etl.recording.lists import record_list
from etl.recording.purchases import record_purchases
from etl.register import read_register
from etl.report import Report, report_of
from procurement.people import audit
from procurement.tables import Import


def record(
    connection: Connection, checked: Checked, options: Options, grain: Grain, loaded: set[int]
) -> Report:
    """Load what may be loaded; `loaded` are the imports of the same call, and grows."""
    known, rows, frame = checked.known, checked.rows, checked.frame
    problems, asked = known.problems + rows.problems, questions(rows, options.answers)
    is_stopped = any(problem.kind.loudness is Loudness.STOP for problem in problems)
    if is_stopped or (rows.bad.any() and not options.skip_bad_rows):
        report = report_of(known, "problems", problems, frame=frame, bad=rows.bad)
        return replace(report, mode=checked.mode, questions=asked)
    kept = frame[~rows.bad].reset_index(drop=True)
    if kept.empty:
        problems.append(Problem(NOTHING_LEFT, known.file))
        return report_of(known, "problems", problems, frame=frame, bad=rows.bad)
    report = report_of(known, "loaded", problems, frame=frame, bad=rows.bad, connection=connection)
    report.mode, report.content_hash = checked.mode, checked.digest
    report.answers, report.questions = used(rows, options.answers), asked
    report.questions = questions(rows, options.answers)

    def enter() -> int:
        return _enter(connection, report, options)

    if known.kind == "purchases":
        report = record_purchases(connection, report, kept, grain, enter, loaded)
    else:
        report = record_list(connection, report, kept, grain, enter)
    if report.import_id is not None:
        _tell_history(connection, report)
        if not options.dry_run:
            _record_audit(connection, report, options)
        _remember_headings(connection, checked, options)
        loaded.add(report.import_id)
    is_preview = options.dry_run and report.status == "loaded"
    return replace(report, status="checked", import_id=None) if is_preview else report


def _enter(connection: Connection, report: Report, options: Options) -> int:
    """The entry in the history; how its rows stand to what was there is told at the end."""
    statement = insert(Import).values(
        kind=report.kind,
        file_name=report.file,
        content_hash=next_hash(connection, str(report.content_hash)),
        institution_code=report.institutions[0] if len(report.institutions) == 1 else None,
        imported_at=datetime.now(UTC).replace(microsecond=0),
        imported_by=options.by,
        rows=report.rows,
        skipped_rows=report.skipped_rows,
        skipped_amount=report.skipped_amount,
        mode=report.mode,
        answers=json.dumps(report.answers, ensure_ascii=False) if report.answers else None,
    )
    return connection.execute(statement.returning(col(Import.id))).scalar_one() or 0


def _tell_history(connection: Connection, report: Report) -> None:
    preview = report.preview or Preview()
    values = {
        # Others see it from now on, not from when it began (procurement.known_at).
        "imported_at": datetime.now(UTC).replace(microsecond=0),
        "new_rows": preview.new,
        "changed_rows": preview.changed,
        "unchanged_rows": preview.unchanged,
        "withdrawn_rows": preview.withdrawn,
    }
    connection.execute(update(Import).where(col(Import.id) == report.import_id).values(values))


def _record_audit(connection: Connection, report: Report, options: Options) -> None:
    told = {
        "import": report.import_id,
        "kind": report.kind,
        "mode": report.mode,
        "rows": report.rows,
        "skipped_rows": report.skipped_rows,
        "amount": report.amount,
        "content_hash": report.content_hash,
        "institutions": len(report.institutions),
    }
    audit.record(connection, "import-loaded", report.file, by=options.by, **told)


def _remember_headings(connection: Connection, checked: Checked, options: Options) -> None:
    """What a person said of headings holds for the next file of the same institution and kind."""
    said = said_of(checked.known)
    if said and not options.dry_run:
        register = read_register(connection, options.scope)
        whose = institution_of(checked.known.texts, register, options.institution)
        if whose is None and options.scope is not None:
            return  # what holds for files of any institution is not for one of them to say
        remember(connection, whose, str(checked.known.kind), said, options.by)
