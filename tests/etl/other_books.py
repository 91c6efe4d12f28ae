"""Workbooks in formats that no library here writes: .xlsb, .ods, SpreadsheetML 2003 and HTML."""

import struct
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from io import BytesIO
from typing import Any

from tests.etl.books import Merge, Rows, drawn

ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
ODS_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="{OFFICE}" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:automatic-styles>
<style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet>"""
ODS_FOOT = "</office:spreadsheet></office:body></office:document-content>"


def zipped(parts: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of parts by name."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", packing) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def ods(*tables: str) -> bytes:
    """An OpenDocument workbook of tables that are written as its XML."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": ODS_HEAD + "".join(tables) + ODS_FOOT,
            "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        }
    )


def ods_table(rows: str | Rows, name: str = "明细", *, hidden: bool = False) -> str:
    style = ' table:style-name="gone"' if hidden else ""
    lines = drawn(rows) if isinstance(rows, str) else rows
    body = "".join(f"<table:table-row>{''.join(map(ods_cell, line))}</table:table-row>" for line in lines)
    return f'<table:table table:name="{name}"{style}>{body}</table:table>'


def ods_cell(cell: Any) -> str:
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell}"/>'
    if isinstance(cell, float):
        return f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'
    if str(cell).startswith("%"):
        share = float(cell[1:]) / 100
        return f'<table:table-cell office:value-type="percentage" office:value="{share!r}"/>'
    if cell in ERRORS:
        return f'<table:table-cell calcext:value-type="error"><text:p>{cell}</text:p></table:table-cell>'
    text = f"<text:p>{escape(str(cell))}</text:p>" if cell != "" else ""
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def office_xml(*sheets: tuple[str, str | Rows, str], encoding: str = "UTF-8") -> bytes:
    """SpreadsheetML 2003 of (name, rows, visibility)."""
    pages = "".join(
        f'<Worksheet ss:Name="{name}"><Table>{"".join(map(_office_row, drawn(rows) if isinstance(rows, str) else rows))}</Table>'
        f'<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>{visible}</Visible></WorksheetOptions></Worksheet>'
        for name, rows, visible in sheets
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="{space}" xmlns:ss="{space}">{pages}</Workbook>'
    return text.encode(encoding)


def _office_row(cells: Iterable[Any]) -> str:
    """Empty cells are left out, as Excel leaves them out."""
    found = [(number, cell) for number, cell in enumerate(cells, 1) if cell != ""]
    return "<Row>" + "".join(_office_cell(number, cell) for number, cell in found) + "</Row>"


def _office_cell(number: int, cell: Any) -> str:
    kind, text = "String", escape(str(cell))
    if isinstance(cell, date):
        kind, text = "DateTime", f"{cell}T00:00:00.000"
    elif isinstance(cell, float):
        kind, text = "Number", repr(cell)
    elif text.startswith("%"):
        kind, text = "Number", repr(float(text[1:]) / 100)
    elif cell in ERRORS:
        kind = "Error"
    return f'<Cell ss:Index="{number}"><Data ss:Type="{kind}">{text}</Data></Cell>'


def html_table(rows: str | Rows) -> str:
    lines = drawn(rows) if isinstance(rows, str) else rows
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_shown(cell))}</td>" for cell in line) + "</tr>" for line in lines
    )
    return f"<table border=1>{body}</table>"


def _shown(cell: Any) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def xlsb(rows: str | Rows, name: str = "明细", merged: Iterable[Merge] = ()) -> bytes:
    """A binary workbook of one sheet, cells in their places."""
    lines = drawn(rows) if isinstance(rows, str) else rows
    return xlsb_of(
        [(r, c, cell) for r, line in enumerate(lines) for c, cell in enumerate(line)], name, merged
    )


def xlsb_of(cells: Iterable[tuple[int, int, Any]], name: str = "明细", merged: Iterable[Merge] = ()) -> bytes:
    """A binary workbook of (row, column, value) in the order of rows."""
    sheet = [_record(129), _record(148, struct.pack("<4I", 0, 0, 0, 0)), _record(145)]
    before = -1
    for row, column, value in cells:
        if row != before:
            sheet.append(_record(0, struct.pack("<I", row) + bytes(13)))
            before = row
        sheet.append(_binary_cell(column, value))
    sheet.append(_record(146))
    sheet += [
        _record(176, struct.pack("<4I", top, bottom, left, right)) for top, left, bottom, right in merged
    ]
    bundle = _record(156, struct.pack("<2I", 0, 1) + _wide("rId1") + _wide(name))
    relation = '<Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.bin"/>'
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": _record(131) + _record(143) + bundle + _record(144) + _record(132),
            "xl/_rels/workbook.bin.rels": f"<Relationships>{relation}</Relationships>",
            "xl/worksheets/sheet1.bin": b"".join(sheet) + _record(130),
        }
    )


def _binary_cell(column: int, value: Any) -> bytes:
    head = struct.pack("<2I", column, 0)
    if value == "":
        return _record(1, head)
    if isinstance(value, float):
        return _record(5, head + struct.pack("<d", value))
    if value in ERRORS:
        return _record(3, head + bytes([ERRORS[value]]))
    if str(value).startswith("=#"):  # a formula with this error saved
        return _record(11, head + bytes([ERRORS[value[1:]], 0, 0]) + bytes(8))
    return _record(6, head + _wide(str(value)))


def _wide(text: str) -> bytes:
    content = text.encode("utf-16-le")
    return struct.pack("<I", len(content) // 2) + content


def _record(number: int, content: bytes = b"") -> bytes:
    return _sevens(number) + _sevens(len(content)) + content


def _sevens(number: int) -> bytes:
    """A number in groups of seven bits, the lowest first."""
    groups = bytearray()
    while True:
        number, group = number >> 7, number & 0x7F
        groups.append(group | (0x80 if number else 0))
        if not number:
            return bytes(groups)
