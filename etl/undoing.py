"""Take one import back: its rows go, what it replaced comes back, and both stay in the history.

undo(engine, 12, by="…") → UndoReport(status="undone", …)

Nothing is taken back that something later builds on: a later import of the same institution, month and
category, a later change of the same row of a list, or rows that point to what the import brought. Those are
taken back first.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, or_, select, update
from sqlmodel import col

from etl.preview import Preview
from etl.recording.closed import closed_reason
from etl.recording.effects import Within, month_effects, month_sums
from etl.recording.history import is_in_force
from etl.recording.journal import keep_present
from etl.recording.returning import references, return_rows, rows_of, settlements_on
from etl.recording.standing import restore, withdraw
from procurement import ledger
from procurement.database import writing
from procurement.language import N_, _
from procurement.people import audit
from procurement.tables import (
    Import,
    ImportChange,
    ImportCoverage,
    Institution,
    Product,
    Purchase,
    WithdrawnPurchase,
)
from procurement.tables.imports import UNDO

NOT_THERE = N_("没有编号为 {id} 的导入。")
IS_UNDO = N_("编号 {id} 本身是一次撤销；要恢复那次导入，请重新导入原文件。")
ALREADY_UNDONE = N_("编号 {id} 的导入已经撤销。")
BUILT_ON = N_("编号 {later} 的导入（{file}）建立在它之上：{why}。请先撤销编号 {later}。")
BUILT_ON_BY_OTHERS = N_("之后有医保部门或其他机构的导入建立在它之上。请联系医保部门办理。")
SAME_MONTHS = N_("包含相同机构、相同月份的采购")
SAME_ROWS = N_("又更改了相同的行")
POINTS_TO_IT = N_("引用了它新增的机构、批次或品种")
NO_IMAGES = N_("编号 {id} 的导入由0.1.0版办理，没有留存改动前的清单内容，不能撤销。请改为导入更正后的文件。")
SETTLED = N_("有{count}项结余留用结算是对它新增的机构或批次作出的，结算留存期间不能撤销它。")


@dataclass(frozen=True)
class UndoReport:
    """`status`: undone, checked (a dry run: could be undone) or refused, with the `reasons` in sentences."""

    import_id: int
    status: str
    file: str = ""
    undo_id: int | None = None
    reasons: list[str] = field(default_factory=list)
    preview: Preview = field(default_factory=Preview)

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "preview": self.preview.as_dict()}


class _TakenBack(Exception):
    """Ends a dry run."""


def undo(
    engine: Engine, import_id: int, *, by: str, dry_run: bool = False, scope: tuple[str, ...] | None = None
) -> UndoReport:
    """Take the import back in one transaction; with `dry_run` only tell what it would do.

    With a `scope` (institution codes) there are only imports of purchases of these institutions alone.
    """
    report = UndoReport(import_id, "refused")
    try:
        with writing(engine) as connection:
            report = _undo(connection, import_id, by, dry_run, scope)
            if dry_run:
                raise _TakenBack
    except _TakenBack:
        pass
    return report


def _undo(
    connection: Connection, import_id: int, by: str, dry_run: bool, scope: tuple[str, ...] | None
) -> UndoReport:
    found = connection.execute(select(Import.__table__).where(col(Import.id) == import_id)).first()  # type: ignore[attr-defined]
    if found is not None and scope is not None and not _is_of_scope(connection, found, scope):
        found = None
    if reasons := _reasons(connection, import_id, found, scope):
        file = found.file_name if found is not None else ""
        return UndoReport(import_id, "refused", file, reasons=reasons)
    assert found is not None
    within = _within(connection, import_id)
    before = month_sums(connection, within)
    undo_id = _enter(connection, found, by)
    preview = _take_back(connection, import_id, undo_id)
    preview.months = month_effects(before, month_sums(connection, within))
    values = {
        "imported_at": datetime.now(UTC).replace(microsecond=0),
        "new_rows": preview.new,
        "withdrawn_rows": preview.withdrawn,
        "rows": preview.new + preview.withdrawn,
    }
    connection.execute(update(Import).where(col(Import.id) == undo_id).values(values))
    if not dry_run:
        audit.record(connection, "import-undone", found.file_name, by=by, undoes=import_id, undo=undo_id)
    status = "checked" if dry_run else "undone"
    return UndoReport(import_id, status, found.file_name, None if dry_run else undo_id, preview=preview)


def _within(connection: Connection, import_id: int) -> Within:
    """The institutions whose lines the import brought, as its own preview has it; for a list, everybody."""
    covered = select(col(ImportCoverage.institution_id)).where(col(ImportCoverage.import_id) == import_id)
    return Within(tuple(connection.execute(covered.distinct()).scalars()))


def _is_of_scope(connection: Connection, found: Row, scope: tuple[str, ...]) -> bool:
    """Whether an import is of purchases, all of them of these institutions."""
    covered = (
        select(col(Institution.code))
        .distinct()
        .join(ImportCoverage, col(ImportCoverage.institution_id) == col(Institution.id))
        .where(col(ImportCoverage.import_id) == found.id)
    )
    whose = set(connection.execute(covered).scalars())
    return found.kind == "purchases" and bool(whose) and whose <= set(scope)


def _reasons(
    connection: Connection, import_id: int, found: Row | None, scope: tuple[str, ...] | None
) -> list[str]:
    if found is None:
        return [_(NOT_THERE).format(id=import_id)]
    if found.kind == UNDO:
        return [_(IS_UNDO).format(id=import_id)]
    if not connection.execute(select(is_in_force(import_id))).scalar_one():
        return [_(ALREADY_UNDONE).format(id=import_id)]
    if found.kind != "purchases" and not _has_journal(connection, import_id):
        return [_(NO_IMAGES).format(id=import_id)]
    if count := settlements_on(connection, import_id):
        return [_(SETTLED).format(count=count)]
    if closed := closed_reason(connection, import_id):
        return [closed]
    later: dict[int, str] = {}
    for why, ids in (
        (SAME_MONTHS, _later_in_same_cells(connection, import_id)),
        (SAME_MONTHS, _later_that_withdrew(connection, import_id)),
        (SAME_ROWS, _later_on_same_rows(connection, import_id)),
        (POINTS_TO_IT, references(connection, import_id)),
    ):
        later |= {number: why for number in ids if number not in later}
    return _told(connection, later, scope)


def _told(connection: Connection, later: dict[int, str], scope: tuple[str, ...] | None) -> list[str]:
    """Why not, an import that must be taken back first in each sentence; others' files are not named."""
    query = select(Import.__table__).where(col(Import.id).in_(later))  # type: ignore[attr-defined]
    found = connection.execute(query.order_by(col(Import.id).desc())).all()
    own = [row for row in found if scope is None or _is_of_scope(connection, row, scope)]
    told = [_(BUILT_ON).format(later=row.id, file=row.file_name, why=_(later[row.id])) for row in own]
    return told + [_(BUILT_ON_BY_OTHERS)] * (len(own) < len(found))


def _has_journal(connection: Connection, import_id: int) -> bool:
    """Whether it is kept what a list changed; the first release kept nothing."""
    query = select(col(ImportChange.id)).where(col(ImportChange.import_id) == import_id).limit(1)
    return connection.execute(query).first() is not None


def _later_in_same_cells(connection: Connection, import_id: int) -> list[int]:
    """Later imports in force with purchases of the same institution, month and category."""
    own, other = ImportCoverage.__table__.alias(), ImportCoverage.__table__.alias()  # type: ignore[attr-defined]
    query = (
        select(other.c.import_id)
        .distinct()
        .join(own, (own.c.institution_id == other.c.institution_id) & (own.c.month == other.c.month))
        .where(
            own.c.import_id == import_id,
            other.c.import_id > import_id,
            # What nobody knew the category of may be the same lines.
            or_(own.c.category == other.c.category, own.c.category == "", other.c.category == ""),
            is_in_force(other.c.import_id),
        )
    )
    return list(connection.execute(query).scalars())


def _later_that_withdrew(connection: Connection, import_id: int) -> list[int]:
    """Later imports in force that replaced lines of this one, whatever category their product was of."""
    by = col(WithdrawnPurchase.withdrawn_by)
    mine = col(WithdrawnPurchase.import_id) == import_id
    query = select(by).distinct().where(mine, by > import_id, is_in_force(by))
    return list(connection.execute(query).scalars())


def _later_on_same_rows(connection: Connection, import_id: int) -> list[int]:
    """Later imports in force that changed rows which this one wrote; an undo only gave them back.

    Not what they know better of a product that purchase lines brought: it stays, the lines alone go.
    """
    own, other = ImportChange.__table__.alias(), ImportChange.__table__.alias()  # type: ignore[attr-defined]
    brought = (own.c.table_name == str(Product.__tablename__)) & own.c.before.is_(None)
    of_lines = select(col(Import.id)).where(col(Import.id) == import_id, col(Import.kind) == "purchases")
    undos = select(col(Import.id)).where(col(Import.kind) == UNDO)
    query = (
        select(other.c.import_id)
        .distinct()
        .join(own, (own.c.table_name == other.c.table_name) & (own.c.row_id == other.c.row_id))
        .where(own.c.import_id == import_id, other.c.import_id > import_id, is_in_force(other.c.import_id))
        .where(~(brought & of_lines.exists()), other.c.import_id.not_in(undos))
    )
    return list(connection.execute(query).scalars())


def _enter(connection: Connection, found: Row, by: str) -> int:
    statement = insert(Import).values(
        kind=UNDO,
        file_name=found.file_name,
        content_hash=f"undo:{found.id}",
        institution_code=found.institution_code,
        imported_at=datetime.now(UTC).replace(microsecond=0),
        imported_by=by,
        rows=0,
        undoes=found.id,
    )
    return connection.execute(statement.returning(col(Import.id))).scalar_one() or 0


def _take_back(connection: Connection, import_id: int, undo_id: int) -> Preview:
    """Lines first, then lists; what of the grain they touched is built anew in between."""
    mine = list(
        connection.execute(select(col(Purchase.id)).where(col(Purchase.import_id) == import_id)).scalars()
    )
    touched = rows_of(connection, import_id)
    keep_present(connection, undo_id, import_id)
    withdraw(connection, [number for number in mine if number is not None], undo_id)
    restored = restore(connection, import_id, undo_id)
    lists = return_rows(connection, import_id)
    for part in [*touched, *lists.touched]:
        ledger.rebuild(connection, part)
    lists.remove_what_nothing_points_to(connection)
    return Preview(new=restored + lists.restored, changed=lists.changed, withdrawn=len(mine) + lists.removed)
