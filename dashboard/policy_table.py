"""Policies as markdown tables: what is in force on a day, part by part, and the history of a parameter.

Sources are long and are read, so that the text wraps; a table of cells would cut it.
"""

from collections.abc import Iterable, Sequence

from dashboard.formats import MISSING, word_text
from dashboard.page import as_text
from dashboard.policy_lines import days_text, decided_lines
from dashboard.policy_rows import Shown, replaced
from dashboard.policy_words import (
    EXAMPLE,
    GROUPS,
    category_text,
    group_of,
    level_text,
    mark_text,
    said_text,
    value_text,
)
from procurement.language import _
from procurement.policies import Parameter
from procurement.policies.validity import Entry
from procurement.queries.policies import Recorded


def markdown_table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """A markdown table of cells that are markdown already."""
    heads = list(heads)
    lines = [heads, [":--"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def in_force_table(rows: Sequence[Shown]) -> str:
    heads = [_("参数"), _("取值"), _("层级"), _("生效日期"), _("来源")]
    lines: list[list[str]] = []
    part = None
    for row in rows:
        if group_of(row.parameter.name) != part:
            part = group_of(row.parameter.name)
            lines.append([f"**{_(GROUPS[part])}**", *[""] * (len(heads) - 1)])
        lines.append(_in_force(row))
    return markdown_table(heads, lines)


def _in_force(row: Shown) -> list[str]:
    title = as_text(row.parameter.title)
    if row.category:
        title = _("{title}（{category}）").format(title=title, category=word_text(row.category))
    if row.found is None:
        return [title, MISSING, "", "", as_text(row.missing)]
    entry, value = row.found.entry, as_text(value_text(row.parameter, row.found.value))
    source = as_text(row.found.source)
    if entry.example:
        source = f":orange-badge[{_(EXAMPLE)}] {source}"
    elif row.found.limited_by:
        source = f":blue-badge[{as_text(mark_text(row.found))}] {source}"
    return [title, value, level_text(entry.level), entry.from_date.isoformat(), source]


def history_table(parameter: Parameter, entries: Sequence[Recorded]) -> str:
    """Every entry, the latest first day first; those that were taken back or replaced are struck."""
    heads = [_("编号"), _("取值"), _("层级与类别"), _("起止"), _("来源与说明"), _("录入与撤回")]
    instead = replaced(entries)
    numbered = sorted(enumerate(entries), key=lambda pair: (pair[1].entry.from_date, pair[0]), reverse=True)
    return markdown_table(heads, [_recorded(parameter, each, instead) for _at, each in numbered])


def _recorded(parameter: Parameter, each: Recorded, instead: dict[int, int]) -> list[str]:
    entry = each.entry
    later = instead.get(entry.entry_id or 0)
    said, days = as_text(said_text(parameter, entry)), days_text(entry)
    if later or not each.counts:
        said, days = f"~~{said}~~", f"~~{days}~~"
    done = [as_text(line) for line in decided_lines(each)] or [_("随软件发布")]
    if not each.counts:
        done.insert(0, f":red-badge[{_('已撤回')}]")
    if later:
        done.insert(0, f":gray-badge[{_('已由{number}号取代').format(number=later)}]")
    source = as_text(entry.source)
    if getattr(entry, "example", False):
        source = f":orange-badge[{_(EXAMPLE)}] {source}"
    if entry.note:
        source += f"  :gray[{as_text(entry.note)}]"
    who = whose_text(parameter, entry)
    return [str(entry.entry_id or ""), said, who, days, source, _("；").join(done)]


def whose_text(parameter: Parameter, entry: Entry) -> str:
    """The level that says so, and for what: 市，药品."""
    return _("，").join(
        word for word in (level_text(entry.level), category_text(parameter, entry.category)) if word
    )
