"""Notes at cells: the part with their texts, and the old drawing that makes them visible.

Notes that the hospital wrote stay; at a marked cell ours is added below theirs. In a file that comes back
ours are taken out again first.
"""

import re
from collections.abc import Collection, Mapping

from lxml import etree

from etl.formats.grid import column_letters, column_number
from etl.marked.parts import parse_xml, xml_bytes
from etl.marked.sheet_xml import Cell

AUTHOR = "vbp check"
NOTE_MARK = "【vbp】"
"""Starts our text in a note: from here on it is ours."""

SHAPES_PER_BLOCK = 1024
"""Numbers of shapes come in blocks of this size; each drawing names those that are its own."""

CHARACTERS_PER_LINE, LINE_HEIGHT = 19, 13.5
LEAST_HEIGHT, MOST_HEIGHT = 60, 300


class Notes:
    """The notes of one sheet: those that the file has, without ours."""

    def __init__(self, content: bytes | None, space: str) -> None:
        empty = f'<comments xmlns="{space}"><authors/><commentList/></comments>'.encode()
        self._tree = parse_xml(content or empty)
        self._space = self._tree.tag.partition("}")[0] + "}"
        self._authors = self._child("authors")
        self._list = self._child("commentList")
        self.removed: set[Cell] = set()
        self.added: dict[Cell, str] = {}
        self._take_ours_out()
        self._at = {_cell(note.get("ref", "")): note for note in self._list}

    def _child(self, name: str) -> etree._Element:
        found = self._tree.find(f"{self._space}{name}")
        return etree.SubElement(self._tree, f"{self._space}{name}") if found is None else found

    def _take_ours_out(self) -> None:
        for note in list(self._list):
            if NOTE_MARK not in "".join(note.itertext()):
                continue
            if _text_before_mark(note):
                _cut_at_mark(note)
            else:
                self.removed.add(_cell(note.get("ref", "")))
                self._list.remove(note)

    def add(self, notes: Mapping[Cell, str]) -> None:
        for cell, text in sorted(notes.items()):
            self._add(cell, f"{NOTE_MARK}\n{text}")

    def _add(self, cell: Cell, text: str) -> None:
        note = self._at.get(cell)
        if note is not None:
            body = note.find(f"{self._space}text")
            self._run(note if body is None else body, f"\n{text}")
            return
        place = f"{column_letters(cell[1])}{cell[0]}"
        note = etree.SubElement(self._list, f"{self._space}comment", ref=place, authorId=self._author())
        self._run(etree.SubElement(note, f"{self._space}text"), text)
        self.added[cell] = text

    def _author(self) -> str:
        names = [author.text for author in self._authors]
        if AUTHOR not in names:
            etree.SubElement(self._authors, f"{self._space}author").text = AUTHOR
            return str(len(names))
        return str(names.index(AUTHOR))

    def _run(self, body: etree._Element, text: str) -> None:
        run = etree.SubElement(body, f"{self._space}r")
        look = etree.SubElement(run, f"{self._space}rPr")
        etree.SubElement(look, f"{self._space}sz", val="9")
        etree.SubElement(look, f"{self._space}color", rgb="FF1F2A37")
        etree.SubElement(look, f"{self._space}rFont", val="Microsoft YaHei")
        words = etree.SubElement(run, f"{self._space}t")
        words.text = text
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    def content(self) -> bytes:
        return xml_bytes(self._tree)


def _texts(note: etree._Element) -> list[etree._Element]:
    return [element for element in note.iter() if etree.QName(element).localname == "t"]


def _text_before_mark(note: etree._Element) -> str:
    return "".join(element.text or "" for element in _texts(note)).partition(NOTE_MARK)[0].strip()


def _cut_at_mark(note: etree._Element) -> None:
    """Keep what stands before our mark, whatever runs a program made of it."""
    is_ours = False
    for element in _texts(note):
        before, mark, _after = (element.text or "").partition(NOTE_MARK)
        element.text = "" if is_ours else (before.rstrip("\n") if mark else element.text)
        is_ours = is_ours or bool(mark)


def _cell(reference: str) -> Cell:
    found = re.fullmatch(r"([A-Z]+)(\d+)", reference)
    return (int(found[2]), column_number(found[1])) if found else (0, 0)


_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout><v:shapetype id="_x0000_t202"'
    ' coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{number}" type="#_x0000_t202"'
    ' style="position:absolute;width:210pt;height:{height}pt;z-index:{order};visibility:hidden"'
    ' fillcolor="#FFF7E6" o:insetmode="auto"><v:fill color2="#FFF7E6"/><v:shadow on="t" color="black"'
    ' obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div'
    ' style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/>'
    "<x:SizeWithCells/><x:Anchor>{left},12,{top},4,{right},40,{bottom},4</x:Anchor><x:AutoFill>False"
    "</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def with_shapes(drawing: bytes | None, notes: Notes, blocks_taken: Collection[int]) -> tuple[bytes, set[int]]:
    """The drawing with a hidden box for each new note, and the blocks of shape numbers that it took."""
    first = max(blocks_taken, default=0) + 1
    count = -(-(len(notes.added) + 1) // SHAPES_PER_BLOCK) if notes.added else 0
    blocks = list(range(first, first + count))
    text = (drawing or _VML.format(blocks="").encode()).decode("utf-8-sig", "surrogateescape")
    text = _without(text, notes.removed)
    listed = ",".join(str(block) for block in blocks)
    if listed:
        text = re.sub(r'(<o:idmap\b[^>]*?\bdata=")([^"]*)"', lambda m: _listed(m, listed), text, count=1)
    start = first * SHAPES_PER_BLOCK + 1
    shapes = [_shape(start + at, at + 1, cell, words) for at, (cell, words) in enumerate(notes.added.items())]
    end = text.rindex("</xml>")
    changed = text[:end] + "".join(shapes) + text[end:]
    return changed.encode("utf-8", "surrogateescape"), set(blocks)


def _listed(found: re.Match[str], blocks: str) -> str:
    return f'{found[1]}{found[2]}{"," if found[2] else ""}{blocks}"'


def shape_blocks(drawing: bytes) -> set[int]:
    """The blocks of shape numbers that a drawing says are its own."""
    found = re.search(rb"""<o:idmap\b[^>]*?\bdata=["']([\d,\s]*)""", drawing)
    numbers = {int(number) // SHAPES_PER_BLOCK for number in re.findall(rb"_x0000_s(\d+)", drawing)}
    return numbers | {int(block) for block in re.findall(rb"\d+", found[1] if found else b"")}


def _without(text: str, cells: Collection[Cell]) -> str:
    """The drawing without the boxes of notes that are taken out."""
    if not cells:
        return text

    def kept(found: re.Match[str]) -> str:
        row, column = re.search(r"<x:Row>\s*(\d+)", found[0]), re.search(r"<x:Column>\s*(\d+)", found[0])
        if 'ObjectType="Note"' not in found[0] or row is None or column is None:
            return found[0]
        return "" if (int(row[1]) + 1, int(column[1])) in cells else found[0]

    return re.sub(r"<v:shape\s.*?</v:shape>", kept, text, flags=re.DOTALL)


def _shape(number: int, order: int, cell: Cell, text: str) -> str:
    lines = sum(-(-len(line) // CHARACTERS_PER_LINE) or 1 for line in text.split("\n"))
    height = min(max(LEAST_HEIGHT, lines * LINE_HEIGHT + 10), MOST_HEIGHT)
    row, column = cell[0] - 1, cell[1]
    return _SHAPE.format(
        number=number,
        height=f"{height:g}",
        order=order,
        row=row,
        column=column,
        top=max(row - 1, 0),
        left=column + 1,
        right=column + 4,
        bottom=max(row - 1, 0) + int(height // 15) + 1,
    )
