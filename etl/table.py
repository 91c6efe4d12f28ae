"""A sheet with a known heading → the columns of its data rows.

Left out: blank rows, headings repeated in the middle, totals (小计, 合计, 总计), footers (制表人, 注), lone
captions (某医院采购明细) and the template's example row; what they say is kept as `dividers`. Merged cells
are filled down, except quantities and amounts, where a merged cell stands for one row only.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import groupby

from etl.cells import plain
from etl.headings import IGNORED, Field, Match, Source, keys, source
from etl.hints import Hint, stated_above
from etl.layout import Heading
from etl.problem_kinds.mention import AMOUNTS_SCALED, EXAMPLE_ROW, UNREAD_COLUMN
from etl.problem_kinds.stop import DUPLICATE_HEADING
from etl.problems import Problem
from etl.row_kinds import (
    LEAST_CAPTION,
    closes_a_block,
    is_caption,
    is_complete,
    is_footer,
    is_heading,
    is_total,
    says_total,
    words,
)
from etl.units import unit_of
from etl.workbook import Sheet
from procurement.language import _

EXAMPLE_MARK = "示例行"
"""Stands in the template's first cell of the row that is an example."""

CELLS_LOOKED_AT = 20
"""Below a heading that its cells must explain."""

LONGEST_UNIT = 3
"""Signs of a unit word that we do not know; a longer one is a name."""


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
class Divider:
    """What a row that is no data says to the data rows from the `at`-th on.

    Where it `closes`, it is a total or a note: it speaks of what stands above it, or of anything.
    """

    at: int
    row: int
    texts: tuple[str, ...]
    closes: bool


@dataclass
class Table:
    """The data rows of one sheet: `rows[i]` is Excel's row number of the i-th value of each column.

    `above` are the texts over the heading, `dividers` those between the data rows.
    """

    source: Source
    sheet: str
    columns: dict[str, Column]
    rows: list[int]
    cells: dict[str, list[object]]
    above: list[str]
    heading_row: int
    unit_above: str | None = None
    dividers: list[Divider] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    while index >= 0:
        index, letter = divmod(index, 26)
        letters = chr(ord("A") + letter) + letters
        index -= 1
    return letters


def extract(file: str, sheet: Sheet, heading: Heading) -> Table:
    """The table under `heading`; what is odd about its columns stands in its `problems`."""
    columns, problems = _columns(file, sheet, heading)
    above = _texts_above(sheet, heading)
    table = Table(
        source(heading.kind), sheet.name, columns, [], {}, above, heading.last + 1, problems=problems
    )
    _apply_unit_above(file, table)
    rows = _filled(sheet, heading, table)
    kept = _data_rows(file, rows, heading, table)
    table.rows = [number + 1 for number in kept]
    for name, column in columns.items():
        table.cells[name] = [_tidy(rows[number][column.index]) for number in kept]
    return table


def _tidy(cell: object) -> object:
    """Booleans as text: a dictionary of distinct cells would take True for 1."""
    return str(cell).upper() if isinstance(cell, bool) else cell


def _columns(file: str, sheet: Sheet, heading: Heading) -> tuple[dict[str, Column], list[Problem]]:
    known = source(heading.kind)
    columns: dict[str, Column] = {}
    problems = []
    named = [
        (_field_of(known, m, index, sheet, heading), index, text, m)
        for index, text, m in heading.columns
        if m and m.field != IGNORED
    ]
    for name, group in groupby(sorted(named, key=lambda e: e[:2]), key=lambda entry: entry[0]):
        about = known.fields[name]
        candidates = [Column(index, text, m.hint, *_told_by(about, m.by)) for _, index, text, m in group]
        chosen = _chosen(about, candidates)
        columns[name] = chosen or candidates[0]
        if chosen is None:
            found = _("、").join(f"{c.letters}“{_one_line(c.heading)}”" for c in candidates)
            params = {"field": about.title, "found": found}
            problems.append(
                Problem(DUPLICATE_HEADING, file, sheet.name, row=heading.first + 1, params=params)
            )
    for index, text, match in heading.columns:
        if match is None and text:
            cell = f"{column_letters(index)}{heading.last + 1}"
            problems.append(
                Problem(UNREAD_COLUMN, file, sheet.name, cell, heading.last + 1, column=_one_line(text))
            )
    return columns, problems


def _field_of(known: Source, match: Match, index: int, sheet: Sheet, heading: Heading) -> str:
    """采购单位 is the buyer, or the unit that is bought: most of the cells below decide."""
    if not known.unit_or_institution.intersection(keys(match.by)):
        return match.field
    below = [plain(row[index]) for row in sheet.rows[heading.last + 1 : heading.last + 1 + CELLS_LOOKED_AT]]
    texts = [text for text in below if text]
    names = sum(unit_of(text) is None and len(text) > LONGEST_UNIT for text in texts)
    return "institution_name" if names * 2 > len(texts) else "unit"


def _told_by(about: Field, heading: str) -> tuple[bool, str | None, str]:
    return about.names_months(heading), about.basis_of(heading), heading


def _chosen(about: Field, candidates: list[Column]) -> Column | None:
    """The only column, or the one that wins by the TOML; None where that does not say."""
    if len(candidates) == 1:
        return candidates[0]
    ranks = [about.rank(column.known_by) for column in candidates]
    known = [rank for rank in ranks if rank is not None]
    if len(known) < len(ranks) or len(set(known)) < len(known):
        return None
    return candidates[ranks.index(min(known))]


def _one_line(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _texts_above(sheet: Sheet, heading: Heading) -> list[str]:
    return [
        cell.strip()
        for row in sheet.rows[: heading.first]
        for cell in row
        if isinstance(cell, str) and cell.strip()
    ]


def _apply_unit_above(file: str, table: Table) -> None:
    """`单位:万元` above scales amounts whose heading does not state its own unit; prices it never scales."""
    for text in table.above:
        stated = stated_above(text)
        table.unit_above = stated.unit or table.unit_above
        column = table.columns.get("amount")
        if stated.money in (None, 1) or column is None or column.hint.money:
            continue
        table.columns["amount"] = replace(column, hint=replace(column.hint, money=stated.money))
        params = {"unit": _one_line(text), "factor": stated.money}
        cell = f"{column.letters}{table.heading_row}"
        table.problems.append(
            Problem(AMOUNTS_SCALED, file, table.sheet, cell, column=_one_line(column.heading), params=params)
        )


def _filled(sheet: Sheet, heading: Heading, table: Table) -> list[list[object]]:
    """The sheet's rows with merged cells filled down in the columns that may be."""
    once = {c.index for name, c in table.columns.items() if table.source.fields[name].measure}
    read = {c.index for c in table.columns.values()}
    for (top, left), (bottom, _right) in sheet.merged:
        if top > heading.last:
            _fill_down(sheet.rows, top, bottom, left, read - once)
    return sheet.rows


def _fill_down(rows: list[list[object]], top: int, bottom: int, column: int, columns: set[int]) -> None:
    """Not to the right: 合计 merged over four columns is no date and no code."""
    if column in columns and top < len(rows):
        for row in rows[top + 1 : bottom + 1]:
            row[column] = rows[top][column]


def _data_rows(file: str, rows: list[list[object]], heading: Heading, table: Table) -> list[int]:
    """Numbers, counted from 0, of the rows that are data; what the others say goes to `dividers`.

    After a footer only a row that looks like data, or a repeated heading, opens the table again.
    """
    needed = [
        table.columns[name].index for need in table.source.needs for name in need if name in table.columns
    ]
    printed = rows[heading.first : heading.last + 1]
    kept: list[int] = []
    after_footer = False
    for number in range(heading.last + 1, len(rows)):
        row = rows[number]
        first = next((cell for cell in row if cell not in ("", None)), None)
        if first is None or is_heading(row, needed, printed):
            after_footer = after_footer and first is None
            continue
        if isinstance(first, str) and first.strip() == EXAMPLE_MARK:
            table.problems.append(Problem(EXAMPLE_ROW, file, table.sheet, row=number + 1))
            continue
        is_data, after_footer = _judged(row, needed, table, after_footer)
        if is_data:
            kept.append(number)
        if not is_data or is_caption(row):
            table.dividers.append(_divider(len(kept), number, row))
    return kept


def _judged(row: list[object], needed: list[int], table: Table, after_footer: bool) -> tuple[bool, bool]:
    """Whether a row is data, and whether the rows below it stand after a footer."""
    cells = [row[index] for index in needed]
    if says_total(row):
        return False, after_footer
    if is_complete(cells) and not is_total(cells):
        return True, False
    if is_footer(row):
        return False, True
    if is_total(row) or _stands_alone(row, needed, table):
        return False, after_footer
    # A row that lacks a cell is reported for it later; it must not vanish because a note stands above.
    is_data = not after_footer or _looks_like_data(row, cells, table)
    return is_data, after_footer and not is_data


def _divider(at: int, number: int, row: list[object]) -> Divider:
    return Divider(at, number + 1, tuple(words(row)), closes_a_block(row))


def _looks_like_data(row: list[object], cells: list[object], table: Table) -> bool:
    """Most of what the kind needs is there with a figure among it, or a quantity and a code."""
    present = [cell for cell in cells if plain(cell)]
    if len(present) * 2 > len(cells) and is_complete(present):
        return True
    filled = {name for name, column in table.columns.items() if plain(row[column.index])}
    has_quantity = any(table.source.fields[name].measure for name in filled)
    return has_quantity and any(name in ("product_code", "code") for name in filled)


def _stands_alone(row: list[object], needed: list[int], table: Table) -> bool:
    """某医院采购明细 and nothing beside it, where no such text is data; a lone name of a product may be."""
    filled = [index for index, cell in enumerate(row) if plain(cell)]
    if len(filled) != 1 or not is_caption(row) or len(words(row)[0]) < LEAST_CAPTION:
        return False
    read = {column.index for column in table.columns.values()}
    return filled[0] in needed or filled[0] not in read
