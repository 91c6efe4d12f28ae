"""A sheet's XML in pieces, never held whole: what stands around the rows, and the rows.

The part is read twice: once for the columns, merged cells and drawings around the rows, once to change
the rows (etl.marked.row_patch).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from etl.formats.grid import column_number
from etl.marked.parts import Unpatchable

Cell = tuple[int, int]
"""Row and column, counted from 1 and from 0: as Problem and Sheet count them."""

_START = re.compile(rb"<(?:([\w.-]+):)?worksheet[\s>]")
_LONGEST_HEAD = 4_000_000


def attribute(tag: bytes, name: bytes) -> bytes | None:
    """The value of an attribute of a start tag, in either kind of quotation marks."""
    found = re.search(rb"\s" + name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return None if found is None else (found[1] if found[1] is not None else found[2])


@dataclass(frozen=True)
class Skeleton:
    """What stands around the rows: `head` ends with the opened <sheetData>, `tail` starts with its end."""

    prefix: bytes
    head: bytes
    tail: bytes

    @property
    def merged(self) -> list[tuple[Cell, Cell]]:
        """Merged ranges as first and last cell."""
        tags = re.findall(rb"<" + self.prefix + rb"mergeCell\s[^>]*>", self.tail)
        return [found for tag in tags if (found := _range(attribute(tag, b"ref") or b""))]

    @property
    def drawing(self) -> str:
        """The id of the drawing that holds the notes; empty where there is none."""
        found = re.search(rb"<" + self.prefix + rb"legacyDrawing(?=\s)[^>]*>", self.tail)
        return (attribute(found[0], rb"[\w.-]+:id") or b"").decode() if found else ""

    def column_style(self, column: int) -> int:
        """The style of an empty cell in the column."""
        for tag in re.findall(rb"<" + self.prefix + rb"col\s[^>]*>", self.head):
            first, last = attribute(tag, b"min"), attribute(tag, b"max")
            if first and last and int(first) <= column + 1 <= int(last):
                return int(attribute(tag, b"style") or 0)
        return 0


def _range(text: bytes) -> tuple[Cell, Cell] | None:
    found = re.fullmatch(rb"([A-Z]+)(\d+):([A-Z]+)(\d+)", text.replace(b"$", b""))
    if found is None:
        return None
    left, right = column_number(found[1].decode()), column_number(found[3].decode())
    return (int(found[2]), left), (int(found[4]), right)


def skeleton(pieces: Iterable[bytes]) -> Skeleton:
    """Read past the rows and keep what is around them."""
    source = iter(pieces)
    head, seen, prefix = _head(source)
    end = b"</" + prefix + b"sheetData>"
    while (found := seen.find(end)) < 0:
        piece = next(source, b"")
        if not piece:
            raise Unpatchable("sheetData does not end")
        seen = seen[1 - len(end) :] + piece
    return Skeleton(prefix, head, seen[found:] + b"".join(source))


def _head(source: Iterator[bytes]) -> tuple[bytes, bytes, bytes]:
    """Up to and with the opened <sheetData>; what was read beyond; the prefix of the names with its colon."""
    head = b""
    for piece in source:
        head += piece
        start = _START.search(head)
        prefix = (start[1] + b":") if start and start[1] else b""
        if found := re.search(rb"<" + prefix + rb"sheetData\s*(/?)>", head):
            _require_utf8(head)
            opened = b"<" + prefix + b"sheetData>"
            closed = b"</" + prefix + b"sheetData>" if found[1] else b""
            return head[: found.start()] + opened, closed + head[found.end() :], prefix
        if len(head) > _LONGEST_HEAD:
            break
    raise Unpatchable("no sheetData")


def _require_utf8(head: bytes) -> None:
    declared = re.match(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([\w-]+)""", head)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        raise Unpatchable(f"encoding {declared[1]!r}")
    if b"<!" in head:
        raise Unpatchable("a comment or a document type")


def blocks(source: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The prefix of the names, and the rows in pieces that end where a row ends."""
    pieces = iter(source)
    _before, held, prefix = _head(pieces)
    return prefix, _cut(held, pieces, prefix)


def _cut(held: bytes, pieces: Iterator[bytes], prefix: bytes) -> Iterator[bytes]:
    end, row = b"</" + prefix + b"sheetData>", b"<" + prefix + b"row"
    while (found := held.find(end)) < 0:
        cut = held.rfind(row)
        if cut > 0:
            yield _checked(held[:cut])
            held = held[cut:]
        piece = next(pieces, b"")
        if not piece:
            raise Unpatchable("sheetData does not end")
        held += piece
    yield _checked(held[:found])


def cell_tags(block: bytes, prefix: bytes) -> list[bytes]:
    """The start tags of the cells in a piece."""
    return re.findall(rb"<" + prefix + rb"c(?=[\s/>])[^>]*>", block)


def _checked(block: bytes) -> bytes:
    if b"<!" in block:
        raise Unpatchable("a comment among the rows")
    return block


def with_legacy_drawing(around: Skeleton, relation: str, office: str) -> bytes:
    """The tail with a reference to the drawing that holds the notes, where the schema wants it."""
    name = around.prefix
    tag = b'<%slegacyDrawing xmlns:rel="%s" rel:id="%s"/>' % (name, office.encode(), relation.encode())
    place = _place_of_drawing(around)
    return around.tail[:place] + tag + around.tail[place:]


AFTER_DRAWING = {
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
    "extLst", "AlternateContent",
}  # fmt: skip
"""Elements that stand behind <legacyDrawing>."""


def _place_of_drawing(around: Skeleton) -> int:
    """Where in the tail: before the first child of the sheet that must stand behind it."""
    parser = expat.ParserCreate()
    depth, found = 0, 0

    def opened(name: str, _attributes: object) -> None:
        nonlocal depth, found
        depth += 1
        if depth == 2 and not found and name.rpartition(":")[2] in AFTER_DRAWING:
            found = parser.CurrentByteIndex

    def closed(_name: str) -> None:
        nonlocal depth, found
        depth -= 1
        if not depth and not found:
            found = parser.CurrentByteIndex

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    try:
        parser.Parse(around.head + around.tail, True)
    except expat.ExpatError as error:
        raise Unpatchable(str(error)) from None
    return found - len(around.head)
