"""One column of cells as its distinct values and, per row, which of them stands there.

A column of 100 000 rows has few distinct cells: they are parsed once each, and a table goes to another
process as small numbers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class CellColumn:
    """`codes[i]` is the place in `distinct` of the i-th row's cell; no value stands there twice."""

    codes: np.ndarray
    distinct: list[Any]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> Any:
        return self.distinct[self.codes[row]]

    def __iter__(self) -> Iterator[Any]:
        return map(self.distinct.__getitem__, self.codes.tolist())

    def between(self, first: int, end: int) -> "CellColumn":
        """Some rows that follow each other; what only other rows hold stays among the distinct cells."""
        return CellColumn(self.codes[first:end], self.distinct)

    def where(self, test: Callable[[Any], bool]) -> np.ndarray:
        """Per row whether its cell passes a test that is asked once per distinct cell."""
        return self.spread(map(test, self.distinct), bool)

    def spread(self, values: Iterable[Any], dtype: Any) -> np.ndarray:
        """One value per distinct cell → one per row."""
        return np.fromiter(values, dtype, len(self.distinct))[self.codes]

    def taken(self, rows: np.ndarray) -> "CellColumn":
        """Some rows of the column, in the given order, with the distinct cells that they need."""
        used, codes = np.unique(self.codes[rows], return_inverse=True)
        return CellColumn(codes.astype(np.int32), [self.distinct[place] for place in used.tolist()])


def cell_column(cells: Sequence[Any]) -> CellColumn:
    """A column in the order of its cells; booleans become text, because True would be taken for 1."""
    if bool in set(map(type, cells)):
        cells = [str(cell).upper() if isinstance(cell, bool) else cell for cell in cells]
    distinct = list(dict.fromkeys(cells))
    places = dict(zip(distinct, range(len(distinct)), strict=True))
    return CellColumn(np.fromiter(map(places.__getitem__, cells), np.int32, len(cells)), distinct)
