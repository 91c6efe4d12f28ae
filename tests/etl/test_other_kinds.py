"""Institutions, agreed volumes, assessments, payment ratios."""

import pytest

from tests.etl.conftest import Load
from tests.etl.reading import asked, codes

pytestmark = pytest.mark.usefixtures("no_grain")

# --- Institutions ---------------------------------------------------------------------------------


def test_institutions_are_updated_by_code_and_keep_what_a_list_leaves_out(city, load: Load):
    load(
        "医疗机构代码 | 医疗机构名称 | 类别\nH001 | 示例市第一人民医院 | 综合医院\nH009 | 新站 | 社区卫生服务中心"
    )
    assert asked(city, "select code, name, kind, level from institution order by code") == [
        ("H001", "示例市第一人民医院", "hospital", "三级甲等"),
        ("H002", "示例市中医医院", "hospital", "二级"),
        ("H009", "新站", "primary_care", None),
        ("P001", "示例康民大药房", "pharmacy", None),
    ]


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ("H1 | 甲 | 医院\nH1 | 乙 | 医院", ["duplicate-row"]),
        ("H1 | 甲 | 超市", ["unknown-word"]),
        ("H1 |  | 医院", ["empty-cell"]),
        ("1234567890123456789 | 甲 | 医院", []),  # text: all digits are there
        ("123456789012345 | 甲 | 医院", []),
    ],
)
def test_what_is_wrong_in_a_register_is_reported(load, rows, problems):
    assert codes(load("机构编码 | 机构名称 | 机构类别\n" + rows)) == problems


# --- Agreed volumes -------------------------------------------------------------------------------

VOLUMES = """
    select institution.code, variety.name, product.code, agreement_year, reported_units, agreed_units
    from agreed_volume join institution on institution.id = institution_id join variety on variety.id = variety_id
    left join product on product.id = agreed_volume.product_id order by 1, 2, 3, 4
"""
HEAD = "机构编码 | 批次 | 品种 | 产品编码 | 协议年度 | 报量 | 约定采购量 | 单位\n"


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("A1 | 1 | 1000 | 700 | 片", ("A1", 1, 1_000, 700)),
        ("A1 | 2 | 100 | 70 | 盒", ("A1", 2, 1_400, 980)),  # × 14
        ("A1 | 第一年 | 0.1 | 0.07 | 万片", ("A1", 1, 1_000, 700)),
        ("A1 |  |  | 700 | 片", ("A1", 1, None, 700)),
        (" | 1 | 1000 | 700 | 片", (None, 1, 1_000, 700)),
        (" | 1 | 100 | 70 | 盒", (None, 1, 1_400, 980)),  # one selected product of the main strength: 14
    ],
)
def test_an_agreed_volume_is_kept_in_base_units(city, load, line, stored):
    assert codes(load(HEAD + "H001 | 七批 | 甲口服常释 | " + line)) == []
    assert asked(city, VOLUMES) == [("H001", "甲口服常释", *stored)]


def test_the_heading_may_carry_the_unit(city, load: Load):
    load(
        "医疗机构 | 批次 | 品种 | 首年约定采购量（万片/万支/万袋）\n示例市第一医院 | 七批 | 甲口服常释 | 0.07"
    )
    assert asked(city, VOLUMES) == [("H001", "甲口服常释", None, 1, None, 700)]


@pytest.mark.parametrize(
    ("line", "problem"), [(" | 1 | | 700 | ", "unit-assumed-base"), ("A1 | 1 | | 70 | ", "unit-assumed-pack")]
)
def test_a_volume_without_a_unit_says_how_it_was_read(load, line, problem):
    assert codes(load(HEAD + "H001 | 七批 | 甲口服常释 | " + line)) == [problem]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("H001 | 七批 | 甲口服常释 | A1 | 1 | 700 | 1000 | 片", "agreed-above-reported"),
        ("H001 | 七批 | 甲口服常释 | Z1 | 1 | 1000 | 700 | 片", "unknown-product"),
        ("H001 | 七批 | 乙注射剂 | A1 | 1 | 1000 | 700 | 片", "unknown-product"),
        ("H001 | 七批 | 甲口服常释 | A1 | 2022 | 1000 | 700 | 片", "not-an-agreement-year"),
        ("H001 | 七批 | 甲口服常释 | A1 | 0 | 1000 | 700 | 片", "not-whole"),
        ("H001 | 七批 | 甲口服常释 | A1 | 1 | 1000 | -700 | 片", "volume-negative"),
        ("H001 | 七批 | 甲口服常释 | A1 | 1 | 1000 | 0.3 | 盒", "fraction-of-unit"),
        ("H001 | 七批 | 甲口服常释 | A1 | 1 | 1000 | 700 | 支", "unknown-unit"),
        ("H001 | 七批 | 甲口服常释 | A1 | 1 | 1000 |  | 片", "empty-cell"),
        ("H999 | 七批 | 甲口服常释 | A1 | 1 | 1000 | 700 | 片", "unknown-institution"),
        ("H001 | 一批 | 甲口服常释 | A1 | 1 | 1000 | 700 | 片", "unknown-batch"),
    ],
)
def test_what_is_wrong_in_volumes_is_reported(load, line, problem):
    assert problem in codes(load(HEAD + line))


def test_packs_of_a_variety_with_several_pack_sizes_are_not_guessed(load: Load):
    load(
        "批次|类别|品种|产品编码|规格|生产企业|执行日期|截止日期\n"
        "八批|药品|丁片|D1|10mg*10片/盒|庚厂|2022-01-01|2023-12-31\n八批|药品|丁片|D2|10mg*12片/盒|辛厂|2022-01-01|2023-12-31"
    )
    assert codes(load(HEAD + "H001 | 八批 | 丁片 | | 1 | | 70 | 盒")) == ["pack-size-unclear"]
    assert codes(load(HEAD + "H001 | 八批 | 丁片 | D2 | 1 | | 70 | 盒")) == []


def test_volumes_are_updated_by_key(city, load: Load):
    load(
        HEAD
        + "H001 | 七批 | 甲口服常释 | A1 | 1 | 1000 | 700 | 片\nH001 | 七批 | 甲口服常释 | | 1 | 1000 | 500 | 片"
    )
    load(
        HEAD
        + "H001 | 七批 | 甲口服常释 | A1 | 1 | 1000 | 800 | 片\nH001 | 七批 | 甲口服常释 | | 1 | 1000 | 600 | 片"
    )
    assert [line[-1] for line in asked(city, VOLUMES)] == [600, 800]
    report = load(HEAD + "H001|七批|甲口服常释|A1|1|1000|800|片\n" * 2)
    assert codes(report) == ["duplicate-row"]


# --- Assessments and ratios -----------------------------------------------------------------------


def test_a_score_is_kept_in_millionths_and_updated_by_key(city, load: Load):
    head = "机构名称 | 批次 | 协议年度 | 考核得分\n"
    load(head + "示例市第一医院 | 七批 | 1 | 92.5分")
    load(head + "示例市第一医院 | 七批 | 1 | 93\n示例市中医医院 | 七批 | 1 | 60")
    assert asked(city, "select institution_id, agreement_year, score from assessment order by 1") == [
        (1, 1, 93_000_000),
        (2, 1, 60_000_000),
    ]


@pytest.mark.parametrize(
    ("score", "problems"),
    [
        ("0", []),
        ("100", []),
        ("100.01", ["score-out-of-range"]),
        ("-1", ["score-out-of-range"]),
        ("优", ["not-a-number"]),
    ],
)
def test_a_score_lies_between_0_and_100(load, score, problems):
    assert codes(load(f"机构编码 | 批次 | 协议年度 | 考核得分\nH001 | 七批 | 1 | {score}")) == problems


def test_a_ratio_is_for_the_area_a_batch_or_an_institution(city, load: Load):
    report = load(
        """
        统筹基金支付比例 | 机构编码 | 批次 | 生效日期
        70%            |         |     | 2022-01-01
        %80            | H001    |     |
        0.65           | H001    | 七批 | 2022年3月
        """
    )
    assert codes(report) == []
    assert asked(
        city, "select ratio, institution_id, batch_id, from_date from payment_ratio order by id"
    ) == [
        (700_000, None, None, "2022-01-01"),
        (800_000, 1, None, None),
        (650_000, 1, 1, "2022-03-01"),
    ]
    load("支付比例(%) | 起始日期\n75 | 2022-01-01")
    assert asked(city, "select ratio from payment_ratio where institution_id is null") == [(750_000,)]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [("1.7", "not-a-share"), ("70", "not-a-share"), ("0", "not-a-share"), ("", "empty-cell")],
)
def test_a_ratio_lies_above_0_and_up_to_1(load, cell, problem):
    assert codes(load(f"支付比例 | 机构编码\n{cell} | H001")) == [problem]
