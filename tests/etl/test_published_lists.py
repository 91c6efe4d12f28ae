"""Published lists as they are: no codes, no dates, losers beside winners, provinces, sometimes no prices.

Headings are those of real tables; figures, unless a test says that they are published ones, are invented.
"""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from etl.importing import Report, import_files
from procurement import figures
from procurement.database import open_database, reading
from procurement.published import TABLES, records
from tests.etl.books import xlsx
from tests.etl.conftest import Load
from tests.etl.reading import asked, codes

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
FACTS = SAMPLES / "facts" / "national_awards.csv"

ANSWERS = {"batch": "第九批", "category": "药品", "execution_date": "2024-03-01", "end_date": "2027-12"}

NATIONAL = """
    第九批国家组织药品集中采购中选结果 | | | | | | | | | | | |
    序号 | 药品通用名 | 是否中标多种规格 | 规格包装 | 生产企业-全称 | 生产企业-简称 | 是否原研 | 是否外企 | 是否中标 | 最高限价 | 中标前中位价（最小规格）（元） | 竞标价格（最小规格）（元） | 供应省份
    1 | 甲口服常释剂型 | 否 | 10mg*14片/盒 | 甲制药（海南）有限公司 | 甲 | 否 | 否 | 是 | 3 | 2.5 | 0.5 | 浙江、湖 北、新疆（含 兵团）
    2 | 甲口服常释剂型 | 否 | 10mg*28片/盒 | 乙药业股份有限公司     | 乙 | 否 | 否 | 是 | 3 | 2.5 | 0.6 | 河南，安徽
    3 | 甲口服常释剂型 | 否 | 10mg*7片/盒  | 丙药业有限公司         | 丙 | 是 | 是 | 否 | 3 | 2.5 | 2.4 |
    4 | 乙注射剂       | 否 | 2ml:0.1g*1支 | 丁药业有限公司       | 丁 | 否 | 否 | 否 | 9 |     | 流标 |
"""

PILOT = """
    品种名 | 剂型 | 规格 | 采购数量（万片/万袋/万支） | 拟中选企业 | 中选规格包装 | 每盒价格 | 最小规格价格 | 降幅 | 备注
    氯吡格雷片     | 片剂 | 75mg  | 5746.59  | 深圳信立泰药业股份有限公司 | 75mg*7    | 22.26   | 3.18    | |
    瑞舒伐他汀钙片 | 片剂 | 10mg  | 1000     | 浙江京新药业股份有限公司   | 10mg*28   | 21.80   | 0.78    | |
    注射用培美曲塞 | 注射 | 500mg | 10       | 四川汇宇制药有限公司       | 500mg     | 2776.97 | 2776.97 | | 单支
"""  # 22.26 ÷ 7 = 3.18 and 21.80 ÷ 28 = 0.7786: published prices of the 4+7 pilot

INTRANET = """
    批次 | 标的 | 标的包含规格 | 折算规格 | 标期开始时间 | 标期 | 最高有效申报价 | 标的官方报量 | 标的带量比例 | 标的实际合同量 | 标的实际合同金额 | 竞标公司全称 | 是否中标 | 中标区域
    第八批 | 丙片 | 5mg*20片/盒 | 5mg | 2023-07-01 | 3年 | 1.2 | 100 | 70% | 70 | 35 | 戊药业有限公司 | 是 | 全国
    第八批 | 丙片 | 5mg*30片/盒 | 5mg | 2023-07-01 | 3年 | 1.2 |     |     |    |    | 己药业有限公司 | 否 |
"""

COMMERCIAL = """
    药品名称 | 医保分类 | 中选企业 | 剂型 | 规格包装 | 规格包装数量 | 中选前价格(元) | 中选价格（元） | 中选前后降幅 | 单位制剂价格（元） | 转换系数 | 批准文号 | 供应地区 | 集采批次 | 集采类型 | 采购周期 | 采购量（万片/万支） | 折算采购量 | 公布日期 | 执行日期 | 截止日期 | 执行状态
    丁胶囊 | 乙类 | 庚药业有限公司 | 胶囊剂 | 0.1g*24粒/盒 | 24 | 48 | 12 | 75% | 0.5 | 1 | 国药准字H20247035 | 江苏、广东 | 第七批 | 国家集采 | 2年 | 10 | 10 | 2022-07-18 | 2022-11-01 | 2024-10-31 | 执行中
"""

PROVINCIAL = """
    医保编码 | 产品名称 | 剂型 | 制剂规格 | 包装规格 | 批准文号 | 转换比 | 单位 | 药品企业 | 中选价格
    XB01ACA056A012030101554 | 阿司匹林肠溶片 | 片剂 | 100mg | 100mg*30片/盒 | 国药准字H20247035 | 30 | 盒 | 辛药业有限公司 | 1.11
"""

PRICE_LIST = """
    序号 | 产品名称 | 商品名 | 药品统一编码 | 药品类型 | 剂型 | 规格 | 包装 | 生产企业 | 批准文号(注册证编号) | 药品质量层次 | 医保报销种类 | 是否集采中选药品 | 是否双通道药品 | 是否国家谈判药品 | 是否价格保密 | 最小包装医保平台挂网价 | 最小制剂价格
    1 | 戊片 | - | 86900000000001 | 化学药品 | 片剂 | 10mg*7片/盒 | 7片/盒 | 壬药业有限公司 | 国药准字H20240001 | 仿制 | 乙类 | 是 | 否 | 否 | 否 | ￥7.00元 | 1
    2 | 己片 | - | 86900000000002 | 化学药品 | 片剂 | 10mg*7片/盒 | 7片/盒 | 癸药业有限公司 | 国药准字H20240002 | 仿制 | 乙类 | 否 | 否 | 否 | 否 | - | —
"""

BARE = """
    第十批国家组织药品集中采购中选结果表 | | |
    品种序号 | 品种名称 | 中选企业 | 备注
    1 | 庚口服溶液剂 | 子药业有限公司 |
    1 | 庚口服溶液剂 | 丑药业有限公司 | 主供
    2 | 辛注射剂     | 寅药业有限公司 |
"""

LISTED = """
    select batch.name, variety.name, product.manufacturer, listing.status, listing.awarded_unit_price,
           listing.baseline_unit_price, listing.starts_on, listing.ends_on
    from listing join batch on batch.id = listing.batch_id join variety on variety.id = listing.variety_id
    join product on product.id = listing.product_id join import on import.id = listing.import_id
    where import.file_name = '测试.xlsx' order by listing.row_number
"""


def loaded(report: Report) -> Report:
    assert report.status == "loaded", [problem.sentence() for problem in report.problems]
    return report


@pytest.mark.parametrize(
    ("book", "answers", "rows"),
    [
        (NATIONAL, ANSWERS, [
            ("第九批", "甲口服常释剂型", "甲制药（海南）有限公司", "elsewhere", 500_000, 2_500_000, "2024-03-01", "2027-12-31"),
            ("第九批", "甲口服常释剂型", "乙药业股份有限公司", "selected", 600_000, 2_500_000, "2024-03-01", "2027-12-31"),
            ("第九批", "甲口服常释剂型", "丙药业有限公司", "non_selected", None, 2_500_000, "2024-03-01", "2027-12-31"),
            ("第九批", "乙注射剂", "丁药业有限公司", "non_selected", None, None, "2024-03-01", "2027-12-31"),
        ]),
        (PILOT, ANSWERS, [
            ("第九批", "氯吡格雷片", "深圳信立泰药业股份有限公司", "selected", 3_180_000, None, "2024-03-01", "2027-12-31"),
            ("第九批", "瑞舒伐他汀钙片", "浙江京新药业股份有限公司", "selected", 778_571, None, "2024-03-01", "2027-12-31"),
            # no pack is known, the price per smallest spec is
            ("第九批", "注射用培美曲塞", "四川汇宇制药有限公司", "selected", 2_776_970_000, None, "2024-03-01", "2027-12-31"),
        ]),
        (INTRANET, {"category": "药品", "end_date": "2026-06-30", "price_unit": "片"}, [
            ("第八批", "丙片", "戊药业有限公司", "selected", None, 1_200_000, "2023-07-01", "2026-06-30"),
            ("第八批", "丙片", "己药业有限公司", "non_selected", None, 1_200_000, "2023-07-01", "2026-06-30"),
        ]),
        (COMMERCIAL, {"category": "药品"}, [
            ("第七批", "丁胶囊", "庚药业有限公司", "elsewhere", 500_000, 2_000_000, "2022-11-01", "2024-10-31"),
        ]),
        (PROVINCIAL, ANSWERS, [
            ("第九批", "阿司匹林肠溶片", "辛药业有限公司", "selected", 37_000, None, "2024-03-01", "2027-12-31"),
        ]),
        (PRICE_LIST, ANSWERS, [
            ("第九批", "戊片", "壬药业有限公司", "selected", 1_000_000, None, "2024-03-01", "2027-12-31"),
        ]),
        (BARE, ANSWERS, [
            ("第九批", "庚口服溶液剂", "子药业有限公司", "selected", None, None, "2024-03-01", "2027-12-31"),
            ("第九批", "庚口服溶液剂", "丑药业有限公司", "selected", None, None, "2024-03-01", "2027-12-31"),
            ("第九批", "辛注射剂", "寅药业有限公司", "selected", None, None, "2024-03-01", "2027-12-31"),
        ]),
    ],
    ids=["national", "pilot", "intranet", "commercial", "provincial", "price list", "bare"],
)  # fmt: skip
def test_a_published_list_is_loaded_once_it_is_completed(city: Engine, load: Load, book, answers, rows):
    report = loaded(load(book, answers={**answers, "province": "河南省"}, skip_bad_rows=True))
    assert report.kind == "batch_list"
    assert asked(city, LISTED) == rows


def test_what_a_list_lacks_is_asked_for_at_once(load: Load):
    report = load(NATIONAL)
    assert codes(report) == ["answer-needed"]
    message = report.problems[0].sentence()
    for option in ("batch", "category", "execution_date", "end_date"):
        assert f"--set {option}=" in message


def test_a_row_of_a_price_list_that_is_no_award_is_not_of_the_batch(load: Load):
    report = load(PRICE_LIST, answers=ANSWERS)
    assert {(problem.kind.code, problem.cell) for problem in report.problems} == {
        ("not-of-a-batch", "M3"),
        ("variety-by-name", "B1"),
    }


MERGED = [
    ["第九批国家组织药品集中采购中选结果", "", "", "", "", ""],
    ["序号", "品种名称", "中选情况", "", "", "供应省份"],
    ["", "", "规格包装", "生产企业", "中选价格（元/盒）", ""],
    [1.0, "甲片", "10mg*10片/盒", "甲制药有限公司", 10.0, "河南"],
    ["", "", "10mg*20片/盒", "乙制药有限公司", 16.0, "河北"],
    [2.0, "乙片", "5mg*10片/盒", "丙制药有限公司", 3.0, "河南"],
]


def test_merged_cells_and_a_heading_of_two_rows_are_read(city: Engine, load: Load):
    merged = [
        (0, 0, 0, 5),
        (1, 0, 2, 0),
        (1, 1, 2, 1),
        (1, 2, 1, 4),
        (1, 5, 2, 5),
        (3, 0, 4, 0),
        (3, 1, 4, 1),
    ]
    loaded(load(xlsx(MERGED, merged=merged), answers={**ANSWERS, "province": "河南"}))
    assert [line[1:5] for line in asked(city, LISTED)] == [
        ("甲片", "甲制药有限公司", "selected", 1_000_000),
        ("甲片", "乙制药有限公司", "elsewhere", 800_000),
        ("乙片", "丙制药有限公司", "selected", 300_000),
    ]


FAILED = """
    品种序号 | 品种名称 | 中选企业 | 备注
    1 | 庚口服溶液剂 | 子药业有限公司 |
    2 | 拉米夫定片   | 流标         |
"""


def test_a_variety_that_nobody_won_is_no_award(city: Engine, load: Load):
    loaded(load(FAILED, answers=ANSWERS))
    assert [line[1:4] for line in asked(city, LISTED)] == [
        ("庚口服溶液剂", "子药业有限公司", "selected"),
        ("拉米夫定片", None, "non_selected"),
    ]


@pytest.mark.parametrize("separator", ["、", "；", "\n", "，"])
def test_two_firms_in_one_cell_are_not_one(load: Load, separator):
    rows = [
        ["品种名称", "中选企业", "备注"],
        ["庚口服溶液剂", f"子药业有限公司{separator}丑制药有限公司", "1"],
    ]
    report = load(xlsx(rows), answers=ANSWERS)
    assert [(p.kind.code, p.cell) for p in report.problems] == [("several-makers", "B2")]


@pytest.mark.parametrize(
    "heading",
    [
        "机构名称|集采批次|物资名称|中选厂家|中选价格|年度任务量|本期采购量|累计采购量|完成率|中选标识",
        "药品通用名|规格|生产厂家|数量|单价",
        "药品通用名|规格|生产企业|中标价|数量|金额|入库时间",
        "品种名称|制剂规格|生产企业|历史中选药品|单位|2023年历史采购量|2024年历史采购量",
    ],
)
def test_what_hospitals_print_is_not_taken_for_a_list(load: Load, heading):
    width = heading.count("|") + 1
    report = load(heading + "\n" + "|".join(["甲"] * (width - 1) + ["1"]))
    assert report.kind != "batch_list" or codes(report) == ["missing-column"]


# --- Answers ----------------------------------------------------------------------------------------

OWN = (
    "批次|类别|品种|规格|生产企业|中选价|执行日期|截止日期\n{}|药品|丁片|10mg*10片/盒|庚厂|12|{}|2023-12-31\n"
)


def test_what_the_file_says_wins_and_the_difference_is_told(city: Engine, load: Load):
    report = loaded(load(OWN.format("八批", "2022-01-01"), answers=ANSWERS))
    told = {
        problem.params["name"]: (problem.params["answer"], problem.params["found"])
        for problem in report.problems
    }
    assert told == {
        "batch": ("第九批", "八批"),
        "execution_date": ("2024-03-01", "2022-01-01"),
        "end_date": ("2027-12-31", "2023-12-31"),
    }
    assert asked(city, LISTED)[0][0] == "八批"


def test_an_answer_fills_the_cells_that_are_empty(city: Engine, load: Load):
    book = OWN.format("八批", "") + "八批|药品|戊片|10mg*10片/盒|庚厂|12|2022-02-01|2023-12-31\n"
    assert codes(load(book)) == ["empty-cell"]
    assert codes(load(book, answers={"execution_date": "2022年1月1日"})) == ["answer-differs"]
    assert [line[6] for line in asked(city, LISTED)] == ["2022-01-01", "2022-02-01"]


def test_a_cell_that_cannot_be_read_is_not_filled(load: Load):
    report = load(OWN.format("八批", "2022-02-30"), answers={"execution_date": "2022-01-01"})
    assert codes(report) == ["impossible-date"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"execution_date": "明年"}, "answer-unreadable"),
        ({"execution_date": "2022-02-30"}, "answer-unreadable"),
        ({"category": "百货"}, "answer-unreadable"),
        ({"province": "浙江、河南"}, "answer-unreadable"),
        ({"province": "某某省"}, "answer-unreadable"),
        ({"price_unit": "斤"}, "answer-unreadable"),
        ({"executed": "2022-01-01"}, "answer-unknown"),
        ({"end_date": "2024-02-01"}, "end-before-start"),
    ],
)
def test_an_answer_that_makes_no_sense_stops_the_file(load: Load, wrong, code):
    assert code in codes(load(NATIONAL, answers={**ANSWERS, **wrong}))


def test_the_same_list_for_other_dates_is_not_unchanged(city: Engine, load: Load):
    loaded(load(BARE, answers=ANSWERS))
    assert load(BARE, name="另一个名字.xlsx", answers=ANSWERS).status == "unchanged"
    assert load(BARE, answers={**ANSWERS, "execution_date": "2024-04-01"}).status == "loaded"
    assert {line[6] for line in asked(city, LISTED)} == {"2024-04-01"}


def test_an_answer_that_the_file_has_no_use_for_makes_no_other_content(load: Load):
    loaded(load(OWN.format("八批", "2022-01-01")))
    assert load(OWN.format("八批", "2022-01-01"), answers={"province": "河南"}).status == "unchanged"


# --- Lists that come again --------------------------------------------------------------------------

FIRST = "批次|类别|品种|产品编码|规格|生产企业|中选价|执行日期|截止日期\n"


def award(code: str, price: object = 12, variety: str = "丁片", start: str = "2022-01-01") -> str:
    return f"八批|药品|{variety}|{code}|10mg*10片/盒|{code}厂|{price}|{start}|2023-12-31\n"


def test_rows_that_a_new_list_no_longer_has_stay_and_are_told(city: Engine, load: Load):
    loaded(load(FIRST + award("D1") + award("D2") + award("D3")))
    report = loaded(load(FIRST + award("D1", 11)))
    assert codes(report) == ["not-in-new-list"]
    assert report.problems[0].params["count"] == 2
    assert len(asked(city, LISTED)) == 3


def test_a_list_that_replaces_withdraws_what_it_no_longer_has(city: Engine, load: Load):
    loaded(load(FIRST + award("D1") + award("D2") + award("E1", variety="戊片")))
    loaded(
        load("批次|品种|产品编码|产品名称|规格|生产企业\n八批|丁片|S1|丁片|10mg*7片|辛厂", name="同品种.xlsx")
    )
    assert codes(loaded(load(FIRST + award("D1", 11), mode="replace"))) == []
    assert [line[1:5] for line in asked(city, LISTED)] == [("丁片", "D1厂", "selected", 1_100_000)]
    assert asked(city, "select name from variety where name in ('丁片', '戊片')") == [("丁片",)]
    # What another kind of workbook brought stays.
    assert asked(
        city, "select count(*) from listing join product on product.id = product_id where code = 'S1'"
    ) == [(1,)]


def test_a_list_that_was_loaded_as_an_update_can_replace_after_all(city: Engine, load: Load):
    loaded(load(FIRST + award("D1") + award("D2")))
    newer = FIRST + award("D1", 11)
    assert codes(loaded(load(newer))) == ["not-in-new-list"]
    assert loaded(load(newer, mode="replace")).preview.withdrawn == 1
    assert [line[2] for line in asked(city, LISTED)] == ["D1厂"]


def test_a_withdrawn_variety_stays_while_volumes_hang_on_it(city: Engine, load: Load):
    loaded(load(FIRST + award("D1") + award("E1", variety="戊片")))
    loaded(load("机构编码|批次|品种|约定采购量|单位\nH001|八批|戊片|100|片", name="约定.xlsx"))
    loaded(load(FIRST + award("D1", 11), mode="replace"))
    assert asked(city, "select variety.name from agreed_volume join variety on variety.id = variety_id") == [
        ("戊片",)
    ]


def test_substitutes_that_replace_withdraw_those_of_the_batch(city: Engine, load: Load):
    loaded(load(FIRST + award("D1"), name="中选.xlsx"))
    head = "批次|品种|产品编码|产品名称|规格|生产企业\n"
    loaded(load(head + "八批|丁片|S1|丁片|10mg*7片|辛厂\n八批|丁片|S2|丁片|10mg*7片|壬厂"))
    assert codes(load(head + "八批|丁片|S1|丁片|10mg*9片|辛厂")) == ["not-in-new-list"]
    loaded(load(head + "八批|丁片|S1|丁片|10mg*8片|辛厂", mode="replace"))
    assert [line[2:4] for line in asked(city, LISTED)] == [("辛厂", "non_selected")]


def test_substitutes_without_codes_take_their_batch_from_the_answer(city: Engine, load: Load):
    loaded(load(FIRST + award("D1"), name="中选.xlsx"))
    book = "品种|产品名称|规格|生产企业|折算系数\n丁片|丁片|20mg*7片/盒|辛厂|2"
    assert codes(load(book)) == ["answer-needed"]
    loaded(load(book, answers={"batch": "八批"}))
    assert [line[:4] for line in asked(city, LISTED)] == [("八批", "丁片", "辛厂", "non_selected")]


VOLUMES = "机构编码|批次|品种|产品编码|约定采购量|单位\n"


def test_a_variety_taken_apart_takes_the_volumes_of_its_products_along(city: Engine, load: Load):
    loaded(load(FIRST + award("D1") + award("D2"), name="中选.xlsx"))
    loaded(load(VOLUMES + "H001|八批|丁片|D1|100|片\nH001|八批|丁片|D2|200|片", name="约定.xlsx"))
    loaded(load(FIRST + award("D1", variety="丁片10mg") + award("D2", variety="丁片20mg")))
    moved = "select variety.name, agreed_units from agreed_volume join variety on variety.id = variety_id order by 2"
    assert asked(city, moved) == [("丁片10mg", 100), ("丁片20mg", 200)]
    assert asked(city, "select count(*) from variety where name = '丁片'") == [(0,)]


def test_a_volume_of_the_whole_variety_cannot_be_taken_apart(load: Load):
    loaded(load(FIRST + award("D1") + award("D2"), name="中选.xlsx"))
    loaded(load(VOLUMES + "H001|八批|丁片|D1|100|片\nH001|八批|丁片||200|片", name="约定.xlsx"))
    apart = FIRST + award("D1", variety="丁片10mg") + award("D2", variety="丁片20mg")
    assert set(codes(load(apart))) == {"variety-split"}


def test_two_varieties_with_volumes_of_their_products_may_become_one(city: Engine, load: Load):
    loaded(load(FIRST + award("D1") + award("E1", variety="戊片"), name="中选.xlsx"))
    loaded(load(VOLUMES + "H001|八批|丁片|D1|100|片\nH001|八批|戊片|E1|200|片", name="约定.xlsx"))
    loaded(load(FIRST + award("D1", variety="丁戊片") + award("E1", variety="丁戊片")))
    together = "select variety.name, agreed_units from agreed_volume join variety on variety.id = variety_id order by 2"
    assert asked(city, together) == [("丁戊片", 100), ("丁戊片", 200)]


# --- Prices that are missing ------------------------------------------------------------------------


def test_a_list_without_prices_says_that_prices_are_missing(city: Engine, load: Load):
    loaded(load(BARE, answers=ANSWERS))
    with reading(city) as connection:
        found = figures.prices(connection)
    rows = records(found[found["batch"] == "第九批"], TABLES["prices"].columns)
    assert {(row["awarded_unit_price"], row["drop"], row["reason"]) for row in rows} == {
        (None, None, "缺中选价格")
    }


def test_two_prices_of_an_award_that_differ_are_told(load: Load):
    report = loaded(load(PILOT.replace("3.18", "2.18"), answers=ANSWERS))
    assert [(p.kind.code, p.cell) for p in report.problems] == [("two-prices-differ", "H2")]


# --- The committed lists ----------------------------------------------------------------------------

PUBLISHED = SAMPLES / "published_lists"


def completed(batch: str, first: str, last: str) -> dict[str, str]:
    return {"batch": batch, "category": "药品", "execution_date": first, "end_date": last, "province": "河南"}


def test_the_pilot_is_loaded_with_what_is_odd_in_it(city: Engine):
    answers = completed("4+7试点", "2019-03-01", "2019-12-31")
    report = loaded(import_files(city, [PUBLISHED / "4+7试点_中选结果.xlsx"], answers=answers)[0])
    assert report.rows == 26
    # 19.38 ÷ 5 = 3.876 above the 2.87 of three years before, as printed: on a wrong base
    assert [(p.kind.code, p.cell) for p in report.problems] == [("baseline-below-award", "F23")]
    prices = """select name, awarded_unit_price, baseline_unit_price, stated_price from listing
        join product on product.id = product_id
        where listing.import_id = {} and name in ('氯吡格雷', '吉非替尼') order by awarded_unit_price"""
    assert asked(city, prices.format(report.import_id)) == [
        ("氯吡格雷", 3_180_000, 8_720_000, 22_260_000),
        ("吉非替尼", 54_700_000, 351_100_000, 547_000_000),
    ]


def test_the_fourth_round_is_loaded_with_its_provinces(city: Engine):
    answers = completed("第四批", "2021-05-01", "2024-04-30")
    report = import_files(city, [PUBLISHED / "第四批_中选结果.xlsx"], answers=answers)[0]
    awards = [row for row in facts() if row["batch"] == "国家第四批"]
    here = sum("河南" in row["supply_provinces"] for row in awards)
    assert (loaded(report).rows, codes(report)) == (len(awards), [])
    statuses = (
        f"select status, count(*) from listing where import_id = {report.import_id} group by 1 order by 1"
    )
    assert asked(city, statuses) == [("elsewhere", len(awards) - here), ("selected", here)]


def test_a_list_without_prices_and_volumes_of_areas_go_together(city: Engine):
    answers = completed("第十批", "2025-04-01", "2027-12-31")
    files = [PUBLISHED / name for name in ("第十批_地区约定采购量.xlsx", "第十批_中选企业.xlsx")]
    reports = import_files(city, files, answers={**answers, "area": "濮阳市"})
    assert [(loaded(report).kind, report.rows) for report in reports] == [
        ("agreed_volumes", 6),
        ("batch_list", 6),
    ]
    areas = """select area, agreed_units from area_volume join variety on variety.id = variety_id
        where name like '示例甲%' order by 2"""
    assert asked(city, areas) == [("濮阳县", 360_000), ("华龙区", 480_000), ("全市", 1_200_000)]


# --- The published awards of four national rounds ---------------------------------------------------

ROUNDS = {
    "国家4+7扩围": "2019-12-01",
    "国家第二批": "2020-04-01",
    "国家第三批": "2020-11-01",
    "国家第四批": "2021-05-01",
}


def facts() -> list[dict[str, str]]:
    """Published awards that supply 河南 or 河北; the figures are real ones."""
    lines = FACTS.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def published(batch: str) -> tuple[bytes, list[dict[str, str]]]:
    awards = [row for row in facts() if row["batch"] == batch]
    head = [
        "序号",
        "药品通用名",
        "规格包装",
        "生产企业-全称",
        "是否中标",
        "竞标价格\n（最小规格）（元）",
        "供应省（区）",
    ]
    rows = [
        [
            float(number),
            a["variety"],
            a["spec"],
            a["manufacturer"],
            "是",
            float(a["awarded_unit_price"]),
            a["supply_provinces"],
        ]
        for number, a in enumerate(awards, 1)
    ]
    return xlsx([[f"{batch}药品集中采购中选结果", "", "", "", "", "", ""], head, *rows]), awards


def test_the_published_awards_of_four_rounds_are_loaded_whole(tmp_path: Path):
    engine = open_database(f"sqlite:///{tmp_path / 'rounds.db'}")
    for batch, day in ROUNDS.items():
        book, awards = published(batch)
        answers = {
            "batch": batch,
            "category": "药品",
            "execution_date": day,
            "end_date": "2024-12-31",
            "province": "河南",
        }
        report = loaded(import_files(engine, [(f"{batch}.xlsx", book)], answers=answers)[0])
        assert report.rows == len(awards)
        elsewhere = asked(
            engine,
            f"select count(*) from listing where import_id = {report.import_id} and status = 'elsewhere'",
        )
        named = [a for a in awards if a["supply_provinces"]]
        assert elsewhere == [(sum("河南" not in a["supply_provinces"] for a in named),)]
    prices = sum(Decimal(row["awarded_unit_price"]) for row in facts())
    assert asked(engine, "select count(*), sum(awarded_unit_price) from listing") == [
        (len(facts()), prices * 1_000_000)
    ]
    engine.dispose()
