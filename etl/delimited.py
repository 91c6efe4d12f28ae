"""Delimited text → rows of text cells: the encoding and the separator are found by content."""

import codecs
import csv
from collections import Counter
from io import StringIO
from typing import Any

SEPARATORS = "\t,;"
LINES_LOOKED_AT = 50

csv.field_size_limit(1_000_000)


def read_delimited(content: bytes) -> list[list[Any]] | None:
    """The rows of a text table, or None where the content is no such text."""
    text = _decoded(content)
    if text is None or not text.strip() or text.lstrip().startswith("<"):
        return None
    try:
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=_separator(text)))
    except csv.Error:
        return None
    width = max(map(len, lines))
    if width < 2:
        return None
    return [[_unquoted(cell) for cell in line] + [""] * (width - len(line)) for line in lines]


def _decoded(content: bytes) -> str | None:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _plain_text(content, encoding)
    return _plain_text(content, "utf-8") or _plain_text(content, "gb18030")


def _plain_text(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if any(c < " " and c not in "\t\r\n\f" for c in text[:10_000]) else text


def _separator(text: str) -> str:
    """The separator that cuts most lines into the same number, above one, of cells."""
    head = text.splitlines()[:LINES_LOOKED_AT]

    def fitness(separator: str) -> tuple[int, int]:
        widths = Counter(len(line) for line in csv.reader(head, delimiter=separator))
        widths.pop(1, None)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(SEPARATORS, key=fitness)


def _unquoted(cell: str) -> str:
    """`="00123"`, by which exports keep leading zeros in Excel, is 00123."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else cell
