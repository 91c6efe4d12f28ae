"""Replies to settlements: asked from the review on, all kept, of the figures that were seen."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session, col

from procurement.database import reading, writing
from procurement.filters import Filters
from procurement.ledger import rebuild
from procurement.people.trail import Asked, events
from procurement.published import TABLES, records
from procurement.queries.replies import replies, reply_table, waiting, working_hash
from procurement.replies import LONGEST, ReplyRefused, answer, reply
from procurement.settling import advance, draft, refresh
from procurement.tables import Settlement, SettlementStep
from tests.small_ledger import fill, purchase

OWN = ("H1",)
AMOUNTS = ("surplus_base", "retained", "staff", "development", "payable")


def settlement(state: str, **more: object) -> list:
    """A settlement of H1 as it stands in the ledger, and its last step."""
    figures = {f"{name}_amount": 1 for name in AMOUNTS} | {"score": 1, "ratio": 1, "working": b""}
    kept = {"working_hash": "first", "imports_until": 1, "decisions": 0, **figures, **more}
    key = {"institution_id": 1, "batch_id": 1, "agreement_year": 1}
    step = SettlementStep(settlement_id=1, state=state, at=datetime(2022, 2, 1, tzinfo=UTC), by="王")
    return [Settlement(**key, state=state, **kept), step]


@pytest.fixture
def reviewed(ledger: Engine) -> Engine:
    fill(ledger, *settlement("reviewed"))
    return ledger


@pytest.fixture
def quick(sqlite_ledger: Engine) -> Engine:
    """The same, for what no other database decides."""
    fill(sqlite_ledger, *settlement("reviewed"))
    return sqlite_ledger


def state(engine: Engine) -> str:
    with reading(engine) as connection:
        return reply_table(connection)["reply_state"].iloc[0]


def change(engine: Engine, **values: object) -> None:
    with writing(engine) as connection:
        connection.execute(update(Settlement).where(col(Settlement.id) == 1).values(values))


def test_a_reviewed_settlement_waits_for_its_institution_until_it_agrees(reviewed):
    assert state(reviewed) == "waiting"
    with reading(reviewed) as connection:
        assert list(waiting(connection, Filters(scope=OWN))["settlement_id"]) == [1]
        assert waiting(connection, Filters(scope=("H2",))).empty
    reply(reviewed, 1, "agreed", by="李", scope=OWN)
    assert state(reviewed) == "agreed"
    with reading(reviewed) as connection:
        assert waiting(connection).empty
        last = events(connection, most=1).iloc[0]
    assert (last["audit_action"], last["actor"], last["subject"]) == (
        "settlement-agreed",
        "李",
        "第一医院 B 1",
    )


def test_every_word_is_kept_and_published(reviewed):
    reply(reviewed, 1, "objected", " 退货未扣除 ", by="李", scope=OWN)
    assert state(reviewed) == "objected"
    change(reviewed, working_hash="second")
    answer(reviewed, 1, "已核", by="张")
    assert state(reviewed) == "answered"
    reply(reviewed, 1, "agreed", by="李", scope=OWN)
    table = TABLES["replies"]
    with reading(reviewed) as connection:
        told = records(table.figure(connection, Filters()), table.columns)
    assert [(row["stance"], row["text"], row["by"], row["speaks_of_present_figures"]) for row in told] == [
        ("objected", "退货未扣除", "李", False),
        ("answered", "已核", "张", True),
        ("agreed", None, "李", True),
    ]
    assert {row["institution_code"] for row in told} == {"H1"}


def test_an_objection_keeps_the_settlement_from_being_confirmed_until_it_is_answered(sqlite_ledger):
    city = sqlite_ledger
    fill(city, purchase(1, date(2021, 3, 10), 60_000, 24_000), purchase(1, date(2022, 1, 5), 100, 40, row=5))
    assert draft(city, Filters(), 1, by="张")[0].settlement_id == 1
    advance(city, [1], "reviewed", by="王")
    reply(city, 1, "objected", "退货未扣除", by="李", scope=OWN)
    (held,) = advance(city, [1], "confirmed", by="王")
    assert "异议尚未答复" in held.reason and held.state == "reviewed"

    # Computing anew, with other figures, is no answer.
    with Session(city) as session:
        session.add(purchase(2, date(2021, 5, 10), 1_000, 2_000, row=6))
        session.commit()
    with writing(city) as connection:
        rebuild(connection)
    refresh(city, [1], by="张")
    advance(city, [1], "reviewed", by="王")
    assert "异议尚未答复" in advance(city, [1], "confirmed", by="王")[0].reason

    answer(city, 1, "退货已计入", by="张")
    assert advance(city, [1], "confirmed", by="王")[0].reason == ""


def test_after_an_answer_the_institution_may_look_again(quick):
    reply(quick, 1, "objected", "退货未扣除", by="李", scope=OWN)
    answer(quick, 1, "退货已计入", by="张")
    with reading(quick) as connection:
        assert len(waiting(connection)) == 1
    reply(quick, 1, "objected", "仍有一笔", by="李", scope=OWN)
    assert state(quick) == "objected"
    reply(quick, 1, "agreed", by="李", scope=OWN)  # takes it back
    assert state(quick) == "agreed"


def test_figures_computed_anew_wait_for_a_new_word(quick):
    with reading(quick) as connection:
        seen = working_hash(connection, 1)
    reply(quick, 1, "agreed", by="李", scope=OWN, seen=seen)
    with pytest.raises(ReplyRefused, match="已经同意"):
        reply(quick, 1, "agreed", by="李", scope=OWN, seen=seen)
    change(quick, working_hash="second")
    assert state(quick) == "waiting"
    with pytest.raises(ReplyRefused, match="重新测算过"):
        reply(quick, 1, "agreed", by="李", scope=OWN, seen=seen)
    assert state(quick) == "waiting"


def test_nobody_is_asked_before_the_review_or_after_the_confirmation(quick):
    for step in ("draft", "confirmed", "paid", "cancelled"):
        change(quick, state=step)
        assert state(quick) == ""
        with pytest.raises(ReplyRefused, match="审核之后、确认之前"):
            reply(quick, 1, "objected", "请核查", by="李", scope=OWN)


def test_a_cancelled_settlement_has_no_objection_left(quick):
    reply(quick, 1, "objected", "请核查", by="李", scope=OWN)
    change(quick, state="cancelled")
    assert state(quick) == ""


def test_another_institutions_settlement_is_not_there(quick):
    for number, scope in ((1, ("H2",)), (1, ()), (99, None)):
        with pytest.raises(LookupError, match=f"没有编号为{number}的结算"):
            reply(quick, number, "agreed", by="李", scope=scope)
    with pytest.raises(LookupError):
        answer(quick, 1, "答复", by="张", scope=("H2",))
    with reading(quick) as connection:
        assert replies(connection).empty
        assert events(connection, Asked("settlement-agreed")).empty


def test_words_have_a_length(quick):
    for text, says in (("", "请写明异议的理由"), (" \n", "请写明"), ("字" * (LONGEST + 1), "501")):
        with pytest.raises(ReplyRefused, match=says):
            reply(quick, 1, "objected", text, by="李", scope=OWN)
    reply(quick, 1, "objected", "字" * LONGEST, by="李", scope=OWN)
    with pytest.raises(ReplyRefused, match="请写明答复"):
        answer(quick, 1, " ", by="张")


def test_only_an_open_objection_is_answered(quick):
    with pytest.raises(ReplyRefused, match="没有待答复的异议"):
        answer(quick, 1, "答复", by="张")
    reply(quick, 1, "objected", "请核查", by="李", scope=OWN)
    answer(quick, 1, "答复", by="张")
    with pytest.raises(ReplyRefused, match="没有待答复的异议"):
        answer(quick, 1, "再答复", by="张")
