"""Agreed volumes of an area: kept apart, compared with the sum of its institutions, counted nowhere else."""

import pytest
from sqlalchemy import Engine

from etl.importing import Report, import_files
from procurement import figures
from procurement.database import reading
from procurement.filters import Filters
from procurement.published import TABLES, records
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST, Load
from tests.etl.reading import asked, codes

INSTITUTIONS = """
    机构编码     | 机构名称        | 机构类别 | 区县
    H001        | 示例市第一医院   | 医院    | 东区
    H002        | 示例市中医医院   | 医院    | 西区
    H003        | 示例市东区医院   | 医院    | 东区
"""
HEAD = "区县|机构名称|批次|品种|产品编码|约定采购量|单位\n"
AREAS = "select area, agreed_units, product_id is null from area_volume order by area, agreed_units"


@pytest.fixture
def load(ledger: Engine) -> Load:
    """Import one workbook into a small city with districts, on each database."""
    reports = import_files(ledger, [("机构.xlsx", xlsx(INSTITUTIONS)), ("中选.xlsx", xlsx(BATCH_LIST))])
    assert [report.status for report in reports] == ["loaded", "loaded"]

    def load_one(book: str, name: str = "约定.xlsx", **options: object) -> Report:
        return import_files(ledger, [(name, xlsx(book))], **options)[0]  # type: ignore[arg-type]

    return load_one


def volume(area: str, institution: str, units: object, code: str = "", variety: str = "甲口服常释") -> str:
    return f"{area}|{institution}|七批|{variety}|{code}|{units}|片\n"


HOSPITALS = (
    volume("东区", "示例市第一医院", 1000)
    + volume("西区", "示例市中医医院", 500)
    + volume("东区", "示例市东区医院", 200)
)


def table(ledger: Engine, filters: Filters = Filters()) -> list[dict]:
    with reading(ledger) as connection:
        return records(figures.area_volumes(connection, filters), TABLES["area-volumes"].columns)


def told(report: Report) -> list[tuple]:
    return [
        (p.cell, p.params["area"], p.params["stated"], p.params["total"], p.params["difference"])
        for p in report.problems
        if p.kind.code == "area-total-differs"
    ]


def test_a_total_beside_its_institutions_is_not_counted_twice(ledger: Engine, load: Load):
    report = load(HEAD + volume("全市", "", 1700) + HOSPITALS)
    assert (report.status, codes(report), report.rows) == ("loaded", ["area-totals-kept"], 4)
    assert asked(ledger, "select count(*), sum(agreed_units) from agreed_volume") == [(3, 1700)]
    assert [row[:2] for row in asked(ledger, AREAS)] == [("全市", 1700)]
    with reading(ledger) as connection:
        assert figures.agreements(connection)["agreed_units"].sum() == 1700


def test_a_total_may_stand_in_the_place_of_the_institution(ledger: Engine, load: Load):
    load(HEAD + volume("", "全市", 1700) + volume("", "东区", 1200) + HOSPITALS)
    assert [row[:2] for row in asked(ledger, AREAS)] == [("东区", 1200), ("全市", 1700)]


def test_a_total_that_is_not_the_sum_is_told_with_both_figures(load: Load):
    report = load(
        HEAD + HOSPITALS + volume("全市", "", 1800) + volume("东区", "", 1200) + volume("西区", "", 400)
    )
    assert told(report) == [("F5", "全市", "1,800", "1,700", "100"), ("F7", "西区", "400", "500", "-100")]


@pytest.mark.parametrize("first", ["areas", "institutions"])
def test_the_check_is_made_whichever_is_loaded_first(load: Load, first):
    areas, hospitals = HEAD + volume("东区", "", 1300), HEAD + HOSPITALS
    books = [areas, hospitals] if first == "areas" else [hospitals, areas]
    assert codes(load(books[0], name="一.xlsx")) == []
    assert [row[1:] for row in told(load(books[1], name="二.xlsx"))] == [("东区", "1,300", "1,200", "100")]


def test_a_corrected_institution_is_compared_as_it_will_be(load: Load):
    load(HEAD + HOSPITALS + volume("东区", "", 1300), name="一.xlsx")
    assert told(load(HEAD + volume("东区", "示例市第一医院", 1100), name="二.xlsx")) == []


def test_volumes_of_products_count_in_the_strength_of_the_variety(ledger: Engine, load: Load):
    """A2 has half the strength: 1 000 of it are 500 of the variety's main strength."""
    rows = volume("东区", "示例市第一医院", 1000, "A2") + volume("东区", "示例市东区医院", 200, "A1")
    report = load(HEAD + rows + volume("东区", "", 700) + volume("全市", "", 900, "A2"))
    assert [row[1:] for row in told(report)] == [("全市", "450", "500", "-50")]
    assert [(r["area"], r["product_code"], r["difference_units"]) for r in table(ledger)] == [
        ("东区", None, 0),
        ("全市", "A2", -50),
    ]


def test_a_city_table_of_volumes_needs_no_institution(ledger: Engine, load: Load):
    """地区 | 品种 | 规格 | 首年约定采购量（万片/万支/万袋), as published for the eleven pilot cities."""
    book = "地区|品种|规格|首年约定采购量（万片/万支/万袋）\n示例市|甲口服常释|20mg|29.382\n别的市|甲口服常释|20mg|5\n"
    assert codes(load(book)) == ["answer-needed"]
    assert load(book, answers={"batch": "七批", "area": "示例市"}).status == "loaded"
    assert [row[:2] for row in asked(ledger, AREAS)] == [("全市", 293_820), ("别的市", 50_000)]
    assert [(r["area"], r["stated_units"], r["institutions_units"]) for r in table(ledger)] == [
        ("全市", 293_820, None),
        ("别的市", 50_000, None),
    ]


def test_an_institution_that_is_named_at_the_import_owns_all_rows(ledger: Engine, load: Load):
    load("区县|批次|品种|约定采购量|单位\n东区|七批|甲口服常释|1000|片", institution="H001")
    assert asked(ledger, "select agreed_units from agreed_volume") == [(1000,)]
    assert asked(ledger, AREAS) == []


def test_a_row_that_names_neither_is_reported(load: Load):
    report = load(HEAD + volume("", "", 1700) + HOSPITALS)
    assert [(p.kind.code, p.cell) for p in report.problems] == [("empty-cell", "B2")]


def test_a_total_below_the_hospitals_is_not_the_last_ones(ledger: Engine, load: Load):
    """A blank cell below a hospital may be filled from above; not where an area stands beside it."""
    assert load(HEAD + HOSPITALS + volume("全市", "", 1700)).status == "loaded"
    assert asked(ledger, "select sum(agreed_units) from agreed_volume") == [(1700,)]
    assert [row[:2] for row in asked(ledger, AREAS)] == [("全市", 1700)]


def test_the_same_area_twice_is_a_duplicate(load: Load):
    assert codes(load(HEAD + volume("全市", "", 1700) + volume("本市", "", 1700))) == ["duplicate-row"]


def test_the_same_file_with_totals_again_is_unchanged(load: Load):
    statuses = [
        load(HEAD + volume("全市", "", 1700) + HOSPITALS, name=name).status for name in ("一.xlsx", "二.xlsx")
    ]
    assert statuses == ["loaded", "unchanged"]


def test_a_total_that_comes_again_replaces_the_first(ledger: Engine, load: Load):
    load(HEAD + volume("全市", "", 1700), name="一.xlsx")
    load(HEAD + volume("全市", "", 1800), name="二.xlsx")
    assert [row[:2] for row in asked(ledger, AREAS)] == [("全市", 1800)]


def test_a_file_that_replaces_withdraws_its_own_institutions_and_areas(ledger: Engine, load: Load):
    second = volume("东区", "示例市第一医院", 300, variety="乙注射剂").replace("片", "支")
    load(
        HEAD
        + HOSPITALS
        + second
        + volume("东区", "", 1200)
        + volume("东区", "", 9, variety="乙注射剂").replace("片", "支")
    )
    again = HEAD + volume("东区", "示例市第一医院", 900) + volume("东区", "", 1100)
    report = load(again, name="二.xlsx")
    assert codes(report) == ["area-totals-kept", "not-in-new-list"]
    assert report.problems[1].params["count"] == 2
    assert load(again.replace("900", "901"), name="三.xlsx", mode="replace").status == "loaded"
    left = "select institution.code, agreed_units from agreed_volume join institution on institution.id = institution_id order by 1"
    assert asked(ledger, left) == [("H001", 901), ("H002", 500), ("H003", 200)]
    assert [row[:2] for row in asked(ledger, AREAS)] == [("东区", 1100)]


def test_another_agreement_year_is_not_withdrawn(ledger: Engine, load: Load):
    head = "机构名称|批次|品种|协议年度|约定采购量|单位\n示例市第一医院|七批|甲口服常释|"
    load(head + "1|100|片", name="一.xlsx")
    assert codes(load(head + "2|200|片", name="二.xlsx", mode="replace")) == []
    assert asked(ledger, "select agreed_units from agreed_volume order by 1") == [(100,), (200,)]


def test_a_reader_with_a_scope_sees_no_totals_of_areas(ledger: Engine, load: Load):
    load(HEAD + HOSPITALS + volume("全市", "", 1700))
    assert table(ledger, Filters(scope=("H001",))) == []
    assert len(table(ledger, Filters(institutions=("H001",)))) == 1
    assert table(ledger, Filters(institutions=("H001",)))[0]["institutions_units"] == 1700
