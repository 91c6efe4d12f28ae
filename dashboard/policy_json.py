"""Policies as plain values for JSON: shares as fractions, days as ISO text, bands and weights as lists."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from dashboard.policy_rows import Shown
from dashboard.policy_words import said_text, value_text
from procurement.policies import Limit, Parameter, PolicyBook, Value
from procurement.queries.policies import Recorded


def in_force_records(rows: Iterable[Shown]) -> list[dict[str, Any]]:
    """One record per parameter (and category, where they differ); `value` is null where none is."""
    return [_in_force(row) for row in rows]


def _in_force(row: Shown) -> dict[str, Any]:
    parameter, found = row.parameter, row.found
    said = {
        "parameter": parameter.name,
        "title": parameter.title,
        "unit": parameter.unit,
        "category": row.category,
    }
    if found is None:
        return {**said, "value": None, "text": None, "reason": row.missing}
    limit = found.limited_by
    return {
        **said,
        "value": plain_value(found.value),
        "text": value_text(parameter, found.value),
        **_dated(found.entry),
        "example": found.entry.example,
        "stated": plain_value(found.entry.value),
        "limited_by": None
        if limit is None
        else {**_bounds(limit), "level": limit.level, "source": limit.source},
    }


def history_records(book: PolicyBook, entries: Iterable[Recorded]) -> list[dict[str, Any]]:
    """One record per entry, published and own; `withdrawn` is null while it counts."""
    return [_recorded(book.parameters[each.parameter], each) for each in entries]


def _recorded(parameter: Parameter, each: Recorded) -> dict[str, Any]:
    entry = each.entry
    said = _bounds(entry) if isinstance(entry, Limit) else {"value": plain_value(entry.value)}
    withdrawn = {"by": each.withdrawn_by, "at": _time(each.withdrawn_at), "reason": each.reason}
    return {
        "id": entry.entry_id,
        "parameter": parameter.name,
        "title": parameter.title,
        "kind": "limit" if isinstance(entry, Limit) else "value",
        **said,
        "text": said_text(parameter, entry),
        "category": entry.category,
        **_dated(entry),
        "decided_by": entry.decided_by or None,
        "decided_at": _time(entry.decided_at),
        "withdrawn": None if each.counts else withdrawn,
    }


def _dated(entry: Value | Limit) -> dict[str, Any]:
    return {
        "level": entry.level,
        "from": entry.from_date.isoformat(),
        "until": entry.until.isoformat() if entry.until else None,
        "source": entry.source,
        "note": entry.note or None,
    }


def _bounds(limit: Limit) -> dict[str, Any]:
    return {"least": plain_value(limit.least), "most": plain_value(limit.most)}


def _time(moment: Any) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def plain_value(value: Any) -> Any:
    """A value with its decimals as numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [{name: plain_value(part) for name, part in row.items()} for row in value]
    return value
