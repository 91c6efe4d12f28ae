"""Another's session, uploads, links and identity; a cookie after its end."""

from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from procurement.people import accounts
from procurement.people.signing_in import token_hash
from tests.dashboard.attacks.victims import EVIL, H1, H2, THEIRS, UPGRADE, holding, raw
from tests.people import account, token
from tests.serving import Address, running
from tests.visitor import COOKIE, Visitor


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


def test_one_sign_in_does_not_fill_the_servers_memory(visiting):
    """19 MB a file, all tabs of a sign-in together: the eleventh is the first beyond 200 MB and is taken, the
    twelfth is not, until one is removed."""
    one = visiting("city")
    tabs = [one, visiting("city", one.token)]
    for tab in tabs:
        tab.open("imports")
    content = b"1" * 19_000_000
    taken = [tabs[at % 2].upload_urls("a.csv") for at in range(12)]
    told = [tabs[at % 2].put(urls.upload_url, "a.csv", content) for at, urls in enumerate(taken)]
    assert [answer.status_code for answer in told] == [204] * 11 + [413]
    assert "请先载入或移除" in told[-1].text
    assert one.http.delete(taken[0].delete_url, headers=one.xsrf).status_code == 204
    assert one.put(taken[0].upload_url, "a.csv", content).status_code == 204


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


# --- Identity -------------------------------------------------------------------

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
