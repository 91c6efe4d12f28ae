"""The import page: check, mend, preview, confirm, receipt, undo; nothing is written before the confirmation."""

from io import BytesIO

import openpyxl
import pytest

from etl.importing import import_files
from procurement.database import open_database, reading
from procurement.queries.imports import imports
from tests.dashboard.opening import cards, downloads, go_to, open_page, problems, tables, taken, words
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS
from tests.serving import ROOT

SAMPLES = ROOT / "sample_data"
REGISTER = next((SAMPLES / "hengshui").glob("01_*.xlsx"))
PAGE = "pages/imports.py"

HEAD = "机构编码|采购日期|产品编码|数量(盒)|单价|发票号\n"
MARCH = HEAD + "H001|2022-03-01|A1|10|5.6|1\nH001|2022-03-15|A1|20|5.6|2\nH001|2022-03-20|B1|4|12.5|3"
CORRECTED = HEAD + "H001|2022-03-01|A1|10|5.6|1\nH001|2022-03-15|A1|25|5.6|2"
"""The 15th is corrected, the 20th is gone."""
APRIL = HEAD + "H002|2022-04-01|A1|10|5.6|1"
WITH_A_BAD_ROW = HEAD + "H001|2022-03-01|A1|10|5.6|1\nH001|2022-02-30|A1|20|5.6|2"


@pytest.fixture
def ledger_url(empty_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    return empty_ledger


@pytest.fixture
def city_url(ledger_url):
    """Three institutions and two batches."""
    load(ledger_url, ("机构.xlsx", xlsx(INSTITUTIONS)), ("中选.xlsx", xlsx(BATCH_LIST)))
    return ledger_url


def load(url, *files):
    reports = import_files(open_database(url), files, by="test")
    assert {report.status for report in reports} == {"loaded"}
    return reports


def upload(*files, app=None):
    """Choose files: paths, or names with drawings."""
    app = app or open_page(PAGE)
    contents = [
        (file[0], xlsx(file[1]) if isinstance(file[1], str) else file[1])
        if isinstance(file, tuple)
        else (file.name, file.read_bytes())
        for file in files
    ]
    chosen = [(name, content, "application/octet-stream") for name, content in contents]
    return app.file_uploader[0].set_value(chosen).run()


def history(url):
    with reading(open_database(url)) as connection:
        return imports(connection)


def button(app, label):
    return next(button for button in app.main.button if button.label.startswith(label))


def labels(app):
    return [button.label for button in app.main.button]


def confirm(app):
    return button(app, "确认载入").click().run()


def to_undo(app):
    return next(box for box in app.main.selectbox if box.label == "要撤销的导入")


def mode(app, word):
    return app.main.radio[0].set_value(word).run()


def test_a_check_writes_nothing(ledger_url):
    app = upload(REGISTER)
    assert problems(app) == []
    assert "检查通过" in tables(app)[0]["import_status"].iloc[0]
    assert history(ledger_url).empty


def test_a_confirmed_file_is_loaded_and_gets_a_receipt(city_url):
    app = confirm(upload(("三月.xlsx", MARCH)))
    assert problems(app) == []
    assert "已载入1个文件、3行" in words(app)
    receipt = tables(app)[0].iloc[0]
    # 30 boxes × 5.60 + 4 × 12.50
    assert (receipt["import_id"], receipt["new_rows"], receipt["paid_amount"]) == (3, 3, 218.0)
    assert len(receipt["check_code"]) == 12
    assert list(history(city_url)["file_name"])[0] == "三月.xlsx"
    assert "1　选择文件" in [head.value for head in button(app, "继续导入").click().run().subheader]


def test_the_preview_tells_lines_and_months(city_url):
    load(city_url, ("三月.xlsx", xlsx(MARCH)))
    app = upload(("三月改.xlsx", CORRECTED))
    assert cards(app) == {"新增": "0", "变更": "1", "未变": "1", "撤下": "1", "有误": "0"}
    months = next(frame for frame in tables(app) if "amount_change" in frame)
    # 218.00 → 35 boxes × 5.60 = 196.00
    assert list(months[["amount_before", "amount_after", "amount_change"]].iloc[1]) == [218.0, 196.0, -22.0]
    assert "不在本文件中" in "".join(warning.value for warning in app.warning)
    assert button(app, "确认载入").label == "确认载入，并撤下1行"


def test_another_mode_is_another_preview(city_url):
    load(city_url, ("三月.xlsx", xlsx(MARCH)))
    app = mode(upload(("三月改.xlsx", CORRECTED)), "update")
    assert cards(app) == {"新增": "0", "变更": "1", "未变": "1", "撤下": "0", "有误": "0"}
    confirm(app)
    latest = history(city_url).iloc[0]
    assert (latest["import_mode"], latest["changed_rows"], latest["withdrawn_rows"]) == ("update", 1, 0)


def test_the_mode_chosen_for_one_file_is_not_that_of_the_next(city_url):
    app = mode(upload(("三月.xlsx", MARCH)), "add")
    app = upload(("四月.xlsx", APRIL), app=app)
    assert app.main.radio[0].value == "replace"
    assert app.session_state["import_check"][0].mode == "replace"


def test_what_was_loaded_before_need_not_be_loaded_again(ledger_url):
    load(ledger_url, (REGISTER.name, REGISTER.read_bytes()))
    app = upload(REGISTER)
    assert "此前已经载入" in words(app)
    assert "确认载入" not in labels(app)


def test_a_file_that_cannot_be_read_stops_the_load(ledger_url):
    app = upload(SAMPLES / "flawed" / "missing_column.xlsx")
    assert "有文件无法载入" in words(app)
    assert "确认载入" not in labels(app)


def test_bad_rows_are_told_and_left_out_only_when_asked(city_url):
    app = upload(("三月.xlsx", WITH_A_BAD_ROW))
    assert "2022-02-30" in "".join(str(frame.to_dict()) for frame in tables(app))
    skip = app.main.checkbox[0]
    assert skip.label == "跳过有误的1行（涉及金额112.00元），载入其余各行"
    assert "确认载入" not in labels(app)
    app = skip.check().run()
    assert cards(app)["有误"] == "1"
    confirm(app)
    assert (history(city_url)["skipped_rows"].iloc[0], history(city_url)["rows"].iloc[0]) == (1, 1)


def test_rows_of_another_file_are_not_left_out_unasked(city_url):
    app = upload(("三月.xlsx", WITH_A_BAD_ROW))
    app = app.main.checkbox[0].check().run()
    app = upload(("另一个.xlsx", WITH_A_BAD_ROW.replace("H001", "H002")), app=app)
    assert not app.main.checkbox[0].value
    assert "确认载入" not in labels(app)


def test_what_was_said_stays_with_a_corrected_file_of_the_same_name(city_url):
    app = upload(("三月.xlsx", WITH_A_BAD_ROW))
    app = app.main.checkbox[0].check().run()
    app = upload(("三月.xlsx", WITH_A_BAD_ROW.replace("|20|", "|30|")), app=app)
    assert app.main.checkbox[0].value


def test_a_preview_older_than_its_data_is_not_loaded(city_url):
    app = upload(("三月改.xlsx", CORRECTED))
    load(city_url, ("三月.xlsx", xlsx(MARCH)))
    app = confirm(app)
    assert "没有写入任何数据" in words(app)
    assert len(history(city_url)) == 3
    assert cards(app)["撤下"] == "1"
    confirm(app)
    assert len(history(city_url)) == 4


def test_an_import_that_does_not_matter_to_it_does_not_hold_a_file_up(city_url):
    app = upload(("三月.xlsx", MARCH))
    load(city_url, ("四月.xlsx", xlsx(APRIL)))
    assert "已载入1个文件、3行" in words(confirm(app))


def test_problems_are_a_to_do_list_the_most_serious_first(city_url):
    bad = HEAD + "".join(f"H001|2022-02-30|A1|{n}|5.6|{n}\n" for n in range(1, 61))
    app = upload(("坏.xlsx", bad), ("缺.xlsx", "机构编码|采购日期|产品编码|单价\nH001|2022-03-01|A1|5"))
    todo = [box.label for box in app.main.expander if "badge" in box.label]
    assert "无法载入" in todo[0] and "该行有误" in todo[1]
    assert "等60处" in todo[1].replace("\\", "")
    shown = next(frame for frame in tables(app) if "cell_value" in frame)
    assert len(shown) == 50
    assert "此处显示前50处，共60处" in words(app)


def test_an_import_is_taken_back_on_the_page(city_url):
    load(city_url, ("三月.xlsx", xlsx(MARCH)))
    app = open_page(PAGE)
    app = to_undo(app).select(3).run()
    assert cards(app)["移除"] == "3"
    assert len(history(city_url)) == 3
    app = button(app, "确认撤销导入 3").click().run()
    assert problems(app) == []
    assert "已撤销导入 3" in words(app)
    assert list(history(city_url)["undone_by"].dropna()) == [4]
    shown = tables(app)[0]
    assert list(shown["undo_state"])[:2] == ["撤销编号 3", "已由 4 撤销"]


def test_why_an_import_cannot_be_taken_back_is_said(city_url):
    load(city_url, ("三月.xlsx", xlsx(MARCH)))
    app = open_page(PAGE)
    app = to_undo(app).select(1).run()
    assert "请先撤销编号" in words(app)
    assert not [label for label in labels(app) if label.startswith("确认撤销")]


def test_files_are_checked_once_for_each_choice(city_url, monkeypatch):
    from dashboard import import_check

    checks = []
    real = import_check.import_files
    monkeypatch.setattr(import_check, "import_files", lambda *a, **o: checks.append(o) or real(*a, **o))
    app = upload(("三月.xlsx", MARCH))
    app = go_to(app.run(), PAGE)
    assert len(checks) == 1
    mode(upload(("三月.xlsx", MARCH), app=app), "add")
    assert [asked["mode"] for asked in checks][-1] == "add"


def test_a_template_for_every_kind_is_offered(ledger_url):
    from etl.headings import KINDS

    offered = downloads(open_page(PAGE))
    assert len([label for label in offered if label.endswith("模板")]) == len(KINDS)


def test_a_template_may_be_filled_in_for_an_institution(city_url):
    app = open_page(PAGE)
    choose = next(box for box in app.main.selectbox if "选填" in box.label)
    app = choose.select("H001").run()
    assert problems(app) == []
    book = openpyxl.load_workbook(BytesIO(taken(app, "约定采购量模板")))
    assert "H001" in {cell.value for row in book.worksheets[0] for cell in row}


def test_the_history_shows_the_sample_city(sample_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", sample_ledger)
    shown = tables(open_page(PAGE))[0]
    assert len(shown) and (shown["new_rows"] > 0).all()


MISSPELT = "机构编码|采购日期|产品编码|采购数里|单价(元/盒)|发票号\nH001|2022-03-01|A1|10|5.6|1"
PUBLISHED = """
    第九批国家组织药品集中采购中选结果 |       |        |
    品种       | 规格        | 生产企业 | 中选价
    丁片       | 10mg*10片/盒 | 戊厂    | 2
"""


def meaning(app, heading):
    return next(box for box in app.main.selectbox if box.label == heading)


def test_an_unknown_heading_is_mapped_by_hand_and_remembered(city_url):
    app = upload(("三月.xlsx", MISSPELT))
    assert "请在下面补充" in words(app) and "确认载入" not in labels(app)
    choose = meaning(app, "采购数里")
    assert choose.value is None, "a suggestion is never taken by itself"
    assert "建议" in choose.options[0] and "10" in words(app)
    choose.select("quantity")
    app = button(app, "按此读取").click().run()
    assert problems(app) == []
    assert cards(app)["新增"] == "1"
    confirm(app)
    again = upload(("四月.xlsx", MISSPELT.replace("2022-03-01", "2022-04-01")))
    assert "确认载入" in labels(again)


def test_what_a_list_lacks_is_asked_with_the_file_beside(city_url):
    app = upload(("第九批.xlsx", PUBLISHED))
    assert problems(app) == []
    assert "请在下面补充" in words(app) and "第九批国家组织药品集中采购中选结果" in words(app)
    assert "--set" not in words(app)
    batch = app.main.text_input[0]
    assert batch.value == "第九批国家组织药品集中采购"
    first, last = app.main.date_input
    first.set_value("2023-11-01")
    last.set_value("2027-12-31")
    meaning(app, "类别").select("药品")
    app = button(app, "按此读取").click().run()
    assert problems(app) == []
    assert cards(app)["新增"] == "1", words(app)
    confirm(app)
    assert list(history(city_url)["import_kind"])[0] == "batch_list"


def test_an_answer_can_be_taken_back(city_url):
    app = upload(("第九批.xlsx", PUBLISHED))
    meaning(app, "批次级别（选填）").select("省级")
    app = button(app, "按此读取").click().run()
    assert app.session_state["import_said"].answers["level"] == "省级"
    meaning(app, "批次级别（选填）").set_value(None)
    app = button(app, "按此读取").click().run()
    assert "level" not in dict(app.session_state["import_check_of"].answers)


def test_a_suggested_meaning_is_seen_and_not_chosen(city_url):
    app = upload(("三月.xlsx", MISSPELT))
    box = meaning(app, "采购数里")
    assert box.value is None and "数量（建议" in box.proto.placeholder


def test_parts_of_one_month_can_be_added_where_they_would_replace_each_other(city_url):
    parts = [
        ("上旬.xlsx", HEAD + "H001|2022-03-01|A1|10|5.6|1"),
        ("中旬.xlsx", HEAD + "H001|2022-03-15|A1|20|5.6|2"),
    ]
    app = upload(*parts)
    assert "确认载入" not in labels(app)
    app = mode(app, "add")
    assert problems(app) == [] and "确认载入" in labels(app)


def test_a_receipt_leads_to_products_that_wait_for_a_person(city_url):
    app = upload(
        (
            "三月.xlsx",
            HEAD.replace("产品编码", "产品名称|规格|生产企业")
            + "H001|2022-03-01|无人片|1mg|无人药业|10|5.6|1",
        )
    )
    app = confirm(app)
    assert "前往产品匹配" in labels(app), words(app)
