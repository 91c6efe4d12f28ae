"""Empty workbooks with the right headings: an example row, a note on each column, required columns marked."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from etl.headings import Source, source
from etl.sources import READERS
from etl.table import EXAMPLE_MARK
from procurement.language import N_, _

NUMBER_HEADING = "序号"
"""The first column: the example's mark stands there, so that it is never read as data."""

REQUIRED = PatternFill("solid", fgColor="FDE9D9")
OPTIONAL = PatternFill("solid", fgColor="EAF1F8")
EXAMPLE = Font(italic=True, color="808080")
TEXT_FIELDS = ("code", "product_code", "institution_code", "parent_code", "invoice")
"""Columns that are text from the start: Excel then keeps long codes and leading zeros."""

AS_TEXT = "@"
NARROWEST, WIDEST = 10, 34

INSTRUCTIONS = (
    N_("在“{sheet}”工作表的表头下逐行填写；橙色列必填，蓝色列选填，列的顺序可以改变。"),
    N_("第2行是示例，导入时不读取，可以删去。"),
    N_("编码列请保持文本格式，以免丢失前导零或末尾数字。"),
    N_("日期按 2022-03-15 填写；只知月份的写 2022年3月。"),
    N_("金额以元为单位；退货的数量和金额填负数。"),
)


def template(kind: str) -> bytes:
    """The template of a kind of workbook as .xlsx, its sheet named after the kind."""
    known = source(kind)
    book = Workbook()
    sheet = book.active
    sheet.title = known.title
    _write_headings(sheet, known)
    _write_example(sheet, known)
    _write_instructions(book.create_sheet("说明"), known)
    for page in book.worksheets:
        _fit_to_a_page_wide(page)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _fit_to_a_page_wide(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def is_required(known: Source, field: str) -> bool:
    """Whether the column must be there and filled; of 单价 and 金额 one is enough."""
    return known.fields[field].required or (field,) in known.needs


def _write_headings(sheet: Worksheet, known: Source) -> None:
    notes = READERS[known.kind].NOTES
    sheet.append([NUMBER_HEADING, *(known.fields[field].title for field in known.template)])
    for column, field in enumerate(known.template, 2):
        cell = sheet.cell(1, column)
        required = is_required(known, field)
        cell.font, cell.fill = Font(bold=True), REQUIRED if required else OPTIONAL
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        duty = _("必填。") if required else _("选填。")
        cell.comment = Comment(duty + _(notes[field]), "vbp", width=260, height=90)
        sheet.column_dimensions[get_column_letter(column)].width = _width(known, field)
    sheet.column_dimensions["A"].width = NARROWEST
    sheet.freeze_panes = "A2"


def _width(known: Source, field: str) -> int:
    """Wide enough for heading and example; a Chinese sign takes two places."""
    example = str(READERS[known.kind].EXAMPLE.get(field, ""))
    places = max(
        sum(2 if ord(sign) > 255 else 1 for sign in text) for text in (known.fields[field].title, example)
    )
    return min(max(places + 2, NARROWEST), WIDEST)


def _write_example(sheet: Worksheet, known: Source) -> None:
    example = READERS[known.kind].EXAMPLE
    sheet.append([EXAMPLE_MARK, *(example.get(field) for field in known.template)])
    for cell in sheet[2]:
        cell.font = EXAMPLE
    for column, field in enumerate(known.template, 2):
        if field in TEXT_FIELDS:
            sheet.cell(2, column).number_format = AS_TEXT
            sheet.column_dimensions[get_column_letter(column)].number_format = AS_TEXT


def _write_instructions(sheet: Worksheet, known: Source) -> None:
    notes = READERS[known.kind].NOTES
    sheet.append([_("填写说明")])
    for line in INSTRUCTIONS:
        sheet.append([_(line).format(sheet=known.title)])
    sheet.append([])
    sheet.append([_("列"), _("是否必填"), _("说明")])
    for field in known.template:
        duty = _("必填") if is_required(known, field) else _("选填")
        sheet.append([known.fields[field].title, duty, _(notes[field])])
    for cell in (sheet["A1"], *sheet[len(INSTRUCTIONS) + 3]):
        cell.font = Font(bold=True)
    for letter, width in (("A", 22), ("B", 10), ("C", 80)):
        sheet.column_dimensions[letter].width = width
