"""What became of what a person said of headings: taken, no heading of the file, or no field of its kind."""

from collections.abc import Iterable, Iterator

from etl.formats.grid import column_letters
from etl.headings import IGNORED, Match, Said, Sayings, field_named, source
from etl.problem_kinds.mention import HEADING_MAPPED, MAPPED_HEADING_MISSING
from etl.problem_kinds.stop import MAPPED_FIELD_UNKNOWN
from etl.problems import Problem
from etl.sheets.layout import Found
from etl.sheets.table_columns import one_line
from etl.values.hints import heading_key
from procurement.language import N_, _

NOW = N_("本次指定")
EARLIER = N_("{by}于 {on} 指定")
SOMEBODY = N_("此前")
READ_AS = N_("按“{field}”读取")
LEFT_OUT = N_("不读取")


def said_problems(file: str, found: list[Found], said: Sayings) -> list[Problem]:
    """Each saying that was used is told once; one for this call that could not be used, too."""
    used = {problem.params["key"]: problem for problem in _used(file, found)}
    problems = list(used.values())
    for key, meant in said.items():
        if key not in used and not meant.is_remembered:
            problems.append(_unused(file, found, key, meant))
    return problems


def _used(file: str, found: Iterable[Found]) -> Iterator[Problem]:
    for each in found:
        for index, text, match in each.heading.columns if each.heading else ():
            if match is None or match.said is None or each.heading is None:
                continue
            cell = f"{column_letters(index)}{each.heading.last + 1}"
            words = {
                "key": match.said.heading,
                "meaning": _meaning(each.heading.kind, match),
                "who": _who(match.said),
            }
            yield Problem(
                HEADING_MAPPED, file, each.sheet.name or None, cell, column=one_line(text), params=words
            )


def _meaning(kind: str, match: Match) -> str:
    if match.field == IGNORED:
        return _(LEFT_OUT)
    return _(READ_AS).format(field=source(kind).fields[match.field].title)


def _who(said: Said) -> str:
    if said.on is None:
        return _(NOW)
    return _(EARLIER).format(by=said.by or _(SOMEBODY), on=said.on.isoformat())


def _unused(file: str, found: list[Found], key: str, meant: Said) -> Problem:
    headings = [each.heading for each in found if each.heading and each.heading.kind]
    there = [h for h in headings if any(heading_key(text) == key for _index, text, _match in h.columns)]
    if there and field_named(there[0].kind, meant.field) is None:
        known = source(there[0].kind)
        fields = _("、").join(about.title for about in known.fields.values())
        words = {"kind": _(known.title), "fields": fields}
        return Problem(MAPPED_FIELD_UNKNOWN, file, column=key, value=meant.field, params=words)
    return Problem(MAPPED_HEADING_MISSING, file, column=key)
