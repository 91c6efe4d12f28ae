"""`vbp export`: the files that are written, and what is said where there is nothing to write."""

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from dashboard.command_line import app
from procurement.database import open_database
from procurement.tables import AgreedVolume
from tests.small_ledger import fill, purchase


@pytest.fixture
def url(empty_ledger: str) -> str:
    """Two institutions; of the second the score is missing."""
    engine = open_database(empty_ledger)
    fill(
        engine,
        purchase(1, date(2021, 3, 10), 90_000, 36_000),
        purchase(2, date(2021, 12, 31), 10_000, 18_000, row=4),
        AgreedVolume(institution_id=2, batch_id=1, variety_id=1, agreement_year=1, reported_units=10,
                     agreed_units=7, import_id=1, row_number=9),
    )  # fmt: skip
    engine.dispose()
    return empty_ledger


def export(url: str, *arguments: object) -> Result:
    return CliRunner().invoke(app, ["export", *map(str, arguments), "--db", url])


def retained(path: Path) -> float | None:
    rows = openpyxl.load_workbook(BytesIO(path.read_bytes()), data_only=True).worksheets[0]
    return next(row[2] for row in rows.iter_rows(values_only=True) if row[0] == "= 结余留用金额")


@pytest.mark.parametrize(
    ("options", "expected"),
    # (200 000 − 46 000) × 0.7 × 50 %; on the actual basis (200 000 − 54 000) × 0.7 × 50 %
    [([], 53_900), (["--basis", "actual"], 51_100)],
)
def test_a_statement_is_written_on_either_basis(url, tmp_path, options, expected):
    file = tmp_path / "statement.xlsx"
    done = export(url, "statement", file, "--institution", "H1", "--batch", "B", "--year", 1, *options)
    assert done.exit_code == 0, done.output
    assert retained(file) == expected


def test_all_statements_are_written_beside_the_summary(url, tmp_path):
    folder = tmp_path / "核算表"
    (tmp_path / "other.txt").write_text("stays")
    assert export(url, "statements", folder).exit_code == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["H1_第一医院.xlsx", "H2_第二医院.xlsx", "结余留用汇总表.xlsx"]
    assert export(url, "statements", folder, "--institution", "H1").exit_code == 0  # written over
    assert retained(folder / "H1_第一医院.xlsx") == 53_900
    # what could not be computed stands on a sheet of its own
    told = openpyxl.load_workbook(folder / "结余留用汇总表.xlsx").sheetnames
    assert told == ["汇总表"]


def test_the_summary_tells_what_could_not_be_computed(url, tmp_path):
    file = tmp_path / "summary.xlsx"
    assert export(url, "summary", file).exit_code == 0
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["汇总表", "未测算"]
    assert [cell.value for cell in book["未测算"][5]][1:3] == ["H2", "第二医院"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["statement", "a.xlsx", "--institution", "没有"], 2, "没有"),
        (["statement", "a.xlsx", "--institution", "H1", "--batch", "没有"], 2, "没有"),
        (["statement", "a.xlsx", "--institution", "H1", "--basis", "other"], 2, "agreed"),
        (["statements", "folder", "--batch", "没有"], 2, "没有"),
        (["statements", "folder", "--category", "consumable"], 1, "没有可写出的核算表"),
        (["summary", "a.xlsx", "--institution", "没有"], 2, "没有"),
    ],
)
def test_what_cannot_be_written_is_told_in_a_sentence(url, tmp_path, monkeypatch, arguments, code, says):
    monkeypatch.chdir(tmp_path)
    done = export(url, *arguments)
    assert (done.exit_code, says in done.output) == (code, True), done.output
    assert list(tmp_path.glob("*.xlsx")) == [] and not (tmp_path / "folder").exists()


def test_a_year_that_has_not_begun_cannot_be_stated(url, tmp_path):
    done = export(url, "statement", tmp_path / "a.xlsx", "--institution", "H1", "--year", 2)
    assert isinstance(done.exception, LookupError)  # the entry point says it and ends with 1
    assert "没有可写出的核算表" in str(done.exception)
