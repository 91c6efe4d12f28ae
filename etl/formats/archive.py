"""Zipped workbooks: parts are unpacked under a limit, and what a part states of its size is checked."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from etl.limits import MEGABYTE, TooMuch, limit, megabytes
from etl.problem_kinds.stop import TOO_LARGE, TOO_MANY_PARTS

PIECE = 1 << 20
"""Bytes that are unpacked at a time."""

PACKED_PIECE = 1 << 16
_LOCAL_HEADER = 30
"""Bytes of a part's local header before its name; the lengths of name and extra field stand at its end."""


class Archive:
    """The parts of a zipped workbook by name."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
        _check(members)
        self._members = {_plain(member.filename): member for member in members}
        self._unchecked = set(self._members)
        if len(self._members) < len(members):
            # Programs differ in which of two parts of one name they read, so neither could be checked.
            raise zipfile.BadZipFile("two parts of one name")

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._members

    def read(self, name: str) -> bytes:
        return b"".join(self.pieces(name))

    def check_the_rest(self) -> None:
        """Unpack what has not been read yet: a parser that trusts the stated sizes comes after us."""
        for name in list(self._unchecked):
            for _piece in self.pieces(name):
                pass

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part, piece by piece; one that holds more or less than it states is no workbook's."""
        member = self._members[_plain(name)]
        size, checksum = 0, 0
        for piece in self._unpacked(member):
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if size > member.file_size:
                raise zipfile.BadZipFile("a part is larger than it states")
            yield piece
        if size != member.file_size or checksum != member.CRC:
            raise zipfile.BadZipFile("a part is not what it states")
        self._unchecked.discard(_plain(name))

    def _unpacked(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        packed = self._packed(member)
        if member.compress_type == zipfile.ZIP_STORED:
            yield from packed
            return
        if member.compress_type != zipfile.ZIP_DEFLATED or member.flag_bits & 1:
            raise zipfile.BadZipFile("no office program packs so")
        unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
        for rest in packed:
            while rest and not unpacking.eof:
                yield unpacking.decompress(rest, PIECE)
                rest = unpacking.unconsumed_tail
        yield unpacking.flush()

    def _packed(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        header = self._content[member.header_offset : member.header_offset + _LOCAL_HEADER]
        if not header.startswith(b"PK\x03\x04") or len(header) < _LOCAL_HEADER:
            raise zipfile.BadZipFile("no part where one should be")
        name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
        start = member.header_offset + _LOCAL_HEADER + name + extra
        for at in range(start, start + member.compress_size, PACKED_PIECE):
            yield self._content[at : min(at + PACKED_PIECE, start + member.compress_size)]


def _plain(name: str) -> str:
    """Part names know no capitals, and some systems write backslashes."""
    return name.replace("\\", "/").lower()


def _check(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > limit("members"):
        raise TooMuch(TOO_MANY_PARTS, parts=len(members), limit=limit("members"))
    size, most = sum(member.file_size for member in members), megabytes("unpacked_megabytes")
    if size > most:
        raise TooMuch(TOO_LARGE, size=size // MEGABYTE, limit=most // MEGABYTE)
