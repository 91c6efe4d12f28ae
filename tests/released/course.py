"""A small course of events that every released version could run: what the committed ledgers were made by.

    PYTHONPATH=CHECKOUT:FOLDER python -m course 0.2.0 FOLDER     in a checkout of that version

writes 0.2.0.sql (a SQLite ledger) and 0.2.0.postgresql.sql (the tables as that version makes them on
PostgreSQL) into FOLDER. The tests run the same course with the code of today and compare the figures.
"""

import sqlite3
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl

HEADINGS = ["机构编码", "采购日期", "产品编码", "产品名称", "数量", "单位", "单价", "金额"]
STENT, UNLISTED_STENT = "C0201011230000100001", "C0201011230000100009"

LISTS = {
    "01 机构.xlsx": [
        ["机构编码", "机构名称", "机构类型", "等级", "区县"],
        ["H1", "示例第一医院", "医院", "三级", "东区"],
        ["H2", "示例第二医院", "医院", "二级", "西区"],
        ["Y1", "示例大药房", "零售药店", None, "东区"],
    ],
    "02 中选药品.xlsx": [
        ["批次名称", "类别", "品种", "产品编码", "产品名称", "规格", "转换比", "最小单位", "生产企业",
         "集采前价格", "价格依据", "中选价", "计价单位", "执行日期", "截止日期"],
        ["国采一", "药品", "甲口服常释", "P1", "甲片", "10mg*10片/盒", 10, "片", "甲公司",
         2.00, "挂网价", 0.40, "最小单位", "2022-01-01", "2022-12-31"],
        ["国采一", "药品", "乙注射液", "P3", "乙针", "2ml*1支/盒", 1, "支", "丙公司",
         30.00, "挂网价", 9.50, "最小单位", "2022-01-01", "2022-12-31"],
    ],
    "03 中选耗材.xlsx": [
        ["批次名称", "类别", "品种", "产品编码", "产品名称", "规格", "转换比", "最小单位", "生产企业",
         "集采前价格", "价格依据", "中选价", "计价单位", "执行日期", "截止日期"],
        ["支架", "耗材", "冠脉支架", STENT, "支架", "3.0×18mm", 1, "个", "丁公司",
         13000, "挂网价", 700, "最小单位", "2022-01-01", "2022-12-31"],
    ],
    "04 同品种.xlsx": [
        ["批次", "品种", "产品编码", "产品名称", "规格", "转换比", "最小单位", "生产企业"],
        ["国采一", "甲口服常释", "P2", "甲片", "10mg*10片/盒", 10, "片", "深圳示泰药业股份有限公司"],
    ],
    "05 约定.xlsx": [
        ["机构编码", "批次", "品种", "协议年度", "报量", "约定采购量", "单位"],
        ["H1", "国采一", "甲口服常释", 1, 100_000, 70_000, "片"],
        ["H2", "国采一", "甲口服常释", 1, 50_000, 40_000, "片"],
        ["H1", "国采一", "乙注射液", 1, 2_000, 1_500, "支"],
        ["H1", "支架", "冠脉支架", 1, 30, 24, "个"],
    ],
    "06 考核.xlsx": [
        ["机构编码", "批次", "协议年度", "考核得分"],
        ["H1", "国采一", 1, 92], ["H2", "国采一", 1, 78], ["H1", "支架", 1, 85],
    ],
    "07 比例.xlsx": [["支付比例", "起始日期"], ["70%", "2021-01-01"]],
}  # fmt: skip
"""Name → rows of one sheet."""

LINES = {
    "08 采购 H1.xlsx": [
        ["示例第一医院2022年采购明细"], HEADINGS,
        ["H1", "2022-03-05", "P1", "甲片", 9_000, "盒", 4.0, 36_000],
        ["H1", "2022-03-20", "P1", "甲片", -50, "盒", 4.0, -200],
        ["H1", "2022-11-30", "P2", "甲片", 1_000, "盒", 18.0, 18_000],
        ["H1", "2022-05-06", "P3", "乙针", 1_600, "支", 9.5, 15_200],
        ["H1", "2022-06-01", STENT, "支架", 25, "个", 700, 17_500],
        ["H1", "2022-06-02", UNLISTED_STENT, "球囊", 2, "个", 900, 1_800],
        ["H1", "2022-06-03", "Q7", "丙颗粒", 10, "盒", 20, 200],
        ["H1", "2023-01-05", "P3", "乙针", 10, "支", 9.5, 95],
    ],
    "09 采购 H2.xlsx": [
        ["示例第二医院2022年采购明细"], HEADINGS,
        ["H2", "2022-02-10", "P1", "甲片", 3_500, "盒", 4.0, 14_000],
        ["H2", "2022-12-30", "P2", "甲片", 700, "盒", 18.0, 12_600],
    ],
    "10 采购 Y1.xlsx": [
        ["示例大药房2022年采购明细"], HEADINGS,
        ["Y1", "2022-04-01", "P1", "甲片", 300, "盒", 4.5, 1_350],
    ],
}  # fmt: skip

CORRECTED = {
    "11 采购 H2 更正.xlsx": [
        ["示例第二医院2022年采购明细"], HEADINGS,
        ["H2", "2022-02-10", "P1", "甲片", 3_600, "盒", 4.0, 14_400],
        ["H2", "2022-02-11", "P1", "甲片", 100, "盒", 4.0, 400],
    ],
    "12 采购 H2 误.xlsx": [
        ["示例第二医院2022年采购明细"], HEADINGS,
        ["H2", "2022-12-30", "P2", "甲片", 7_000, "盒", 18.0, 126_000],
    ],
    "13 采购 Y1 无编码.xlsx": [
        ["机构编码", "采购日期", "产品名称", "规格", "生产企业", "数量", "单位", "单价"],
        ["Y1", "2022-09-01", "甲片", "10mg*10片/盒", "示泰", 20, "盒", 17.5],
    ],
}  # fmt: skip
"""A correction that replaces, a file that is taken back, a product without a code."""

SHARING = {
    "14 总额包干.xlsx": [
        ["机构编码", "年度", "包干方式", "参保人数", "包干金额", "统筹基金支出"],
        ["H1", 2022, "总额控制", None, 5_000_000, 4_900_000],
    ],
}


def load(engine, folder: Path, books: dict[str, list]) -> list:  # type: ignore[no-untyped-def]
    """Write the workbooks and import them, in order."""
    from etl.importing import import_files

    reports = []
    for name, rows in books.items():
        workbook = openpyxl.Workbook()
        for row in rows:
            workbook.active.append(row)
        workbook.save(folder / name)
        reports += import_files(engine, [folder / name], by="test")
    assert {report.status for report in reports} == {"loaded"}, [
        (report.file, [p.sentence() for p in report.problems]) for report in reports
    ]
    return reports


def first(engine, folder: Path) -> None:  # type: ignore[no-untyped-def]
    """What 0.1.0 could do: lists and lines."""
    load(engine, folder, LISTS | LINES)


def second(engine, folder: Path) -> None:  # type: ignore[no-untyped-def]
    """What 0.2.0 could do beside: replace, take back, match a product without a code."""
    from etl.matching.decisions import confirm, proposals
    from etl.undoing import undo
    from procurement.database import reading

    reports = load(engine, folder, CORRECTED)
    assert undo(engine, reports[1].import_id, by="test").status == "undone"
    with reading(engine) as connection:
        (pair,) = [
            (row.provisional_code, row.product_code)
            for row in proposals(connection).itertuples()
            if row.product_code == "P2"
        ]
    assert confirm(engine, [pair], by="test") == 1


def third(engine, folder: Path) -> None:  # type: ignore[no-untyped-def]
    """What 0.3.0 could do beside: a policy of the city, yearly budgets, settlements in each state."""
    from procurement.filters import Filters
    from procurement.policies import Value
    from procurement.policies.own_file import Proposed
    from procurement.policy_changes import add
    from procurement.settling import advance, draft

    load(engine, folder, SHARING)
    entry = Value(value=Decimal("0.45"), from_date=date(2022, 1, 1), source="示例通知第1号", level="city")
    add(engine, [Proposed("retention_maximum_ratio", entry)], by="test")
    drafted = [o.settlement_id for o in draft(engine, Filters(), 1, by="test") if o.settlement_id]
    assert len(drafted) >= 2
    for state in ("reviewed", "confirmed"):
        advance(engine, drafted[:1], state, by="test")


COURSE = {"0.1.0": first, "0.2.0": second, "0.3.0": third}
"""What each version does beside what the ones before it could; a ledger of a version has gone through all."""


def dump(version: str, folder: Path) -> None:
    from procurement.database import open_database

    with TemporaryDirectory() as work:
        path = Path(work) / "ledger.db"
        engine = open_database(f"sqlite:///{path}")
        for step in list(COURSE.values())[: list(COURSE).index(version) + 1]:
            step(engine, Path(work))
        engine.dispose()
        ledger = sqlite3.connect(path)
        (folder / f"{version}.sql").write_text("\n".join(ledger.iterdump()) + "\n", encoding="utf-8")
        ledger.close()
    (folder / f"{version}.postgresql.sql").write_text(postgresql_tables(), encoding="utf-8")


def postgresql_tables() -> str:
    """What this version runs to make its tables on PostgreSQL."""
    from sqlalchemy import create_mock_engine
    from sqlmodel import SQLModel

    told: list[str] = []
    engine = create_mock_engine(
        "postgresql+psycopg://", lambda sql, *_: told.append(str(sql.compile(dialect=engine.dialect)).strip())
    )
    SQLModel.metadata.create_all(engine, checkfirst=False)
    return ";\n".join(told) + ";\n"


if __name__ == "__main__":
    dump(sys.argv[1], Path(sys.argv[2]))
