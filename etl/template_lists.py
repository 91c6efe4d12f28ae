"""What makes a template hard to fill in wrongly: lists to choose from, dates and figures that are checked.

A choice outside a list and an unusual date are asked about, not refused: institutions buy what no list names.
"""

from collections.abc import Iterator, Sequence

from openpyxl.styles import Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from etl.headings import Source
from etl.template_rows import OwnProduct, OwnVariety
from procurement.language import N_, _

EMPTY_ROWS = 1_000
"""Rows below the last one written that are checked too."""

UNITS = "盒,瓶,支,片,粒,袋,贴,丸,套,个"
FIRST_DAY = "DATE(2018,12,1)"
"""The 4+7 pilot had no results before."""

LAST_DAY = "DATE(2049,12,31)"
PAST = ("bought_on", "accepted_on", "paid_on")
DATES = (*PAST, "execution_date", "end_date", "from_date")
WHOLE = {
    "agreement_year": (1, 10),
    "units_per_pack": (1, 100_000),
    "year": (2000, 2099),
    "enrolled_persons": (0, 100_000_000),
}
LARGEST = 1_000_000_000
DECIMALS = {
    "quantity": (-LARGEST, LARGEST),
    "unit_price": (0, LARGEST),
    "amount": (-LARGEST, LARGEST),
    "reported_volume": (0, LARGEST),
    "agreed_volume": (0, LARGEST),
    "awarded_price": (0, LARGEST),
    "baseline_price": (0, LARGEST),
    "budget_amount": (0, LARGEST),
    "spending_amount": (0, LARGEST),
    "score": (0, 100),
    "ratio": (0, 1),
}
WORDS_LIMIT = 255
"""Characters that a list inside the rule may have."""

PRODUCT_SHEET, VARIETY_SHEET = "产品说明", "品种说明"
"""Sheets whose name ends like this explain, they hold no table: the importer passes them over."""

PRODUCT_HEADINGS = (
    N_("产品编码"), N_("产品名称"), N_("规格"), N_("生产企业"), N_("单位"), N_("中选价"), N_("来源"),
)  # fmt: skip
VARIETY_HEADINGS = (N_("批次"), N_("品种"), N_("单位"))
WIDTHS = (28, 26, 24, 30, 8, 16, 16)


def add_rules(sheet: Worksheet, known: Source, columns: dict[str, int], lists: dict[str, str]) -> None:
    """Rules for each column of the sheet; `lists` gives the range of values to choose from, by field."""
    last = sheet.max_row + EMPTY_ROWS
    for field, column in columns.items():
        for rule in _rules(known, field, lists):
            letter = get_column_letter(column)
            rule.add(f"{letter}2:{letter}{last}")
            sheet.add_data_validation(rule)


def _rules(known: Source, field: str, lists: dict[str, str]) -> Iterator[DataValidation]:
    words = ",".join(choices[0] for choices in known.fields[field].words.values())
    if field in lists:
        text = _("清单中没有这一项。如确有此项，请继续。")
        yield _rule(type="list", formula1=lists[field], errorStyle="warning", error=text)
    elif words and len(words) <= WORDS_LIMIT:
        text = _("可填：{words}").format(words=words)
        yield _rule(type="list", formula1=f'"{words}"', error=text, prompt=text)
    elif field == "unit":
        text = _("不是常用的单位。如确为该单位，请继续。")
        yield _rule(type="list", formula1=f'"{UNITS}"', errorStyle="warning", error=text)
    elif field in DATES:
        yield _date(field)
    elif field in WHOLE:
        yield _between("whole", WHOLE[field], _("请填 {least} 至 {most} 的整数。"))
    elif field in DECIMALS:
        yield _between("decimal", DECIMALS[field], _("请填 {least} 至 {most} 的数字，不写单位。"))


def _date(field: str) -> DataValidation:
    """What has been bought lies behind us; a batch may end in some years."""
    last, text = LAST_DAY, _("请填日期，如 2022-03-15。其他写法请再核对一次。")
    if field in PAST:
        last, text = "TODAY()", _("请填2018年12月至今的日期，如 2022-03-15。其他写法请再核对一次。")
    about = {"operator": "between", "formula1": FIRST_DAY, "formula2": last}
    return _rule(type="date", errorStyle="warning", error=text, **about)


def _between(kind: str, limits: tuple[int, int], text: str) -> DataValidation:
    least, most = limits
    error = text.format(least=least, most=most)
    return _rule(type=kind, operator="between", formula1=str(least), formula2=str(most), error=error)


def _rule(**about: str) -> DataValidation:
    rule = DataValidation(allow_blank=True, showErrorMessage=True, errorTitle=_("请核对"), **about)
    rule.showInputMessage = "prompt" in about
    return rule


def add_products(book: Workbook, products: Sequence[OwnProduct]) -> dict[str, str]:
    """The sheet of the institution's products; gives the range of their codes to choose from."""
    rows = [
        (p.product_code, p.product_name, p.spec, p.manufacturer, p.unit, p.awarded, p.origin)
        for p in products
        if p.product_code
    ]
    _add_list(book.create_sheet(PRODUCT_SHEET), PRODUCT_HEADINGS, rows)
    return {"product_code": _range(PRODUCT_SHEET, "A", len(rows))} if rows else {}


def add_varieties(book: Workbook, varieties: Sequence[OwnVariety]) -> dict[str, str]:
    """The sheet of batches and varieties; gives the range of the varieties to choose from."""
    rows = [(v.batch, v.variety, v.unit) for v in varieties]
    _add_list(book.create_sheet(VARIETY_SHEET), VARIETY_HEADINGS, rows)
    return {"variety": _range(VARIETY_SHEET, "B", len(rows))} if rows else {}


def _range(sheet: str, letter: str, count: int) -> str:
    return f"{quote_sheetname(sheet)}!${letter}$2:${letter}${count + 1}"


def _add_list(sheet: Worksheet, headings: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    sheet.append([_(heading) for heading in headings])
    for row in rows:
        put_texts(sheet, sheet.max_row + 1, row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in zip(range(1, len(headings) + 1), WIDTHS, strict=False):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"


def put_texts(sheet: Worksheet, row: int, texts: Sequence[str], first: int = 1) -> None:
    """Texts as text: neither a long code nor a name that starts with = becomes anything else."""
    for column, text in enumerate(texts, first):
        if not text:
            continue
        cell = sheet.cell(row, column)
        cell.value, cell.data_type, cell.number_format = text, "s", "@"
        cell.quotePrefix = text.startswith("=")
