"""A heading → the columns that are read, and what is odd about them."""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from etl.formats.grid import column_letters
from etl.headings import IGNORED, Field, source
from etl.problem_kinds.mention import UNREAD_COLUMN
from etl.problem_kinds.stop import DUPLICATE_HEADING
from etl.problems import Kind, Problem
from etl.sheets.layout import Heading
from etl.sheets.workbook import Sheet
from etl.values.hints import Hint
from procurement.language import _


@dataclass(frozen=True)
class Column:
    """One column that is read: `index` counted from 0, `heading` as printed, `known_by` what told."""

    index: int
    heading: str
    hint: Hint
    is_month: bool = False
    basis: str | None = None
    known_by: str = ""

    @property
    def letters(self) -> str:
        return column_letters(self.index)


@dataclass(frozen=True)
class Place:
    """A table in its file; `row` is that of its heading."""

    file: str
    sheet: str
    row: int

    def problem(self, kind: Kind, column: Column, row: int | None = None, **params: Any) -> Problem:
        """A problem of a column as a whole, at its heading or at the first row that shows it."""
        cell = f"{column.letters}{row or self.row}"
        heading = one_line(column.heading)
        return Problem(kind, self.file, self.sheet or None, cell, row, heading, params=params)


def columns_under(file: str, sheet: Sheet, heading: Heading) -> tuple[dict[str, Column], list[Problem]]:
    """The columns by field; several that become one field and those that nobody reads are problems."""
    known = source(heading.kind)
    columns: dict[str, Column] = {}
    problems = []
    named = [(m.field, index, text, m) for index, text, m in heading.columns if m and m.field != IGNORED]
    for name, group in groupby(sorted(named, key=lambda e: e[:2]), key=lambda entry: entry[0]):
        about = known.fields[name]
        candidates = [Column(index, text, m.hint, *_told_by(about, m.by)) for _, index, text, m in group]
        chosen = _chosen(about, candidates)
        columns[name] = chosen or candidates[0]
        if chosen is None:
            found = _("、").join(f"{c.letters}“{one_line(c.heading)}”" for c in candidates)
            params = {"field": about.title, "found": found}
            problems.append(
                Problem(DUPLICATE_HEADING, file, sheet.name, row=heading.first + 1, params=params)
            )
    for index, text, match in heading.columns:
        if match is None and text:
            cell = f"{column_letters(index)}{heading.last + 1}"
            problems.append(
                Problem(UNREAD_COLUMN, file, sheet.name, cell, heading.last + 1, column=one_line(text))
            )
    return columns, problems


def _told_by(about: Field, heading: str) -> tuple[bool, str | None, str]:
    return about.names_months(heading), about.basis_of(heading), heading


def _chosen(about: Field, candidates: list[Column]) -> Column | None:
    """The only column, or the one that wins by the TOML; None where that does not say."""
    winner = about.winner([column.known_by for column in candidates])
    return None if winner is None else candidates[winner]


def one_line(text: str) -> str:
    return re.sub(r"\s+", "", text)
