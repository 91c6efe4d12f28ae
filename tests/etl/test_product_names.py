"""How products are written: what is the same however it is typed, and how near another one is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.matching.likeness import LEAST, LIKELY, score
from etl.matching.names import ProductWords, firm_key, name_key, spec_key
from tests.drawn import table

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
