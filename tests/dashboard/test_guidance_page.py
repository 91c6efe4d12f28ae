"""报量参考: the proposals, the one in focus with its working, and what reporting cost last year."""

import pandas as pd
import pytest

from dashboard.formats import units_text, yuan_text
from procurement import advice, guidance
from procurement.database import open_database, reading
from procurement.filters import Filters
from tests.dashboard.opening import cards, open_page, problems, tables, words

FOCUS = "濮阳市示例第一医院｜国家组织药品第二批｜氟康唑口服常释剂型"
ROW = Filters(
    institutions=("H41090200001",), batches=("国家组织药品第二批",), varieties=("氟康唑口服常释剂型",)
)


@pytest.fixture
def city(sample_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", sample_ledger)
    return sample_ledger


@pytest.fixture(scope="module")
def proposals(sample_ledger):
    with reading(open_database(sample_ledger)) as connection:
        return guidance.guidance(connection)


def test_the_cards_count_how_reports_stand_to_their_ranges(city, proposals):
    app = open_page("pages/guidance.py")
    assert problems(app) == []
    counts = proposals["reported_fit"].value_counts()
    shown = cards(app)
    assert shown["高于区间"] == f"{counts['above']:,}"
    assert shown["未报量"] == f"{counts['not_reported']:,}"
    assert shown["已有建议的项数"] == f"{proposals['proposed_equivalent'].notna().sum():,}"
    assert (tables(app)[0]["reported_fit"] == "高于区间").iloc[0]


def test_a_chosen_judgement_is_shown_alone(city):
    app = open_page("pages/guidance.py", fit="below", district="市直")
    assert problems(app) == []
    assert set(tables(app)[0]["reported_fit"]) <= {"低于区间"}


def test_one_proposal_shows_its_figures_and_its_working(city, proposals):
    app = open_page("pages/guidance.py", focus=FOCUS)
    assert problems(app) == []
    row = proposals[
        (proposals["institution_code"] == "H41090200001") & (proposals["variety"] == "氟康唑口服常释剂型")
    ]
    row = row[row["batch"] == "国家组织药品第二批"].iloc[0]
    shown = cards(app)
    assert shown["建议报量"] == units_text(row["proposed_equivalent"]) == "301,686"
    assert (shown["区间下限"], shown["区间上限"]) == ("259,928", "343,444")
    assert shown["上次报量"] == units_text(row["last_reported_equivalent"])
    # 310 400 → 304 900: −1.77 %, half of it counts: −0.89 %
    for step in ("| 前12个月用量 | 310,400 |", "| 用量增长 | -1.8% |", "| 计入的年增长 | -0.9% |"):
        assert step in words(app)


def test_what_reporting_cost_is_told_for_the_last_ended_year(city):
    app = open_page("pages/guidance.py", focus=FOCUS)
    with reading(open_database(city)) as connection:
        lines, _outcome = advice.reporting(connection, "H41090200001", "国家组织药品第二批", 2)
    assert "第2协议年度" in words(app)
    assert yuan_text(lines["unfulfilled_amount"].sum()) in words(app)
    assert len(tables(app)[1]) == len(lines)


def test_a_batch_in_its_first_year_has_no_ended_one(city, proposals):
    early = proposals[(proposals["next_year"] == 2) & (proposals["next_start"] > "2023-01-01")].iloc[0]
    focus = f"{early['institution_name']}｜{early['batch']}｜{early['variety']}"
    app = open_page("pages/guidance.py", focus=focus)
    assert problems(app) == []
    assert "还没有结束的协议年度" in words(app)


def test_too_short_a_history_is_said_and_proposes_nothing(city, proposals):
    short = proposals[proposals["guidance_reason"] == "history_too_short"].iloc[0]
    app = open_page(
        "pages/guidance.py", focus=f"{short['institution_name']}｜{short['batch']}｜{short['variety']}"
    )
    assert problems(app) == []
    assert cards(app)["建议报量"] == "—"
    assert "使用月数过少，暂无参考值" in words(app)


def test_example_parameters_are_said_to_be_examples(city):
    assert "示例值，请按本市文件替换" in words(open_page("pages/guidance.py"))


def test_one_row_is_what_the_whole_city_says_of_it(city, proposals):
    with reading(open_database(city)) as connection:
        alone = guidance.guidance(connection, ROW)
        found = guidance.proposal(connection, ROW)
    of_city = proposals.merge(alone[["institution_id", "variety_id"]], on=["institution_id", "variety_id"])
    pd.testing.assert_frame_equal(alone, of_city[list(alone)])
    assert (found.proposed, found.low) == (
        alone["proposed_equivalent"].iloc[0],
        alone["low_equivalent"].iloc[0],
    )


def test_days_of_purchase_in_the_filters_play_no_part(city, proposals):
    from dataclasses import replace
    from datetime import date

    with reading(open_database(city)) as connection:
        narrowed = guidance.guidance(
            connection, replace(ROW, first_day=date(2022, 6, 1), last_day=date(2022, 6, 30))
        )
        alone = guidance.guidance(connection, ROW)
    pd.testing.assert_frame_equal(narrowed, alone)
