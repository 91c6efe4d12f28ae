"""What is in force on a day, and the history of a parameter, as rows for a page, a sheet and a terminal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from dashboard.policy_words import (
    GROUPS,
    category_text,
    group_of,
    mark_text,
    place_of,
    said_text,
    value_text,
)
from procurement.language import _
from procurement.periods import LOCAL_TIME
from procurement.policies import InForce, Limit, Parameter, PolicyBook, PolicyError, Value
from procurement.policy_changes import key_of
from procurement.queries.policies import Recorded
from procurement.tables.register import CATEGORIES

IN_FORCE_COLUMNS = {
    "group": "policy_group",
    "parameter": "policy",
    "title": "policy_title",
    "category": "policy_category",
    "text": "policy_words",
    "level": "policy_level",
    "from": "policy_from",
    "mark": "policy_mark",
    "source": "policy_source",
}
HISTORY_COLUMNS = {
    "id": "entry_id",
    "parameter": "policy",
    "title": "policy_title",
    "text": "policy_words",
    "category": "policy_category",
    "level": "policy_level",
    "from": "policy_from",
    "until": "policy_until",
    "source": "policy_source",
    "note": "policy_note",
    "decided_by": "decided_by",
    "decided_at": "decided_at",
    "withdrawn_by": "withdrawn_by",
    "withdrawn_at": "withdrawn_at",
    "withdrawn_reason": "withdrawn_reason",
}
"""Public name → column, as `vbp policies` prints them."""


@dataclass(frozen=True)
class Shown:
    """A parameter on a day, for one category or for both; `found` is empty where nothing is in force, and
    `missing` says why."""

    parameter: Parameter
    category: str | None
    found: InForce | None
    missing: str = ""


def in_force(book: PolicyBook, day: date, category: str | None = None) -> list[Shown]:
    """Every parameter on `day`, by part of the list; one row where both categories have the same entry."""
    rows: list[Shown] = []
    for name in sorted(book.parameters, key=place_of):
        parameter = book.parameters[name]
        asked = [category] if category else list(CATEGORIES)
        each = [_asked(parameter, day, one) for one in (asked if parameter.by_category else [None])]
        alike = len({(repr(one.found), one.missing) for one in each}) == 1
        both = Shown(parameter, category if parameter.by_category else None, each[0].found, each[0].missing)
        rows += [both] if alike else each
    return rows


def _asked(parameter: Parameter, day: date, category: str | None) -> Shown:
    try:
        return Shown(parameter, category, parameter.on(day, category))
    except PolicyError as problem:
        return Shown(parameter, category, None, str(problem))


def examples(rows: Iterable[Shown]) -> int:
    """How many parameters still stand on an example."""
    return len({row.parameter.name for row in rows if row.found and row.found.entry.example})


def in_force_frame(rows: Sequence[Shown]) -> pd.DataFrame:
    """The same as a frame of IN_FORCE_COLUMNS."""
    return _frame(
        [
            {
                "policy_group": _(GROUPS[group_of(row.parameter.name)]),
                "policy": row.parameter.name,
                "policy_title": row.parameter.title,
                "policy_category": category_text(row.parameter, row.category),
                "policy_words": value_text(row.parameter, row.found.value) if row.found else "",
                "policy_level": row.found.entry.level if row.found else "",
                "policy_from": row.found.entry.from_date if row.found else None,
                "policy_mark": mark_text(row.found) if row.found else row.missing,
                "policy_source": row.found.source if row.found else "",
            }
            for row in rows
        ],
        IN_FORCE_COLUMNS.values(),
    )


def published(parameter: Parameter) -> list[Recorded]:
    """Our own entries of a parameter, values and limits, oldest first."""
    entries: list[Value | Limit] = [*parameter.values, *parameter.limits]
    ours = [entry for entry in entries if not entry.is_own]
    return [Recorded(parameter.name, entry) for entry in sorted(ours, key=lambda entry: entry.from_date)]


def history_frame(book: PolicyBook, entries: Sequence[Recorded]) -> pd.DataFrame:
    """Entries as a frame of HISTORY_COLUMNS."""
    rows = [_recorded(book.parameters[each.parameter], each) for each in entries]
    return _frame(rows, HISTORY_COLUMNS.values())


def local(moment: datetime | None) -> datetime | None:
    """A moment by the clock of the city."""
    return moment.astimezone(LOCAL_TIME) if moment else None


def replaced(entries: Sequence[Recorded]) -> dict[int, int]:
    """Own entries in whose place a later one stands → that one's number."""
    latest: dict[tuple, int] = {}
    found: dict[int, int] = {}
    for each in entries:
        if each.counts and each.entry.entry_id is not None:
            key = key_of(each.parameter, each.entry)
            if key in latest:
                found[latest[key]] = each.entry.entry_id
            latest[key] = each.entry.entry_id
    return found


def _recorded(parameter: Parameter, each: Recorded) -> dict[str, object]:
    entry = each.entry
    return {
        "entry_id": entry.entry_id,
        "policy": parameter.name,
        "policy_title": parameter.title,
        "policy_words": said_text(parameter, entry),
        "policy_category": category_text(parameter, entry.category),
        "policy_level": entry.level,
        "policy_from": entry.from_date,
        "policy_until": entry.until,
        "policy_source": entry.source,
        "policy_note": entry.note,
        "decided_by": entry.decided_by,
        "decided_at": local(entry.decided_at),
        "withdrawn_by": each.withdrawn_by,
        "withdrawn_at": local(each.withdrawn_at),
        "withdrawn_reason": each.reason,
    }


def _frame(rows: list[dict[str, object]], columns: Iterable[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    for name in ("policy_from", "policy_until"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    return frame.astype({"entry_id": "Int64"}) if "entry_id" in frame else frame
