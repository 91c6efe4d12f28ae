"""The first rows of a file as a person sees them, to be shown beside a question about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from etl.formats.grid import column_letters
from etl.problems import shown
from etl.sheets.workbook import Sheet

ROWS, COLUMNS = 10, 16
"""What has room beside a form."""


@dataclass(frozen=True)
class FirstRows:
    """Rows as texts, all of one width, by their number; `letters` are Excel's names of their columns.

    `titles` are the rows above the table that hold one text alone: where such files say what it does not.
    """

    sheet: str
    letters: list[str]
    rows: dict[int, list[str]]
    titles: dict[int, str]


def first_rows(sheets: Sequence[Sheet], names: Collection[str] = ()) -> FirstRows | None:
    """The top left of the first sheet that is named, else of the first one; None where there is none."""
    wanted = [sheet for sheet in sheets if sheet.name in names]
    return next((_top_left(sheet) for sheet in [*wanted, *sheets]), None)


def _top_left(sheet: Sheet) -> FirstRows:
    texts = {
        number: [shown(value) or "" for value in row[:COLUMNS]]
        for number, row in enumerate(sheet.rows[:ROWS], 1)
    }
    filled = {number: [text for text in row if text] for number, row in texts.items()}
    table = next((number for number, found in filled.items() if len(found) > 1), ROWS + 1)
    titles = {number: found[0] for number, found in filled.items() if number < table and found}
    rows = {number: row for number, row in texts.items() if number >= table and filled[number]}
    width = max((_last(row) for row in rows.values()), default=0)
    rows = {number: [*row[:width], *[""] * (width - len(row))] for number, row in rows.items()}
    letters = [column_letters(number) for number in range(width)]
    return FirstRows(sheet.name, letters, rows, titles)


def _last(row: list[str]) -> int:
    """Columns up to the last one with something in it."""
    return max((number for number, text in enumerate(row, 1) if text), default=0)
