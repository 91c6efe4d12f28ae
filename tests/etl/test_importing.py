"""The front door: one file, one transaction, one report; the same content once."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from etl import waiting
from etl.importing import import_files
from etl.problems import Loudness
from etl.sources import READERS
from procurement import ledger as monthly_ledger
from procurement.database import open_database
from procurement.language import in_language
from tests.etl.books import by_openpyxl, drawn, text_table, xls, xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS, Load
from tests.etl.reading import asked, codes, lines

PURCHASES = """
    机构编码 | 采购日期     | 产品编码 | 数量  | 单位 | 单价  | 金额  | 发票号
    H001    | 2022-03-15  | A1      | 10   | 盒  | 5.6  | 56   | '0012
    H001    | 2022年4月    | A2      | 56   | 片  | 0.15 | 8.4  |
    H002    | 2022-05-01  | Z9      | -2.5 | 盒  | 3    |      |
"""
TABLES = ("import", "institution", "batch", "variety", "product", "listing", "purchase", "monthly_purchase")


def counts(engine: Engine) -> list[int]:
    return [asked(engine, f"select count(*) from {table}")[0][0] for table in TABLES]


def test_the_same_file_twice_changes_nothing_and_says_so(city, load: Load):
    first = load(PURCHASES)
    before = counts(city)
    again = load(PURCHASES, name="另一个名字.xlsx")
    assert (first.status, again.status) == ("loaded", "unchanged")
    assert again.import_id == first.import_id
    assert counts(city) == before


@pytest.mark.parametrize("book", [INSTITUTIONS, BATCH_LIST])
def test_a_list_twice_changes_nothing_either(city, load, book):
    before = counts(city)
    assert load(book).status == "unchanged"
    assert counts(city) == before


@pytest.mark.parametrize(
    "content",
    [
        by_openpyxl(PURCHASES),
        xls(PURCHASES),
        text_table(PURCHASES).encode("gbk"),
        text_table(PURCHASES, "\t").encode("utf-16"),
        xlsx("某市采购明细 | | | | | | |\n | | | | | | | " + PURCHASES),  # a title above
        xlsx([row[::-1] for row in drawn(PURCHASES)]),  # columns in another order
        xlsx([drawn(PURCHASES)[number] for number in (0, 3, 1, 2)]),  # rows in another order
        xlsx(PURCHASES.replace("2022-03-15 ", "@2022-03-15").replace("'0012", "'０0１2")),
    ],
)
@pytest.mark.usefixtures("no_grain")
def test_the_same_content_is_unchanged_whatever_saved_it(load, content):
    assert load(PURCHASES).status == "loaded"
    assert load(content).status == "unchanged"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| 10   | 盒", "| 11   | 盒"),
        ("5.6  | 56 ", "5.61 | 56 "),
        ("数量 ", "数量(盒)"),
        ("2022年4月 ", "2022-04-01"),
        ("H002", "H001"),
        ("'0012", "'0013"),
    ],
)
@pytest.mark.usefixtures("no_grain")
def test_content_that_differs_in_anything_is_not_unchanged(load, old, new):
    assert load(PURCHASES).status == "loaded"
    assert old in PURCHASES
    assert load(PURCHASES.replace(old, new), skip_bad_rows=True).status != "unchanged"


@pytest.mark.usefixtures("no_grain")
def test_the_same_rows_of_another_institution_are_other_content(city, load: Load):
    body = "采购日期 | 产品编码 | 数量 | 单位 | 单价\n2022-03-17 | A1 | 1 | 盒 | 5.60"
    statuses = [load(body, institution=code).status for code in ("H001", "H002", "H001")]
    assert statuses == ["loaded", "loaded", "unchanged"]
    titled = "示例市第一医院采购明细 | | | |\n" + body.replace("17", "18")
    assert [load(titled).status, load(titled.replace("第一", "中医")).status] == ["loaded", "loaded"]


# --- Bad rows ---------------------------------------------------------------------------------------

WITH_BAD_ROWS = (
    PURCHASES
    + "    H001 | 2022-02-30 | A1 | 10 | 盒 | 5.6 | 56 |\n    H001 | 2022-06-01 | A1 | 若干 | 盒 | 5.6 | 11.2 |\n"
)


def test_a_file_with_a_bad_row_is_not_loaded_at_all(city, load: Load):
    before = counts(city)
    report = load(WITH_BAD_ROWS)
    assert (report.status, report.rows, report.skipped_rows, report.import_id) == ("problems", 5, 2, None)
    assert [(p.kind.code, p.cell) for p in report.problems] == [
        ("impossible-date", "B5"),
        ("not-a-number", "D6"),
    ]
    assert counts(city) == before


@pytest.mark.usefixtures("no_grain")
def test_bad_rows_are_left_out_on_request_and_counted_in_yuan(city, load: Load):
    report = load(WITH_BAD_ROWS, skip_bad_rows=True)
    assert (report.status, report.rows, report.skipped_rows) == ("loaded", 3, 2)
    assert report.skipped_amount == 560_000 + 112_000  # 56.00 and the stated 11.20
    assert report.amount == 560_000 + 84_000 - 75_000
    assert asked(city, 'select rows, skipped_rows, skipped_amount from "import" order by id desc')[0] == (
        3,
        2,
        672_000,
    )
    assert len(lines(city)) == 3


@pytest.mark.usefixtures("no_grain")
def test_a_file_loaded_without_its_bad_rows_is_unchanged_too(city, load: Load):
    load(WITH_BAD_ROWS, skip_bad_rows=True)
    assert [load(WITH_BAD_ROWS).status, load(WITH_BAD_ROWS, skip_bad_rows=True).status] == ["unchanged"] * 2
    assert len(lines(city)) == 3


@pytest.mark.usefixtures("no_grain")
def test_rows_left_out_can_be_loaded_once_the_register_knows_them(city, load: Load):
    book = "机构编码|采购日期|产品编码|数量(盒)|单价\nH001|2022-03-15|A1|1|5.6\nH777|2022-03-15|A1|2|5.6"
    assert load(book, skip_bad_rows=True).skipped_rows == 1
    load("机构编码 | 机构名称 | 类别\nH777 | 新医院 | 医院")
    report = load(book)
    assert (report.status, report.preview.new, report.preview.unchanged) == ("loaded", 1, 1)
    assert load(book).status == "unchanged"
    assert [line[0] for line in lines(city)] == ["H001", "H777"]


def test_a_file_of_bad_rows_only_is_not_loaded(city, load: Load):
    report = load("机构编码|采购日期|产品编码|数量|单价\nH001|昨天|A1|1|1", skip_bad_rows=True)
    assert (report.status, codes(report)[-1]) == ("problems", "nothing-left")


def test_a_stopped_file_is_not_loaded_even_on_request(load: Load):
    assert load("采购日期|产品编码|数量\n2022-03-15|A1|1", skip_bad_rows=True).status == "problems"


# --- Transactions -----------------------------------------------------------------------------------


def test_a_failing_load_leaves_the_ledger_as_before(city, load, monkeypatch):
    before = counts(city)

    def fail(*_args: object) -> int:
        raise RuntimeError("disk full")

    monkeypatch.setattr(monthly_ledger, "rebuild", fail)
    report = load(PURCHASES)
    assert (report.status, codes(report)) == ("problems", ["failed"])
    assert counts(city) == before


def test_an_interrupted_load_leaves_the_ledger_as_before(city, load, monkeypatch):
    before = counts(city)

    def interrupt(*_args: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(monthly_ledger, "rebuild", interrupt)
    with pytest.raises(KeyboardInterrupt):
        load(PURCHASES)
    assert counts(city) == before


def test_one_bad_file_does_not_keep_others_out(city):
    reports = import_files(
        city, [("a.xlsx", xlsx(WITH_BAD_ROWS)), ("b.xlsx", xlsx(PURCHASES)), ("c.txt", b"\x00")]
    )
    assert [report.status for report in reports] == ["problems", "loaded", "problems"]


@pytest.mark.usefixtures("no_grain")
def test_a_dry_run_checks_everything_and_keeps_nothing(city):
    before = counts(city)
    new = "机构编码 | 机构名称 | 类别\nH777 | 新医院 | 医院"
    bought = "机构编码 | 采购日期 | 产品编码 | 数量 | 单位 | 单价\nH777 | 2022-03-15 | A1 | 10 | 盒 | 5.6"
    files = [
        ("b.xlsx", xlsx(bought)),
        ("a.xlsx", xlsx(new)),
        ("c.xlsx", xlsx(WITH_BAD_ROWS)),
        ("d.xlsx", xlsx(INSTITUTIONS)),
    ]
    reports = import_files(city, files, dry_run=True)
    assert [r.status for r in reports] == ["checked", "checked", "problems", "unchanged"]
    assert [r.import_id for r in reports[:2]] == [None, None]
    assert counts(city) == before
    assert [r.status for r in import_files(city, files)] == ["loaded", "loaded", "problems", "unchanged"]


# --- Several files ----------------------------------------------------------------------------------


def test_files_are_loaded_in_the_order_that_they_need_each_other(ledger: Engine):
    books = {
        "8.xlsx": "机构编码 | 年度 | 包干方式 | 年度预算 | 实际基金支出\nH001 | 2022 | 总额控制 | 100000 | 90000",
        "7.xlsx": "支付比例 | 机构编码\n70% | H001",
        "6.xlsx": "机构编码 | 批次 | 协议年度 | 考核得分\nH001 | 七批 | 1 | 92",
        "5.xlsx": PURCHASES,
        "4.xlsx": "机构编码 | 批次 | 品种 | 报量 | 约定采购量 | 单位\nH001 | 七批 | 甲口服常释 | 1000 | 700 | 片",
        "3.xlsx": "批次 | 品种 | 产品编码 | 规格\n七批 | 甲口服常释 | Z9 | 5mg*10片/盒",
        "2.xlsx": BATCH_LIST,
        "1.xlsx": INSTITUTIONS,
    }
    reports = import_files(ledger, [(name, xlsx(book)) for name, book in books.items()])
    assert [(r.file, r.status) for r in reports] == [(name, "loaded") for name in books]
    assert [r.kind for r in reports][::-1] == list(READERS)
    by_id = sorted(reports, key=lambda report: report.import_id or 0)
    assert [r.file for r in by_id] == list(books)[::-1]
    assert {r.status for r in import_files(ledger, [(n, xlsx(b)) for n, b in books.items()])} == {"unchanged"}
    assert asked(ledger, "select sum(lines), sum(paid_amount) from monthly_purchase") == [(3, 569_000)]


def test_the_order_of_files_makes_no_difference_to_the_lines(sqlite_ledger, tmp_path):
    import_files(sqlite_ledger, [("1.xlsx", xlsx(INSTITUTIONS))])
    import_files(sqlite_ledger, [("2.xlsx", xlsx(PURCHASES))])
    import_files(sqlite_ledger, [("3.xlsx", xlsx(BATCH_LIST))])
    late = lines(sqlite_ledger)
    engine = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    import_files(
        engine, [("2.xlsx", xlsx(PURCHASES)), ("1.xlsx", xlsx(INSTITUTIONS)), ("3.xlsx", xlsx(BATCH_LIST))]
    )
    assert lines(engine) == late
    engine.dispose()


def test_a_list_that_comes_later_rebuilds_the_months(city, load: Load):
    """A pack that becomes known, then changes, moves the units of lines that were loaded before."""
    listed = "批次|类别|品种|产品编码|规格|转换比|最小单位|生产企业|中选价|执行日期|截止日期\n八批|药品|丁片|Z9|5mg|{}|片|庚厂|3|2022-01-01|2023-12-31"
    months = (
        "select sum(base_units), sum(unmeasured_lines), max(variety_id is not null) from monthly_purchase"
    )
    bought = "机构编码|采购日期|产品编码|数量|单位|单价\nH001|2022-03-15|Z9|{}|盒|3"
    load(bought.format(2))
    assert asked(city, months) == [(0, 1, 0)]
    load(listed.format(10))
    assert asked(city, months) == [(20, 0, 1)]
    load(listed.format(12))
    assert asked(city, months) == [(24, 0, 1)]
    load(bought.format(1).replace("Z9", "A1"), mode="add")
    assert asked(city, months) == [(24 + 14, 0, 1)]


def test_a_list_that_comes_between_two_files_counts_for_the_second(city):
    """Another user loads a corrected baseline while our two files are on their way."""
    bought = "机构编码|采购日期|产品编码|数量|单位|单价\nH001|2022-0{}-15|A1|1|盒|5.6"
    corrected = BATCH_LIST.replace("| 28        | 5.60 ", "| 42        | 5.60 ")
    assert corrected != BATCH_LIST

    def meanwhile(done: int, _of: int, name: str) -> None:
        if (done, name) == (1, "4.xlsx"):
            assert import_files(city, [("list.xlsx", xlsx(corrected))])[0].status == "loaded"

    books = [(f"{month}.xlsx", xlsx(bought.format(month))) for month in (3, 4, 5)]
    assert {r.status for r in import_files(city, books, progress=meanwhile)} == {"loaded"}
    assert asked(city, "select month, baseline_amount from monthly_purchase order by month") == [
        ("2022-03-01", 420_000),  # 14 tablets at 42.00 ÷ 14 each
        ("2022-04-01", 420_000),
        ("2022-05-01", 420_000),
    ]


@pytest.mark.usefixtures("no_grain")
def test_a_folder_stands_for_the_workbooks_inside(city, tmp_path: Path):
    folder = tmp_path / "books"
    (folder / "inner").mkdir(parents=True)
    for name in ("b.xlsx", "a.XLSX", "~$b.xlsx", "notes.md", "known_figures.json", "inner/c.xlsx"):
        (folder / name).write_bytes(xlsx(PURCHASES))
    (folder / "d.csv").write_text(text_table(PURCHASES), encoding="utf-8")
    reports = import_files(city, [folder])
    assert [(r.file, r.status) for r in reports] == [
        ("a.XLSX", "loaded"),
        ("b.xlsx", "unchanged"),
        ("d.csv", "unchanged"),
    ]


def test_a_missing_file_is_a_problem_like_others(city, tmp_path: Path):
    assert codes(import_files(city, [tmp_path / "nowhere.xlsx"])[0]) == ["file-not-found"]


@pytest.mark.usefixtures("no_grain")
def test_progress_is_told_file_by_file(city):
    told: list[tuple[int, int, str]] = []
    import_files(
        city,
        [("a.xlsx", xlsx(PURCHASES)), ("b.xlsx", xlsx(INSTITUTIONS))],
        progress=lambda *now: told.append(now),
    )
    assert told[-3:] == [(0, 2, "b.xlsx"), (1, 2, "a.xlsx"), (2, 2, "")]


@pytest.mark.usefixtures("no_grain")
def test_rows_that_wait_too_long_are_read_again(city, monkeypatch):
    monkeypatch.setattr(waiting, "ROWS_HELD", 0)
    assert import_files(city, [("a.xlsx", xlsx(PURCHASES))])[0].status == "loaded"


# --- What is said -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_grain")
def test_every_line_keeps_the_import_and_the_row_it_came_from(city, load: Load):
    report = load(xlsx("标题 | | | | | | |\n" + PURCHASES, names=["明细"]))
    rows = asked(city, "select import_id, sheet, row_number from purchase order by row_number")
    assert rows == [(report.import_id, "明细", number) for number in (3, 4, 5)]


@pytest.mark.usefixtures("no_grain")
def test_the_history_tells_what_was_loaded_when_and_by_whom(city, load: Load):
    load(PURCHASES, name="三月.xlsx", by="张三")
    entry = asked(
        city, 'select kind, file_name, imported_by, rows, institution_code from "import" order by id desc'
    )[0]
    assert entry == ("purchases", "三月.xlsx", "张三", 3, None)
    day = asked(city, 'select imported_at from "import" order by id desc')[0][0]
    assert abs((date.fromisoformat(str(day)[:10]) - date.today()).days) <= 1


@pytest.mark.usefixtures("no_grain")
def test_a_report_is_json_with_amounts_as_text(load: Load):
    told = load(WITH_BAD_ROWS, skip_bad_rows=True).as_dict()
    assert (told["amount"], told["skipped_amount"], told["first_day"]) == ("56.90", "67.20", "2022-03-15")
    assert told["problems"][0] == {
        "code": "impossible-date", "loudness": "skip", "file": "测试.xlsx", "sheet": "Sheet1", "cell": "B5", "row": 5,
        "column": "采购日期", "value": "2022-02-30", "message": "“采购日期”的日期“2022-02-30”不存在。", "remedy": "请对照原始单据改正日期。",
    }  # fmt: skip


def test_a_problem_is_a_sentence_in_the_readers_language(load: Load):
    problem = load(WITH_BAD_ROWS).problems[0]
    assert (
        problem.sentence()
        == "测试.xlsx 工作表“Sheet1” B5：“采购日期”的日期“2022-02-30”不存在。请对照原始单据改正日期。"
    )
    with in_language("en"):
        assert problem.message  # translated once the catalogue has it


def test_problems_are_counted_by_their_code(load: Load):
    report = load(WITH_BAD_ROWS)
    assert report.problems_by_code() == {"impossible-date": 1, "not-a-number": 1}
    assert (report.count(Loudness.SKIP), report.is_good) == (2, False)
