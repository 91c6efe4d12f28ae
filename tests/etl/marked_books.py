"""What the tests of marked workbooks ask of them: marks, notes, and packages changed by hand."""

import base64
import re
import zipfile
from collections.abc import Callable
from io import BytesIO

import openpyxl

from etl.marked import marked_workbook
from etl.marked.styles import AMBER, RED
from etl.problem_kinds.skip import NOT_A_NUMBER
from etl.problems import Kind, Problem

BUY = """
    机构编码 | 采购日期     | 产品编码 | 数量 | 单位 | 单价
    H001    | @2022-03-15 | A1     | 十   | 盒   | 5.60
    H001    | @2022-03-16 | A1     | 20  | 盒   | 5.60
    H001    | @2022-03-17 | A1     |     | 盒   | 0.01
"""


def problem(cell: str | None, kind: Kind = NOT_A_NUMBER, sheet: str | None = "Sheet1", value: str = "x"):
    row = int(re.sub(r"\D", "", cell)) if cell else None
    return Problem(kind, "采购.xlsx", sheet, cell, row, "数量", value)


def marked(content: bytes, *problems: Problem, name: str = "采购.xlsx") -> bytes:
    book = marked_workbook(content, name, problems)
    assert not isinstance(book, Problem) and book.is_whole
    return book.content


def opened(content: bytes):
    return openpyxl.load_workbook(BytesIO(content))


def colours(sheet) -> dict[str, str]:
    """Our colours by cell."""
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {c.coordinate: c.fill.fgColor.rgb for c in cells if c.fill.fgColor.rgb in (RED, AMBER)}


def notes(sheet) -> dict[str, str]:
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def saved(book: openpyxl.Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def rewritten_part(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The package with one part changed, as another program would have written it."""
    output = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(output, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()).encode() if name == part else text)
    return output.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
