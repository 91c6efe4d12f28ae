"""The overview's workbook and deck are read back and compared with the figures they tell."""

from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from sqlalchemy import Engine

from dashboard.exports.data_basis import data_basis
from dashboard.exports.overview import Overview, drops_by_batch, gather, savings_by_month, top_varieties
from dashboard.exports.overview_workbook import overview_workbook, overview_workbook_of
from dashboard.exports.slide_frame import FONT
from dashboard.exports.slides import overview_deck, overview_deck_of
from dashboard.formats import amount_text
from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.language import _, in_language
from procurement.money import yuan
from procurement.tables import AgreedVolume
from tests.small_ledger import fill, purchase

AMOUNT = 10_000
TEN_THOUSAND = 10_000
TOTAL_LABEL = "合计"


@pytest.fixture(scope="module")
def ledger_of_three_months(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The worked example with three months of purchases; H2 has agreed and bought nothing."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('exports') / 'small.db'}")
    fill(
        engine,
        AgreedVolume(
            institution_id=2,
            batch_id=1,
            variety_id=1,
            agreement_year=1,
            agreed_units=1000,
            import_id=1,
            row_number=3,
        ),
        purchase(1, date(2021, 1, 5), 90_000, 36_000),
        purchase(2, date(2021, 1, 15), 10_000, 18_000, row=4),
        purchase(1, date(2021, 3, 20), 10, 4, row=5),
    )
    return engine


@pytest.fixture(scope="module")
def small(ledger_of_three_months: Engine) -> Overview:
    with reading(ledger_of_three_months) as connection:
        return gather(connection, area="示例市")


@pytest.fixture(scope="module")
def deck(small: Overview) -> Deck:
    return deck_of(overview_deck(small))


@pytest.fixture(scope="module")
def city(sample_ledger: str) -> Overview:
    with reading(open_database(sample_ledger)) as connection:
        return gather(connection, area="濮阳市")


def workbook(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content), data_only=True)


def deck_of(content: bytes) -> Deck:
    return Presentation(BytesIO(content))


def charts(deck: Deck) -> dict[int, list[Chart]]:
    """Charts by number of their slide, counted from 1."""
    return {
        number: [shape.chart for shape in slide.shapes if shape.has_chart]
        for number, slide in enumerate(deck.slides, 1)
    }


def texts(slide) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def titles(deck: Deck) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def test_the_workbook_opens_with_the_headline_figures(small):
    sheet = workbook(overview_workbook(small))["指标"]
    figures = {(row[1], row[3]): row[2] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert figures["累计节约", "元"] == float(yuan(small.summary["saving"]["total"]))
    assert figures["结余留用金额", "元"] == 53_900
    assert figures["最晚采购日期", None] == datetime(2021, 3, 20)
    assert [row[2] for row in sheet.iter_rows(values_only=True) if row[1] == "平均降幅（简单）"] == [
        0.8,
        None,
    ]


def test_the_workbook_totals_equal_the_summary(small):
    book = workbook(overview_workbook(small))
    assert book.sheetnames == ["指标", "价格", "节约（批次）", "节约（月）", "完成", "留用"]
    for name in ("节约（批次）", "节约（月）"):
        assert total_of(book, name, "节约金额(元)") == 146_016
    assert total_of(book, "留用", "结余留用金额(元)") == 53_900


def total_of(book: Workbook, sheet: str, label: str) -> float:
    rows = list(book[sheet].iter_rows(min_row=3, values_only=True))
    assert rows[-1][0] == TOTAL_LABEL
    return rows[-1][rows[0].index(label)]


def test_titles_say_the_finding(deck):
    assert titles(deck) == [
        "示例市集中带量采购运行情况",
        "累计节约14.60万元，近12个月节约14.60万元",
        "近12个月节约14.60万元，2021年1月节约最多，为14.60万元",
        "药品平均降幅80.0%",
        "节约最多的1个品种合计节约14.60万元，占累计节约的100.0%",
        "约定采购量已完成98.6%，1项滞后、0项有风险",
        "结余测算基数10.78万元，可留用5.39万元",
        "数字怎么算，还缺哪些依据",
    ]


def test_chart_workbooks_hold_the_unrounded_figures(deck):
    months, drops, varieties, statuses, steps = (
        list(charts(deck)[number][0].plots[0].series) for number in (3, 4, 5, 6, 7)
    )
    assert list(months[0].values) == [14.6, 0.0016]
    assert list(drops[0].values) == [0.8]
    assert list(varieties[0].values) == [14.6016]
    assert list(statuses[0].values) == [1, 0, 0, 1, 0]
    assert list(steps[1].values) == [14, 3.22, 10.78, 5.39, 3.234, 2.156]


def test_a_chart_opens_as_a_workbook(deck):
    chart = charts(deck)[5][0]
    sheet = load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    assert [cell.value for cell in sheet[2]] == ["V", 14.6016]


def test_every_letter_has_a_chinese_face(deck):
    for slide in deck.slides:
        for face in slide._element.iter(qn("a:latin")):
            assert face.getnext().get("typeface") == FONT
    for chart in [chart for found in charts(deck).values() for chart in found]:
        assert chart._chartSpace.find(".//" + qn("a:ea")).get("typeface") == FONT


def test_slides_carry_number_source_and_text_for_the_blind(deck):
    for slide in list(deck.slides)[1:]:
        assert slide._element.find(".//" + qn("a:fld")).get("type") == "slidenum"
        assert "数据截至2021年3月20日，来源：各医药机构采购记录" in texts(slide)
        for shape in slide.shapes:
            if shape.has_chart:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")


def test_nothing_reaches_over_the_edge_of_a_slide(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= deck.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= deck.slide_height


def test_gaps_are_counted_on_the_last_slide(small, deck):
    gaps = data_basis(small)
    assert gaps == [
        "2项结余（机构 × 批次 × 协议年度）中，1项缺依据，留用金额空缺：缺报量 1。",
        "2项结余的协议年度尚未结束，金额仍会变动。",
    ]
    assert gaps[0] in texts(list(deck.slides)[-1])


def test_lists_without_purchases_say_what_is_missing(sqlite_ledger):
    fill(sqlite_ledger)
    with reading(sqlite_ledger) as connection:
        deck = deck_of(overview_deck_of(connection))
        overview_workbook_of(connection)
    slides = list(deck.slides)
    assert [len(found) for found in charts(deck).values()] == [0, 0, 0, 1, 0, 0, 0, 0]
    assert "缺集采前价格或采购记录" in texts(slides[2])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_ledger_is_told_not_raised(empty_ledger, language):
    with in_language(language), reading(open_database(empty_ledger)) as connection:
        deck = deck_of(overview_deck_of(connection))
        book = workbook(overview_workbook_of(connection))
        assert titles(deck)[1] == _("还没有可以报告的数据")
        assert book.worksheets[0]["A2"].value.startswith(_("台账中还没有符合条件的数据。"))
        assert book.worksheets[1]["A4"].value == _("没有符合条件的数据。")


def test_the_deck_speaks_english(small):
    with in_language("en"):
        deck = deck_of(overview_deck(small))
        assert amount_text(small.summary["saving"]["total"]) in titles(deck)[1]
    assert list(charts(deck)[5][0].plots[0].series[0].values) == [0.146016]  # millions


def test_filters_are_told_by_their_names(ledger_of_three_months):
    filters = Filters(institutions=("H1",), category="drug", first_day=date(2021, 1, 1))
    with reading(ledger_of_three_months) as connection:
        told = gather(connection, filters).filters_text
    assert told == "类别：药品；机构：第一医院；采购日期：2021年1月1日起；数据截至2021年3月20日"


def test_the_citys_deck_tells_the_citys_figures(city):
    deck = deck_of(overview_deck(city))
    assert titles(deck)[1].startswith("累计节约8.75亿元")
    monthly = charts(deck)[3][0].plots[0]
    shown = sum(value or 0 for series in monthly.series for value in series.values)
    assert shown == pytest.approx(city.summary["saving"]["total"] / AMOUNT / TEN_THOUSAND, abs=1e-6)
    top = charts(deck)[5][0].plots[0]
    bars = [value for series in top.series for value in series.values if value is not None]
    assert len(bars) == len(top_varieties(city, 10)) == 10
    drops = [value for chart in charts(deck)[4] for value in chart.plots[0].series[0].values]
    assert sorted(drops) == pytest.approx(sorted(drops_by_batch(city.prices)["drop"]))


def test_the_citys_workbook_adds_up(city):
    book = workbook(overview_workbook(city))
    saving = city.summary["saving"]["total"] / AMOUNT
    for name in ("节约（批次）", "节约（月）"):
        assert total_of(book, name, "节约金额(元)") == pytest.approx(saving, abs=0.001)
    assert len(list(book["节约（月）"].iter_rows())) == len(savings_by_month(city)) + 4
    assert len(list(book["价格"].iter_rows())) == len(city.prices) + 3
