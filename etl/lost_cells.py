"""What calamine leaves out: error values (it gives an empty cell) and the merged ranges of .ods.

An empty cell and a failed formula must not look alike, so the sheet's XML is searched for errors; it is
parsed only where it holds one. .xls and .xlsb are binary: their error cells stay empty (and an empty
cell of a required column is a problem of its own).
"""

import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from xml.etree import ElementTree

Range = tuple[tuple[int, int], tuple[int, int]]

_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
_ERROR_TEXT = re.compile(r"#[A-Z/0!?]+|Err:\d+")


@dataclass
class Lost:
    """Error texts by (row, column) and merged ranges, counted from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)


def lost_cells(content: bytes) -> dict[str, Lost]:
    """By sheet name; sheets that lose nothing are absent."""
    if not content.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return _of_xlsx(archive, names)
        if "content.xml" in names:
            return _of_ods(archive.read("content.xml"))
    return {}


def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _of_xlsx(archive: zipfile.ZipFile, names: set[str]) -> dict[str, Lost]:
    found = {}
    for sheet, part in _sheet_parts(archive).items():
        content = archive.read(part) if part in names else b""
        if b't="e"' in content:
            found[sheet] = Lost(_errors(content))
    return found


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → the part of the archive that holds it."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = {r.get("Id"): r.get("Target", "") for r in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    parts = {}
    for sheet in book.iterfind(".//{*}sheets/{*}sheet"):
        path = target.get(sheet.get(_OFFICE + "id"), "")
        parts[sheet.get("name", "")] = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    return parts


def _errors(content: bytes) -> dict[tuple[int, int], str]:
    errors = {}
    row = column = -1
    for event, element in ElementTree.iterparse(BytesIO(content), events=("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if tag == "row" and event == "start":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif tag == "c" and event == "start":
            reference = _REFERENCE.fullmatch(element.get("r", ""))
            column = column_number(reference[1]) if reference else column + 1
        elif tag == "c" and element.get("t") == "e":
            errors[row, column] = element.findtext("{*}v") or "#N/A"
        elif tag == "row":
            element.clear()
    return errors


def _of_ods(content: bytes) -> dict[str, Lost]:
    if b"-spanned=" not in content and b'"error"' not in content:
        return {}
    sheets = ElementTree.fromstring(content).iter(f"{_TABLE}table")
    found = {sheet.get(f"{_TABLE}name", ""): _lost_of_ods(sheet) for sheet in sheets}
    return {name: lost for name, lost in found.items() if lost.errors or lost.merged}


def _lost_of_ods(sheet: ElementTree.Element) -> Lost:
    lost, row = Lost(), 0
    for line in sheet.iter(f"{_TABLE}table-row"):
        column = 0
        for cell in line:
            down = int(cell.get(f"{_TABLE}number-rows-spanned", 1)) - 1
            right = int(cell.get(f"{_TABLE}number-columns-spanned", 1)) - 1
            if down or right:
                lost.merged.append(((row, column), (row + down, column + right)))
            if cell.get(f"{_CALC}value-type") == "error":
                text = "".join(cell.itertext()).strip()
                lost.errors[row, column] = text if _ERROR_TEXT.fullmatch(text) else "#N/A"
            column += int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        row += int(line.get(f"{_TABLE}number-rows-repeated", 1))
    return lost
