"""Every page opens, on the sample city and on an empty ledger, in both languages; figures agree between them."""

import pytest

from dashboard.formats import amount_text
from dashboard.navigation import PAGES
from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.published import TABLES
from procurement.summary import summary
from tests.dashboard.opening import (
    FILES,
    FILES_OF_THE_BUREAU,
    cards,
    downloads,
    go_to,
    open_page,
    problems,
    tables,
    words,
)

WITH_FIGURES = [page.file for page in PAGES if page.has_filters and "official" in page.roles]


@pytest.fixture
def city(sample_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", sample_ledger)
    return sample_ledger


@pytest.fixture
def nothing(empty_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    return empty_ledger


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("file", FILES)
def test_a_page_opens_on_the_sample_city(city, file, language):
    app = open_page(file, lang=language)
    assert problems(app) == []
    assert app.title[0].value


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("file", FILES_OF_THE_BUREAU)  # no hospital yet, no hospital's people
def test_a_page_opens_on_an_empty_ledger(nothing, file, language):
    assert problems(open_page(file, lang=language)) == []


@pytest.mark.parametrize("file", WITH_FIGURES)
def test_an_empty_ledger_says_what_to_do_next(nothing, file):
    app = open_page(file)
    assert "下载模板" in words(app) and "vbp demo" in words(app)
    assert [button.label for button in app.main.button] == ["前往数据导入"]


@pytest.mark.parametrize("file", WITH_FIGURES)
def test_a_filter_that_leaves_nothing_says_how_to_widen(city, file):
    # A pharmacy buys no joint replacement, and a day before all purchases measures nothing.
    app = open_page(
        file, category="consumable", batch="国家组织人工关节", as_of="2019-06-01", variety="没有的品种"
    )
    assert problems(app) == []
    if file != "pages/prices.py":
        assert "放宽条件" in words(app)


def headline_figures(url, filters=Filters()):
    with reading(open_database(url)) as connection:
        return summary(connection, filters)


def test_the_overview_tells_the_summary(city):
    figures = headline_figures(city)
    shown = cards(open_page())
    assert shown["累计节约"] == amount_text(figures["saving"]["total"]) == "8.75亿元"
    assert shown["结余留用"] == amount_text(figures["retention"]["retained"])


@pytest.mark.parametrize("by", ["month", "batch", "category", "district", "institution", "variety"])
def test_the_total_of_every_savings_table_is_the_headline(city, by):
    app = open_page("pages/savings.py", by=by)
    total = headline_figures(city)["saving"]["total"]
    table = tables(app)[0]
    assert table.iloc[0, 0] == "合计"
    assert table["saving_amount"].iloc[0] == pytest.approx(total / 1e8, abs=1e-9)
    assert table["saving_amount"].iloc[1:].sum() == pytest.approx(total / 1e8, abs=1e-6)


def test_price_rises_are_listed_and_not_clipped(city):
    app = open_page("pages/savings.py")
    assert (tables(app)[1]["saving_amount"] < 0).all()
    assert "记为负数" in words(app)


def test_filters_narrow_every_page_alike(city):
    figures = headline_figures(city, Filters(districts=("范县",), category="drug"))
    app = open_page("pages/savings.py", district="范县", category="drug")
    assert cards(app)["累计节约"] == amount_text(figures["saving"]["total"])
    assert cards(go_to(app, "pages/overview.py"))["累计节约"] == amount_text(figures["saving"]["total"])


def test_those_who_need_attention_come_first(city):
    statuses = [status[0] for status in tables(open_page("pages/completion.py"))[0]["status"]]
    assert statuses[0] == "滞后"
    assert statuses == sorted(statuses, key=["滞后", "有风险", "正常", "超前", "未配置"].index)


def test_statuses_chosen_in_the_address_are_shown_alone(city):
    app = open_page("pages/completion.py", status="at_risk")
    assert {status[0] for status in tables(app)[0]["status"]} == {"有风险"}


def test_a_link_opens_one_variety(city):
    app = open_page("pages/prices.py", focus="冠脉支架系统｜国家组织冠脉支架")
    assert problems(app) == []
    assert cards(app)["执行日期"].endswith("日")
    assert set(tables(app)[1]["award_status"]) == {"中选", "非中选"}


def test_a_search_finds_a_product_by_its_maker(city):
    found = tables(open_page("pages/prices.py", q="齐鲁 普瑞巴林"))[0]
    assert len(found) and found["variety"].str.contains("普瑞巴林").all()


def test_one_settlement_shows_each_step_of_the_formula(city):
    app = open_page("pages/retention.py")
    row = tables(app)[0].iloc[0]
    focus = f"{row['institution_name']}｜{row['batch']}｜{row['agreement_year']}"
    app = open_page("pages/working.py", focus=focus)
    assert problems(app) == []
    for step in (
        "医保资金预算",
        "− 医保资金支出",
        "= 结余测算基数",
        "× 最高留用比例",
        "× 考核系数",
        "= 结余留用金额",
    ):
        assert f"| {step} |" in words(app)
    assert f"{row['retained_amount'] * 10_000:,.2f}元" in words(app)
    lines = next(frame for frame in tables(app) if "counted_amount" in frame)
    assert lines["counted_amount"].sum() == pytest.approx(row["surplus_base_amount"] * 10_000, abs=0.01)


def test_an_example_policy_is_said_to_be_one(city):
    assert "示例值，请按本市文件替换" in words(open_page("pages/retention.py"))


def test_the_basis_changes_what_is_spent(city):
    agreed = cards(open_page("pages/retention.py"))
    actual = cards(open_page("pages/retention.py", basis="actual"))
    assert agreed["医保资金预算"] == actual["医保资金预算"]
    assert agreed["医保资金支出"] != actual["医保资金支出"]


def test_every_table_of_figures_is_offered_as_a_workbook(city):
    for file in WITH_FIGURES:
        assert any("Excel" in label for label in downloads(open_page(file)))


def test_published_tables_name_columns_that_pages_can_draw():
    from dashboard.tables import column_config

    for table in TABLES.values():
        for column in table.columns.values():
            assert column_config(column)["label"]
