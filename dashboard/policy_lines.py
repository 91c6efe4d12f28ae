"""Policies line by line, for a terminal of any width and for sentences on the page."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from dashboard.policy_rows import Shown, local
from dashboard.policy_words import (
    GROUPS,
    category_text,
    group_of,
    level_text,
    mark_text,
    said_text,
    value_text,
)
from procurement.language import _
from procurement.policies import PolicyBook
from procurement.policies.validity import Entry
from procurement.queries.policies import Recorded

INDENT = "    "


def in_force_lines(rows: Sequence[Shown]) -> Iterator[str]:
    """Part by part: each parameter with its value, then where that comes from."""
    part = None
    for row in rows:
        name = row.parameter.name
        if group_of(name) != part:
            part = group_of(name)
            yield _(GROUPS[part])
        who = category_text(row.parameter, row.category)
        title = row.parameter.title
        if row.category:
            title = _("{title}（{category}）").format(title=title, category=who)
        if row.found is None:
            yield f"  {title} [{name}]"
            yield INDENT + row.missing
            continue
        yield "  " + _said(title, name, value_text(row.parameter, row.found.value))
        entry, marks = row.found.entry, [mark_text(row.found)] if mark_text(row.found) else []
        since = _("{level}，自{day}起").format(level=level_text(entry.level), day=entry.from_date)
        yield INDENT + _("；").join([since, *marks, row.found.source])


def _said(title: str, name: str, value: str) -> str:
    return _("{label}：{value}").format(label=f"{title} [{name}]", value=value)


def history_lines(book: PolicyBook, entries: Sequence[Recorded]) -> Iterator[str]:
    """Each entry with its number, what it says, who decided it, and that it was taken back."""
    for each in entries:
        parameter, entry = book.parameters[each.parameter], each.entry
        number = str(entry.entry_id or "-")
        said = _said(parameter.title, parameter.name, said_text(parameter, entry))
        yield f"{number:>4}  {said}"
        who = [word for word in (level_text(entry.level), category_text(parameter, entry.category)) if word]
        yield INDENT + "  " + _("；").join([*who, days_text(entry), entry.source])
        yield from (INDENT + "  " + line for line in decided_lines(each))


def days_text(entry: Entry) -> str:
    """自2022-01-01起, or with its last day."""
    if entry.until is None:
        return _("自{first}起").format(first=entry.from_date)
    return _("{first}至{until}").format(first=entry.from_date, until=entry.until)


def decided_lines(each: Recorded) -> list[str]:
    """Who entered it and when, and who took it back, when and why; ours have neither."""
    found = []
    if each.entry.is_own:
        found.append(
            _("{who}于{when}录入").format(who=each.entry.decided_by, when=time_text(each.entry.decided_at))
        )
    if not each.counts:
        words = {"who": each.withdrawn_by, "when": time_text(each.withdrawn_at), "reason": each.reason}
        found.append(_("{who}于{when}撤回：{reason}").format(**words))
    return found


def time_text(moment: datetime | None) -> str:
    told = local(moment)
    return f"{told:%Y-%m-%d %H:%M}" if told else ""
