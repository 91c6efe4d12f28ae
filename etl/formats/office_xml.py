"""SpreadsheetML 2003: the XML workbook that hospital systems write under the name .xls."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from etl.formats.grid import Grid
from etl.formats.xml_events import pieces_of, read_events

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_PREFIX = NAMESPACE + " "


def read_office_xml(text: str) -> tuple[list[Grid], list[str]]:
    """The visible sheets, and the names of the hidden ones."""
    reading = _Reading()
    read_events(pieces_of(text), reading.start, reading.end, reading.add_text)
    shown = [sheet for sheet in reading.sheets if sheet.name not in reading.hidden]
    return shown, reading.hidden


class _Reading:
    """Where in the document we are; indexes in the file count from 1 and may leave rows or cells out."""

    def __init__(self) -> None:
        self.sheets: list[Grid] = []
        self.hidden: list[str] = []
        self.row = self.column = -1
        self.right = 0
        self.data: str | None = None
        self.text: list[str] = []
        self.is_comment = self.is_visible = False

    def start(self, name: str, about: dict[str, str]) -> None:
        tag = _local(name)
        if tag == "Cell":
            self._start_cell(about)
        elif tag == "Data" and not self.is_comment:
            self.data, self.text = _stated(about, "Type") or "String", []
        elif tag == "Row":
            index = _stated(about, "Index")
            self.row, self.column, self.right = int(index) - 1 if index else self.row + 1, -1, 0
        elif tag == "Worksheet":
            self.sheets.append(Grid(_stated(about, "Name") or ""))
            self.row = -1
        elif tag == "Comment":
            self.is_comment = True
        elif tag == "Visible":
            self.is_visible, self.text = True, []

    def _start_cell(self, about: dict[str, str]) -> None:
        index, across = _stated(about, "Index"), _stated(about, "MergeAcross")
        self.column = int(index) - 1 if index else self.column + self.right + 1
        self.right = int(across) if across else 0
        down = _stated(about, "MergeDown")
        if down or across:
            self.sheets[-1].merge(self.row, self.column, int(down or 0) + 1, self.right + 1)

    def add_text(self, text: str) -> None:
        if self.data is not None or self.is_visible:
            self.text.append(text)

    def end(self, name: str) -> None:
        tag = _local(name)
        if tag == "Data" and self.data is not None:
            value = _value(self.data, "".join(self.text))
            self.sheets[-1].put(self.row, self.column, value)
            self.data = None
        elif tag == "Comment":
            self.is_comment = False
        elif tag == "Visible":
            if "".join(self.text).strip() != "SheetVisible":
                self.hidden.append(self.sheets[-1].name)
            self.is_visible = False


@lru_cache(maxsize=1000)
def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _stated(about: dict[str, str], name: str) -> str | None:
    """An attribute; some systems leave its prefix out."""
    return about.get(_PREFIX + name) or about.get(name)


def _value(kind: str, text: str) -> Any:
    """What a cell holds; a figure that is none stays the text that it is."""
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return _day(text)
    except ValueError:
        return text
    return text.strip() == "1" if kind == "Boolean" else text


def _day(text: str) -> date:
    moment = datetime.fromisoformat(text[:19])
    return moment if moment.time() != datetime.min.time() else moment.date()
