"""月度上报: who has reported, closing and opening again, reminders; what each role may do."""

from datetime import date

import pytest

from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.reporting import close, month_states
from tests.dashboard.opening import cards, open_page, problems, tables, words
from tests.dashboard.test_import_page import APRIL, MARCH, button, labels, load
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS

PAGE = "pages/months.py"
THIRD = date(2022, 3, 1)


@pytest.fixture
def city_url(empty_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    load(empty_ledger, ("机构.xlsx", xlsx(INSTITUTIONS)), ("中选.xlsx", xlsx(BATCH_LIST)))
    load(empty_ledger, ("三月.xlsx", xlsx(MARCH)), ("四月.xlsx", xlsx(APRIL)))
    return empty_ledger


def states(url, month=THIRD):
    with reading(open_database(url)) as connection:
        rows = month_states(connection, Filters(), month, month)
    return dict(zip(rows["institution_code"], rows["month_state"], strict=True))


def test_the_page_begins_with_the_last_month_and_takes_another(city_url):
    app = open_page(PAGE)
    assert problems(app) == []
    assert app.main.selectbox[0].value == "2022-04"
    assert list(tables(app)[0]["institution_name"]) == ["示例市中医医院"]
    app = open_page(PAGE, month="2022-03")
    row = tables(app)[0].iloc[0]
    assert (row["institution_name"], row["report_state"], row["paid_amount"]) == (
        "示例市第一医院",
        "已上报",
        218.0,
    )
    assert cards(app) == {"已上报": "1家", "待上报": "0家", "逾期未报": "0家", "已关账": "0家"}


def test_a_month_is_closed_and_told(city_url):
    app = button(open_page(PAGE, month="2022-03"), "关账").click().run()
    assert problems(app) == []
    assert "已关账3家" in words(app)
    assert set(states(city_url).values()) == {"closed"}
    assert "所选机构在2022年3月都已关账" in words(app)


def test_opening_again_needs_a_choice_and_a_reason(city_url):
    close(open_database(city_url), THIRD, None, "official")
    app = open_page(PAGE, month="2022-03")
    app = app.main.segmented_control[0].set_value("reopen").run()
    assert "请先在上表中选择" in words(app)
    assert not [label for label in labels(app) if label.startswith("重新开放")]


def test_an_official_of_a_district_closes_its_institutions_alone(city_url):
    button(open_page(PAGE, scope=(("institution", "H001"),), month="2022-03"), "关账").click().run()
    assert states(city_url) == {"H001": "closed", "H002": "open", "P001": "open"}


@pytest.mark.parametrize("role", ["leadership", "administrator"])
def test_who_may_not_close_is_offered_nothing(city_url, role):
    app = open_page(PAGE, role=role, month="2022-03")
    assert problems(app) == []
    assert not [label for label in labels(app) if label.startswith(("关账", "重新开放"))]


def test_an_official_who_lost_the_role_meanwhile_closes_nothing(city_url):
    from procurement.people import accounts

    app = open_page(PAGE, month="2022-03")
    accounts.disable(open_database(city_url), "official", by="test")
    button(app, "关账").click().run()
    assert states(city_url)["H001"] == "submitted"
