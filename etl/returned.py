"""What a workbook of ours says when it comes back corrected: a sheet of problems is no table of data.

The marks are plain text in a cell, the only thing that every program keeps when it saves a file. Light on
purpose: the stage that looks for tables asks here.
"""

from collections.abc import Iterable

from etl.sheets.workbook import Sheet

PROBLEMS_MARK = "vbp-problems/1"
"""Stands near the top of the sheet of problems."""

PART_MARK = f"{PROBLEMS_MARK}/part"
"""The same for a file that holds only the rows with problems."""

ROWS_LOOKED_AT = 8


def is_problem_sheet(sheet: Sheet) -> bool:
    """Whether we wrote the sheet to list what was wrong."""
    return any(PROBLEMS_MARK in text for text in _texts(sheet))


def is_part(sheets: Iterable[Sheet]) -> bool:
    """Whether the file holds only the corrected rows of another one, to be added to what was loaded."""
    return any(PART_MARK in text for sheet in sheets for text in _texts(sheet))


def _texts(sheet: Sheet) -> list[str]:
    return [row[0] for row in sheet.rows[:ROWS_LOOKED_AT] if row and isinstance(row[0], str)]
