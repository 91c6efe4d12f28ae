"""The rows of one file on their way from cells to checked columns.

A column is read by reading each distinct cell once. What cannot be read becomes a problem at its cell and
marks its row; nothing is guessed. Rows of several sheets follow each other and remember where they stand.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from etl.headings import Source
from etl.problem_kinds.skip import EMPTY_CELL, ERROR_CELL, UNKNOWN_WORD
from etl.problems import Kind, Loudness, Problem, shown
from etl.sheets.table import Column, Table
from etl.values.cells import NOTHING, Read, is_error, plain
from etl.values.hints import Hint, heading_key
from procurement.language import _

Parse = Callable[[object, Hint], Read]


class Rows:
    """All data rows of a file, numbered 0 … n − 1; `problems` and `bad` grow while they are checked."""

    def __init__(self, file: str, tables: list[Table]) -> None:
        self.file = file
        self.tables = tables
        self.source: Source = tables[0].source
        self.sheet = np.repeat([table.sheet for table in tables], [len(table.rows) for table in tables])
        self.number = np.concatenate([table.rows for table in tables]).astype("int64")
        self.bad = np.zeros(len(self.number), dtype=bool)
        self.problems: list[Problem] = [problem for table in tables for problem in table.problems]
        self._reported: set[tuple[str, int, str | None]] = set()
        self._table = np.repeat(np.arange(len(tables)), [len(table.rows) for table in tables])

    def __len__(self) -> int:
        return len(self.number)

    def offset(self, table_number: int) -> int:
        """Number of the first row of a table."""
        return int(np.searchsorted(self._table, table_number))

    def has(self, field: str) -> bool:
        """Whether any sheet has the column."""
        return any(field in table.columns for table in self.tables)

    def column(self, field: str, row: int) -> Column | None:
        return self.tables[self._table[row]].columns.get(field)

    def cell(self, field: str, row: int) -> object:
        """A cell as the workbook holds it."""
        table_number = self._table[row]
        cells = self.tables[table_number].cells.get(field)
        return None if cells is None else cells[row - self.offset(table_number)]

    def raw(self, field: str) -> pd.Series:
        """The column as the workbook holds it."""
        return pd.Series(np.concatenate([_cells(table, field) for table in self.tables]), dtype="object")

    def told(self, field: str, tell: Callable[[Column, Table], Any]) -> pd.Series:
        """What each row's sheet says about a column, the same for all its rows; None where it has none."""
        values = [
            tell(table.columns[field], table) if field in table.columns else None for table in self.tables
        ]
        return self.spread(values, "object")

    def spread(self, values: list[Any], dtype: str) -> pd.Series:
        """One value per table → one per row."""
        return pd.Series(values, dtype=dtype).take(self._table).reset_index(drop=True)

    def places(self, rows: pd.Series) -> pd.Series:
        """Row indexes → how a sentence in the same file refers to them: 12, or 明细!12 on another sheet."""
        return pd.Series([self._place(int(row), at) if pd.notna(row) else None for at, row in rows.items()])

    def _place(self, row: int, seen_from: int) -> str:
        number = str(self.number[row])
        return number if self._table[row] == self._table[seen_from] else f"{self.sheet[row]}!{number}"

    def read(self, field: str, parse: Parse, dtype: str = "object") -> pd.Series:
        """The column as values of `dtype`, missing where a cell is empty or could not be read."""
        parts = [self._read_table(number, field, parse, dtype) for number in range(len(self.tables))]
        values = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
        if self.source.fields[field].required:
            self.require(field, values)
        return values

    def says_nothing(self, field: str) -> bool:
        """Whether the column is missing or empty throughout."""
        columns = [table.cells[field] for table in self.tables if field in table.cells]
        return not any(plain(cell) for column in columns for cell in column.distinct)

    def is_blank(self, field: str) -> np.ndarray:
        """Where a cell says nothing; what could not be read says something."""
        return np.concatenate([_blank(table, field) for table in self.tables])

    def require(self, field: str, values: pd.Series) -> None:
        """Report cells that are empty but must not be; one that could not be read was reported before."""
        missing = values.isna().to_numpy()
        if not missing.any():
            return
        self.report(EMPTY_CELL, missing & self.is_blank(field), field)

    def _read_table(self, number: int, field: str, parse: Parse, dtype: str) -> pd.Series:
        table = self.tables[number]
        if field not in table.columns:
            return pd.Series([None] * len(table.rows), dtype=dtype)
        places, hint = table.cells[field].codes, table.columns[field].hint
        reads = [parse(cell, hint) for cell in table.cells[field].distinct]
        offset = self.offset(number)
        self._report_reads(reads, places, offset, field)
        values = pd.Series([read.value for read in reads], dtype=dtype)
        return values.take(places).reset_index(drop=True)

    def _report_reads(self, reads: list[Read], places: np.ndarray, offset: int, field: str) -> None:
        troubled = np.array([read.trouble is not None or read.note is not None for read in reads], dtype=bool)
        for row in np.flatnonzero(troubled[places]) if len(places) else ():
            read = reads[places[row]]
            for kind in (read.trouble, read.note):
                if kind is not None:
                    self._add(kind, int(row) + offset, field, read.params)

    def report(self, kind: Kind, where: Any, field: str | None = None, **params: Any) -> None:
        """A problem at each row of the mask `where`; a Series among `params` gives each row its own words."""
        for row in np.flatnonzero(np.asarray(where, dtype=bool)):
            words = {
                name: value.iloc[row] if isinstance(value, pd.Series) else value
                for name, value in params.items()
            }
            self._add(kind, int(row), field, words)

    def _add(self, kind: Kind, row: int, field: str | None, words: Mapping[str, Any]) -> None:
        mark = (kind.code, row, field)
        if mark in self._reported:  # a column may be read for several purposes
            return
        self._reported.add(mark)
        self.bad[row] |= kind.loudness is Loudness.SKIP
        self.problems.append(self._problem(kind, row, field, words))

    def _problem(self, kind: Kind, row: int, field: str | None, words: Mapping[str, Any]) -> Problem:
        number, sheet = int(self.number[row]), str(self.sheet[row]) or None
        column = self.column(field, row) if field else None
        if column is None:
            title = self.source.fields[field].title if field else None
            return Problem(kind, self.file, sheet, None, number, title, None, dict(words))
        value = shown(self.cell(field, row)) if field else None
        cell = f"{column.letters}{number}"
        return Problem(kind, self.file, sheet, cell, number, _one_line(column.heading), value, dict(words))

    def mention(self, kind: Kind, field: str | None = None, **params: Any) -> None:
        """A problem of the file as a whole, or of a column, at no single row."""
        table = next((t for t in self.tables if field in t.columns), self.tables[0])
        column = table.columns.get(field) if field else None
        cell = f"{column.letters}{table.heading_row}" if column else None
        heading = _one_line(column.heading) if column else None
        self.problems.append(Problem(kind, self.file, table.sheet or None, cell, None, heading, None, params))

    def read_words(self, field: str) -> pd.Series:
        """A column of words from a fixed list, as the values that they stand for."""
        known = {
            heading_key(w): value for value, words in self.source.fields[field].words.items() for w in words
        }
        return self.read(field, lambda cell, hint: _word(cell, known, self.source.fields[field].words))


def _cells(table: Table, field: str) -> np.ndarray:
    column = table.cells.get(field)
    if column is None:
        return np.full(len(table.rows), None, dtype="object")
    distinct = np.empty(len(column.distinct), dtype="object")
    distinct[:] = column.distinct
    return distinct[column.codes]


def _blank(table: Table, field: str) -> np.ndarray:
    column = table.cells.get(field)
    return np.ones(len(table.rows), bool) if column is None else column.where(lambda cell: not plain(cell))


def _one_line(text: str) -> str:
    return "".join(text.split())


def _word(cell: object, known: dict[str, str], words: dict[str, list[str]]) -> Read:
    bare = plain(cell)
    if not bare:
        return NOTHING
    if is_error(bare):
        return Read(trouble=ERROR_CELL)
    value = known.get(heading_key(bare))
    if value is None:
        allowed = _("、").join(choices[0] for choices in words.values())
        return Read(trouble=UNKNOWN_WORD, params={"allowed": allowed})
    return Read(value)
