"""Marks in any XML that programs write: nothing but the marked cells is touched."""

import re
import shutil
import subprocess
import zipfile
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table

from etl.marked import marked_workbook
from etl.marked.notes import NOTE_MARK
from etl.marked.styles import RED
from etl.problem_kinds.mention import TOKEN_PRICE
from etl.problems import Problem
from tests.etl.books import drawn, xlsx
from tests.etl.marked_books import (
    BUY,
    PIXEL,
    SHEET,
    colours,
    marked,
    notes,
    opened,
    problem,
    rewritten_part,
    saved,
)


def test_only_the_marked_cells_of_the_sheet_change_byte_for_byte():
    content = xlsx(BUY)
    old = zipfile.ZipFile(BytesIO(content)).read(SHEET).decode()
    new = zipfile.ZipFile(BytesIO(marked(content, problem("D2")))).read(SHEET).decode()
    new = re.sub(r'(<c r="D2"[^>]*?) s="\d+"', r"\1", new)
    assert re.sub(r"<legacyDrawing[^>]*>", "", new) == old


def test_a_cell_and_a_row_that_the_sheet_lacks_are_put_in_their_place():
    content = rewritten_part(
        xlsx(BUY),
        SHEET,
        lambda text: re.sub(r'<row r="3".*?</row>', "", re.sub(r'<c r="D4"[^>]*/>', "", text)),
    )
    sheet = opened(marked(content, problem("D4"), problem("B3"), problem("Z2"), problem("C9")))["Sheet1"]
    assert set(colours(sheet)) == {"D4", "B3", "Z2", "C9"}
    assert (sheet["C4"].value, sheet["E4"].value, sheet["F2"].value) == ("A1", "盒", 5.6)


def test_names_with_a_prefix_are_understood():
    def prefixed(text: str) -> str:
        text = re.sub(r"<(/?)(\w)", r"<\1x:\2", text)
        return text.replace("xmlns=", "xmlns:x=")

    content = rewritten_part(xlsx(BUY), SHEET, prefixed)
    sheet = opened(marked(content, problem("D2"), problem("D4")))["Sheet1"]
    assert set(colours(sheet)) == {"D2", "D4"}
    assert sheet["F3"].value == 5.6


def test_rows_and_cells_without_numbers_are_counted():
    content = rewritten_part(xlsx(BUY), SHEET, lambda text: re.sub(r'(<row|<c) r="\w+"', r"\1", text))
    sheet = opened(marked(content, problem("D2"), problem("F3")))["Sheet1"]
    assert set(colours(sheet)) == {"D2", "F3"}
    assert (sheet["D2"].value, sheet["F3"].value) == ("十", 5.6)


def test_inline_strings_and_shared_formulas_stay_what_they_are():
    def inline(text: str) -> str:
        text = re.sub(r'<c r="D2"[^>]*>.*?</c>', '<c r="D2" t="inlineStr"><is><t>a &gt; b</t></is></c>', text)
        shared = '<f t="shared" ref="D3:D4" si="0">1+1</f><v>2</v>'
        return re.sub(r'<c r="D3"[^>]*>.*?</c>', f'<c r="D3">{shared}</c>', text)

    content = rewritten_part(xlsx(BUY), SHEET, inline)
    sheet = opened(marked(content, problem("D2"), problem("D3")))["Sheet1"]
    assert (sheet["D2"].value, sheet["D3"].value) == ("a > b", "=1+1")
    assert set(colours(sheet)) == {"D2", "D3"}


def test_a_problem_inside_a_merged_range_is_shown_at_its_first_cell():
    content = xlsx(BUY, merged=[(1, 2, 3, 2)])
    sheet = opened(marked(content, problem("C4")))["Sheet1"]
    assert set(colours(sheet)) == {"C2"}
    assert set(notes(sheet)) == {"C2"}


def test_notes_of_theirs_stay_and_ours_is_added_below():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    for row in drawn(BUY):
        sheet.append(row)
    sheet["D2"].comment, sheet["A3"].comment = Comment("请药剂科核实", "张三"), Comment("别动", "李四")
    first = opened(marked(saved(book), problem("D2"), problem("D4")))
    found = notes(first["Sheet1"])
    assert found["A3"] == "别动"
    assert found["D2"].startswith("请药剂科核实") and NOTE_MARK in found["D2"]
    assert set(found) == {"A3", "D2", "D4"}
    again = notes(opened(marked(saved(first)))["Sheet1"])
    assert again == {"A3": "别动", "D2": "请药剂科核实"}


def test_tables_and_other_sheets_stay():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    for row in drawn(BUY):
        sheet.append([str(cell) for cell in row])
    sheet.add_table(Table(displayName="T1", ref="A1:F4"))
    book.create_sheet("附表")["B2"] = "=SUM(1,2)"
    content = saved(book)
    result = marked(content, problem("D2"))
    again = opened(result)
    assert list(again["Sheet1"].tables) == ["T1"]
    assert again["附表"]["B2"].value == "=SUM(1,2)"
    old, new = (zipfile.ZipFile(BytesIO(each)) for each in (content, result))
    for part in ("xl/worksheets/sheet2.xml", "xl/tables/table1.xml", "xl/theme/theme1.xml"):
        assert new.read(part) == old.read(part)


def test_a_workbook_in_the_strict_form_is_marked_too():
    def strict(text: str) -> str:
        text = text.replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        return text.replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    content = xlsx(BUY)
    for part in zipfile.ZipFile(BytesIO(content)).namelist():
        content = rewritten_part(content, part, strict)
    result = zipfile.ZipFile(BytesIO(marked(content, problem("D2"))))
    assert re.search(r'<c r="D2"[^>]* s="\d+"', result.read(SHEET).decode())
    relations = result.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
    assert relations.count("purl.oclc.org/ooxml/officeDocument/relationships") == 2


def test_macros_are_kept_and_so_is_the_ending():
    output = BytesIO()
    with zipfile.ZipFile(BytesIO(xlsx(BUY))) as old, zipfile.ZipFile(output, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/vbaProject.bin", b"macro")
    book = marked_workbook(output.getvalue(), "采购.xlsm", [problem("D2")])
    assert book.name == "采购-问题.xlsm"
    assert zipfile.ZipFile(BytesIO(book.content)).read("xl/vbaProject.bin") == b"macro"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, "<row", "<!-- a --><row"),
        (SHEET, 'r="D2"', 'r="D2" s="9999"'),
        ("xl/_rels/workbook.xml.rels", "relationships/styles", "relationships/other"),
    ],
)
def test_a_package_that_cannot_be_patched_is_written_anew(part, old, new):
    content = rewritten_part(xlsx(BUY), part, lambda text: text.replace(old, new, 1))
    result = opened(marked(content, problem("D2")))
    assert colours(result["Sheet1"]) == {"D2": RED}
    assert "没有保留原来的格式" in result["问题"]["A3"].value


def test_a_damaged_file_is_told_to_be_one():
    content = xlsx(BUY)
    for damaged in (content[:400], content[:-400], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        assert isinstance(marked_workbook(damaged, "采购.xlsx", [problem("D2")]), Problem)


def test_a_drawing_of_the_footer_is_not_taken_for_that_of_the_notes():
    output = BytesIO()
    with xlsxwriter.Workbook(output) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["数量", "单价"])
        sheet.set_footer("&L&G", {"image_left": "a.png", "image_data_left": BytesIO(PIXEL)})
        sheet.insert_button("C3", {"caption": "查"})
    content = output.getvalue()
    result = marked(content, problem("A1"), problem("B2"))
    old, new = (zipfile.ZipFile(BytesIO(each)) for each in (content, result))
    drawings = [name for name in old.namelist() if name.endswith(".vml")]
    texts = {name: (old.read(name).decode(), new.read(name).decode()) for name in drawings}
    assert [before == after for before, after in texts.values()].count(True) == 1
    before, after = next(pair for pair in texts.values() if pair[0] != pair[1])
    assert 'ObjectType="Button"' in after and after.count('ObjectType="Note"') == 2
    numbers = re.compile(r'id="(_x0000_s\d+)"')
    taken = {number for was, _ in texts.values() for number in numbers.findall(was)}
    new_numbers = [number for number in numbers.findall(after) if number not in numbers.findall(before)]
    assert len(set(new_numbers)) == 2 and not taken.intersection(new_numbers)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_marks_are_found_again_after_another_program_saved_the_file(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(
        marked(xlsx(BUY), problem("D2"), problem("D4"), problem("F4", TOKEN_PRICE))
    )
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "out"]
    assert subprocess.run([*command, tmp_path / "a.xlsx"], capture_output=True).returncode == 0
    content = (tmp_path / "out" / "a.xlsx").read_bytes()
    assert set(notes(opened(content)["Sheet1"])) == {"D2", "D4", "F4"}
    again = opened(marked(content, problem("D4")))
    assert again.sheetnames == ["Sheet1", "问题"]
    assert colours(again["Sheet1"]) == {"D4": RED}
    assert set(notes(again["Sheet1"])) == {"D4"}
