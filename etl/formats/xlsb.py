"""Error cells, merged ranges and extent of .xlsb, from the records of its parts.

A record is its number and its length, both in groups of seven bits, and its content. A cell's content
opens with its column and its style, four bytes each; the row stands in the row record before it.
"""

import struct
from collections.abc import Iterator
from xml.etree import ElementTree

from etl.formats.archive import Archive
from etl.formats.grid import check_extent
from etl.formats.lost import ERROR_TEXTS, Lost
from etl.formats.xlsx import part_name
from etl.limits import TooMuch
from etl.problem_kinds.stop import DECLARES_ENTITIES

ROW, BLANK, CELL_ERROR, FORMULA_ERROR = 0, 1, 3, 11
CELLS = range(2, 12)
"""Cells that hold something, formulas among them."""
MERGED, SHEET = 176, 156


def lost_of_xlsb(archive: Archive) -> dict[str, Lost]:
    """By sheet name; sheets that lose nothing are absent."""
    found = {name: _lost(name, archive.read(part)) for name, part in _sheet_parts(archive) if part in archive}
    return {name: lost for name, lost in found.items() if lost.errors or lost.merged}


def _sheet_parts(archive: Archive) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the part that holds it."""
    relations = archive.read("xl/_rels/workbook.bin.rels")
    if b"<!ENTITY" in relations:
        raise TooMuch(DECLARES_ENTITIES)
    target = {r.get("Id"): r.get("Target", "") for r in ElementTree.fromstring(relations)}
    for number, content in _records(archive.read("xl/workbook.bin")):
        if number == SHEET:
            relation, end = _text(content, 8)
            path = target.get(relation, "")
            yield _text(content, end)[0], part_name(path)


def _text(content: bytes, at: int) -> tuple[str, int]:
    """A text of 16-bit signs after its length, and where it ends."""
    (length,) = struct.unpack_from("<I", content, at)
    end = at + 4 + 2 * length
    return content[at + 4 : end].decode("utf-16-le"), end


def _lost(name: str, content: bytes) -> Lost:
    lost, row, last_row, last_column = Lost(), 0, 0, 0
    for number, record in _records(content):
        if number in CELLS:
            column = int.from_bytes(record[:4], "little")
            last_row, last_column = max(last_row, row), max(last_column, column)
            if number in (CELL_ERROR, FORMULA_ERROR):
                lost.errors[row, column] = ERROR_TEXTS.get(record[8], "#N/A")
        elif number == ROW:
            row = int.from_bytes(record[:4], "little")
        elif number == MERGED:
            top, bottom, left, right = struct.unpack_from("<4I", record)
            lost.merged.append(((top, left), (bottom, right)))
    check_extent(name, last_row, last_column)
    return lost


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(content):
        number, at = _number(content, at, 2)
        length, at = _number(content, at, 4)
        if at + length > len(content):
            raise ValueError("a record ends behind the part")
        yield number, content[at : at + length]
        at += length


def _number(content: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and where it ends."""
    number = 0
    for place in range(most):
        byte = content[at + place]
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return number, at + place + 1
    return number, at + most
