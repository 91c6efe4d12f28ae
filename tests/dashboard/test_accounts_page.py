"""账号管理: the list, adding, changing, disabling, a first password that is shown once, and who may do it."""

import re
from itertools import product

import pytest

from dashboard.navigation import PAGES
from dashboard.role_matrix import ACTIONS, matrix
from procurement.database import open_database, reading
from procurement.people import accounts, signing_in
from procurement.people.passwords import is_right
from procurement.people.permissions import MAY
from procurement.people.trail import events
from procurement.tables import Account, Institution
from procurement.tables.people import ROLES
from tests.dashboard.opening import downloads, open_page, problems, tables, words
from tests.people import account, cheap_argon2
from tests.small_ledger import fill

PAGE = "pages/accounts.py"


@pytest.fixture
def city(empty_ledger, monkeypatch):
    """H1 in 东区, H2 in 西区, two shops of a chain; a manager of H1."""
    cheap_argon2(monkeypatch)
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    engine = open_database(empty_ledger)
    shops = [
        Institution(
            code=f"P{at}", name=f"{at}店", kind="pharmacy", district="东区", chain="大药房", import_id=1
        )
        for at in (1, 2)
    ]
    fill(engine, *shops)
    account(engine, "manager", (("institution", "H1"),), "zhang")
    yield engine
    engine.dispose()


def opened():
    app = open_page(PAGE, role="administrator")
    assert problems(app) == []
    return app


def field(app, kind: str, label: str, at: int = 0):
    return [each for each in app.main.get(kind) if each.label == label][at]


def click(app, label: str):
    app = next(each for each in app.main.button if each.label == label).click().run()
    assert problems(app) == []
    return app


def choose(app, name: str):
    field(app, "selectbox", "要办理的账号").set_value(name)
    app = app.run()
    assert problems(app) == []
    return app


def kept(engine, name: str):
    with reading(engine) as connection:
        return connection.execute(Account.__table__.select().where(Account.__table__.c.name == name)).one()


def said(engine, name: str):
    with reading(engine) as connection:
        return accounts.said_of(connection, name)


def last_event(engine):
    with reading(engine) as connection:
        return events(connection, most=1).iloc[0]


def test_the_list_shows_who_may_sign_in_and_see_what(city):
    app = opened()
    (rows,) = tables(app)
    rows = rows.set_index("account_name")
    assert rows.loc["zhang", ["account_role", "account_scope", "is_active"]].tolist() == [
        "机构负责人",
        "第一医院",
        "是",
    ]
    assert rows.loc["administrator", "account_scope"] == "全市"
    assert "共2个账号，其中2个可以登录" in words(app) and downloads(app) == ["下载Excel"]


def test_an_account_is_added_and_its_first_password_shown_once(city):
    app = opened()
    field(app, "selectbox", "角色").set_value("manager")
    app = app.run()
    field(app, "text_input", "账号").set_value("li")
    field(app, "text_input", "姓名").set_value("李四")
    field(app, "multiselect", "机构").set_value(["H2"])
    field(app, "multiselect", "连锁").set_value(["大药房"])
    app = click(app.run(), "建立账号")
    assert "已建立账号“li”" in words(app) and "只显示这一次" in words(app)
    (code,) = app.main.get("code")
    assert is_right(code.value, kept(city, "li").password_hash) and kept(city, "li").must_change_password
    assert said(city, "li").scope == [("chain", "大药房"), ("institution", "H2")]
    assert (last_event(city)["actor"], last_event(city)["actor_role"]) == ("administrator", "administrator")
    app = app.run()
    assert not app.main.get("code") and "已建立" not in words(app)
    assert field(app, "text_input", "账号").value == ""  # fresh fields


FIELDS = {
    "administrator": [],
    "official": ["区县"],
    "leadership": ["区县"],
    "manager": ["机构", "连锁"],
    "reporter": ["机构", "连锁"],
}


def test_a_role_asks_for_the_scope_that_it_needs(city):
    app = opened()
    for role in ROLES:
        field(app, "selectbox", "角色").set_value(role)
        app = app.run()
        assert [each.label for each in app.main.multiselect] == FIELDS[role], role


def test_what_is_refused_is_told_and_the_fields_stay(city):
    app = opened()
    field(app, "text_input", "账号").set_value("ZHANG")
    app = click(app.run(), "建立账号")
    assert "已有名为“ZHANG”的账号" in app.main.error[0].value
    assert field(app, "text_input", "账号").value == "ZHANG" and not app.main.get("code")


def test_role_scope_and_name_are_changed(city):
    app = choose(opened(), "zhang")
    assert field(app, "multiselect", "机构").value == ["H1"]
    field(app, "text_input", "姓名", 0).set_value("张三")
    field(app, "selectbox", "角色", 0).set_value("official")
    app = app.run()
    field(app, "multiselect", "区县", 0).set_value(["西区"])
    app = click(app.run(), "保存更改")
    assert "已更改账号“zhang”" in words(app)
    assert said(city, "zhang") == accounts.Said("official", "张三", [("district", "西区")])


def test_an_account_is_disabled_enabled_reset_and_signed_out(city):
    def begun() -> str:
        return signing_in.token_hash(signing_in.begin(city, kept(city, "zhang").id, "10.0.0.7"))

    app, hashed = choose(opened(), "zhang"), begun()
    app = click(app, "在所有设备上退出")
    assert "在所有设备上的登录" in words(app) and signing_in.reader_of(city, hashed) is None
    hashed = begun()
    app = click(app, "停用账号")
    assert not kept(city, "zhang").is_active and signing_in.reader_of(city, hashed) is None
    app = click(app, "恢复账号")
    assert kept(city, "zhang").is_active
    app = click(app, "重置密码")
    (code,) = app.main.get("code")
    assert is_right(code.value, kept(city, "zhang").password_hash)


def test_the_last_administrator_is_kept(city):
    app = choose(opened(), "administrator")
    assert "唯一能登录的系统管理员" in click(app, "停用账号").main.error[0].value


def test_who_has_no_password_is_given_none(city):
    accounts.add(city, "wang", "official", by="test", subject="issuer 1")
    assert "重置密码" not in [each.label for each in choose(opened(), "wang").main.button]


def test_a_button_of_somebody_who_has_lost_the_role_does_nothing(city):
    """The page was drawn while they still had it."""
    app = choose(opened(), "zhang")
    account(city, "administrator", name="second")
    accounts.change(city, "administrator", by="second", role="leadership", scope=())
    app = next(each for each in app.main.button if each.label == "停用账号").click().run()
    assert kept(city, "zhang").is_active
    assert last_event(city)["audit_action"] == "account-changed"


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_nobody_else_has_the_page(role):
    assert all(role not in page.roles for page in PAGES if page.file in (PAGE, "pages/audit.py"))
    assert role not in MAY["manage-accounts"] | MAY["read-audit"]


def test_the_matrix_tells_every_page_and_every_action():
    assert set(ACTIONS) == set(MAY)
    lines = [line.strip("| ").split(" | ") for line in matrix().splitlines()]
    rows = {re.sub("（.*", "", title): marks for title, *marks in lines}
    for (action, roles), (at, role) in product(MAY.items(), enumerate(ROLES)):
        marks = [*rows[re.sub("（.*", "", ACTIONS[action])], *[""] * len(ROLES)]
        assert ("●" in marks[at]) == (role in roles), (action, role)
    assert {page.title for page in PAGES} <= set(rows)


def test_a_name_is_shown_as_it_is_written(city):
    accounts.change(
        city, "zhang", by="test", role="manager", scope=[("institution", "H1")], full_name="[x](http://y) <b>"
    )
    (rows,) = tables(opened())
    assert rows.set_index("account_name").loc["zhang", "full_name"] == "[x](http://y) <b>"
