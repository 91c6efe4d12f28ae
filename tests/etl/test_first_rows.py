"""What is shown of a file beside the questions about it."""

from etl.recognising import recognise
from etl.sheets.first_rows import FirstRows
from tests.etl.books import xlsx

LIST = """
    第九批药品集中采购中选结果 |        |       |
                             |        |       |
    品种                     | 规格   | 中选价 | 供应省份
    甲片                     | 20mg   | 5.60  | 河南
"""


def first_rows(name: str, content: bytes) -> FirstRows | None:
    return recognise((name, content)).first_rows


def test_titles_stand_apart_from_the_table():
    shown = first_rows("list.xlsx", xlsx(LIST))
    assert shown is not None
    assert shown.titles == {1: "第九批药品集中采购中选结果"}
    assert shown.letters == ["A", "B", "C", "D"]
    assert shown.rows == {
        3: ["品种", "规格", "中选价", "供应省份"],
        4: ["甲片", "20mg", "5.6", "河南"],
    }


def test_the_sheet_that_was_read_is_shown():
    book = xlsx(
        "说明\n甲|乙",
        "机构编码|采购日期|产品编码|数量|单价\nH001|2022-03-01|A1|1|5.6",
        names=["封面", "结果"],
    )
    shown = first_rows("list.xlsx", book)
    assert shown is not None and shown.sheet == "结果"
    assert list(shown.rows.values())[0] == ["机构编码", "采购日期", "产品编码", "数量", "单价"]


def test_a_file_that_cannot_be_read_shows_nothing():
    assert first_rows("list.xlsx", b"no workbook" * 100 + b"\x00\x01") is None


def test_a_long_table_is_cut():
    shown = first_rows(
        "list.csv", "\n".join(",".join(str(i * j) for i in range(40)) for j in range(40)).encode()
    )
    assert shown is not None
    assert len(shown.rows) <= 10 and len(shown.letters) == 16


def test_rows_of_the_table_with_one_text_are_no_titles():
    winners = "第十批中选结果\n序号|品种|中选企业\n1|甲片|甲药业\n||乙药业\n2|乙片|甲药业"
    shown = first_rows("list.xlsx", xlsx(winners))
    assert shown is not None
    assert shown.titles == {1: "第十批中选结果"}
    assert shown.rows[4] == ["", "", "乙药业"]
