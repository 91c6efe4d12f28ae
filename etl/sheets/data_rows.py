"""Which rows of a sheet are data: one mask per rule, and a closer look at the few rows that it leaves.

Left out are blank rows, headings repeated in the middle, totals (小计, 合计, 总计), footers (制表人, 注),
lone captions (某医院采购明细) and the template's example row; what they say is kept as `dividers`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from etl.headings import Source
from etl.sheets.cell_column import CellColumn
from etl.sheets.pending_rows import is_pending
from etl.sheets.row_kinds import (
    LEAST_CAPTION,
    MOST_CAPTION_CELLS,
    closes_a_block,
    is_blank,
    is_caption,
    is_complete,
    is_figure,
    is_footer,
    is_heading,
    is_total,
    names_total,
    says_total,
    words,
)
from etl.sheets.table_columns import Column
from etl.values.cells import plain

EXAMPLE_MARK = "示例行"
"""Stands in the template's first cell of the row that is an example."""

REMARKS = ("remark", "note")

LONGEST_NOTHING = 8
"""Signs of a cell that says nothing, a dash or a word like NULL; only such short ones are looked at."""


@dataclass(frozen=True)
class Divider:
    """What a row that is no data says to the data rows from the `at`-th on.

    Where it `closes`, it is a total or a note: it speaks of what stands above it, or of anything. `cells`
    are the whole row.
    """

    at: int
    row: int
    texts: tuple[str, ...]
    closes: bool
    cells: tuple[object, ...] = ()


@dataclass
class DataRows:
    """`kept` are places among the rows that were looked at, from 0; `examples` are no data.

    `breaks` are as `Divider.at`: where the heading is repeated.
    """

    kept: np.ndarray
    breaks: list[int] = field(default_factory=list)
    dividers: list[Divider] = field(default_factory=list)
    examples: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Looked:
    """What rows are judged by: the columns by field, those that the kind needs, the heading as printed."""

    source: Source
    columns: dict[str, Column]
    printed: list[list[object]]

    @property
    def groups(self) -> list[list[int]]:
        """For each need of the kind the columns that meet it: a row tells one of them, 单价 or 金额."""
        columns = self.columns
        groups = ([columns[name].index for name in need if name in columns] for need in self.source.needs)
        return [group for group in groups if group]

    @property
    def needed(self) -> list[int]:
        return [index for group in self.groups for index in group]

    @property
    def named(self) -> list[int]:
        """Columns of names and days, where a total calls itself one; a remark may speak of other rows."""
        about = self.source.fields
        return [
            column.index
            for name, column in self.columns.items()
            if not about[name].measure and name not in REMARKS
        ]


def row_of(cells: list[CellColumn], number: int) -> list[object]:
    return [column[number] for column in cells]


def data_rows(cells: list[CellColumn], first: int, looked: Looked) -> DataRows:
    """Judge rows given as columns; `first` is the number, from 0, of the first row in its sheet.

    After a footer only a row that looks like data, or a repeated heading, opens the table again.
    """
    plainly = _plainly_data(cells, looked.groups)
    found = DataRows(plainly)
    after_footer, before = False, -1
    counted = np.concatenate([[0], np.cumsum(plainly)])
    extra: list[int] = []
    for number, row in _rows(cells, np.flatnonzero(~plainly)):
        after_footer = after_footer and counted[number] == counted[before + 1]
        before = number
        at = int(counted[number]) + len(extra)
        first_cell = next((cell for cell in row if not is_blank(cell)), None)
        if first_cell is None:
            continue
        if is_heading(row, looked.needed, looked.printed):
            after_footer = False
            found.breaks.append(at)
            continue
        if isinstance(first_cell, str) and first_cell.strip() == EXAMPLE_MARK:
            found.examples.append(number)
            continue
        if is_pending(looked.source.kind, row, looked.columns):
            continue
        is_data, after_footer = _judged(row, looked, after_footer)
        extra += [number] * is_data
        if not is_data or is_caption(row):
            texts = tuple(words(row))
            found.dividers.append(
                Divider(at + is_data, first + number + 1, texts, closes_a_block(row), tuple(row))
            )
    plainly[extra] = True
    found.kept = np.flatnonzero(plainly)
    return found


_FILLED, _FIGURE, _NUMBER, _SAYS, _MARK = 1, 2, 4, 8, 16
"""What a cell is, as bits: not empty, a figure or a text with a digit, no text, words, perhaps a mark."""


def _plainly_data(cells: list[CellColumn], groups: list[list[int]]) -> np.ndarray:
    """Rows that have all that is needed and nothing in them that could be a total, a mark or a caption."""
    rows = len(cells[0]) if cells else 0
    some, every = np.zeros(rows, np.uint8), np.full(rows, _FILLED, np.uint8)
    said, figure = np.zeros(rows, np.int32), np.zeros(rows, np.uint8)
    each = [column.spread(map(_bits, column.distinct), np.uint8) for column in cells]
    for bits in each:
        some |= bits
        said += (bits & _SAYS) > 0
    for group in groups if each else ():
        told = np.bitwise_or.reduce([each[index] for index in group])
        every &= told
        figure |= told & _FIGURE
    plainly = (every > 0) & (figure > 0) & ((some & _MARK) == 0)
    return plainly & (((some & _NUMBER) > 0) | (said > MOST_CAPTION_CELLS))


def _bits(cell: object) -> int:
    if not isinstance(cell, str):
        return 0 if cell is None else _FILLED | _FIGURE | _NUMBER | _SAYS
    if not cell:
        return 0
    bits = _MARK if "计" in cell or cell.strip() == EXAMPLE_MARK else 0
    if len(cell) > LONGEST_NOTHING or plain(cell):
        bits |= _SAYS
    return _FILLED | bits | (_FIGURE if is_figure(cell) else 0)


def _rows(cells: list[CellColumn], numbers: np.ndarray) -> Iterator[tuple[int, list[object]]]:
    for number in numbers.tolist():
        yield number, row_of(cells, number)


def _judged(row: list[object], looked: Looked, after_footer: bool) -> tuple[bool, bool]:
    """Whether a row is data, and whether the rows below it stand after a footer."""
    cells = [_told(row, group) for group in looked.groups]
    if says_total(row) or names_total(row[index] for index in looked.named):
        return False, after_footer
    if is_complete(cells) and not is_total(cells):
        return True, False
    if is_footer(row):
        return False, True
    if is_total(row) or _stands_alone(row, looked):
        return False, after_footer
    # A row that lacks a cell is reported for it later; it must not vanish because a note stands above.
    is_data = not after_footer or _looks_like_data(row, cells, looked)
    return is_data, after_footer and not is_data


def _told(row: list[object], group: list[int]) -> object:
    """What a row says to one need, an empty text where it says nothing."""
    return next((row[index] for index in group if not is_blank(row[index])), "")


def _looks_like_data(row: list[object], cells: list[object], looked: Looked) -> bool:
    """Most of what the kind needs is there with a figure among it, or a quantity and a code."""
    present = [cell for cell in cells if plain(cell)]
    if len(present) * 2 > len(cells) and is_complete(present):
        return True
    filled = {name for name, column in looked.columns.items() if plain(row[column.index])}
    has_quantity = any(looked.source.fields[name].measure for name in filled)
    return has_quantity and any(name in ("product_code", "code") for name in filled)


def _stands_alone(row: list[object], looked: Looked) -> bool:
    """某医院采购明细 and nothing beside it, where no such text is data; a lone name of a product may be."""
    filled = [index for index, cell in enumerate(row) if plain(cell)]
    if len(filled) != 1 or not is_caption(row) or len(words(row)[0]) < LEAST_CAPTION:
        return False
    # What stands in the column of remarks and nowhere else remarks on no line.
    read = {column.index for name, column in looked.columns.items() if name not in REMARKS}
    return filled[0] in looked.needed or filled[0] not in read
