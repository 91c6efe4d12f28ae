"""`vbp users`, `vbp audit` and the question before the first start: what is printed, promised and refused."""

import json
import os
import sys

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from dashboard.author import author
from dashboard.command_line import app
from procurement.database import open_database, reading, writing
from procurement.people import accounts, signing_in
from procurement.people.passwords import is_right
from tests.people import PASSWORD, cheap_argon2
from tests.serving import ROOT
from tests.small_ledger import fill
from tests.test_audit import UNPROTECTED

pty = pytest.importorskip("pty", reason="Windows has no such terminals")


@pytest.fixture
def url(empty_ledger, monkeypatch):
    """H1 in 东区, H2 in 西区, and an administrator."""
    cheap_argon2(monkeypatch)
    engine = open_database(empty_ledger)
    fill(engine)
    accounts.add(engine, "admin", "administrator", by="test", password=PASSWORD)
    engine.dispose()
    return empty_ledger


def vbp(url: str, *arguments: str, stdin: str | None = None) -> Result:
    done = CliRunner().invoke(app, [*arguments, "--db", url], input=stdin)
    assert "Traceback" not in done.stderr
    return done


def users(url: str, *arguments: str, stdin: str | None = None) -> Result:
    return vbp(url, "users", *arguments, stdin=stdin)


def listed(url: str) -> dict[str, dict]:
    return {each["name"]: each for each in json.loads(users(url, "list", "--json").stdout)}


def password_hash(url: str, name: str) -> str:
    engine = open_database(url)
    with reading(engine) as connection:
        return connection.execute(
            text("SELECT password_hash FROM account WHERE name = :name"), {"name": name}
        ).scalar_one()


def test_a_first_password_is_printed_once_and_alone(url):
    done = users(url, "add", "zhang", "--role", "manager", "--institution", "H1", "--institution", "H2",
                 "--full-name", "张三")  # fmt: skip
    assert done.exit_code == 0, done.stderr
    made = done.stdout.strip()
    assert len(made) == 14 and made not in done.stderr and "只显示这一次" in done.stderr
    assert is_right(made, password_hash(url, "zhang"))
    told = listed(url)["zhang"]
    assert told | {"created_at": "", "last_seen_at": ""} == {
        "name": "zhang",
        "full_name": "张三",
        "role": "manager",
        "scope": "H1、H2",
        "is_active": True,
        "must_change_password": True,
        "created_by": author(),
        "created_at": "",
        "last_seen_at": "",
    }
    assert made not in vbp(url, "audit", "list", "--json").stdout
    again = users(url, "reset", "zhang").stdout.strip()
    assert again != made and is_right(again, password_hash(url, "zhang"))


def test_a_password_can_be_given_and_is_not_printed(url):
    done = users(url, "add", "zhang", "--role", "official", "--password-stdin", stdin="correct horse\r\nmore")
    assert (done.exit_code, done.stdout) == (0, "")
    assert is_right("correct horse", password_hash(url, "zhang"))
    assert not listed(url)["zhang"]["must_change_password"]


def test_an_account_goes_through_its_life(url):
    users(url, "add", "zhang", "--role", "official")
    assert users(url, "change", "zhang", "--district", "东区", "--full-name", "张三").exit_code == 0
    assert (listed(url)["zhang"]["scope"], listed(url)["zhang"]["role"]) == ("东区", "official")
    assert users(url, "change", "zhang", "--role", "leadership").exit_code == 0  # the scope stays
    assert (listed(url)["zhang"]["scope"], listed(url)["zhang"]["full_name"]) == ("东区", "张三")
    assert users(url, "change", "zhang", "--whole-city").exit_code == 0
    assert listed(url)["zhang"]["scope"] is None
    assert users(url, "disable", "zhang").exit_code == 0 and not listed(url)["zhang"]["is_active"]
    assert users(url, "enable", "zhang").exit_code == 0 and listed(url)["zhang"]["is_active"]
    assert "0个登录" in users(url, "sign-out", "zhang").stderr
    text_list = users(url, "list").stdout
    assert "张三" in text_list and "领导" in text_list
    told = json.loads(vbp(url, "audit", "list", "--json").stdout)
    assert [each["action"] for each in told[:3]] == [
        "signed-out-everywhere",
        "account-enabled",
        "account-disabled",
    ]
    assert {each["actor"] for each in told[:6]} == {author()} and {each["origin"] for each in told} == {
        "local"
    }


def test_an_identity_is_bound_to_an_account(url):
    done = users(url, "add", "wang", "--role", "official", "--identity", "https://issuer 4711")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "没有密码" in users(url, "reset", "wang").stderr


REFUSED = [
    (1, ["add", "ADMIN", "--role", "official"], "已有名为“ADMIN”的账号"),
    (1, ["add", "a b", "--role", "official"], "账号名“a b”不行"),
    (1, ["add", "zhang", "--role", "manager"], "必须写明所属机构"),
    (1, ["add", "zhang", "--role", "manager", "--institution", "H9"], "没有这些机构编码：H9"),
    (1, ["add", "zhang", "--role", "official", "--password-stdin"], "至少要有10个字符"),
    (1, ["disable", "admin"], "唯一能登录的系统管理员"),
    (1, ["change", "admin", "--role", "official"], "唯一能登录的系统管理员"),
    (1, ["disable", "nobody"], "没有名为“nobody”的账号"),
    (1, ["reset", "nobody"], "没有名为“nobody”的账号"),
    (2, ["add", "zhang", "--role", "boss"], "没有“boss”这个角色"),
    (2, ["add", "zhang"], "--role"),
    (2, ["change", "admin"], "请写明要更改的"),
    (2, ["change", "admin", "--whole-city", "--district", "东区"], "不能与区县"),
    (2, ["add", "x", "--role", "official", "--identity", "a b", "--password-stdin"], "只能用一个"),
]


@pytest.mark.parametrize(("code", "arguments", "said"), REFUSED, ids=lambda part: str(part)[:40])
def test_what_is_refused_says_why(url, code, arguments, said):
    done = users(url, *arguments, stdin="short")
    assert (done.exit_code, done.stdout) == (code, "")
    words = "".join(done.stderr.replace("│", "").split())  # typer draws a frame around wrong use
    assert "".join(said.split()) in words
    assert set(listed(url)) == {"admin"}


# --- The trail -------------------------------------------------------------------------------------


def test_the_trail_is_listed_in_words_and_for_programs(url):
    users(url, "add", "zhang", "--role", "manager", "--institution", "H1")
    shown = vbp(url, "audit", "list", "--limit", "1").stdout
    assert "新建账号" in shown and "角色：机构负责人；范围：机构H1" in shown
    (told,) = json.loads(
        vbp(url, "audit", "list", "--action", "account-added", "--actor", author(), "--json").stdout
    )
    assert told["details"] == {"role": "manager", "scope": [["institution", "H1"]], "full_name": ""}
    assert set(told) == {"id", "at", "actor", "role", "origin", "action", "subject", "details", "hash"}
    assert "没有这个事项" in vbp(url, "audit", "list", "--action", "made-up").stderr


def test_the_trail_is_verified(url):
    done = vbp(url, "audit", "verify")
    assert done.exit_code == 0 and "共1条，校验通过" in done.stdout
    head = done.stdout.split("末条校验码：")[1].strip()
    users(url, "add", "zhang", "--role", "official")
    assert vbp(url, "audit", "verify", "--head", head).exit_code == 0
    lost = vbp(url, "audit", "verify", "--head", "0" * 63 + "1")
    assert lost.exit_code == 1 and "末尾被删去" in lost.stderr
    engine = open_database(url)
    for statement, said in (
        ("UPDATE audit_event SET actor = 'x' WHERE id = 2", "第2条与其校验码不符"),
        ("DELETE FROM audit_event WHERE id = 1", "第2条"),
    ):
        with writing(engine) as connection:
            for each in UNPROTECTED["sqlite"]:
                connection.execute(text(each.replace("TRIGGER", "TRIGGER IF EXISTS")))
            connection.execute(text(statement))
        found = vbp(url, "audit", "verify")
        assert found.exit_code == 1 and said in found.stderr and found.stdout == ""
    engine.dispose()


# --- The first administrator at the server's window ------------------------------------------------

ASK = (
    "import sys; from dashboard.first_administrator import ask_for_administrator as ask; "
    "ask(sys.argv[1], lambda said: print(said, flush=True)); print('SERVES', flush=True)"
)


def read(window: int) -> str:
    """What came; nothing when the window was closed."""
    try:
        return os.read(window, 4096).decode("utf-8", "replace")
    except OSError:
        return ""


def at_a_terminal(url: str, *answers: tuple[str, str]) -> str:
    """What the window shows; each answer is typed once its question stands there."""
    child, window = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-c", ASK, url])
    shown, since, waiting = "", "", list(answers)
    while part := read(window):
        shown, since = shown + part, since + part
        if waiting and waiting[0][0] in since:
            os.write(window, f"{waiting.pop(0)[1]}\n".encode())
            since = ""
    os.waitpid(child, 0)
    os.close(window)
    assert not waiting, shown
    return shown


NAME, FULL, WORD, AGAIN = "管理员账号：", "姓名（可不填）：", "密码（输入时不显示）：", "再次输入密码："


def test_the_first_administrator_is_asked_for_at_the_terminal(empty_ledger):
    shown = at_a_terminal(
        empty_ledger,
        (NAME, "admin"), (FULL, "张三"), (WORD, "a long sentence"), (AGAIN, "another sentence"),
        (NAME, "admin"), (FULL, ""), (WORD, "short"), (AGAIN, "short"),
        (NAME, "admin"), (FULL, "张三"), (WORD, "a long sentence"), (AGAIN, "a long sentence"),
    )  # fmt: skip
    assert "两次输入的密码不一致" in shown and "至少要有10个字符" in shown
    assert "已建立系统管理员“admin”" in shown and "SERVES" in shown
    assert "a long sentence" not in shown  # nothing of it is shown
    engine = open_database(empty_ledger)
    assert signing_in.sign_in(engine, "admin", "a long sentence", "local")
    engine.dispose()
    assert "还没有系统管理员" not in at_a_terminal(empty_ledger)  # asked once and never again


def test_the_question_can_be_skipped(empty_ledger):
    shown = at_a_terminal(empty_ledger, (NAME, ""))
    assert "还没有系统管理员" in shown and shown.rstrip().endswith("SERVES")
    engine = open_database(empty_ledger)
    with reading(engine) as connection:
        assert not accounts.has_administrator(connection)
    engine.dispose()
