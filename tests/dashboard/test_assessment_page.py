"""The assessment page: the score that counts beside the computed one, and what has no data."""

import shutil
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from dashboard.formats import count_text
from procurement.assessments import assessed, scores
from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.tables import PolicyEntry
from tests.dashboard.opening import cards, open_page, problems, tables, words

PAGE = "pages/assessment.py"
BATCH = Filters(batches=("国家组织药品第二批",))
WHO = {"batch": "国家组织药品第二批", "agreement_year": "2"}
FOCUS = "濮阳市示例第一医院｜国家组织药品第二批｜2"


@pytest.fixture
def city(sample_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", sample_ledger)
    return sample_ledger


@pytest.fixture
def city_by_indicators(loaded_puyang, tmp_path, monkeypatch):
    """The sample city with scores from indicators; what has no data is spread over the others."""
    path = tmp_path / "city.db"
    shutil.copy(loaded_puyang, path)
    url = f"sqlite:///{path}"
    said = {"assessment_source": '"indicators"', "assessment_missing_indicator": '"spread"'}
    with Session(open_database(url)) as session:
        for parameter, value in said.items():
            session.add(
                PolicyEntry(
                    parameter=parameter,
                    level="city",
                    from_date=datetime(2019, 1, 1).date(),
                    value=value,
                    source="本市考核办法",
                    decided_at=datetime(2022, 1, 1, tzinfo=UTC),
                    decided_by="test",
                )
            )
        session.commit()
    monkeypatch.setenv("VBP_DATABASE_URL", url)
    return url


def told(url):
    """Rows, computed scores and scores that count of the batch's second year."""
    with reading(open_database(url)) as connection:
        frames = (*assessed(connection, BATCH), scores(connection, BATCH))
    return [frame[frame["agreement_year"] == 2] for frame in frames]


def test_the_page_counts_what_it_lists(city):
    app = open_page(PAGE, **WHO)
    assert problems(app) == []
    rows, computed, counted = told(city)
    known = counted["score"].notna().sum()
    assert cards(app) == {
        "考核项数": count_text(len(counted)),
        "有考核得分": count_text(known),
        "没有考核得分": count_text(len(counted) - known),
        "可由指标计算": count_text(computed["computed_score"].notna().sum()),
        "有指标缺数据": count_text((computed["missing_indicators"] != "").sum()),
    }
    table = tables(app)[0]
    assert len(table) == len(counted)
    assert table["score"].sum() == pytest.approx(counted["score"].sum() / 1e6)
    share = rows.loc[rows["indicator"] == "selected_share", "indicator_rate"]
    assert table["selected_share_indicator"].sum() == pytest.approx(share.sum() * 100)


def test_the_lowest_scores_come_first(city):
    shown = tables(open_page(PAGE, **WHO))[0]["score"].dropna()
    assert shown.is_monotonic_increasing


def test_points_are_shown_when_asked_for(city):
    table = tables(open_page(PAGE, shown="points", **WHO))[0]
    assert "completion_points" in table and "completion_indicator" not in table


def test_a_score_of_the_workbook_tells_its_file_and_row(city):
    app = open_page(PAGE, focus=FOCUS, **WHO)
    assert "考核得分77分" in words(app)
    assert "来自考核得分表“05\\_考核得分\\.xlsx”第11行" in words(app)
    assert "由指标计算的得分空缺：货款按时支付、按时报送缺数据（政策：以考核得分表为准）" in words(app)
    assert "缺数据：采购记录没有验收日期（55行）；得分空缺" in words(app)


def test_a_spread_weight_is_said_beside_the_score(city_by_indicators):
    app = open_page(PAGE, focus=FOCUS, **WHO)
    assert problems(app) == []
    assert "由指标计算。货款按时支付、按时报送缺数据，权重分给其余指标。" in words(app)
    assert "| 40 → 57.14 |" in words(app)  # 40 × 100 ÷ 70
    assert "| 20 → 0 |" in words(app)
    _rows, computed, _counted = told(city_by_indicators)
    assert cards(app)["可由指标计算"] == count_text(len(computed))
    assert set(tables(app)[0]["score_source"]) == {"由指标计算"}
    # A city's own entry is no example.
    assert "| 考核得分的来源 | 由指标计算 | 2019年1月1日 | 本市考核办法 |" in words(app)


def test_weights_and_days_are_marked_as_examples(city):
    text = words(open_page(PAGE, **WHO))
    assert "约定量完成40分；品种内中选占比30分；货款按时支付20分；按时报送10分" in text
    assert "示例值，请按本市文件替换" in text
