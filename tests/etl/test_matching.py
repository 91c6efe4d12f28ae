"""Products without a code: what fits exactly is taken, what is near is proposed, nothing is dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.likeness import LEAST, LIKELY, score
from etl.matches import MatchRefused, confirm, exact_pairs, proposals, reject, revoke
from etl.product_names import ProductWords, firm_key, name_key, spec_key
from etl.undoing import undo
from procurement import figures
from procurement.database import reading
from procurement.filters import Filters
from procurement.queries.matches import outside_totals
from tests.drawn import table
from tests.etl.conftest import Load
from tests.etl.reading import asked, codes

HEADING = "机构编码 | 采购日期 | 产品名称 | 规格 | 生产企业 | 数量 | 单位 | 单价\n"
REGISTERED = """
    批次 | 类别 | 品种      | 产品名称     | 产品编码 | 规格             | 转换比 | 最小单位 | 生产企业             | 集采前价格 | 中选价 | 执行日期   | 截止日期
    九批 | 药品 | 丙口服常释 | 丙丁他汀钙片 | N1     | 20mg*7片*2板/盒  | 14    | 片      | 示例制药（北京）有限公司 | 28       | 5.60  | 2022-01-01 | 2023-12-31
    九批 | 药品 | 丙口服常释 | 丙丁他汀钙片 | N2     | 10mg*7片*2板/盒  | 14    | 片      | 示例制药（北京）有限公司 | 14       | 2.80  | 2022-01-01 | 2023-12-31
    九批 | 药品 | 戊注射液   | 戊己注射液   | N3     | 2ml:0.1g*5支/盒  | 5     | 支      | 深圳示泰药业股份有限公司 | 10       | 2.50  | 2022-01-01 | 2023-12-31
"""

NAMES = table(
    """
    one                    | other              | same
    -----------------------+--------------------+-----
    ※阿托伐他汀钙片          | 阿托伐他汀钙片       | yes
    (乙10%)阿托伐他汀钙片    | 阿托伐他汀钙片       | yes
    [国基]阿托伐他汀 钙片     | 阿托伐他汀钙片       | yes
    x阿托伐他汀钙片          | 阿托伐他汀钙片       | yes
    阿托伐他汀钙片▲          | 阿托伐他汀钙片       | yes
    Ａ型肉毒毒素             | A型肉毒毒素         | yes
    (R)-氨磺必利            | 氨磺必利            | no
    [14C]尿素胶囊           | 尿素胶囊            | no
    左氧氟沙星片             | 氧氟沙星片          | no
    """
)


@pytest.mark.parametrize("pair", list(NAMES.itertuples(index=False)))
def test_names_are_levelled_of_ornaments_and_nothing_else(pair):
    assert (name_key(pair.one) == name_key(pair.other)) == pair.same


FIRMS = table(
    """
    one                        | other                       | same
    ---------------------------+-----------------------------+-----
    齐鲁制药（海南）有限公司      | 齐鲁制药(海南)有限 公司        | yes
    成都倍特药业有限公司          | 成都倍特药业股份有限公司        | yes
    成都康弘药业集团股份有限      | 成都康弘药业集团股份有限公司    | yes
    扬子江药业（集团）有限公司     | 扬子江药业集团有限公司          | yes
    宁夏康亚药业有限责任公司       | 宁夏康亚药业有限公司           | yes
    齐鲁制药（海南）有限公司      | 齐鲁制药有限公司              | no
    深圳信立泰药业股份有限公司     | 信立泰                       | no
    扬子江药业集团有限公司        | 扬子江药业集团南京海陵药业有限公司 | no
    辉瑞制药（大连）有限公司       | 辉瑞制药有限公司              | no
    """
)


@pytest.mark.parametrize("pair", list(FIRMS.itertuples(index=False)))
def test_a_firm_is_the_same_without_its_legal_form_only(pair):
    assert (firm_key(pair.one) == firm_key(pair.other)) == pair.same


SPECS = table(
    """
    one                       | other                | same
    --------------------------+----------------------+-----
    20mg*7片*2板/盒            | 0.02g×14片/盒        | yes
    5ml:5mg（0.1%）            | 5mg：5ml             | yes
    0.25g(以阿莫西林计)*24粒    | 250MG*24粒           | yes
    3ml:300单位*1支/盒         | 3ml:300IU*1支        | yes
    1万单位*10支               | 10000u*10支          | yes
    500ug                     | 0.5mg                | yes
    20mg*7片                  | 20mg*14片            | no
    20mg*7片                  | 10mg*7片             | no
    20mg                      | 20mg*7片             | no
    3.0*18                    | 3.0*28               | no
    100ml(0.9%)               | 100ml(10%)           | no
    """
)


@pytest.mark.parametrize("pair", list(SPECS.itertuples(index=False)))
def test_a_spec_is_its_dose_and_the_units_in_a_pack(pair):
    assert (spec_key(pair.one) == spec_key(pair.other)) == pair.same


DISGUISES = {
    "name": ["{}", "※{}", "▲ {}", "(乙10%){}", "[国基]{}▲", " {}"],
    "firm": ["{}有限公司", "{}股份有限 公司", "{}有限责任公司", "{}"],
    "spec": [
        "{mg}mg*{blister}片*{blisters}板/盒",
        "{g}g×{units}片/盒",
        "{ug}ug*{units}片",
        "{mg}ＭＧ*{units}片",
    ],
}


@given(
    st.sampled_from(["阿托伐他汀钙片", "(R)-氨磺必利片", "A型肉毒毒素片"]),
    st.sampled_from(["齐鲁制药（海南）", "扬子江药业(集团)", "信立泰"]),
    st.sampled_from([1, 5, 20, 125, 500]),
    st.sampled_from([(7, 2), (10, 1), (14, 3)]),
    st.data(),
)
def test_the_same_product_has_one_key_however_it_is_typed(name, firm, mg, pack, data):
    amounts = {"mg": mg, "g": f"{mg / 1000:g}", "ug": mg * 1000, "blister": pack[0], "blisters": pack[1]}
    keys = set()
    for _time in range(2):
        said = {part: data.draw(st.sampled_from(ways)) for part, ways in DISGUISES.items()}
        spec = said["spec"].format(units=pack[0] * pack[1], **amounts)
        words = ProductWords(said["name"].format(name), spec, manufacturer=said["firm"].format(firm))
        keys.add(words.key)
    assert len(keys) == 1


LIKENESS = table(
    """
    one                    | spec     | firm                   | other                    | other_spec | other_firm             | verdict
    -----------------------+----------+------------------------+--------------------------+------------+------------------------+--------
    阿托伐他汀钙片            | 20mg*7片 | 深圳信立泰药业股份有限公司  | 阿托伐他汀钙片              | 20mg*7片   | 深圳信立泰药业有限公司     | exact
    阿托伐他汀钙片            | 20mg*7片 | 深圳信立泰药业股份有限公司  | 阿托伐他汀钙片              | 20mg*7片   | 信立泰                  | likely
    阿托伐他汀钙片            | 20mg*7片 | 深圳信立泰药业股份有限公司  | 阿托伐他汀口服常释剂型        | 20mg       | 深圳信立泰药业股份有限公司  | likely
    阿莫西林                 | 0.25g*24粒 | 华北制药              | 阿莫西林胶囊                | 0.25g*24粒 | 华北制药股份有限公司       | likely
    阿托伐他汀钙片            | 20mg*7片 | 甲制药                 | 阿托伐他汀钙片              | 10mg*7片   | 甲制药                  | open
    阿托伐他汀钙片            | 20mg*7片 | 甲制药                 | 阿托伐他丁钙片              | 20mg*7片   | 甲制药                  | open
    头孢呋辛酯片              | 0.25g*12片 | 甲制药               | 头孢呋辛钠片                | 0.25g*12片 | 甲制药                  | open
    硝苯地平控释片            | 30mg*7片 | 拜耳                   | 硝苯地平片                 | 30mg*7片   | 拜耳                    | open
    阿托伐他汀钙片            | 20mg*7片 | 甲制药                 | 阿托伐他汀钙胶囊            | 20mg*7粒   | 甲制药                  | never
    阿托伐他汀钙片            | 20mg*7片 | 甲制药                 | 阿托伐他汀钙片              | 20mg*14片  | 甲制药                  | never
    阿托伐他汀钙片            | 20mg*7片 | 齐鲁制药有限公司         | 阿托伐他汀钙片              | 20mg*7片   | 乐普制药科技有限公司       | never
    阿托伐他汀钙片            | 20mg*7片 | 甲制药                 | 瑞舒伐他汀钙片              | 20mg*7片   | 甲制药                  | never
    左氧氟沙星片              | 0.5g*7片 | 甲制药                 | 氧氟沙星片                 | 0.5g*7片   | 甲制药                  | never
    奥美拉唑肠溶片            | 20mg*7片 | 甲制药                 | 艾司奥美拉唑肠溶片           | 20mg*7片   | 甲制药                  | never
    氯化钾注射液              | 10ml:1g*5支 | 甲制药              | 氯化钠注射液                | 10ml:1g*5支 | 甲制药                 | never
    """
)


@pytest.mark.parametrize("pair", list(LIKENESS.itertuples(index=False)))
def test_likeness_tells_the_same_product_from_another_one(pair):
    one = ProductWords(pair.one, pair.spec, manufacturer=pair.firm)
    other = ProductWords(pair.other, pair.other_spec, manufacturer=pair.other_firm)
    points = score(one, other)
    low, high = {"exact": (1, 1), "likely": (LIKELY, 0.99), "open": (LEAST, LIKELY), "never": (0, 0)}[
        pair.verdict
    ]
    assert low <= points <= high and (points != LIKELY or pair.verdict == "likely"), points
    assert score(other, one) == points


@pytest.fixture
def listed(load: Load) -> Load:
    assert load(REGISTERED, "九批.xlsx").status == "loaded"
    return load


def bought(*lines: str) -> str:
    return HEADING + "\n".join(f"H001 | 2022-03-{at + 10} | {line}" for at, line in enumerate(lines))


EXACT = "※(乙10%)丙丁他汀钙片 | 0.02g×14片/盒 | 示例制药(北京)有限 公司 | 10 | 盒 | 5.60"
NEAR = "戊己注射液 | 0.1g:2ml*5支 | 示泰 | 10 | 盒 | 12.50"
ALONE = "己庚颗粒 | 3g*10袋 | 无名药厂 | 10 | 盒 | 20"


def lines_of(engine) -> list[tuple]:
    return asked(
        engine,
        """select product.code, product.is_provisional, purchase.base_units, purchase.paid_amount
           from purchase join product on product.id = purchase.product_id order by purchase.bought_on""",
    )


def test_an_exact_match_is_taken_and_told(listed, city):
    report = listed(bought(EXACT))
    assert lines_of(city) == [("N1", 0, 140, 560_000)]
    assert "matched-without-code" in codes(report) and "outside-catalogue" not in codes(report)


def test_near_and_unknown_products_are_loaded_outside_the_catalogue(listed, city):
    report = listed(bought(NEAR, ALONE))
    assert [(line[1], line[2]) for line in lines_of(city)] == [(1, 50), (1, 100)]
    told = next(problem for problem in report.problems if problem.kind.code == "outside-catalogue")
    assert told.params == {"lines": 2, "products": 2, "amount": "325.00"}
    with reading(city) as connection:
        assert outside_totals(connection)["amount"] == 3_250_000


def test_the_same_words_get_the_same_provisional_product(listed, city):
    listed(bought(ALONE))
    report = listed(
        "机构编码 | 采购日期 | 产品名称 | 规格 | 生产企业 | 数量 | 单位 | 单价\n"
        "H002 | 2022-05-01 | 己庚颗粒▲ | 3g×10袋 | 无名 药厂 | 1 | 盒 | 20"
    )
    assert len({line[0] for line in lines_of(city)}) == 1
    told = next(problem for problem in report.problems if problem.kind.code == "matched-without-code")
    assert told.params["provisional"] == 1


def test_a_registration_number_with_the_pack_finds_the_product(listed, city):
    listed(
        REGISTERED.replace("| 执行日期 ", "| 批准文号 | 执行日期 ").replace(
            "| 2022-01-01", "| 国药准字H20223344 | 2022-01-01"
        ),
        "九批新.xlsx",
    )
    report = listed(
        "机构编码 | 采购日期 | 产品名称 | 规格 | 批准文号 | 数量 | 单位 | 单价\n"
        "H001 | 2022-03-10 | 丙丁他汀 | 10mg*14片/盒 | 批准文号：国药准字H20223344 | 10 | 盒 | 2.8"
    )
    assert [line[0] for line in lines_of(city)] == ["N2"], codes(report)


def test_two_products_that_fit_are_never_chosen_between(listed, city):
    second = REGISTERED.replace("N1", "N9").splitlines()
    listed("\n".join([second[1], second[2].replace("九批", "十批")]), "十批.xlsx")
    listed(bought(EXACT))
    assert lines_of(city)[0][1] == 1


def test_a_row_with_neither_code_nor_name_is_reported(load):
    report = load(
        "机构编码 | 采购日期 | 产品编码 | 产品名称 | 数量 | 单位 | 单价\nH001 | 2022-03-10 | | | 1 | 盒 | 5.6"
    )
    assert codes(report) == ["empty-cell"]


def test_an_unreadable_code_is_never_replaced_by_the_name(listed, city):
    report = listed(
        "机构编码 | 采购日期 | 产品编码 | 产品名称 | 规格 | 生产企业 | 数量 | 单位 | 单价\n"
        "H001 | 2022-03-10 | '8.69E+13 | 丙丁他汀钙片 | 20mg*14片 | 示例制药(北京)有限公司 | 1 | 盒 | 5.6"
    )
    assert codes(report) == ["code-lost-digits"]


def test_an_unknown_code_is_kept_and_the_product_alike_is_told(listed, city):
    report = listed(
        "机构编码 | 采购日期 | 产品编码 | 产品名称 | 规格 | 生产企业 | 数量 | 单位 | 单价\n"
        "H001 | 2022-03-10 | N7 | 丙丁他汀钙片 | 20mg*14片 | 示例制药(北京)有限公司 | 1 | 盒 | 5.6"
    )
    assert codes(report) == ["code-unknown-but-alike"]
    assert report.problems[0].params["other"] == "N1"
    assert lines_of(city)[0][0] == "N7"


def proposed(engine, filters: Filters = Filters()):
    with reading(engine) as connection:
        return proposals(connection, filters)


def test_a_near_product_is_proposed_with_what_differs(listed, city):
    listed(bought(NEAR, ALONE))
    found = proposed(city).set_index("provisional_name")
    assert found.loc["戊己注射液", "product_code"] == "N3"
    assert found.loc["戊己注射液", "match_differs"] == "企业写法不同"
    assert found.loc["己庚颗粒", ["product_code", "match_score"]].isna().all()
    assert found.loc["己庚颗粒", "paid_amount"] == 2_000_000


def test_a_rejected_pair_is_not_proposed_again_until_it_is_revoked(listed, city):
    listed(bought(NEAR))
    code = proposed(city)["provisional_code"].iloc[0]
    reject(city, [(code, "N3")], by="test")
    assert proposed(city)["product_code"].isna().all()
    revoke(city, [(code, "N3")], by="test")
    assert proposed(city)["product_code"].iloc[0] == "N3"


def test_a_confirmed_pair_is_an_alias_for_later_files(listed, city):
    listed(bought(NEAR))
    code = proposed(city)["provisional_code"].iloc[0]
    confirm(city, [(code, "N3")], by="test")
    report = listed(bought(NEAR).replace("2022-03", "2022-04"))
    assert "outside-catalogue" not in codes(report)
    grain = asked(
        city,
        """select product.code, sum(lines), sum(base_units) from monthly_purchase
           join product on product.id = monthly_purchase.product_id group by product.code""",
    )
    assert grain == [("N3", 2, 100)]


def test_a_twin_with_a_code_that_comes_later_is_proposed_as_exact(load, city):
    load(bought(EXACT))
    assert load(REGISTERED, "九批.xlsx").status == "loaded"
    assert lines_of(city)[0][1] == 1
    found = proposed(city)
    assert list(found["match_score"])[0] == 1_000_000
    assert [pair[1] for pair in exact_pairs(found)] == ["N1"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("戊己注射液 | 0.1g:2ml*2支 | 示泰 | 10 | 盒 | 5", "N3"),  # 2 in a pack, not 5
        (NEAR, "N404"),
    ],
)
def test_a_wrong_match_is_refused_with_a_sentence(listed, city, line, code):
    listed(bought(line))
    own = lines_of(city)[0][0]
    with pytest.raises(MatchRefused, match="。"):
        confirm(city, [(own, code)], by="test")
    assert asked(city, "select count(*) from product_match") == [(0,)]


def test_only_a_provisional_product_can_be_joined_and_only_once(listed, city):
    listed(bought(NEAR, ALONE))
    own, other = (line[0] for line in lines_of(city))
    for pair in (("N1", "N2"), (own, other)):
        with pytest.raises(MatchRefused):
            confirm(city, [pair], by="test")
    confirm(city, [(own, "N3")], by="test")
    with pytest.raises(MatchRefused):
        confirm(city, [(own, "N1")], by="test")


def test_a_restricted_reader_sees_only_what_institutions_within_the_scope_bought(listed, city):
    listed(bought(NEAR, ALONE))
    listed(bought(NEAR).replace("H001", "H002"), "二院.xlsx")
    found = proposed(city, Filters(scope=("H002",)))
    assert list(found["provisional_name"]) == ["戊己注射液"]
    assert list(found["lines"]) == [1]


def test_no_line_is_dropped_whatever_it_says_of_its_product(listed, city):
    said = [
        "| " + EXACT,
        "| " + NEAR,
        "| " + ALONE,
        "N3 | " + NEAR,
        "N404 | " + ALONE,
        "| 壬癸片 | | | 3 | 盒 | 7",
    ]
    lines = "\n".join(f"H001 | 2022-03-{at + 10} | {line}" for at, line in enumerate(said))
    report = listed(HEADING.replace("产品名称", "产品编码 | 通用名") + lines)
    assert (report.status, report.rows) == ("loaded", len(said))
    # 10 × (5.60 + 12.50 + 20 + 12.50 + 20) + 3 × 7
    assert sum(line[3] for line in lines_of(city)) == 7_270_000
    assert [line[0] for line in lines_of(city) if not line[1]] == ["N1", "N3", "N404"]


NO_PACK = "戊己注射液 | 2ml:0.1g | 深圳示泰药业股份有限公司 | {} | 盒 | 12.50"


def test_lines_that_an_undo_brings_back_have_the_pack_that_was_lent_meanwhile(listed, city):
    listed(bought(NO_PACK.format(10)))
    own = lines_of(city)[0][0]
    later = listed(bought(NO_PACK.format(12)), mode="replace")
    confirm(city, [(own, "N3")], by="test")
    assert [line[2] for line in lines_of(city)] == [60]
    assert undo(city, later.import_id, by="test").status == "undone"
    assert [line[2] for line in lines_of(city)] == [50]
    revoke(city, [(own, "N3")], by="test")
    assert [line[2] for line in lines_of(city)] == [None]


def test_a_decision_outlives_the_undo_of_a_file_that_named_the_product(listed, city):
    listed(bought(NEAR))
    own = lines_of(city)[0][0]
    heading = HEADING.replace("生产企业", "生产企业 | 批准文号")
    line = NEAR.replace("示泰", "示泰 | 国药准字H20225566")
    later = listed(f"{heading}H002 | 2022-04-10 | {line}")
    assert own == lines_of(city)[1][0]
    confirm(city, [(own, "N3")], by="test")
    assert undo(city, later.import_id, by="test").status == "undone"
    assert asked(city, f"select registration, merged_into is null from product where code = '{own}'") == [
        (None, 0)
    ]


def test_a_volume_may_be_agreed_under_the_code_of_a_product_that_a_list_names_without_one(load, city):
    published = REGISTERED.replace("| 产品编码 ", "").replace("| N1     ", "").replace("| N2     ", "")
    assert load(published.replace("| N3     ", ""), "九批.xlsx").status == "loaded"
    coded = "H001 | 2022-03-10 | Z1 | 丙丁他汀钙片 | 20mg*14片 | 示例制药(北京)有限公司 | 1 | 盒 | 5.6"
    load(HEADING.replace("产品名称", "产品编码 | 产品名称") + coded)
    confirm(city, exact_pairs(proposed(city)), by="test")
    volume = (
        "机构编码|批次|品种|产品编码|协议年度|报量|约定采购量|单位\nH001|九批|丙口服常释|Z1|1|1000|700|片"
    )
    assert load(volume, "约定.xlsx").status == "loaded"
    with reading(city) as connection:
        rows = figures.completion(connection)
    assert list(rows["bought_equivalent"]) == [14_000_000]
