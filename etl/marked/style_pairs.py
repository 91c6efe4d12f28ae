"""From the sheet 问题 of a file that comes back: which style each mark was made from."""

from collections.abc import Iterator
from typing import IO

from etl.formats.grid import column_number
from etl.marked.parts import chunks
from etl.marked.sheet_xml import attribute, blocks, cell_tags


def style_pairs(part: IO[bytes], columns: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Numbers of the original and the marked style, as the program that saved the file counts them."""
    original: int | None = None
    prefix, pieces = blocks(chunks(part))
    for block in pieces:
        for tag in cell_tags(block, prefix):
            letters = (attribute(tag, b"r") or b"").rstrip(b"0123456789").decode()
            column, style = column_number(letters), int(attribute(tag, b"s") or 0)
            if column == columns[0]:
                original = style
            elif column == columns[1] and original is not None:
                yield original, style
                original = None
