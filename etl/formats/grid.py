"""A sheet that is filled cell by cell: empty rows and columns at its end cost nothing, limits hold."""

from typing import Any

from etl.limits import TooMuch, limit
from etl.problem_kinds.stop import SHEET_TOO_LARGE, TOO_MANY_COLUMNS

Range = tuple[tuple[int, int], tuple[int, int]]
"""(first row, first column), (last row, last column), counted from 0."""

ONLY_SHEET = "Sheet1"
"""What a sheet is called in sentences that has no name: the one of a text or an HTML file."""


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    while index >= 0:
        index, letter = divmod(index, 26)
        letters = chr(ord("A") + letter) + letters
        index -= 1
    return letters


def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def check_extent(sheet: str, last_row: int, last_column: int) -> None:
    """Refuse a sheet whose cells, from A1 to the last row and column (from 0), are more than the limits."""
    cell = f"{column_letters(last_column)}{last_row + 1}"
    name = sheet or ONLY_SHEET
    if last_column >= limit("columns"):
        raise TooMuch(TOO_MANY_COLUMNS, name=name, cell=cell, limit=limit("columns"))
    cells = (last_row + 1) * (last_column + 1)
    if cells > limit("cells"):
        raise TooMuch(SHEET_TOO_LARGE, name=name, cell=cell, cells=cells, limit=limit("cells"))


class Grid:
    """Rows of one sheet, `merged` ranges beside them; an empty value is no cell."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.merged: list[Range] = []
        self._rows: list[list[Any]] = []
        self._width = 0
        self._most = limit("cells"), limit("columns")

    def put(self, row: int, column: int, value: Any) -> None:
        if value == "":
            return
        if row >= len(self._rows) or column >= self._width:
            self._make_room(row + 1, column + 1)
        line = self._rows[row]
        if column > len(line):
            line.extend([""] * (column - len(line)))
        line[column : column + 1] = (value,)

    def put_often(self, row: int, column: int, value: Any, down: int, right: int) -> None:
        """A value, repeated in the `down` × `right` cells from (row, column) on."""
        if value == "":
            return
        self._make_room(row + down, column + right)
        for line in self._rows[row : row + down]:
            line.extend([""] * (column - len(line)))
            line[column : column + right] = [value] * right

    def merge(self, row: int, column: int, down: int, right: int) -> None:
        """Merge `down` × `right` cells from (row, column) on; ranges that reach far out are cut later."""
        if down > 1 or right > 1:
            self.merged.append(((row, column), (row + down - 1, column + right - 1)))

    def rows(self) -> list[list[Any]]:
        """All rows to the last one with a value, filled up to one width."""
        for line in self._rows:
            line.extend([""] * (self._width - len(line)))
        return self._rows

    def _make_room(self, rows: int, columns: int) -> None:
        height, self._width = max(rows, len(self._rows)), max(columns, self._width)
        cells, width = self._most
        if self._width > width or height * self._width > cells:
            check_extent(self.name, height - 1, self._width - 1)
        self._rows.extend([] for _ in range(height - len(self._rows)))
