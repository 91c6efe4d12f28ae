"""Hostile files are refused with a sentence, or read, within the memory and time that limits.toml states.

Each goes through the process that reads foreign files, which may use no more than 500 MB here: that a file
is read, or refused for another reason than memory, shows that it did not need more.
"""

import os
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from etl.reading.process import ReadingProcess
from tests.etl.books import text_table, xls, xlsx
from tests.etl.hostile import LINES, OLE, SHEET, changed, parts_of, with_row
from tests.etl.other_books import html_table, ods, ods_table, office_xml, xlsb_of, zipped

# Sheets that claim to be huge


def test_a_dimension_that_lies_costs_nothing(told):
    dimension = '<dimension ref="A1:F2"/>'
    assert told(changed(xlsx(LINES), SHEET, dimension, '<dimension ref="A1:XFD1048576"/>')) == []
    columns = dimension + '<cols><col min="1" max="1000000" width="9"/></cols>'
    assert told(changed(xlsx(LINES), SHEET, dimension, columns)) == []


def test_formatted_empty_cells_far_out_cost_nothing(told):
    assert told(with_row('<row r="1048576"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"></c></row>')) == []
    assert told(with_row("".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(9, 200_000)))) == []


@pytest.mark.parametrize(
    ("cell", "code", "place"),
    [
        ("XFD1048576", "too-many-columns", "XFD1048576"),
        ("BXY3", "too-many-columns", "BXY3"),
        ("Z1048576", "sheet-too-large", "Z1048576"),
        ("AZ999999", "sheet-too-large", "AZ999999"),
    ],
)
def test_one_cell_far_out_is_named(reader, cell, code, place):
    row = f'<row r="{cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{cell}"><v>1</v></c></row>'
    (problem,) = reader.recognise(("x.xlsx", with_row(row))).problems
    assert problem.kind.code == code
    assert place in problem.message
    assert "Sheet1" in problem.message


def test_a_cell_that_is_not_where_it_says_is_bounded_too(told):
    for cell in ("XFD99999999", "ZZZZZZ1", "A0", "A99999999999999999999"):
        found = told(with_row(f'<row r="9"><c r="{cell}"><v>1</v></c></row>'))
        assert set(found) <= {"not-a-workbook", "sheet-too-large", "too-many-columns", "reading-needs-memory"}
    assert told(with_row("<row r='9'><c r='XFD1048576'><v>1</v></c></row>")) == ["reading-needs-memory"]


def test_a_cell_far_out_in_a_binary_workbook_is_refused(told):
    assert told(xlsb_of([(0, 0, "甲"), (1_048_575, 16_383, 1.0)])) == ["too-many-columns"]
    assert told(xlsb_of([(0, 0, "甲"), (4_000_000_000, 4_000_000_000, 1.0)])) == ["too-many-columns"]


def test_an_xls_with_one_cell_in_its_last_corner_is_refused(told):
    rows = [["甲", "乙"]] + [[]] * 65_534 + [[""] * 255 + ["丙"]]
    assert told(xls(rows)) == ["sheet-too-large"]


CELL = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{}"/>'


@pytest.mark.parametrize(
    ("columns", "rows", "code"),
    [
        (16_384, 1_048_576, "too-many-columns"),
        (100, 10**9, "sheet-too-large"),
        (10**18, 1, "too-many-columns"),
    ],
)
def test_an_ods_of_thousands_of_millions_of_cells_is_refused(told, columns, rows, code):
    table = f'<table:table table:name="a"><table:table-row table:number-rows-repeated="{rows}">{CELL.format(columns)}</table:table-row></table:table>'
    assert len(ods(table)) < 1_500
    assert told(ods(table)) == [code]


def test_an_ods_of_empty_repeats_is_read(told):
    empty = '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="{}"/></table:table-row></table:table>'
    assert told(ods(ods_table(LINES).replace("</table:table>", empty.format(10**12, 10**12)))) == []


def test_an_xml_workbook_that_leaps_far_out_is_refused(told):
    page = office_xml(("明细", LINES, "SheetVisible"))
    assert told(page) == []
    assert told(page.replace(b'ss:Index="6"', b'ss:Index="99999999999"')) == ["too-many-columns"]
    assert told(page.replace(b"<Row>", b'<Row ss:Index="99999999999">')) == ["sheet-too-large"]
    assert told(page.replace(b'ss:Index="6"', b'ss:Index="6" ss:MergeDown="99999999999"')) == []
    assert told(page.replace(b'ss:Index="6"', b'ss:Index="x"')) == ["not-a-workbook"]


def test_spans_of_html_beyond_reason_are_cut(told):
    page = html_table(LINES)
    assert told(page.encode()) == []
    assert told(page.replace("<td>5.6", '<td colspan="999999999" rowspan="999999999">5.6').encode()) == []
    wide = "<table><tr>" + '<td colspan="1000">a</td>' * 5000 + "</tr></table>"
    assert told(wide.encode()) == ["too-many-columns"]


# XML that means harm

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(20)
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY u SYSTEM "file:///etc/hostname">'


def declaring(text: bytes | str, entities: str, use: str, place: str) -> bytes:
    """XML that declares entities behind its first line and uses one at a place."""
    text = text.decode() if isinstance(text, bytes) else text
    head, rest = text.split("?>", 1)
    assert place in rest
    return f"{head}?>{entities}]>{rest.replace(place, f'&{use};', 1)}".encode()


@pytest.mark.parametrize(("entities", "use"), [(LAUGHS, "u"), (OUTSIDE, "u")], ids=["laughs", "outside"])
def test_entities_are_neither_expanded_nor_fetched(told, entities, use):
    assert told(declaring(office_xml(("明细", LINES, "SheetVisible")), entities, use, "盒")) == [
        "declares-entities"
    ]
    book = xlsx(LINES)
    for part, place, expected in (
        ("xl/workbook.xml", "Sheet1", ["declares-entities"]),
        ("xl/_rels/workbook.xml.rels", "theme", ["declares-entities"]),
    ):
        parts = parts_of(book)
        parts[part] = declaring(parts[part], entities, use, place)
        assert told(zipped(parts)) == expected


def test_an_ods_that_declares_entities_is_refused(told):
    parts = parts_of(ods(ods_table(LINES)))
    parts["content.xml"] = declaring(parts["content.xml"], LAUGHS, "u", "盒")
    assert told(zipped(parts)) == ["declares-entities"]


def test_an_entity_among_the_texts_of_an_xlsx_stays_unread(told):
    parts = parts_of(xlsx(LINES))
    parts["xl/sharedStrings.xml"] = declaring(parts["xl/sharedStrings.xml"], LAUGHS, "u", "盒")
    assert set(told(zipped(parts))) <= {"not-a-workbook"}


def test_html_that_declares_entities_or_nests_without_end_is_bounded(told):
    page = OUTSIDE + "]>" + html_table(LINES).replace("盒", "&u;")
    assert "reading-needs-memory" not in told(page.encode())
    for tag in ("<b>", "<div>", "<table><tr><td>"):
        assert told((html_table(LINES) + tag * 200_000).encode()) == ["not-a-workbook"]


# Macros, passwords, damage


def test_a_macro_is_carried_and_never_run(told):
    content = BytesIO(xlsx(LINES))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", OLE + b"Auto_Open")
    assert told(content.getvalue()) == []


def test_a_password_is_told_in_every_format(told):
    parts = parts_of(ods(ods_table(LINES)))
    parts["META-INF/manifest.xml"] = b"<m><encryption-data/></m>"
    parts["content.xml"] = os.urandom(1000)
    assert told(zipped(parts)) == ["password"]
    assert told(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")) == ["password"]
    book = xls(LINES)
    at = book.index(b"\x42\x00\x02\x00")  # the record of the code page gives way to that of a password
    assert told(book[:at] + b"\x2f\x00" + book[at + 2 :]) == ["password"]


@pytest.mark.parametrize("book", [xlsx(LINES), xls(LINES), ods(ods_table(LINES)), xlsb_of([(0, 0, "甲")])])
def test_a_file_that_breaks_off_is_no_workbook(told, book):
    for part in range(1, 10):
        assert told(book[: len(book) * part // 10]) == ["not-a-workbook"]


def test_sectors_of_an_xls_that_run_in_a_circle_are_refused(told):
    book = bytearray(xls([["甲"] * 50] * 100))
    (table,) = struct.unpack_from("<I", book, 76)
    place = (table + 1) * 512
    (first,) = struct.unpack_from("<I", book, place)
    assert first == 1  # the sector after the first one
    for target in (0, 0x0FFFFFFF):
        book[place : place + 4] = struct.pack("<I", target)
        assert told(bytes(book)) == ["not-a-workbook"]


def test_what_is_something_else_under_our_name_is_refused(told):
    for content in (
        zipped({"word/document.xml": "<w:document/>"}),
        b"%PDF-1.7\n" + bytes(range(256)) * 10,
        b"\x89PNG\r\n\x1a\n" + bytes(1000),
        b"MZ" + os.urandom(5000) + bytes(10),
        b"{\\rtf1 \\'b1\\'e0}",
        b"Rar!\x1a\x07\x00" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b'{"a": [1, 2, 3]}',
    ):
        assert told(content) in (["not-a-workbook"], ["not-recognised"]), content[:8]


# Text and size


def test_a_line_of_fifty_megabytes_is_refused(told):
    rows = text_table(LINES)
    assert told((rows + "H" * 50_000_000 + ",1\n").encode()) == ["cell-too-long"]
    assert told((rows + "," * 50_000_000 + "1\n").encode()) == ["too-many-columns"]
    assert told((rows + "," * 900_000).encode()) == []


def test_a_file_of_two_hundred_megabytes_is_not_opened(tmp_path: Path):
    path = tmp_path / "大.xlsx"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with ReadingProcess() as process:
        (problem,) = process.recognise(path).problems
        assert (problem.kind.code, problem.params) == ("file-too-large", {"size": 200, "limit": 100})
        assert process._child is None  # nothing was started for it


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device")
def test_a_device_and_a_folder_are_no_files(reader, tmp_path: Path):
    for path in (Path("/dev/zero"), tmp_path):
        assert [p.kind.code for p in reader.recognise(path).problems] == ["file-not-found"]
