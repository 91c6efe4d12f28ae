"""A sheet with a known heading → its tables: the columns of their data rows.

A sheet may hold several tables below each other (sections). Which rows are data is the matter of data_rows.
Merged cells are filled down, except quantities and amounts, where a merged cell stands for one
row only.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from etl.headings import Sayings, Source, source
from etl.problem_kinds.mention import AMOUNTS_SCALED, EXAMPLE_ROW
from etl.problem_kinds.stop import MISSING_COLUMN, UNIT_STATED_BELOW
from etl.problems import Problem
from etl.sheets.cell_column import CellColumn, cell_column
from etl.sheets.data_rows import Divider, Looked, data_rows
from etl.sheets.filled_down import fill_down
from etl.sheets.layout import NOTHING_SAID, Heading
from etl.sheets.sections import Section, sections
from etl.sheets.split_dates import join_dates
from etl.sheets.table_columns import Column, Place, columns_under, one_line
from etl.sheets.workbook import Sheet
from etl.values.hints import stated_above
from procurement.language import _

__all__ = ["Column", "Divider", "Table", "tables_under"]

AMOUNT_FIELDS = ("amount", "budget_amount", "spending_amount")
"""Fields of the kinds that a unit of money above the table speaks for."""


@dataclass
class Table:
    """The data rows of one table: `rows[i]` is Excel's row number of the i-th value of each column.

    `above` are the texts over the heading, `units_above` those that state a unit, `dividers` what stands
    between the data rows, `breaks` before which of them the heading is repeated. A table that `continues`
    stands below another one on its sheet: what no text of its own says, its institution for example, is as
    it was there.
    """

    source: Source
    sheet: str
    columns: dict[str, Column]
    rows: np.ndarray
    cells: dict[str, CellColumn]
    above: list[str]
    heading_row: int
    units_above: list[str] = field(default_factory=list)
    unit_above: str | None = None
    continues: bool = False
    dividers: list[Divider] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def tables_under(file: str, sheet: Sheet, heading: Heading, said: Sayings = NOTHING_SAID) -> list[Table]:
    """The tables from `heading` on; what is odd about their columns stands in their `problems`.

    The first is given even without rows, further ones only with some. `said` is what a person has said of
    single headings.
    """
    tables: list[Table] = []
    for section in sections(sheet, heading, said):
        table = _table(file, sheet, section)
        if not tables or not len(tables[-1].rows):
            tables = [table]
        elif len(table.rows):
            table.continues = True
            tables.append(table)
    return tables


def _table(file: str, sheet: Sheet, section: Section) -> Table:
    heading = section.heading
    columns, problems = columns_under(file, sheet, heading)
    row = heading.last + 1
    known = source(heading.kind)
    problems += _missing(file, sheet, heading)
    table = Table(known, sheet.name, columns, np.empty(0, int), {}, section.above, row, problems=problems)
    table.units_above = section.units
    _apply_unit_above(file, table)
    _take_rows(file, sheet, section, table)
    return table


def _missing(file: str, sheet: Sheet, heading: Heading) -> list[Problem]:
    """What a heading further down the sheet lacks: the rows below it are read by no other one."""
    known, row = source(heading.kind), heading.last + 1
    found = _("、").join(one_line(text) for _index, text, _match in heading.columns if text)
    words = {"kind": _(known.title), "found": found}
    return [
        Problem(MISSING_COLUMN, file, sheet.name, row=row, params={**words, "needed": known.need_title(need)})
        for need in heading.missing
    ]


def _apply_unit_above(file: str, table: Table) -> None:
    """`单位:万元` above scales amounts whose heading does not state its own unit; prices it never scales."""
    for text in table.units_above:
        stated = stated_above(text)
        table.unit_above = stated.unit or table.unit_above
        if stated.money in (None, 1):
            continue
        for name, column in _unstated_amounts(table).items():
            table.columns[name] = replace(column, hint=replace(column.hint, money=stated.money))
            place = Place(file, table.sheet, table.heading_row)
            told = place.problem(AMOUNTS_SCALED, column, unit=one_line(text), factor=stated.money)
            table.problems.append(told)


def _unstated_amounts(table: Table) -> dict[str, Column]:
    """The columns of amounts whose headings do not state a unit of their own."""
    found = {name: table.columns[name] for name in AMOUNT_FIELDS if name in table.columns}
    return {name: column for name, column in found.items() if not column.hint.money}


def _refuse_unit_below(file: str, table: Table) -> None:
    """注：金额单位为万元 below rows whose heading states none: they are not read as yuan."""
    columns = _unstated_amounts(table)
    if not columns:
        return
    column = next(iter(columns.values()))
    place = Place(file, table.sheet, table.heading_row)
    for divider in table.dividers:
        text = next((text for text in divider.texts if (stated_above(text).money or 1) > 1), None)
        if text is not None:
            table.problems.append(place.problem(UNIT_STATED_BELOW, column, divider.row, text=one_line(text)))
            return


def _filled(sheet: Sheet, section: Section, table: Table) -> list[CellColumn]:
    """The section's columns; merged cells are filled down in those that may be."""
    once = {c.index for name, c in table.columns.items() if table.source.fields[name].measure}
    read = {c.index for c in table.columns.values()} - once
    for (top, left), (bottom, _right) in sheet.merged:
        if section.first <= top < section.end and left in read:
            # Not to the right: 合计 merged over four columns is no date and no code.
            codes = section.cells[left].codes
            codes[top - section.first + 1 : bottom - section.first + 1] = codes[top - section.first]
    return section.cells


def _take_rows(file: str, sheet: Sheet, section: Section, table: Table) -> None:
    cells = _filled(sheet, section, table)
    printed = sheet.rows[section.heading.first : section.heading.last + 1]
    found = data_rows(cells, section.first, Looked(table.source, table.columns, printed))
    table.rows = found.kept + section.first + 1
    table.dividers, table.breaks = found.dividers, found.breaks
    _refuse_unit_below(file, table)
    for number in found.examples:
        row = section.first + number + 1
        table.problems.append(Problem(EXAMPLE_ROW, file, table.sheet, row=row))
    for name, column in table.columns.items():
        table.cells[name] = cells[column.index].taken(found.kept) if cells else cell_column(())
    place = Place(file, table.sheet, table.heading_row)
    table.problems += join_dates(table.columns, table.cells, [table.sheet, *table.above], place)
    table.problems += fill_down(table.columns, table.cells, table.dividers, table.rows, place)
