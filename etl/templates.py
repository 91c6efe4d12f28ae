"""Workbooks to be filled in: the right headings, a note on each column, required columns marked.

For one institution they are prefilled with its own products, or with the batches and varieties that it
agrees on (etl.template_rows); otherwise an example shows how a row is filled in.
"""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Connection

from etl.headings import Source, source
from etl.sheets.data_rows import EXAMPLE_MARK
from etl.sheets.pending_rows import PENDING_MARK, PREFILLED
from etl.sources import READERS
from etl.template_lists import DATES, add_products, add_rules, add_varieties, put_texts
from etl.template_rows import institution_of, own_products, own_varieties
from etl.template_version import version_mark
from procurement.language import N_, _

__all__ = ["PREFILLED", "is_required", "template"]

NUMBER_HEADING = "序号"
"""The first column: the example's mark stands there, so that it is never read as data."""

REQUIRED = PatternFill("solid", fgColor="FDE9D9")
OPTIONAL = PatternFill("solid", fgColor="EAF1F8")
EXAMPLE = Font(italic=True, color="808080")
TEXT_FIELDS = ("code", "product_code", "institution_code", "parent_code", "invoice")
"""Columns that are text from the start: Excel then keeps long codes and leading zeros."""

AS_TEXT, AS_DATE = "@", "yyyy-mm-dd"
REFERENCE_HEADING = "中选价"
"""Beside the unit of a prefilled product: for comparison, the importer does not read it."""

MORE_ROWS = 20
"""Rows below the prefilled ones that name the institution and nothing else."""

NARROWEST, WIDEST = 10, 34

INSTRUCTIONS = (
    N_("在“{sheet}”工作表的表头下逐行填写；橙色列必填，蓝色列选填，列的顺序可以改变。"),
    N_("编码列请保持文本格式，以免丢失前导零或末尾数字。"),
    N_("日期按 2022-03-15 填写；只知月份的写 2022年3月。"),
    N_("金额以元为单位；退货的数量和金额填负数。"),
)
ABOUT_EXAMPLE = N_("第2行是示例，导入时不读取，可以删去。")
ABOUT_PREFILLED = N_(
    "“待填”的行已写好机构和产品（或批次、品种），请填其余各列；没有填数的行导入时略过，可以留着。"
    "同一产品有几笔的，请复制该行；清单以外的产品填在后面的行。"
)
ABOUT_VERSION = N_("模板版本（请勿改动）：{mark}")


def template(kind: str, institution: str | None = None, connection: Connection | None = None) -> bytes:
    """The template of a kind of workbook as .xlsx, its sheet named after the kind.

    With the code of an institution and the ledger it holds that institution's rows to be filled in;
    LookupError where the register does not know it. Kinds that are not prefilled stay as they are.
    """
    known = source(kind)
    book = Workbook()
    sheet = book.active
    sheet.title = known.title
    is_prefilled = institution is not None and connection is not None and kind in PREFILLED
    columns = _write_headings(sheet, known, is_prefilled)
    lists: dict[str, str] = {}
    if is_prefilled and institution is not None and connection is not None:
        rows, lists = _own_rows(book, known, connection, institution)
        _write_rows(sheet, columns, rows)
    else:
        _write_example(sheet, known)
    _format_columns(sheet, columns)
    add_rules(sheet, known, {name: at for name, at in columns.items() if name in known.fields}, lists)
    _write_instructions(book.create_sheet("说明"), known, is_prefilled)
    for page in book.worksheets:
        _fit_to_a_page_wide(page)
        if page.freeze_panes:
            page.print_title_rows = "1:1"
    content = BytesIO()
    book.save(content)
    return content.getvalue()


Texts = dict[str, str]


def _own_rows(
    book: Workbook, known: Source, connection: Connection, institution: str
) -> tuple[list[Texts], dict[str, str]]:
    """The texts of each prefilled row by column, and the lists to choose from."""
    own = institution_of(connection, institution)
    whose = {"institution_code": own.code, "institution_name": own.name}
    if known.kind == "purchases":
        products = own_products(connection, own.id)
        rows = [vars(product) | {REFERENCE_HEADING: product.awarded} for product in products]
        lists = add_products(book, products)
    else:
        varieties = own_varieties(connection, own.id)
        rows, lists = [dict(vars(variety)) for variety in varieties], add_varieties(book, varieties)
    return [*(whose | row for row in rows), *([whose] * MORE_ROWS)], lists


def _write_rows(sheet: Worksheet, columns: dict[str, int], rows: list[Texts]) -> None:
    for number, row in enumerate(rows, 2):
        sheet.cell(number, 1, PENDING_MARK).font = EXAMPLE
        for name, column in columns.items():
            put_texts(sheet, number, [row.get(name, "")], column)
            if name == REFERENCE_HEADING:
                sheet.cell(number, column).font = EXAMPLE
    for name, column in columns.items():
        letter = get_column_letter(column)
        widest = max((places(row.get(name, "")) for row in rows), default=0) + 2
        sheet.column_dimensions[letter].width = max(
            sheet.column_dimensions[letter].width, min(widest, WIDEST)
        )


def _format_columns(sheet: Worksheet, columns: dict[str, int]) -> None:
    """The form of cells that are filled in later, of the column and of the rows that are there."""
    forms = dict.fromkeys(TEXT_FIELDS, AS_TEXT) | dict.fromkeys(DATES, AS_DATE)
    for name, column in columns.items():
        if name not in forms:
            continue
        sheet.column_dimensions[get_column_letter(column)].number_format = forms[name]
        for number in range(2, sheet.max_row + 1):
            if sheet.cell(number, column).value is None or name in TEXT_FIELDS:
                sheet.cell(number, column).number_format = forms[name]


def _fit_to_a_page_wide(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def is_required(known: Source, field: str) -> bool:
    """Whether the column must be there and filled; of 单价 and 金额 one is enough."""
    about = known.fields[field]
    return about.required or about.asked or (field,) in known.needs


def _write_headings(sheet: Worksheet, known: Source, is_prefilled: bool) -> dict[str, int]:
    """The first row; gives the number of each column by its field."""
    columns: dict[str, int] = {}
    sheet.cell(1, 1, NUMBER_HEADING).font = Font(bold=True)
    for field in known.template:
        columns[field] = len(columns) + 2
        _write_heading(sheet, known, field, columns[field])
        if is_prefilled and known.kind == "purchases" and field == "unit":
            columns[REFERENCE_HEADING] = len(columns) + 2
            _write_reference(sheet, columns[REFERENCE_HEADING])
    sheet.column_dimensions["A"].width = NARROWEST
    sheet.freeze_panes = "A2"
    return columns


def _write_heading(sheet: Worksheet, known: Source, field: str, column: int) -> None:
    cell = sheet.cell(1, column, known.fields[field].title)
    required = is_required(known, field)
    cell.font, cell.fill = Font(bold=True), REQUIRED if required else OPTIONAL
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    duty = _("必填。") if required else _("选填。")
    note = duty + _(READERS[known.kind].NOTES[field])
    cell.comment = Comment(note, "vbp", width=260, height=90)
    sheet.column_dimensions[get_column_letter(column)].width = _width(known, field)


def _write_reference(sheet: Worksheet, column: int) -> None:
    cell = sheet.cell(1, column, REFERENCE_HEADING)
    cell.font, cell.alignment = EXAMPLE, Alignment(horizontal="center", vertical="center")
    cell.comment = Comment(_("中选结果中的价格，仅供对照，导入时不读取。"), "vbp", width=260, height=60)
    sheet.column_dimensions[get_column_letter(column)].width = 14


def _width(known: Source, field: str) -> int:
    """Wide enough for heading and example; a Chinese sign takes two places."""
    example = str(READERS[known.kind].EXAMPLE.get(field, ""))
    widest = max(places(known.fields[field].title), places(example))
    return min(max(widest + 2, NARROWEST), WIDEST)


def places(text: str) -> int:
    """Width in half-width characters."""
    return sum(2 if ord(sign) > 255 else 1 for sign in text)


def _write_example(sheet: Worksheet, known: Source) -> None:
    example = READERS[known.kind].EXAMPLE
    sheet.append([EXAMPLE_MARK, *(example.get(field) for field in known.template)])
    for cell in sheet[2]:
        cell.font = EXAMPLE


def _write_instructions(sheet: Worksheet, known: Source, is_prefilled: bool) -> None:
    notes = READERS[known.kind].NOTES
    sheet.append([_("填写说明")])
    lines = [*INSTRUCTIONS, ABOUT_PREFILLED if is_prefilled else ABOUT_EXAMPLE, ABOUT_VERSION]
    for line in lines:
        sheet.append([_(line).format(sheet=known.title, mark=version_mark(known.kind))])
    sheet.append([])
    sheet.append([_("列"), _("是否必填"), _("说明")])
    for field in known.template:
        duty = _("必填") if is_required(known, field) else _("选填")
        sheet.append([known.fields[field].title, duty, _(notes[field])])
    for cell in (sheet["A1"], *sheet[len(lines) + 3]):
        cell.font = Font(bold=True)
    for letter, width in (("A", 22), ("B", 10), ("C", 80)):
        sheet.column_dimensions[letter].width = width
