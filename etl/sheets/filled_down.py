"""Institutions that an export prints once and leaves blank on the rows below, without merging the cells.

H001  甲药        taken as the cell above, and mentioned, only where the column is printed so: no cell
      乙药        repeats the one above it, and no total or caption stands between. A column that repeats
H002  甲药        its words has lost one where it is blank, and that is reported.
"""

import numpy as np

from etl.problem_kinds.mention import FILLED_DOWN
from etl.problems import Problem
from etl.sheets.cell_column import CellColumn
from etl.sheets.data_rows import Divider
from etl.sheets.table_columns import Column, Place
from etl.values.cells import plain

FIELDS = ("institution_code", "institution_name")


def fill_down(
    columns: dict[str, Column],
    cells: dict[str, CellColumn],
    dividers: list[Divider],
    rows: np.ndarray,
    place: Place,
) -> list[Problem]:
    """Fill blank cells of the institution columns from above; one mention for each column."""
    fields = [name for name in FIELDS if name in columns]
    if not fields or not len(rows):
        return []
    blank = np.logical_and.reduce([cells[name].where(_is_nothing) for name in fields])
    if "area" in columns:  # 东区 and no institution: the row may state the area's total
        blank &= cells["area"].where(_is_nothing)
    source = _row_above(blank, [divider.at for divider in dividers])
    filled = blank & (source >= 0)
    if not filled.any() or any(_repeats(cells[name]) for name in fields):
        return []
    problems = []
    for name in fields:
        codes = cells[name].codes
        cells[name] = CellColumn(np.where(filled, codes[source], codes), cells[name].distinct)
        row = int(rows[np.flatnonzero(filled)[0]])
        problems.append(place.problem(FILLED_DOWN, columns[name], row, rows=int(filled.sum())))
    return problems


def _is_nothing(cell: object) -> bool:
    return not plain(cell)


def _row_above(blank: np.ndarray, dividers: list[int]) -> np.ndarray:
    """Per row the last one up to it that is not blank, −1 where a dividing row stands between."""
    numbers = np.arange(len(blank))
    last = np.maximum.accumulate(np.where(blank, -1, numbers))
    starts = np.zeros(len(blank) + 1, dtype=int)
    np.maximum.at(starts, [min(at, len(blank)) for at in dividers], [min(at, len(blank)) for at in dividers])
    return np.where(last >= np.maximum.accumulate(starts)[: len(blank)], last, -1)


def _repeats(column: CellColumn) -> bool:
    """Whether a cell says the same as the one right above it."""
    says = ~column.where(_is_nothing)
    return bool((says[1:] & (column.codes[1:] == column.codes[:-1])).any())
