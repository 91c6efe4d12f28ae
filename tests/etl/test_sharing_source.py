"""总额包干: yearly budgets and spending from workbooks as they are sent."""

import pytest

from etl.undoing import undo
from procurement.language import in_language
from tests.etl.books import xls, xlsx
from tests.etl.conftest import Load
from tests.etl.reading import asked, codes

pytestmark = pytest.mark.usefixtures("no_grain")

HEAD = "机构编码 | 年度 | 包干方式 | 参保人数 | 年度预算 | 实际基金支出\n"
KEPT = """
    select institution.code, year, scheme, enrolled_persons, budget_amount, spending_amount
    from sharing_account join institution on institution.id = institution_id order by 1, 2, 3
"""


def kept(city) -> list[tuple]:
    return asked(city, KEPT)


def test_the_three_schemes_are_kept_in_whole_units(city, load: Load):
    report = load(
        HEAD
        + """
        H001 | 2022 | 按人头包干 | 10000 |        | 450000
        H001 | 2022 | 总额预算   |       |        | 1000000.01
        H002 | 2022 | 总额控制   |       | 900000 |
        """
    )
    assert (report.kind, report.status, codes(report)) == ("sharing", "loaded", [])
    assert kept(city) == [
        ("H001", 2022, "capitation", 10_000, None, 4_500_000_000),
        ("H001", 2022, "global_budget", None, None, 10_000_000_100),
        ("H002", 2022, "budget_control", None, 9_000_000_000, None),
    ]


def test_an_untidy_workbook_is_read_with_its_unit_its_totals_and_its_footer(city, load: Load):
    report = load(
        """
        2022年医保总额包干清算情况表 | | | | | |
        单位：万元 | | | | | |
        序号 | 医疗机构名称  | 年  度   | 付费方式     | 签约人数(人) | 总额指标 | 统筹基金支出(元)
        1   | 示例市第一医院 | 2022年  | 按人头付费    | '12,000人   |         | 450000
        2   | 示例市中医医院 | 2022年度 | 总额预算管理  |             | 1234.5678 | ￥1,000,000.00
        合计 |              |         |              | 12000       | 1234.5678 | 1450000
        填表人：张三 | | | | | |
        """
    )
    assert codes(report) == ["amounts-scaled"]  # 总额指标 in 万元; the spending says 元 itself
    assert kept(city) == [
        ("H001", 2022, "capitation", 12_000, None, 4_500_000_000),
        ("H002", 2022, "budget_control", None, 123_456_780_000, 10_000_000_000),
    ]


def test_each_amount_may_state_its_own_unit(city, load: Load):
    load(
        "机构编码 | 年度 | 包干方式 | 年度预算（万元） | 基金实际支出\n"
        "H001 | 2022 | 总额控制 | 100 | 98.5万元\nH002 | 2022 | 总额控制 | 100 | 985000"
    )
    assert [row[4:] for row in kept(city)] == [(10_000_000_000, 9_850_000_000)] * 2


def test_codes_as_numbers_lose_no_zeros(city, load: Load):
    load("机构编码 | 机构名称 | 机构类别\n'00123 | 示例镇卫生院 | 基层医疗机构")
    report = load(HEAD + "123 | 2022 | 人头包干 | 100 | | 4000")
    assert codes(report) == ["leading-zeros-restored"]
    assert kept(city) == [("00123", 2022, "capitation", 100, None, 40_000_000)]


def test_an_old_workbook_with_a_merged_institution_is_read(city, load: Load):
    rows = [
        ["机构名称", "年度", "包干方式", "年度预算", "实际基金支出"],
        ["示例市第一医院", 2021.0, "总额控制", 1000.0, 900.0],
        ["", 2022.0, "总额控制", 1000.0, 950.0],
    ]
    report = load(xls(rows, merged=[(1, 0, 2, 0)]), name="旧.xls")
    assert report.status == "loaded", [p.sentence() for p in report.problems]
    assert [row[:2] for row in kept(city)] == [("H001", 2021), ("H001", 2022)]


def test_accounts_are_updated_by_institution_year_and_scheme(city, load: Load):
    first = HEAD + "H001 | 2021 | 总额控制 | | 1000 | 900\nH001 | 2022 | 总额控制 | | 1000 |"
    assert load(first).status == "loaded"
    assert load(first).status == "unchanged"
    assert load(HEAD + "H001 | 2022 | 总额控制 | | 1000 | 950").status == "loaded"
    assert [row[5] for row in kept(city)] == [9_000_000, 9_500_000]
    assert load(first).status == "loaded"
    assert [row[5] for row in kept(city)] == [9_000_000, None]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("H001 | 2022 | 包工包料 | 100 | | 1000", "unknown-word"),
        ("H001 | 2022 | 总额包干 | 100 | | 1000", "unknown-word"),
        ("H001 | 2022 |  | 100 | | 1000", "empty-cell"),
        ("H001 |  | 按人头包干 | 100 | | 1000", "empty-cell"),
        ("H001 | 22 | 按人头包干 | 100 | | 1000", "not-a-calendar-year"),
        ("H001 | 1999 | 按人头包干 | 100 | | 1000", "not-a-calendar-year"),
        ("H001 | 2100 | 按人头包干 | 100 | | 1000", "not-a-calendar-year"),
        ("H001 | @2022-01-01 | 按人头包干 | 100 | | 1000", "not-a-calendar-year"),
        ("H001 | 2022 | 按人头包干 | 100.5 | | 1000", "not-whole"),
        ("H001 | 2022 | 按人头包干 | -1 | | 1000", "not-whole"),
        ("H001 | 2022 | 按人头包干 | 1.2万人 | | 1000", "not-whole"),
        ("H001 | 2022 | 按人头包干 | 100000001 | | 1000", "not-whole"),
        ("H001 | 2022 | 按人头包干 |  | | 1000", "no-budget-basis"),
        ("H001 | 2022 | 总额控制 | 100 | | 1000", "empty-cell"),
        ("H001 | 2022 | 总额控制 |  | -0.01 | 1000", "amount-negative"),
        ("H001 | 2022 | 总额控制 |  | 1000 | -0.01", "amount-negative"),
        ("H001 | 2022 | 总额控制 |  | 1000 | 约900", "not-a-number"),
        ("H404 | 2022 | 总额控制 |  | 1000 | 900", "unknown-institution"),
        (" | 2022 | 总额控制 |  | 1000 | 900\nH001 | 2021 | 总额控制 | | 1 | 1", "empty-cell"),
    ],
)
def test_what_is_wrong_is_reported_with_a_remedy(city, load: Load, line, problem):
    report = load(HEAD + line)
    assert codes(report) == [problem]
    assert report.problems[0].remedy
    assert kept(city) == []
    with in_language("en"):
        assert "{" not in report.problems[0].sentence()


@pytest.mark.parametrize(
    "line",
    [
        "H001 | 2000 | 按人头包干 | 0 | | 1000",  # enrolled with its health centre
        "H001 | 2099 | 按人头包干 | 100000000 | | 0",
        "H001 | 2022 | 按人头包干 |  | 5000 | 1000",
        "H001 | 2022 | 总额预算 |  |  | 1000",
        "H001 | 2022 | 总额控制 |  | 0 | 0",
    ],
)
def test_what_is_unusual_but_right_is_read(load: Load, line):
    assert codes(load(HEAD + line)) == []


def test_the_same_institution_year_and_scheme_twice_is_refused(load: Load):
    report = load(HEAD + "H001 | 2022 | 总额控制 | | 1 | 1\nH001 | 2022年 | 总控 | | 2 | 2")
    assert codes(report) == ["duplicate-row"]
    assert "第2行" in report.problems[0].message and "2022" in report.problems[0].message
    assert codes(load(HEAD + "H001 | 2022 | 总额控制 | | 1 | 1\nH001 | 2022 | 总额预算 | | 2 | 2")) == []


def test_a_total_that_does_not_add_up_is_mentioned(load: Load):
    report = load(HEAD + "H001|2022|总额控制||1000|900\nH002|2022|总额控制||1000|900\n合计||||2000|1900")
    assert codes(report) == ["total-differs"]


def test_bad_rows_may_be_left_out(city, load: Load):
    report = load(HEAD + "H001 | 2022 | 总额控制 | | 1 | 1\nH002 | 2022 | 不知 | | 2 | 2", skip_bad_rows=True)
    assert (report.status, report.skipped_rows) == ("loaded", 1)
    assert len(kept(city)) == 1


def test_a_changed_account_is_shown_before_it_is_loaded(city, load: Load):
    load(HEAD + "H001 | 2022 | 总额控制 | | 1000 | 900")
    preview = load(HEAD + "H001 | 2022 | 总额控制 | | 1000 | 950.5", dry_run=True).preview
    (difference,) = preview.differences
    assert (difference.row, difference.column) == ("示例市第一医院，2022年，总额控制", "fund_spending_amount")
    assert (difference.before, difference.after) == ("900.00", "950.50")


def test_an_import_taken_back_leaves_the_earlier_account(city, load: Load):
    load(HEAD + "H001 | 2022 | 总额控制 | | 1000 | 900")
    before = asked(city, "select * from sharing_account")
    report = load(HEAD + "H001 | 2022 | 总额控制 | | 1000 | 950\nH002 | 2022 | 总额控制 | | 1 | 1")
    assert undo(city, report.import_id, by="甲").status == "undone"
    assert asked(city, "select * from sharing_account") == before


def test_a_workbook_of_another_kind_is_not_taken_for_this_one(load: Load):
    assert load("机构编码 | 批次 | 协议年度 | 考核得分\nH001 | 七批 | 1 | 92").kind == "assessments"
    assert load(xlsx(HEAD + "H001 | 2022 | 总额控制 | | 1 | 1"), kind="sharing").kind == "sharing"
