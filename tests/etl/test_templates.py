"""The templates: right headings, an example that is never loaded, notes that say what is expected."""

from io import BytesIO

import openpyxl
import pytest

from etl.headings import KINDS, source
from etl.importing import import_files, recognise
from etl.problems import Loudness
from etl.sheets.pending_rows import PENDING_MARK
from etl.sources import READERS
from etl.template_version import VERSIONS
from etl.templates import EXAMPLE_MARK, template
from procurement.database import reading


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


# --- Prefilled for one institution -----------------------------------------------------------------

BOUGHT = """
    机构编码 | 采购日期     | 产品编码 | 产品名称 | 规格 | 生产企业 | 数量 | 单位 | 单价
    H001    | 2022-03-15  | A1     |        |     |         | 10  | 盒   | 5.60
    H001    | 2022-03-15  | Z9     | =自费药 | 5片 | 己厂     | 10  | 片   | 2
    H001    | 2020-01-15  | OLD1   | 旧药    | 5片 | 己厂     | 10  | 片   | 2
    H002    | 2022-03-15  | SECRET | 他院药  | 5片 | 庚厂     | 10  | 片   | 2
"""
VOLUMES = """
    机构编码 | 批次 | 品种     | 产品编码 | 约定采购量 | 单位
    H001    | 七批 | 乙注射剂 |        | 700       | 支
    H002    | 支架 | 冠脉支架 | C1     | 10        | 套
"""


@pytest.fixture
def prefilled(city, load):
    """The template of a kind for an institution that bought, opened."""
    assert load(VOLUMES).status == "loaded"
    assert load(BOUGHT).status == "loaded"

    def make(kind: str = "purchases", institution: str = "H001") -> openpyxl.Workbook:
        with reading(city) as connection:
            return openpyxl.load_workbook(BytesIO(template(kind, institution, connection)))

    return make


def saved(book: openpyxl.Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def column(sheet, title: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == title)


def texts(sheet, title: str) -> list[str]:
    return [row[0].value for row in sheet.iter_rows(min_row=2, min_col=column(sheet, title), max_col=column(sheet, title))
            if row[0].value]  # fmt: skip


def test_it_holds_what_the_institution_agreed_and_bought_in_the_last_year(prefilled):
    sheet = prefilled()["采购记录"]
    assert texts(sheet, "产品编码") == ["B1", "Z9", "A1"]
    assert texts(sheet, "单位") == ["盒", "片", "盒"]
    assert texts(sheet, "中选价") == ["2.50元/支", "5.60元/盒"]
    assert set(texts(sheet, "机构编码")) == {"H001"} and set(texts(sheet, "序号")) == {PENDING_MARK}
    assert not any(texts(sheet, title) for title in ("采购日期", "数量", "单价", "金额"))


def test_it_never_holds_what_another_institution_bought_or_agreed(prefilled):
    words = {
        str(cell)
        for institution, others in (
            ("H001", ("SECRET", "他院药", "C1", "庚厂", "H002")),
            ("H002", ("Z9", "B1", "H001")),
        )
        for sheet in prefilled("purchases", institution)
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell in others
    }
    assert not words


def test_rows_that_nobody_filled_in_are_passed_over_without_a_word(prefilled, load):
    book = prefilled()
    report = load(saved(book))
    assert [p.kind.code for p in report.problems] == ["no-rows"]
    sheet = book["采购记录"]
    row = next(
        cell.row for cell in sheet["A"][1:] if sheet.cell(cell.row, column(sheet, "产品编码")).value == "Z9"
    )
    for title, value in (("采购日期", "2022-04-01"), ("数量", 3), ("单价", 2)):
        sheet.cell(row, column(sheet, title)).value = value
    report = load(saved(book), mode="add")
    assert (report.status, report.rows, report.problems) == ("loaded", 1, [])


@pytest.mark.parametrize(
    ("title", "value"), [("数量", 3), ("金额", "?"), ("采购日期", "2022-04-01"), ("发票号", "7")]
)
def test_a_row_with_anything_filled_in_is_never_passed_over(prefilled, load, title, value):
    book = prefilled()
    sheet = book["采购记录"]
    sheet.cell(2, column(sheet, title)).value = value
    report = load(saved(book))
    assert report.status == "problems" and report.rows == 1
    assert {problem.row for problem in report.problems if problem.kind.loudness is Loudness.SKIP} == {2}


def test_the_agreement_template_lists_batches_and_varieties(prefilled, load):
    book = prefilled("agreed_volumes")
    sheet = book["约定采购量"]
    assert texts(sheet, "批次名称") == ["七批", "七批", "支架"]
    assert texts(sheet, "品种") == ["乙注射剂", "甲口服常释", "冠脉支架"]
    assert texts(sheet, "单位") == ["支", "片", "套"]
    row = 2 + texts(sheet, "品种").index("甲口服常释")
    sheet.cell(row, column(sheet, "约定采购量")).value = 900
    report = load(saved(book))
    assert (report.status, report.rows) == ("loaded", 1)


def test_an_institution_that_the_register_lacks_is_told(city):
    with reading(city) as connection, pytest.raises(LookupError, match="H404"):
        template("purchases", "H404", connection)


# --- Lists, rules and the version ------------------------------------------------------------------


def rules(sheet) -> dict[str, list]:
    """The rules by the title of their column."""
    found: dict[str, list] = {}
    for rule in sheet.data_validations.dataValidation:
        for area in rule.sqref.ranges:
            found.setdefault(sheet.cell(1, area.min_col).value, []).append(rule)
    return found


def test_choices_dates_and_figures_are_checked_while_they_are_typed(prefilled):
    book = prefilled()
    found = {title: each[0] for title, each in rules(book["采购记录"]).items()}
    assert (found["产品编码"].type, found["产品编码"].formula1) == ("list", "'产品说明'!$A$2:$A$4")
    assert "盒" in found["单位"].formula1
    assert (found["采购日期"].type, found["采购日期"].operator) == ("date", "between")
    assert (found["单价"].type, found["单价"].formula1) == ("decimal", "0")
    assert found["数量"].type == "decimal"
    assert [book["产品说明"].cell(row, 1).value for row in (2, 3, 4)] == ["B1", "Z9", "A1"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_list_is_longer_than_a_rule_may_be(kind):
    for found in rules(sheet_of(kind)).values():
        assert all(len(rule.formula1) <= 255 for rule in found)


def test_a_name_that_looks_like_a_formula_is_text(prefilled):
    sheet = prefilled()["采购记录"]
    cell = next(cell for cell in sheet[3] if cell.value == "=自费药")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def with_version(content: bytes, version: int) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content))
    for row in book["说明"]["A"]:
        if row.value and "vbp-template/" in row.value:
            row.value = row.value.replace(f"/{VERSIONS['purchases']}", f"/{version}")
    return saved(book)


@pytest.mark.parametrize(("version", "code"), [(1, ["old-template"]), (2, []), (3, ["newer-template"])])
def test_a_template_of_another_version_is_told(version, code):
    known = recognise(("a.xlsx", with_version(template("purchases"), version)))
    found = [p.kind.code for p in known.problems]
    assert [each for each in found if each.endswith("template")] == code
