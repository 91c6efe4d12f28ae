"""Archives that unpack to more than they state, hold too many parts, or point to one part many times."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest

from tests.etl.books import xlsx
from tests.etl.hostile import LINES, SHEET, changed, with_row
from tests.etl.other_books import zipped


def bomb(megabytes: int) -> bytes:
    """The sheet of an .xlsx that unpacks to so much."""
    return with_row(f"<row r='9'>{' ' * megabytes * 1_000_000}</row>")


def test_a_bomb_is_refused_by_the_size_it_states(told):
    assert told(bomb(301)) == ["too-large"]


def test_many_bombs_are_counted_together(told):
    content = BytesIO(bomb(1))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"xl/media/image{number}.png", bytes(99_000_000))
    assert told(content.getvalue()) == ["too-large"]


def lying(content: bytes, part: str, kept: int) -> bytes:
    """The archive with a part that states `kept` bytes, with their right checksum, and holds more."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        checksum = zlib.crc32(archive.read(part)[:kept])
    lie = bytearray(content)
    name = part.encode()
    for mark, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = next(
            at for at in range(len(lie)) if lie.startswith(mark, at) and lie.startswith(name, at + name_at)
        )
        lie[at + size_at : at + size_at + 4] = struct.pack("<I", kept)
        lie[at + size_at - 8 : at + size_at - 4] = struct.pack("<I", checksum)
    return bytes(lie)


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "docProps/app.xml", "xl/styles.xml"])
def test_a_part_that_lies_about_its_size_is_refused(told, part):
    assert told(lying(xlsx(LINES), part, 100)) == ["not-a-workbook"]


def test_a_lying_bomb_is_not_unpacked_to_its_end(told):
    assert told(lying(bomb(50), SHEET, 1000)) == ["not-a-workbook"]


def test_parts_that_overlap_are_counted_each(told):
    """Two thousand entries of the archive's list that all point to one part of 10 MB."""
    content = bytearray(zipped({"xl/workbook.xml": bytes(10_000_000)}))
    start = content.index(b"PK\x01\x02")
    entry, end = content[start : content.index(b"PK\x05\x06")], content[content.index(b"PK\x05\x06") :]
    entries = b"".join(entry[:46] + f"xl/workboo{n:04}k"[-15:].encode() + entry[61:] for n in range(1900))
    end[8:12] = struct.pack("<2H", 1900, 1900)
    end[12:16] = struct.pack("<I", len(entries))
    assert told(bytes(content[:start] + entries + end)) == ["too-large"]


def test_an_archive_inside_is_not_opened(told):
    assert told(changed(xlsx(LINES), "docProps/app.xml", "Microsoft Excel", "x")) == []
    inner = zipped({"a": bytes(50_000_000)})
    content = BytesIO(xlsx(LINES))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/embeddings/a.zip", inner)
    assert told(content.getvalue()) == []


def test_two_parts_of_one_name_are_refused(told):
    content = BytesIO(xlsx(LINES))
    with zipfile.ZipFile(content, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<worksheet/>")
    assert told(content.getvalue()) == ["not-a-workbook"]


def test_too_many_parts_are_refused(told):
    assert told(zipped({f"xl/{number}": b"" for number in range(2001)})) == ["too-many-parts"]
