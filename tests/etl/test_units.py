"""Specs → packs, unit words → packs or base units, headings → units."""

import pytest

from etl.values import cells
from etl.values.hints import NO_HINT, Hint, split_heading, stated_above
from etl.values.specs import Pack, pack_of
from etl.values.units import Unit, is_pack, unit_of
from tests.etl.reading import codes, lines


@pytest.mark.parametrize(
    ("spec", "units", "base_unit"),
    [
        ("20mg*7片*2板/盒", 14, "片"),
        ("20mg×7片×2板/盒", 14, "片"),
        ("20mg*7片/盒", 7, "片"),
        ("20mg*7", 7, None),
        ("(150mg+12.5mg)*14片", 14, "片"),
        ("7片/板*2板/盒", 14, "片"),
        ("0.1g:10ml×5支/盒", 5, "支"),
        ("3ml:300单位*1支/盒", 1, "支"),
        ("100IU/ml,3ml/支", 1, "支"),
        ("5ml:5mg（0.1%）*1支", 1, "支"),
        ("50mg/5ml*5", 5, None),
        ("100片/瓶", 100, "片"),
        ("0.25g*12s*2板", 24, "片"),
        ("１０mg＊２８片／盒", 28, "片"),
        ("10mgx28片", 28, "片"),
        ("3g*15袋", 15, "袋"),
    ],
)
def test_a_plain_spec_tells_the_pack(spec, units, base_unit):
    assert pack_of(spec) == Pack(units, base_unit)


@pytest.mark.parametrize(
    "spec",
    [
        "3.0*18mm",
        "3.0*18",
        "10cm*12cm",
        "各型号",
        "80μg:200揿",
        "20mg*7片*2板/盒*10盒",
        "500ml",
        "",
        None,
        "12.5mg:5ml",
    ],
)
def test_an_unclear_spec_tells_nothing(spec):
    assert pack_of(spec) is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("盒", Unit("盒")),
        ("万片", Unit("片", 10_000)),
        ("元/盒", Unit("盒")),
        ("元/万支", Unit("支", 10_000)),
        ("万片/万袋/万支", Unit("最小单位", 10_000)),
        ("最小制剂单位", Unit("最小制剂单位")),
        ("每盒", Unit("盒")),
        ("斤", None),
        ("元", None),
        ("盒/万片", None),
    ],
)
def test_a_unit_word_is_known_or_not(text, unit):
    assert unit_of(text) == unit


@pytest.mark.parametrize(
    ("word", "base_unit", "pack", "packed"),
    [
        ("盒", "片", 14, True),
        ("瓶", "片", 100, True),
        ("片", "片", 14, False),
        ("粒", "片", 14, False),  # 片 粒 丸 枚 are used for each other
        ("最小单位", "片", 14, False),
        ("支", "片", 14, None),  # tablets do not come in ampoules
        ("瓶", "支", 1, False),  # one and the same where a pack is one
        ("瓶", "支", 5, True),
        ("瓶", "瓶", 6, False),
        ("桶", "片", 14, None),
        ("盒", None, None, True),
        ("片", None, None, False),
        ("套", "套", 1, False),
    ],
)
def test_a_unit_word_counts_packs_or_base_units(word, base_unit, pack, packed):
    assert is_pack(word, base_unit, pack) is packed


@pytest.mark.parametrize(
    ("heading", "key", "hint"),
    [
        ("单价(元/盒)", "单价", Hint(money=1, unit="盒")),
        ("采购数量(盒)", "采购数量", Hint(unit="盒")),
        ("入库数量（最小制剂单位）", "入库数量", Hint(unit="最小制剂单位")),
        ("数量（万片）", "数量", Hint(unit="万片")),
        ("金额(万元)", "金额", Hint(money=10_000)),
        ("支付比例(%)", "支付比例", Hint(percent=True)),
        ("单价/元", "单价", Hint(money=1)),
        ("中标前中位价\n（最小规格）（元）", "中标前中位价", Hint(money=1, unit="最小规格")),
        ("采购金额（含税，万元）", "采购金额", Hint(money=10_000)),
        ("单价:元", "单价", Hint(money=1)),
        ("支付比例%", "支付比例", Hint(percent=True)),
        ("2022年1-6月采购数量", "采购数量", Hint()),
        ("数量(盒/支)", "数量", Hint()),  # it varies: the unit column tells
        ("※ 机构 编码*", "机构编码", Hint()),
        ("机构编码（必填）", "机构编码", Hint()),
        ("数量(退货)", "数量(退货)", Hint()),  # not about units: another column
        ("批次/项目", "批次/项目", Hint()),
    ],
)
def test_a_heading_states_its_unit_in_brackets(heading, key, hint):
    assert split_heading(heading) == (key, hint)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("单位:万元", Hint(money=10_000)),
        ("单位：元", Hint(money=1)),
        ("计量单位：万片", Hint(unit="万片")),
        ("单位：万片、万元", Hint(money=10_000, unit="万片")),
        ("填报单位:示例医院", Hint()),
        ("示例医院采购明细表", Hint()),
    ],
)
def test_a_line_above_the_table_states_units(text, hint):
    assert stated_above(text) == hint


BESIDE = "机构编码|采购日期|产品编码|数量|单位|单价\n"


@pytest.mark.usefixtures("no_grain")
def test_a_unit_behind_the_number_is_read_with_it(city, load):
    report = load(BESIDE + "H001|2022-03-15|A1|10盒||5.6元/盒\nH001|2022-03-16|A1|140片|片|0.4元/片")
    assert report.status == "loaded"
    assert codes(report) == ["unit-beside-figure", "unit-beside-figure"]
    assert [line[4:8] for line in lines(city)] == [(100_000, 1, 140, 5_600_000), (1_400_000, 0, 140, 400_000)]


@pytest.mark.usefixtures("no_grain")
@pytest.mark.parametrize("row", ["10盒|片|5.6", "10|盒|0.4元/片"])
def test_two_units_of_one_figure_are_a_problem_or_two_units(load, row):
    report = load(BESIDE + f"H001|2022-03-15|A1|{row}")
    expected = ["unit-beside-figure", "units-contradict"] if "盒|片" in row else ["unit-beside-figure"]
    assert sorted(codes(report)) == expected


@pytest.mark.parametrize("cell", ["3mg", "10盒10片", "10盒装", "盒", "10元", "10桶"])
def test_what_is_no_unit_makes_no_number(cell):
    assert cells.quantity(cell, NO_HINT).trouble is not None


@pytest.mark.parametrize(
    "strength",
    ["10mg", "150mg+12.5mg", "5ml:50mg", "0.25g", "500ug", "500mg:4mg", "5ml:5mg（0.1%）", "0.4ml:1.2mg (0.3%)", "5mg/2.5ml"],
)  # fmt: skip
def test_a_strength_alone_states_no_pack(strength):
    """As the national lists print their specs: a pack size guessed from them would shift every price."""
    assert pack_of(strength) is None
