"""Products down, hospitals across: said in a sentence, and only where it is so."""

import pytest

from etl.importing import recognise
from tests.etl.books import xlsx

MATRIX = """
    序号 | 品种       | 规格 | 示例市第一医院 | 示例市中医医院 | 城东街道社区卫生服务中心 | 合计
    1   | 甲口服常释  | 10mg | 100          | 200          |                      | 300
    2   | 乙注射剂    | 2ml  |              | 50           | 60                   | 110
"""


def codes_of(drawing: str, kind: str | None = None) -> list[str]:
    return [problem.kind.code for problem in recognise(("x.xlsx", xlsx(drawing)), kind).problems]


@pytest.mark.parametrize("kind", [None, "agreed_volumes", "purchases"])
def test_hospitals_across_are_told(kind):
    known = recognise(("x.xlsx", xlsx(MATRIX)), kind)
    assert [(p.kind.code, p.cell, p.params["count"]) for p in known.problems] == [
        ("institutions-across", "D1", 3)
    ]
    assert "示例市第一医院" in known.problems[0].message
    assert known.headings == []


def test_hospitals_in_the_second_row_of_a_heading_are_told():
    drawing = "品种 | 规格 | 批次 | 约定采购量 |\n | | | 市一院 | 市二院\n甲 | 10mg | 七批 | 10 | 20"
    assert codes_of(drawing) == ["institutions-across"]


def test_a_matrix_with_firms_is_not_taken_for_a_list():
    assert codes_of(MATRIX.replace("序号", "生产企业")) == ["institutions-across"]


@pytest.mark.parametrize(
    "drawing",
    [
        # a list of institutions that lacks a column: names below each other
        "机构编码 | 机构名称 | 上级机构\nH001 | 示例市第一医院 | 示例市中医医院",
        # figures of patients
        "品种 | 住院 | 出院 | 门诊\n甲 | 1 | 2 | 3",
        # one hospital's column
        "品种 | 规格 | 示例市第一医院\n甲 | 10mg | 3",
        # words below, no figures
        "品种 | 示例市第一医院 | 示例市中医医院\n甲 | 有 | 无",
    ],
)
def test_what_is_no_matrix_is_not_told_to_be_one(drawing):
    assert "institutions-across" not in codes_of(drawing)


def test_columns_of_hospitals_beside_a_list_with_prices_are_only_not_read():
    drawing = """
        批次 | 类别 | 品种 | 产品编码 | 规格 | 生产企业 | 中选价 | 执行日期   | 截止日期    | 市一院 | 市二院
        七批 | 药品 | 甲  | A1     | 10mg | 甲厂    | 5     | 2022-01-01 | 2023-12-31 | 10    | 20
    """
    known = recognise(("x.xlsx", xlsx(drawing)))
    assert (known.kind, known.rows, known.is_stopped) == ("batch_list", 1, False)
    assert [h.heading for h in known.headings] == ["市一院", "市二院"]
