"""OpenDocument sheets (.ods), read wholly by us, event by event.

calamine repeats a cell as often as the file says, be it a thousand million times, and tells neither errors
nor merged ranges. Here a repeated cell costs nothing where it is empty and is refused where it is too much.
"""

from datetime import date, datetime
from typing import Any

from etl.formats.archive import Archive
from etl.formats.grid import Grid
from etl.formats.lost import is_error
from etl.formats.xml_events import read_events
from etl.limits import TooMuch
from etl.problem_kinds.stop import PASSWORD

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "

_CELLS = {_TABLE + "table-cell", _TABLE + "covered-table-cell"}
_ASIDE = {_OFFICE + "annotation", _TABLE + "shapes", _TABLE + "table", _TABLE + "tracked-changes"}
"""What inside a sheet or a cell holds text that is not the cell's."""

_SIGNS = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}


def read_ods(archive: Archive) -> tuple[list[Grid], list[str]]:
    """The visible sheets, and the names of the hidden ones."""
    if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise TooMuch(PASSWORD)
    reading = _Reading()
    read_events(archive.pieces("content.xml"), reading.start, reading.end, reading.add_text)
    return reading.sheets, reading.hidden


class _Reading:
    """Where in the document we are: sheet, row, column, and how deep in what is not read."""

    def __init__(self) -> None:
        self.sheets: list[Grid] = []
        self.hidden: list[str] = []
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.grid: Grid | None = None
        self.row = self.column = self.aside = 0
        self.rows_repeated = 1
        self.cell: dict[str, str] | None = None
        self.text: list[str] = []
        self.is_paragraph = False

    def start(self, name: str, about: dict[str, str]) -> None:
        if self.aside or (self.grid is not None and name in _ASIDE):
            self.aside += 1
        elif self.grid is None:
            self._start_outside(name, about)
        elif name == _TABLE + "table-row":
            self.rows_repeated, self.column = _times(about, "number-rows-repeated"), 0
        elif name in _CELLS:
            self.cell, self.text = about, []
        elif self.cell is not None:
            self._start_text(name, about)

    def _start_outside(self, name: str, about: dict[str, str]) -> None:
        if name == _STYLE + "style":
            self.style = about.get(_STYLE + "name", "")
        elif name == _STYLE + "table-properties" and about.get(_TABLE + "display") == "false":
            self.hidden_styles.add(self.style)
        elif name == _TABLE + "table":
            self._start_sheet(about)

    def _start_sheet(self, about: dict[str, str]) -> None:
        title = about.get(_TABLE + "name", "")
        self.grid, self.row = Grid(title), 0
        if about.get(_TABLE + "style-name") in self.hidden_styles:
            self.hidden.append(title)
        else:
            self.sheets.append(self.grid)

    def _start_text(self, name: str, about: dict[str, str]) -> None:
        if name == _TEXT + "p":
            self.is_paragraph = True
            self.text.extend(["\n"] if self.text else [])
        elif name == _TEXT + "s":
            self.text.append(" " * min(_times(about, "c", _TEXT), 1000))
        elif name in _SIGNS:
            self.text.append(_SIGNS[name])

    def add_text(self, text: str) -> None:
        if self.is_paragraph and not self.aside:
            self.text.append(text)

    def end(self, name: str) -> None:
        if self.aside:
            self.aside -= 1
        elif name == _TEXT + "p":
            self.is_paragraph = False
        elif name in _CELLS and self.cell is not None:
            self._end_cell(self.cell)
            self.cell = None
        elif name == _TABLE + "table-row":
            self.row += self.rows_repeated
        elif name == _TABLE + "table":
            self.grid = None

    def _end_cell(self, about: dict[str, str]) -> None:
        repeated = _times(about, "number-columns-repeated")
        down, right = _times(about, "number-rows-spanned"), _times(about, "number-columns-spanned")
        if self.grid is not None:
            value = _value(about, "".join(self.text))
            if repeated == self.rows_repeated == 1:
                self.grid.put(self.row, self.column, value)
            else:
                self.grid.put_often(self.row, self.column, value, self.rows_repeated, repeated)
            self.grid.merge(self.row, self.column, down, right)
        self.column += repeated


def _times(about: dict[str, str], name: str, space: str = _TABLE) -> int:
    stated = about.get(space + name)
    return max(1, int(stated)) if stated else 1


def _value(about: dict[str, str], shown: str) -> Any:
    kind = about.get(_OFFICE + "value-type", "")
    if about.get(_CALC + "value-type") == "error" or is_error(shown.strip()):
        return shown.strip() if is_error(shown.strip()) else "#N/A"
    if kind in ("float", "percentage", "currency"):
        return float(about[_OFFICE + "value"])
    if kind == "date":
        return _day(about[_OFFICE + "date-value"])
    if kind == "boolean":
        return about.get(_OFFICE + "boolean-value") == "true"
    return about.get(_OFFICE + "string-value") or shown


def _day(text: str) -> date | str:
    """A day, with its time where that is stated; as text where it is none."""
    try:
        return datetime.fromisoformat(text[:19]) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return text
