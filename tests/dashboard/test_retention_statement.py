"""结余留用核算表: a spreadsheet recomputes it to the same fen, whatever the policy says."""

import json
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import delete, update
from sqlmodel import SQLModel, col

from dashboard.exports.retention_statement import Stated, statement_bytes
from dashboard.statements import file_name, statement, summary, zipped
from procurement.database import open_database, reading, writing
from procurement.filters import Filters
from procurement.ledger import rebuild
from procurement.settling import draft
from procurement.tables import (
    AgreedVolume,
    Assessment,
    Institution,
    Listing,
    PaymentRatio,
    PolicyEntry,
    Product,
    Variety,
)
from procurement.working import Working, workings
from tests.recalculated import needs_libreoffice, recalculated
from tests.small_ledger import PRICE, SHARE, YUAN, fill, purchase

RESULTS = {
    "= 结余测算基数": "surplus_base_amount",
    "= 结余留用金额": "retained_amount",
    "其中：用于人员薪酬": "staff_amount",
    "　　　用于事业发展": "development_amount",
}
DATES = {"starts_on": date(2021, 1, 1), "ends_on": date(2022, 12, 31), "import_id": 1, "row_number": 9}


def policy(name: str, value: object) -> PolicyEntry:
    return PolicyEntry(
        parameter=f"retention_{name}", level="city", from_date=date(2019, 1, 1), value=json.dumps(value),
        source="本市文件", decided_at=datetime(2022, 1, 1, tzinfo=UTC), decided_by="test",
    )  # fmt: skip


def share(text: str) -> dict:
    return {"decimal": text}


BOUGHT = [
    purchase(1, date(2021, 3, 10), 90_000, 36_000),
    purchase(2, date(2021, 4, 10), 10_000, 18_000, row=4),
]


def bought() -> list[SQLModel]:
    return [type(line)(**line.model_dump()) for line in BOUGHT]


def second_variety() -> list[SQLModel]:
    """A variety whose price rises from 1.00 to 1.50: a loss of (15 000 − 10 000) × 0.7 = 3 500.00."""
    source = {"import_id": 1, "row_number": 8}
    return [
        Variety(batch_id=1, name="涨价品种=1+1"),
        Product(code="P3", name="丙", spec="10片/盒", units_per_pack=10, base_unit="片", import_id=1),
        Listing(batch_id=1, variety_id=2, product_id=3, status="selected", baseline_unit_price=PRICE,
                baseline_basis="listed", awarded_unit_price=1_500_000, **DATES),
        AgreedVolume(institution_id=1, batch_id=1, variety_id=2, agreement_year=1, reported_units=10_000,
                     agreed_units=10_000, **source),
    ]  # fmt: skip


def two_volumes() -> list[SQLModel]:
    """A product of double strength beside the volume of the variety: 10 000 at 4.00 → 0.70."""
    source = {"import_id": 1, "row_number": 8}
    return [
        Product(code="P3", name="丙", spec="10片/盒", units_per_pack=10, base_unit="片", import_id=1),
        Listing(batch_id=1, variety_id=1, product_id=3, status="selected", strength_factor=2_000_000,
                baseline_unit_price=4 * PRICE, baseline_basis="listed", awarded_unit_price=700_000, **DATES),
        AgreedVolume(institution_id=1, batch_id=1, variety_id=1, product_id=3, agreement_year=1,
                     reported_units=10_000, agreed_units=7_000, **source),
    ]  # fmt: skip


WHOLE = [policy("completion_threshold", share("1")), policy("budget_basis", "agreed")]
CASES: dict[str, tuple[list[SQLModel], object, str | None]] = {
    # rows beside the worked example, what is changed afterwards, what is retained
    "example A": ([], None, "53900.00"),
    # spending (36 000 + 18 000) × 0.7 = 37 800; base 102 200; × 50 % × 90 %
    "example B": ([policy("spending_basis", "actual")], update(Assessment).values(score=85 * SHARE), "45990.00"),
    # budget 70 000 × 2.00 × 0.7 = 98 000; base 98 000 − 32 200 = 65 800; × 50 %
    "agreed budget": ([policy("budget_basis", "agreed")], None, "32900.00"),
    # 90 000 of 90 000 agreed are bought: all counts. budget 180 000 × 0.7, spending (36 000 + 18 000) × 0.7
    "at the threshold": (WHOLE, update(AgreedVolume).values(agreed_units=90_000), "44100.00"),
    "below the threshold": (WHOLE, update(AgreedVolume).values(agreed_units=90_001), "0.00"),
    # 107 800 − 3 500 = 104 300; with the price rise counted as zero 107 800. The variety's mean moves nothing.
    "a loss offset": (second_variety(), None, "52150.00"),
    "a loss zeroed": ([*second_variety(), policy("negative_varieties", "zero")], None, "53900.00"),
    # 107 800 × 33.3333 % × 1 = 35 933.2974; rounded to 35 933.30 | 35 933.3 | 35 933
    "to the fen": ([policy("maximum_ratio", share("0.333333"))], None, "35933.30"),
    "to the jiao": ([policy("maximum_ratio", share("0.333333")), policy("rounding", "jiao")], None, "35933.30"),
    "to the yuan": ([policy("maximum_ratio", share("0.333333")), policy("rounding", "yuan")], None, "35933.00"),
    "several volumes": (two_volumes(), None, None),
    "no score": ([], delete(Assessment), "-"),
    "no ratio": ([], delete(PaymentRatio), "-"),
    "no reported volume": ([], update(AgreedVolume).values(reported_units=None), "-"),
    "no baseline": ([], update(Listing).values(baseline_unit_price=None), "-"),
    "a score too low": ([], update(Assessment).values(score=59 * SHARE), "0.00"),
    "nothing bought": ([], None, None),
}  # fmt: skip


def working_of(case: str, folder: Path) -> Working:
    rows, change, _retained = CASES[case]
    engine = open_database(f"sqlite:///{folder / f'{case}.db'}")
    copies = [type(row)(**row.model_dump()) for row in rows]
    fill(engine, *copies, *(bought() if case != "nothing bought" else [purchase(1, date(2021, 3, 10), 0, 0)]))
    with writing(engine) as connection:
        if change is not None:
            connection.execute(change)  # type: ignore[call-overload]
        rebuild(connection)
    with reading(engine) as connection:
        (found,) = workings(connection, Filters(batches=("B",)), year=1)
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def cases(tmp_path_factory) -> dict[str, tuple[Working, Path]]:
    """The statement of each case, recalculated in one go."""
    folder = tmp_path_factory.mktemp("statements")
    found = {case: working_of(case, folder) for case in CASES}
    paths = [folder / f"{number}.xlsx" for number in range(len(found))]
    for path, working in zip(paths, found.values(), strict=True):
        path.write_bytes(statement_bytes([Stated(working)]))
    made = recalculated(paths, folder / "again")
    return {case: (working, path) for (case, working), path in zip(found.items(), made, strict=True)}


def results(path: Path, tab: int = 0) -> dict[str, float | None]:
    """What a statement comes to, and no error in any of its cells."""
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[tab]
    rows = list(sheet.iter_rows(values_only=True))
    assert not [cell for row in rows for cell in row if str(cell).startswith(("#", "Err:"))]
    return {RESULTS[row[0]]: row[2] for row in rows if row and row[0] in RESULTS}


def as_amount(value: float | str | None) -> int | None:
    return None if value in (None, "") else round(float(value) * YUAN)


@needs_libreoffice
@pytest.mark.parametrize("case", CASES)
def test_a_recalculation_gives_our_figures_to_the_fen(cases, case):
    working, path = cases[case]
    told = {name: as_amount(value) for name, value in results(path).items()}
    ours = {name: getattr(working.row, name) for name in RESULTS.values()}
    assert told == {name: None if pd.isna(value) else int(value) for name, value in ours.items()}
    retained = CASES[case][2]
    if retained is not None:
        assert told["retained_amount"] == (None if retained == "-" else as_amount(retained))


@needs_libreoffice
def test_the_lines_of_several_volumes_add_up_to_their_variety(cases):
    working, path = cases["several volumes"]
    rows = list(openpyxl.load_workbook(path, data_only=True).worksheets[0].iter_rows(values_only=True))
    parts = [row for row in rows if str(row[1]).startswith("其中：")]
    # 100 000 × 2.00 = 200 000 and 10 000 × 4.00 = 40 000; 70 000 × awarded and 7 000 × 0.70
    assert sorted(row[4] for row in parts) == [40_000, 200_000]
    assert sum(as_amount(row[4]) for row in parts) == working.lines["gross_budget_amount"].iloc[0]


@needs_libreoffice
def test_a_changed_input_moves_the_result(cases, tmp_path):
    working, _path = cases["example A"]
    path = tmp_path / "changed.xlsx"
    path.write_bytes(statement_bytes([Stated(working)]))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    (score,) = [row[2] for row in sheet.iter_rows() if row[0].value == "考核得分"]
    assert score.value == 92
    score.value = 85
    book.save(path)
    (again,) = recalculated([path], tmp_path / "again")
    # 107 800 × 50 % × 90 %
    assert as_amount(results(again)["retained_amount"]) == 48_510 * YUAN


def test_what_is_stored_beside_the_formulas_are_our_figures(tmp_path):
    working = working_of("example A", tmp_path)
    book = openpyxl.load_workbook(BytesIO(statement_bytes([Stated(working)])), data_only=True)
    found = {
        RESULTS[row[0]]: row[2] for row in book.worksheets[0].iter_rows(values_only=True) if row[0] in RESULTS
    }
    assert found["retained_amount"] == 53_900 and found["staff_amount"] == 32_340


def test_a_name_that_looks_like_a_formula_stays_text(tmp_path):
    working = working_of("a loss offset", tmp_path)
    sheet = openpyxl.load_workbook(BytesIO(statement_bytes([Stated(working)]))).worksheets[0]
    named = [cell for row in sheet.iter_rows() for cell in row if cell.value == "涨价品种=1+1"]
    assert named and all(cell.data_type == "s" for cell in named)


@pytest.fixture
def city(tmp_path):
    """Two institutions; the first one's year is drafted."""
    engine = open_database(f"sqlite:///{tmp_path / 'city.db'}")
    source = {"import_id": 1, "row_number": 7}
    fill(
        engine,
        *bought(),
        purchase(1, date(2022, 1, 5), 100, 40, row=5),
        AgreedVolume(institution_id=2, batch_id=1, variety_id=1, agreement_year=1, reported_units=1_000,
                     agreed_units=700, **source),
        Assessment(institution_id=2, batch_id=1, agreement_year=1, score=80 * SHARE, **source),
    )  # fmt: skip
    draft(engine, Filters(institutions=("H1",)), 1, by="起草人")
    return engine


def test_the_zip_has_a_workbook_per_institution_and_the_summary(city):
    with reading(city) as connection:
        archive = zipfile.ZipFile(BytesIO(zipped(connection, Filters())))
    assert archive.namelist() == ["结余留用汇总表.xlsx", "H1_第一医院.xlsx", "H2_第二医院.xlsx"]
    texts = [
        str(cell.value)
        for row in openpyxl.load_workbook(archive.open("H1_第一医院.xlsx")).worksheets[0].iter_rows()
        for cell in row
    ]
    assert any("结算编号1，草稿" in text and "起草人" in text for text in texts)


def test_a_settled_statement_keeps_its_figures_when_the_data_moves(city):
    with writing(city) as connection:
        connection.execute(update(Assessment).where(col(Assessment.institution_id) == 1).values(score=0))
    with reading(city) as connection:
        book = openpyxl.load_workbook(
            BytesIO(statement(connection, Filters(institutions=("H1",)), 1)), data_only=True
        )
        (now,) = workings(connection, Filters(institutions=("H1",)), year=1)
    found = {row[0]: row[2] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert found["= 结余留用金额"] == 53_900 and now.row.retained_amount == 0


@needs_libreoffice
def test_the_summary_adds_up_per_institution_and_in_all(city, tmp_path):
    with reading(city) as connection:
        (tmp_path / "summary.xlsx").write_bytes(summary(connection, Filters()))
    (path,) = recalculated([tmp_path / "summary.xlsx"], tmp_path / "again")
    rows = list(openpyxl.load_workbook(path, data_only=True).worksheets[0].iter_rows(values_only=True))
    retained = {row[0]: as_amount(row[8]) for row in rows if row[0] in (1, 2, "总计")}
    # H2: (1 000 × 2.00 − 700 × 0.40) × 0.7 = 1 204.00; × 50 % × 90 % = 541.80
    assert retained == {1: 53_900 * YUAN, 2: 5_418_000, "总计": 53_900 * YUAN + 5_418_000}
    assert [as_amount(row[8]) for row in rows if row[0] == "小计"] == [53_900 * YUAN, 5_418_000]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("第一医院", "H1_第一医院.xlsx"), ("..\\..\\a/b", "H1_.. .. a b.xlsx"), ('院<>"|?*', "H1_院.xlsx")],
)
def test_no_name_leads_out_of_the_folder(city, name, expected):
    with writing(city) as connection:
        connection.execute(update(Institution).where(col(Institution.code) == "H1").values(name=name))
    with reading(city) as connection:
        (found,) = workings(connection, Filters(institutions=("H1",)), year=1)
    assert file_name(found) == expected
