"""A moment and how far the history had come by then; refused where what is needed was not kept."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from sqlalchemy import Connection, Row, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from procurement.language import N_, _
from procurement.periods import local_text
from procurement.tables import EarlierDraft, Import, ImportChange, Product, SettlementStep
from procurement.tables.imports import UNDO

IMPORT_WITHOUT_IMAGES = N_(
    "无法还原{time}时点的台账：编号{number}的导入（{file}）由较早版本的软件办理，没有留存改动前的清单内容。"
    "可以查询的时点：{after}该导入之后。"
)
UNDO_WITHOUT_IMAGES = N_(
    "无法还原{time}时点的台账：编号{undo}的撤销（{file}）由较早版本的软件办理，没有留存撤销前的清单内容。"
    "可以查询的时点：编号{import_id}的导入之前，或{after}撤销之后。"
)
DRAFT_NOT_KEPT = N_(
    "无法还原{time}时点的台账：编号{number}的结算由较早版本的软件重新测算，没有留存测算前的数字。"
    "可以查询的时点：{before}该结算起草之前，或{after}重新测算之后。"
)


class NotKnown(LookupError):
    """What was known at a moment cannot be told any more; the text says why, and what can be."""


@dataclass(frozen=True)
class Known:
    """A moment in UTC and the last import of then; imports are numbered in the order in which they came."""

    moment: datetime
    last_import: int


def known(connection: Connection, moment: datetime) -> Known:
    moment = moment.astimezone(UTC)
    last = select(func.max(col(Import.id))).where(col(Import.imported_at) <= moment)
    at = Known(moment, connection.execute(last).scalar() or 0)
    _refuse_import_without_images(connection, at)
    _refuse_undo_without_images(connection, at)
    _refuse_draft_not_kept(connection, at)
    return at


def _refuse_import_without_images(connection: Connection, at: Known) -> None:
    """An import of a list writes an image for every row that it changes, and one of purchases for every
    product that it brings; the first version wrote none."""
    is_list = col(Import.kind).not_in(("purchases", UNDO))
    has_images = exists().where(col(ImportChange.import_id) == col(Import.id))
    is_told = exists().where(
        col(ImportChange.import_id) > at.last_import,
        col(ImportChange.table_name) == str(Product.__tablename__),
        col(ImportChange.row_id) == col(Product.id),
    )
    brought = exists().where(col(Product.import_id) == col(Import.id), ~is_told)
    query = select(col(Import.id), col(Import.file_name), col(Import.imported_at)).where(
        col(Import.id) > at.last_import, (is_list & ~has_images) | brought
    )
    found = connection.execute(query.order_by(col(Import.id).desc())).first()
    if found is not None:
        words = {"number": found.id, "file": found.file_name, "after": local_text(found.imported_at)}
        raise NotKnown(_(IMPORT_WITHOUT_IMAGES).format(time=local_text(at.moment), **words))


def _refuse_undo_without_images(connection: Connection, at: Known) -> None:
    """An undo writes an image for every row of its import's journal; earlier versions wrote none."""
    undone = aliased(Import)
    query = (
        select(col(Import.id), col(Import.undoes), col(Import.imported_at), col(undone.file_name))
        .join(undone, col(undone.id) == col(Import.undoes))
        .where(
            col(Import.id) > at.last_import,
            col(Import.undoes) <= at.last_import,
            col(Import.undoes).in_(select(col(ImportChange.import_id))),
            col(Import.id).not_in(select(col(ImportChange.import_id))),
        )
        .order_by(col(Import.id).desc())
    )
    found = connection.execute(query).first()
    if found is not None:
        words = {"undo": found.id, "import_id": found.undoes, "file": found.file_name}
        after = local_text(found.imported_at)
        raise NotKnown(_(UNDO_WITHOUT_IMAGES).format(time=local_text(at.moment), after=after, **words))


def _refuse_draft_not_kept(connection: Connection, at: Known) -> None:
    """Each draft of a settlement but the first took the place of one, which EarlierDraft keeps."""
    kept = set(connection.execute(select(col(EarlierDraft.until_step))).scalars())
    for steps in _steps_of_redrafted(connection):
        for before, step in pairwise(steps):
            if before.at <= at.moment < step.at and not _is_kept(before, steps, kept):
                drafted = next(s for s in steps if s.id > before.id and s.state == "draft")
                words = {"number": step.settlement_id, "time": local_text(at.moment)}
                span = {"before": local_text(steps[0].at), "after": local_text(drafted.at)}
                raise NotKnown(_(DRAFT_NOT_KEPT).format(**words, **span))


def _is_kept(last: Row, steps: list[Row], kept: set[int]) -> bool:
    """Whether the figures after the step `last` are there still: never drafted anew since, or kept."""
    later = [(before, step) for before, step in pairwise(steps) if step.id > last.id]
    redrafted = next((before.id for before, step in later if step.state == "draft"), None)
    return redrafted is None or redrafted in kept


def _steps_of_redrafted(connection: Connection) -> list[list[Row]]:
    """The steps of each settlement that was drafted more than once, in order."""
    columns = [col(getattr(SettlementStep, name)) for name in ("id", "settlement_id", "state", "at")]
    mine = col(SettlementStep.settlement_id)
    often = select(mine).where(col(SettlementStep.state) == "draft").group_by(mine)
    often = often.having(func.count(col(SettlementStep.id)) > 1)
    query = select(*columns).where(mine.in_(often)).order_by(mine, col(SettlementStep.id))
    found: dict[int, list[Row]] = {}
    for row in connection.execute(query):
        found.setdefault(row.settlement_id, []).append(row)
    return list(found.values())
