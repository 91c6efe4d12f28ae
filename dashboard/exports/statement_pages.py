"""Lines of a statement set on pages: headings again where a table goes on, and nothing is torn apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.exports.statement_lines import Line

ONE_PAGE = 840
"""Points that still read well when they are printed on one page across."""

PAGE = 610
"""Points of a page across at the scale of its width, in each program that prints it."""


@dataclass(frozen=True)
class Block:
    """A table: its title, the heading that stands on each page, and groups of lines that stay together."""

    title: Sequence[Line]
    heading: Sequence[Line]
    groups: Sequence[Sequence[Line]]


def paged(top: Sequence[Line], blocks: Sequence[Block]) -> tuple[list[Line], list[int]]:
    """The lines in order, and those that a page begins at; all on one page where that can be read."""
    whole = list(top)
    for block in blocks:
        whole += [*block.title, *block.heading, *(line for group in block.groups for line in group)]
    return (whole, []) if _height(whole) <= ONE_PAGE else _broken(top, blocks)


def _broken(top: Sequence[Line], blocks: Sequence[Block]) -> tuple[list[Line], list[int]]:
    lines, breaks, used = list(top), [], _height(top)
    for block in blocks:
        for at, group in enumerate(block.groups):
            added = [*([*block.title, *block.heading] if at == 0 else []), *group]
            if used + _height(added) > PAGE:
                breaks.append(len(lines))
                added = added if at == 0 else [*block.heading, *group]
                used = 0
            lines += added
            used += _height(added)
    return lines, breaks


def _height(lines: Iterable[Line]) -> float:
    return sum(line.height for line in lines)
