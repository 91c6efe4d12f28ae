"""测算模拟: what is changed on the page is computed by the measure and shown at once."""

from decimal import Decimal

import pytest

from dashboard.formats import amount_text, yuan_text
from procurement import advice
from procurement.database import open_database, reading
from procurement.measures.changes import Changes
from procurement.measures.whatif import compared
from tests.dashboard.opening import cards, downloads, open_page, problems, tables, words

KEY = ("H41090200001", "省际联盟骨科创伤", 1)
FOCUS = "濮阳市示例第一医院｜省际联盟骨科创伤｜1"
CARDS = {
    "结余留用金额": "retained_amount",
    "结余测算基数": "surplus_base_amount",
    "用于人员薪酬": "staff_amount",
    "采购总金额": "invoice_amount",
}


@pytest.fixture
def city(sample_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", sample_ledger)
    return sample_ledger


@pytest.fixture
def page(city):
    return open_page("pages/whatif.py", focus=FOCUS)


def widget(name):
    return f"whatif_{name}_{'_'.join(map(str, KEY))}"


def expected(city, **changes):
    with reading(open_database(city)) as connection:
        rows = compared(advice.whatif(connection, *KEY, Changes(**changes)))
    return rows.set_index("amount_name")["then_amount"]


def shown(app):
    return {name: cards(app)[name] for name in CARDS}


def told(amounts):
    return {name: amount_text(amounts[column]) for name, column in CARDS.items()}


def test_the_page_begins_with_the_settlement_as_it_is(city, page):
    assert problems(page) == []
    assert shown(page) == told(expected(city))
    assert {metric.delta for metric in page.metric} == {"未变"}
    assert "尚未改用" in words(page)


def test_moving_use_is_computed_at_once(city, page):
    page.slider(key=widget("shift")).set_value(50).run()
    assert problems(page) == []
    amounts = expected(city, shift=Decimal("0.5"))
    assert shown(page) == told(amounts)
    saved = expected(city)["invoice_amount"] - amounts["invoice_amount"]
    assert yuan_text(saved) in words(page)  # the price effect
    assert page.metric[0].delta.startswith("+") and page.metric[4].delta.startswith("-")


def test_score_ratio_staff_share_and_volumes_are_computed_together(city, page):
    for name, value in {"score": 95.0, "ratio": 40.0, "staff": 65.0, "agreed": 90.0}.items():
        page.number_input(key=widget(name)).set_value(value)
    page.run()
    wanted = {"score": Decimal(95), "maximum_ratio": Decimal("0.4"), "staff_share": Decimal("0.65")}
    assert shown(page) == told(expected(city, agreed_factor=Decimal("0.9"), **wanted))


def test_no_more_than_the_limits_in_force_can_be_entered(page):
    ratio, staff = (page.number_input(key=widget(name)) for name in ("ratio", "staff"))
    assert (ratio.max, staff.min, staff.max) == (50, 60, 70)


def test_all_switches_are_taken_and_given_back_with_a_button(city, page):
    before = shown(page)
    page.button(key="take_all").click().run()
    with reading(open_database(city)) as connection:
        together = advice.switches(connection, *KEY).iloc[-1]
    assert cards(page)["结余留用金额"] == amount_text(together["retained_amount"])
    assert page.slider(key=widget("shift")).value == 100
    assert yuan_text(together["gain_amount"]) in words(page)
    page.button(key="reset").click().run()
    assert shown(page) == before


def test_the_ranked_list_ends_with_all_together(page):
    ranked = tables(page)[-1]
    assert ranked["switch_text"].iloc[-1] == "全部采用"
    gains = ranked["gain_amount"].iloc[:-1]
    assert gains.is_monotonic_decreasing
    assert any("尚差6分" in text for text in ranked["switch_text"])


def test_another_settlement_begins_from_its_own_values(page):
    page.slider(key=widget("shift")).set_value(50).run()
    page.selectbox(key="focus").set_value("濮阳市示例第一医院｜省际联盟骨科创伤｜2").run()
    assert problems(page) == []
    assert page.slider(key=widget("shift").removesuffix("1") + "2").value == 0
    assert "年度未结束" in words(page)
    assert page.query_params["focus"] == "濮阳市示例第一医院｜省际联盟骨科创伤｜2"


def test_a_settlement_without_a_score_says_so_and_can_be_tried(city):
    with reading(open_database(city)) as connection:
        from procurement.figures import retention

        rows = retention(connection)
    row = rows[rows["reason"] == "no_score"].iloc[0]
    app = open_page(
        "pages/whatif.py", focus=f"{row['institution_name']}｜{row['batch']}｜{row['agreement_year']}"
    )
    assert problems(app) == []
    assert "缺考核得分" in words(app)
    name = f"whatif_score_{row['institution_code']}_{row['batch']}_{row['agreement_year']}"
    app.number_input(key=name).set_value(95.0).run()
    assert problems(app) == []
    assert cards(app)["结余留用金额"].endswith("元")


def test_the_advice_and_the_list_are_offered(page):
    assert downloads(page) == ["下载指导意见（Word）", "下载Excel"]
