"""总额包干 and 预付与清算: the pages tell the figures, the statement recomputes them to the fen."""

import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dashboard.exports.sharing_settlements import sharing_settlements
from dashboard.exports.sharing_statement import sharing_statement, sharing_statements
from dashboard.formats import amount_text
from etl.importing import import_files
from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.measures.prepayment import prepayment_by_batch
from procurement.measures.sharing import sharing_totals
from procurement.money import AMOUNT_SCALE
from procurement.queries.policies import policy_book
from procurement.sharing import prepayment, sharing, sharing_members
from tests.dashboard.opening import cards, open_page, problems, tables, words
from tests.etl.books import xlsx
from tests.recalculated import needs_libreoffice, recalculated

SHARING, PREPAYMENT = "pages/sharing.py", "pages/prepayment.py"


@pytest.fixture
def city(sample_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", sample_ledger)
    return sample_ledger


def figures(url: str, filters: Filters = Filters(), of=sharing):
    engine = open_database(url)
    with reading(engine) as connection:
        found = of(connection, filters)
    engine.dispose()
    return found


# --- The page of the sharing schemes --------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["capitation", "global_budget", "budget_control"])
def test_each_scheme_shows_its_totals_and_its_rows(city, scheme):
    app = open_page(SHARING, scheme=scheme)
    assert problems(app) == []
    rows = figures(city)
    rows = rows[(rows["scheme"] == scheme) & (rows["year"] == 2022)]
    totals = sharing_totals(rows)
    shown = cards(app)
    assert shown["实际基金支出"] == amount_text(totals["fund_spending_amount"])
    assert shown["结余"] == amount_text(totals["sharing_surplus_amount"])
    assert len(tables(app)[0]) == len(rows)
    assert "缺少依据" in words(app)


def test_the_scheme_and_the_year_stand_in_the_address(city):
    every = open_page(SHARING, scheme="global_budget", year="all")
    one = open_page(SHARING, scheme="global_budget", year="2020")
    assert set(tables(one)[0]["year"]) == {2020}
    assert set(tables(every)[0]["year"]) == {2019, 2020, 2021, 2022}


def test_overruns_under_control_are_listed_for_review(city):
    app = open_page(SHARING, scheme="budget_control")
    rows = figures(city)
    reviewed = rows[rows["needs_review"].fillna(False).astype(bool)]
    assert "核查前不确定由谁承担" in words(app)
    assert list(tables(app)[1]["overrun_amount"]) == [v / AMOUNT_SCALE for v in reviewed["overrun_amount"]]
    assert "超支核查" not in [each.value for each in open_page(SHARING).subheader]


def test_one_settlement_shows_its_steps_and_its_members(city):
    row = figures(city).query("scheme == 'capitation' and members > 1").iloc[0]
    app = open_page(SHARING, focus=f"{row['institution_name']}｜{row['year']}")
    assert problems(app) == []
    for step in ("年度预算", "− 实际基金支出", "= 结余", "= 超支", "结余奖励", "机构承担超支", "基金部分"):
        assert f"| {step} |" in words(app)
    members = tables(app)[1]
    assert len(members) == row["members"]
    assert members["fund_spending_amount"].sum() == pytest.approx(row["fund_spending_amount"] / AMOUNT_SCALE)


def test_a_chosen_hospital_shows_how_its_surplus_came_down_the_years(city):
    row = figures(city).query("scheme == 'budget_control' and year == 2022").iloc[0]
    app = open_page(SHARING, scheme="budget_control", focus=f"{row['institution_name']}｜2022")
    chain = tables(app)[-1]
    assert list(chain["year"]) == [2020, 2021, 2022]
    assert list(chain["carried_in_amount"][1:]) == list(chain["carried_over_amount"][:-1])


def test_example_values_are_said_to_be_examples(city):
    assert "示例值，请按本市文件替换" in words(open_page(SHARING))


def test_a_clinic_leads_to_the_settlement_of_its_health_centre(city):
    members = figures(city, of=sharing_members)
    clinic = members[members["is_member"]].iloc[0]
    rows = figures(city, Filters(institutions=(clinic["institution_code"],)))
    assert set(rows["institution_id"]) == {clinic["settling_id"]}
    # Whoever may see the clinic alone sees nothing of its centre.
    assert figures(city, Filters(scope=(clinic["institution_code"],))).empty


def test_years_that_had_not_ended_are_left_out(city):
    assert figures(city, Filters(as_of=date(2021, 12, 30)))["year"].max() == 2020
    assert figures(city, Filters(as_of=date(2021, 12, 31)))["year"].max() == 2021


def test_a_district_narrows_the_settlements(city):
    rows = figures(city, Filters(districts=("范县",)))
    assert len(rows) and set(rows["district"]) == {"范县"}


# --- The page of the prepayment -------------------------------------------------------------------


def test_batches_are_the_sums_of_their_institutions(city):
    app = open_page(PREPAYMENT)
    assert problems(app) == []
    rows = figures(city, of=prepayment)
    batches = prepayment_by_batch(rows)
    for name in ("prepaid_amount", "cleared_amount", "outstanding_amount"):
        assert batches[name].sum() == rows[name].sum()
    assert cards(app)["预付金额"] == amount_text(rows["prepaid_amount"].sum())
    assert len(tables(app)[0]) == len(batches)


def test_a_chosen_batch_lists_its_institutions(city):
    rows = figures(city, of=prepayment)
    batch = rows.iloc[0]
    app = open_page(PREPAYMENT, focus=f"{batch['batch']}｜{batch['agreement_year']}")
    own = rows[(rows["batch"] == batch["batch"]) & (rows["agreement_year"] == batch["agreement_year"])]
    shown = tables(app)[1]
    assert shown["prepaid_amount"].sum() == pytest.approx(own["prepaid_amount"].sum() / AMOUNT_SCALE)


def test_a_category_narrows_the_prepayment(city):
    rows = figures(city, Filters(category="consumable"), of=prepayment)
    assert set(rows["category"]) == {"consumable"}


# --- The statement --------------------------------------------------------------------------------

STEPS = {
    "年度预算": "sharing_budget_amount",
    "+ 上年结转": "carried_in_amount",
    "= 可用预算": "available_budget_amount",
    "− 实际基金支出": "fund_spending_amount",
    "= 结余": "sharing_surplus_amount",
    "= 超支": "overrun_amount",
    "结余奖励": "granted_amount",
    "机构承担超支": "borne_amount",
    "结转下年": "carried_over_amount",
    "基金部分": "fund_share_amount",
}


def settlements(url: str) -> list:
    engine = open_database(url)
    with reading(engine) as connection:
        rows, members = sharing(connection), sharing_members(connection)
        found = list(sharing_settlements(rows, rows, members, policy_book(connection)))
    engine.dispose()
    return found


def written(settlements: list, folder: Path) -> list[Path]:
    paths = [folder / f"{number}.xlsx" for number in range(len(settlements))]
    for path, settlement in zip(paths, settlements, strict=True):
        path.write_bytes(sharing_statement(settlement))
    return paths


def steps_of(path: Path) -> dict[str, object]:
    """What the second part of a statement says, by its labels."""
    sheet = openpyxl.load_workbook(path, data_only=True).active
    texts = [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
    first = texts.index("二、清算") + 2
    last = texts.index("三、政策参数及来源")
    return {sheet.cell(row + 1, 1).value: sheet.cell(row + 1, 4).value for row in range(first, last)}


def compare(settlement, told: dict[str, object]) -> int:
    """Every step that the statement tells is our figure to the fen, or a dash where we have none."""
    compared = 0
    for label, column in STEPS.items():
        if label not in told:
            continue
        ours = getattr(settlement.row, column)
        if pd.isna(ours):
            assert told[label] == "—", (settlement.title, label)
        else:
            fen = Decimal(int(ours)) / AMOUNT_SCALE
            assert Decimal(repr(float(told[label]))) == fen, (settlement.title, label, told[label])
            compared += 1
    return compared


@needs_libreoffice
def test_every_statement_of_the_city_recomputes_to_the_fen(city, tmp_path):
    found = settlements(city)
    made = recalculated(written(found, tmp_path), tmp_path / "recalculated")
    compared = [compare(each, steps_of(path)) for each, path in zip(found, made, strict=True)]
    assert len(found) > 60 and sum(compared) > 400


HALVES = """
    机构编码 | 年度 | 包干方式 | 参保人数 | 年度预算 | 实际基金支出
    C1 | 2022 | 按人头包干 | 333 |          | 12345.675
    V1 | 2022 | 按人头包干 | 1   |          | 0.005
    V2 | 2022 | 按人头包干 | 7   | 1234.565 | 1.005
    H1 | 2021 | 总额预算   |     | 100.01   | 33.34
    H1 | 2022 | 总额预算   |     | 1000.01  | 999.98
    H2 | 2020 | 总额预算   |     |          | 1000.07
    H2 | 2021 | 总额预算   |     |          | 1000.04
    H2 | 2022 | 总额预算   |     |          | 1050.03
    H3 | 2020 | 总额控制   |     | 70.35    | 1.005
    H3 | 2021 | 总额控制   |     | 70.35    | 140
    H3 | 2022 | 总额控制   |     | 70.35    |
"""


@needs_libreoffice
def test_halves_of_a_fen_recompute_as_we_round_them(tmp_path):
    url = f"sqlite:///{tmp_path / 'halves.db'}"
    register = (
        "机构编码 | 机构名称 | 机构类别 | 上级机构编码\nC1 | 甲镇卫生院 | 基层医疗机构 |\n"
        "V1 | 乙村卫生室 | 基层医疗机构 | C1\nV2 | 丙村卫生室 | 基层医疗机构 | C1\n"
        "H1 | 丁医院 | 医院 |\nH2 | =戊医院 | 医院 |\nH3 | 己医院 | 医院 |"
    )
    reports = import_files(open_database(url), [("a.xlsx", xlsx(register)), ("b.xlsx", xlsx(HALVES))])
    assert [report.status for report in reports] == ["loaded", "loaded"]
    found = settlements(url)
    made = recalculated(written(found, tmp_path), tmp_path / "recalculated")
    assert sum(compare(each, steps_of(path)) for each, path in zip(found, made, strict=True)) > 40


def test_a_statement_tells_whose_it_is_its_sources_and_where_to_sign(city):
    settlement = next(s for s in settlements(city) if s.row.scheme == "capitation")
    book = openpyxl.load_workbook(io.BytesIO(sharing_statement(settlement)))
    sheet = book.active
    texts = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    for told in (settlement.row.institution_name, "日照市2016年", "示例值，请按本市文件替换", "经办人"):
        assert told in texts
    assert (
        sum(isinstance(c.value, str) and c.value.startswith("=") for row in sheet.iter_rows() for c in row)
        > 8
    )
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait", 9)


def test_all_statements_go_into_one_archive(city):
    found = settlements(city)
    with zipfile.ZipFile(io.BytesIO(sharing_statements(found))) as archive:
        assert len(set(archive.namelist())) == len(found)


# --- The command line -----------------------------------------------------------------------------


def test_the_command_line_gives_both_tables_as_json(city, capsys):
    from dashboard.command_line import app

    for name, keys in (
        (
            "sharing",
            "institution_code institution_name year scheme members persons budget budget_source carried_in "
            "spending surplus overrun granted borne fund_share carried_over next_budget needs_review reason",
        ),
        (
            "prepayment",
            "institution_code institution_name batch agreement_year agreed ratio prepaid purchased cleared "
            "outstanding reason",
        ),
    ):
        app(["table", name, "--json", "--db", city], standalone_mode=False)
        rows = json.loads(capsys.readouterr().out)
        assert rows and list(rows[0]) == keys.split()
        amounts = {key: value for key, value in rows[0].items() if key in ("budget", "prepaid")}
        assert all(Decimal(value) > 0 for value in amounts.values())
