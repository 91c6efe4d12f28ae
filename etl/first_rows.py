"""The first rows of a file as a person sees them, to be shown beside a question about it."""

from collections.abc import Collection
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from etl.problems import Problem, shown
from etl.workbook import Sheet, read_workbook

ROWS, COLUMNS = 10, 16
"""What has room beside a form."""


@dataclass(frozen=True)
class FirstRows:
    """Rows as texts, all of one width, by their number; `letters` are Excel's names of their columns.

    `titles` are the rows that hold one text alone: where such files say what the table does not.
    """

    sheet: str
    letters: list[str]
    rows: dict[int, list[str]]
    titles: dict[int, str]


def first_rows(name: str, content: bytes, sheets: Collection[str] = ()) -> FirstRows | None:
    """The top left of the first of `sheets`, else of the first sheet; None where the file cannot be read.

    Meant for files that an import has read before, within its limits.
    """
    workbook = read_workbook(content, name)
    if isinstance(workbook, Problem) or not workbook.sheets:
        return None
    wanted = [sheet for sheet in workbook.sheets if sheet.name in sheets]
    return _top_left((wanted or workbook.sheets)[0])


def _top_left(sheet: Sheet) -> FirstRows:
    texts = {
        number: [shown(value) or "" for value in row[:COLUMNS]]
        for number, row in enumerate(sheet.rows[:ROWS], 1)
    }
    filled = {number: [text for text in row if text] for number, row in texts.items()}
    titles = {number: found[0] for number, found in filled.items() if len(found) == 1}
    rows = {number: row for number, row in texts.items() if len(filled[number]) > 1}
    width = max((_last(row) for row in rows.values()), default=0)
    rows = {number: [*row[:width], *[""] * (width - len(row))] for number, row in rows.items()}
    letters = [get_column_letter(number + 1) for number in range(width)]
    return FirstRows(sheet.name, letters, rows, titles)


def _last(row: list[str]) -> int:
    """Columns up to the last one with something in it."""
    return max((number for number, text in enumerate(row, 1) if text), default=0)
