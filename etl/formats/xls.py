"""Error cells and extent of .xls and older .et, from the records of their workbook stream.

A record is its number and its length, two bytes each, and its content; a cell's content opens with row
and column, two bytes each. A formula's record holds the value that was saved with it.
"""

import struct
from collections.abc import Iterator

from etl.formats.grid import check_extent
from etl.formats.lost import ERROR_TEXTS, Lost
from etl.formats.ole import workbook_stream
from etl.limits import TooMuch
from etl.problem_kinds.stop import PASSWORD

BEGIN, END, SHEET, ENCRYPTED = 0x0809, 0x000A, 0x0085, 0x002F
FORMULA, BOOL_OR_ERROR, SEVERAL = 0x0006, 0x0205, 0x00BD
CELLS = {FORMULA, BOOL_OR_ERROR, SEVERAL, 0x0203, 0x0204, 0x00FD, 0x027E, 0x00D6}
"""Cells that hold something; SEVERAL are numbers in a row, from a first column to a last."""

IS_ERROR = 2
"""First byte of a formula's value that is no number; the code of the error is its third byte."""


def lost_of_xls(content: bytes) -> list[Lost]:
    """In the order of the sheets."""
    stream = workbook_stream(content)
    sheets = []
    for number, record in _records(stream, 0):
        if number == ENCRYPTED:
            raise TooMuch(PASSWORD)
        if number == SHEET:
            sheets.append((_name(record), int.from_bytes(record[:4], "little")))
    return [_lost(stream, name, start) for name, start in sheets]


def _name(record: bytes) -> str:
    """A sheet's name for people: 16-bit signs, or the lower halves of such; older files are not decoded."""
    length, is_wide = record[6], record[7] & 1
    return (
        record[8 : 8 + 2 * length].decode("utf-16-le") if is_wide else record[8 : 8 + length].decode("latin1")
    )


def _lost(stream: bytes, name: str, start: int) -> Lost:
    lost, last_row, last_column = Lost(), 0, 0
    for number, record in _records(stream, start):
        if number not in CELLS:
            continue
        row, column = struct.unpack_from("<2H", record)
        end = int.from_bytes(record[-2:], "little") if number == SEVERAL else column
        last_row, last_column = max(last_row, row), max(last_column, end)
        if (code := _error(number, record)) is not None:
            lost.errors[row, column] = ERROR_TEXTS.get(code, "#N/A")
    check_extent(name, last_row, last_column)
    return lost


def _error(number: int, record: bytes) -> int | None:
    if number == BOOL_OR_ERROR:
        return record[6] if record[7] else None
    if number == FORMULA and record[12:14] == b"\xff\xff" and record[6] == IS_ERROR:
        return record[8]
    return None


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, without those of charts inside."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        number, length = struct.unpack_from("<2H", stream, at)
        record = stream[at + 4 : at + 4 + length]
        at += 4 + length
        depth += (number == BEGIN) - (number == END)
        if depth <= 0:
            return
        if depth == 1:
            yield number, record
