"""Tables that stand below each other on one sheet: where each begins and ends.

A heading that is repeated as it was only divides. One with other columns, another order or another unit
begins a new table, and so does a row that states another unit (单位:万元): nothing below it is read by what
stood above.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from etl.headings import IGNORED, Sayings, match, source
from etl.sheets.cell_column import CellColumn, cell_column
from etl.sheets.data_rows import row_of
from etl.sheets.layout import NOTHING_SAID, Heading, best_heading
from etl.sheets.row_kinds import closes_a_block, is_blank, is_caption
from etl.sheets.workbook import Sheet
from etl.values.hints import NO_HINT, Hint, stated_above

_ASKS = re.compile(r".*单位\s*[:：]")

LEAST_KNOWN = 2
"""Cells of a row that must be known headings before it is weighed as one."""


@dataclass(frozen=True)
class Section:
    """One table: rows `first` … `end` − 1, counted from 0, are read by `heading`.

    `above` are the texts over it that are its own, `units` those that state its units, perhaps those of
    the table before it; `cells` are its columns.
    """

    heading: Heading
    first: int
    end: int
    above: list[str]
    units: list[str] = field(default_factory=list)
    cells: list[CellColumn] = field(default_factory=list)


def sections(sheet: Sheet, heading: Heading, said: Sayings = NOTHING_SAID) -> list[Section]:
    """The tables of a sheet from its first heading on, in their order; `said` are a person's headings."""
    above, first = _texts(sheet.rows[: heading.first]), heading.last + 1
    cells = [cell_column(column) for column in zip(*sheet.rows[first:], strict=True)]
    found = [Section(heading, first, len(sheet.rows), above, _units(above))]
    looked_at = first
    for number in _suspects(cells, first, heading.kind):
        if number < looked_at:
            continue
        here = _heading_at(sheet, number, found[-1].heading, said)
        looked_at = here.last + 1 if here else number + 1
        begins = _begins(sheet, number, found[-1], here)
        if begins:
            gap = _gap_above(sheet.rows, number, found[-1].first)
            found[-1:] = [replace(found[-1], end=gap), begins]
    return [replace(s, cells=[c.between(s.first - first, s.end - first) for c in cells]) for s in found]


def _texts(rows: list[list[Any]]) -> list[str]:
    return [cell.strip() for row in rows for cell in row if isinstance(cell, str) and cell.strip()]


def _units(texts: list[str]) -> list[str]:
    """Texts that state a unit; 单位: and 万元 may stand in two cells."""
    words = [
        f"{before}{text}" if _ASKS.fullmatch(before) else text for before, text in pairwise(["", *texts])
    ]
    return [text for text in words if stated_above(text) != NO_HINT]


def _suspects(cells: list[CellColumn], first: int, kind: str) -> Iterator[int]:
    """Rows of words only that name columns or state a unit; most rows hold a figure and go by at once."""
    figure = np.zeros(len(cells[0]) if cells else 0, bool)
    for column in cells:
        figure |= column.where(_is_plain_figure)
    for number in np.flatnonzero(~figure).tolist():
        row = row_of(cells, number)
        filled = [cell for cell in row if isinstance(cell, str) and cell]
        if sum(_is_known(kind, cell) for cell in filled) >= LEAST_KNOWN or _units(_texts([row])):
            yield first + number


def _is_plain_figure(cell: object) -> bool:
    if not isinstance(cell, str):
        return cell is not None
    return cell[:1].isdecimal() and cell[-1:].isdecimal()


def _is_known(kind: str, cell: str) -> bool:
    found = match(kind, cell)
    return found is not None and found.field != IGNORED


def _begins(sheet: Sheet, number: int, present: Section, heading: Heading | None) -> Section | None:
    """The table that begins with this row, by a `heading` or a unit, if it is read otherwise than before."""
    if heading is None and not _states_unit_of_rows(sheet.rows, number, present.heading.kind):
        return None
    gap = sheet.rows[_gap_above(sheet.rows, number, present.first) : number + (heading is None)]
    above = _texts(gap)
    units = _units(above) or present.units
    same_columns = heading is None or _meaning(heading) == _meaning(present.heading)
    if same_columns and _stated(units) - {NO_HINT} == _stated(present.units) - {NO_HINT}:
        return None
    begun = heading or present.heading
    first = heading.last + 1 if heading else number + 1
    return Section(begun, first, len(sheet.rows), above, units)


def _heading_at(sheet: Sheet, number: int, present: Heading, said: Sayings) -> Heading | None:
    """The heading of the same kind that begins in this row, as far as it names what the kind needs."""
    printed = sheet.rows[present.first : present.last + 1]
    if sheet.rows[number : number + len(printed)] == printed:
        return replace(present, first=number, last=number + len(printed) - 1)
    rows = sheet.rows[number : number + 2]
    merged = [
        ((top - number, left), (bottom - number, right)) for (top, left), (bottom, right) in sheet.merged
    ]
    inside = [cells for cells in merged if cells[0][0] >= 0 and cells[1][0] < len(rows)]
    found = best_heading(Sheet(sheet.name, rows, inside), (present.kind,), True, said)
    if found is None or found.first != 0 or len(found.missing) * 2 > len(source(found.kind).needs):
        return None
    return replace(found, first=number, last=found.last + number)


def _states_unit_of_rows(rows: list[list[Any]], number: int, kind: str) -> bool:
    """单位:万元 alone between rows of data; above a heading it is that heading's."""
    if not is_caption(rows[number]) or closes_a_block(rows[number]) or not _units(_texts([rows[number]])):
        return False
    for row in rows[number + 1 :]:
        filled = [cell for cell in row if not is_blank(cell)]
        if filled and not is_caption(row):
            return sum(isinstance(cell, str) and _is_known(kind, cell) for cell in filled) < LEAST_KNOWN
    return False


def _gap_above(rows: list[list[Any]], number: int, first: int) -> int:
    """The first of the captions and blank rows right above a row; a total or a note is none of them."""
    while number > first and _is_gap(rows[number - 1]):
        number -= 1
    return number


def _is_gap(row: list[Any]) -> bool:
    return all(map(is_blank, row)) or (is_caption(row) and not closes_a_block(row))


def _meaning(heading: Heading) -> dict[int, tuple[str, Hint]]:
    """What each column that is read stands for."""
    return {i: (m.field, m.hint) for i, _text, m in heading.columns if m and m.field != IGNORED}


def _stated(units: list[str]) -> set[Hint]:
    """What the texts state; 元 is what amounts are without a word."""
    return {replace(hint, money=None if hint.money == 1 else hint.money) for hint in map(stated_above, units)}
