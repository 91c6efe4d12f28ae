"""Guessing, leading away, posting from elsewhere; what is shown before a sign-in and after it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import Engine, func, insert, select, update
from sqlmodel import col
from websockets.exceptions import InvalidStatus

from dashboard import demo_roles
from procurement.database import open_database, reading, writing
from procurement.people import accounts
from procurement.people.limits import LIMITS
from procurement.tables import Account, Import, SignInAttempt
from tests.dashboard.attacks.victims import EVIL, H1, raw, sign_in
from tests.people import PASSWORD, account, token
from tests.serving import Address, serving
from tests.small_ledger import fill, purchase
from tests.visitor import COOKIE, Visitor


def test_guessing_locks_the_account_and_nobody_else(stranger, engine):
    account(engine, "manager", H1, "guessed")
    account(engine, "manager", H1, "neighbour")
    for attempt in range(LIMITS.failures_of_account):
        assert sign_in(stranger, "guessed", f"wrong {attempt}", "10.0.0.1").status_code == 401
    for name in ("guessed", "GUESSED", " guessed "):
        for origin in ("10.0.0.1", "10.0.0.2"):
            locked = sign_in(stranger, name, PASSWORD, origin)
            assert locked.status_code == 401 and "失败次数过多" in locked.text
            assert COOKIE not in locked.cookies
    assert sign_in(stranger, "neighbour", PASSWORD, "10.0.0.2").status_code == 303


def test_an_address_that_guesses_many_names_is_locked(stranger, engine):
    account(engine, "manager", H1, "innocent")
    with writing(engine) as connection:
        for number in range(LIMITS.failures_of_origin):
            values = {"name": f"n{number}", "origin": "10.0.0.9", "has_succeeded": False}
            now = datetime.now(UTC).replace(microsecond=0)
            connection.execute(insert(SignInAttempt).values(at=now, **values))
    assert sign_in(stranger, "innocent", PASSWORD, "10.0.0.9").status_code == 401
    assert sign_in(stranger, "innocent", PASSWORD, "10.0.0.10").status_code == 303


def test_a_refusal_does_not_tell_whether_the_account_exists(stranger):
    known = sign_in(stranger, "city", "wrong password", "10.0.0.3")
    unknown = sign_in(stranger, "cita", "wrong password", "10.0.0.3")
    assert known.status_code == unknown.status_code == 401
    assert known.text.replace("city", "") == unknown.text.replace("cita", "")


AWAY = [
    "//evil.example", "https://evil.example", "http:evil.example", "\\\\evil.example", "/\\evil.example",
    "/login?next=//evil.example", "javascript:alert(1)", "%2f%2fevil.example", "prices/../..//evil.example",
    "prices\r\nLocation: http://evil.example", " ", "prices?x=//evil.example", "@evil.example",
]  # fmt: skip


@pytest.mark.parametrize("wanted", AWAY)
def test_the_way_in_leads_to_our_own_pages_only(stranger, wanted):
    assert "evil.example" not in stranger.get("/login", params={"next": wanted}).text
    answer = sign_in(stranger, "city", PASSWORD, "10.0.0.4", next=wanted)
    assert answer.status_code == 303 and answer.headers["Location"] == "/"


def test_the_way_in_leads_to_the_page_that_was_asked_for(stranger):
    asked = stranger.get("/savings", headers={"Accept": "text/html"})
    assert asked.headers["Location"] == "/login?next=savings"
    assert sign_in(stranger, "city", PASSWORD, "10.0.0.4", next="savings").headers["Location"] == "/savings"


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "//evil.example/", "/\\evil.example/", "/%5cevil.example/", "//evil.example/.."],
)
def test_no_path_is_answered_with_a_way_to_another_host(address, engine, path):
    for cookie in ({}, {"Cookie": f"{COOKIE}={token(engine, 'city')}"}):
        for accept in ("text/html", "*/*"):
            status, location, _text = raw(address, "GET", path, Accept=accept, **cookie)
            assert status < 500 and (not location or location.startswith("/login"))


FORMS = [
    "/login", "/logout", "/account/password", "/account/sign-out-everywhere", "/demo", "/setup",
]  # fmt: skip
FOREIGN = [
    {"Origin": EVIL},
    {"Origin": "null"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {},
]


@pytest.mark.parametrize("path", FORMS)
def test_a_form_is_taken_from_our_own_pages_only(address, engine, path):
    cookies = {COOKIE: token(engine, "one")}
    form = {
        "name": "city",
        "password": PASSWORD,
        "old": PASSWORD,
        "again": PASSWORD,
        "account": "demo-official",
    }
    for headers in FOREIGN:
        with httpx.Client(base_url=address, cookies=cookies, trust_env=False) as client:
            answer = client.post(path, data=form, headers=headers)
            assert answer.status_code == 403 and "set-cookie" not in answer.headers, headers
            assert client.get("/account").status_code == 200, "still signed in"


def test_a_form_is_not_larger_than_a_form_is(stranger):
    assert stranger.post("/login", data={"name": "x" * 1_000_000}).status_code == 413
    assert stranger.post("/login", content=iter([b"name=" + b"x" * 1_000_000])).status_code == 413
    many = stranger.post("/login", data={f"field{number}": "1" for number in range(900)})
    assert many.status_code == 400
    file = stranger.post("/login", files={"name": ("x.txt", b"x")})
    assert file.status_code == 400


@pytest.mark.parametrize("cookie", [f"{COOKIE}=", f"{COOKIE}=%00", 'a"b;;=;', f'{COOKIE}="\\'])
def test_a_broken_cookie_is_nobodys(stranger, cookie):
    assert stranger.get("/completion", headers={"Cookie": cookie}).status_code == 401


def test_the_cookie_is_for_this_server_alone(stranger):
    set_cookie = sign_in(stranger, "city", PASSWORD, "10.0.0.4").headers["set-cookie"]
    attributes = {part.strip().lower() for part in set_cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes and "secure" not in attributes
    assert not [part for part in attributes if part.startswith(("domain", "max-age", "expires"))]


def test_the_cookie_is_secure_behind_tls(stranger):
    form = {"name": "city", "password": PASSWORD}
    answer = stranger.post("/login", data=form, headers={"X-Forwarded-Proto": "https"})
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_proxy_is_believed_on_this_machine_only(engine, monkeypatch):
    import uvicorn

    from dashboard import server

    said = {}
    monkeypatch.setattr(uvicorn, "run", lambda _app, **options: said.update(options))
    monkeypatch.setenv("VBP_DATABASE_URL", "")
    server.serve(engine.url.render_as_string(hide_password=False))
    assert set(said["forwarded_allow_ips"].split(",")) == {"127.0.0.1", "::1"}
    assert said["host"] == "127.0.0.1"


# --- Before anything is shown -------------------------------------------------------------------


def test_nothing_is_shown_before_the_first_password_is_changed(address, engine):
    first = accounts.add(engine, "newcomer", "manager", by="test", scope=H1)
    with Visitor(address) as visitor:
        visitor.sign_in("newcomer", first)
        page = visitor.http.get("/completion", headers={"Accept": "text/html"})
        assert page.status_code == 303 and page.headers["Location"] == "/account"
        for path in ("/completion", "/_stcore/health", "/export/x", "/_stcore/metrics"):
            assert visitor.http.get(path).status_code == 403
        with pytest.raises(InvalidStatus, match="403"):
            visitor.connect()
        assert "初始密码" in visitor.http.get("/account").text
        form = {"old": first, "password": PASSWORD, "again": PASSWORD}
        assert visitor.http.post("/account/password", data=form).status_code == 303
        assert "第一医院" in visitor.open("completion").texts


def test_an_open_page_is_shut_by_a_reset_until_the_password_is_changed(visiting, engine):
    # A reset ends the sign-ins; a sign-in that an identity provider proved holds, and must change nothing.
    name = account(engine, "manager", H1, "must-change")
    visitor = visiting(name)
    visitor.open("completion")
    with writing(engine) as connection:
        mine = update(Account).where(col(Account.name) == name)
        connection.execute(mine.values(must_change_password=True))
    assert "第一医院" not in visitor.open("completion").texts


@pytest.mark.parametrize("path", ["/", "/completion", "/account", "/_stcore/health", "/_stcore/host-config"])
def test_nothing_behind_the_sign_in_is_kept_by_a_cache(visiting, path):
    assert visiting("one").http.get(path).headers["Cache-Control"] == "no-store"


def test_no_export_is_kept_by_a_cache(visiting):
    visitor = visiting("one")
    link = next(iter(visitor.open("completion").links.values()))
    assert visitor.http.get(link).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("name", "status"), [("admin", 200), ("city", 404), ("one", 404)])
def test_the_servers_figures_are_the_administrators(visiting, name, status):
    for path in ("/_stcore/metrics", "/_stcore/metrics?families=cache_memory_bytes"):
        assert visiting(name).http.get(path).status_code == status


@pytest.mark.parametrize(
    "path", ["/_stcore/script-health-check", "/_stcore/agent", "/auth/login", "/oauth2callback"]
)
def test_what_we_do_not_use_of_streamlit_is_not_there(visiting, path):
    assert visiting("admin").http.get(path).status_code == 404


# --- The demo and the first start -------------------------------------------------------------------


@pytest.fixture
def beginning(tmp_path) -> Iterator[tuple[Address, Engine]]:
    """A sample ledger that is being shown."""
    url = f"sqlite:///{tmp_path / 'demo.db'}"
    engine = open_database(url)
    fill(engine, purchase(1, date(2021, 3, 5), 60_000, 24_000))
    with writing(engine) as connection:
        connection.execute(update(Import).values(imported_by="demo"))
    demo_roles.prepare(engine)
    with serving(url, is_demo=True) as address:
        yield address, engine
    engine.dispose()


def test_the_demo_lets_in_at_this_machine_and_on_the_sample_alone(beginning):
    address, ledger = beginning
    choice = {"account": "demo-official"}

    def choose(**headers: str) -> httpx.Response:
        return httpx.post(
            f"{address}/demo", data=choice, headers={"Origin": address, **headers}, trust_env=False
        )

    assert choose().status_code == 303 and COOKIE in choose().cookies
    elsewhere = choose(**{"X-Forwarded-For": "10.0.0.7"})
    assert elsewhere.status_code == 403 and COOKIE not in elsewhere.cookies
    rebound = choose(Host=f"evil.example:{urlsplit(address).port}", Origin=f"{EVIL}:{urlsplit(address).port}")
    assert rebound.status_code == 403
    named = httpx.post(
        f"{address}/demo", data={"account": "test"}, headers={"Origin": address}, trust_env=False
    )
    assert COOKIE not in named.cookies, "an account with a password is not lent out"
    with writing(ledger) as connection:
        first = select(func.min(col(Import.id))).scalar_subquery()
        connection.execute(update(Import).where(col(Import.id) == first).values(imported_by="zhang"))
    real = choose()
    assert real.status_code == 403 and COOKIE not in real.cookies


def test_without_the_demo_no_role_is_lent_out(stranger):
    answer = stranger.post("/demo", data={"account": "demo-official"})
    assert answer.status_code == 403 and COOKIE not in answer.cookies


def test_the_first_administrator_needs_the_code_and_is_made_once(tmp_path):
    from dashboard.service_secrets import service_secrets

    url = f"sqlite:///{tmp_path / 'new.db'}"
    engine = open_database(url)
    account = {"name": "first", "password": PASSWORD, "again": PASSWORD, "full_name": ""}
    with (
        serving(url) as address,
        httpx.Client(base_url=address, headers={"Origin": address}, trust_env=False) as client,
    ):
        code = service_secrets(url).setup_code
        for wrong in ("", "0000-0000-0000-0000", code[:-1], code + " x"):
            assert client.post("/setup", data={**account, "code": wrong}).status_code == 400
        assert client.post("/setup", data=account).status_code == 400
        assert names(engine) == []
        assert client.post("/setup", data={**account, "code": code}).status_code == 303
        assert client.get("/account").status_code == 200
        client.cookies.clear()
        again = client.post("/setup", data={**account, "name": "second", "code": code})
        assert again.status_code == 400 and names(engine) == ["first"]
        assert client.get("/setup").headers["Location"] == "/login"
    engine.dispose()


def names(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(col(Account.name))).scalars())
