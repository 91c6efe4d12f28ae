"""The second front door: a real provider on this machine, our server, and a browser's cookies in between."""

import asyncio
import base64
import hashlib
import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from dashboard import identity_provider, second_door
from dashboard.identity_provider import FILE_VARIABLE, IdentityRefused, identity_of, read_provider
from procurement.database import open_database, reading
from procurement.people import accounts, signing_in
from procurement.people.trail import events
from tests.drawn import table
from tests.identity_provider import providing
from tests.people import PASSWORD, account
from tests.serving import ROOT, serving
from tests.small_ledger import fill

HTML = {"Accept": "text/html"}
CONFIGURED = """
issuer = "{issuer}"
client_id = "vbp"
client_secret_file = "{secret}"
title = "省统一身份认证"
needs_scope = ["vbp-district"]

[claims]
name = "preferred_username"
full_name = "name"
role = "realm.roles"
institutions = "hospital_codes"
districts = "districts"

[roles]
vbp-administrator = "administrator"
vbp-official = "official"
vbp-district = "official"
vbp-manager = "manager"
"""


@pytest.fixture(scope="module")
def provider():
    with providing() as provider:
        yield provider


@pytest.fixture(scope="module")
def configured(provider, tmp_path_factory):
    folder = tmp_path_factory.mktemp("oidc")
    (folder / "secret").write_text("s3cret\n", encoding="utf-8")
    file = folder / "oidc.toml"
    words = {"issuer": provider.address, "secret": folder / "secret"}
    file.write_text(CONFIGURED.format(**words), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def ledger_url(tmp_path_factory):
    """Two hospitals, and an administrator with a password: nobody is asked for the first one."""
    url = f"sqlite:///{tmp_path_factory.mktemp('door') / 'ledger.db'}"
    engine = open_database(url)
    fill(engine)
    account(engine, "administrator")
    account(engine, "official", name="wang")
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def address(ledger_url, configured):
    with serving(ledger_url, {FILE_VARIABLE: str(configured)}) as address:
        yield address


@pytest.fixture
def ledger(ledger_url):
    engine = open_database(ledger_url)
    yield engine
    engine.dispose()


def browser(address: str) -> httpx.Client:
    # Without certificates, which take a fifth of a second to read and are of no use here.
    return httpx.Client(base_url=address, headers=HTML, timeout=30, verify=False)


def leave(visitor: httpx.Client, wanted: str = "") -> str:
    """The address at the provider that the button leads to."""
    answer = visitor.get("/oidc/login", params={"next": wanted} if wanted else {})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def come_in(visitor: httpx.Client, provider, subject: str, wanted: str = "") -> httpx.Response:
    return visitor.get(provider.agrees(leave(visitor, wanted), subject))


def roles(*names: str) -> dict:
    return {"roles": list(names)}


def trail(ledger, action: str):
    with reading(ledger) as connection:
        rows = events(connection)
    return rows[rows["audit_action"] == action]


def reader_of(ledger, visitor: httpx.Client):
    return signing_in.reader_of(ledger, signing_in.token_hash(visitor.cookies["vbp_sign_in"]))


def test_the_sign_in_page_has_the_button(address):
    page = httpx.get(f"{address}/login", params={"next": "prices"}, verify=False).text
    assert "用省统一身份认证登录" in page and 'href="/oidc/login?next=prices"' in page


def test_a_person_comes_in_through_the_provider(address, provider, ledger):
    provider.knows("4711", preferred_username="zhang", name="张三", realm=roles("x", "vbp-official"))
    with browser(address) as visitor:
        answer = come_in(visitor, provider, "4711", "prices")
        assert (answer.status_code, answer.headers["location"]) == (303, "/prices")
        reader = reader_of(ledger, visitor)
        assert visitor.get("/prices").status_code == 200
        assert "vbp_oidc" not in visitor.cookies  # nothing of the attempt is left
    assert (reader.name, reader.full_name, reader.role, reader.scope) == ("zhang", "张三", "official", None)
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("vbp_sign_in="))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    (signed_in,) = trail(ledger, "signed-in").loc[lambda rows: rows["actor"] == "zhang", "event_details"]
    assert json.loads(signed_in) == {"way": "oidc"}
    (added,) = trail(ledger, "account-added").loc[lambda rows: rows["subject"] == "zhang", "actor"]
    assert added == "oidc"


def sign_out(visitor: httpx.Client, address: str) -> str:
    answer = visitor.post("/logout", headers={"Origin": str(address)})
    assert answer.status_code == 200 and "已退出登录" in answer.text
    return answer.text


def test_who_came_in_through_the_provider_is_shown_the_way_out_there(address, provider):
    provider.knows("4712", preferred_username="qian", realm=roles("vbp-official"))
    with browser(address) as visitor:
        come_in(visitor, provider, "4712")
        page = sign_out(visitor, address)
    (link,) = re.findall(r'href="(http[^"]+)"', page)
    assert "退出省统一身份认证" in page
    asked = httpx.get(unescape(link), verify=False)
    assert asked.status_code == 200 and f"{address}/login" in asked.text  # where it leads back to


def test_who_came_in_with_a_password_is_shown_no_way_out_elsewhere(address):
    with browser(address) as visitor:
        words = {"name": "wang", "password": PASSWORD}
        assert visitor.post("/login", data=words, headers={"Origin": str(address)}).status_code == 303
        assert "退出省统一身份认证" not in sign_out(visitor, address)


def test_an_attempt_is_proved_by_key_state_and_nonce(address, provider):
    provider.knows("4711", preferred_username="zhang", name="张三", realm=roles("vbp-official"))
    with browser(address) as visitor:
        url = leave(visitor)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        attempt = next(iter(visitor.cookies.jar))
        visitor.get(provider.agrees(url, "4711"))
    assert asked["code_challenge_method"] == "S256" and len(asked["nonce"]) >= 20 <= len(asked["state"])
    assert asked["redirect_uri"] == f"{address}/oidc/callback" and "openid" in asked["scope"].split()
    verifier = provider.last_token_request()["code_verifier"]
    digest = hashlib.sha256(verifier.encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
    assert (attempt.name, attempt.path) == ("vbp_oidc", "/oidc") and attempt.has_nonstandard_attr("httponly")


def test_role_and_scope_follow_the_claims(address, provider, ledger):
    known = {"preferred_username": "li", "name": "李四"}
    provider.knows("li", **known, realm=roles("vbp-manager"), hospital_codes=["H2"], districts=["东区"])
    with browser(address) as visitor:
        come_in(visitor, provider, "li")
        reader = reader_of(ledger, visitor)
        assert (reader.role, reader.scope) == ("manager", ("H2",))  # a district widens no hospital's account
        provider.knows("li", **known, realm=roles("vbp-district", "vbp-manager"), districts="东区")
        come_in(visitor, provider, "li")
        reader = reader_of(ledger, visitor)
    assert (reader.role, reader.scope) == ("official", ("H1",))
    changed = trail(ledger, "account-changed").loc[lambda rows: rows["subject"] == "li"]
    assert [json.loads(each)["role"] for each in changed["event_details"]] == ["official"]
    assert changed["actor"].tolist() == ["oidc"]


REFUSED = table("""
    subject | name  | role         | hospital | district | status | said
    --------+-------+--------------+----------+----------+--------+-------------------------
    r1      | norole| other        | -        | -        | 403    | 没有对应的角色
    r2      | nobody| -            | -        | -        | 403    | 没有对应的角色
    r3      | admin | vbp-manager  | -        | -        | 403    | 没有说明您所属的机构或区县
    r4      | distr | vbp-district | -        | -        | 403    | 没有说明您所属的机构或区县
    r5      | other | vbp-manager  | H9       | -        | 403    | 没有这些机构编码：H9
    r6      | wang  | vbp-official | -        | -        | 403    | 已有名为“wang”的本地账号
    r7      | Wang  | vbp-official | -        | -        | 403    | 已有名为“Wang”的本地账号
    r8      | a b   | vbp-official | -        | -        | 403    | 账号名“a b”不行
    r9      | -     | vbp-official | -        | -        | 403    | 没有提供账号名
""")


@pytest.mark.parametrize("row", list(REFUSED.itertuples()), ids=lambda row: row.subject)
def test_who_is_not_let_in_is_told_why(address, provider, ledger, row):
    said = {"preferred_username": row.name, "hospital_codes": row.hospital, "districts": row.district}
    claims = {name: value for name, value in said.items() if isinstance(value, str)}
    provider.knows(row.subject, **claims, realm=roles(*([row.role] if isinstance(row.role, str) else [])))
    with browser(address) as visitor:
        answer = come_in(visitor, provider, row.subject)
        assert answer.status_code == int(row.status) and row.said in answer.text, answer.text
        assert "vbp_sign_in" not in visitor.cookies
    assert row.said in trail(ledger, "sign-in-refused").iloc[0]["event_details"]


def test_a_disabled_account_stays_out(address, provider, ledger):
    provider.knows("out", preferred_username="out", realm=roles("vbp-official"))
    with browser(address) as visitor:
        assert come_in(visitor, provider, "out").status_code == 303
        accounts.disable(ledger, "out", by="test")
        assert visitor.get("/prices").status_code == 303  # and what was begun has ended
        answer = come_in(visitor, provider, "out")
    assert answer.status_code == 403 and "已停用" in answer.text


@pytest.mark.parametrize(
    "forged",
    [
        {"aud": "somebody-else"},
        {"aud": ["somebody-else", "vbp"], "azp": "somebody-else"},
        {"iss": "https://other.example"},
        {"nonce": "another attempt's"},
        {"exp": 1},
    ],
    ids=lambda forged: next(reversed(forged)),
)
def test_a_token_that_is_not_for_this_attempt_is_refused(address, provider, ledger, forged):
    provider.knows("forged", preferred_username="forged", realm=roles("vbp-official"), **forged)
    with browser(address) as visitor:
        answer = come_in(visitor, provider, "forged")
        assert answer.status_code == 401 and "没有通过核对" in answer.text
        assert "vbp_sign_in" not in visitor.cookies
    with reading(ledger) as connection:
        assert not accounts.is_taken(connection, "forged")


def test_a_state_of_another_browser_is_refused(address, provider, ledger):
    provider.knows("4711", preferred_username="zhang", name="张三", realm=roles("vbp-official"))
    with browser(address) as visitor, browser(address) as victim:
        back = provider.agrees(leave(visitor), "4711")
        answer = victim.get(back)  # the attacker's code in somebody else's browser
        assert answer.status_code == 400 and "不是在这个浏览器里开始的" in answer.text
        leave(victim)  # with an attempt of their own the state is still another one
        assert victim.get(back).status_code == 400
        assert visitor.get(back.replace("state=", "state=x")).status_code == 400
    assert "不是在这个浏览器里开始的" in trail(ledger, "sign-in-refused").iloc[0]["event_details"]


def test_a_code_is_of_use_once(address, provider):
    provider.knows("4711", preferred_username="zhang", name="张三", realm=roles("vbp-official"))
    with browser(address) as visitor:
        url = leave(visitor)
        attempt = dict(visitor.cookies)
        back = provider.agrees(url, "4711")
        assert visitor.get(back).status_code == 303
        assert visitor.get(back).status_code == 400  # the attempt is over
    with browser(address) as copied:
        copied.cookies.update(attempt)
        answer = copied.get(back)  # with the attempt's cookie kept, the provider knows the code no more
    assert answer.status_code == 401 and "vbp_sign_in" not in answer.cookies


def test_somebody_who_changes_their_mind_is_back_at_the_sign_in_page(address, provider):
    with browser(address) as visitor:
        answer = visitor.get(provider.declines(leave(visitor)))
    assert answer.status_code == 403 and "没有同意这次登录" in answer.text


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "prices/../x"]
)
def test_nobody_is_led_elsewhere(address, provider, wanted):
    provider.knows("4711", preferred_username="zhang", name="张三", realm=roles("vbp-official"))
    with browser(address) as visitor:
        assert come_in(visitor, provider, "4711", wanted).headers["location"] == "/"


def test_refusals_do_not_fill_the_trail(address, ledger, ledger_url):
    with browser(address) as visitor:
        for _n in range(40):
            assert visitor.get("/oidc/callback?state=x&code=y").status_code == 400
    assert len(trail(ledger, "sign-in-refused")) <= 30
    # And they lock nobody out who comes with a password.
    assert signing_in.sign_in(ledger, "wang", "correct horse battery", "127.0.0.1")


@pytest.fixture
def door(empty_ledger, configured, tmp_path, monkeypatch):
    """The routes alone, without a server, with a provider of another address."""

    def ask(issuer: str) -> httpx.Response:
        file = tmp_path / "oidc.toml"
        told = configured.read_text(encoding="utf-8").splitlines()
        told = [f'issuer = "{issuer}"' if line.startswith("issuer") else line for line in told]
        file.write_text("\n".join(told), encoding="utf-8")
        monkeypatch.setenv(FILE_VARIABLE, str(file))
        monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
        for kept in (identity_provider.provider, second_door._client):
            kept.cache_clear()

        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(Starlette(routes=second_door.routes()))
            async with httpx.AsyncClient(
                transport=transport, base_url="http://door", verify=False
            ) as visitor:
                return await visitor.get("/oidc/login")

        return asyncio.run(answer())

    yield ask
    monkeypatch.undo()
    for kept in (identity_provider.provider, second_door._client):
        kept.cache_clear()


@pytest.mark.parametrize("is_there", [False, True], ids=["silent", "another issuer"])
def test_a_provider_that_cannot_be_used_is_told(door, provider, empty_ledger, is_there):
    answer = door(f"{provider.address}/" if is_there else "http://127.0.0.1:9")
    assert answer.status_code == 503 and "暂时无法使用" in answer.text
    engine = open_database(empty_ledger)
    assert "暂时无法使用" in trail(engine, "sign-in-refused").iloc[0]["event_details"]
    engine.dispose()


# --- The file, and what claims make of somebody ----------------------------------------------------

FAULTS = {
    "issuer": ('issuer = "http://login.example"', "https"),
    "client_id": ("", "缺少“client_id”"),
    "title": ("title = 3", "类型不对"),
    "needs_scope": ('needs_scope = "x"', "类型不对"),
    "vbp-manager": ('vbp-manager = "boss"', "没有“boss”这个角色"),
    "districts": ('region = "x"', "claims.region"),
    "role": ("", "须写明 role"),
    "[claims]": ("claims = 1", "类型不对"),
    "client_secret_file": ('client_secret_file = "/nowhere/secret"', "nowhere"),
}


@pytest.mark.parametrize("key", FAULTS)
def test_a_fault_in_the_file_is_told(configured, tmp_path, key):
    instead, said = FAULTS[key]
    lines = configured.read_text(encoding="utf-8").splitlines()
    lines = [instead if line.split(" ")[0] == key else line for line in lines]
    if key == "[claims]":
        lines = lines[: lines.index("claims = 1") + 1]
    file = tmp_path / "oidc.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(LookupError, match="oidc.toml") as told:
        read_provider(file)
    assert said in str(told.value)


def test_the_example_is_right(tmp_path):
    secret, file = tmp_path / "secret", tmp_path / "oidc.toml"
    secret.write_text("x", encoding="utf-8")
    text = (ROOT / "deploy" / "oidc.example.toml").read_text(encoding="utf-8")
    file.write_text(text.replace("/etc/vbp/oidc-secret", secret.as_posix()), encoding="utf-8")
    told = read_provider(file)
    claims = {
        "sub": 4711,
        "preferred_username": "zhang",
        "realm_access": {"roles": ["vbp-reporter", "vbp-manager"]},
        "hospital_codes": "H1",
        "chains": ["大药房"],
    }
    found = identity_of(told, claims)
    assert (found.subject, found.role) == (f"{told.issuer} 4711", "manager")
    assert found.scope == (("institution", "H1"), ("chain", "大药房"))
    with pytest.raises(IdentityRefused):
        identity_of(told, claims | {"realm_access": ["vbp-manager"]})
