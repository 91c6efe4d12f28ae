"""Tables of a page: exact integers become what people read, totals are exact."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pandas as pd
import pytest

from dashboard.page import as_text
from dashboard.retention_words import policy_rows, steps, table_text
from dashboard.tables import column_config, displayed, with_total
from procurement.database import reading
from procurement.figures import retention
from procurement.filters import Filters
from procurement.language import in_language
from procurement.policies import published_policies
from procurement.policies.retention import retention_policy_on
from tests.small_ledger import fill, purchase


@pytest.mark.parametrize(
    ("column", "stored", "shown"),
    [
        ("paid_amount", 539_000_000, 53_900.0),
        ("baseline_unit_price", 18_890_000, 18.89),
        ("agreed_equivalent", 70_000_000_000, 70_000.0),
        ("score", 92_000_000, 92.0),
        ("ratio", 450_000, 45.0),
        ("drop", 0.625, 62.5),
        ("category", "drug", "药品"),
        ("status", "at_risk", ["有风险"]),
        ("is_selected", True, "是"),
        ("institution_name", "第一医院", "第一医院"),
    ],
)
def test_a_stored_value_is_shown_as_people_read_it(column, stored, shown):
    assert displayed(pd.Series([stored]), column).iloc[0] == shown


def test_ten_thousands_are_exact_to_the_fen():
    assert displayed(pd.Series([123_456_789_000]), "paid_amount", in_wan=True).iloc[0] == pytest.approx(
        1234.56789
    )


@pytest.mark.parametrize("column", ["paid_amount", "drop", "agreed_equivalent", "score"])
def test_a_missing_figure_stays_missing(column):
    assert displayed(pd.Series([pd.NA], dtype="Int64"), column).isna().all()


def test_a_label_says_its_unit():
    assert column_config("paid_amount")["label"] == "采购金额（元）"
    assert column_config("paid_amount", unit="万元")["label"] == "采购金额"


def test_a_total_is_the_exact_sum_and_stands_first():
    rows = pd.DataFrame(
        {"batch": ["甲", "乙"], "paid_amount": [10**17 + 1, 2], "missed_amount": [pd.NA, pd.NA]}
    )
    rows = rows.astype({"paid_amount": "Int64", "missed_amount": "Int64"})
    table = with_total(rows, ["batch"], ["paid_amount", "missed_amount"])
    assert list(table["batch"]) == ["合计", "甲", "乙"]
    assert table["paid_amount"].iloc[0] == 10**17 + 3
    assert pd.isna(table["missed_amount"].iloc[0])


@pytest.mark.parametrize(
    "nasty", ["[a](http://x)", "![](http://x/y.png)", "# 标题", "<b>", "$x$", ":red[x]", "a|b", "**"]
)
def test_a_name_in_markdown_stays_text(nasty):
    escaped = as_text(nasty)
    assert escaped.replace("\\", "") == nasty
    assert all(escaped[at - 1] == "\\" for at, letter in enumerate(escaped) if letter in "[]#<$:|*!")


def test_a_markdown_table_keeps_its_columns():
    assert table_text(["甲", "乙"], [("a|b", "1")], right=(1,)) == "| 甲 | 乙 |\n| :-- | --: |\n| a\\|b | 1 |"


def test_the_steps_of_the_worked_example_read_as_the_reference_has_them(sqlite_ledger):
    fill(sqlite_ledger, purchase(2, date(2021, 4, 10), 10_000, 18_000))
    with reading(sqlite_ledger) as connection:
        row = retention(connection, Filters()).iloc[0]
    told = {name: (value, how) for name, value, how in steps(row)}
    assert told["医保资金预算"][0] == "140,000.00元"
    assert told["− 医保资金支出"][0] == "32,200.00元"
    assert told["= 结余测算基数"][0] == "107,800.00元"
    assert told["× 最高留用比例"][0] == "50%"
    assert told["× 考核系数"] == ("100%", "考核得分92.0分")
    assert told["= 结余留用金额"][0] == "53,900.00元"
    assert told["其中：用于人员薪酬"] == ("32,340.00元", "结余留用金额 × 60%")


def test_nothing_kept_is_said_with_its_reason():
    row = SimpleNamespace(
        fund_ratio=700_000, budget_amount=1, spending_amount=2, surplus_base_amount=-1, maximum_ratio=500_000,
        granted_share=1_000_000, score=95_000_000, retained_amount=0, staff_amount=0, development_amount=0,
        reason="no_surplus", budget_basis="reported", spending_basis="actual", staff_share=600_000,
        rounding_amount=100,
    )  # fmt: skip
    told = {name: how for name, _value, how in steps(row)}
    assert told["= 结余留用金额"] == "结余测算基数不大于零"
    assert "实际采购金额" in told["− 医保资金支出"]


def test_every_policy_value_has_a_source_in_both_languages():
    for language in ("zh", "en"):
        with in_language(language):
            rows = policy_rows(published_policies(), date(2022, 6, 30))
            assert len(rows) >= 7 and all(all(row) for row in rows)
    assert (
        Decimal("0.5") == retention_policy_on(published_policies(), date(2022, 6, 30), "drug").maximum_ratio
    )
