"""The doors before the dashboard, as people meet them: sign in, change the first password, leave; the demo's choice."""

import shutil
import sqlite3

import pytest
from playwright.sync_api import Browser

from dashboard.demo_roles import LOADED_BY, prepare
from procurement.database import open_database
from procurement.people import accounts
from tests.browser.conftest import RUN_ENDED
from tests.browser.test_pages import ENGLISH
from tests.people import PASSWORD
from tests.serving import serving

pytestmark = pytest.mark.browser

HOSPITAL = "H41090200001"


@pytest.fixture(scope="module")
def city(browser, loaded_puyang, tmp_path_factory):
    """A ledger of the sample that holds nothing but what the demo loaded."""
    path = shutil.copy(loaded_puyang, tmp_path_factory.mktemp("doors") / "city.db")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE import SET imported_by = ?", [LOADED_BY])
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def address(city):
    engine = open_database(city)
    accounts.add(engine, "boss", "administrator", by="test", password=PASSWORD)
    engine.dispose()
    with serving(city) as address:
        yield address


@pytest.fixture
def page(browser: Browser):
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    yield page
    context.close()


def sign_in(page, address, name, password, path="/login"):
    page.goto(f"{address}{path}")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.click("form[action='/login'] button")


def test_who_is_not_signed_in_comes_to_the_page_that_was_asked_for_after_it(page, address):
    sign_in(page, address, "boss", PASSWORD, "/savings?district=x")
    page.wait_for_selector(RUN_ENDED)
    assert page.url.split("?")[0] == f"{address}/savings"
    assert page.complaints == []


def test_a_wrong_password_is_told_in_a_sentence_and_the_name_stays(page, address):
    sign_in(page, address, "boss", "not the password")
    assert "账号或密码不正确" in page.inner_text("[role=alert]")
    assert page.input_value("input[name=name]") == "boss"
    assert page.input_value("input[name=password]") == ""


def test_the_first_password_is_changed_before_anything_is_shown(page, address, city):
    engine = open_database(city)
    first = accounts.add(engine, "li", "reporter", by="test", scope=[("institution", HOSPITAL)])
    engine.dispose()
    sign_in(page, address, "li", first)
    assert page.url == f"{address}/account" and not ENGLISH.findall(page.inner_text("body"))
    page.goto(f"{address}/savings")
    assert page.url == f"{address}/account"
    page.fill("input[name=old]", first)
    page.fill("input[name=password]", "a much better one")
    page.fill("input[name=again]", "a much better one")
    page.click("form[action='/account/password'] button")
    page.wait_for_selector(RUN_ENDED)
    assert "机构填报员" in page.inner_text("[data-testid=stSidebar]")


def test_who_signed_out_is_told_so_in_the_tab_that_is_still_open(page, address):
    sign_in(page, address, "boss", PASSWORD)
    page.wait_for_selector(RUN_ENDED)
    other = page.context.new_page()
    other.goto(f"{address}/account")
    other.click("form[action='/logout'] button")
    assert "已退出登录" in other.inner_text("[role=status]")
    page.get_by_role("link", name="节约成效").click()
    page.get_by_text("登录已结束").wait_for()
    assert page.locator("[data-testid=stMetric]").count() == 0
    page.get_by_text("重新登录").click()
    page.wait_for_url(f"{address}/login")


def test_the_demo_offers_roles_instead_of_a_password(page, city):
    engine = open_database(city)
    prepare(engine)
    engine.dispose()
    with serving(city, is_demo=True) as address:
        page.goto(str(address))
        assert not ENGLISH.findall(page.inner_text("body"))
        assert not page.locator("input[type=password]").count()
        page.click("button[value=demo-reporter]")
        page.wait_for_selector(RUN_ENDED)
        assert "机构填报员" in page.inner_text("[data-testid=stSidebar]")
        assert page.complaints == []
