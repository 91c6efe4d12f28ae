"""Who may open what and do what: drawn by hand, and each cell tried.

The columns: city and district are officials; manager and reporter are of the hospital H1, which is in the
district; nobody is not signed in. H2 is in another district.
"""

import ast
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from websockets.exceptions import InvalidStatus

from dashboard.navigation import PAGES
from etl.importing import import_files
from procurement.database import open_database
from procurement.filters import Filters
from procurement.people.permissions import MAY
from procurement.people.signing_in import token_hash
from procurement.replies import reply
from procurement.settling import advance, draft
from procurement.tables import Product
from tests.dashboard.acts import DOINGS, PURCHASES, SETTLED
from tests.drawn import table
from tests.people import account, token
from tests.serving import ROOT, Address, serving
from tests.small_ledger import fill, purchase
from tests.visitor import COOKIE, Page, Visitor

OPENS = table("""
page       | administrator | city | district | leadership | manager | reporter | nobody
-----------+---------------+------+----------+------------+---------+----------+-------
home       | no            | no   | no       | no         | yes     | yes      | no
report     | no            | no   | no       | no         | yes     | yes      | no
reported   | no            | no   | no       | no         | yes     | yes      | no
shortfalls | no            | no   | no       | no         | yes     | yes      | no
check      | no            | no   | no       | no         | yes     | yes      | no
overview   | yes           | yes  | yes      | yes        | no      | no       | no
prices     | yes           | yes  | yes      | yes        | yes     | yes      | no
savings    | yes           | yes  | yes      | yes        | yes     | yes      | no
completion | yes           | yes  | yes      | yes        | yes     | yes      | no
retention  | yes           | yes  | yes      | yes        | yes     | no       | no
working    | yes           | yes  | yes      | yes        | yes     | no       | no
settlement | yes           | yes  | yes      | yes        | no      | no       | no
whatif     | yes           | yes  | yes      | yes        | yes     | no       | no
guidance   | yes           | yes  | yes      | yes        | no      | no       | no
assessment | yes           | yes  | yes      | yes        | yes     | no       | no
sharing    | yes           | yes  | yes      | yes        | yes     | no       | no
prepayment | yes           | yes  | yes      | yes        | yes     | no       | no
months     | yes           | yes  | yes      | yes        | no      | no       | no
imports    | yes           | yes  | yes      | no         | no      | no       | no
matching   | yes           | yes  | no       | no         | no      | no       | no
policies   | yes           | yes  | yes      | yes        | no      | no       | no
accounts   | yes           | no   | no       | no         | no      | no       | no
audit      | yes           | no   | no       | no         | no      | no       | no
""")

DOES = table("""
action            | administrator | city | district | leadership | manager | reporter | nobody
------------------+---------------+------+----------+------------+---------+----------+-------
import            | yes           | yes  | yes      | no         | no      | no       | no
undo-import       | yes           | yes  | yes      | no         | no      | no       | no
match             | yes           | yes  | no       | no         | no      | no       | no
set-policy        | yes           | yes  | no       | no         | no      | no       | no
settle            | no            | yes  | yes      | no         | no      | no       | no
answer-reply      | no            | yes  | yes      | no         | no      | no       | no
close-month       | no            | yes  | yes      | no         | no      | no       | no
report            | no            | no   | no       | no         | yes     | yes      | no
withdraw-report   | no            | no   | no       | no         | yes     | yes      | no
explain-shortfall | no            | no   | no       | no         | yes     | yes      | no
reply-settlement  | no            | no   | no       | no         | yes     | no       | no
export            | yes           | yes  | yes      | yes        | yes     | yes      | no
manage-accounts   | yes           | no   | no       | no         | no      | no       | no
read-audit        | yes           | no   | no       | no         | no      | no       | no
""")

ANSWERS = table("""
route                       | administrator | city | district | leadership | manager | reporter | nobody
----------------------------+---------------+------+----------+------------+---------+----------+-------
/                           | 200           | 200  | 200      | 200        | 200     | 200      | 401
/login                      | 303           | 303  | 303      | 303        | 303     | 303      | 200
/healthz                    | 200           | 200  | 200      | 200        | 200     | 200      | 200
/vbp/style.css              | 200           | 200  | 200      | 200        | 200     | 200      | 200
/account                    | 200           | 200  | 200      | 200        | 200     | 200      | 401
/export/x                   | 404           | 404  | 404      | 404        | 404     | 404      | 401
/media/x.png                | 404           | 404  | 404      | 404        | 404     | 404      | 401
/_stcore/health             | 200           | 200  | 200      | 200        | 200     | 200      | 401
/_stcore/host-config        | 200           | 200  | 200      | 200        | 200     | 200      | 401
/_stcore/metrics            | 200           | 404  | 404      | 404        | 404     | 404      | 401
/_stcore/script-health-check | 404          | 404  | 404      | 404        | 404     | 404      | 401
""")

H1, H2 = (("institution", "H1"),), (("institution", "H2"),)
PEOPLE = {
    "administrator": ("administrator", ()),
    "city": ("official", ()),
    "district": ("official", (("district", "东区"),)),
    "leadership": ("leadership", ()),
    "manager": ("manager", H1),
    "reporter": ("reporter", H1),
}
WHO = [*PEOPLE, "nobody"]
OF_ONE = ("district", "manager", "reporter")
OF_NOBODY = ("export", "match", "set-policy", "manage-accounts", "read-audit")
"""Actions that are not done to an institution."""
THEIRS = "第二医院"
TITLES = {Path(page.file).stem: page.title for page in PAGES}
BY_STEM = {Path(page.file).stem: page for page in PAGES}


def cells(drawn, name: str) -> list[tuple[str, str, object]]:
    """Row, column and what stands there."""
    return [(row[name], who, row[who]) for row in drawn.to_dict("records") for who in WHO]


# --- The table is of what there is -----------------------------------------------------------------


def test_every_page_stands_in_the_table():
    files = {path.stem for path in (ROOT / "dashboard" / "pages").glob("*.py")}
    assert sorted(OPENS["page"]) == sorted(BY_STEM) == sorted(files)


def test_every_action_stands_in_the_table():
    assert sorted(DOES["action"]) == sorted(MAY) == sorted(DOINGS)


def test_every_action_that_the_code_asks_for_is_one_of_the_table():
    asked = set()
    for path in (ROOT / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in ("require", "may") and node.args:
                asked |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
    assert asked and asked <= set(DOES["action"])


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


# --- A ledger of two hospitals ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Two hospitals; of H1 an import of its own (2) and a settlement (1) that it objected to."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('authorised') / 'ledger.db'}")
    fill(
        engine,
        Product(code="P9", name="甲", spec="10片/盒", base_unit="片", is_provisional=True, import_id=1),
        purchase(1, date(2021, 3, 5), 60_000, 24_000),
        purchase(3, date(2021, 3, 5), 100, 40, row=5),
        purchase(1, date(2021, 3, 6), 70_000, 28_000, institution_id=2, row=4),
        purchase(1, date(2022, 12, 30), 100, 40, row=6),
    )
    (drafted,) = draft(engine, Filters(), by="王", only={(1, 1, 1)})
    assert not drafted.reason
    advance(engine, [SETTLED], "reviewed", by="赵")
    reply(engine, SETTLED, "objected", "有误", by="李")
    account(engine, "leadership", (), "spare")
    own = PURCHASES.replace("2021-05", "2021-04").encode()
    (report,) = import_files(engine, [("四月.csv", own)], by=account(engine, "manager", H1, "manager"))
    assert report.status == "loaded", [problem.sentence() for problem in report.problems]
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def tokens(engine) -> dict[str, str]:
    """A sign-in for each column."""
    return {who: token(engine, account(engine, *said, who)) for who, said in PEOPLE.items()}


@pytest.fixture(scope="module")
def elsewhere(engine) -> dict[str, str]:
    """Sign-ins of those who see H2 and not H1."""
    west = account(engine, "official", (("district", "西区"),))
    return {"official": token(engine, west), "manager": token(engine, account(engine, "manager", H2))}


# --- Pages -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(engine) -> Iterator[Address]:
    with serving(engine.url.render_as_string(hide_password=False)) as address:
        yield address


@pytest.fixture(scope="module")
def visitors(address, tokens) -> Iterator[dict[str, Visitor]]:
    """Everybody, at the page that they begin with."""
    visitors = {who: Visitor(address, each) for who, each in tokens.items()}
    for visitor in visitors.values():
        visitor.first = visitor.open()  # type: ignore[attr-defined]
    yield visitors
    for visitor in visitors.values():
        visitor.leave()


def menu(visitor: Visitor) -> dict[str, str]:
    return visitor.first.menu  # type: ignore[attr-defined]


@pytest.mark.parametrize(("page", "who", "is_open"), cells(OPENS, "page"))
def test_a_page_opens_for_whom_the_table_says(visitors, address, page, who, is_open):
    if who == "nobody":
        asked = f"{address}/{BY_STEM[page].address}"
        assert httpx.get(asked, headers={"Accept": "text/html"}, trust_env=False).status_code == 303
        assert httpx.get(asked, trust_env=False).status_code == 401
        return
    visitor, title = visitors[who], TITLES[page]
    assert (title in menu(visitor)) == is_open
    shown = visitor.open(BY_STEM[page].address)
    assert shown.title and not shown.errors
    if is_open:
        assert shown.number == menu(visitor)[title]
        assert who not in OF_ONE or THEIRS not in shown.texts
        return
    assert_first(visitor, shown)
    if page in ("audit", "settlement", "retention"):
        number = next(menu(each)[title] for each in visitors.values() if title in menu(each))
        assert_first(visitor, visitor.open("", number))


def assert_first(visitor: Visitor, shown: Page) -> None:
    """The page that the visitor begins with, and nothing of the one that was asked for."""
    first: Page = visitor.first  # type: ignore[attr-defined]
    assert (shown.number, shown.title) == (next(iter(first.menu.values())), first.title)


def test_nobody_opens_the_websocket(address):
    with Visitor(address) as visitor, pytest.raises(InvalidStatus, match="401|403"):
        visitor.connect()


@pytest.mark.parametrize(("route", "who", "status"), cells(ANSWERS, "route"))
def test_a_route_answers_as_the_table_says(address, tokens, route, who, status):
    headers = {"Cookie": f"{COOKIE}={tokens[who]}"} if who in tokens else {}
    assert httpx.get(address + route, headers=headers, trust_env=False).status_code == status


@pytest.mark.parametrize("who", PEOPLE)
def test_a_file_offered_on_a_page_is_given_to_nobody_else(visitors, address, tokens, who):
    links = visitors[who].open("completion").links.values()
    for link in links:
        for other in PEOPLE:
            headers = {"Cookie": f"{COOKIE}={tokens[other]}"}
            status = httpx.get(address + link, headers=headers, trust_env=False).status_code
            assert status == (200 if other == who else 404), other


# --- Actions ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(engine, tokens, elsewhere, tmp_path_factory) -> Path:
    """The ledger as it is before anything is done, in one file."""
    copy = tmp_path_factory.mktemp("before") / "ledger.db"
    with sqlite3.connect(engine.url.database) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    return copy


@pytest.mark.parametrize(("action", "who", "is_allowed"), cells(DOES, "action"))
def test_an_action_is_done_for_whom_the_table_says(
    kept, tokens, tmp_path, monkeypatch, action, who, is_allowed
):
    file = Path(shutil.copy(kept, tmp_path)) if is_allowed else kept
    before = content(file)
    app = do(action, file, tokens.get(who, ""), monkeypatch)
    assert not app.exception, app.exception[0].message
    assert app.session_state["outcome"] == ("done" if is_allowed else "refused")
    assert (content(file) != before) == (is_allowed and action != "read-audit")


@pytest.mark.parametrize("action", [action for action in DOES["action"] if action not in OF_NOBODY])
@pytest.mark.parametrize("who", ["official", "manager"])
def test_what_is_done_to_h1_is_refused_outside_of_ones_scope(kept, elsewhere, monkeypatch, action, who):
    """The official of the other district, and the manager of the other hospital, try the same."""
    before = content(kept)
    app = do(action, kept, elsewhere[who], monkeypatch)
    assert app.exception or app.session_state["outcome"] in ("done", "refused")
    assert content(kept) == before


def do(action: str, file: Path, token: str, monkeypatch) -> AppTest:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("VBP_DATABASE_URL", f"sqlite:///{file}")
    script = f"from tests.dashboard.acts import perform\nperform({action!r})"
    app = AppTest.from_string(script, default_timeout=60)
    if token:
        app.user = {"sign_in": token_hash(token)}
    return app.run()


def content(file: Path) -> list[str]:
    """Everything in the ledger but when a sign-in was last used."""
    with sqlite3.connect(file) as connection:
        return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "sign_in"')]
