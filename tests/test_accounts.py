"""Accounts: what is refused and why, who remains when one goes, what ends with a change."""

import json

import pytest
from sqlalchemy import select
from sqlmodel import col

from procurement.database import reading, writing
from procurement.people import accounts, passwords, signing_in
from procurement.people.account_list import account_list
from procurement.people.accounts import AccountRefused, add, change, disable, enable, reset, sign_out
from procurement.people.passwords import PasswordRefused, require_good
from procurement.people.permissions import MAY, WHOLE_CITY, may
from procurement.people.readers import scope_of
from procurement.people.trail import events
from procurement.tables import Account, Institution
from procurement.tables.people import ROLES
from tests.drawn import table
from tests.people import PASSWORD, cheap_argon2
from tests.small_ledger import fill

COLUMNS = "name role full_name is_active must_change_password"


@pytest.fixture
def city_anywhere(ledger, monkeypatch):
    """H1 in 东区, H2 in 西区, a pharmacy P1 of a chain, and one administrator; on each database in turn."""
    return made_city(ledger, monkeypatch)


@pytest.fixture
def city(sqlite_ledger, monkeypatch):
    """The same, for rules that hold wherever they are kept."""
    return made_city(sqlite_ledger, monkeypatch)


def made_city(engine, monkeypatch):
    cheap_argon2(monkeypatch)
    shop = Institution(code="P1", name="一店", kind="pharmacy", district="东区", chain="大药房", import_id=1)
    fill(engine, shop)
    add(engine, "admin", "administrator", by="test", password=PASSWORD)
    return engine


def row(engine, name: str):
    with reading(engine) as connection:
        query = select(Account.__table__).where(col(Account.name) == name)
        return connection.execute(query).one()


def scope(engine, name: str):
    found = row(engine, name)
    with reading(engine) as connection:
        return scope_of(connection, found.id, found.role)


def begun(engine, name: str) -> str:
    return signing_in.token_hash(signing_in.begin(engine, row(engine, name).id, "10.0.0.7"))


def is_signed_in(engine, hashed: str) -> bool:
    return signing_in.reader_of(engine, hashed) is not None


REFUSED = table("""
    name   | role          | district | institution | chain  | said
    -------+---------------+----------+-------------+--------+------------------------------------
    a      | official      | -        | -           | -      | 请用2至40个汉字、字母、数字
    a b    | official      | -        | -           | -      | 请用2至40个汉字、字母、数字
    Ünder  | official      | -        | -           | -      | 请用2至40个汉字、字母、数字
    Кирилл | official      | -        | -           | -      | 请用2至40个汉字、字母、数字
    ADMIN  | official      | -        | -           | -      | 已有名为“ADMIN”的账号
    zhang  | boss          | -        | -           | -      | 没有“boss”这个角色
    zhang  | manager       | -        | -           | -      | 必须写明所属机构
    zhang  | reporter      | -        | -           | -      | 必须写明所属机构
    zhang  | manager       | 东区     | -           | -      | 不能是区县
    zhang  | reporter      | 东区     | H1          | -      | 不能是区县
    zhang  | administrator | 东区     | -           | -      | 不能限定范围
    zhang  | official      | 南区     | -           | -      | 没有这些区县：南区
    zhang  | manager       | -        | H9          | -      | 没有这些机构编码：H9
    zhang  | manager       | -        | H1          | 小药房 | 没有这些连锁：小药房
""")


def said_scope(drawn) -> list[tuple[str, str]]:
    kinds = ("district", "institution", "chain")
    return [(kind, value) for kind in kinds if isinstance(value := getattr(drawn, kind), str)]


def test_what_is_refused_says_why_and_changes_nothing(city_anywhere):
    for drawn in REFUSED.itertuples():
        with pytest.raises(AccountRefused, match=drawn.said):
            add(city_anywhere, drawn.name, drawn.role, by="test", scope=said_scope(drawn), is_demo=True)
    with reading(city_anywhere) as connection:
        assert account_list(connection)["account_name"].tolist() == ["admin"]
        assert events(connection)["subject"].tolist() == ["admin"]


SCOPES = table("""
    role       | district | institution | chain  | sees
    -----------+----------+-------------+--------+-----------
    official   | -        | -           | -      | *
    official   | 东区     | -           | -      | H1 P1
    leadership | 西区     | -           | -      | H2
    manager    | -        | H1          | -      | H1
    reporter   | -        | H2          | 大药房 | H2 P1
""")


def test_a_scope_is_the_institutions_of_now(city_anywhere):
    for number, drawn in enumerate(SCOPES.itertuples()):
        add(city_anywhere, f"user{number}", drawn.role, by="test", scope=said_scope(drawn), is_demo=True)
        expected = None if drawn.sees == "*" else tuple(drawn.sees.split())
        assert scope(city_anywhere, f"user{number}") == expected, drawn
    with writing(city_anywhere) as connection:  # the chain opens a second shop
        second = {"code": "P2", "name": "二店", "kind": "pharmacy", "chain": "大药房", "import_id": 1}
        connection.execute(Institution.__table__.insert().values(second))
    assert scope(city_anywhere, "user4") == ("H2", "P1", "P2")


def test_the_last_administrator_stays(city_anywhere):
    add(city_anywhere, "helper", "official", by="admin", is_demo=True)
    add(city_anywhere, "second", "administrator", by="admin", subject="issuer 1")
    disable(city_anywhere, "admin", by="second")
    for act in (
        lambda: disable(city_anywhere, "second", by="second"),
        lambda: change(city_anywhere, "second", by="second", role="official", scope=()),
    ):
        with pytest.raises(AccountRefused, match="唯一能登录的系统管理员"):
            act()
    change(city_anywhere, "second", by="second", role="administrator", scope=(), full_name="李四")
    change(city_anywhere, "helper", by="second", role="administrator", scope=())
    with pytest.raises(AccountRefused):  # nobody signs in as a role of the demo outside of it
        disable(city_anywhere, "second", by="second")
    enable(city_anywhere, "admin", by="second")
    disable(city_anywhere, "second", by="admin")
    assert row(city_anywhere, "admin").is_active and not row(city_anywhere, "second").is_active
    disable(city_anywhere, "second", by="admin")  # once more changes nothing


def test_a_first_password_must_be_changed_and_then_the_new_one_holds(city):
    made = add(city, "张三", "official", by="admin")
    assert made and row(city, "张三").must_change_password and made not in row(city, "张三").password_hash
    here, there = begun(city, "张三"), begun(city, "张三")
    for old, new, said in (
        ("wrong wrong wrong", "new new sentence", "原密码不正确"),
        (made, made, "与原密码相同"),
    ):
        with pytest.raises(AccountRefused, match=said):
            accounts.change_password(city, "张三", old, new)
    accounts.change_password(city, "张三", made, "new new sentence", keep=here)
    assert not row(city, "张三").must_change_password
    assert (is_signed_in(city, here), is_signed_in(city, there)) == (True, False)
    assert signing_in.sign_in(city, "张三", "new new sentence", "10.0.0.7")
    made = reset(city, "张三", by="admin")
    assert row(city, "张三").must_change_password and not is_signed_in(city, here)
    assert signing_in.sign_in(city, "张三", made, "10.0.0.7")
    with pytest.raises(signing_in.SignInRefused):
        signing_in.sign_in(city, "张三", "new new sentence", "10.0.0.7")


@pytest.mark.parametrize(
    "told", [{"subject": "issuer 1"}, {"is_demo": True}], ids=lambda told: next(iter(told))
)
def test_an_account_without_a_password_gets_none(city, told):
    assert add(city, "zhang", "official", by="admin", **told) is None
    with pytest.raises(AccountRefused, match="没有密码"):
        reset(city, "zhang", by="admin")
    with pytest.raises(AccountRefused, match="没有密码"):
        accounts.change_password(city, "zhang", "", "new new sentence")
    with pytest.raises(signing_in.SignInRefused):
        signing_in.sign_in(city, "zhang", "", "10.0.0.7")


def test_what_is_changed_holds_from_the_next_click(city):
    add(city, "zhang", "official", by="admin", is_demo=True)
    hashed = begun(city, "zhang")
    change(city, "ZHANG", by="admin", role="manager", scope=[("institution", "H2")])
    reader = signing_in.reader_of(city, hashed)
    assert (reader.role, reader.scope, reader.may("import")) == ("manager", ("H2",), False)
    disable(city, "zhang", by="admin")
    assert not is_signed_in(city, hashed)
    enable(city, "zhang", by="admin")
    assert not is_signed_in(city, hashed)  # what has ended stays ended


def test_somebody_is_signed_out_everywhere(city):
    add(city, "zhang", "official", by="admin", is_demo=True)
    mine, other = [begun(city, "zhang") for _n in range(3)], begun(city, "admin")
    assert sign_out(city, "zhang", by="admin") == 3
    assert not any(is_signed_in(city, each) for each in mine) and is_signed_in(city, other)


def test_the_trail_tells_of_every_act(city_anywhere):
    add(
        city_anywhere, "zhang", "official", by="admin", full_name="张\0三", is_demo=True
    )  # PostgreSQL takes no NUL
    change(city_anywhere, "Zhang", by="admin", role="manager", scope=[("institution", "H1")])
    sign_out(city_anywhere, "zhang", by="admin")
    disable(city_anywhere, "zhang", by="admin")
    enable(city_anywhere, "zhang", by="admin")
    with reading(city_anywhere) as connection:
        rows = events(connection).iloc[:5]
    assert rows["audit_action"].tolist()[::-1] == [
        "account-added",
        "account-changed",
        "signed-out-everywhere",
        "account-disabled",
        "account-enabled",
    ]
    assert set(rows["subject"]) == {"zhang"} and set(rows["actor"]) == {"admin"}
    assert json.loads(rows["event_details"].iloc[3])["scope"] == [["institution", "H1"]]


def test_an_unknown_name_is_said_to_be_unknown(city):
    with reading(city) as connection, pytest.raises(AccountRefused, match="没有名为“nobody”的账号"):
        accounts.said_of(connection, "nobody")
    for act in (disable, enable, reset, sign_out):
        with pytest.raises(AccountRefused, match="没有名为“nobody”的账号"):
            act(city, "nobody", by="admin")


def test_the_list_tells_what_an_administrator_needs(city_anywhere):
    add(city_anywhere, "zhang", "manager", by="admin", full_name="张三", is_demo=True,
        scope=[("institution", "H1"), ("chain", "大药房")])  # fmt: skip
    begun(city_anywhere, "zhang")
    with reading(city_anywhere) as connection:
        rows = account_list(connection).set_index("account_name")
        assert accounts.said_of(connection, "ZHANG").scope == [("chain", "大药房"), ("institution", "H1")]
    assert rows.loc["zhang", "account_scope"] == "大药房、H1"
    assert rows["last_seen_at"].notna().to_dict() == {"admin": False, "zhang": True}
    assert rows["has_password"].to_dict() == {"admin": True, "zhang": False}


PASSWORDS = table("""
    password                  | said
    --------------------------+----------
    short1234                 | 至少要有10个字符
    aaaaaaaaaaab              | 一两个字符重复
    abababababab              | 一两个字符重复
    qwertyuiop                | 太常见
    Password123               | 太常见
    my-Zhang-password         | 不能包含账号名
    ten chars!                | -
    四个不相干的词语连在一起  | -
""")


@pytest.mark.parametrize("drawn", list(PASSWORDS.itertuples()), ids=lambda drawn: drawn.password)
def test_a_password_that_is_easily_guessed_is_refused(drawn):
    if isinstance(drawn.said, str):
        with pytest.raises(PasswordRefused, match=drawn.said):
            require_good(drawn.password, "zhang")
    else:
        require_good(drawn.password, "zhang")


def test_a_megabyte_is_no_password_and_is_not_hashed():
    with pytest.raises(PasswordRefused, match="不能超过200个字符"):
        require_good("ab c" * 250_000, "zhang")


def test_first_passwords_are_good_and_never_the_same():
    made = {passwords.first_password() for _n in range(200)}
    assert len(made) == 200
    for each in made:
        require_good(each, "zhang")


def test_hashes_are_argon2_of_full_strength():
    assert passwords.hashed(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_role_is_one_of_ours_and_each_action_somebodys():
    assert all(roles and roles <= set(ROLES) for roles in MAY.values())
    assert set(MAY) >= WHOLE_CITY
    assert may("official", "match") and not may("official", "match", is_whole_city=False)
