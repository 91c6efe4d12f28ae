"""The rows of a sheet, changed in passing: only the style numbers of marked cells, all else byte for byte.

A marked cell that the XML does not have is put in where it belongs, with the style of its row or column.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from etl.formats.grid import column_letters, column_number
from etl.marked.sheet_xml import Skeleton, attribute, blocks

Restyle = Callable[[int, str | None], int]
"""A cell's style and the colour of its mark, or none → its new style."""


@dataclass
class Patch:
    """What to do with the rows of one sheet: `wanted` holds the colour of each marked cell by row and column.

    `old` are styles that were marks of ours in a file that comes back: such cells are looked at too.
    """

    around: Skeleton
    wanted: Mapping[int, Mapping[int, str]]
    restyle: Restyle
    old: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        name = self.around.prefix
        self._row = re.compile(rb"<" + name + rb"""row(?=[\s/>])(?:[^>]*?\sr\s*=\s*["'](\d+))?[^>]*>""")
        self._cell = re.compile(rb"<" + name + rb"""c(?=[\s/>])(?:[^>]*?\sr\s*=\s*["']([A-Z]+))?[^>]*>""")
        numbers = b"|".join(str(number).encode() for number in sorted(self.old))
        self._marks = re.compile(rb"""\ss\s*=\s*["'](?:""" + numbers + rb""")["']""") if self.old else None

    def pieces(self, source: Iterable[bytes]) -> Iterator[bytes]:
        """The changed sheet from its head to the last row; the caller adds the tail."""
        yield self.around.head
        waiting = sorted(self.wanted, reverse=True)
        number = 0
        for block in blocks(source)[1]:
            place = 0
            for start, end, stated, is_old in self._rows(block):
                number = stated or number + 1
                missing = _popped(waiting, number)
                if not (missing or is_old or number in self.wanted):
                    continue
                yield block[place:start]
                yield from map(self._new_row, missing)
                yield self._changed_row(block[start:end], number)
                place = end
            yield block[place:]
        yield from map(self._new_row, reversed(waiting))

    def _rows(self, block: bytes) -> Iterator[tuple[int, int, int, bool]]:
        """Start, end and stated number (or 0) of each row, and whether it has an old mark of ours."""
        found = [(tag.start(), int(tag[1] or 0)) for tag in self._row.finditer(block)]
        starts = [start for start, _ in found]
        hits = self._marks.finditer(block) if self._marks else ()
        marked = {bisect_right(starts, hit.start()) - 1 for hit in hits}
        for at, ((start, stated), end) in enumerate(zip(found, [*starts[1:], len(block)], strict=True)):
            yield start, end, stated, at in marked

    def _new_row(self, number: int) -> bytes:
        name = self.around.prefix
        cells = b"".join(self._new_cell(number, column, None) for column in sorted(self.wanted[number]))
        return b'<%srow r="%d">%s</%srow>' % (name, number, cells, name)

    def _new_cell(self, number: int, column: int, row_style: int | None) -> bytes:
        style = self.around.column_style(column) if row_style is None else row_style
        style = self.restyle(style, self.wanted[number][column])
        place = f"{column_letters(column)}{number}".encode()
        return b'<%sc r="%s" s="%d"/>' % (self.around.prefix, place, style)

    def _changed_row(self, row: bytes, number: int) -> bytes:
        """The row with its marked cells in new styles; what it lacks is put in."""
        wanted = dict(self.wanted.get(number, {}))
        opened = row.index(b">") + 1
        start, cells = row[:opened], row[opened:]
        row_style = _row_style(start)
        done, place, column = [], 0, -1
        for tag in self._cell.finditer(cells):
            column = _number_of(tag[1]) if tag[1] else column + 1
            if not self.old and not wanted:
                break
            done.append(cells[place : tag.start()])
            place = tag.end()
            for missing in sorted(c for c in wanted if c < column):
                done.append(self._new_cell(number, missing, row_style))
                del wanted[missing]
            done.append(self._restyled(tag[0], wanted.pop(column, None)))
        rest = cells[place:]
        if not wanted:
            return b"".join([start, *done, rest])
        return self._with_more(start, b"".join(done), rest, number, sorted(wanted), row_style)

    def _with_more(
        self, start: bytes, done: bytes, rest: bytes, number: int, columns: list[int], row_style: int | None
    ) -> bytes:
        """Cells after the last one; the hint that says how far the row goes is no longer true."""
        start = re.sub(rb"""\sspans\s*=\s*(?:"[^"]*"|'[^']*')""", b"", start)
        more = b"".join(self._new_cell(number, column, row_style) for column in columns)
        closing = b"</" + self.around.prefix + b"row>"
        if start.endswith(b"/>"):
            return start[:-2] + b">" + more + closing + rest
        end = rest.index(closing)
        return start + done + rest[:end] + more + rest[end:]

    def _restyled(self, tag: bytes, colour: str | None) -> bytes:
        if not colour and not self.old:
            return tag
        stated = attribute(tag, b"s")
        style = int(stated or 0)
        new = self.restyle(style, colour) if colour or style in self.old else style
        if new == style:
            return tag
        if stated is not None:
            return re.sub(rb"""(\ss\s*=\s*)(?:"\d+"|'\d+')""", rb'\g<1>"%d"' % new, tag, count=1)
        end = -2 if tag.endswith(b"/>") else -1
        return tag[:end].rstrip() + b' s="%d"' % new + tag[end:]


def _popped(waiting: list[int], number: int) -> list[int]:
    """Wanted rows before `number`, which the sheet lacks; `number` itself is no longer waited for."""
    missing = []
    while waiting and waiting[-1] <= number:
        row = waiting.pop()
        missing += [row] if row < number else []
    return missing


def _row_style(tag: bytes) -> int | None:
    """The style of cells that the row lacks, where it has one of its own."""
    if attribute(tag, b"customFormat") in (b"1", b"true"):
        return int(attribute(tag, b"s") or 0)
    return None


@cache
def _number_of(letters: bytes) -> int:
    return column_number(letters.decode())
