"""Products without a code: what fits exactly is taken, what is near is proposed, nothing is dropped."""

import pytest

from etl.matching.decisions import MatchRefused, confirm, exact_pairs, proposals, reject, revoke
from etl.undoing import undo
from procurement import figures
from procurement.database import reading
from procurement.filters import Filters
from procurement.queries.matches import outside_totals
from tests.etl.conftest import Load
from tests.etl.reading import asked, codes

HEADING = "机构编码 | 采购日期 | 产品名称 | 规格 | 生产企业 | 数量 | 单位 | 单价\n"
REGISTERED = """
    批次 | 类别 | 品种      | 产品名称     | 产品编码 | 规格             | 转换比 | 最小单位 | 生产企业             | 集采前价格 | 中选价 | 执行日期   | 截止日期
    九批 | 药品 | 丙口服常释 | 丙丁他汀钙片 | N1     | 20mg*7片*2板/盒  | 14    | 片      | 示例制药（北京）有限公司 | 28       | 5.60  | 2022-01-01 | 2023-12-31
    九批 | 药品 | 丙口服常释 | 丙丁他汀钙片 | N2     | 10mg*7片*2板/盒  | 14    | 片      | 示例制药（北京）有限公司 | 14       | 2.80  | 2022-01-01 | 2023-12-31
    九批 | 药品 | 戊注射液   | 戊己注射液   | N3     | 2ml:0.1g*5支/盒  | 5     | 支      | 深圳示泰药业股份有限公司 | 10       | 2.50  | 2022-01-01 | 2023-12-31
"""


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
