"""How a file stands to what is there: new, changed, unchanged, withdrawn, by each mode."""

import pytest
from sqlalchemy import Engine, text

from procurement.database import reading
from tests.etl.conftest import Load
from tests.etl.reading import codes

HEAD = "机构编码|采购日期|产品编码|数量(盒)|单价|发票号\n"


def book(*rows: str) -> str:
    return HEAD + "\n".join(rows)


def told(report) -> tuple[int, int, int, int]:
    preview = report.preview
    return preview.new, preview.changed, preview.unchanged, preview.withdrawn


def live(engine: Engine) -> list[tuple]:
    query = """select i.code, cast(l.bought_on as varchar), p.code, l.quantity / 10000, l.import_id from purchase l
        join institution i on i.id = l.institution_id join product p on p.id = l.product_id order by 1, 2, 3, 4"""
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


MARCH = book("H001|2022-03-01|A1|10|5.6|1", "H001|2022-03-15|A1|20|5.6|2", "H001|2022-03-20|B1|4|12.5|3")

# What comes after MARCH is loaded (import 3; 1 and 2 are the lists), by mode: (new, changed, unchanged, withdrawn)
STANDINGS = [
    # the 15th corrected from 20 to 25, the 20th gone, the 25th new
    ("replace", ["H001|2022-03-01|A1|10|5.6|1", "H001|2022-03-15|A1|25|5.6|2", "H001|2022-03-25|B1|1|12.5|4"], (1, 1, 1, 1)),
    ("update", ["H001|2022-03-01|A1|10|5.6|1", "H001|2022-03-15|A1|25|5.6|2", "H001|2022-03-25|B1|1|12.5|4"], (1, 1, 1, 0)),
    ("add", ["H001|2022-03-15|A1|25|5.6|2", "H001|2022-03-25|B1|1|12.5|4"], (2, 0, 0, 0)),
    # another month, another institution, another category: nothing of MARCH is touched
    ("replace", ["H001|2022-04-01|A1|10|5.6|1"], (1, 0, 0, 0)),
    ("replace", ["H002|2022-03-01|A1|10|5.6|1"], (1, 0, 0, 0)),
    ("replace", ["H001|2022-03-01|C1|1|590|9"], (1, 0, 0, 0)),
    # drugs and consumables in one file: the whole month
    ("replace", ["H001|2022-03-01|C1|1|590|9", "H001|2022-03-01|A1|10|5.6|1"], (1, 0, 1, 2)),
    # two equal lines are two purchases: one of them is there
    ("replace", ["H001|2022-03-01|A1|10|5.6|1", "H001|2022-03-01|A1|10|5.6|1"], (1, 0, 1, 2)),
    # the invoice is part of what update goes by, not of what makes a line the changed one
    ("update", ["H001|2022-03-01|A1|10|5.6|7"], (1, 0, 0, 0)),
    ("replace", ["H001|2022-03-01|A1|10|5.6|7"], (0, 1, 0, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "rows", "expected"), STANDINGS)
def test_how_a_file_stands_to_what_is_there(city, load: Load, mode, rows, expected):
    assert told(load(MARCH)) == (3, 0, 0, 0)
    checked = load(book(*rows), mode=mode, dry_run=True)
    assert (checked.status, told(checked)) == ("checked", expected)
    assert len(live(city)) == 3  # nothing is written by looking
    report = load(book(*rows), mode=mode)
    assert (report.status, told(report)) == ("loaded", expected)
    new, changed, unchanged, withdrawn = expected
    lines = live(city)
    assert len(lines) == 3 + new - withdrawn
    assert sum(line[-1] == report.import_id for line in lines) == new + changed
    assert new + changed + unchanged == len(rows)


def test_unchanged_lines_keep_the_file_they_came_from(city, load: Load):
    first = load(MARCH)
    second = load(MARCH.replace("|4|12.5|3", "|5|12.5|3"))
    assert [line[-1] for line in live(city)] == [first.import_id, first.import_id, second.import_id]


def test_withdrawn_lines_are_kept_and_told_with_their_amount(city, load: Load):
    load(MARCH)
    report = load(book("H001|2022-03-01|A1|10|5.6|1"))
    # 20 boxes × 5.60 + 4 boxes × 12.50 = 112.00 + 50.00 = 162.00
    assert [p.params["amount"] for p in report.problems if p.kind.code == "lines-withdrawn"] == ["162.00"]
    with reading(city) as connection:
        kept = connection.execute(
            text("select count(*), sum(paid_amount), min(withdrawn_by) from withdrawn_purchase")
        )
        assert tuple(kept.one()) == (2, 1_620_000, report.import_id)


def test_a_file_that_says_what_is_there_is_unchanged_whatever_its_form(city, load: Load):
    load(MARCH)
    again = load(MARCH.replace("2022-03-01", "2022年3月1日").replace("5.6", "5.60") + "\n合计| | |34| | ")
    assert again.status == "unchanged"
    assert (
        load(
            "机构编码,采购日期,产品编码,采购数量(盒),采购单价,发票号\n".replace(",", "|")
            + "\n".join(MARCH.splitlines()[1:])
        ).status
        == "unchanged"
    )


def test_content_that_was_replaced_meanwhile_is_loaded_again(city, load: Load):
    load(MARCH)
    load(MARCH.replace("|4|12.5|3", "|5|12.5|3"))
    report = load(MARCH)
    assert (report.status, told(report)) == ("loaded", (0, 1, 2, 0))
    assert load(MARCH).status == "unchanged"


def test_parts_of_a_month_that_were_added_are_unchanged_when_they_come_again(city, load: Load):
    """Looking through the same folder again must not let one part withdraw the other."""
    other = book("H001|2022-03-28|A1|7|5.6|8")
    load(MARCH)
    load(other, mode="add")
    assert [load(MARCH).status, load(other).status] == ["unchanged"] * 2
    assert len(live(city)) == 4


def test_two_files_for_the_same_months_in_one_go_are_not_taken_for_a_correction(city, load: Load):
    from etl.importing import import_files
    from tests.etl.books import xlsx

    files = [("上旬.xlsx", xlsx(MARCH)), ("下旬.xlsx", xlsx(book("H001|2022-03-28|A1|7|5.6|8")))]
    reports = import_files(city, files)
    assert [r.status for r in reports] == ["loaded", "problems"]
    assert codes(reports[1]) == ["covered-in-same-go"]
    assert [r.status for r in import_files(city, files, mode="add")] == ["unchanged", "loaded"]


def test_lines_of_unknown_category_are_left_alone_and_said(city, load: Load):
    """院内码 without a word of what it is: a file of drugs alone does not know whether it covers it."""
    load(book("H001|2022-03-02|Y0001|1|9|1", "H001|2022-03-01|A1|10|5.6|1", "H001|2022-03-01|C1|1|590|9"))
    report = load(book("H001|2022-03-01|A1|11|5.6|1"))
    assert told(report) == (0, 1, 0, 0)
    assert "category-unknown-kept" in codes(report)


def test_a_code_or_a_heading_tells_the_category(city, load: Load):
    load(book("H001|2022-03-02|C1402020000000005977|1|9|1"))
    drugs = "机构编码|采购日期|药品编码|药品名称|数量(盒)|单价\nH001|2022-03-02|Y0002|某片|1|9"
    assert told(load(drugs)) == (1, 0, 0, 0)
    assert told(load(drugs.replace("|1|9", "|2|9"))) == (0, 1, 0, 0)


# 5.60 a box; told from 100 000 yuan and ten times the month before
JUMPS = [
    (2_000, 19_999, False),  # 11 200 → 111 994.40: 9.9995 times
    (2_000, 20_000, True),  # 112 000: 10 times
    (100, 17_857, False),  # 560 → 99 999.20: 178 times of little
    (100, 17_858, True),  # 100 004.80
]


@pytest.mark.parametrize(("february", "march", "is_told"), JUMPS)
def test_a_month_many_times_the_one_before_is_said(load: Load, february, march, is_told):
    load(book(f"H001|2022-02-01|A1|{february}|5.6|1"))
    report = load(book(f"H001|2022-03-01|A1|{march}|5.6|1"))
    assert ("amount-jump" in codes(report)) == is_told


def test_a_jump_is_said_with_both_months(load: Load):
    load(book("H001|2022-02-01|A1|10|5.6|1"))
    report = load(book("H001|2022-03-01|A1|20000|5.6|1"))
    jump = next(p for p in report.problems if p.kind.code == "amount-jump")
    # 10 boxes × 5.60 = 56.00; 20 000 × 5.60 = 112 000.00
    assert "112,000.00" in jump.message and "56.00" in jump.message and "2022-02" in jump.message
    assert jump.params["times"] == "2000"


def test_the_preview_tells_each_month_before_and_after(load: Load):
    load(MARCH)
    report = load(book("H001|2022-03-01|A1|10|5.6|1", "H001|2022-03-15|A1|25|5.6|2"), dry_run=True)
    # A1: 14 片 a box, baseline 2.00, awarded 0.40. Before: 30 boxes of A1 and 4 of B1 (5 支, 10.00 → 2.50)
    #   420 片 + 20 支; 168.00 + 50.00 = 218.00; saving 420 × 1.60 + 20 × 7.50 = 672 + 150 = 822.00
    # After: 35 boxes: 490 片; 196.00; 490 × 1.60 = 784.00
    (month,) = report.preview.months
    assert month.as_dict() == {
        "month": "2022-03",
        "base_units_before": 440,
        "base_units_after": 490,
        "amount_before": "218.00",
        "amount_after": "196.00",
        "saving_before": "822.00",
        "saving_after": "784.00",
    }


def test_a_preview_older_than_the_data_is_refused(city, load: Load):
    seen = load(MARCH, dry_run=True)
    load(book("H001|2022-02-01|A1|10|5.6|1"))
    late = load(MARCH, expected_version=seen.data_version)
    assert (late.status, codes(late)) == ("problems", ["preview-outdated"])
    assert len(live(city)) == 1
    seen = load(MARCH, dry_run=True)
    load("机构编码|批次|协议年度|考核得分\nH001|七批|1|92")
    assert codes(load(MARCH, expected_version=seen.data_version)) == ["preview-outdated"]
    seen = load(MARCH, dry_run=True)
    assert load(MARCH, expected_version=seen.data_version).status == "loaded"


def test_another_hospitals_upload_does_not_make_a_preview_old(load: Load):
    """On the last day of a month everybody uploads at once."""
    seen = load(MARCH, dry_run=True)
    load(book("H002|2022-03-01|A1|10|5.6|1"))
    assert load(MARCH, expected_version=seen.data_version).status == "loaded"


def test_files_of_one_call_do_not_make_each_others_preview_old(city):
    from etl.importing import import_files
    from tests.etl.books import xlsx

    files = [(f"{who}.xlsx", xlsx(book(f"{who}|2022-03-01|A1|10|5.6|1"))) for who in ("H001", "H002")]
    seen = import_files(city, files, dry_run=True)
    done = import_files(city, files, expected_version=seen[0].data_version)
    assert [report.status for report in done] == ["loaded", "loaded"]


def test_a_newer_list_shows_what_it_changes(load: Load):
    newer = """
    批次   | 类别 | 品种        | 产品编码 | 规格               | 转换比 | 最小单位 | 生产企业 | 集采前价格 | 中选价 | 计价单位 | 执行日期     | 截止日期
    七批   | 药品 | 甲口服常释   | A1     | 20mg*7片*2板/盒    | 14    | 片      | 甲厂    | 28        | 4.20  | 盒      | 2022-01-01 | 2023-12-31
    七批   | 药品 | 丙胶囊      | D1     | 0.25g*24粒/盒      | 24    | 粒      | 戊厂    | 24        | 2.40  | 盒      | 2022-01-01 | 2023-12-31
    """
    load(MARCH)
    report = load(newer, dry_run=True)
    assert told(report) == (1, 1, 0, 0)
    price = [d for d in report.preview.differences if d.column == "awarded_unit_price"]
    # 5.60 ÷ 14 = 0.40; 4.20 ÷ 14 = 0.30
    assert [(d.change, d.table, d.before, d.after) for d in price] == [("changed", "listing", "0.40", "0.30")]
    assert "A1" in price[0].row
    assert load(newer).status == "loaded"
    assert load(newer).status == "unchanged"
