"""An institution's own door: 上报 and 上报记录, for a hospital, a chain and somebody without institutions."""

from datetime import date

import pytest

from etl.importing import import_files
from procurement.database import open_database, reading, writing
from procurement.queries.imports import imports
from procurement.reporting import close, reopen
from tests.dashboard.opening import downloads, open_page, problems, tables, taken, words
from tests.dashboard.test_import_page import (
    APRIL,
    CORRECTED,
    MARCH,
    WITH_A_BAD_ROW,
    button,
    confirm,
    labels,
    load,
)
from tests.dashboard.test_import_page import upload as upload_to
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS

PAGE, RECORDS = "pages/report.py", "pages/reported.py"
HOSPITAL = (("institution", "H001"),)
CHAIN = (("institution", "H001"), ("institution", "P001"))
UNTITLED = MARCH.replace("机构编码|", "").replace("H001|", "")


@pytest.fixture
def city_url(empty_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    load(empty_ledger, ("机构.xlsx", xlsx(INSTITUTIONS)), ("中选.xlsx", xlsx(BATCH_LIST)))
    return empty_ledger


def door(file=PAGE, scope=HOSPITAL, role="reporter"):
    return open_page(file, role=role, scope=scope)


def upload(*files, scope=HOSPITAL):
    return upload_to(*files, app=door(scope=scope))


def history(url):
    with reading(open_database(url)) as connection:
        return imports(connection)


def shut(url, month, *codes):
    close(open_database(url), month, codes, "official", even_open=True)


def choose(app, label):
    return next(box for box in app.main.selectbox if box.label == label)


def test_a_hospital_reports_and_gets_a_receipt_with_its_name(city_url):
    app = confirm(upload(("三月.xlsx", UNTITLED)))
    assert problems(app) == []
    assert "已载入1个文件、3行" in words(app)
    latest = history(city_url).iloc[0]
    assert (latest["institution_code"], latest["imported_by"]) == ("H001", "reporter-H001")
    page = taken(app, "下载回执（打印用）").decode()
    told = ("上报回执", "示例市第一医院", "reporter-H001", "218.00元", "上报编号：3", "三月.xlsx")
    assert all(text in page for text in told)
    assert "已上报" in words(app)
    assert "前往产品匹配" not in labels(app)


def test_rows_of_others_are_stopped_before_anything_is_written(city_url):
    app = upload(("四月.xlsx", APRIL))
    assert "不属于您的账号所管的机构" in "".join(box.label for box in app.main.expander).replace("\\", "")
    assert "确认载入" not in labels(app)
    assert len(history(city_url)) == 2


def test_other_workbooks_than_purchases_are_stopped(city_url):
    app = upload(("名录.xlsx", INSTITUTIONS.replace("H001", "H009")))
    assert "您的账号只能导入：采购记录" in "".join(box.label for box in app.main.expander).replace("\\", "")
    assert choose(app, "表种").options == ["采购记录"]


def test_a_hospital_has_nothing_to_choose_and_a_chain_its_own(city_url):
    assert [box.label for box in door().main.selectbox] == ["机构和月份", "表种"]
    own = choose(door(scope=CHAIN), "采购记录未写明机构时，属于")
    assert own.options == ["示例市第一医院", "示例康民大药房"]


def test_bad_rows_are_mended_or_left_out_as_on_the_import_page(city_url):
    app = upload(("三月.xlsx", WITH_A_BAD_ROW))
    assert "确认载入" not in labels(app)
    confirm(app.main.checkbox[0].check().run())
    assert history(city_url)["skipped_rows"].iloc[0] == 1


def test_a_closed_month_is_told_in_the_preview(city_url):
    load(city_url, ("三月.xlsx", xlsx(MARCH)))
    shut(city_url, date(2022, 3, 1), "H001")
    app = upload(("三月改.xlsx", CORRECTED))
    assert "2022-03已关账" in "".join(box.label for box in app.main.expander).replace("\\", "")
    assert "确认载入" not in labels(app)


def test_a_month_that_was_opened_again_is_told_with_its_reason(city_url):
    load(city_url, ("三月.xlsx", xlsx(MARCH)))
    shut(city_url, date(2022, 3, 1), "H001")
    assert "已关账" in words(door())
    reopen(open_database(city_url), date(2022, 3, 1), ["H001"], "漏报两张发票", "official")
    app = door()
    assert "已重新开放，原因：漏报两张发票" in words(app)
    confirm(upload_to(("三月改.xlsx", CORRECTED), app=app))
    assert "已重新开放" not in words(door())


def test_a_reopened_month_that_is_right_is_confirmed_without_a_file(city_url):
    load(city_url, ("三月.xlsx", xlsx(MARCH)))
    shut(city_url, date(2022, 3, 1), "H001")
    reopen(open_database(city_url), date(2022, 3, 1), ["H001"], "请核对", "official")
    app = door()
    app = next(b for b in app.main.button if "无须更正" in b.label).click().run()
    assert problems(app) == [] and "核对无误，无须更正" in words(app)
    assert "已重新开放" not in words(door())


def test_nothing_bought_is_declared(city_url):
    load(city_url, ("三月.xlsx", xlsx(MARCH)))
    box = choose(door(), "机构和月份")
    assert "示例市第一医院 2022-02" in box.options and "示例市第一医院 2022-03" not in box.options
    app = box.select_index(box.options.index("示例市第一医院 2022-02")).run()
    app = button(app, "确认该月无采购").click().run()
    assert problems(app) == []
    assert "已申报" in words(app)
    assert "示例市第一医院 2022-02" not in choose(app, "机构和月份").options


def test_the_template_has_the_products_of_the_institution(city_url):
    app = door()
    assert "下载本机构模板" in downloads(app)
    assert taken(app, "下载本机构模板")[:2] == b"PK"


def test_somebody_without_institutions_is_told_so(city_url):
    door()
    with writing(open_database(city_url)) as connection:
        connection.exec_driver_sql("DELETE FROM account_scope")
    app = door()
    assert problems(app) == [] and "还没有您账号所属的机构" in words(app)


def test_the_history_is_of_ones_own_reports(city_url):
    load(city_url, ("三月.xlsx", xlsx(MARCH)), ("四月.xlsx", xlsx(APRIL)))
    both = MARCH.replace("2022-03", "2022-05") + "\nH002|2022-05-01|A1|1|5.6|9"
    load(city_url, ("两家.xlsx", xlsx(both)))
    shown = tables(door(RECORDS))[0]
    assert list(shown["file_name"]) == ["三月.xlsx"]
    row = shown.iloc[0]
    assert (row["months_told"], row["paid_amount"], row["report_use"]) == ("2022-03", 218.0, "有效")
    assert len(row["check_code"]) == 12


def test_a_receipt_is_printed_again(city_url):
    first = taken(confirm(upload(("三月.xlsx", UNTITLED))), "下载回执（打印用）").decode()
    app = choose(door(RECORDS), "再次打印回执").select_index(0).run()
    again = taken(app, "下载回执（打印用）").decode()
    assert problems(app) == [] and again == first


def test_a_report_is_withdrawn_until_its_month_is_closed(city_url):
    load(city_url, ("三月.xlsx", xlsx(MARCH)))
    app = choose(door(RECORDS), "要撤回的上报").select(3).run()
    assert "确认撤回上报 3" in labels(app)
    shut(city_url, date(2022, 3, 1), "H001")
    app = choose(door(RECORDS), "要撤回的上报").select(3).run()
    assert "这次上报不能撤回" in words(app) and "2022-03" in words(app).replace("\\", "")
    assert not [label for label in labels(app) if label.startswith("确认撤回")]
    reopen(open_database(city_url), date(2022, 3, 1), ["H001"], "漏报", "official")
    app = choose(door(RECORDS), "要撤回的上报").select(3).run()
    app = button(app, "确认撤回上报 3").click().run()
    assert problems(app) == [] and "已撤回上报 3" in words(app)
    assert list(history(city_url)["undone_by"].dropna()) == [4]
    assert tables(app)[0]["report_use"].iloc[0] == "已撤回"


def test_closing_after_the_preview_keeps_the_report_from_being_withdrawn(city_url):
    load(city_url, ("三月.xlsx", xlsx(MARCH)))
    app = choose(door(RECORDS), "要撤回的上报").select(3).run()
    shut(city_url, date(2022, 3, 1), "H001")
    button(app, "确认撤回上报 3").click().run()
    assert history(city_url)["undone_by"].dropna().empty


def test_an_official_of_a_district_imports_for_it_alone(city_url):
    app = upload_to(("四月.xlsx", APRIL), app=open_page("pages/imports.py", scope=HOSPITAL))
    assert "不属于您的账号所管的机构" in "".join(box.label for box in app.main.expander).replace("\\", "")
    assert choose(app, "表种").options == ["约定采购量", "采购记录", "考核得分"]
    import_files(open_database(city_url), [("三月.xlsx", xlsx(MARCH))], by="test")
    undo = choose(open_page("pages/imports.py", scope=HOSPITAL), "要撤销的导入")
    assert [option.split("（")[0] for option in undo.options] == ["3　三月.xlsx"]
