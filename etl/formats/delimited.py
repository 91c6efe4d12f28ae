"""Delimited text → rows of text cells: the encoding and the separator are found by content."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO, TextIOWrapper
from typing import Any

from etl.formats.grid import check_extent
from etl.formats.texts import decoded
from etl.limits import TooMuch, limit
from etl.problem_kinds.stop import CELL_TOO_LONG, UNCLOSED_QUOTE

SEPARATORS = "\t,;"
LINES_LOOKED_AT = 50
SIGNS_LOOKED_AT = 100_000


def read_delimited(content: bytes) -> list[list[Any]] | None:
    """The rows of a text table, or None where the content is no such text."""
    found = decoded(content)
    if found is None:
        return None
    encoding, text = found
    separator = _separator(text[:SIGNS_LOOKED_AT])
    if not text.strip() or separator is None:
        return None
    del text  # a file of 100 MB is read without a second copy beside its rows
    return _padded(_rows(content, encoding, separator))


def _separator(head: str) -> str | None:
    """The separator that cuts most lines into the same number, above one, of cells."""
    lines = head.splitlines()[:LINES_LOOKED_AT]
    fits = {separator: _fitness(lines, separator) for separator in SEPARATORS}
    best = max(fits, key=lambda separator: fits[separator])
    return best if fits[best] > (0, 0) else None


def _fitness(lines: list[str], separator: str) -> tuple[int, int]:
    try:
        widths = Counter(len(line) for line in csv.reader(lines, delimiter=separator))
    except csv.Error:
        widths = Counter(line.count(separator) + 1 for line in lines)
    widths.pop(1, None)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _rows(content: bytes, encoding: str, separator: str) -> list[list[str]]:
    try:
        return list(_parsed(content, encoding, separator, strict=True))
    except csv.Error:
        # Quotation marks inside a name are no harm, unless a cell then swallows the rows below it.
        rows = list(_parsed(content, encoding, separator, strict=False))
    for number, row in enumerate(rows, 1):
        if any("\n" in cell for cell in row):
            raise TooMuch(UNCLOSED_QUOTE, row=number)
    return rows


def _parsed(content: bytes, encoding: str, separator: str, *, strict: bool) -> Iterator[list[str]]:
    lines = TextIOWrapper(BytesIO(content), encoding, newline="")
    csv.field_size_limit(limit("cell_characters"))
    reader = csv.reader(_bearable(lines, separator), delimiter=separator, strict=strict)
    same: dict[str, str] = {}
    try:
        for row in reader:
            # Most texts are there many times: kept once each.
            yield [same.setdefault(cell, cell) for cell in map(_unquoted, row)]
    except csv.Error as error:
        if "field larger" in str(error):
            raise TooMuch(CELL_TOO_LONG, row=reader.line_num, limit=limit("cell_characters")) from None
        raise


def _bearable(lines: Iterable[str], separator: str) -> Iterator[str]:
    """Refuse a line of separators without end before it is cut into as many cells."""
    most = limit("cell_characters")
    for number, line in enumerate(lines, 1):
        if len(line) > most and line.count(separator) > most:
            check_extent("", number - 1, line.count(separator))
        yield line


def _padded(rows: list[list[str]]) -> list[list[Any]] | None:
    """All rows up to the last that is not empty, filled up to one width; None for a single column."""
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((_filled(row) for row in rows), default=0)
    if width < 2:
        return None
    check_extent("", len(rows) - 1, width - 1)
    return [row[:width] + [""] * (width - len(row)) for row in rows]


def _filled(row: list[str]) -> int:
    """Cells up to the last that is not empty."""
    return next((number for number in range(len(row), 0, -1) if row[number - 1]), 0)


def _unquoted(cell: str) -> str:
    """`="00123"`, by which exports keep leading zeros in Excel, is 00123."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else cell
