"""Error cells and extent of .xlsx and .xlsm, from the XML of their sheets.

calamine gives an empty cell for an error, and makes room for all cells from A1 to the last one. The XML
is searched while it is unpacked; it is parsed only where the search finds that there may be something.
"""

import posixpath
import re
from xml.etree import ElementTree

from etl.formats.archive import Archive
from etl.formats.grid import check_extent, column_number
from etl.formats.lost import Lost
from etl.formats.xml_events import read_events
from etl.limits import TooMuch, limit
from etl.problem_kinds.stop import DECLARES_ENTITIES

_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_LATE_COLUMN = re.compile(rb' r="([A-Z]{2,})\d')
_LATE_ROW = re.compile(rb' r="[A-Z]*(\d{6,})"')
_EARLY_ROWS = 100_000
"""Rows that _LATE_ROW does not see."""

OVERLAP = 64
"""Bytes of the piece before that are searched again with the next: longer than a cell's reference."""


def lost_of_xlsx(archive: Archive) -> dict[str, Lost]:
    """By sheet name; sheets that lose nothing are absent."""
    found = {}
    for sheet, part in sheet_parts(archive).items():
        if part in archive and _is_suspect(archive, part):
            lost = _Cells(sheet).read(archive, part)
            if lost.errors:
                found[sheet] = lost
    return found


def sheet_parts(archive: Archive) -> dict[str, str]:
    """Sheet name → the part of the archive that holds it."""
    relations = _tree(archive.read("xl/_rels/workbook.xml.rels"))
    target = {r.get("Id"): r.get("Target", "") for r in relations}
    parts = {}
    for sheet in _tree(archive.read("xl/workbook.xml")).iterfind(".//{*}sheets/{*}sheet"):
        path = target.get(sheet.get(_OFFICE + "id") or sheet.get(_STRICT + "id"), "")
        parts[sheet.get("name", "")] = part_name(path)
    return parts


def part_name(target: str) -> str:
    """Where a relation of xl/workbook points to: from its own folder, or from the top."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _tree(content: bytes) -> ElementTree.Element:
    if b"<!ENTITY" in content:
        raise TooMuch(DECLARES_ENTITIES)
    return ElementTree.fromstring(content)


def _is_suspect(archive: Archive, part: str) -> bool:
    """Whether a sheet may hold an error or a cell too far out."""
    columns: set[bytes] = set()
    last_row, has_errors, before = _EARLY_ROWS, False, b""
    for piece in archive.pieces(part):
        text = before + piece
        has_errors = has_errors or b't="e"' in text or b"t='e'" in text
        columns.update(_LATE_COLUMN.findall(text))
        last_row = max(last_row, *map(int, _LATE_ROW.findall(text)), 0)
        before = text[-OVERLAP:]
    last = max((column_number(letters.decode()) for letters in columns), default=25)
    return has_errors or last >= limit("columns") or last_row * (last + 1) > limit("cells")


class _Cells:
    """The cells of one sheet part that hold something: where the last one is, and which are errors."""

    def __init__(self, sheet: str) -> None:
        self.sheet, self.lost = sheet, Lost()
        self.row = self.column = -1
        self.last_row = self.last_column = 0
        self.is_error = self.is_value = False
        self.text = ""

    def read(self, archive: Archive, part: str) -> Lost:
        read_events(archive.pieces(part), self._start, self._end, self._text)
        check_extent(self.sheet, self.last_row, self.last_column)
        return self.lost

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
        elif tag == "c":
            self._start_cell(attributes)
        elif tag in ("v", "is"):
            self.last_row = max(self.last_row, self.row)
            self.last_column = max(self.last_column, self.column)
            self.is_value = tag == "v"

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        self.column = column_number(reference[1]) if reference else self.column + 1
        if reference:
            self.row = int(reference[2]) - 1
        self.is_error, self.text = attributes.get("t") == "e", ""

    def _text(self, text: str) -> None:
        if self.is_value:
            self.text += text

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "v":
            self.is_value = False
        elif tag == "c" and self.is_error:
            self.lost.errors[self.row, self.column] = self.text.strip() or "#N/A"
            self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
            self.is_error = False
