"""An .xlsx or .xlsm with its bad cells marked; whatever else it holds stays as it is."""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from python_calamine import CalamineError

from etl.marked.book import Book, our_sheets, put_problem_sheet, read_book
from etl.marked.findings import Marks, marks
from etl.marked.notes import Notes, shape_blocks, with_shapes
from etl.marked.parts import Package, Unpatchable, chunks
from etl.marked.problem_list import NOTES_LEFT_OUT, STYLE_PAIRS, ProblemList, texts_above
from etl.marked.row_patch import Patch
from etl.marked.sheet_xml import Cell, Skeleton, skeleton, with_legacy_drawing
from etl.marked.style_pairs import style_pairs
from etl.marked.styles import RED, Styles
from etl.problems import Problem
from procurement.language import _

MOST_NOTES = 5_000
"""Notes on one sheet: each is a drawing of its own, and beyond this programs open the file slowly."""

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, CalamineError, RuntimeError, ValueError, KeyError)
"""What a package raises that is not as it says: packed wrongly, locked, words where figures belong."""

COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"


def patched(content: bytes, file: str, problems: Sequence[Problem]) -> bytes:
    """The workbook with marks, notes and the sheet 问题; Unpatchable where it cannot be done safely."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _patched(Package(archive), content, file, problems)
    except DAMAGED as error:
        raise Unpatchable(str(error)) from None


def _patched(package: Package, content: bytes, file: str, problems: Sequence[Problem]) -> bytes:
    book = read_book(package)
    styles = Styles(package.read(book.styles))
    ours = our_sheets(book, content)
    for name in ours:
        for original, marked in style_pairs(package.open(book.parts[name]), STYLE_PAIRS):
            styles.learn(marked, original)
    old = frozenset(styles.with_our_fills())
    found = marks(problems)
    changes = [
        _change(book, part, found.get(name, Marks()), styles, old)
        for name, part in book.parts.items()
        if name not in ours and (name in found or ours or old)
    ]
    left_out = [_(NOTES_LEFT_OUT).format(count=MOST_NOTES)] if any(c.is_cut for c in changes) else []
    above = texts_above(file, problems, left_out)
    listing = ProblemList(book.space, styles, above, problems)
    part = put_problem_sheet(book, ours, listing.area)
    streamed = {change.part: change.pieces() for change in changes}
    return package.save(streamed | {part: listing.pieces(), book.styles: _late(styles)})


def _late(styles: Styles) -> Iterator[bytes]:
    """The styles, once all cells have asked for theirs."""
    yield styles.content()


@dataclass
class _Change:
    """One sheet that is changed while it is written."""

    package: Package
    part: str
    patch: Patch
    tail: bytes
    is_cut: bool

    def pieces(self) -> Iterator[bytes]:
        yield from self.patch.pieces(chunks(self.package.open(self.part)))
        yield self.tail


def _change(book: Book, part: str, found: Marks, styles: Styles, old: frozenset[int]) -> _Change:
    around = skeleton(chunks(book.package.open(part)))
    found = found.moved(_first_cells(around, found))
    loudest = sorted(found.notes, key=lambda cell: found.colours[cell] != RED)[:MOST_NOTES]
    tail = _annotate(book, part, around, {cell: found.notes[cell] for cell in loudest}, bool(old))

    def restyle(style: int, colour: str | None) -> int:
        before = styles.without_mark(style) if style in old else style
        return styles.marked(before, colour) if colour else before

    patch = Patch(around, found.by_row(), restyle, old)
    return _Change(book.package, part, patch, tail, len(found.notes) > MOST_NOTES)


def _first_cells(around: Skeleton, found: Marks) -> dict[Cell, Cell]:
    """Marked cells inside merged ranges → the first cell of the range, the only one that is seen."""
    by_row: dict[int, list[int]] = {}
    for row, column in found.colours:
        by_row.setdefault(row, []).append(column)
    places = {}
    for (top, left), (bottom, right) in around.merged:
        inside = range(top, bottom + 1) if bottom - top < len(by_row) else list(by_row)
        for row in inside:
            for column in by_row.get(row, ()):
                if top <= row <= bottom and left <= column <= right:
                    places[row, column] = (top, left)
    return places


def _annotate(book: Book, part: str, around: Skeleton, texts: dict[Cell, str], comes_back: bool) -> bytes:
    """Write the notes of one sheet; gives the end of its XML, which points to them."""
    package = book.package
    relations = package.relations(part)
    comments = next((r.target for r in relations if r.kind.endswith("/comments")), None)
    drawing = next((r.target for r in relations if r.id == around.drawing), None)
    if not texts and not (comes_back and comments):
        return around.tail
    notes = Notes(package.read(comments) if comments else None, book.space)
    notes.add(texts)
    if comments is None:
        comments = package.new_name("xl/comments{n}.xml")
        package.relate(part, f"{book.office}/comments", comments)
        package.declare(comments, COMMENTS_TYPE)
    package.changed[comments] = notes.content()
    return _draw(book, part, around, notes, drawing)


def _draw(book: Book, part: str, around: Skeleton, notes: Notes, drawing: str | None) -> bytes:
    package = book.package
    taken = {
        block
        for name in package.names
        if name.lower().endswith(".vml")
        for block in shape_blocks(package.read(name))
    }
    old = package.read(drawing) if drawing else None
    shapes, _blocks = with_shapes(old, notes, taken)
    if drawing:
        package.changed[drawing] = shapes
        return around.tail
    drawing = package.new_name("xl/drawings/vmlDrawing{n}.vml")
    package.changed[drawing] = shapes
    package.declare_ending("vml", DRAWING_TYPE)
    return with_legacy_drawing(
        around, package.relate(part, f"{book.office}/vmlDrawing", drawing), book.office
    )
