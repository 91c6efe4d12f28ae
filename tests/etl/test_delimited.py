"""Delimited text: encodings, quotation marks, and what stands empty at the end."""

import pytest

from etl.problems import Problem
from etl.sheets.workbook import Workbook, read_workbook


def rows(text: bytes) -> list[list[str]]:
    found = read_workbook(text, "x.csv")
    assert isinstance(found, Workbook), found
    return found.sheets[0].rows


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_utf_16_is_known_with_and_without_its_mark(encoding, separator):
    text = f"编码{separator}名称\r\nA1{separator}甲\r\n"
    assert rows(text.encode(encoding)) == [["编码", "名称"], ["A1", "甲"]]


def test_empty_lines_and_columns_at_the_end_of_a_text_cost_nothing():
    text = "编码,名称,,,\nA1,甲,,,\n" + ",,,,\n" * 1000 + "\n" * 1000
    assert rows(text.encode()) == [["编码", "名称"], ["A1", "甲"]]


def test_a_quotation_mark_without_its_twin_swallows_no_rows():
    text = '编码,名称,数量\nA1,甲,1\nA2,"乙,2\nA3,丙,3\nA4,丁,4\n'
    found = read_workbook(text.encode(), "x.csv")
    assert isinstance(found, Problem)
    assert (found.kind.code, found.params) == ("unclosed-quote", {"row": 3})


def test_quotation_marks_inside_a_name_do_no_harm():
    text = '编码,名称,数量\nA1,"某"牌甲",1\nA2,5"针,2\n'
    assert rows(text.encode())[1:] == [["A1", '某牌甲"', "1"], ["A2", '5"针', "2"]]


def test_a_quoted_cell_may_hold_a_line_break():
    assert rows('编码,"数量\n(盒)"\nA1,1\n'.encode()) == [["编码", "数量\n(盒)"], ["A1", "1"]]
