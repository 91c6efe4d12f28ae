"""审计记录: newest first, narrowed, page by page, in words, verified; and every detail has a word."""

import ast
from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import text

from dashboard.audit_words import LABELS, details_text, with_readable_details
from dashboard.exports.sheets import sheet_bytes
from procurement.columns import COLUMNS, WORDS
from procurement.database import open_database, reading, writing
from procurement.people import audit
from procurement.people.acting import Actor, acting
from procurement.people.trail import events
from tests.dashboard.opening import downloads, open_page, problems, tables, words
from tests.drawn import table
from tests.people import cheap_argon2
from tests.serving import ROOT
from tests.test_audit import UNPROTECTED

PAGE = "pages/audit.py"


@pytest.fixture
def trail(empty_ledger, monkeypatch):
    """250 exports of zhang, then two acts of li."""
    cheap_argon2(monkeypatch)
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    engine = open_database(empty_ledger)
    with writing(engine) as connection, acting(Actor("zhang", "official", "10.0.0.7")):
        for at in range(250):
            audit.record(connection, "exported", f"价格 {at}.xlsx", bytes=1000 + at)
    with writing(engine) as connection, acting(Actor("li", "manager", "10.0.0.8")):
        audit.record(connection, "import-loaded", "三月.xlsx", rows=12, kind="purchases", amount=12_345_600)
        audit.record(connection, "account-changed", "wang", role="manager", scope=[("institution", "H1")])
    yield engine
    engine.dispose()


def opened():
    app = open_page(PAGE, role="administrator")
    assert problems(app) == []
    return app


def again(app):
    app = app.run()
    assert problems(app) == []
    return app


def test_the_newest_come_first_in_words(trail):
    app = opened()
    (rows,) = tables(app)
    assert len(rows) == 100 and rows["audit_action"].iloc[:2].tolist() == ["登录", "新建账号"]
    changed, loaded = rows.iloc[2], rows.iloc[3]
    assert (
        changed["event_details"] == "角色：机构负责人；范围：机构H1" and changed["actor_role"] == "机构负责人"
    )
    assert loaded["event_details"] == "表种：采购记录；行数：12；金额：1,234.56元"
    assert "共254条，第1页，共3页" in words(app)
    assert downloads(app) == ["下载全部符合条件的记录（Excel）"]


def test_a_trail_is_turned_over_page_by_page(trail):
    app = opened()
    app.main.number_input[0].set_value(3)
    app = again(app)
    (rows,) = tables(app)
    assert len(rows) == 54 and rows["subject"].iloc[-1] == "价格 0.xlsx" and "第3页，共3页" in words(app)


def test_it_is_narrowed(trail):
    app = opened()
    app.selectbox(key="audit_actor").set_value("li")
    (rows,) = tables(again(app))
    assert rows["actor"].unique().tolist() == ["li"] and len(rows) == 2
    app.selectbox(key="audit_action").set_value("import-loaded")
    (rows,) = tables(again(app))
    assert rows["subject"].tolist() == ["三月.xlsx"]
    app.selectbox(key="audit_actor").set_value(None)
    app.selectbox(key="audit_action").set_value(None)
    app.text_input(key="audit_text").set_value("价格 24")
    (rows,) = tables(again(app))
    assert len(rows) == 11  # 24 and 240 … 249
    app.date_input(key="audit_last").set_value(datetime(2020, 1, 1, tzinfo=UTC).date())
    app = again(app)
    assert not tables(app) and "没有符合条件的记录" in words(app)


def test_the_trail_is_verified_on_request(trail):
    app = opened()
    assert "校验通过" not in words(app)
    app = app.button(key="audit_verify").click().run()
    with reading(trail) as connection:
        head = audit.verify(connection).head
    assert "共254条，校验通过" in words(app) and head in words(app)
    with writing(trail) as connection:
        for statement in UNPROTECTED["sqlite"]:
            connection.execute(text(statement))
        connection.execute(text("UPDATE audit_event SET subject = 'x' WHERE id = 7"))
    app = app.button(key="audit_verify").click().run()
    assert "第7条与其校验码不符" in app.main.error[0].value


def test_the_file_has_every_column_and_no_formula(trail):
    with writing(trail) as connection:
        audit.record(connection, "exported", '=HYPERLINK("http://x")', by="zhang")
    with reading(trail) as connection:
        rows = with_readable_details(events(connection))
    content = sheet_bytes("审计记录", rows, list(rows.columns))
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {COLUMNS[name].label for name in rows.columns} <= {cell.value for cell in cells}
    (formula,) = [cell for cell in cells if "HYPERLINK" in cell.value]
    assert formula.data_type == "s"


DETAILS = table("""
    said                                       | reads
    -------------------------------------------+----------------------------------
    {}                                         | -
    {"rows": 1200, "skipped_rows": 0}          | 行数：1,200；跳过的行：0
    {"reason": "", "remark": null, "scope": []} | -
    {"way": "oidc"}                            | 登录方式：统一身份认证
    {"category": "drug", "level": "city"}      | 层级：市；类别：药品
    {"scope": [["district", "东区"], ["chain", "大药房"]]} | 范围：区县东区、连锁大药房
    {"content_hash": "0123456789abcdef"}       | 文件校验码：0123456789ab
    {"never_seen": true}                       | never_seen：是
""")


@pytest.mark.parametrize("drawn", list(DETAILS.itertuples()), ids=lambda drawn: drawn.said[:30])
def test_details_are_read_as_words(drawn):
    assert details_text(drawn.said) == (drawn.reads or "")


def recorded() -> dict[str, str]:
    """Every detail that some code records by name, and where."""
    found = {}
    for folder in ("procurement", "etl", "dashboard"):
        for path in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(call, ast.Call) or "audit.record" not in ast.unparse(call.func):
                    continue
                names = {keyword.arg for keyword in call.keywords if keyword.arg} - {"by"}
                found |= dict.fromkeys(names, path.relative_to(ROOT).as_posix())
    return found


def test_every_detail_and_every_action_has_a_word():
    assert len(recorded()) > 10
    assert {name: place for name, place in recorded().items() if name not in LABELS} == {}
    assert {action for action in audit.ACTIONS if f"audit_action.{action}" not in WORDS} == set()
