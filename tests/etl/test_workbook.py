"""Bytes → sheets: the content decides, rows are numbered as Excel numbers them."""

import struct
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from etl.formats import archive
from etl.problems import Problem
from etl.sheets.workbook import Workbook, read_workbook
from tests.etl.books import by_openpyxl, text_table, xls, xlsx
from tests.etl.hostile import changed, parts_of
from tests.etl.other_books import zipped

SHEET = """
                 |         |
                 | 编码     | 单价
                 | A1      | =1/0
                 | A2      | 5.5
                 |         | %70
    @2022-03-15  |         |
"""


def sheets(content: bytes, name: str = "x.xlsx") -> Workbook:
    found = read_workbook(content, name)
    assert isinstance(found, Workbook), found
    return found


def refusal(content: bytes, name: str = "x.xlsx") -> str:
    found = read_workbook(content, name)
    assert isinstance(found, Problem)
    return found.kind.code


def test_rows_and_columns_keep_their_places():
    rows = sheets(xlsx(SHEET)).sheets[0].rows
    assert rows[1] == ["", "编码", "单价"]  # row 2, from column B
    assert rows[2][2] == "#DIV/0!"
    assert rows[4][2] == pytest.approx(0.7)
    assert rows[5][0] == date(2022, 3, 15)


def test_other_programs_and_formats_give_the_same_rows():
    drawing = SHEET.replace("=1/0", "5.6").replace("%70", "7")
    expected = sheets(xlsx(drawing)).sheets[0].rows
    assert sheets(by_openpyxl(drawing)).sheets[0].rows == expected
    assert sheets(xls(drawing)).sheets[0].rows == expected


def test_hidden_sheets_are_named_and_not_read():
    book = sheets(xlsx([["旧"]], [["新"]], names=["旧版", "明细"], hidden=["旧版"]))
    assert [sheet.name for sheet in book.sheets] == ["明细"]
    assert book.hidden == ["旧版"]


def test_merged_ranges_are_known():
    book = xlsx([["a", "b"], ["", "c"]], merged=[(0, 0, 1, 0)])
    assert sheets(book).sheets[0].merged == [((0, 0), (1, 0))]
    assert sheets(xls([["a", "b"], ["", "c"]], merged=[(0, 0, 1, 0)])).sheets[0].merged == [((0, 0), (1, 0))]


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet>
<table:table table:name="明细"><table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>编码</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="5.5"><text:p>5.5</text:p></table:table-cell></table:table-row>
<table:table-row><table:covered-table-cell/><table:table-cell office:value-type="string" office:string-value=""
 calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""


def ods() -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.replace("\n", ""))
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return content.getvalue()


def test_an_ods_keeps_merged_cells_and_errors():
    sheet = sheets(ods()).sheets[0]
    assert sheet.rows[2] == ["编码", 5.5]
    assert sheet.rows[3][1] == "#DIV/0!"
    assert sheet.merged == [((2, 0), (3, 0))]


ROWS = "编码,名称\r\nA1,甲\r\n"


@pytest.mark.parametrize(
    "content",
    [
        ROWS.encode(),
        b"\xef\xbb\xbf" + ROWS.encode(),
        ROWS.encode("gb18030"),
        ROWS.encode("gbk"),
        ROWS.encode("utf-16"),
        b"\xfe\xff" + ROWS.encode("utf-16-be"),
        ROWS.replace(",", "\t").encode(),
        ROWS.replace(",", ";").encode("gbk"),
        '"编码","名称"\n"A1","甲"\n'.encode(),
        '编码,名称\n="A1",甲\n'.encode(),
    ],
)
def test_delimited_text_is_read_in_every_encoding(content):
    for name in ("x.csv", "x.xls"):  # whatever it calls itself
        assert sheets(content, name).sheets[0].rows == [["编码", "名称"], ["A1", "甲"]]


def test_a_comma_inside_quotes_is_no_separator():
    rows = sheets('编码,金额\nA1,"1,234.50"\n'.encode(), "x.csv").sheets[0].rows
    assert rows[1] == ["A1", "1,234.50"]


def test_short_lines_are_filled_up():
    assert sheets("标题\n编码,名称\nA1,甲\n".encode(), "x.csv").sheets[0].rows[0] == ["标题", ""]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\x01\x02", b"PK\x03\x04" + b"0" * 100, bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 1000,
        "只是一句话。".encode(), b"<html><table></table></html>", b"%PDF-1.4 binary \x00", xlsx(SHEET)[:900], xls(SHEET)[:2000],
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_with_a_sentence(content):
    assert refusal(content) == "not-a-workbook"


def test_a_password_is_asked_to_be_taken_off():
    assert (
        refusal(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
        == "password"
    )


def test_a_zip_that_states_too_much_is_not_unpacked(monkeypatch):
    content = xlsx(SHEET)
    with zipfile.ZipFile(BytesIO(content)) as zipped:
        size = sum(member.file_size for member in zipped.infolist())
    monkeypatch.setattr(archive, "megabytes", lambda _: size)
    assert isinstance(read_workbook(content, "x.xlsx"), Workbook)
    monkeypatch.setattr(archive, "megabytes", lambda _: size - 1)
    assert refusal(content) == "too-large"


def test_a_file_beyond_the_limit_is_not_looked_at(monkeypatch):
    monkeypatch.setenv("VBP_LIMIT_FILE_MEGABYTES", "1")
    assert refusal(b"1" * 1_000_000) == "not-a-workbook"
    assert refusal(b"1" * 1_000_001) == "file-too-large"


def test_a_bomb_is_refused_by_the_size_it_states():
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"")
    bomb = bytearray(content.getvalue())
    place = bomb.rindex(b"PK\x01\x02")
    bomb[place + 24 : place + 28] = struct.pack("<I", 2_000_000_000)
    assert refusal(bytes(bomb)) == "too-large"


def test_a_csv_reads_like_the_workbook_it_was_saved_from(tmp_path: Path):
    drawing = "编码 | 数量\nA1 | 10\nA2 | 2.5"
    assert sheets(text_table(drawing).encode(), "x.csv").sheets[0].rows == [
        ["编码", "数量"],
        ["A1", "10"],
        ["A2", "2.5"],
    ]


@pytest.mark.parametrize("target", ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"])
def test_error_cells_are_told_however_the_sheet_is_pointed_to(target):
    book = xlsx("编码 | 单价\nA1 | =1/0")
    book = changed(book, "xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", target)
    assert sheets(book).sheets[0].rows == [["编码", "单价"], ["A1", "#DIV/0!"]]


@pytest.mark.parametrize(
    "turned", [lambda name: name.replace("/", "\\"), lambda name: name.replace("xl/", "XL/")]
)
def test_part_names_with_backslashes_or_capitals_are_found(turned):
    parts = parts_of(xlsx("编码 | 单价\nA1 | =1/0"))
    book = zipped({turned(name): part for name, part in parts.items()})
    assert sheets(book).sheets[0].rows == [["编码", "单价"], ["A1", "#DIV/0!"]]
