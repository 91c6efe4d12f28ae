"""An import taken back leaves the ledger as it was, and nothing goes that something later builds on."""

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from etl.importing import import_files
from etl.undoing import undo
from procurement.database import open_database, reading
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS, Load
from tests.etl.images import difference, image
from tests.etl.test_modes import MARCH, book

VOLUMES = "机构编码|批次|品种|产品编码|协议年度|报量|约定采购量|单位\nH001|七批|甲口服常释|A1|1|100000|{}|片"
NEWER = """
    批次   | 类别 | 品种        | 产品编码 | 规格               | 转换比 | 最小单位 | 生产企业 | 集采前价格 | 中选价 | 计价单位 | 执行日期     | 截止日期
    七批   | 药品 | 甲口服常释   | A1     | 20mg*10片*2板/盒   | 20    | 片      | 甲厂    | 28        | 4.20  | 盒      | 2022-01-01 | 2023-12-31
    七批   | 药品 | 丙胶囊      | D1     | 0.25g*24粒/盒      | 24    | 粒      | 戊厂    | 24        | 2.40  | 盒      | 2022-01-01 | 2024-06-30
"""
RENAMED = """
    批次   | 类别 | 品种        | 产品编码 | 规格               | 转换比 | 最小单位 | 生产企业 | 集采前价格 | 中选价 | 计价单位 | 折算系数 | 执行日期     | 截止日期
    七批   | 药品 | 甲片        | A1     | 20mg*7片*2板/盒    | 14    | 片      | 甲厂    | 28        | 5.60  | 盒      | 1      | 2022-01-01 | 2023-12-31
    七批   | 药品 | 甲片        | A2     | 10mg*28片/盒       | 28    | 片      | 乙厂    | 1.20      | 0.15  | 片      | 0.5    | 2022-01-01 | 2023-12-31
"""

# What is taken back, after MARCH and a volume have been loaded
BOOKS = {
    "a corrected month": book("H001|2022-03-01|A1|11|5.6|1"),
    "another month": book("H001|2022-04-01|A1|11|5.6|1", "H001|2022-04-01|Z9|1|2|1"),
    "a newer list, with a new pack size, a new product and a later end": NEWER,
    "a list that names a variety anew": RENAMED,
    "a corrected volume": VOLUMES.format(80000),
    "another institution and a new name": "机构编码 | 机构名称 | 类别\nH001 | 第一人民医院 | 医院\nH003 | 三院 | 医院",
    "substitutes": "批次|品种|产品编码|产品名称|规格|转换比|最小单位|生产企业\n七批|甲口服常释|S1|甲片|20mg*14片/盒|14|片|己厂",
    "scores": "机构编码|批次|协议年度|考核得分\nH001|七批|1|92",
    "ratios": "支付比例|机构编码|批次|起始日期\n70%|H001|七批|2022-01-01",
    "yearly budgets": "机构编码|年度|包干方式|年度预算|实际基金支出\nH001|2022|总额控制|1000|900",
}


@pytest.mark.parametrize("name", BOOKS)
def test_what_is_taken_back_leaves_no_trace(city, load: Load, name):
    load(MARCH)
    load(VOLUMES.format(70000))
    before = image(city)
    report = load(BOOKS[name])
    assert report.status == "loaded", [p.sentence() for p in report.problems]
    assert undo(city, report.import_id, by="甲", dry_run=True).status == "checked"
    done = undo(city, report.import_id, by="甲")
    assert done.status == "undone", done.reasons
    assert difference(before, image(city)) == {}


def test_undo_shows_what_it_does_to_the_money(city, load: Load):
    report = load(MARCH)
    shown = undo(city, report.import_id, by="甲", dry_run=True)
    # 30 boxes × 5.60 + 4 × 12.50 = 218.00
    (month,) = shown.preview.months
    assert (month.amount_before, month.amount_after, shown.preview.withdrawn) == (2_180_000, 0, 3)


def test_undo_tells_of_the_same_months_as_the_import_did(city, load: Load):
    load(MARCH.replace("H001", "H002"))
    report = load(MARCH)
    shown = undo(city, report.import_id, by="甲", dry_run=True)
    (came,), (goes,) = report.preview.months, shown.preview.months
    assert (goes.amount_before, goes.amount_after) == (came.amount_after, came.amount_before)


def test_words_of_products_are_not_counted_as_lines(city, load: Load):
    """The first line of an unknown product tells its words; taken back, only lines are told."""
    load(book("H001|2022-03-01|Z9|1|2|1"))
    named = "机构编码|采购日期|产品编码|产品名称|规格|数量(盒)|单价\nH001|2022-04-01|Z9|癸片|10片/盒|1|2"
    report = load(named)
    preview = undo(city, report.import_id, by="甲", dry_run=True).preview
    assert (preview.new, preview.changed, preview.withdrawn) == (0, 0, 1)


def test_both_stay_in_the_history_with_who_and_when(city, load: Load):
    report = load(MARCH, by="上报员")
    done = undo(city, report.import_id, by="经办人")
    with reading(city) as connection:
        rows = connection.execute(
            text("select id, kind, undoes, imported_by from import where id >= :first order by id"),
            {"first": report.import_id},
        )
        assert [tuple(row) for row in rows] == [
            (report.import_id, "purchases", None, "上报员"),
            (done.undo_id, "undo", report.import_id, "经办人"),
        ]


def test_content_taken_back_can_be_loaded_again(city, load: Load):
    first = load(MARCH)
    undo(city, first.import_id, by="甲")
    again = load(MARCH)
    assert (again.status, again.preview.new) == ("loaded", 3)


def test_nothing_goes_that_a_later_import_builds_on(city, load: Load):
    first = load(MARCH)
    second = load(book("H001|2022-03-01|A1|11|5.6|1"), mode="update")
    refused = undo(city, first.import_id, by="甲")
    assert refused.status == "refused"
    assert str(second.import_id) in refused.reasons[0]
    assert undo(city, second.import_id, by="甲").status == "undone"
    assert undo(city, first.import_id, by="甲").status == "undone"


def test_another_month_category_or_institution_does_not_build_on_it(city, load: Load):
    first = load(MARCH)
    load(book("H001|2022-04-01|A1|11|5.6|1"))
    load(book("H002|2022-03-01|A1|11|5.6|1"))
    load(book("H001|2022-03-01|C1|1|590|1"))
    assert undo(city, first.import_id, by="甲").status == "undone"


def test_a_list_stays_while_volumes_point_to_its_batch(city, load: Load):
    listed = load(NEWER.replace("七批", "八批"))
    volume = load(VOLUMES.format(70000).replace("七批", "八批"))
    assert undo(city, listed.import_id, by="甲").status == "refused"
    assert undo(city, volume.import_id, by="甲").status == "undone"
    assert undo(city, listed.import_id, by="甲").status == "undone"


@pytest.mark.parametrize("number", [99, 0])
def test_an_unknown_number_is_told(city, number):
    refused = undo(city, number, by="甲")
    assert (refused.status, len(refused.reasons)) == ("refused", 1)


def test_an_import_is_taken_back_once_and_an_undo_not_at_all(city, load: Load):
    report = load(MARCH)
    done = undo(city, report.import_id, by="甲")
    assert undo(city, report.import_id, by="甲").status == "refused"
    assert undo(city, done.undo_id, by="甲").status == "refused"


line = st.tuples(
    st.sampled_from(["H001", "H002"]), st.sampled_from(["2022-03-01", "2022-03-15", "2022-04-02"]),
    st.sampled_from(["A1", "B1", "C1"]), st.integers(1, 3), st.sampled_from(["1", "2"]),
)  # fmt: skip
loads = st.tuples(st.sampled_from(["replace", "add", "update"]), st.lists(line, min_size=1, max_size=6))
PRICES = {"A1": "5.6", "B1": "12.5", "C1": "590"}
CATEGORY = {"A1": "drug", "B1": "drug", "C1": "consumable"}


def drawn(lines) -> str:
    return book(*(f"{who}|{day}|{what}|{n}|{PRICES[what]}|{invoice}" for who, day, what, n, invoice in lines))


def expected_after(there: list[tuple], mode: str, coming: list[tuple]) -> list[tuple]:
    """The rule in plain words, line by line."""
    if mode == "add":
        return there + coming if not set(there) & set(coming) else there
    if mode == "replace":
        cells = {(who, day[:7], CATEGORY[what]) for who, day, what, _n, _i in coming}
        stay = [one for one in there if (one[0], one[1][:7], CATEGORY[one[2]]) not in cells]
    else:
        keys = {(who, day, what, invoice) for who, day, what, _n, invoice in coming}
        stay = [one for one in there if (one[0], one[1], one[2], one[4]) not in keys]
    return stay + coming


def live(engine) -> list[tuple]:
    query = """select i.code, cast(l.bought_on as varchar), p.code, l.quantity / 10000, l.invoice from purchase l
        join institution i on i.id = l.institution_id join product p on p.id = l.product_id"""
    with reading(engine) as connection:
        return sorted(tuple(row) for row in connection.execute(text(query)))


def balanced(engine) -> bool:
    """The grain and its roll-ups are the sums of the lines."""
    sums = [
        f"select coalesce(sum(paid_amount), 0), coalesce(sum({n}), 0) from {t}"
        for t, n in (
            ("monthly_purchase", "lines"),
            ("variety_month", "lines"),
            ("institution_month", "lines"),
            ("institution_year", "lines"),
        )
    ]
    with reading(engine) as connection:
        told = {tuple(connection.execute(text(query)).one()) for query in sums}
        lines = tuple(
            connection.execute(text("select coalesce(sum(paid_amount), 0), count(*) from purchase")).one()
        )
    return told == {lines}


@settings(max_examples=15)
@given(steps=st.lists(loads, min_size=1, max_size=4))
def test_any_course_of_loads_follows_the_rule_and_can_be_taken_back(small_city_file, steps, tmp_path_factory):
    path = shutil.copy(small_city_file, tmp_path_factory.mktemp("course") / "city.db")
    engine = open_database(f"sqlite:///{path}")
    images, done, there = [image(engine)], [], []
    for mode, lines in steps:
        (report,) = import_files(engine, [("测试.xlsx", xlsx(drawn(lines)))], mode=mode)
        before, there = there, expected_after(there, mode, lines)
        if report.status == "unchanged":
            there = before
        assert live(engine) == sorted(there), (mode, report.status)
        assert balanced(engine)
        if report.status == "loaded":
            done.append(report.import_id)
            images.append(image(engine))
    for number in reversed(done):
        images.pop()
        assert undo(engine, number, by="甲").status == "undone"
        assert difference(images[-1], image(engine)) == {}
        assert balanced(engine)
    engine.dispose()


def test_the_same_on_postgresql(ledger):
    """A month, its correction and a newer list, loaded and taken back, on each database that we claim to support."""
    import_files(ledger, [("机构.xlsx", xlsx(INSTITUTIONS)), ("中选.xlsx", xlsx(BATCH_LIST))])
    images, done = [], []
    for content in (MARCH, book("H001|2022-03-01|A1|11|5.6|1"), NEWER):
        images.append(image(ledger))
        (report,) = import_files(ledger, [("测试.xlsx", xlsx(content))])
        assert report.status == "loaded", [p.sentence() for p in report.problems]
        done.append(report.import_id)
    assert balanced(ledger)
    for number in reversed(done):
        assert undo(ledger, number, by="甲").status == "undone"
        assert difference(images.pop(), image(ledger)) == {}
    assert balanced(ledger)
