"""Where the table is, and which of its rows are data."""

from etl.importing import recognise
from etl.recognising import Recognised
from tests.etl.books import Merge, drawn, xlsx

TABLE = """
    采购日期     | 产品编码 | 数量 | 单价
    2022-03-15  | A1      | 10  | 5.60
    2022-03-16  | A2      | 20  | 4.20
"""


def read(drawing: str, **options: object) -> Recognised:
    return recognise(("x.xlsx", xlsx(drawing, **options)))  # type: ignore[arg-type]


def codes_of(known: Recognised) -> list[object]:
    return [cell for table in known.tables for cell in table.cells["product_code"]]


def test_the_table_may_start_anywhere():
    known = read(
        """
                |             |           |         |      |
        示例市第一医院2022年采购明细表 | | | |  |
                | 单位:元      |           |         |      |
                |             |           |         |      |
                | 备注         | 采购日期   | 产品编码 | 数量 | 单价
                | x           | 2022-03-15 | A1      | 10   | 5.6
        """
    )
    assert ([*known.tables[0].rows], codes_of(known)) == ([6], ["A1"])
    assert known.tables[0].columns["product_code"].letters == "D"


def test_totals_footers_blanks_and_repeated_headings_are_no_data():
    known = read(
        """
        序号 | 采购日期     | 产品编码 | 数量 | 单价 | 金额
        1   | 2022-03-15  | A1      | 10  | 5.6 | 56
        小计 |             |         | 10  |     | 56
            |             |         |     |     |
        序号 | 采购日期     | 产品编码 | 数量 | 单价 | 金额
        2   | 2022-03-16  | A2      | 10  | 5.6 | 56
        本页合计 |          |         | 10  |     | 56
        3   | 2022-03-17  | A3      | 10  | 5.6 | 56
        合计 |            |         | 30  |     | 168
        制表人:甲 |       | 审核人:乙 |     |     | 填表日期:2022年4月1日
        注:退货以负数填列 |  |        |     |     |
        """
    )
    assert codes_of(known) == ["A1", "A2", "A3"]
    assert [*known.tables[0].rows] == [2, 6, 8]


def test_rows_after_a_footer_are_still_read_when_complete():
    known = read(TABLE + "制表人:甲 | | |\n 第1页 | | | \n 2022-03-17 | A3 | 30 | 1.2")
    assert codes_of(known) == ["A1", "A2", "A3"]


def test_a_row_that_lacks_something_is_kept_and_reported_later():
    assert codes_of(read(TABLE + "2022-03-17 | A3 | | 1.2")) == ["A1", "A2", "A3"]


def test_a_total_in_the_columns_that_are_needed_is_no_data():
    assert codes_of(read(TABLE + "合计 | 合计 | 30 | 9.80")) == ["A1", "A2"]


def test_a_total_with_date_and_code_filled_in_is_no_data():
    head = "采购日期 | 产品编码 | 产品名称 | 数量 | 单价\n2022-03-15 | A1 | 甲 | 10 | 5.6\n"
    for word in ("小计", "合计", "总 计", "累计", "本页小计"):
        assert read(head + f"2022-03-15 | A1 | {word} | 10 | 5.6").tables[0].rows.tolist() == [2]


def test_a_product_whose_name_only_contains_a_total_is_data():
    known = read("产品名称 | 采购日期 | 产品编码 | 数量 | 单价\n血糖计 | 2022-03-15 | A1 | 10 | 5.6")
    assert codes_of(known) == ["A1"]


TWO_ROWS = """
    采购日期     | 产品编码 | 采购情况 |      |
                |         | 数量    | 单价 | 金额
    2022-03-15  | A1      | 10     | 5.60 | 56
"""


def test_a_heading_may_take_two_rows():
    known = read(TWO_ROWS)
    assert codes_of(known) == ["A1"]
    assert set(known.tables[0].columns) == {"bought_on", "product_code", "quantity", "unit_price", "amount"}


def test_a_merged_two_row_heading_reads_the_same():
    merged: list[Merge] = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4)]
    known = read(TWO_ROWS, merged=merged)
    assert codes_of(known) == ["A1"]


def test_a_heading_merged_over_two_columns_is_one_column():
    known = read(
        """
        采购日期     | 产品编码 |   | 数量 | 单价
        2022-03-15  | A1      |   | 10  | 5.60
        合计        |         |   | 10  | 5.60
        """,
        merged=[(0, 1, 0, 2), (1, 1, 1, 2), (2, 0, 2, 2)],
    )
    assert known.tables[0].problems == []
    assert codes_of(known) == ["A1"]


def test_footers_may_stand_in_cells_of_their_own():
    assert codes_of(read(TABLE + "制表人 | 甲 | 审核人 | 乙\n填表日期 | 2022年4月 | |")) == ["A1", "A2"]


def test_the_first_row_of_data_is_never_taken_for_a_heading():
    known = read(
        "类别 | 产品名称 | 产品编码 | 采购日期 | 数量 | 单价 | 地\n药品 | 品名 | A1 | 2022-03-15 | 10 | 5.6 | 单位"
    )
    assert codes_of(known) == ["A1"]


def test_two_groups_of_the_same_columns_are_refused():
    known = read(
        """
        采购日期     | 产品编码 | 上年采购 |     | 本年采购 |
                    |         | 数量    | 单价 | 数量    | 单价
        2022-03-15  | A1      | 10     | 5.6  | 10     | 5.6
        """
    )
    assert [p.kind.code for p in known.tables[0].problems] == ["duplicate-heading", "duplicate-heading"]


def test_of_two_columns_the_one_that_wins_by_the_list_is_read():
    known = read("入库日期 | 采购日期 | 产品编码 | 数量 | 单价\n2022-04-01 | 2022-03-31 | A1 | 10 | 5.6")
    assert [*known.tables[0].cells["bought_on"]] == ["2022-03-31"]
    assert known.tables[0].problems == []


def test_merged_words_are_filled_down_but_merged_figures_are_not():
    known = read(
        """
        采购日期     | 产品编码 | 数量 | 单价
        2022-03-15  | A1      | 10  | 5.60
                    | A2      |     |
                    | A3      |     |
        """,
        merged=[(1, 0, 2, 0), (1, 2, 2, 2), (1, 3, 3, 3)],
    )
    table = known.tables[0]
    assert [*table.cells["bought_on"]] == ["2022-03-15", "2022-03-15", ""]  # row 4 is blank, not merged
    assert [*table.cells["unit_price"]] == [5.6, 5.6, 5.6]
    assert [*table.cells["quantity"]] == [10.0, "", ""]


def test_the_best_sheet_is_read_and_the_others_are_named():
    known = recognise(
        (
            "x.xlsx",
            xlsx(
                "月份 | 金额\n3月 | 100",
                TABLE,
                "机构编码|机构名称|类别\nH1|甲|医院",
                names=["汇总", "明细", "名录"],
            ),
        )
    )
    assert (known.kind, known.sheets, known.passed_over) == ("purchases", ["明细"], ["汇总", "名录"])
    assert [p.kind.code for p in known.problems] == ["sheet-passed-over", "other-kind-of-sheet"]


def test_several_sheets_of_the_kind_are_read_one_after_another():
    known = recognise(
        ("x.xlsx", xlsx(TABLE, TABLE.replace("A1", "A3").replace("A2", "A4"), names=["3月", "4月"]))
    )
    assert codes_of(known) == ["A1", "A2", "A3", "A4"]


def test_a_hidden_older_copy_is_not_read():
    known = recognise(("x.xlsx", xlsx(TABLE, TABLE, names=["旧版", "明细"], hidden=["旧版"])))
    assert (known.rows, known.passed_over) == (2, ["旧版"])
    assert [p.kind.code for p in known.problems] == ["hidden-sheet"]


def test_a_column_that_nobody_reads_is_named():
    known = read("采购日期 | 产品编码 | 数量 | 单价 | 星座\n2022-03-15 | A1 | 10 | 5.6 | 白羊")
    problem = known.tables[0].problems[0]
    assert (problem.kind.code, problem.cell, problem.column) == ("unread-column", "E1", "星座")


def test_the_kind_may_be_said():
    both = "机构编码 | 机构名称 | 类别 | 支付比例\nH1 | 甲 | 医院 | 0.7"
    assert recognise(("x.xlsx", xlsx(both))).kind == "institutions"
    lost = (
        "批次 | 品种 | 产品编码 | 中选价\n七批 | 甲 | A1 | 流标"  # a price column speaks against substitutes
    )
    assert recognise(("x.xlsx", xlsx(lost))).kind != "substitutes"
    assert recognise(("x.xlsx", xlsx(lost)), kind="substitutes").rows == 1
    assert recognise(("x.xlsx", xlsx("支付比例 | 机构编码\n0.7 | H1")), kind="purchases").problems


def test_the_unit_or_the_institution_is_told_by_the_cells_below():
    head = "采购日期 | 产品编码 | 数量 | 单价 | 采购单位\n2022-03-15 | A1 | 10 | 5.6 |"
    assert "unit" in read(f"{head} 盒").tables[0].columns
    assert "institution_name" in read(f"{head} 示例市第一医院").tables[0].columns


def test_drawn_tables_say_what_they_look_like():
    assert drawn("a | '5 | 5\n---+---\n | @2022-03-15 | ")[0] == ["a", "5", 5.0]


LIST = "批次|类别|品种|产品编码|规格|生产企业"
GOODS = "七批|药品|甲片|D1|10mg*10片/盒|庚厂"


def test_a_group_may_carry_what_its_columns_say():
    known = read(
        f"{LIST}|价格（元）||执行期|\n||||||集采前|中选|开始|截止\n{GOODS}|30|12|2022-01-01|2023-12-31",
        merged=[(0, 6, 0, 7), (0, 8, 0, 9)],
    )
    table = known.tables[0]
    assert (known.kind, table.problems) == ("batch_list", [])
    assert (*table.cells["baseline_price"], *table.cells["awarded_price"]) == (30.0, 12.0)
    assert (*table.cells["execution_date"], *table.cells["end_date"]) == ("2022-01-01", "2023-12-31")
    assert table.columns["awarded_price"].hint.money == 1


def test_a_unit_below_a_group_is_the_unit_of_its_price():
    known = read(
        f"{LIST}|中选价格(元)|执行期|\n||||||盒|开始|截止\n{GOODS}|12|2022-01-01|2023-12-31",
        merged=[(0, 7, 0, 8)],
    )
    hint = known.tables[0].columns["awarded_price"].hint
    assert (known.kind, hint.money, hint.unit) == ("batch_list", 1, "盒")


def test_prices_by_two_units_below_a_group_are_no_substitutes():
    known = read(
        f"{LIST}|中选价格(元)||执行期|\n||||||盒|片|开始|截止\n{GOODS}|12|1.2|2022-01-01|2023-12-31",
        merged=[(0, 6, 0, 7), (0, 8, 0, 9)],
    )
    assert known.kind == "batch_list"
    assert [p.kind.code for p in known.tables[0].problems] == ["duplicate-heading"]


def test_the_basis_of_a_price_below_a_group_is_kept():
    known = read(
        f"{LIST}|价格|执行日期|截止日期\n||||||集采前加权均价||\n{GOODS}|30|2022-01-01|2023-12-31",
        merged=[(0, 7, 1, 7), (0, 8, 1, 8)],
    )
    assert known.tables[0].columns["baseline_price"].basis == "weighted_mean"
