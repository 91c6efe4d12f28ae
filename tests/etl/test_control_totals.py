"""Totals in a sheet are compared with their rows; a total that its rows do not reach is told with both figures."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.control_totals import amounts
from etl.recognising import recognise
from etl.rows import Rows
from etl.sources import READERS
from tests.etl.books import Merge, xlsx

HEAD = "机构编码|采购日期|产品编码|产品名称|数量|单位|单价|金额\n"
A = "H001|2022-05-03|A1|甲片|10|盒|5.6|56\n"
B = "H001|2022-05-04|A1|甲片|20|盒|5.6|112\n"
C = "H001|2022-05-05|A1|甲片|30|盒|5.6|168\n"


def told(book: str, above: str = "", **options: object) -> list[tuple[str | None, str, str]]:
    """Cell, stated and computed figure of each total that differs."""
    known = recognise(("x.xlsx", xlsx(above + book, **options)))  # type: ignore[arg-type]
    rows = Rows("x.xlsx", known.tables)
    READERS["purchases"].read(rows)
    found = [problem for problem in rows.problems if problem.kind.code == "total-differs"]
    return [(problem.cell, problem.params["stated"], problem.params["computed"]) for problem in found]


def total(label: str, quantity: object, amount: object) -> str:
    return f"{label}||||{quantity}|||{amount}\n"


FITTING = {
    "all rows": HEAD + A + B + total("合计", 30, 168),
    "with a colon": HEAD + A + B + total("合 计：", 30, "168.00"),
    "subtotals and their sum": HEAD + A + total("小计", 10, 56) + B + C + total("小计", 50, 280) + total("合计", 60, 336),
    "two levels": HEAD + A + total("5月小计", 10, 56) + B + total("6月小计", 20, 112) + total("内科小计", 30, 168) + C + total("总计", 60, 336),
    "pages": HEAD + A + B + total("本页合计", 30, 168) + HEAD + C + total("本页合计", 30, 168) + total("累计", 60, 336),
    "by department": HEAD + A + total("内科合计", 10, 56) + B + C + total("外科合计", 50, 280) + total("总计", 60, 336),
    "this year so far": HEAD + A + total("本年累计", 999, 9999),
    "only one column": HEAD + A + B + total("合计", "", 168),
    "dashes": HEAD + A + B + total("合计", "-", "/"),
    "above its rows": HEAD + total("合计", 30, 168) + A + B,
    "a return": HEAD + A + "H001|2022-05-06|A1|甲片|-5|盒|5.6|-28\n" + total("合计", 5, 28),
    "text": HEAD + A + B + total("合计", "'30", "￥168.00元"),
    "blank amount": HEAD + A + "H001|2022-05-06|A1|甲片|5|盒|5.6|\n" + total("合计", 15, 56),
    "keys filled in": HEAD + A + B + "H001|2022-05-04|A1|内科小计|30|盒|5.6|168\n",
}  # fmt: skip


@pytest.mark.parametrize("case", FITTING)
def test_a_total_that_its_rows_reach_says_nothing(case):
    assert told(FITTING[case]) == []


DIFFERING = {
    "a row is missing": (HEAD + A + total("合计", 30, 168), [("H3", "168.00", "56.00"), ("E3", "30", "10")]),
    "by a fen too much": (HEAD + A + total("合计", 10, 56.02), [("H3", "56.02", "56.00")]),
    "the second subtotal": (
        HEAD + A + total("小计", 10, 56) + B + total("小计", 21, 112),
        [("E5", "21", "20")],
    ),
    "keys filled in": (HEAD + A + "H001|2022-05-04|A1|内科小计|10|盒|5.6|57\n", [("H3", "57.00", "56.00")]),
    "above its rows": (HEAD + total("合计", 31, 168) + A + B, [("E2", "31", "30")]),
    "cumulative": (HEAD + A + total("累计", 10, 56) + B + total("累计", 20, 112), []),
}


@pytest.mark.parametrize("case", DIFFERING)
def test_a_total_that_its_rows_miss_is_told_with_both_figures(case):
    book, expected = DIFFERING[case]
    assert told(book) == expected


def test_a_label_in_a_merged_cell_is_still_a_total():
    merged: list[Merge] = [(2, 0, 2, 3)]
    assert told(HEAD + A + total("合计", 10, 57), merged=merged) == [("H3", "57.00", "56.00")]


def test_amounts_in_ten_thousands_are_as_exact_as_they_are_printed():
    head = HEAD.replace("金额", "金额(万元)")
    line = "H001|2022-05-03|A1|甲片|1000|盒|5.6|0.564\n"
    fits, differs = total("合计", 2000, 1.13), total("合计", 2000, 1.14)
    assert told(head + line + line + fits) == []  # 1.128 is printed as 1.13
    assert told(head + line + line + differs) == [("H4", "11400.00", "11280.00")]


def test_the_total_of_stacked_institutions_is_that_of_their_own_rows():
    head, first, second = (text.replace("H001|", "").replace("机构编码|", "") for text in (HEAD, A, B))
    above = "填报单位：示例市第一医院||||||\n"
    below = "填报单位：示例市中医医院||||||\n"
    ends = ["合计|||10|||56\n", "合计|||20|||112\n", "总计|||30|||168\n"]
    assert told(above + head + first + ends[0] + below + head + second + ends[1] + ends[2]) == []
    assert told(above + head + first + below + second + ends[1]) == []
    wrong = "合计|||20|||111\n"
    assert told(above + head + first + below + second + wrong) == [("G6", "111.00", "112.00")]


def test_a_return_told_in_words_may_be_in_the_total_either_way():
    head = HEAD.replace("金额", "金额|业务类型")
    back = "H001|2022-05-06|A1|甲片|5|盒|5.6|28|采购退货\n"
    first = A.replace("\n", "|采购入库\n")
    for amount, quantity in ((84, 15), (28, 5)):
        assert told(head + first + back + total("合计", quantity, amount).replace("\n", "|\n")) == []


def test_rows_that_cannot_be_read_are_counted_in_the_sentence():
    book = HEAD + A + B.replace("112", "面议") + total("合计", 30, 168)
    known = recognise(("x.xlsx", xlsx(book)))
    rows = Rows("x.xlsx", known.tables)
    READERS["purchases"].read(rows)
    problem = next(p for p in rows.problems if p.kind.code == "total-differs")
    assert "另有 1 行未能读取" in problem.message
    assert known.rows == 2


def test_a_total_over_several_sheets_is_that_of_the_file():
    first, second = HEAD + A, HEAD + B + total("合计", 20, 112) + total("总计", 30, 168)
    known = recognise(("x.xlsx", xlsx(first, second)))
    rows = Rows("x.xlsx", known.tables)
    READERS["purchases"].read(rows)
    assert [p.kind.code for p in rows.problems] == []


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(1, 10**9), min_size=1, max_size=6), min_size=1, max_size=5), st.integers(0, 4), st.integers(-5, 5))  # fmt: skip
def test_any_subtotal_that_is_off_is_told_and_no_other(blocks, which, off):
    which %= len(blocks)
    book = HEAD
    for number, block in enumerate(blocks):
        for fen in block:
            book += f"H001|2022-05-03|A1|甲片|1|盒|{fen / 100}|{fen / 100}\n"
        stated = sum(block) + off * 1000 * (number == which)
        book += total("小计", len(block), f"{stated / 100:.2f}")
    assert len(told(book)) == (off != 0)


def test_slack_is_not_wide_enough_to_hide_a_line():
    import pandas as pd

    from etl.control_totals import _slack
    from etl.values.hints import NO_HINT

    measure = amounts(pd.Series([0], dtype="Int64"))
    assert [_slack(measure, NO_HINT, 1.0, lines) for lines in (1, 4, 100, 100_000)] == [
        100,
        400,
        2000,
        63_200,
    ]
