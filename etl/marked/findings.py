"""Problems as they are shown in a workbook: the marks at its cells, and the lines of the list."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from etl.formats.grid import column_number
from etl.marked.sheet_xml import Cell
from etl.marked.styles import FILLS, RED
from etl.problems import Loudness, Problem
from procurement.language import N_, _

LOUDNESS = {Loudness.STOP: N_("无法导入"), Loudness.SKIP: N_("须改正"), Loudness.MENTION: N_("请核对")}
_ORDER = list(LOUDNESS)

MOST_TEXT = 32_767
"""Characters that a cell can hold."""

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass
class Marks:
    """What is wrong on one sheet: the colour of each cell and the text of its note, in order of loudness."""

    colours: dict[Cell, str] = field(default_factory=dict)
    notes: dict[Cell, str] = field(default_factory=dict)

    def by_row(self) -> dict[int, dict[int, str]]:
        rows: dict[int, dict[int, str]] = {}
        for (row, column), colour in self.colours.items():
            rows.setdefault(row, {})[column] = colour
        return rows

    def moved(self, places: dict[Cell, Cell]) -> "Marks":
        """The same, at other cells: what is wrong in a merged range is shown at its first cell."""
        moved = Marks()
        for cell, colour in self.colours.items():
            moved.put(places.get(cell, cell), colour, self.notes[cell])
        return moved

    def put(self, cell: Cell, colour: str, note: str) -> None:
        if self.colours.get(cell) != RED:
            self.colours[cell] = colour
        before = self.notes.get(cell, "")
        if note not in before:
            self.notes[cell] = f"{before}\n{note}" if before else note


def marks(problems: Iterable[Problem]) -> dict[str, Marks]:
    """By sheet; a file of text has one sheet without a name. Problems without a cell are in the list only."""
    found: dict[str, Marks] = {}
    for problem in problems:
        cell = cell_of(problem.cell)
        if cell:
            sheet = found.setdefault(problem.sheet or "", Marks())
            sheet.put(cell, FILLS[problem.kind.loudness], clean(problem.message + problem.remedy))
    return found


def cell_of(reference: str | None) -> Cell | None:
    found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", reference or "")
    return (int(found[2]), column_number(found[1])) if found else None


def clean(text: str | None) -> str:
    """Text as XML may hold it, as long as a cell may be."""
    return _NOT_IN_XML.sub("", text or "")[:MOST_TEXT]


@dataclass(frozen=True)
class Line:
    """One line of the list; `link` is the cell that it opens."""

    loudness: Loudness
    texts: tuple[str, ...]
    link: tuple[str, str] | None


HEADINGS = (
    N_("轻重"),
    N_("工作表"),
    N_("单元格"),
    N_("列"),
    N_("文件中的值"),
    N_("问题"),
    N_("处理办法"),
)
LINK_COLUMN = 2
WIDTHS = (10, 16, 9, 18, 20, 52, 44)
"""In half-width characters: together an A4 page across."""


def lines(problems: Sequence[Problem]) -> list[Line]:
    """The list: what stops the file first, problems of a kind together, in the order of the sheets."""
    kinds = {code: at for at, code in enumerate(dict.fromkeys(p.kind.code for p in problems))}
    sheets = {name: at for at, name in enumerate(dict.fromkeys(p.sheet for p in problems))}

    def order(problem: Problem) -> tuple[int, ...]:
        row, column = cell_of(problem.cell) or (problem.row or 0, 0)
        return (
            _ORDER.index(problem.kind.loudness), kinds[problem.kind.code], sheets[problem.sheet], row, column
        )  # fmt: skip

    return [_line(problem) for problem in sorted(problems, key=order)]


def _line(problem: Problem) -> Line:
    place, link = problem.cell or "", None
    if not place and problem.row:
        place = _("第{row}行").format(row=problem.row)
    if problem.sheet is not None and (problem.cell or problem.row):
        link = (problem.sheet, problem.cell or f"A{problem.row}")
    told = (problem.sheet, place, problem.column, problem.value, problem.message, problem.remedy)
    texts = (_(LOUDNESS[problem.kind.loudness]), *map(clean, told))
    return Line(problem.kind.loudness, texts, link)


def counted(problems: Sequence[Problem]) -> str:
    """How many of each loudness: 须改正12处，请核对3处."""
    counts = Counter(problem.kind.loudness for problem in problems)
    said = [
        _("{loudness}{count}处").format(loudness=_(LOUDNESS[loudness]), count=counts[loudness])
        for loudness in _ORDER
        if counts[loudness]
    ]
    return _("，").join(said)
