"""What somebody with a browser, a cookie of their own and bad intentions tries, against a dashboard that is
really served. Each attack stands beside what its victim may do: a door that is shut to everybody shows nothing.
"""

import http.client
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import httpx
import pytest
from sqlalchemy import Engine, func, insert, select, update
from sqlmodel import col
from websockets.exceptions import InvalidStatus

from dashboard import demo_roles
from dashboard.navigation import PAGES
from procurement.database import open_database, reading, writing
from procurement.people import accounts
from procurement.people.limits import LIMITS
from procurement.people.signing_in import token_hash
from procurement.tables import Account, Import, Institution, Product, SignInAttempt
from tests.people import PASSWORD, account, token
from tests.serving import Address, running, serving
from tests.small_ledger import fill, purchase
from tests.visitor import COOKIE, Visitor

SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
THEIRS = "第二医院"
WHO = {"official": "city", "administrator": "admin", "manager": "two"}
"""Accounts of `engine` by role."""

FORMULA = '=HYPERLINK("http://evil.example","甲")'
EVIL = "http://evil.example"
H1, H2 = (("institution", "H1"),), (("institution", "H2"),)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Two hospitals, one of them with a script for a name, and a product with a formula for one."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('attacked') / 'ledger.db'}")
    fill(
        engine,
        purchase(1, date(2021, 3, 5), 60_000, 24_000),
        purchase(2, date(2021, 4, 10), 10_000, 18_000),
        purchase(1, date(2021, 3, 6), 70_000, 28_000, institution_id=2, row=4),
    )
    with writing(engine) as connection:
        theirs = update(Institution).where(col(Institution.code) == "H2")
        connection.execute(theirs.values(name=f"{SCRIPT}{THEIRS}"))
        connection.execute(update(Product).where(col(Product.code) == "P1").values(name=FORMULA))
    accounts.add(engine, "admin", "administrator", by="test", password=PASSWORD)
    accounts.add(engine, "one", "manager", by="test", scope=H1, password=PASSWORD, full_name=f"{SCRIPT}一号")
    accounts.add(engine, "two", "manager", by="test", scope=H2, password=PASSWORD)
    accounts.add(engine, "city", "official", by="test", password=PASSWORD)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def address(engine) -> Iterator[Address]:
    with serving(engine.url.render_as_string(hide_password=False)) as address:
        yield address


@pytest.fixture
def visiting(address, engine) -> Iterator:
    """Opens a tab for a fresh sign-in of an account."""
    opened: list[Visitor] = []

    def visit(name: str, of: str = "") -> Visitor:
        visitor = Visitor(address, of or token(engine, name))
        opened.append(visitor)
        return visitor

    yield visit
    for visitor in opened:
        visitor.leave()


@pytest.fixture
def stranger(address) -> Iterator[httpx.Client]:
    """Somebody without a sign-in."""
    with httpx.Client(base_url=address, headers={"Origin": address}, trust_env=False) as client:
        yield client


# --- Another's session, uploads and links ----------------------------------------------------------


def test_another_ones_session_is_not_taken_over_while_it_is_open(visiting):
    theirs, mine = visiting("two"), visiting("one")
    assert THEIRS in theirs.open("completion").texts
    mine.connect(theirs.session_id)
    page = mine.open("completion")
    assert mine.session_id != theirs.session_id and THEIRS not in page.texts
    assert THEIRS in theirs.open("completion").texts, "the victim goes on undisturbed"


def test_another_ones_session_is_not_taken_up_after_the_tab_was_closed(visiting):
    theirs, mine = visiting("two"), visiting("one")
    theirs.open()
    session = theirs.session_id
    theirs.close()
    mine.connect(session)
    assert THEIRS not in mine.open("completion").texts and mine.session_id != session
    theirs.connect(session)
    theirs.open()
    assert theirs.session_id == session, "its owner comes back to it"


def test_nothing_is_uploaded_into_or_deleted_from_another_ones_session(visiting):
    theirs, mine = visiting("city"), visiting("one")
    theirs.open("imports")
    mine.open()
    urls = theirs.upload_urls("a.csv")
    assert mine.put(urls.upload_url, "a.csv", b"1").status_code == 404
    assert theirs.put(urls.upload_url, "a.csv", b"1").status_code == 204
    assert mine.http.delete(urls.delete_url, headers=mine.xsrf).status_code == 404
    assert theirs.http.delete(urls.delete_url, headers=theirs.xsrf).status_code == 204


def test_an_upload_needs_the_token_of_the_page(visiting):
    mine = visiting("city")
    mine.open("imports")
    url = mine.upload_urls("a.csv").upload_url
    assert mine.http.put(url, files={"a.csv": b"1"}).status_code == 403


def test_an_export_is_given_to_the_sign_in_that_it_was_offered_to(visiting, stranger):
    theirs, mine, elsewhere = visiting("two"), visiting("one"), visiting("two")
    link = next(iter(theirs.open("completion").links.values()))
    assert theirs.http.get(link).status_code == 200
    assert mine.http.get(link).status_code == 404
    assert elsewhere.http.get(link).status_code == 404, "not even to another sign-in of the same account"
    assert stranger.get(link).status_code == 401
    theirs.http.post("/logout")
    assert elsewhere.http.get(link).status_code == 404
    assert stranger.get(link, headers=holding(theirs.token)).status_code == 401


def holding(token: str) -> dict[str, str]:
    """The cookie of a sign-in, as a copy of it is sent."""
    return {"Cookie": f"{COOKIE}={token}"}


@pytest.mark.parametrize(("role", "scope"), [("reporter", H2), ("manager", H1)], ids=["role", "scope"])
def test_an_export_offered_to_another_role_or_scope_of_the_same_account_is_gone(
    visiting, engine, role, scope
):
    name = account(engine, "manager", H2, f"moved-{role}")
    visitor = visiting(name)
    link = next(iter(visitor.open("completion").links.values()))
    accounts.change(engine, name, by="test", role=role, scope=scope)
    assert visitor.http.get(link).status_code == 404
    assert visitor.http.get(next(iter(visitor.open("completion").links.values()))).status_code == 200


@pytest.fixture(scope="module")
def media(engine, tmp_path_factory) -> Iterator[Address]:
    """A page with a picture of its own for everybody, behind the same gate."""
    page = tmp_path_factory.mktemp("media") / "page.py"
    page.write_text(
        "import streamlit as st\n"
        "from PIL import Image\n"
        "from dashboard.reader import look_up\n"
        "number = look_up().account_id\n"
        "st.image(Image.new('RGB', (9, 9), (number, 0, 0)), output_format='PNG')\n",
        encoding="utf-8",
    )
    url = engine.url.render_as_string(hide_password=False)
    code = (
        "from pathlib import Path; import streamlit as st; from starlette.middleware import Middleware; "
        "from starlette.routing import Route; from dashboard import doors, server; "
        "from dashboard.gate import Gate; "
        f"server.app = st.App(Path({str(page)!r}), middleware=[Middleware(Gate)], "
        "routes=[Route('/healthz', server._health), *doors.routes()], lifespan=server._lifespan); "
        f"server.serve({url!r}"
    )
    with running(code) as address:
        yield address


def test_a_picture_is_shown_to_whoever_it_was_drawn_for(media, engine):
    with Visitor(media, token(engine, "two")) as theirs, Visitor(media, token(engine, "one")) as mine:
        picture = theirs.open().get("imgs")[0].imgs[0].url
        assert picture != mine.open().get("imgs")[0].imgs[0].url
        assert theirs.http.get(picture).content.startswith(b"\x89PNG")
        assert theirs.http.get(picture).headers["Cache-Control"] == "no-store"
        assert mine.http.get(picture).status_code == 404
        theirs.http.post("/logout")
        assert httpx.get(media + picture, trust_env=False).status_code == 401


# --- Identity --------------------------------------------------------------------------------------

FORGED = ["x-vbp-sign-in", "X-Vbp-Sign-In", "X-VBP-SIGN-IN", "X_Vbp_Sign_In", "x-vbp_sign-in"]


@pytest.mark.parametrize("header", FORGED)
def test_an_identity_that_a_client_claims_counts_for_nothing(address, engine, visiting, stranger, header):
    claimed = {header: token_hash(token(engine, "two"))}
    assert stranger.get("/healthz").status_code == 200
    assert stranger.get("/completion", headers=claimed).status_code == 401
    with Visitor(address) as nobody, pytest.raises(InvalidStatus, match="403"):
        nobody.connect(**claimed)
    mine = visiting("one")
    mine.connect(**claimed)
    page = mine.open("completion")
    assert "第一医院" in page.texts and THEIRS not in page.texts


def test_a_claimed_identity_does_not_stand_before_ours(address, engine, visiting):
    mine = visiting("one")
    hashed = token_hash(token(engine, "two"))
    mine.connect(**{"x-vbp-sign-in": hashed, "X-Vbp-Sign-In": hashed})
    assert THEIRS not in mine.open("completion").texts


def test_only_our_own_pages_and_names_open_the_websocket(visiting, address):
    mine = visiting("one")
    for header in ({"Origin": EVIL}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"}):
        with pytest.raises(InvalidStatus, match="403"):
            mine.connect(**header)
    mine.connect()
    assert mine.open().title


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "user@127.0.0.1"])
def test_another_name_of_the_server_is_refused(visiting, address, host):
    mine = visiting("one")
    for path in ("/", "/login", "/healthz"):
        assert mine.http.get(path, headers={"Host": host}).status_code in (400, 403)
    status = raw(address, "GET", "/_stcore/stream", Host=host, Cookie=f"{COOKIE}={mine.token}", **UPGRADE)
    assert status[0] in (400, 403)


UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def raw(address: str, method: str, path: str, **headers: str) -> tuple[int, str, str]:
    """Status, Location and text of an answer to a path that is sent exactly as it is written."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace") if answer.status != 101 else ""
    connection.close()
    return answer.status, answer.headers.get("Location", ""), text


ENDS = {
    "signed out": lambda visitor, engine: visitor.http.post("/logout"),
    "signed out everywhere": lambda visitor, engine: visitor.http.post("/account/sign-out-everywhere"),
    "disabled": lambda visitor, engine: accounts.disable(engine, "ending", by="admin"),
    "reset": lambda visitor, engine: accounts.reset(engine, "ending", by="admin"),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_copied_cookie_is_of_no_use_after_the_end(visiting, address, engine, stranger, end):
    name = account(engine, "manager", H1, "ending")
    accounts.enable(engine, name, by="admin")
    visitor = visiting(name)
    copy = holding(visitor.token)
    assert "第一医院" in visitor.open("completion").texts
    link = next(iter(visitor.page.links.values()))
    assert stranger.get("/completion", headers=copy).status_code == 200
    ENDS[end](visitor, engine)
    for path in ("/completion", link, "/_stcore/health", "/account"):
        assert stranger.get(path, headers=copy).status_code == 401
    with Visitor(address, visitor.token) as thief, pytest.raises(InvalidStatus, match="403"):
        thief.connect()
    # The websocket that is still open: the next click tells, and shows nothing more.
    page = visitor.open("completion")
    assert "登录已结束" in page.texts and "第一医院" not in page.texts and not page.tables


# --- The sign-in page ------------------------------------------------------------------------------


def sign_in(client: httpx.Client, name: str, password: str, origin: str, **more: str) -> httpx.Response:
    """As from another address: a proxy on this machine is believed."""
    form = {"name": name, "password": password, **more}
    return client.post("/login", data=form, headers={"X-Forwarded-For": origin})


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


# --- Before anything is shown ----------------------------------------------------------------------


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


# --- What is written into files, names and addresses -----------------------------------------------

PATHS = [
    "/vbp/../gate.py", "/vbp/..%2fgate.py", "/vbp/%2e%2e/server.py", "/vbp/../../pyproject.toml",
    "/static/../gate.py", "/static/..%2f..%2fserver.py", "/static/%2e%2e/%2e%2e/version.py",
    "/static/....//....//etc/passwd", "/export/../healthz/../server.py", "/export/..%2f..%2fetc%2fpasswd",
    "/media/..%2f..%2fetc%2fpasswd", "/component/../../../etc/passwd", "/component/x/..%2f..%2fetc%2fpasswd",
    "/app/static/../app.py", "/_stcore/bidi-components/x/..%2f..%2f..%2fetc%2fpasswd", "/vbp/gate.py",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_to_a_file_that_is_not_served(address, engine, path):
    for cookie in ({}, {"Cookie": f"{COOKIE}={token(engine, 'admin')}"}):
        status, _location, text = raw(address, "GET", path, **cookie)
        assert status < 500
        assert not [word for word in ("root:", "import ", "[project]") if word in text]


@pytest.mark.parametrize(
    "name", ["../../evil.csv", "..\\..\\evil.csv", "/tmp/evil-upload.csv", "C:\\evil.csv", f"{SCRIPT}.csv"]
)
def test_a_files_name_is_a_word_and_no_place(visiting, tmp_path, name):
    visitor = visiting("city")
    visitor.open("imports")
    page = visitor.upload(name, "机构编码,数量\nH1,1\n".encode())
    assert not page.errors or all("文件" in said for said in page.errors)
    assert Path(name).name in page.texts or "evil" in page.texts or "alert" in page.texts
    assert not Path("/tmp/evil-upload.csv").exists() and not list(Path.cwd().glob("**/evil.csv"))
    assert_shown_as_text(page)


def assert_shown_as_text(page) -> None:
    """Nothing that came from a file stands in HTML, or is markdown that the browser obeys."""
    for html in page.get("html"):
        assert "<img src=x" not in html.body and "<script" not in html.body, html.body
        assert not html.unsafe_allow_javascript
    for markdown in page.get("markdown"):
        assert not markdown.allow_html or "<img src=x" not in markdown.body


def test_a_script_for_a_name_is_text_on_the_receipt(visiting):
    visitor = visiting("two")
    visitor.open("report")
    book = "机构编码,采购日期,产品编码,采购数量,单位,金额\nH2,2021-05-06,P1,3,盒,12\n".encode()
    page = visitor.upload(f"{SCRIPT}.csv", book)
    assert_shown_as_text(page)
    page = visitor.press("确认载入")
    assert_shown_as_text(page)
    receipts = [visitor.download(text) for text in page.links]
    pages = [answer.text for answer in receipts if "html" in answer.headers["Content-Type"]]
    assert pages and all(
        THEIRS in text and "<img src=x" not in text and "<script" not in text for text in pages
    )
    assert all("attachment" in answer.headers["Content-Disposition"] for answer in receipts)


def test_a_script_for_a_persons_name_is_shown_as_text(visiting):
    visitor = visiting("one")
    page = visitor.open("completion")
    told = [html.body for html in page.get("html") if "一号" in html.body]
    assert told and all("&lt;img" in body for body in told)
    account_page = visitor.http.get("/account").text
    assert "一号" in account_page and "<img src=x" not in account_page and "<script" not in account_page


def test_what_a_stranger_types_is_text_for_who_reads_the_trail(visiting, stranger):
    sign_in(stranger, SCRIPT, "wrong", "10.0.0.12")
    page = visiting("admin").open("audit")
    assert "alert(2)" in page.texts
    assert_shown_as_text(page)


@pytest.mark.parametrize("path", ["/login", "/setup", "/demo", "/account/password"])
def test_what_is_sent_back_by_a_form_is_text(visiting, path):
    form = dict.fromkeys(("name", "next", "code", "full_name", "account", "old", "password"), SCRIPT)
    answer = visiting("one").http.post(path, data=form, headers={"X-Forwarded-For": "10.0.0.8"})
    assert "<img src=x" not in answer.text and "<script>" not in answer.text


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.address or "overview")
def test_a_formula_for_a_name_stays_text_in_every_file(visiting, stranger, entry):
    sign_in(stranger, FORMULA, "wrong", "10.0.0.11")  # the trail tells what somebody tried
    visitor = visiting(next(name for role, name in WHO.items() if role in entry.roles))
    page = visitor.open(entry.address)
    for text in page.links:
        if not {"PPT", "Word"} & set(re.findall("[A-Za-z]+", text)):
            answer = visitor.download(text)
            assert answer.status_code == 200, text
            assert obeyed(answer.content) == []


def obeyed(content: bytes) -> list[str]:
    """What a spreadsheet program would compute because a name says so."""
    if not content.startswith(b"PK"):
        return re.findall(r'(?m)^=.*|,"?=.*', content.decode())
    with ZipFile(BytesIO(content)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "/worksheets/" in name]
    return [formula for sheet in sheets for formula in re.findall("<f[^>]*>[^<]*evil[^<]*</f>", sheet)]


SQL = [
    "' OR 1=1 --",
    "H1'; DROP TABLE purchase; --",
    '" UNION SELECT name FROM account --',
    "%",
    "H_",
    "\x00",
]
ASKED = ["institution", "batch", "district", "variety", "q", "focus", "from", "as_of", "by", "page"]


@pytest.mark.parametrize(
    ("name", "said"), [*((name, SQL[1]) for name in ASKED), *(("institution", said) for said in SQL)]
)
def test_an_address_asks_for_nothing_but_what_it_names(visiting, engine, name, said):
    page = visiting("one").open("completion", **{name: said})
    assert not page.get("exception") and not page.errors and THEIRS not in page.texts
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(Institution)).scalar_one() == 2


# --- The demo and the first start ------------------------------------------------------------------


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
