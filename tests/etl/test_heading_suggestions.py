"""A heading that nobody knows: what is offered for it, and what must not be."""

import pytest

from etl.headings import KINDS, source
from etl.sheets.heading_suggestions import suggestions

NEAR = """
    heading              | field            | score
    采购数里               | quantity         | 0.75
    采购量数               | quantity         | 0.75
    实际采购数量            | quantity         | 0.83
    购买日期               | bought_on        | 0.75
    采购数量1              | quantity         | 0.80
    入库数里(最小制剂单位)   | quantity         | 0.92
    含税单价(元)1          | unit_price       | 0.80
    采购单价2              | unit_price       | 0.80
    采购金頟               | amount           | 0.75
    采购曰期               | bought_on        | 0.75
    采购日其               | bought_on        | 0.75
    国家医保编号            | product_code     | 0.83
    医保药品编号            | product_code     | 0.83
    医疗机构名              | institution_name | 0.83
    配送企业名              | distributor      | 0.83
    规格型号1              | spec             | 0.80
    药品名                 | product_name     | 0.75
    验收曰期               | accepted_on      | 0.75
"""

NOT_OFFERED = """
    出库日期 出库数量 出库单价 出库金额 退货单价 零售单价 销售单价 销售数量 销售金额 销售日期 赠品数量 欠货数量
    上年数量 上年采购量 上期金额 库存数量 库存金额 结余数量 累计数量 消耗数量 计划数量 采购计划数量 预付日期 未付金额
    不含税进价 生产日期 有效日期 批准日期 药品批枵 订单金额 生产企业编码 配送企业编码 供应商编码 单位编码
    医保单价 中选单价 折扣金额 采购单介 星座 床位 天气 数里 单介 进介
"""
"""The opposite, another time, another thing, as near to two as to one, or too short to tell."""


def drawn_near() -> list[tuple[str, str, float]]:
    lines = [[part.strip() for part in line.split("|")] for line in NEAR.strip().splitlines()[1:]]
    return [(heading, field, float(score)) for heading, field, score in lines]


@pytest.mark.parametrize(("heading", "field", "score"), drawn_near())
def test_a_slip_of_the_pen_is_offered_its_field(heading, field, score):
    assert suggestions("purchases", [heading], set()) == [(field, score)]


@pytest.mark.parametrize("heading", NOT_OFFERED.split())
def test_what_means_something_else_is_offered_nothing(heading):
    assert suggestions("purchases", [heading], set()) == [None]


def test_a_field_that_the_sheet_has_is_not_offered():
    assert suggestions("purchases", ["采购数里"], {"quantity"}) == [None]


def test_one_field_is_offered_to_one_heading_the_nearest():
    found = suggestions("purchases", ["采购数里", "实际采购数量", "星座"], set())
    assert found == [None, ("quantity", 0.83), None]


@pytest.mark.parametrize("kind", KINDS)
def test_no_heading_of_another_field_is_offered_for_a_known_one(kind):
    """Every known heading is nearest to itself: the score of 1 is its own field's, or nobody's."""
    for name, field in source(kind).fields.items():
        for heading in field.all_headings:
            offered = suggestions(kind, [heading], set())[0]
            assert offered is None or offered == (name, 1.0), heading
