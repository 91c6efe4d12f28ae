"""The workbook of an institution: its overview, its pages, and what moves when somebody changes a cell."""

import shutil
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col

from dashboard.exports.retention_statement import Stated, statement_bytes
from dashboard.exports.statement_lines import Cell, Line
from dashboard.exports.statement_pages import ONE_PAGE, PAGE, Block, paged
from dashboard.statements import statement, statement_files, summary, zipped
from procurement.database import reading, writing
from procurement.filters import Filters
from procurement.language import in_language
from procurement.ledger import rebuild
from procurement.settling import draft, standing_workings
from procurement.tables import AgreedVolume, Assessment, Batch, Institution, Listing, PaymentRatio
from procurement.working import workings
from tests.dashboard.test_retention_statement import (
    WHOLE,
    as_amount,
    bought,
    results,
    two_volumes,
)
from tests.recalculated import needs_libreoffice, printed, recalculated
from tests.small_ledger import SHARE, YUAN, fill, purchase

YEAR_2 = {"institution_id": 1, "batch_id": 1, "agreement_year": 2, "import_id": 1, "row_number": 9}


@pytest.fixture
def two_years(sqlite_ledger: Engine) -> Engine:
    """Institution H1: year 1 is worked example A and drafted, year 2 has no score."""
    fill(
        sqlite_ledger,
        *bought(),
        purchase(1, date(2022, 12, 31), 1_000, 400, row=5),
        AgreedVolume(variety_id=1, reported_units=1_000, agreed_units=700, **YEAR_2),
    )
    draft(sqlite_ledger, Filters(), 1, by="起草人")
    return sqlite_ledger


def test_several_settlements_begin_with_an_overview(two_years):
    with reading(two_years) as connection:
        book = openpyxl.load_workbook(BytesIO(statement(connection, Filters())), data_only=True)
    assert book.sheetnames == ["汇总", "B·1年度", "B·2年度", "采购明细", "约定量明细", "价格依据"]
    rows = [[cell.value for cell in row] for row in book["汇总"].iter_rows(min_row=5, max_row=7)]
    # year 2: (1 000 × 2.00 − 700 × 0.40) × 0.7 = 1 204.00, no score
    assert [row[6] for row in rows] == [107_800, 1_204, 109_004]
    assert [row[9] for row in rows] == [53_900, None, 53_900]
    assert [row[12] or None for row in rows] == [None, "缺考核得分", "1项缺少依据，未计入合计"]


@needs_libreoffice
def test_the_overview_follows_the_statements(two_years, tmp_path):
    path = tmp_path / "book.xlsx"
    with reading(two_years) as connection:
        path.write_bytes(statement(connection, Filters()))
    book = openpyxl.load_workbook(path)
    (score,) = [row[2] for row in book["B·2年度"].iter_rows() if row[0].value == "考核得分"]
    score.value = 80
    book.save(path)
    (again,) = recalculated([path], tmp_path / "again")
    sheet = openpyxl.load_workbook(again, data_only=True)["汇总"]
    # 1 204 × 50 % × 90 % = 541.80
    assert [as_amount(sheet.cell(row, 10).value) for row in (5, 6, 7)] == [
        53_900 * YUAN, 5_418_000, 53_900 * YUAN + 5_418_000,
    ]  # fmt: skip
    assert results(again, 2)["retained_amount"] == pytest.approx(541.8)


@needs_libreoffice
def test_the_completion_condition_follows_a_changed_volume(sqlite_ledger, tmp_path):
    """90 000 are bought and 90 000 agreed; one unit more, and the variety keeps nothing."""
    fill(sqlite_ledger, *bought(), *[type(row)(**row.model_dump()) for row in WHOLE])
    with writing(sqlite_ledger) as connection:
        connection.execute(update(AgreedVolume).values(agreed_units=90_000))
        rebuild(connection)
    path = tmp_path / "book.xlsx"
    with reading(sqlite_ledger) as connection:
        path.write_bytes(statement(connection, Filters()))
    book = openpyxl.load_workbook(path)
    (agreed,) = [row[4] for row in book.worksheets[0].iter_rows() if row[4].value == 90_000]
    agreed.value = 90_001
    book.save(path)
    (again,) = recalculated([path], tmp_path / "again")
    assert results(again)["surplus_base_amount"] == 0


@needs_libreoffice
def test_what_is_agreed_counts_in_units_of_the_main_strength(sqlite_ledger, tmp_path):
    fill(sqlite_ledger, *bought(), *two_volumes())
    path = tmp_path / "book.xlsx"
    with reading(sqlite_ledger) as connection:
        path.write_bytes(statement(connection, Filters()))
    (again,) = recalculated([path], tmp_path / "again")
    rows = openpyxl.load_workbook(again, data_only=True).worksheets[0].iter_rows(values_only=True)
    told = {row[2]: row for row in rows if row[2] in ("片", "丙 10片/盒", "合计")}
    # 70 000 + 7 000 × 2
    assert told["合计"][9] == 84_000 and told["合计"][8] == 90_000
    assert told["丙 10片/盒"][4] == 7_000 and told["片"][4] == 70_000


@needs_libreoffice
def test_without_a_policy_nothing_is_computed(sqlite_ledger, tmp_path):
    """The year begins in 2018, before the first policy."""
    start, end = date(2018, 1, 1), date(2018, 12, 31)
    fill(sqlite_ledger, purchase(1, date(2018, 3, 10), 90_000, 36_000))
    with writing(sqlite_ledger) as connection:
        connection.execute(update(Batch).values(execution_date=start, end_date=end))
        connection.execute(update(Listing).values(starts_on=start, ends_on=end))
        connection.execute(update(PaymentRatio).values(from_date=date(2017, 1, 1)))
        rebuild(connection)
    path = tmp_path / "book.xlsx"
    with reading(sqlite_ledger) as connection:
        path.write_bytes(statement(connection, Filters()))
    (again,) = recalculated([path], tmp_path / "again")
    assert set(results(again).values()) == {None}


@needs_libreoffice
def test_in_english_it_recomputes_to_the_same(sqlite_ledger, tmp_path):
    fill(sqlite_ledger, *bought())
    path = tmp_path / "book.xlsx"
    with reading(sqlite_ledger) as connection, in_language("en"):
        path.write_bytes(statement(connection, Filters()))
    (again,) = recalculated([path], tmp_path / "again")
    rows = openpyxl.load_workbook(again, data_only=True).worksheets[0].iter_rows(values_only=True)
    assert [row[2] for row in rows if row[0] == "= Retained amount"] == [53_900]


def test_the_same_figures_give_the_same_bytes(two_years):
    with reading(two_years) as connection:
        made = [(zipped(connection, Filters()), summary(connection, Filters())) for _again in range(2)]
    assert made[0] == made[1]


def test_what_is_settled_stays_with_its_institution_when_its_basis_is_gone(two_years):
    with writing(two_years) as connection:
        connection.execute(delete(AgreedVolume).where(col(AgreedVolume.agreement_year) == 1))
        connection.execute(update(AgreedVolume).values(institution_id=2))
        connection.execute(delete(Assessment))
        rebuild(connection)
    with Session(two_years) as session:
        session.add(AgreedVolume(variety_id=1, reported_units=10, agreed_units=7, **YEAR_2))
        session.commit()
    with reading(two_years) as connection:
        told = [(w.row.institution_code, w.row.agreement_year, row is not None)
                for w, row in standing_workings(connection, Filters())]  # fmt: skip
        names = [name for name, _content in statement_files(connection, Filters())]
    assert told == [("H1", 2, False), ("H1", 1, True), ("H2", 2, False)]
    assert names == ["H1_第一医院.xlsx", "H2_第二医院.xlsx"]


def test_no_two_institutions_share_a_file(sqlite_ledger):
    fill(
        sqlite_ledger,
        *bought(),
        AgreedVolume(institution_id=2, batch_id=1, variety_id=1, agreement_year=1, reported_units=10,
                     agreed_units=7, import_id=1, row_number=9),
    )  # fmt: skip
    with writing(sqlite_ledger) as connection:
        connection.execute(update(Institution).where(col(Institution.id) == 1).values(code="A?", name="院"))
        connection.execute(update(Institution).where(col(Institution.id) == 2).values(code="a:", name="院"))
    with reading(sqlite_ledger) as connection:
        names = [name for name, _content in statement_files(connection, Filters())]
    assert len({name.lower() for name in names}) == 2


def lines_of(count: int, height: float, text: str = "行") -> list[list[Line]]:
    return [[Line([Cell(f"{text}{at}")], height)] for at in range(count)]


def texts(lines: list[Line]) -> list[str]:
    return [str(line.cells[0].content) for line in lines]


@pytest.mark.parametrize(("height", "breaks"), [(ONE_PAGE, []), (ONE_PAGE + 1, [1])])
def test_what_can_be_read_on_one_page_is_on_one(height, breaks):
    block = Block([], [], [[Line([Cell("甲")], PAGE)], [Line([Cell("乙")], height - PAGE)]])
    lines, found = paged([], [block])
    assert (texts(lines), found) == (["甲", "乙"], breaks)


def test_a_table_that_goes_on_has_its_heading_on_each_page():
    heading = [Line([Cell("表头")], 30)]
    lines, breaks = paged([Line([Cell("标题")], 30)], [Block([], heading, lines_of(63, 18))])
    # a page of 610: 30 + 30 + 30 × 18 = 600; then 30 + 32 × 18 = 606; one row is left
    assert breaks == [32, 65]
    assert [texts(lines)[at] for at in breaks] == ["表头", "表头"]
    assert texts(lines).count("行30") == 1 and len(lines) == 1 + 63 + 3


def test_what_belongs_together_is_not_torn():
    group = [Line([Cell(str(at))], 100) for at in range(5)]
    lines, breaks = paged([Line([Cell("标题")], PAGE - 100)], [Block([], [], [group])])
    assert breaks == [1] and len(lines) == 6


@needs_libreoffice
def test_no_amount_is_printed_as_number_signs(sqlite_ledger, tmp_path):
    """Amounts of thousands of millions in the statement and in the summary."""
    fill(sqlite_ledger, purchase(1, date(2021, 3, 10), 90_000, 36_000), purchase(2, date(2021, 12, 31), 1, 1))
    with writing(sqlite_ledger) as connection:
        connection.execute(update(AgreedVolume).values(reported_units=9_000_000_000))
        connection.execute(update(Assessment).values(score=95 * SHARE))
        rebuild(connection)
    paths = [tmp_path / "statement.xlsx", tmp_path / "summary.xlsx"]
    with reading(sqlite_ledger) as connection:
        paths[0].write_bytes(statement(connection, Filters()))
        paths[1].write_bytes(summary(connection, Filters()))
    for path in printed(paths, tmp_path / "pdf"):
        assert "###" not in text_of(path)


def text_of(path: Path) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed")
    return subprocess.run([program, str(path), "-"], capture_output=True, text=True, check=True).stdout


def test_a_batch_of_any_name_has_a_tab(sqlite_ledger):
    fill(sqlite_ledger, *bought())
    with writing(sqlite_ledger) as connection:
        connection.execute(update(Batch).values(name="{0}[坏]:名*?/\\'\n" + "长" * 40))
    with reading(sqlite_ledger) as connection:
        (working,) = workings(connection, Filters())
    content = statement_bytes([Stated(working), Stated(working)])
    names = openpyxl.load_workbook(BytesIO(content)).sheetnames
    assert len({name.lower() for name in names}) == len(names) == 6
    assert all(len(name) <= 31 for name in names)


def test_nothing_to_state_is_told(sqlite_ledger):
    with reading(sqlite_ledger) as connection, pytest.raises(LookupError, match="没有可写出的核算表"):
        statement(connection, Filters())
