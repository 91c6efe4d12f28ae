"""Purchase lines → the ledger: what comes, what goes, whose months follow, what a person should look at."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Connection, select
from sqlmodel import col

from etl.categories import keep_categories
from etl.paid import tolerances
from etl.preview import Preview
from etl.problem_kinds.mention import AMOUNT_JUMP, CATEGORY_UNKNOWN_KEPT, LINES_WITHDRAWN
from etl.problem_kinds.stop import COVERED_IN_SAME_GO
from etl.problems import Problem
from etl.recording import journal
from etl.recording.closed import closed_problem
from etl.recording.effects import Within, jumps, month_effects, month_sums
from etl.recording.grain import Grain
from etl.recording.standing import Standing, cells_of, standing, withdraw
from etl.report import Report
from etl.sources import READERS
from procurement.frames import insert_frame
from procurement.ledger import Touched, as_counted
from procurement.money import yuan
from procurement.periods import first_of_month
from procurement.tables import Import, ImportCoverage, Institution, Product


@dataclass(frozen=True)
class _Coming:
    """The lines of the file that are not there yet, and how all of its lines stand to what is there."""

    import_id: int
    lines: pd.DataFrame
    stands: Standing
    within: Within

    @property
    def codes(self) -> list[str]:
        return self.lines["product_code"].dropna().unique().tolist()


def record_purchases(
    connection: Connection,
    report: Report,
    kept: pd.DataFrame,
    grain: Grain,
    enter: Callable[[], int],
    loaded: set[int],
) -> Report:
    """Load purchase lines by the report's mode; `enter` writes the entry in the history.

    Lines of imports in `loaded` are not withdrawn.
    """
    stands = standing(connection, kept, str(report.mode))
    report.preview = Preview(stands.new, stands.changed, stands.unchanged, len(stands.withdrawn))
    if report.preview.is_nothing:
        return replace(report, status="unchanged")
    if same_go := loaded.intersection(int(number) for number in stands.leaving["import_id"]):
        return _refused(connection, report, min(same_go))
    lines = kept[stands.is_new].reset_index(drop=True)
    moved = pd.concat([lines[_WHOSE], stands.leaving[_WHOSE]])
    if closed := closed_problem(connection, report.file, moved):
        return _stopped(report, closed)
    within = _within(moved)
    sums = month_sums(connection, within)
    report.import_id = enter()
    cells = cells_of(kept).drop_duplicates().assign(import_id=report.import_id)
    insert_frame(connection, ImportCoverage, cells)
    _write(connection, _Coming(report.import_id, lines, stands, within), grain)
    report.preview.months = month_effects(sums, month_sums(connection, within))
    report.problems += _warnings(connection, report, stands, cells)
    return report


_WHOSE = ["institution_id", "bought_on"]


def _within(moved: pd.DataFrame) -> Within:
    institutions = tuple(int(number) for number in sorted(moved["institution_id"].unique()))
    first, last = moved["bought_on"].min().date(), moved["bought_on"].max().date()
    return Within(institutions, first_of_month(first), first_of_month(last))


def _write(connection: Connection, coming: _Coming, grain: Grain) -> None:
    """Withdraw, insert, keep what happened to products, and build the months anew."""
    before = journal.images(connection, "purchases", coming.codes)
    withdraw(connection, coming.stands.leaving["id"].astype("int64").tolist(), coming.import_id)
    moved, lines = _insert(connection, coming)
    after = journal.images(connection, "purchases", coming.codes)
    journal.keep(connection, coming.import_id, journal.changes(before, after))
    within = coming.within
    touched = [Touched(within.institution_ids, within.first, within.last), *moved]
    is_all = coming.stands.is_alone and not moved
    grain.rebuild(connection, "purchases", coming.import_id, touched, lines if is_all else None)


def _insert(connection: Connection, coming: _Coming) -> tuple[list[Touched], pd.DataFrame | None]:
    """What else moved by the lines that came, and these lines as the grain counts them."""
    if coming.lines.empty:
        return [], None
    moved = READERS["purchases"].load(connection, coming.lines, coming.import_id)
    ids = _ids_of(connection, coming.codes)
    keep_categories(connection, coming.lines, ids)
    lines = coming.lines.assign(product_id=coming.lines["product_code"].map(ids))
    return moved, as_counted(connection, lines)


def _ids_of(connection: Connection, codes: list[str]) -> dict[str, int]:
    rows = connection.execute(select(col(Product.code), col(Product.id)))
    wanted = set(codes)
    return {code: number for code, number in rows if code in wanted and number is not None}


def _refused(connection: Connection, report: Report, import_id: int) -> Report:
    """A second file for the same months in one call is the other half of them, not a correction."""
    name = connection.execute(select(col(Import.file_name)).where(col(Import.id) == import_id)).scalar_one()
    return _stopped(report, Problem(COVERED_IN_SAME_GO, report.file, params={"other": name}))


def _stopped(report: Report, problem: Problem) -> Report:
    return replace(report, status="problems", problems=[*report.problems, problem], preview=None)


def _warnings(connection: Connection, report: Report, stands: Standing, cells: pd.DataFrame) -> list[Problem]:
    found = []
    gone = stands.withdrawn
    if len(gone) and report.mode == "replace":
        amount = _yuan(int(gone["paid_amount"].sum()))
        words = {"count": len(gone), "covered": stands.covered, "amount": amount}
        found.append(Problem(LINES_WITHDRAWN, report.file, params=words))
    if stands.left_alone:
        params = {"count": stands.left_alone}
        found.append(Problem(CATEGORY_UNKNOWN_KEPT, report.file, params=params))
    return found + _jumps(connection, report, cells)


def _jumps(connection: Connection, report: Report, cells: pd.DataFrame) -> list[Problem]:
    names = dict(connection.execute(select(col(Institution.id), col(Institution.name))).all())
    months = {(int(i), m.date()) for i, m in cells[["institution_id", "month"]].itertuples(index=False)}
    institutions, allowed = sorted({institution for institution, _month in months}), tolerances()
    return [
        Problem(
            AMOUNT_JUMP,
            report.file,
            params={
                "institution": names[jump.institution_id],
                "month": f"{jump.month:%Y-%m}",
                "amount": _yuan(jump.amount),
                "before": f"{jump.month_before:%Y-%m}",
                "amount_before": _yuan(jump.amount_before),
                "times": f"{jump.times:.0f}",
            },
        )
        for jump in jumps(connection, institutions, months, allowed.jump, allowed.jump_floor)
    ]


def _yuan(amount: int) -> str:
    """1/10000 yuan as a sentence tells them, to the fen."""
    return f"{yuan(amount):,.2f}"
