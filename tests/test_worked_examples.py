"""The reference's worked examples, from workbooks through the front doors to the published table."""

from itertools import permutations
from pathlib import Path

import openpyxl
import pytest

from etl.importing import import_files
from procurement import figures
from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.published import TABLES, records
from procurement.summary import summary

BOOKS = {
    "机构.xlsx": [
        ["机构编码", "机构名称", "机构类型", "等级", "区县"],
        ["H1", "第一医院", "医院", "三级", "东区"],
    ],
    "中选.xlsx": [
        ["批次名称", "类别", "品种", "产品编码", "产品名称", "规格", "转换比", "最小单位", "生产企业",
         "集采前价格", "价格依据", "中选价", "计价单位", "执行日期", "截止日期"],
        ["国采一", "药品", "某药口服常释剂型", "P1", "某药片", "10mg*10片/盒", 10, "片", "甲公司",
         2.00, "挂网价", 0.40, "最小单位", "2022-01-01", "2022-12-31"],
    ],
    "同品种.xlsx": [
        ["批次", "品种", "产品编码", "产品名称", "规格", "转换比", "最小单位", "生产企业"],
        ["国采一", "某药口服常释剂型", "P2", "某药片", "10mg*10片/盒", 10, "片", "乙公司"],
    ],
    "约定.xlsx": [
        ["机构编码", "批次", "品种", "协议年度", "报量", "约定采购量", "单位"],
        ["H1", "国采一", "某药口服常释剂型", 1, 100_000, 70_000, "片"],
    ],
    "采购.xlsx": [
        ["第一医院2022年药品采购明细"],
        ["机构编码", "采购日期", "产品编码", "数量", "单位", "单价", "金额"],
        ["H1", "2022-03-05", "P1", 9_000, "盒", 4.0, 36_000],
        ["H1", "2022年12月31日", "P2", 1_000, "盒", 18.0, 18_000],
        ["合计", None, None, 10_000, None, None, 54_000],
    ],
    "考核.xlsx": [["机构编码", "批次", "协议年度", "考核得分"], ["H1", "国采一", 1, 92]],
    "比例.xlsx": [["支付比例", "起始日期"], ["70%", "2021-01-01"]],
}  # fmt: skip


@pytest.fixture
def books(tmp_path: Path) -> Path:
    for name, rows in BOOKS.items():
        workbook = openpyxl.Workbook()
        for row in rows:
            workbook.active.append(row)
        workbook.save(tmp_path / name)
    return tmp_path


def score(books: Path, points: int) -> None:
    workbook = openpyxl.load_workbook(books / "考核.xlsx")
    workbook.active["D2"] = points
    workbook.save(books / "考核.xlsx")


def settled(engine, basis=None):
    with reading(engine) as connection:
        rows = records(figures.retention(connection, Filters(), basis), TABLES["retention"].columns)
    assert len(rows) == 1
    names = ("budget", "spending", "surplus_base", "ratio", "retained", "staff", "development")
    return [rows[0][name] for name in names]


def test_example_a_from_workbooks(ledger, books):
    assert {report.status for report in import_files(ledger, [books])} == {"loaded"}
    assert settled(ledger) == [
        "140000.00", "32200.00", "107800.00", 0.5, "53900.00", "32340.00", "21560.00",
    ]  # fmt: skip


def test_example_b_from_workbooks(ledger, books):
    score(books, 85)
    import_files(ledger, [books])
    # 102 200 × 50 % × 90 % = 45 990; staff 60 % = 27 594
    assert settled(ledger, "actual") == [
        "140000.00", "37800.00", "102200.00", 0.45, "45990.00", "27594.00", "18396.00",
    ]  # fmt: skip


def test_the_order_of_files_does_not_matter(tmp_path, books):
    """Purchases before, between and after the lists that price them."""
    told = []
    later = ("中选.xlsx", "采购.xlsx", "同品种.xlsx", "约定.xlsx")
    for order in permutations(later):
        if order.index("中选.xlsx") > min(order.index("同品种.xlsx"), order.index("约定.xlsx")):
            continue  # these two name the batch that the list brings
        engine = open_database(f"sqlite:///{tmp_path / '-'.join(order)}.db")
        for name in ("机构.xlsx", *order, "考核.xlsx", "比例.xlsx"):
            (report,) = import_files(engine, [books / name])
            assert report.status == "loaded", (order, report.problems)
        with reading(engine) as connection:
            told.append(summary(connection))
        engine.dispose()
    assert len(told) == 8
    assert all(each == told[0] for each in told)
    assert told[0]["saving"]["total"] == 146_000 * 10_000  # 180 000 − 36 000 + 20 000 − 18 000
