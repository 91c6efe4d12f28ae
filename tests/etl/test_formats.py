"""Every format gives the same sheet: values, errors, days, merged cells, hidden sheets by name."""

import struct
from datetime import date, datetime
from io import BytesIO

import pytest
import xlwt

from etl.formats.ole import workbook_stream
from etl.problems import Problem
from etl.sheets.workbook import Sheet, Workbook, read_workbook
from tests.etl.books import drawn, text_table, xls, xlsx
from tests.etl.other_books import ERRORS, html_table, ods, ods_table, office_xml, xlsb, xlsb_of

OLE = bytes.fromhex("d0cf11e0a1b11ae1")

DRAWING = """
    编码  | 单价   | 比例  | 备注
    A1   | 5.6   | %6.5 | 甲&乙<丙>
         |       |      |
    A2   | 1234  |      | 丁
"""
ROWS = [
    ["编码", "单价", "比例", "备注"],
    ["A1", 5.6, pytest.approx(0.065), "甲&乙<丙>"],
    ["", "", "", ""],
    ["A2", 1234.0, "", "丁"],
]


def book(content: bytes, name: str = "x.xls") -> Workbook:
    found = read_workbook(content, name)
    assert isinstance(found, Workbook), found
    return found


def sheet(content: bytes) -> Sheet:
    return book(content).sheets[0]


@pytest.mark.parametrize(
    "content",
    [xlsx(DRAWING), ods(ods_table(DRAWING)), office_xml(("明细", DRAWING, "SheetVisible"))],
    ids=["xlsx", "ods", "xml"],
)
def test_a_share_shown_as_per_cent_is_its_number(content):
    assert sheet(content).rows == ROWS


@pytest.mark.parametrize("write", [xls, xlsb], ids=["xls", "xlsb"])
def test_binary_formats_give_the_same_rows(write):
    assert sheet(write(DRAWING.replace("%6.5", "0.065"))).rows == ROWS


def test_html_and_text_give_what_they_show():
    shown = [[f"{cell:g}" if isinstance(cell, float) else cell for cell in row] for row in drawn(DRAWING)]
    assert sheet(html_table(DRAWING).encode()).rows == shown
    assert sheet(text_table(DRAWING, "\t").encode("gbk")).rows == shown


ERROR_ROWS = [["编码", "单价"], *([f"A{number}", error] for number, error in enumerate(ERRORS))]


def error_xls() -> bytes:
    """Errors as values and, in the next column, as what a formula left."""
    made = xlwt.Workbook(encoding="utf-8")
    page = made.add_sheet("明细")
    for number, (code, error) in enumerate(ERROR_ROWS):
        page.write(number, 0, code)
        if number:
            page.row(number).set_cell_error(1, ERRORS[error])
        else:
            page.write(number, 1, error)
    content = BytesIO()
    made.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        error_xls(),
        xlsb(ERROR_ROWS),
        ods(ods_table(ERROR_ROWS)),
        office_xml(("明细", ERROR_ROWS, "SheetVisible")),
    ],
    ids=["xls", "xlsb", "ods", "xml"],
)
def test_error_cells_are_told_in_every_format(content):
    assert sheet(content).rows == ERROR_ROWS


def test_the_error_of_a_formula_is_told_in_a_binary_workbook():
    cells = [(0, 0, "编码"), (0, 1, "单价"), (1, 0, "A1"), (1, 1, "=#DIV/0!"), (2, 0, "A2"), (4, 1, "=#REF!")]
    assert sheet(xlsb_of(cells)).rows == [
        ["编码", "单价"], ["A1", "#DIV/0!"], ["A2", ""], ["", ""], ["", "#REF!"],
    ]  # fmt: skip


def test_the_error_that_a_formula_left_in_an_xls_is_told():
    """xlwt saves 0 with each formula: the value is put in its place in the record."""
    made = xlwt.Workbook()
    page = made.add_sheet("Sheet1")
    page.write(0, 0, "A1")
    page.write(0, 1, xlwt.Formula("1/0"))
    content = BytesIO()
    made.save(content)
    saved = content.getvalue()
    at = next(
        at
        for at in range(len(saved))
        if saved[at : at + 2] == b"\x06\x00" and saved[at + 4 : at + 8] == b"\0\0\1\0" and saved[at + 3] == 0
    )
    broken = saved[: at + 10] + b"\x02\x00\x07\x00\x00\x00\xff\xff" + saved[at + 18 :]
    assert sheet(broken).rows == [["A1", "#DIV/0!"]]


def test_merged_cells_are_known_in_every_format():
    merged = [((1, 0), (2, 0))]
    rows = [["编码", "单价"], ["A1", 1.0], ["", 2.0]]
    assert sheet(xlsb(rows, merged=[(1, 0, 2, 0)])).merged == merged
    page = office_xml(("明细", rows, "SheetVisible")).decode()
    page = page.replace(
        'ss:Index="1"><Data ss:Type="String">A1', 'ss:Index="1" ss:MergeDown="1"><Data ss:Type="String">A1'
    )
    assert sheet(page.encode()).merged == merged
    table = html_table(rows).replace("<td>A1", "<td rowspan=2>A1").replace("<td></td><td>2", "<td>2")
    assert sheet(table.encode()).merged == merged
    assert sheet(table.encode()).rows == [["编码", "单价"], ["A1", "1"], ["", "2"]]


def test_hidden_sheets_of_xml_and_ods_are_named():
    for content in (
        office_xml(
            ("旧版", "旧", "SheetHidden"),
            ("极旧", "旧", "SheetVeryHidden"),
            ("明细", DRAWING, "SheetVisible"),
        ),
        ods(ods_table("旧", "旧版", hidden=True), ods_table("旧", "极旧", hidden=True), ods_table(DRAWING)),
    ):
        found = book(content)
        assert found.hidden == ["旧版", "极旧"]
        assert [page.name for page in found.sheets] == ["明细"]


# SpreadsheetML 2003


def test_xml_rows_and_cells_may_be_left_out():
    page = office_xml(("明细", "甲|乙", "SheetVisible")).decode()
    page = page.replace(
        "</Table>",
        '<Row ss:Index="4"><Cell ss:Index="2"><Data ss:Type="String">丙</Data></Cell><Cell ss:MergeAcross="1"><Data ss:Type="Number">1</Data></Cell><Cell><Data ss:Type="Number">2</Data></Cell></Row></Table>',
    )
    assert sheet(page.encode()).rows[3] == ["", "丙", 1.0, "", 2.0]


def test_a_comment_is_no_cell():
    page = office_xml(("明细", "甲|乙", "SheetVisible")).decode()
    page = page.replace("</Data></Cell>", "</Data><Comment><ss:Data>批注</ss:Data></Comment></Cell>")
    assert sheet(page.encode()).rows == [["甲", "乙"]]


def test_days_of_xml_are_days():
    page = office_xml(("明细", "编码|@2022-03-15", "SheetVisible"))
    assert sheet(page).rows == [["编码", date(2022, 3, 15)]]
    assert sheet(page.replace(b"T00:00", b"T08:30")).rows[0][1] == datetime(2022, 3, 15, 8, 30)


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK", "GB18030", "gb2312", "utf-16"])
def test_xml_is_read_in_the_encoding_that_it_declares(encoding):
    assert sheet(office_xml(("明细", "编码|名称", "SheetVisible"), encoding=encoding)).rows == [
        ["编码", "名称"]
    ]


# ODS


def test_repeated_cells_and_rows_of_ods_stand_where_they_belong():
    table = """<table:table table:name="明细"><table:table-row table:number-rows-repeated="2"><table:table-cell
     table:number-columns-repeated="16384"/></table:table-row><table:table-row><table:table-cell
     table:number-columns-repeated="2"/><table:table-cell office:value-type="float" office:value="7"
     table:number-columns-repeated="3"/><table:table-cell table:number-columns-repeated="16000"/></table:table-row>
     <table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><text:p>甲</text:p>
     </table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1048570"><table:table-cell
     table:number-columns-repeated="16384"/></table:table-row></table:table>"""
    wide = ["", "", 7.0, 7.0, 7.0]
    assert sheet(ods(table)).rows == [
        [""] * 5,
        [""] * 5,
        wide,
        ["甲", "", "", "", ""],
        ["甲", "", "", "", ""],
    ]


def test_text_of_ods_keeps_its_blanks_and_leaves_notes_out():
    cell = """<table:table-cell office:value-type="string"><office:annotation><text:p>批注</text:p></office:annotation>
<text:p>甲<text:s text:c="2"/>乙<text:span>丙</text:span></text:p><text:p>丁</text:p></table:table-cell>"""
    table = f'<table:table table:name="a"><table:table-row>{cell}</table:table-row></table:table>'
    assert sheet(ods(table)).rows[0][0] == "甲  乙丙\n丁"


# HTML

PAGE = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={}"><style>td {{}}</style>
<title>报表</title></head><body><h2>示例市第一医院&nbsp;采购明细</h2><p>单位：万元</p>{}<p>制表人：张三</p></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb2312", "utf-8-sig", "utf-16"])
def test_an_html_table_is_read_with_the_texts_around_it(encoding):
    page = PAGE.format(encoding, html_table("编码|金额\nA1|5")).encode(encoding)
    assert sheet(page).rows == [
        ["示例市第一医院 采购明细", ""], ["单位：万元", ""], ["编码", "金额"], ["A1", "5"], ["制表人：张三", ""],
    ]  # fmt: skip


def test_html_tables_stand_one_after_the_other():
    page = PAGE.format("utf-8", html_table("编码|金额\nA1|5") + html_table("编码|金额\nA2|6"))
    assert [row[0] for row in sheet(page.encode()).rows[2:6]] == ["编码", "A1", "编码", "A2"]


def test_a_table_around_tables_is_only_a_frame():
    inner = html_table("编码|金额\nA1|5")
    page = f"<table><tr><td>标题</td></tr><tr><td>{inner}</td></tr><tr><td>审核人：李四</td></tr></table>"
    assert sheet(page.encode()).rows == [["标题", ""], ["编码", "金额"], ["A1", "5"], ["审核人：李四", ""]]


def test_spans_of_html_keep_the_columns_below_in_place():
    page = """<table><tr><th rowspan=2>编码<th colspan=2>采购情况<th rowspan=2>备注</tr><tr><th>数量<br>（盒）<th>金额</tr>
    <tr><td>A1<td><b>1</b>0<td>5<td></tr></table>"""
    found = sheet(page.encode())
    assert found.rows == [
        ["编码", "采购情况", "", "备注"],
        ["", "数量 （盒）", "金额", ""],
        ["A1", "10", "5", ""],
    ]
    assert found.merged == [((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (1, 3))]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<td x:num="1234.5678">1,234.57</td>', 1234.5678),
        ('<td sdval="0.065">6.5%</td>', 0.065),
        ('<td x:num="123">00123</td>', "00123"),
        ('<td x:num="44635">2022-03-15</td>', "2022-03-15"),
        ('<td x:num="86901234567890">8.69E+13</td>', 86901234567890.0),
        ('<td x:str>5.60</td>', "5.60"),
        ("<td>5.60</td>", "5.60"),
        ("<td> 甲&nbsp;&nbsp;乙\n </td>", "甲 乙"),
        ("<td>&lt;甲&gt;<script>alert(1)</script><!-- 注 --></td>", "<甲>"),
    ],
)  # fmt: skip
def test_an_html_cell_is_what_it_shows_or_the_number_behind(cell, value):
    assert sheet(f"<table><tr><td>a</td>{cell}</tr></table>".encode()).rows == [["a", value]]


def test_html_without_a_table_is_no_workbook():
    found = read_workbook("<html><body>会话已过期，请重新登录</body></html>".encode(), "x.xls")
    assert isinstance(found, Problem)
    assert found.kind.code == "not-a-workbook"


def test_an_et_workbook_is_an_xls_by_its_content():
    assert sheet(xls("编码|单价\nA1|5.5")).rows == [["编码", "单价"], ["A1", 5.5]]


def test_a_small_stream_inside_an_ole_container_is_found():
    """A container drawn by hand: header, table of sectors, directory, table of small sectors, root."""
    stream = bytes(range(100))

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        head = text.ljust(64, b"\0") + struct.pack("<HB", len(text) + 2, kind)
        return head.ljust(116, b"\0") + struct.pack("<2I4x", start, size)

    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    header = OLE + struct.pack("<16x5H6x3I4xI5I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 4096, 2, 1, end, 0, 0)
    header += struct.pack("<108I", *[free] * 108)
    sectors = [
        struct.pack("<128I", table, end, end, end, *[free] * 124),
        entry("Root Entry", 5, 3, 192) + entry("Workbook", 2, 1, 100) + bytes(256),
        struct.pack("<128I", end, 2, end, *[free] * 125),
        bytes(64) + stream.ljust(128, b"\0"),
    ]
    assert len(header) == 512
    assert workbook_stream(header + b"".join(sector.ljust(512, b"\0") for sector in sectors)) == stream
