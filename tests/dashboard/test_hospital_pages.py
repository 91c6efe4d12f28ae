"""我的医院, 未完成原因, 核对: what an institution sees and does, and what officials see of it."""

from datetime import date
from pathlib import Path

import pytest

from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.peers import standings
from procurement.queries.replies import replies, reply_table
from procurement.queries.shortfalls import shortfall_reasons
from procurement.settling import advance, draft
from procurement.tables import AgreedVolume, Assessment, Institution
from tests.dashboard.opening import cards, go_to, open_page, problems, tables, words
from tests.serving import copied
from tests.small_ledger import SHARE, fill, purchase

HOME, SHORT, CHECK, SETTLING = "pages/home.py", "pages/shortfalls.py", "pages/check.py", "pages/settlement.py"
H1, H2, CHAIN = (("institution", "H1"),), (("institution", "H2"),), (("chain", "万家"),)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """H1 and H2 have a settled year and one that runs behind; two shops of a chain; settlements 1 and 2 of H1
    and H2 are reviewed. Made once: each test has a copy."""
    path = tmp_path_factory.mktemp("prepared") / "city.db"
    engine = open_database(f"sqlite:///{path}")
    source = {"import_id": 1, "row_number": 3}
    v = {"batch_id": 1, "variety_id": 1, **source}
    fill(
        engine,
        Institution(code="S1", name="万家一店", kind="pharmacy", chain="万家", import_id=1),
        Institution(code="S2", name="万家二店", kind="pharmacy", chain="万家", import_id=1),
        Institution(code="N1", name="新开医院", kind="hospital", import_id=1),
        AgreedVolume(institution_id=2, agreement_year=1, reported_units=900, agreed_units=800, **v),
        AgreedVolume(institution_id=1, agreement_year=2, reported_units=90_000, agreed_units=80_000, **v),
        AgreedVolume(institution_id=2, agreement_year=2, reported_units=900, agreed_units=800, **v),
        Assessment(institution_id=2, batch_id=1, agreement_year=1, score=92 * SHARE, **source),
        purchase(1, date(2021, 3, 10), 60_000, 24_000),
        purchase(1, date(2021, 3, 10), 700, 280, institution_id=2, row=4),
        purchase(1, date(2022, 6, 10), 10_000, 4_500, row=5),  # 500.00 above the award
        purchase(1, date(2022, 6, 30), 100, 40, institution_id=3, row=6),
    )
    made = draft(engine, Filters(), 1, by="张")
    assert [(o.settlement_id, o.institution_code) for o in made] == [(1, "H1"), (2, "H2")]
    assert not [o for o in advance(engine, [1, 2], "reviewed", by="王") if o.reason]
    engine.dispose()
    return path


@pytest.fixture
def city(prepared, tmp_path, monkeypatch) -> str:
    url = copied(prepared, tmp_path)
    monkeypatch.setenv("VBP_DATABASE_URL", url)
    return url


def opened(file: str, role: str = "manager", scope=H1, **address: str):
    app = open_page(file, role=role, scope=scope, **address)
    assert problems(app) == []
    return app


def click(app, key: str):
    app = app.main.button(key=key).click().run()
    assert problems(app) == []
    return app


def asked(url: str, source):
    with reading(open_database(url)) as connection:
        return source(connection)


def test_home_tells_what_to_do_next(city):
    told = words(opened(HOME))
    for kind in ("待核对的结算", "待说明的未完成品种", "高于中选价采购的品种"):
        assert kind in told
    assert "500\\.00元" in told and "V" in told
    assert "第二医院" not in told


def test_home_tells_what_is_still_to_be_bought(city):
    app = opened(HOME)
    row = next(frame for frame in tables(app) if "remaining_equivalent" in frame).iloc[0]
    # 80 000 agreed, 10 000 bought, 184 of 365 days left
    assert (row["remaining_equivalent"], round(row["months_left"], 2)) == (70_000.0, 6.05)
    assert cards(app)["约定量完成"] == "12.5%"
    assert "结余留用" in cards(app)


def test_a_reporter_is_told_nothing_of_the_surplus(city):
    app = opened(HOME, "reporter")
    assert "结余留用" not in cards(app)


def test_a_chain_sees_its_shops_and_chooses_one(city):
    app = opened(HOME, scope=CHAIN)
    assert app.title[0].value == "万家"
    shops = next(frame for frame in tables(app) if "year_saving_amount" in frame)
    assert set(shops["institution_name"]) == {"万家一店", "万家二店"}
    app = app.main.selectbox(key="institution").select("S1").run()
    assert problems(app) == []
    assert "与同类机构比较" in [part.value for part in app.subheader]
    told = words(app)
    assert "不足5家时不排名" in told and "第一医院" not in told


def test_a_new_hospital_is_told_what_to_do(city):
    app = opened(HOME, scope=(("institution", "N1"),))
    assert "还没有本机构的采购记录" in words(app)
    assert [button.label for button in app.main.button] == ["前往上报"]
    app = opened(CHECK, scope=(("institution", "N1"),))
    assert "还没有结算" in words(app)
    assert "不需要说明" in words(opened(SHORT, scope=(("institution", "N1"),)))


def test_a_reason_is_given_for_what_is_selected(city):
    app = opened(SHORT, "reporter")
    assert cards(app)["待说明"] == "1"
    assert app.main.button(key="save_reason").disabled
    app.session_state["short_0"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app = app.main.selectbox(key="shortfall_reason").select("other").run()
    app = click(app, "save_reason")
    assert "请在补充说明中写明" in words(app)
    app.session_state["short_0"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app = app.main.text_area(key="shortfall_text").input("换了厂家").run()
    app = click(app, "save_reason")
    assert "已保存1项的原因：其他" in words(app)
    assert cards(app)["已说明"] == "1"
    said = asked(city, shortfall_reasons)
    assert said[["institution_code", "shortfall_text", "explained_by"]].to_numpy().tolist() == [
        ["H1", "换了厂家", "reporter-H1"]
    ]
    app = open_page("pages/completion.py")
    assert problems(app) == []
    assert "机构已说明1项，未说明1项" in words(app)
    assert "未完成原因" not in [part.value for part in opened("pages/completion.py").subheader]


def test_a_manager_objects_the_official_answers_the_manager_agrees(city):
    app = opened(CHECK)
    app = app.main.text_area(key="objection_text").input("退货<b>未扣除</b>").run()
    app = click(app, "object")
    assert "已对结算编号1提出异议" in words(app) and "退货\\<b\\>" in words(app)
    app = open_page(SETTLING)
    assert problems(app) == []
    assert "有异议待答复1项，待机构核对1项" in words(app)
    app = app.main.text_area(key="answer_text").input("已核").run()
    app = click(app, "answer")
    assert "已答复结算编号1的异议" in words(app)
    click(opened(CHECK), "agree")
    said = asked(city, replies)
    assert said[["reply_stance", "replied_by"]].to_numpy().tolist() == [
        ["objected", "manager-H1"], ["answered", "official"], ["agreed", "manager-H1"],
    ]  # fmt: skip


def test_anothers_settlement_changes_nothing(city):
    app = opened(CHECK, settlement="2")
    assert "结算编号1" in words(app) and "结算编号2" not in words(app)
    app = opened(HOME)
    app.session_state["settlement"] = "2"
    app = go_to(app, CHECK)
    assert problems(app) == []
    assert "结算编号2" not in words(app)
    click(app, "agree")
    assert list(asked(city, reply_table)["reply_state"]) == ["agreed", "waiting"]
    app = opened(HOME, scope=CHAIN, institution="H1")
    assert "第一医院" not in words(app)


def test_a_reporter_reads_a_settlement_and_cannot_reply(city):
    app = opened(CHECK, "reporter")
    assert "由机构负责人的账号办理" in words(app)
    assert not [button for button in app.main.button if button.key in ("agree", "object")]


@pytest.mark.parametrize("file", [HOME, SHORT, CHECK])
def test_the_bureau_has_no_such_page(city, file):
    from dashboard.navigation import PAGES

    (entry,) = [page for page in PAGES if page.file == file]
    assert not entry.roles & {"administrator", "official", "leadership"}
    assert open_page("pages/overview.py", role="leadership").title[0].value == "集中带量采购总览"
    with pytest.raises(Exception, match="page"):
        go_to(open_page("pages/overview.py", role="leadership"), file)


def test_leadership_reads_replies_and_answers_none(city):
    app = opened(CHECK)
    app = app.main.text_area(key="objection_text").input("退货").run()
    click(app, "object")
    app = open_page(SETTLING, role="leadership")
    assert problems(app) == []
    assert "有异议待答复1项" in words(app)
    assert not [button for button in app.main.button if button.key == "answer"]


def test_ranks_of_the_sample_city_name_nobody(sample_ledger):
    code, own = "H41092200001", ("H41092200001",)
    with reading(open_database(sample_ledger)) as connection:
        told = standings(connection, Filters(), code, own)
        narrowed = standings(connection, Filters(varieties=("没有",), institutions=(code,)), code, own)
        third_level = standings(connection, Filters(), "H41090200001", ("H41090200001",))
    assert {figure: found.peers for figure, found in told.items()} == dict.fromkeys(told, 24)
    assert all(1 <= found.rank <= 25 for found in told.values())
    assert narrowed == told  # nobody narrows the comparison down to one peer
    assert {(found.peers, found.rank, found.median) for found in third_level.values()} == {(3, None, None)}
