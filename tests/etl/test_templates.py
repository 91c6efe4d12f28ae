"""The templates: right headings, an example that is never loaded, notes that say what is expected."""

from io import BytesIO

import openpyxl
import pytest

from etl.headings import KINDS, source
from etl.importing import import_files, recognise
from etl.problems import Loudness
from etl.sources import READERS
from etl.templates import EXAMPLE_MARK, template


def sheet_of(kind: str):
    return openpyxl.load_workbook(BytesIO(template(kind)))[source(kind).title]


@pytest.mark.parametrize("kind", KINDS)
def test_an_untouched_template_is_recognised_and_loads_nothing(city, kind):
    report = import_files(city, [("模板.xlsx", template(kind))])[0]
    assert (report.kind, report.status, report.rows) == (kind, "problems", 0)
    assert [problem.kind.code for problem in report.problems] == ["example-row", "no-rows"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_heading_is_read_and_has_a_note(kind):
    headings = [cell for cell in sheet_of(kind)[1] if cell.column > 1]
    assert [cell.value for cell in headings] == [
        source(kind).fields[field].title for field in source(kind).template
    ]
    assert all(len(cell.comment.text) > 5 for cell in headings)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_is_a_row_that_could_be_read(city, kind):
    """With the mark taken away only the register's codes and names are missing."""
    book = openpyxl.load_workbook(BytesIO(template(kind)))
    sheet = book[source(kind).title]
    assert sheet["A2"].value == EXAMPLE_MARK
    sheet["A2"].value = 1
    content = BytesIO()
    book.save(content)
    report = import_files(city, [("模板.xlsx", content.getvalue())])[0]
    unreadable = {p.kind.code for p in report.problems if p.kind.loudness is not Loudness.MENTION}
    assert unreadable <= {"unknown-institution", "unknown-batch"}
    assert report.rows == 1


def test_code_columns_are_text():
    sheet = sheet_of("purchases")
    column = next(cell.column_letter for cell in sheet[1] if cell.value == "产品编码")
    assert sheet.column_dimensions[column].number_format == "@"


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_sheet_explains_every_column(kind):
    rows = list(openpyxl.load_workbook(BytesIO(template(kind)))["说明"].iter_rows(values_only=True))
    explained = {row[0]: row[1] for row in rows if row[1]}
    for field in source(kind).template:
        assert source(kind).fields[field].title in explained
    assert any(duty == "必填" for duty in explained.values())


def test_a_filled_template_is_read_whole(city):
    book = openpyxl.load_workbook(BytesIO(template("purchases")))
    sheet = book["采购记录"]
    values = READERS["purchases"].EXAMPLE | {
        "institution_code": "H001",
        "institution_name": "示例市第一医院",
        "product_code": "A1",
    }
    sheet.append([1, *(values.get(field) for field in source("purchases").template)])
    content = BytesIO()
    book.save(content)
    report = import_files(city, [("三月.xlsx", content.getvalue())])[0]
    assert (report.status, report.rows, report.amount) == ("loaded", 1, 5_600_000)
    assert recognise(("三月.xlsx", content.getvalue())).kind == "purchases"
