"""What is written into files, names and addresses is shown, never obeyed."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from dashboard.navigation import PAGES
from procurement.database import reading
from procurement.tables import Institution
from tests.dashboard.attacks.victims import FORMULA, SCRIPT, THEIRS, WHO, raw, sign_in
from tests.people import token
from tests.visitor import COOKIE

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
