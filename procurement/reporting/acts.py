"""Close a month, open it again, declare that nothing was bought: each in one transaction, with its trail.

close(engine, date(2022, 3, 1), None, "zhang")           all that have reported; the others are told
reopen(engine, date(2022, 3, 1), ["H001"], "漏报两张发票", "zhang")
declare_nothing_bought(engine, "H001", date(2022, 3, 1), "li")
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pandas as pd
from sqlalchemy import Connection, Engine, func, insert, select
from sqlmodel import col

from procurement.database import writing
from procurement.filters import Filters
from procurement.language import N_, _
from procurement.measures.months import CLOSED, OPEN
from procurement.people import audit
from procurement.people.readers import Scope
from procurement.periods import first_of_month, last_of_month
from procurement.reporting.states import month_states, reporting_day
from procurement.tables import Import, MonthStep, Purchase

NOT_ENDED = N_("{month}还没有结束，不能办理。")
UNKNOWN = N_("没有这些机构，或不在您的账号范围内：{codes}。")
REASON_NEEDED = N_("重新开放已关账的月份，须写明原因。")
NOBODY = N_("没有选择机构。")
HAS_LINES = N_("“{institution}”{month}已有采购记录，不能申报本月无采购。")
NOTHING_TO_CONFIRM = N_("“{institution}”{month}没有重新开放，或没有采购记录，无须确认。")
UNCHANGED = N_("核对无误，无须更正")
NOT_OPEN = N_("“{institution}”{month}{state}，无须申报。")
STILL_OPEN = N_("尚未上报；确需关账的，请选择“连同未上报的一并关账”")
ALREADY_CLOSED = N_("已经关账")
NOT_CLOSED = N_("没有关账，无须重新开放")

STATE_SAID = {"submitted": N_("已上报"), "closed": N_("已关账")}


class ReportingRefused(ValueError):
    """Nothing was changed; the sentence says why and what to do."""


@dataclass(frozen=True)
class MonthOutcome:
    """What became of one institution's month; with a `reason`, it was left as it was."""

    institution_code: str
    institution_name: str
    month: date
    month_state: str
    was_open: bool = False
    reason: str = ""


def close(
    engine: Engine,
    month: date,
    codes: Iterable[str] | None,
    by: str,
    scope: Scope = None,
    *,
    even_open: bool = False,
    day: date | None = None,
) -> list[MonthOutcome]:
    """Close the month of these institutions (None: of all in the scope); from then on it takes no import.

    Those that are asked for and have not reported stay open, unless `even_open`; both are told.
    """
    with writing(engine) as connection:
        rows = _chosen(connection, month, codes, scope, day)
        left = rows["month_state"].eq(OPEN) & rows["is_asked"]
        reasons = pd.Series("", index=rows.index).mask(left & (not even_open), _(STILL_OPEN))
        reasons = reasons.mask(rows["month_state"].eq(CLOSED), _(ALREADY_CLOSED))
        going = rows[reasons.eq("")]
        _enter(connection, going, "closed", by, "")
        if len(going):
            still_open = rows.loc[left & reasons.eq(""), "institution_code"].tolist()
            _record(connection, "month-closed", going, by, not_reported=still_open)
    return _outcomes(rows, reasons, left, CLOSED)


def reopen(
    engine: Engine, month: date, codes: Iterable[str], reason: str, by: str, scope: Scope = None
) -> list[MonthOutcome]:
    """Open the closed month of these institutions again, with a reason; only a later import, or the
    declaration that nothing was bought, makes it reported."""
    if not reason.strip():
        raise ReportingRefused(_(REASON_NEEDED))
    with writing(engine) as connection:
        rows = _chosen(connection, month, list(codes), scope, None)
        reasons = pd.Series("", index=rows.index).mask(rows["month_state"].ne(CLOSED), _(NOT_CLOSED))
        going = rows[reasons.eq("")]
        _enter(connection, going, "reopened", by, reason.strip())
        if len(going):
            _record(connection, "month-reopened", going, by, reason=reason.strip())
    return _outcomes(rows, reasons, pd.Series(False, index=rows.index), OPEN)


def declare_nothing_bought(
    engine: Engine, code: str, month: date, by: str, scope: Scope = None, *, day: date | None = None
) -> None:
    """The institution bought nothing in the month: it is submitted. Only of an open month without lines."""
    with writing(engine) as connection:
        rows = _chosen(connection, month, [code], scope, day)
        row = next(rows.itertuples())
        words = {"institution": row.institution_name, "month": f"{month:%Y-%m}"}
        if row.month_state != OPEN:
            raise ReportingRefused(_(NOT_OPEN).format(**words, state=_(STATE_SAID[row.month_state])))
        if _has_lines(connection, int(row.institution_id), month):
            raise ReportingRefused(_(HAS_LINES).format(**words))
        _enter(connection, rows, "submitted", by, "")
        _record(connection, "month-submitted", rows, by)


def confirm_unchanged(
    engine: Engine, code: str, month: date, by: str, scope: Scope = None, *, day: date | None = None
) -> None:
    """A reopened month is right as it is: it is submitted again, though nothing new was loaded."""
    with writing(engine) as connection:
        rows = _chosen(connection, month, [code], scope, day)
        row = next(rows.itertuples())
        is_reopened = row.month_state == OPEN and row.step_state == "reopened"
        if not is_reopened or not _has_lines(connection, int(row.institution_id), month):
            words = {"institution": row.institution_name, "month": f"{month:%Y-%m}"}
            raise ReportingRefused(_(NOTHING_TO_CONFIRM).format(**words))
        _enter(connection, rows, "submitted", by, _(UNCHANGED))
        _record(connection, "month-submitted", rows, by, reason=_(UNCHANGED))


def _chosen(
    connection: Connection, month: date, codes: Iterable[str] | None, scope: Scope, day: date | None
) -> pd.DataFrame:
    """The month's states of the institutions that are asked for; ReportingRefused where one is not there."""
    wanted = None if codes is None else tuple(dict.fromkeys(codes))
    filters = Filters(institutions=wanted or (), scope=scope, as_of=day)
    if last_of_month(month) >= reporting_day(filters):
        raise ReportingRefused(_(NOT_ENDED).format(month=f"{month:%Y-%m}"))
    if wanted is not None and not wanted:
        raise ReportingRefused(_(NOBODY))
    rows = month_states(connection, filters, month, month)
    absent = set(wanted or ()) - set(rows["institution_code"])
    if absent:
        raise ReportingRefused(_(UNKNOWN).format(codes=_("、").join(sorted(absent))))
    return rows


def _has_lines(connection: Connection, institution_id: int, month: date) -> bool:
    days = col(Purchase.bought_on).between(first_of_month(month), last_of_month(month))
    query = select(col(Purchase.id)).where(col(Purchase.institution_id) == institution_id, days).limit(1)
    return connection.execute(query).first() is not None


def _enter(connection: Connection, rows: pd.DataFrame, state: str, by: str, reason: str) -> None:
    until = connection.execute(select(func.coalesce(func.max(col(Import.id)), 0))).scalar_one()
    step = {
        "state": state,
        "imports_until": until,
        "at": datetime.now(UTC).replace(microsecond=0),
        "by": by,
        "reason": reason,
    }
    values = [
        {"institution_id": int(row.institution_id), "month": row.month.date(), **step}
        for row in rows.itertuples()
    ]
    if values:
        connection.execute(insert(MonthStep), values)


def _record(connection: Connection, action: str, rows: pd.DataFrame, by: str, **details: object) -> None:
    """One event an act: the month, and whose it is."""
    month, codes = f"{rows['month'].iloc[0]:%Y-%m}", rows["institution_code"].tolist()
    subject = month if len(rows) > 1 else f"{rows['institution_name'].iloc[0]} {month}"
    audit.record(connection, action, subject, by=by, month=month, institutions=codes, **details)


def _outcomes(rows: pd.DataFrame, reasons: pd.Series, open_: pd.Series, state: str) -> list[MonthOutcome]:
    return [
        MonthOutcome(
            row.institution_code,
            row.institution_name,
            row.month.date(),
            row.month_state if reason else state,
            bool(was_open),
            reason,
        )
        for row, reason, was_open in zip(rows.itertuples(), reasons, open_, strict=True)
    ]
