"""Their own workbook back: what is wrong is marked and told, and can be corrected there."""

from collections.abc import Callable
from datetime import datetime

import openpyxl
import pytest
from openpyxl.styles import PatternFill
from python_calamine import CalamineWorkbook

from etl.importing import Report
from etl.marked import marked_workbook
from etl.marked.notes import AUTHOR, NOTE_MARK
from etl.marked.styles import AMBER, RED
from etl.problem_kinds.mention import TOKEN_PRICE, UNREAD_COLUMN
from etl.problem_kinds.skip import EMPTY_CELL
from etl.recognising import recognise
from tests.etl.books import drawn, text_table, xls, xlsx
from tests.etl.marked_books import BUY, colours, marked, notes, opened, problem, saved
from tests.etl.reading import codes, lines

Load = Callable[..., Report]

# --- What an import found, marked and sent back ----------------------------------------------------


def test_bad_cells_are_red_and_doubtful_ones_amber_with_a_note_each(load: Load):
    content = xlsx(BUY)
    report = load(content)
    sheet = opened(marked(content, *report.problems))["Sheet1"]
    assert colours(sheet) == {"D2": RED, "D4": RED, "F4": AMBER}
    assert "“数量”应为数字，文件中是“十”。请只填数字" in sheet["D2"].comment.text
    assert sheet["D2"].comment.author == AUTHOR
    assert sheet["D4"].value is None
    assert sheet["D4"].comment.text.startswith(NOTE_MARK)


def test_the_file_corrected_in_place_is_read_as_if_nothing_had_been_added(load: Load, city):
    content = xlsx(BUY)
    book = opened(marked(content, *load(content).problems))
    book["Sheet1"]["D2"], book["Sheet1"]["D4"] = 10, 30
    report = load(saved(book))
    assert (report.status, codes(report), report.rows) == ("loaded", ["token-price"], 3)
    assert len(lines(city)) == 3


def test_a_corrected_file_that_comes_back_loses_the_marks_that_are_no_longer_true(load: Load):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    for row in drawn(BUY):
        sheet.append([None if cell == "" else cell for cell in row])
    sheet["D2"].fill, sheet["D2"].number_format = PatternFill("solid", fgColor="FFDDEEFF"), "0.00"
    content = saved(book)
    first = opened(marked(content, *load(content).problems))
    first["Sheet1"]["D2"] = 10
    content = saved(first)
    again = opened(marked(content, *load(content).problems))
    assert again.sheetnames == ["Sheet1", "问题"]
    assert colours(again["Sheet1"]) == {"D4": RED, "F4": AMBER}
    assert set(notes(again["Sheet1"])) == {"D4", "F4"}
    assert all(text.count(NOTE_MARK) == 1 for text in notes(again["Sheet1"]).values())
    back = again["Sheet1"]["D2"]
    assert (back.fill.fgColor.rgb, back.number_format, back.value) == ("FFDDEEFF", "0.00", 10)


# --- The sheet 问题 --------------------------------------------------------------------------------


def listed(content: bytes) -> list[tuple]:
    rows = opened(content)["问题"].iter_rows(min_row=5, max_col=7, values_only=True)
    return list(rows)


def test_the_list_has_every_problem_the_gravest_first_with_a_link_to_its_cell():
    content = xlsx(BUY, names=["三月'明细 "])
    said = [
        problem("F4", TOKEN_PRICE, "三月'明细 ", "0.01"),
        problem("D4", EMPTY_CELL, "三月'明细 "),
        problem("D2", sheet="三月'明细 ", value="十"),
        problem(None, UNREAD_COLUMN, "三月'明细 "),
    ]
    book = opened(marked(content, *said))
    rows = [(row[0], row[2]) for row in listed(saved(book))[1:]]
    assert rows == [("须改正", "D4"), ("须改正", "D2"), ("请核对", "F4"), ("请核对", None)]
    sheet = book["问题"]
    assert sheet["C6"].hyperlink.location == "'三月''明细 '!D4"
    assert sheet.auto_filter.ref == "A5:G9"
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A6", "$5:$5")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)


def test_the_list_is_passed_over_without_a_word():
    known = recognise(("采购.xlsx", marked(xlsx(BUY), problem("D2"))))
    assert [table.sheet for table in known.tables] == ["Sheet1"]
    assert not known.problems and not known.is_part


def test_a_sheet_of_theirs_with_that_name_stays_and_ours_takes_another():
    content = xlsx(BUY, "问题 | 处理\n送货晚 | 已催", names=["Sheet1", "问题"])
    book = opened(marked(content, problem("D2")))
    assert book.sheetnames == ["Sheet1", "问题", "问题 2"]
    assert book["问题"]["A2"].value == "送货晚"
    again = opened(marked(saved(book)))
    assert again.sheetnames == ["Sheet1", "问题", "问题 2"]


@pytest.mark.parametrize("value", ["=1+1", "@SUM(A1)", "-2+3", "\t=1", "＝1+1", ' =HYPERLINK("x")'])
def test_text_that_looks_like_a_formula_is_never_one_in_the_list(value, tmp_path):
    for content, name in ((xlsx(BUY), "a.xlsx"), (text_table(BUY).encode(), "a.csv")):
        sheet = None if name.endswith("csv") else "Sheet1"
        path = tmp_path / "out.xlsx"
        path.write_bytes(marked(content, problem("D2", sheet=sheet, value=value), name=name))
        cell = opened(path.read_bytes())["问题"]["E6"]
        assert (cell.data_type, cell.quotePrefix) == ("s", True)
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name("问题").to_python()
        assert rows[5][4] == value


# --- Formats that cannot be patched ----------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "xls"])
def test_other_formats_come_back_as_values_in_the_same_places(load: Load, ending):
    rows = drawn(BUY)
    rows[2][0] = rows[3][0] = "" if ending == "xls" else "H001"
    content = xls(rows, merged=[(1, 0, 3, 0)]) if ending == "xls" else text_table(rows).encode("gbk")
    report = load(content, name=f"采购.{ending}")
    book = marked_workbook(content, f"采购.{ending}", report.problems)
    assert (book.name, book.is_whole) == ("采购-问题.xlsx", True)
    sheet = opened(book.content).worksheets[0]
    assert colours(sheet) == {"D2": RED, "D4": RED, "F4": AMBER}
    assert sheet["C2"].value == "A1"
    again = load(book.content)
    assert codes(again) == codes(report)
    assert [p.cell for p in again.problems] == [p.cell for p in report.problems]


def test_codes_of_text_files_keep_their_zeros_and_dates_are_dates():
    content = xls("编码 | 日期\n'00123 | @2022-03-15")
    sheet = opened(marked(content, problem("A2"), name="a.xls"))["Sheet1"]
    assert (sheet["A2"].value, sheet["B2"].value) == ("00123", datetime(2022, 3, 15))
    assert sheet["B2"].number_format == "yyyy-mm-dd"


# --- Too large: only the bad rows ------------------------------------------------------------------

STACKED = """
    示例市采购明细 | | | | |
    单位：元 | | | | |
    填报单位：示例市第一医院 | | | | |
    采购日期     | 产品编码 | 数量 | 单位 | 单价 | 金额
    @2022-03-15 | A1     | 十  | 盒   | 5.60 | 56
    @2022-03-16 | A1     | 20 | 盒   | 5.60 | 112
    小计        |        |    |      |      | 168
    填报单位：示例市中医医院 | | | | |
    @2022-03-17 | A1     | 十 | 盒   | 5.60 | 56
    @2022-03-18 | A1     | 40 | 盒   | 5.60 | 224
"""


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VBP_LIMIT_MARKED_MEGABYTES", "0")
    monkeypatch.setenv("VBP_LIMIT_MARKED_CELLS", "10")


def test_of_a_large_file_only_the_bad_rows_come_back_with_what_they_mean(load: Load, small_limits, city):
    content = xlsx(STACKED)
    report = load(content, skip_bad_rows=True)
    assert (report.status, report.rows) == ("loaded", 2)
    part = marked_workbook(content, "采购.xlsx", report.problems)
    assert (part.name, part.is_whole) == ("采购-有误的行.xlsx", False)
    sheet = opened(part.content)["Sheet1"]
    numbers = [row[0].value for row in sheet.iter_rows()]
    assert numbers == [None, None, None, "原行号", 5, None, 9]
    assert colours(sheet) == {"D5": RED, "D7": RED}
    known = recognise(("采购-有误的行.xlsx", part.content))
    assert known.is_part
    book = opened(part.content)
    book["Sheet1"]["D5"], book["Sheet1"]["D7"] = 10, 10
    added = load(saved(book), mode="add")
    assert (added.status, codes(added)) == ("loaded", [])
    assert [(line[0], line[2].isoformat() if hasattr(line[2], "isoformat") else line[2]) for line in lines(city)] == [
        ("H001", "2022-03-15"), ("H001", "2022-03-16"), ("H002", "2022-03-17"), ("H002", "2022-03-18"),
    ]  # fmt: skip
