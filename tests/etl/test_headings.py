"""Synonyms are data: complete, disjoint, and each kind told from the others."""

import pytest

from etl.headings import IGNORED, KINDS, match, source
from etl.importing import recognise
from etl.sources import READERS
from etl.values.hints import Hint, heading_key
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
        ("batch_list", "最小规格价格", "awarded_base_price", Hint(unit="最小单位")),
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
    "sharing": "医疗机构 | 年度 | 包干方式 | 参保人数 | 年度预算 | 实际基金支出",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_told_from_the_others_by_its_headings(kind):
    width = HEADINGS[kind].count("|") + 1
    known = recognise(("x.xlsx", xlsx(f"{HEADINGS[kind]}\n" + " | ".join("x" * width))))
    assert (known.kind, known.rows) == (kind, 1)


@pytest.mark.parametrize("without", ["批次", "执行日期", "截止日期", "类别", "医保编码", "品种", "生产企业"])
def test_a_batch_list_with_a_column_missing_is_not_taken_for_substitutes(without):
    headings = [h for h in HEADINGS["batch_list"].split(" | ") if h != without] + ["中选价"]
    known = recognise(("x.xlsx", xlsx(" | ".join(headings) + "\n" + " | ".join("x" * len(headings)))))
    assert known.kind == "batch_list"


REAL = """
batch_list     | 序号- 药品通用名=variety 是否中标多种规格- 规格包装=spec 生产企业-全称=manufacturer 生产企业-简称=manufacturer 是否原研- 是否外企- 是否中标=status 最高限价=baseline_price 中标前中位价（最小规格）（元）=baseline_price 竞标价格（最小规格）（元）=awarded_price 供应省份=supply_area
batch_list     | 品种名=variety 剂型=form 规格=spec 采购数量（万片/万袋/万支）- 拟中选企业=winner 中选规格包装=spec 每盒价格=awarded_price 最小规格价格=awarded_base_price 降幅=drop 备注-
batch_list     | 品种序号- 品种名称=variety 中选企业=winner 备注-
batch_list     | 批次=batch 标的=variety 标的包含规格=spec 折算规格- 标期开始时间=execution_date 标期- 最高有效申报价=baseline_price 标的官方报量- 标的带量比例- 标的实际合同量- 标的实际合同金额- 竞标公司全称=manufacturer 是否中标=status 中标区域=supply_area
batch_list     | 药品名称=product_name 医保分类- 中选企业=winner 剂型=form 规格包装=spec 规格包装数量=units_per_pack 中选前价格(元)=baseline_price 中选价格（元）=awarded_price 中选前后降幅=drop 单位制剂价格（元）=awarded_base_price 批准文号=registration 供应地区=supply_area 集采批次=batch 集采类型=level 采购周期- 采购量（万片/万支）- 折算采购量- 公布日期- 执行日期=execution_date 截止日期=end_date 执行状态=status
batch_list     | 医保编码=product_code 产品名称=product_name 剂型=form 制剂规格=spec 包装规格=spec 批准文号=registration 转换比=units_per_pack 单位=unit 药品企业=manufacturer 中选价格=awarded_price
batch_list     | 序号- 产品名称=product_name 商品名- 药品统一编码=product_code 剂型=form 规格=spec 包装=spec 生产企业=manufacturer 批准文号(注册证编号)=registration 药品质量层次- 医保报销种类- 是否双通道药品- 是否国家谈判药品- 是否价格保密-
batch_list     | 医用耗材代码=product_code 流水号- 注册证编号=registration 注册备案证号=registration 原注册备案号- 注册备案产品名称=product_name 旧注册备案证号- 旧注册备案产品名称- 注册、备案人=manufacturer 耗材分类- 单件产品编号- 单件产品名称=product_name 耗材企业=manufacturer 规格=spec 型号=spec 规格型号编号- UDI-DI-
substitutes    | 批次=batch 品种=variety 医用耗材代码=product_code 流水号- 注册证编号=registration 注册备案证号=registration 单件产品名称=product_name 耗材企业=manufacturer 规格=spec 折算系数=strength_factor
agreed_volumes | 地区=area 城市=area 区县=area 品种=variety 规格- 首年约定采购量（万片/万支/万袋）=agreed_volume
agreed_volumes | 填报单位=institution_name 品种名称=variety 制剂规格- 生产企业- 历史中选药品- 单位=unit 2023年历史采购量- 2024年历史采购量- 填报需求量=reported_volume
agreed_volumes | 集采批次=batch 规格- 中选厂家- 中选价格- 年度任务量=agreed_volume 本期采购量- 累计采购量- 完成率- 中选标识- 科室消耗量- 未完成原因-
agreed_volumes | 批次签约总量=agreed_volume 已入库总量- 执行进度- 序时进度- 配送率-
purchases      | 序号- 药品编码=product_code 药品名称=product_name 生产厂家=manufacturer 供货商=distributor 规格=spec 数量=quantity 单位=unit 进价=unit_price 批准文号=registration 平台产品编号=product_code
purchases      | 组织机构代码- 医疗机构代码=institution_code 省级行政区划代码- YPID=product_code 院内药品唯一码- 省级药品集中采购平台药品编码=product_code 产品名称=product_name 入库日期=bought_on 入库数量（最小销售包装单位）=quantity 入库数量（最小制剂单位）=quantity 入库总金额（元）=amount 入库价格=unit_price
purchases      | 医保码=product_code C码=product_code 产品名称=product_name 医院采购价=unit_price 入库量=quantity 药品类别=category 药品/耗材=category 注册证号=registration 生产厂家=manufacturer 厂家=manufacturer
institutions   | 机构编码=code 机构名称=name 类别=kind 等级=level 区县=district 所有制=ownership 所属连锁=chain 上级机构编码=parent_code 组织机构代码- 行政区划代码-
assessments    | 机构编码=institution_code 批次=batch 协议年度=agreement_year 考核得分=score
payment_ratios | 支付比例=ratio 机构编码=institution_code 批次=batch 起始日期=from_date
sharing        | 序号- 机构名称=institution_name 年度=year 付费方式=scheme 签约人数=enrolled_persons 总额指标（万元）=budget_amount 统筹基金支出（万元）=spending_amount 结余- 备注-
"""
"""Heading rows of published lists, platforms and hospitals; `-` is of no use to us."""


def real_rows() -> list[tuple[str, list[tuple[str, str]]]]:
    lines = [line.split(" | ") for line in REAL.strip().splitlines()]
    return [(kind.strip(), [_expected(word) for word in words.split()]) for kind, words in lines]


def _expected(word: str) -> tuple[str, str]:
    heading, _, field = word.partition("=")
    return (heading, field) if field else (word.removesuffix("-"), IGNORED)


@pytest.mark.parametrize(("kind", "row"), real_rows())
def test_real_headings_are_known_or_known_to_be_of_no_use(kind, row):
    assert [(heading, getattr(match(kind, heading), "field", None)) for heading, _ in row] == row


@pytest.mark.parametrize(("kind", "row"), real_rows())
def test_of_several_columns_in_a_real_row_one_wins(kind, row):
    for name, field in source(kind).fields.items():
        columns = [heading for heading, known in row if known == name]
        assert not columns or field.winner(columns) is not None, columns


def test_a_platform_code_goes_before_the_drug_id_of_the_health_office():
    codes = ["YPID", "省级药品集中采购平台药品编码"]
    assert source("purchases").fields["product_code"].winner(codes) == 1


def test_what_may_be_a_unit_or_an_institution_is_told_by_its_cells():
    volumes = "采购单位 | 批次 | 品种 | 约定采购量 | 单位\n示例市第一医院 | 七批 | 甲 | 700 | 片"
    known = recognise(("x.xlsx", xlsx(volumes)))
    assert {"institution_name", "unit"} <= set(known.tables[0].columns)
