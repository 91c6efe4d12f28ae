"""A checked file → the ledger: its rows, its entry in the history, and what it did to what was there."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from etl import journal
from etl.categories import keep_categories, take_categories_of_batches
from etl.checking import Checked, Options
from etl.differences import counts, differences, paired
from etl.effects import Within, jumps, month_effects, month_sums
from etl.grain import Grain
from etl.history import next_hash
from etl.paid import tolerances
from etl.preview import Preview
from etl.problem_kinds.mention import AMOUNT_JUMP, CATEGORY_UNKNOWN_KEPT, LINES_WITHDRAWN
from etl.problem_kinds.stop import COVERED_IN_SAME_GO, NOTHING_LEFT
from etl.problems import Loudness, Problem
from etl.report import Report, report_of
from etl.sources import READERS
from etl.standing import Standing, cells_of, standing, withdraw
from procurement.database import insert_frame
from procurement.ledger import Touched
from procurement.money import decimal_text, yuan
from procurement.periods import first_of_month
from procurement.tables import Import, ImportCoverage, Institution, Product

DIFFERENCES_TOLD = 2_000
"""Of a list; what a person can still look through. The counts are of all."""


def record(
    connection: Connection, checked: Checked, options: Options, grain: Grain, loaded: set[int]
) -> Report:
    """Load what may be loaded; `loaded` are the imports of the same call, and grows."""
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
    report.mode, report.content_hash = checked.mode, checked.digest
    report.answers = dict(options.answers)
    load = _load_purchases if known.kind == "purchases" else _load_list
    report = load(connection, report, kept, grain, loaded, options)
    if report.import_id is not None:
        _tell_history(connection, report)
        loaded.add(report.import_id)
    return replace(report, status="checked", import_id=None) if _is_preview(report, options) else report


def _is_preview(report: Report, options: Options) -> bool:
    return options.dry_run and report.status == "loaded"


def _load_purchases(
    connection: Connection,
    report: Report,
    kept: pd.DataFrame,
    grain: Grain,
    loaded: set[int],
    options: Options,
) -> Report:
    stands = standing(connection, kept, str(report.mode))
    report.preview = preview = Preview(
        stands.new, stands.changed, stands.unchanged, len(stands.withdrawn) - stands.changed
    )
    if preview.is_nothing:
        return replace(report, status="unchanged")
    if same_go := loaded.intersection(int(number) for number in stands.withdrawn["import_id"]):
        return _refused(connection, report, min(same_go))
    coming = kept[stands.is_new].reset_index(drop=True)
    moved = pd.concat(
        [coming[["institution_id", "bought_on"]], stands.withdrawn[["institution_id", "bought_on"]]]
    )
    institutions = tuple(int(number) for number in sorted(moved["institution_id"].unique()))
    first, last = (first_of_month(day.date()) for day in (moved["bought_on"].min(), moved["bought_on"].max()))
    within = Within(institutions, first, last)
    sums = month_sums(connection, within)
    report.import_id = _enter(connection, report, options)
    codes = coming["product_code"].dropna().unique().tolist()
    before = journal.images(connection, "purchases", codes)
    withdraw(connection, stands.withdrawn["id"].astype("int64").tolist(), report.import_id)
    touched = [Touched(institution_ids=institutions, first_month=first, last_month=last)]
    if not coming.empty:
        touched += READERS["purchases"].load(connection, coming, report.import_id)
        keep_categories(connection, coming, _ids_of(connection, codes))
    journal.keep(
        connection,
        report.import_id,
        journal.changes(before, journal.images(connection, "purchases", codes)),
    )
    cells = cells_of(kept).drop_duplicates().assign(import_id=report.import_id)
    insert_frame(connection, ImportCoverage, cells)
    grain.rebuild(connection, "purchases", report.import_id, touched)
    preview.months = month_effects(sums, month_sums(connection, within))
    report.problems += _warnings(connection, report, stands, cells)
    return report


def _ids_of(connection: Connection, codes: list[str]) -> dict[str, int]:
    rows = connection.execute(select(col(Product.code), col(Product.id)))
    wanted = set(codes)
    return {code: number for code, number in rows if code in wanted and number is not None}


def _refused(connection: Connection, report: Report, import_id: int) -> Report:
    """A second file for the same months in one call is the other half of them, not a correction."""
    name = connection.execute(select(col(Import.file_name)).where(col(Import.id) == import_id)).scalar_one()
    problem = Problem(COVERED_IN_SAME_GO, report.file, params={"other": name})
    return replace(report, status="problems", problems=[*report.problems, problem], preview=None)


def _warnings(connection: Connection, report: Report, stands: Standing, cells: pd.DataFrame) -> list[Problem]:
    """What a person should look at before the file is loaded."""
    found = []
    gone = len(stands.withdrawn) - stands.changed
    if gone and report.mode == "replace":
        amount = decimal_text(yuan(int(stands.withdrawn["paid_amount"].sum())))
        words = {"count": gone, "covered": stands.covered, "amount": amount}
        found.append(Problem(LINES_WITHDRAWN, report.file, params=words))
    if stands.left_alone:
        words = {"count": stands.left_alone}
        found.append(Problem(CATEGORY_UNKNOWN_KEPT, report.file, params=words))
    return found + _jumps(connection, report, cells)


def _jumps(connection: Connection, report: Report, cells: pd.DataFrame) -> list[Problem]:
    names = dict(connection.execute(select(col(Institution.id), col(Institution.name))).all())
    months = {(int(i), m.date()) for i, m in cells[["institution_id", "month"]].itertuples(index=False)}
    institutions = sorted({institution for institution, _month in months})
    return [
        Problem(
            AMOUNT_JUMP,
            report.file,
            params={
                "institution": names[jump.institution_id],
                "month": f"{jump.month:%Y-%m}",
                "amount": decimal_text(yuan(jump.amount)),
                "before": f"{jump.month_before:%Y-%m}",
                "amount_before": decimal_text(yuan(jump.amount_before)),
                "times": f"{jump.times:.0f}",
            },
        )
        for jump in jumps(connection, institutions, months, tolerances().jump)
    ]


def _load_list(
    connection: Connection,
    report: Report,
    kept: pd.DataFrame,
    grain: Grain,
    loaded: set[int],
    options: Options,
) -> Report:
    kind = str(report.kind)
    sums, before = month_sums(connection), journal.images(connection, kind)
    report.import_id = _enter(connection, report, options)
    touched = READERS[kind].load(connection, kept, report.import_id)
    if kind in ("batch_list", "substitutes"):
        take_categories_of_batches(connection)
    found = journal.changes(before, journal.images(connection, kind))
    journal.keep(connection, report.import_id, found)
    grain.rebuild(connection, kind, report.import_id, touched)
    pairs = paired(found)
    new, changed, gone = counts(kind, pairs)
    report.preview = Preview(new, changed, max(0, report.rows - new - changed), gone)
    report.preview.months = month_effects(sums, month_sums(connection))
    report.preview.differences = differences(connection, pairs, DIFFERENCES_TOLD)
    return report


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
        "new_rows": preview.new,
        "changed_rows": preview.changed,
        "unchanged_rows": preview.unchanged,
        "withdrawn_rows": preview.withdrawn,
    }
    connection.execute(update(Import).where(col(Import.id) == report.import_id).values(values))
