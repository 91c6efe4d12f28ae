"""The stream of an Excel 97 workbook inside its OLE container.

A container is a file system of sectors that are chained by a table; a chain that runs in a circle or out
of the file is refused before another parser follows it.
"""

import struct

END = 0xFFFFFFFA
"""Sector numbers from here on are marks: free, end of chain, table."""

_IN_HEADER = 109
_ENTRY = 128


def workbook_stream(content: bytes) -> bytes:
    """The records of the workbook; ValueError where the container holds none or is damaged."""
    return _Container(content).stream("WORKBOOK", "BOOK")


class _Container:
    def __init__(self, content: bytes) -> None:
        self.content = content
        shift, self.mini_shift = struct.unpack_from("<2H", content, 30)
        if shift not in (9, 12) or self.mini_shift != 6:
            raise ValueError("sectors of an unknown size")
        self.size = 1 << shift
        self.directory_start, self.cutoff = struct.unpack_from("<I4xI", content, 48)
        self.mini_start, _count, self.more_tables, self.more_count = struct.unpack_from("<4I", content, 60)
        self.table = self._table()

    def stream(self, *names: str) -> bytes:
        root = b""
        for name, kind, start, size in self._entries():
            if kind == 5:
                root = self._chained(start)
            if name.upper() in names and kind == 2:
                if size >= self.cutoff:
                    return self._chained(start)[:size]
                return self._small(root, start)[:size]
        raise ValueError("no workbook inside")

    def _entries(self) -> list[tuple[str, int, int, int]]:
        directory = self._chained(self.directory_start)
        entries = []
        for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            start, size = struct.unpack_from("<2I", directory, at + 116)
            name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            entries.append((name, kind, start, size))
        return entries

    def _table(self) -> tuple[int, ...]:
        """The number of the sector after each sector."""
        places = list(struct.unpack_from(f"<{_IN_HEADER}I", self.content, 76))
        following, seen = self.more_tables, 0
        while following < END and seen <= self.more_count:
            numbers = struct.unpack(f"<{self.size // 4}I", self._sector(following))
            places += numbers[:-1]
            following, seen = numbers[-1], seen + 1
        table = b"".join(self._sector(place) for place in places if place < END)
        return struct.unpack(f"<{len(table) // 4}I", table)

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self.size
        sector = self.content[at : at + self.size]
        if not sector:
            raise ValueError("a sector behind the end of the file")
        return sector.ljust(self.size, b"\0")

    def _chained(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _chain(start, self.table))

    def _small(self, root: bytes, start: int) -> bytes:
        """A stream below the cut-off lives in sectors of 64 bytes inside the root's own stream."""
        links = self._chained(self.mini_start)
        table = struct.unpack(f"<{len(links) // 4}I", links)
        size = 1 << self.mini_shift
        return b"".join(root[n * size : (n + 1) * size] for n in _chain(start, table))


def _chain(start: int, table: tuple[int, ...]) -> list[int]:
    numbers: list[int] = []
    while start < END:
        if start >= len(table) or len(numbers) > len(table):
            raise ValueError("a chain of sectors without an end")
        numbers.append(start)
        start = table[start]
    return numbers
