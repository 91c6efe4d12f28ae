"""Synonyms are data: complete, disjoint, and each kind told from the others."""

import pytest

from etl.headings import IGNORED, KINDS, match, source
from etl.hints import Hint, heading_key
from etl.importing import recognise
from etl.sources import READERS
from tests.etl.books import xlsx


@pytest.mark.parametrize("kind", KINDS)
def test_no_heading_stands_for_two_fields(kind):
    seen: dict[str, str] = {}
    for name, field in source(kind).fields.items():
        for heading in field.all_headings:
            assert seen.setdefault(heading_key(heading), name) == name, heading
    for heading in source(kind).ignored:
        assert heading_key(heading) not in seen, heading


@pytest.mark.parametrize("kind", KINDS)
def test_winners_and_needs_are_headings_and_fields_of_the_kind(kind):
    known = source(kind)
    for field in known.fields.values():
        assert {heading_key(h) for h in field.wins} <= {heading_key(h) for h in field.all_headings}
        assert {h for hs in field.basis.values() for h in hs} <= set(field.all_headings)
    named = {name for need in known.needs for name in need} | set(known.template)
    assert named <= set(known.fields)


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_a_template_has_a_note_and_every_need_an_example(kind):
    known, reader = source(kind), READERS[kind]
    assert set(known.template) <= set(reader.NOTES)
    assert set(reader.EXAMPLE) <= set(known.template)
    assert all(set(need) & set(reader.EXAMPLE) for need in known.needs)


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_heading_of_each_field_names_it(kind):
    for name, field in source(kind).fields.items():
        assert match(kind, field.title).field == name


@pytest.mark.parametrize(
    ("kind", "heading", "field", "hint"),
    [
        ("purchases", "采购\n数量（盒）", "quantity", Hint(unit="盒")),
        ("purchases", "入库数量（最小制剂单位）", "quantity", Hint(unit="最小制剂单位")),
        ("purchases", "入库数量(最小销售包装单位)", "quantity", Hint(unit="最小销售包装单位")),
        ("purchases", "单价(元/片)", "unit_price", Hint(money=1, unit="片")),
        ("purchases", "金额（万元）", "amount", Hint(money=10_000)),
        ("purchases", "1、药品名称", "product_name", Hint()),
        ("batch_list", "最小规格价格", "awarded_price", Hint(unit="最小单位")),
        ("batch_list", "每盒价格（元）", "awarded_price", Hint(money=1, unit="盒")),
        ("batch_list", "中标前中位价\n（最小规格）（元）", "baseline_price", Hint(money=1, unit="最小规格")),
        ("agreed_volumes", "首年约定采购量（万片/万支/万袋）", "agreed_volume", Hint(unit="万片/万支/万袋")),
        ("payment_ratios", "统筹基金支付比例(%)", "ratio", Hint(percent=True)),
        ("purchases", "序号", IGNORED, Hint()),
    ],
)
def test_a_heading_as_printed_finds_its_field(kind, heading, field, hint):
    found = match(kind, heading)
    assert (found.field, found.hint) == (field, hint)


@pytest.mark.parametrize("heading", ["数量(退货)", "上年数量", "天气", ""])
def test_an_unknown_heading_is_not_taken_for_one_like_it(heading):
    assert match("purchases", heading) is None


HEADINGS = {
    "institutions": "机构编码 | 机构名称 | 类别",
    "batch_list": "批次 | 类别 | 品种 | 医保编码 | 规格 | 生产企业 | 执行日期 | 截止日期",
    "substitutes": "集采批次 | 品种名称 | 医保编码 | 规格 | 生产企业",
    "agreed_volumes": "医疗机构 | 批次 | 品种 | 医保编码 | 约定采购量",
    "purchases": "医疗机构 | 批次 | 品种 | 采购日期 | 医保编码 | 规格 | 生产企业 | 数量 | 单价",
    "assessments": "医疗机构 | 批次 | 年度 | 得分",
    "payment_ratios": "支付比例 | 医疗机构 | 批次 | 起始日期",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_told_from_the_others_by_its_headings(kind):
    width = HEADINGS[kind].count("|") + 1
    known = recognise(("x.xlsx", xlsx(f"{HEADINGS[kind]}\n" + " | ".join("x" * width))))
    assert (known.kind, known.rows) == (kind, 1)


@pytest.mark.parametrize("without", ["执行日期", "截止日期", "类别", "医保编码"])
def test_a_batch_list_with_a_column_missing_is_not_taken_for_substitutes(without):
    headings = HEADINGS["batch_list"] + " | 中选价"
    known = recognise(("x.xlsx", xlsx(headings.replace(f" | {without}", "") + "\n" + " | ".join("x" * 8))))
    assert known.kind == "batch_list"
    assert [problem.kind.code for problem in known.problems] == ["missing-column"]
