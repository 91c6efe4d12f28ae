"""Sheets and comma-separated text are read back: headings, real numbers, totals, nothing that runs."""

import csv
import shutil
import subprocess
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.exports.sheet_styles import FONT
from dashboard.exports.sheets import Sheet, csv_bytes, sheet_bytes, workbook_bytes
from procurement.columns import COLUMNS
from procurement.language import _, in_language
from procurement.published import TABLES
from tests.drawn import AMOUNT, PRICE, SHARE, UNITS, table

HEADING_ROW, FIRST_ROW = 3, 4

SCALES = {
    "paid_amount": AMOUNT,
    "saving_amount": AMOUNT,
    "awarded_unit_price": PRICE,
    "ratio": SHARE,
    "agreed_equivalent": UNITS,
}


def test_the_first_file_of_a_process_is_like_the_next():
    before = dict(FONT)
    workbook_bytes([Sheet("甲", "甲", ROWS, COLUMNS_SHOWN)])
    assert before == FONT


ROWS = table(
    """
    institution_name | variety | month      | base_units | paid_amount | saving_amount | is_selected
    -----------------+---------+------------+------------+-------------+---------------+------------
    第一医院         | 甲      | 2022-03-01 | 90000      | 36000.0001  | 144000        | yes
    第二医院         | 乙      | 2022-04-01 | -200       | 0.1         | -20.55        | no
    第三医院         | 乙      | 2022-05-01 | 5          | 0.2         | -             | no
    """,
    SCALES,
)
COLUMNS_SHOWN = list(ROWS)


def opened(content: bytes) -> Worksheet:
    return load_workbook(BytesIO(content)).active


def kept_values(content: bytes) -> Worksheet:
    """The values that a program shows before it computes anything."""
    return load_workbook(BytesIO(content), data_only=True).active


def row_of(sheet: Worksheet, row: int) -> list:
    return [cell.value for cell in sheet[row]]


def test_headings_carry_label_and_unit():
    sheet = opened(sheet_bytes("节约", ROWS, COLUMNS_SHOWN))
    assert sheet["A1"].value == "节约"
    assert row_of(sheet, HEADING_ROW) == [
        "机构名称",
        "品种",
        "月份",
        "采购量",
        "采购金额(元)",
        "节约金额(元)",
        "是否中选",
    ]
    assert sheet.cell(HEADING_ROW, 5).comment.text == COLUMNS["paid_amount"].says


def test_rows_are_real_numbers_with_formats():
    sheet = opened(sheet_bytes("节约", ROWS, COLUMNS_SHOWN))
    assert row_of(sheet, FIRST_ROW) == [
        "第一医院",
        "甲",
        datetime(2022, 3, 1),
        90000,
        36000.0001,
        144000,
        "是",
    ]
    assert row_of(sheet, FIRST_ROW + 1)[-1] == "否"
    formats = [cell.number_format for cell in sheet[FIRST_ROW]]
    assert formats == ["General", "General", 'yyyy"年"m"月"', "#,##0", "#,##0.00", "#,##0.00", "General"]


@pytest.mark.parametrize(
    ("column", "stored", "shown", "number_format"),
    [
        ("awarded_unit_price", 942_857, 0.942857, "#,##0.00####"),
        ("drop", 0.7298, 0.7298, "0.0%"),
        ("ratio", 450_000, 0.45, "0.0%"),
        ("score", 92_500_000, 92.5, "0.0"),
        ("agreed_equivalent", 70_000_000_000, 70_000, "#,##0"),
        ("agreed_equivalent", 1_500_000, 1.5, "#,##0.00"),
        ("agreement_year", 2, 2, "#,##0"),
        ("imported_at", datetime(2022, 1, 1, 16, tzinfo=UTC), datetime(2022, 1, 2), "yyyy-mm-dd hh:mm"),
        ("execution_date", pd.Timestamp(2022, 5, 31), datetime(2022, 5, 31), "yyyy-mm-dd"),
        ("status", "at_risk", "有风险", "General"),
        ("category", "drug", "药品", "General"),
    ],
)
def test_each_unit_is_written_as_people_read_it(column, stored, shown, number_format):
    cell = opened(sheet_bytes("表", pd.DataFrame({column: [stored]}), [column])).cell(FIRST_ROW, 1)
    assert cell.value == shown
    assert cell.number_format == number_format


def test_totals_follow_the_filter_and_keep_the_exact_sum():
    content = sheet_bytes("节约", ROWS, COLUMNS_SHOWN)
    totals = row_of(opened(content), FIRST_ROW + 3)
    assert totals[0] == "合计"
    assert totals[4:6] == ["=SUBTOTAL(109,E4:E6)", "=SUBTOTAL(109,F4:F6)"]
    kept = row_of(kept_values(content), FIRST_ROW + 3)
    assert kept[4:6] == [36000.3001, 143979.45]


def test_quantities_add_up_only_within_one_variety():
    mixed = row_of(opened(sheet_bytes("表", ROWS, COLUMNS_SHOWN)), FIRST_ROW + 3)
    assert not mixed[3]
    one = row_of(opened(sheet_bytes("表", ROWS[ROWS["variety"] == "乙"], COLUMNS_SHOWN)), FIRST_ROW + 2)
    assert one[3] == "=SUBTOTAL(109,D4:D5)"


def test_missing_figures_are_empty_cells_and_are_counted():
    sheet = opened(sheet_bytes("节约", ROWS, COLUMNS_SHOWN, "批次：B"))
    assert sheet.cell(FIRST_ROW + 2, 6).value is None
    assert sheet["A2"].value == "批次：B；节约金额有1行空白：缺少依据，未计入合计"


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "http://x.example/", "\t=1"]
)
def test_text_that_looks_like_a_formula_stays_text(text):
    rows = pd.DataFrame({"variety": ["甲"], "product_name": [text]})
    cell = opened(sheet_bytes(text, rows, ["variety", "product_name"], text)).cell(FIRST_ROW, 2)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(1)", "\t=1", " =1+1", "\u3000=1+1", "＝1+1"])
def test_a_formula_in_comma_separated_text_is_disarmed(text):
    rows = pd.DataFrame({"product_name": [text, "甲"]})
    assert _read_csv(csv_bytes(rows, ["product_name"]))[1:] == [[f"'{text}"], ["甲"]]


def test_a_negative_amount_in_comma_separated_text_is_still_a_number():
    rows = pd.DataFrame({"product_name": ["甲"], "paid_amount": [-12_345]})
    assert _read_csv(csv_bytes(rows, ["product_name", "paid_amount"]))[1:] == [["甲", "-1.2345"]]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_no_formula_is_run_when_another_program_opens_the_file(tmp_path):
    """Each text, calculated, would say 7193."""
    texts = ["=7190+3", "+7190+3", "-3+7196", "@SUM(7190,3)", " =7190+3", "＝7190+3"]
    rows = pd.DataFrame({"product_name": texts})
    (tmp_path / "a.xlsx").write_bytes(sheet_bytes("=7190+3", rows, ["product_name"], "=7190+3"))
    (tmp_path / "b.csv").write_bytes(csv_bytes(rows, ["product_name"]))
    (tmp_path / "out").mkdir()
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76"]
    for name in ("a.xlsx", "b.csv"):
        done = subprocess.run([*command, "--outdir", tmp_path / "out", tmp_path / name], capture_output=True)
        shown = (tmp_path / "out" / name).with_suffix(".csv").read_text(encoding="utf-8")
        assert done.returncode == 0 and "7190" in shown and "7193" not in shown


def test_headings_stay_in_view_and_on_every_page():
    sheet = opened(sheet_bytes("节约", ROWS, COLUMNS_SHOWN))
    assert sheet.freeze_panes == "B4"
    assert sheet.auto_filter.ref == "A3:G6"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert "第&P页，共&N页" in sheet.oddFooter.right.text


def test_columns_are_wide_enough_for_chinese():
    rows = pd.DataFrame({"manufacturer": ["正大天晴药业集团股份有限公司"], "paid_amount": [10**13]})
    sheet = opened(sheet_bytes("表", rows, ["manufacturer", "paid_amount"]))
    assert sheet.column_dimensions["A"].width >= 2 * len("正大天晴药业集团股份有限公司")
    assert sheet.column_dimensions["B"].width >= len("1,000,000,000.00")


def test_long_texts_get_higher_rows():
    rows = pd.DataFrame({"batch": ["甲", "豫晋赣鄂渝黔滇桂湘琼十省联盟留置针等医用耗材集中带量采购"]})
    sheet = opened(sheet_bytes("表", rows, ["batch"]))
    assert sheet.row_dimensions[FIRST_ROW + 1].height > (sheet.row_dimensions[FIRST_ROW].height or 17)


def test_no_rows_say_so():
    sheet = opened(sheet_bytes("节约", ROWS.iloc[0:0], COLUMNS_SHOWN))
    assert sheet.cell(FIRST_ROW, 1).value == "没有符合条件的数据。"


def test_tab_names_are_cut_and_kept_apart():
    rows = pd.DataFrame({"batch": ["甲"]})
    sheets = [Sheet(name, name, rows, ["batch"]) for name in ("价格/一", "价格:一", "长" * 40, "")]
    names = load_workbook(BytesIO(workbook_bytes(sheets))).sheetnames
    assert names == ["价格 一", "价格 一 2", "长" * 31, "数据"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_column_has_a_sheet_in_both_languages(language):
    with in_language(language):
        for published in TABLES.values():
            columns = list(published.columns.values())
            rows = pd.DataFrame({name: pd.Series([pd.NA], dtype="object") for name in columns})
            headings = row_of(opened(sheet_bytes(_(published.title), rows, columns)), HEADING_ROW)
            assert [h.partition("(")[0].strip() for h in headings] == [
                _(COLUMNS[name].label).partition("(")[0].strip() for name in columns
            ]


def test_comma_separated_text_keeps_exact_decimals():
    content = csv_bytes(ROWS, COLUMNS_SHOWN)
    assert content.startswith(b"\xef\xbb\xbf")
    lines = _read_csv(content)
    assert lines[0][4] == "采购金额(元)"
    assert lines[1] == ["第一医院", "甲", "2022-03", "90000", "36000.0001", "144000.00", "是"]
    assert lines[3][5] == ""


def _read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))
