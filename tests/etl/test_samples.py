"""The sample workbooks: each flaw gives its problem, each trouble of layout reads like its clean twin."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from etl.importing import import_files
from procurement.database import open_database
from tests.etl.reading import codes, lines

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
FLAWED = SAMPLES / "flawed"
TROUBLESOME = FLAWED / "troublesome"

EXPECTED = {
    "agreed_above_reported": ["agreed-above-reported"],
    "amount_does_not_match": ["amount-differs"],
    "code_in_scientific_notation_number": ["code-lost-digits"],
    "code_in_scientific_notation_text": ["code-lost-digits"],
    "division_by_zero_cell": ["error-cell"],
    "duplicate_agreed_row": ["duplicate-row"],
    "duplicate_heading": ["duplicate-heading"],
    "duplicate_product_in_batch": ["duplicate-row"],
    "empty_required_cell": ["empty-cell"],
    "empty_workbook": ["not-recognised"],
    "end_before_start": ["end-before-start"] * 4,
    "fraction_of_a_base_unit": ["fraction-of-unit"],
    "hidden_sheet_only": ["hidden-sheet", "not-recognised"],
    "impossible_date": ["impossible-date"],
    "institution_not_stated": ["institution-missing"],
    "missing_column": ["missing-column"],
    "negative_baseline": ["price-not-positive"],
    "not_a_workbook": ["not-recognised"],  # text with a comma in it could be a table
    "only_headings": ["no-rows"],
    "password_protected": ["password"],
    "price_not_a_number": ["not-a-number"],
    "price_zero": ["token-price"],
    "quantity_not_a_number": ["not-a-number"],
    "ratio_above_one": ["not-a-share"],
    "score_above_100": ["score-out-of-range"],
    "strength_factor_zero": ["not-positive"],
    "truncated_workbook": ["not-a-workbook"],
    "unknown_batch": ["unknown-batch"],
    "unknown_category": ["unknown-word"],
    "unknown_institution": ["unknown-institution"],
    "unknown_kind": ["not-recognised"],
    "unknown_unit": ["unknown-unit"],
    "unknown_variety": ["unknown-variety"],
    "unreadable_date": ["not-a-date"],
}
LOADED_ALL_THE_SAME = {"agreed_above_reported", "amount_does_not_match", "price_zero"}


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample city's register and lists, without its purchases."""
    path = tmp_path_factory.mktemp("registers") / "ledger.db"
    engine = open_database(f"sqlite:///{path}")
    books = [
        book for book in sorted((SAMPLES / "puyang").glob("0*.xlsx")) if book.name[:2] in ("01", "02", "03")
    ]
    reports = import_files(engine, books)
    assert {report.status for report in reports} == {"loaded"}, [
        p.sentence() for r in reports for p in r.problems
    ]
    engine.dispose()
    return path


@pytest.fixture
def sample_city(registers: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(registers, tmp_path / "ledger.db")
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield engine
    engine.dispose()


@pytest.mark.parametrize("flaw", EXPECTED)
def test_each_flaw_is_told_by_its_code(sample_city, flaw):
    # Our province is said, so that the supply areas of batch lists are no news.
    report = import_files(sample_city, [FLAWED / f"{flaw}.xlsx"], answers={"province": "河南"})[0]
    assert codes(report) == EXPECTED[flaw]
    assert (report.status == "loaded") == (flaw in LOADED_ALL_THE_SAME)


def test_every_flawed_workbook_is_expected_here():
    assert {path.stem for path in FLAWED.glob("*.xlsx")} == set(EXPECTED)


@pytest.mark.parametrize(
    "twin", ["every_layout_trouble.xlsx", "every_layout_trouble_clean.xls", "every_layout_trouble_gbk.csv"]
)
def test_every_trouble_of_layout_reads_like_the_clean_twin(sample_city, registers, tmp_path, twin):
    """Title, 单位:万元, two heading rows, merged cells, 小计, a repeated heading, a hidden copy, odd dates and figures."""
    clean = tmp_path / "clean.db"
    shutil.copy(registers, clean)
    engine = open_database(f"sqlite:///{clean}")
    list_file = TROUBLESOME / "batch_list.xlsx"
    twins = [import_files(engine, [list_file, TROUBLESOME / "every_layout_trouble_clean.xlsx"])[1]]
    twins.append(import_files(sample_city, [list_file, TROUBLESOME / twin])[1])
    assert [report.status for report in twins] == ["loaded", "loaded"]
    assert len(lines(engine)) == twins[0].rows > 10
    assert lines(sample_city) == lines(engine)
    engine.dispose()
