"""What the terminal and the receipt say of an import: built by hand, read as text."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from rich.console import Console

from dashboard import import_effects
from dashboard.exports.receipt import receipt_html
from dashboard.import_marked import free_name
from dashboard.import_report import print_reports
from dashboard.import_results import to_do_list
from etl.open_points import OpenHeading, Question
from etl.preview import Difference, MonthEffect, Preview
from etl.problem_kinds.mention import HIDDEN_SHEET
from etl.problem_kinds.skip import EMPTY_CELL
from etl.problem_kinds.stop import NO_ROWS
from etl.problems import Problem
from etl.recording.differences import KEYS, PUBLIC, SILENT
from etl.report import Report
from procurement.columns import COLUMNS
from tests.drawn import assert_rows

MARCH, APRIL = date(2022, 3, 1), date(2022, 4, 1)
YUAN = 10_000


def effect(month=MARCH, units=(0, 10), amount=(0, 5), saving=(0, 2)):
    """One month; amounts in yuan."""
    return MonthEffect(month, *units, *(_exact(yuan) for yuan in (*amount, *saving)))


def _exact(yuan):
    return None if yuan is None else yuan * YUAN


def report(file="三月.xlsx", months=(), institutions=("H001",), **more):
    preview = Preview(new=1, months=list(months), differences=more.pop("differences", []))
    told = {"kind": "purchases", "status": "checked", "mode": "replace", **more}
    return Report(file, rows=1, preview=preview, institutions=list(institutions), **told)


def printed(*reports, width=200):
    console = Console(file=StringIO(), width=width, highlight=False)
    print_reports(reports, console)
    return console.file.getvalue()


def in_yuan(frame):
    shown = frame[["month", "amount_before", "amount_after", "amount_change", "saving_change"]].copy()
    shown["month"] = [f"{month:%Y-%m}" for month in shown["month"]]
    for name in shown.columns[1:]:
        shown[name] = shown[name] // YUAN
    return shown


def test_files_of_different_institutions_are_added_up():
    files = [
        report(months=[effect(amount=(1, 6))]),
        report(months=[effect(amount=(2, 4))], institutions=["H002"]),
    ]
    assert import_effects.can_be_added(files)
    assert_rows(in_yuan(import_effects.months_frame(files)), """
        month   | amount_before | amount_after | amount_change | saving_change
        --------+---------------+--------------+---------------+--------------
        2022-03 | 3             | 10           | 7             | 4
    """)  # fmt: skip


def test_files_of_the_same_institution_follow_each_other():
    files = [report(months=[effect(amount=(1, 6))]), report(months=[effect(amount=(6, 9), saving=(2, 3))])]
    assert_rows(in_yuan(import_effects.months_frame(files)), """
        month   | amount_before | amount_after | amount_change | saving_change
        --------+---------------+--------------+---------------+--------------
        2022-03 | 1             | 9            | 8             | 3
    """)  # fmt: skip


@pytest.mark.parametrize(
    ("institutions", "can_be"),
    [
        ([["H001"], ["H001"]], True),
        ([["H001"], ["H002"]], True),
        ([["H001"], ["H001", "H002"]], False),
        ([["H001"], []], False),  # a list touches everybody's months
        ([[], []], True),
    ],
)
def test_what_would_count_twice_is_not_added_up(institutions, can_be):
    files = [report(months=[effect()], institutions=whose) for whose in institutions]
    assert import_effects.can_be_added(files) is can_be


@pytest.mark.parametrize(
    ("saving", "amount", "change"),
    [
        ((None, 2), (0, 5), 2),  # nothing was bought before: nothing was saved
        ((2, None), (5, 0), -2),
        ((None, None), (3, 5), None),  # no baseline is known
    ],
)
def test_a_saving_without_a_baseline_is_not_zero(saving, amount, change):
    frame = import_effects.months_frame([report(months=[effect(saving=saving, amount=amount)])])
    found = frame["saving_change"].iloc[0]
    assert (found == change * YUAN) if change is not None else found is not found or str(found) == "<NA>"


def test_a_narrow_terminal_gets_a_table_for_each_figure():
    moved = effect(units=(3, 10), amount=(1, 5))
    wide, narrow = (printed(report(months=[moved]), width=width) for width in (200, 80))
    assert (wide.count("2022年3月"), narrow.count("2022年3月")) == (1, 3)
    for figure in ("5.00元", "2.00元"):
        assert figure in wide and figure in narrow
    assert max(map(len, narrow.splitlines())) <= 80


def test_months_that_are_all_new_are_one_line():
    months = [effect(), effect(month=APRIL, units=(0, 2_000), amount=(0, 1_000))]
    (line,) = [line for line in printed(report(months=months), width=100).splitlines() if "2022年" in line]
    assert "2022年3月至2022年4月共2个月" in line
    assert "采购量2,010" in line and "1,005.00元" in line and "4.00元" in line


def test_a_list_that_is_all_new_names_its_first_rows():
    found = [Difference("new", "listing", f"七批，A{number}") for number in range(30)]
    text = printed(report(kind="batch_list", mode="update", differences=found))
    assert "均为新增" in text and "A4等" in text and "A5" not in text


def test_what_a_list_changes_has_names_and_separators():
    found = [Difference("changed", "agreed_volume", "甲院", "agreed_units", "67300", "7000")]
    text = printed(report(kind="agreed_volumes", mode="update", differences=found))
    assert "约定采购量" in text and "agreed_units" not in text
    assert "67,300" in text and "7,000" in text


def test_every_column_that_a_list_may_change_has_a_label():
    told = {
        PUBLIC.get(column.name, column.name)
        for table, keys in KEYS.items()
        for column in table.__table__.columns
        if column.name not in SILENT and column.name not in keys
    }
    assert told - set(COLUMNS) == set()


def test_what_is_the_same_in_many_places_is_said_once():
    hidden = [Problem(HIDDEN_SHEET, "a.xlsx", sheet, params={"name": "旧版"}) for sheet in ("甲表", "乙表")]
    text = printed(report(problems=hidden))
    assert text.count("旧版") == 1 and "甲表、乙表：" in text


def test_headings_are_not_asked_for_while_the_kind_is_unknown():
    headings = [OpenHeading("Sheet1", "A1", "班次", ("早班",))]
    assert "班次" not in printed(report(kind=None, status="problems", headings=headings))


def test_what_a_person_may_say_is_told_with_what_to_type():
    questions = [
        Question("execution_date", "执行日期", "", "day", suggestion="2022-11-01"),
        Question("province", "省份", "", is_required=False),
        Question("batch", "批次名称", "", answer="七批"),
    ]
    headings = [
        OpenHeading("Sheet1", "H1", "采购数里", ("120", "30"), "quantity", 0.86),
        OpenHeading("Sheet1", "I1", "含税", ("是",), mapped_to=""),
    ]
    text = printed(report(questions=questions, headings=headings))
    assert "请补充：执行日期　--set execution_date=…" in text and "2022-11-01" in text
    assert "可补充：省份　--set province=…" in text
    assert "--map 采购数里=数量" in text and "120、30" in text
    assert "七批" not in text and "含税" not in text


def test_lists_tell_what_they_say_differently():
    found = [
        Difference("changed", "listing", "七批，A1", "awarded_unit_price", "5.60", "4.20"),
        Difference("withdrawn", "listing", "七批，A2"),
    ]
    text = printed(report(kind="batch_list", mode="update", differences=found))
    assert "中选单价" in text and "5.60" in text and "4.20" in text and "撤下" in text


def test_a_to_do_list_starts_with_what_stops_a_file():
    empty = [Problem(EMPTY_CELL, "a.xlsx", "S", f"B{n}", n, "数量") for n in (2, 3)]
    hidden = [Problem(HIDDEN_SHEET, "a.xlsx", params={"name": name}) for name in "甲乙丙"]
    to_dos = to_do_list([*hidden, *empty, Problem(NO_ROWS, "b.xlsx")])
    assert [(to_do.loudness, len(to_do.problems)) for to_do in to_dos] == [
        ("stop", 1),
        ("skip", 2),
        ("mention", 3),
    ]
    assert to_dos[1].title.endswith("等2处")


def test_the_version_to_expect_is_told_once():
    text = printed(report(data_version=7), report("四月.xlsx", data_version=7))
    assert text.count("--expect-version 7") == 1


def test_a_receipt_shows_names_as_text():
    from dashboard.import_check import Done
    from dashboard.import_receipt import COLUMNS, facts, receipt_frame

    nasty = '<img src=x onerror="alert(1)">.xlsx'
    done = Done([report(nasty, status="loaded", import_id=9, amount=53_900_000_0, content_hash="ab" * 32)],
                datetime(2022, 3, 1, 16, 30, tzinfo=UTC), "王<b>")  # fmt: skip
    rows = receipt_frame(done)
    page = receipt_html(rows, COLUMNS, facts(done, rows)).decode()
    assert "<img" not in page and "<b>" not in page
    # 16:30 in UTC is half past midnight in China
    for text in ("导入编号：9", "2022-03-02 00:30", "53,900.00元", "abababababab<", "覆盖", "采购记录"):
        assert text in page


def test_files_of_one_name_get_numbers():
    taken: set[str] = set()
    assert [free_name("a.xlsx", taken) for _ in range(3)] == ["a.xlsx", "a (2).xlsx", "a (3).xlsx"]
