"""HTML tables wearing .xls, as web systems "export to Excel".

All tables stand one after the other on one sheet, as Excel lays them out, with the texts between them; a
table that holds other tables is only a frame around them. Each cell is the text that it shows, except
where Excel (`x:num`) or LibreOffice (`sdval`) states the number behind it.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from etl.formats.grid import Grid

_NOT_SHOWN = {"script", "style", "head", "title", "template", "noscript", "comment"}
_BREAKS = {"br", "p", "div", "li", "tr", "td", "th", "table", "caption", "h1", "h2", "h3", "h4", "center"}
_SHOWN_NUMBER = re.compile(r"[-+￥¥$ ]*(0|[1-9][\d,]*)?(\.\d+)?(E[+-]\d+|%)?")
_MOST_COLUMNS = 1_000_000
"""Spans without a value are not seen by the limit of columns."""

_LARGEST_SPAN = 1000
"""What browsers cut a colspan to; a rowspan to 65 534."""
_LARGEST_DROP = 65_534


def read_html(text: str) -> list[Grid] | None:
    """One sheet with all tables, or None where there is no table."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(text.encode(), parser)
    if any(error.level >= etree.ErrorLevels.FATAL for error in parser.error_log):
        raise ValueError("the parser gave up: what follows would be missing")
    if root.find(".//table") is None:
        return None
    filling = _Filling()
    for block in _blocks(root):
        filling.add_table(block) if isinstance(block, etree._Element) else filling.add_text(block)
    return [filling.grid] if filling.row else None


def _blocks(element: Any) -> Iterator[Any]:
    """Innermost tables and the lines of text around them, in the order of the document."""
    for part in _parts(element):
        if not isinstance(part, str):
            yield part
        elif line := _tidy(part):
            yield line


def _parts(root: Any) -> Iterator[Any]:
    """Like `_blocks`, with pieces of text joined up to the next line break; no recursion, however deep."""
    line: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element.tag in _BREAKS:
            yield "".join(line)
            line = []
        if event == "start":
            is_table = element.tag == "table" and element.find(".//table") is None
            if is_table:
                yield element
            if is_table or element.tag in _NOT_SHOWN:
                walk.skip_subtree()
            else:
                line.append(element.text or "")
        elif element is not root:
            if element.tag in _BREAKS:
                yield "".join(line)
                line = []
            line.append(element.tail or "")
    yield "".join(line)


class _Filling:
    """The sheet as far as it is filled; `covered` are rows left of the cells that reach down, by column."""

    def __init__(self) -> None:
        self.grid = Grid("")
        self.row = 0
        self.covered: dict[int, int] = {}

    def add_text(self, line: str) -> None:
        self.grid.put(self.row, 0, line)
        self.row += 1

    def add_table(self, table: Any) -> None:
        self.covered = {}
        for caption in table.iterfind("caption"):
            self.add_text(_tidy(" ".join(caption.itertext())))
        for line in table.iter("tr"):
            self._add_row(line)
            self.row += 1

    def _add_row(self, line: Any) -> None:
        column, reaching = 0, {c: left - 1 for c, left in self.covered.items() if left > 1}
        for cell in line:
            if cell.tag not in ("td", "th"):
                continue
            while column in self.covered:
                column += 1
            self.grid.put(self.row, column, _value(cell))
            about = cell.attrib
            down, right = _span(about, "rowspan", _LARGEST_DROP), _span(about, "colspan", _LARGEST_SPAN)
            if down > 1 or right > 1:
                self.grid.merge(self.row, column, down, right)
            if down > 1:
                reaching.update(dict.fromkeys(range(column, column + right), down - 1))
            column += right
            if column > _MOST_COLUMNS:
                raise ValueError("no table is so wide")
        self.covered = reaching


def _span(about: Any, name: str, largest: int) -> int:
    if name not in about:
        return 1
    digits = re.match(r"\s*(\d{1,9})", about[name])
    return min(max(int(digits[1]), 1), largest) if digits else 1


def _value(cell: Any) -> Any:
    """The number behind a cell that shows one; a code with zeros in front, or a day, is what it shows."""
    text = cell.text or ""
    if len(cell):
        text = " ".join(part for part in _parts(cell) if isinstance(part, str))
    shown = _tidy(text)
    stated = cell.get("x:num") or cell.get("sdval")
    if stated and _SHOWN_NUMBER.fullmatch(shown):
        try:
            return float(stated)
        except ValueError:
            return shown
    return shown


def _tidy(text: str) -> str:
    """Blanks run together, as a browser shows them; &nbsp; is a blank."""
    return " ".join(text.split())
