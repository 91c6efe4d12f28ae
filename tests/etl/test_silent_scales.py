"""Figures that were read in the wrong scale, sign or place without a word."""

import pytest

from tests.etl.conftest import Load
from tests.etl.reading import asked, codes, lines

no_grain = pytest.mark.usefixtures("no_grain")

BUY = "机构编码|采购日期|产品编码|数量|单位|单价|金额|{}\nH001|2022-03-15|A1|{}|盒|5.6|{}|{}"
LIST = "批次|类别|品种|产品编码|规格|转换比|最小单位|生产企业|集采前价格|中选价|执行日期|截止日期{}\n"
WON = "八批|药品|{variety}|{code}|20mg|14|片|庚厂|{baseline}|{price}|2022-01-01|2023-12-31"
RATIOS = "支付比例|{}\n70%|{}"


def won(variety: str = "丁片", code: str = "D1", baseline: object = 28, price: object = 5.6) -> str:
    return WON.format(variety=variety, code=code, baseline=baseline, price=price)


@no_grain
@pytest.mark.parametrize(
    ("heading", "says"),
    [
        ("采购类型", "退货"),
        ("业务类型", "采购退货"),
        ("单据类型", "红冲"),
        ("备注", "退库"),
        ("订单状态", "已退货"),
        ("是否退货", "是"),
    ],
)
@pytest.mark.parametrize(("quantity", "amount"), [(10, 56), (10, ""), (10, -56)])
def test_a_return_in_words_is_negative(city, load: Load, heading, says, quantity, amount):
    assert codes(load(BUY.format(heading, quantity, amount, says))) == ["return-negated"]
    assert [(line[4], line[8]) for line in lines(city)] == [(-100_000, -560_000)]


@no_grain
def test_a_return_that_is_negative_already_stays(city, load: Load):
    assert codes(load(BUY.format("业务类型", -10, -56, "采购退货"))) == []
    assert lines(city)[0][4] == -100_000


@no_grain
@pytest.mark.parametrize("says", ["采购入库", "不可退货", "正常", ""])
def test_other_words_are_no_return(city, load: Load, says):
    assert codes(load(BUY.format("备注", 10, 56, says))) == []
    assert lines(city)[0][4] == 100_000


@no_grain
@pytest.mark.parametrize(
    ("heading", "says", "code"),
    [
        ("单据状态", "已作废", "row-void"),
        ("订单状态", "已取消", "row-void"),
        ("单据状态", "撤销", "row-void"),
        ("备注", "含上月退货", "return-unclear"),
        ("退货数量", 2, "returned-beside"),
        ("退货金额", 11.2, "returned-beside"),
    ],
)
def test_void_and_unclear_lines_are_refused(city, load: Load, heading, says, code):
    assert codes(load(BUY.format(heading, 10, 56, says))) == [code]
    assert lines(city) == []


@no_grain
@pytest.mark.parametrize("says", ["", 0])
def test_no_return_beside_is_nothing(load: Load, says):
    assert codes(load(BUY.format("退货数量", 10, 56, says))) == []


@no_grain
def test_a_line_that_becomes_void_is_not_unchanged(load: Load):
    assert load(BUY.format("单据状态", 10, 56, "正常")).status == "loaded"
    assert load(BUY.format("单据状态", 10, 56, "已作废")).status == "problems"


@no_grain
@pytest.mark.parametrize(
    ("heading", "says"),
    [("机构等级", "三级"), ("等级", "二级"), ("险种", "职工"), ("参保类型", "居民"), ("人员类别", "退休")],
)
def test_a_limited_ratio_is_not_the_areas(city, load: Load, heading, says):
    assert codes(load(RATIOS.format(heading, says))) == ["ratio-limited"]
    assert asked(city, "select * from payment_ratio") == []


@no_grain
def test_the_level_of_a_named_institution_limits_nothing(load: Load):
    assert codes(load("支付比例|机构编码|机构等级|险种\n70%|H001|三级|全部")) == []


@no_grain
@pytest.mark.parametrize("heading", ["执行时间", "执行日期", "生效日期", "开始日期"])
def test_the_day_of_a_ratio_has_many_names(city, load: Load, heading):
    load(RATIOS.format(heading, "2022-07-01"))
    assert asked(city, "select from_date from payment_ratio") == [("2022-07-01",)]


@no_grain
@pytest.mark.parametrize(("above", "price"), [("元/片", 0.4), ("元/盒", 5.6), ("片", 0.4)])
def test_the_unit_above_a_list_is_that_of_its_prices(city, load: Load, above, price):
    assert codes(load(f"单位：{above}|||||||||||\n" + LIST.format("") + won(baseline="", price=price))) == []
    found = "select awarded_unit_price from listing join product on product.id = product_id where code = 'D1'"
    assert asked(city, found) == [(400_000,)]


@no_grain
def test_prices_under_ten_thousands_are_not_guessed(load: Load):
    above = "单位：万元|||||||||||\n"
    assert set(codes(load(above + LIST.format("") + won()))) == {"prices-in-ten-thousands"}
    stated = LIST.format("").replace("中选价", "中选价(元)").replace("集采前价格", "集采前价格(元)")
    assert codes(load(above + stated + won())) == []


@no_grain
@pytest.mark.parametrize(
    ("price", "amount", "code"),
    [(0.00056, 0.0056, "price-scaled"), (5.6, 0.0056, None), (5.6, "", "price-in-yuan")],
)
def test_a_price_is_scaled_as_its_amount_is(city, load: Load, price, amount, code):
    head = "单位：万元||||||\n机构编码|采购日期|产品编码|数量|单位|单价|金额\n"
    told = codes(load(head + f"H001|2022-03-15|A1|10|盒|{price}|{amount}"))
    assert [c for c in told if c.startswith("price")] == ([code] if code else [])
    assert lines(city)[0][7:] == (5_600_000, 560_000)


@no_grain
@pytest.mark.parametrize("unit", ["箱", "大盒", "中盒"])
def test_packs_of_packs_are_no_packs(load: Load, unit):
    assert codes(load(BUY.format("税率", 10, 56, "").replace("|盒|", f"|{unit}|"))) == ["unknown-unit"]


@no_grain
@pytest.mark.parametrize(
    ("baseline", "price", "drop", "told"),
    [
        (28, 5.6, "80%", []),
        (28, 5.6, 0.8, []),
        (28, 5.6, 80, []),
        (28, 5.6, "-80.5%", []),
        (28, 5.6, "82%", ["drop-differs"]),
        (2, 5.6, "", ["baseline-below-award"]),
        (2, 5.6, "80%", ["baseline-below-award", "drop-differs"]),
        (28, 0.4, "80%", ["drop-differs"]),
        (5.5, 5.6, "", []),
    ],
)
def test_prices_of_two_units_show(load: Load, baseline, price, drop, told):
    book = LIST.format("|降幅") + won(baseline=baseline, price=price) + f"|{drop}"
    assert codes(load(book)) == told


@no_grain
@pytest.mark.parametrize(("quantity", "unit", "price"), [(1400, "片", 5.6), (100, "盒", 0.4)])
def test_an_amount_shows_a_price_of_another_unit(city, load: Load, quantity, unit, price):
    head = "机构编码|采购日期|产品编码|数量|单位|单价|金额\n"
    report = load(head + f"H001|2022-03-15|A1|{quantity}|{unit}|{price}|560")
    assert codes(report) == ["price-other-unit"]
    assert lines(city)[0][6] == 1400
    assert lines(city)[0][8] == 5_600_000


@no_grain
@pytest.mark.parametrize("heading", ["约定采购量（万元）", "约定采购量(元)"])
def test_money_is_no_volume(load: Load, heading):
    book = f"机构编码|批次|品种|产品编码|{heading}\nH001|七批|甲口服常释|A1|70"
    assert "volume-in-money" in codes(load(book))


def volumes(city) -> list[tuple]:
    return asked(
        city,
        "select variety.name, agreed_units from agreed_volume join variety on variety.id = variety_id order by 1, 2",
    )


def test_a_renamed_variety_takes_its_volumes_along(city, load: Load):
    assert load(LIST.format("") + won("旧名")).status == "loaded"
    assert load("机构编码|批次|品种|约定采购量|单位\nH001|八批|旧名|700|片").status == "loaded"
    assert load("批次|品种|产品编码|规格|转换比\n八批|旧名|S1|10mg|14").status == "loaded"
    bought = "机构编码|采购日期|产品编码|数量|单位|单价\nH001|2022-03-15|D1|10|盒|5.6"
    assert load(bought).status == "loaded"
    report = load(LIST.format("") + won("新名"))
    assert (report.status, codes(report)) == ("loaded", [])
    assert volumes(city) == [("新名", 700)]
    assert asked(city, "select name from variety where name in ('旧名', '新名')") == [("新名",)]
    named = "select distinct name from {} join variety on variety.id = variety_id where name like '%名'"
    assert asked(city, named.format("listing")) == [("新名",)]
    assert asked(city, named.format("monthly_purchase")) == [("新名",)]
    gone = "select count(*) from variety_month where variety_id not in (select id from variety)"
    assert asked(city, gone) == [(0,)]


@no_grain
def test_a_variety_taken_apart_keeps_its_volumes(city, load: Load):
    both = won("旧名") + "\n" + won("旧名", "D2")
    assert load(LIST.format("") + both).status == "loaded"
    assert load("机构编码|批次|品种|约定采购量|单位\nH001|八批|旧名|700|片").status == "loaded"
    apart = LIST.format("") + won("甲名") + "\n" + won("乙名", "D2")
    assert set(codes(load(apart))) == {"variety-split"}
    assert volumes(city) == [("旧名", 700)]


@no_grain
def test_two_volumes_do_not_become_one(city, load: Load):
    assert load(LIST.format("") + won("甲名") + "\n" + won("乙名", "D2")).status == "loaded"
    head = "机构编码|批次|品种|约定采购量|单位\n"
    assert load(head + "H001|八批|甲名|700|片\nH001|八批|乙名|300|片").status == "loaded"
    assert set(codes(load(LIST.format("") + won("新名") + "\n" + won("新名", "D2")))) == {"variety-split"}
    assert volumes(city) == [("乙名", 300), ("甲名", 700)]


@no_grain
def test_a_file_that_is_unchanged_does_not_tell_that_it_is_loaded(load: Load):
    book = "机构编码|采购日期|产品编码|数量|单位|单价\nH001|2022-03-15|A1|10|盒|5.6\nH404|2022-03-15|A1|10|盒|5.6"
    assert load(book, skip_bad_rows=True).status == "loaded"
    again = load(book, skip_bad_rows=True)
    assert (again.status, codes(again)) == ("unchanged", ["unknown-institution"])
