"""The rows with problems alone, under all that gives them their meaning: titles, units, headings, captions.

The first column says where a row stood in the file that was sent. Merged cells are filled down as the
importer fills them; good rows, totals and notes stay away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from etl.formats.grid import column_letters
from etl.headings import ORIGINAL_ROW, Said, Sayings, sayings
from etl.marked.findings import Marks, cell_of, marks
from etl.marked.rewritten import Page
from etl.problems import Loudness, Problem
from etl.sheets.layout import Found, find_headings
from etl.sheets.row_kinds import is_blank
from etl.sheets.table import tables_under
from etl.sheets.workbook import Workbook


def bad_rows(
    workbook: Workbook,
    problems: Sequence[Problem],
    kind: str | None,
    mapping: Mapping[str, str | Said],
) -> tuple[list[Page], list[Problem]]:
    """The sheets that have bad rows, and the problems that are left, at their new places."""
    pages, left, said = [], [], sayings(mapping)
    for found in find_headings(workbook.sheets, kind, said):
        name = found.sheet.name
        own = [p for p in problems if (p.sheet or "") == name and p.row and p.kind.loudness is Loudness.SKIP]
        if not own or found.heading is None:
            continue
        kept = _kept(workbook.file, found, said, {p.row for p in own if p.row})
        places = {row: place for place, row in enumerate(kept, 1)}
        moved = [_moved(problem, places) for problem in problems if (problem.sheet or "") == name]
        left += [problem for problem in moved if problem]
        rows = [_row(found, row, {p.row for p in own}) for row in kept]
        pages.append(Page(name, rows, [], marks(p for p in moved if p).get(name, Marks())))
    nowhere = [problem for problem in problems if not problem.row and not problem.cell]
    return pages, [*nowhere, *left]


def _kept(file: str, found: Found, said: Sayings, bad: set[int]) -> list[int]:
    """Bad rows and whatever is neither data nor a total or note below it, as Excel numbers them."""
    assert found.heading is not None
    tables = tables_under(file, found.sheet, found.heading, said)
    data = {int(row) for table in tables for row in table.rows}
    closing = {divider.row for table in tables for divider in table.dividers if divider.closes}
    examples = {problem.row for table in tables for problem in table.problems if problem.row}
    left_out = (data | closing | examples) - bad
    return [
        number
        for number, row in enumerate(found.sheet.rows, 1)
        if number in bad or (number not in left_out and not all(map(is_blank, row)))
    ]


def _row(found: Found, number: int, bad: set[int | None]) -> list[Any]:
    heading = found.heading
    is_heading = heading is not None and heading.first < number <= heading.last + 1
    first = ORIGINAL_ROW if is_heading else number if number in bad else ""
    return [first, *found.sheet.rows[number - 1]]


def _moved(problem: Problem, places: dict[int, int]) -> Problem | None:
    """The problem at its new place: a column further right, its row among those that are kept."""
    cell = cell_of(problem.cell)
    row = cell[0] if cell else problem.row
    if row is None or row not in places:
        return None
    place = f"{column_letters(cell[1] + 1)}{places[row]}" if cell else None
    return replace(problem, cell=place, row=places[row])
