"""Settlements: frozen with their policy and lines, moved by nobody, corrected by a new one that is linked."""

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlmodel import Session, col

from etl.undoing import undo
from procurement import figures
from procurement.database import reading, writing
from procurement.filters import Filters
from procurement.frozen import to_text
from procurement.ledger import rebuild
from procurement.queries.settlements import settlements, standing, steps
from procurement.settled import frozen_working
from procurement.settling import advance, correct, draft, refresh, settlement_table
from procurement.tables import (
    AgreedVolume,
    Assessment,
    ImportChange,
    PolicyEntry,
    Settlement,
)
from procurement.working import workings
from tests.small_ledger import SHARE, YUAN, fill, purchase

BATCH = Filters(batches=("B",))


@pytest.fixture
def either_city(ledger: Engine) -> Engine:
    """Worked example A of the reference, its year over: 53 900.00 retained, 32 340.00 of it for staff."""
    return filled(ledger)


@pytest.fixture
def city(sqlite_ledger: Engine) -> Engine:
    """The same, for rules that no database can change."""
    return filled(sqlite_ledger)


def filled(ledger: Engine) -> Engine:
    fill(
        ledger,
        purchase(1, date(2021, 3, 10), 60_000, 24_000),
        purchase(2, date(2021, 4, 10), 10_000, 18_000, row=4),
        purchase(1, date(2022, 1, 5), 100, 40, row=5),
    )
    return ledger


def add(engine: Engine, *rows: object) -> None:
    with Session(engine) as session:
        session.add_all(rows)
        session.commit()
    with writing(engine) as connection:
        rebuild(connection)


def settled(engine: Engine, state: str = "confirmed") -> int:
    (drafted,) = draft(engine, BATCH, 1, by="起草人")
    for step in ["reviewed", "confirmed", "paid"]:
        if state in ("draft", "reviewed", "confirmed")[: ["reviewed", "confirmed", "paid"].index(step) + 1]:
            break
        assert advance(engine, [drafted.settlement_id], step, by=f"{step}人")[0].reason == ""
    return drafted.settlement_id


def table(engine: Engine):
    with reading(engine) as connection:
        return settlement_table(connection, BATCH)


def test_a_draft_freezes_the_figures_of_the_worked_example(either_city):
    (made,) = draft(either_city, BATCH, 1, by="起草人")
    # base 107 800.00 × 50 % × 100 % = 53 900.00; × 60 % = 32 340.00; nothing settled before: all is payable
    amounts = (made.surplus_base_amount, made.retained_amount, made.staff_amount, made.payable_amount)
    assert amounts == (107_800 * YUAN, 53_900 * YUAN, 32_340 * YUAN, 53_900 * YUAN)
    assert (made.state, made.reason) == ("draft", "")


def test_each_step_keeps_who_did_it_and_when(either_city):
    number = settled(either_city, "paid")
    with reading(either_city) as connection:
        found = steps(connection, number)
    assert list(found["settlement_state"]) == ["draft", "reviewed", "confirmed", "paid"]
    assert list(found["decided_by"]) == ["起草人", "reviewed人", "confirmed人", "paid人"]
    assert found["decided_at"].notna().all()


def test_what_is_settled_is_not_drafted_again(city):
    number = settled(city, "draft")
    (again,) = draft(city, BATCH, 1, by="他人")
    assert again.settlement_id == number and "草稿" in again.reason
    assert len(table(city)) == 1


@pytest.mark.parametrize(
    ("now", "wanted"),
    [("draft", "confirmed"), ("draft", "paid"), ("reviewed", "paid"), ("confirmed", "reviewed"),
     ("confirmed", "cancelled"), ("paid", "cancelled")],
)  # fmt: skip
def test_no_step_is_skipped_or_taken_back(city, now, wanted):
    number = settled(city, now)
    (refused,) = advance(city, [number], wanted, by="他人", remark="试试")
    assert "不能改为" in refused.reason
    assert list(table(city)["settlement_state"]) == [now]


def test_a_year_that_still_runs_is_not_settled(ledger):
    fill(ledger, purchase(1, date(2021, 12, 30), 60_000, 24_000))
    (refused,) = draft(ledger, BATCH, 1, by="起草人")
    assert "2021-12-31" in refused.reason and refused.settlement_id is None
    add(ledger, purchase(1, date(2021, 12, 31), 1, 1, row=9))  # the last day itself ends the year
    assert draft(ledger, BATCH, 1, by="起草人")[0].state == "draft"


def test_what_lacks_a_basis_is_not_settled_and_says_why(city):
    with writing(city) as connection:
        connection.execute(delete(Assessment))
    (refused,) = draft(city, BATCH, 1, by="起草人")
    assert refused.reason == "缺考核得分" and refused.retained_amount is None
    assert table(city).empty


def test_a_later_import_moves_nothing_of_what_is_confirmed_and_the_difference_is_shown(either_city):
    number = settled(either_city)
    with reading(either_city) as connection:
        before = to_text(frozen_working(connection, number))
    # 2 000.00 more for non-selected products: spending + 1 400.00, base − 1 400.00, retained − 700.00
    add(either_city, purchase(2, date(2021, 5, 10), 1_000, 2_000, row=6))
    row = table(either_city).iloc[0]
    assert row["retained_amount"] == 53_900 * YUAN
    assert row["now_retained_amount"] == 53_200 * YUAN
    assert row["difference_amount"] == -700 * YUAN
    assert row["is_moved"]
    with reading(either_city) as connection:
        assert to_text(frozen_working(connection, number)) == before


def test_a_later_policy_moves_nothing_of_what_is_confirmed(city):
    settled(city)
    at = datetime(2023, 1, 1, tzinfo=UTC)
    add(city, PolicyEntry(parameter="retention_maximum_ratio", level="city", from_date=date(2020, 1, 1),
                          value=json.dumps({"decimal": "0.4"}), source="本市文件", decided_at=at,
                          decided_by="管理员"))  # fmt: skip
    row = table(city).iloc[0]  # 107 800.00 × 40 % = 43 120.00
    assert (row["retained_amount"], row["now_retained_amount"]) == (53_900 * YUAN, 43_120 * YUAN)


def test_a_correction_is_a_new_settlement_that_pays_the_difference(either_city):
    number = settled(either_city, "paid")
    add(either_city, purchase(2, date(2021, 5, 10), -5_000, -9_000, row=6))  # returned: base + 6 300.00
    (made,) = correct(either_city, [number], by="更正人", remark="漏报退货")
    # retained (107 800 + 6 300) × 50 % = 57 050.00; 57 050.00 − 53 900.00 = 3 150.00
    assert made.retained_amount == 57_050 * YUAN and made.payable_amount == 3_150 * YUAN
    rows = table(either_city).set_index("settlement_id")
    assert rows.loc[made.settlement_id, "corrects"] == number
    assert rows.loc[number, "corrected_by"] == made.settlement_id
    assert rows.loc[number, "settlement_state"] == "paid"
    assert list(rows.loc[rows["is_standing"]].index) == [made.settlement_id]
    assert not rows.loc[made.settlement_id, "is_moved"]
    assert rows["payable_amount"].sum() == 57_050 * YUAN  # what is paid in all is what stands


def test_nothing_is_corrected_twice_or_without_a_difference(city):
    number = settled(city)
    assert "一致" in correct(city, [number], by="更正人")[0].reason
    add(city, purchase(2, date(2021, 5, 10), 1_000, 2_000, row=6))
    assert correct(city, [number], by="更正人")[0].reason == ""
    assert "已有更正" in correct(city, [number], by="更正人")[0].reason


def test_a_cancelled_correction_leaves_the_confirmed_one_standing(city):
    number = settled(city)
    add(city, purchase(2, date(2021, 5, 10), 1_000, 2_000, row=6))
    made = correct(city, [number], by="更正人")[0].settlement_id
    assert "原因" in advance(city, [made], "cancelled", by="更正人", remark=" ")[0].reason
    advance(city, [made], "cancelled", by="更正人", remark="误操作")
    with reading(city) as connection:
        assert list(standing(settlements(connection))["settlement_id"]) == [number]
    assert correct(city, [number], by="更正人")[0].reason == ""


@pytest.mark.parametrize("state", ["draft", "reviewed"])
def test_what_moved_since_the_draft_is_neither_reviewed_nor_confirmed_until_it_is_drafted_anew(city, state):
    number = settled(city, state)
    add(city, purchase(2, date(2021, 5, 10), 1_000, 2_000, row=6))
    wanted = {"draft": "reviewed", "reviewed": "confirmed"}[state]
    (refused,) = advance(city, [number], wanted, by="他人")
    assert "53,900.00" in refused.reason and "53,200.00" in refused.reason
    (anew,) = refresh(city, [number], by="起草人")
    assert (anew.state, anew.retained_amount) == ("draft", 53_200 * YUAN)
    assert advance(city, [number], "reviewed", by="他人")[0].state == "reviewed"


def test_a_changed_score_is_noticed_even_where_the_amount_stays(city):
    number = settled(city, "draft")
    with writing(city) as connection:  # 92 → 93: the same band, the same amount
        connection.execute(update(Assessment).values(score=93 * SHARE))
    assert "留用金额未变" in advance(city, [number], "reviewed", by="他人")[0].reason


def test_a_working_that_was_changed_behind_our_back_is_noticed(city):
    number = settled(city)
    with writing(city) as connection:
        kept = connection.execute(select(col(Settlement.working_hash))).scalar_one()
        connection.execute(update(Settlement).values(working_hash=kept[::-1]))
    with reading(city) as connection, pytest.raises(LookupError, match="校验码"):
        frozen_working(connection, number)


def test_the_frozen_working_is_the_live_one_of_that_moment(city):
    with reading(city) as connection:
        (live,) = workings(connection, BATCH, year=1)
    number = settled(city)
    with reading(city) as connection:
        assert to_text(frozen_working(connection, number)) == to_text(live)


def test_what_a_settlement_speaks_of_cannot_be_taken_back(either_city):
    settled(either_city)
    add(either_city, ImportChange(import_id=1, table_name="batch", row_id=1))
    report = undo(either_city, 1, by="管理员")
    assert report.status == "refused" and "1项结余留用结算" in report.reasons[0]


def test_an_agreed_volume_that_is_gone_leaves_the_settlement_and_says_so(city):
    number = settled(city, "reviewed")
    with writing(city) as connection:
        connection.execute(delete(AgreedVolume))
    assert "已没有" in advance(city, [number], "confirmed", by="他人")[0].reason
    assert table(city)["now_retained_amount"].isna().all()


def test_an_unknown_number_is_told_and_nothing_is_done(city):
    number = settled(city, "draft")
    with pytest.raises(LookupError, match="999"):
        advance(city, [number, 999], "reviewed", by="他人")
    assert list(table(city)["settlement_state"]) == ["draft"]


def test_purchase_lines_of_a_working_add_up_to_its_lines(city):
    with reading(city) as connection:
        (working,) = workings(connection, BATCH, year=1)
        live = figures.retention(connection, BATCH).iloc[0]
    line = working.lines.iloc[0]
    selected = working.purchases["is_selected"].astype(bool)
    assert working.purchases.loc[selected, "paid_amount"].sum() == line["selected_amount"] == 24_000 * YUAN
    assert working.purchases.loc[~selected, "paid_amount"].sum() == line["non_selected_amount"]
    assert list(working.purchases["row_number"]) == [3, 4]  # the line of 2022-01-05 is of year 2
    assert working.row.retained_amount == live["retained_amount"]
    assert {*working.terms["parameter"]} >= {"retention_maximum_ratio", "retention_score_bands"}


def test_a_computed_score_is_frozen_with_its_indicators_and_weights(city):
    at = datetime(2023, 1, 1, tzinfo=UTC)

    def entry(name: str, value: object) -> PolicyEntry:
        return PolicyEntry(parameter=name, level="city", from_date=date(2020, 1, 1), value=json.dumps(value),
                           source="本市文件", decided_at=at, decided_by="管理员")  # fmt: skip

    weights = [{"indicator": "completion", "points": 60}, {"indicator": "selected_share", "points": 40}]
    add(city, entry("assessment_source", "indicators"), entry("assessment_weights", weights))
    number = settled(city)
    with reading(city) as connection:
        frozen = frozen_working(connection, number)
    # completion 60 000 ÷ 70 000 × 60 = 51.43; selected share 60 000 ÷ 70 000 × 40 = 34.29; 85.714286 → 90 %
    assert frozen.row.score == 85_714_286
    assert frozen.row.retained_amount == 48_510 * YUAN  # 107 800 × 50 % × 90 %
    points = dict(zip(frozen.assessment["indicator"], frozen.assessment["points"], strict=True))
    assert points["completion"] == 51_428_571 and points["selected_share"] == 34_285_714
    assert "assessment_weights" in set(frozen.terms["parameter"])
