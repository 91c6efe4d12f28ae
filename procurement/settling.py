"""Settle what institutions keep: draft → reviewed → confirmed → paid, and corrections of what was confirmed.

    draft(engine, Filters(batches=("…",)), year=1, by="…") → [Outcome(…), …]
    advance(engine, [12, 13], "reviewed", by="…")

A draft freezes the figures of the moment with the policy and every line behind them. It is reviewed and
confirmed only while a recomputation gives the same: what has moved since is drafted anew (refresh). From
confirmation on later imports and policies move nothing; `differences` tells what they would, and `correct`
drafts a new settlement, linked to the old one, that pays or claims back the difference. Every step keeps who
did it and when. What is refused comes back as an Outcome with its reason; nothing of it is written.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, update
from sqlmodel import col

from procurement import figures
from procurement.columns import reading
from procurement.database import writing
from procurement.filters import Filters
from procurement.kept import keep_parts
from procurement.language import N_, _
from procurement.people.readers import Scope
from procurement.queries.replies import has_open_objection
from procurement.queries.settlements import settlements, standing
from procurement.settled import (
    GONE,
    NOT_THERE,
    Outcome,
    frozen,
    frozen_working,
    keep_earlier,
    key,
    moved,
    of_row,
    of_working,
    retained_before,
    stepped,
    written,
)
from procurement.tables import Settlement
from procurement.working import SETTLEMENT, Working, workings

ALREADY = N_("已有编号{number}的结算（{state}）。")
RUNNING = N_("协议年度到{day}才结束，结束后方可结算。")
NOT_NEXT = N_("现为“{state}”，不能改为“{wanted}”。")
NO_DIFFERENCE = N_("重新测算的结果与已确认的一致，不需要更正。")
NOT_CONFIRMED = N_("只有已确认或已拨付的结算才能更正；未确认的请重新测算或作废。")
CORRECTED = N_("已有更正它的结算，编号{number}。")
NO_REASON = N_("请写明原因。")
OBJECTED = N_("机构提出的异议尚未答复，请先在“医院反馈”中答复，再确认。")
FOUR_EYES = N_("起草人不能审核自己起草的结算，请由另一位经办人员审核。")

BEFORE = {"reviewed": ("draft",), "confirmed": ("reviewed",), "paid": ("confirmed",),
          "cancelled": ("draft", "reviewed")}  # fmt: skip
"""State → the states that it can be reached from."""


def draft(
    engine: Engine,
    filters: Filters,
    year: int | None = None,
    *,
    by: str,
    only: Collection[tuple[int, int, int]] | None = None,
) -> list[Outcome]:
    """Draft what the filters choose and nobody has settled yet; the others come back with their reason.

    Days that the filters look at play no part: an agreement year is settled as a whole. `only` leaves those
    of these institutions, batches and years (ids).
    """
    filters = replace(filters, first_day=None, last_day=None, as_of=None)
    with writing(engine) as connection:
        keep_parts(connection)
        as_of = figures.measuring_day(connection, filters)
        filters = filters.on(as_of) if as_of else filters
        known = {key(row): row for row in standing(settlements(connection, filters)).itertuples()}
        return [
            _drafted(connection, working, known.get(key(working.row)), by)
            for working in workings(connection, filters, year=year)
            if only is None or key(working.row) in only
        ]


def _drafted(connection: Connection, working: Working, known: Any, by: str) -> Outcome:
    if known is not None:
        said = _(ALREADY).format(
            number=known.settlement_id, state=_(reading(known.settlement_state, "settlement_state"))
        )
        return replace(of_row(known), reason=said)
    if reason := not_settled(working.row):
        return replace(of_working(working), reason=reason)
    return written(connection, working, None, by, "")


def not_settled(row: Any) -> str:
    """Why a settlement cannot be drafted from its row of figures.retention; empty where it can."""
    if pd.isna(row.retained_amount):
        return _(reading(row.reason))
    return _(RUNNING).format(day=row.year_end.date()) if row.is_running else ""


def refresh(engine: Engine, ids: Sequence[int], *, by: str, scope: Scope = None) -> list[Outcome]:
    """Compute drafts and reviewed settlements anew; they are drafts again."""

    def renew(connection: Connection, row: Any, working: Working | None) -> Outcome:
        if row.settlement_state not in BEFORE["cancelled"]:
            return _refused(row, NOT_NEXT, wanted="draft")
        if working is None:
            return replace(of_row(row), reason=_(GONE))
        if reason := not_settled(working.row):
            return replace(of_row(row), reason=reason)
        values = frozen(connection, working, retained_before(connection, row.corrects))
        number = int(row.settlement_id)
        keep_earlier(connection, number)
        connection.execute(update(Settlement).where(col(Settlement.id) == number).values(values))
        anew = replace(of_working(working), settlement_id=number)
        return stepped(connection, replace(anew, payable_amount=values["payable_amount"]), "draft", by, "")

    return _each(engine, ids, renew, scope)


def advance(
    engine: Engine,
    ids: Sequence[int],
    state: str,
    *,
    by: str,
    remark: str = "",
    scope: Scope = None,
    four_eyes: bool = False,
) -> list[Outcome]:
    """Bring settlements to the next `state`; review and confirmation need unmoved figures, confirmation that
    no objection waits for an answer (procurement.replies), cancelling a remark that says why. With
    `four_eyes`, whoever drafted a settlement cannot review it."""

    def step(connection: Connection, row: Any, working: Working | None) -> Outcome:
        if row.settlement_state == state:
            return of_row(row)
        if four_eyes and state == "reviewed" and row.decided_by == by:
            return replace(of_row(row), reason=_(FOUR_EYES))
        if row.settlement_state not in BEFORE[state]:
            return _refused(row, NOT_NEXT, wanted=state)
        if reason := _held_back(connection, row, working, state, remark):
            return replace(of_row(row), reason=reason)
        return stepped(connection, of_row(row), state, by, remark)

    return _each(engine, ids, step, scope, with_working=state in ("reviewed", "confirmed"))


def _held_back(connection: Connection, row: Any, working: Working | None, state: str, remark: str) -> str:
    """Why a settlement cannot take its next step now; empty where it can."""
    if state == "cancelled" and not remark.strip():
        return _(NO_REASON)
    if state == "confirmed" and has_open_objection(connection, int(row.settlement_id)):
        return _(OBJECTED)
    return moved(connection, row, working) if state in ("reviewed", "confirmed") else ""


def correct(
    engine: Engine, ids: Sequence[int], *, by: str, remark: str = "", scope: Scope = None
) -> list[Outcome]:
    """Draft a correction of each confirmed or paid settlement whose figures a recomputation moves."""

    def renew(connection: Connection, row: Any, working: Working | None) -> Outcome:
        if row.settlement_state not in ("confirmed", "paid"):
            return replace(of_row(row), reason=_(NOT_CONFIRMED))
        if not pd.isna(row.corrected_by):
            return replace(of_row(row), reason=_(CORRECTED).format(number=row.corrected_by))
        if working is None:
            return replace(of_row(row), reason=_(GONE))
        if reason := not_settled(working.row):
            return replace(of_row(row), reason=reason)
        if not moved(connection, row, working):
            return replace(of_row(row), reason=_(NO_DIFFERENCE))
        return written(connection, working, of_row(row), by, remark)

    return _each(engine, ids, renew, scope)


def settlement_table(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per settlement beside what a recomputation gives now (beside_now). Days that the filters look
    at play no part."""
    filters = replace(filters, first_day=None, last_day=None, as_of=None)
    return beside_now(settlements(connection, filters), figures.retention(connection, filters))


def beside_now(rows: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Settlements with, for the one that counts, what a recomputation (figures.retention) retains now.

    `is_standing` marks the one that counts, `is_moved` one whose base or retained surplus has moved since it
    was frozen; `now_retained_amount` is empty where a basis has gone missing.
    """
    names = {"retained_amount": "now_retained_amount", "surplus_base_amount": "now_surplus_base_amount"}
    rows = rows.merge(now[[*SETTLEMENT, *names]].rename(columns=names), on=SETTLEMENT, how="left")
    counts = rows["settlement_id"].isin(standing(rows)["settlement_id"])
    for name in names.values():
        rows[name] = rows[name].where(counts)
    same = (rows["now_retained_amount"] == rows["retained_amount"]).fillna(False)
    same &= (rows["now_surplus_base_amount"] == rows["surplus_base_amount"]).fillna(False)
    rows["difference_amount"] = rows["now_retained_amount"] - rows["retained_amount"]
    return rows.assign(is_standing=counts, is_moved=counts & ~same)


FROZEN = ["surplus_base_amount", "score", "ratio", "retained_amount", "staff_amount", "development_amount"]
"""Figures of a settlement that stand in the place of today's."""


def with_settlements(now: pd.DataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    """figures.retention with the settlement that counts beside each row, where there is one.

    `settled`: beside_now. The FROZEN figures of a settled row are those that it froze, and `reason` is empty.
    """
    more = ["settlement_id", "settlement_state", "payable_amount", "now_retained_amount", "difference_amount",
            "is_moved", "decided_at", "decided_by"]  # fmt: skip
    counted = settled.loc[settled["is_standing"], [*SETTLEMENT, *more, *FROZEN]]
    rows = now.merge(counted, on=SETTLEMENT, how="left", suffixes=("_now", ""))
    is_settled = rows["settlement_id"].notna()
    for name in FROZEN:
        rows[name] = rows[name].where(is_settled, rows[f"{name}_now"])
    rows["reason"] = rows["reason"].astype(object).mask(is_settled, "")
    return rows.drop(columns=[f"{name}_now" for name in FROZEN])


def standing_workings(
    connection: Connection, filters: Filters, year: int | None = None
) -> Iterator[tuple[Working, Any]]:
    """The working of each settlement that the filters choose: as frozen, with its row of `settlements`, where
    one counts, else as of now, with None. Days that the filters look at play no part."""
    filters = replace(filters, first_day=None, last_day=None, as_of=None)
    counted = standing(settlements(connection, filters))
    if year is not None:
        counted = counted[counted["agreement_year"] == year]
    left = {key(row): row for row in counted.itertuples(index=False)}
    of_institution = groupby(workings(connection, filters, year=year), key=lambda w: w.row.institution_code)
    for code, own in of_institution:
        yield from _frozen(connection, left, before=code)
        for working in own:
            row = left.pop(key(working.row), None)
            known = row is not None
            yield (frozen_working(connection, int(row.settlement_id)), row) if known else (working, None)
        yield from _frozen(connection, left, until=code)
    yield from _frozen(connection, left)


def _frozen(
    connection: Connection, left: dict[tuple, Any], before: str | None = None, until: str | None = None
) -> Iterator[tuple[Working, Any]]:
    """Settlements whose basis is no longer there, of the institutions with a code `before` or `until` one;
    what an institution has settled comes together."""
    for number, row in list(left.items()):
        code = row.institution_code
        if (before is None or code < before) and (until is None or code <= until):
            yield frozen_working(connection, int(left.pop(number).settlement_id)), row


def _each(
    engine: Engine, ids: Sequence[int], act: Any, scope: Scope, with_working: bool = True
) -> list[Outcome]:
    """`act` on each settlement with what a recomputation gives now, all in one transaction; one outside of
    the scope is not there."""
    with writing(engine) as connection:
        keep_parts(connection)
        rows = settlements(connection, Filters(scope=scope))
        rows = rows[rows["settlement_id"].isin(list(ids))]
        if missing := sorted(set(ids) - {int(number) for number in rows["settlement_id"]}):
            raise LookupError(_(NOT_THERE).format(number=missing[0]))
        now = {key(w.row): w for w in _recomputed(connection, rows)} if with_working else {}
        return [act(connection, row, now.get(key(row))) for row in rows.itertuples(index=False)]


def _recomputed(connection: Connection, rows: pd.DataFrame) -> Iterator[Working]:
    for (batch, year), some in rows.groupby(["batch", "agreement_year"], sort=False):
        chosen = Filters(batches=(str(batch),), institutions=tuple(some["institution_code"]))
        as_of = figures.measuring_day(connection, Filters())
        yield from workings(connection, chosen.on(as_of) if as_of else chosen, year=int(year))


def _refused(row: Any, says: str, wanted: str) -> Outcome:
    words = {
        "state": _(reading(row.settlement_state, "settlement_state")),
        "wanted": _(reading(wanted, "settlement_state")),
    }
    return replace(of_row(row), reason=_(says).format(**words))
