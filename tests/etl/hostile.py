"""A good workbook of one line, and what is done to it so that it is good no more."""

import zipfile
from io import BytesIO

from tests.etl.books import xlsx
from tests.etl.other_books import zipped

LINES = "机构编码|采购日期|产品编码|数量|单位|单价\nH001|2022-03-15|A1|10|盒|5.6"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SHEET = "xl/worksheets/sheet1.xml"


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a zipped workbook by name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(content: bytes, part: str, old: str, new: str) -> bytes:
    """A zipped workbook with a text of one part replaced."""
    parts = parts_of(content)
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    return zipped(parts)


def with_row(row: str) -> bytes:
    """The good workbook with a row of XML at its end."""
    return changed(xlsx(LINES), SHEET, "</sheetData>", f"{row}</sheetData>")
