"""The import page: check, mend, load; nothing is written before the check has been seen."""

import pytest

from procurement.database import open_database, reading
from procurement.queries.imports import imports
from tests.dashboard.opening import open_page, problems, tables, words
from tests.serving import ROOT

SAMPLES = ROOT / "sample_data"
REGISTER = next((SAMPLES / "hengshui").glob("01_*.xlsx"))
PAGE = "pages/imports.py"


@pytest.fixture
def ledger_url(empty_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    return empty_ledger


def upload(*paths):
    app = open_page(PAGE)
    files = [(path.name, path.read_bytes(), "application/octet-stream") for path in paths]
    return app.file_uploader[0].set_value(files).run()


def loaded(url):
    with reading(open_database(url)) as connection:
        return imports(connection)


def button(app, label):
    return next(button for button in app.main.button if button.label == label)


def test_a_check_writes_nothing(ledger_url):
    app = upload(REGISTER)
    assert problems(app) == []
    assert "检查通过" in tables(app)[0]["import_status"].iloc[0]
    assert loaded(ledger_url).empty


def test_a_good_file_is_loaded_and_listed(ledger_url):
    app = button(upload(REGISTER), "载入").click().run()
    assert problems(app) == []
    assert "已载入1个文件" in words(app)
    assert list(loaded(ledger_url)["file_name"]) == [REGISTER.name]
    assert tables(app)[-1]["file_name"].iloc[0] == REGISTER.name


def test_what_was_loaded_before_need_not_be_loaded_again(ledger_url):
    button(upload(REGISTER), "载入").click().run()
    app = upload(REGISTER)
    assert "此前已经载入" in words(app)
    assert button(app, "载入").disabled


def test_a_file_that_cannot_be_read_stops_the_load(ledger_url):
    app = upload(SAMPLES / "flawed" / "missing_column.xlsx")
    assert "有文件无法读取" in words(app)
    assert not [button for button in app.main.button if button.label == "载入"]


def test_bad_rows_are_told_and_left_out_only_when_asked(ledger_url):
    button(upload(REGISTER), "载入").click().run()
    app = upload(SAMPLES / "flawed" / "impossible_date.xlsx")
    shown = tables(app)
    assert "2022-02-30" in "".join(str(frame.to_dict()) for frame in shown)
    skip = app.main.checkbox[0]
    assert "行（涉及金额" in skip.label
    assert button(app, "载入").disabled
    assert not button(skip.check().run(), "载入").disabled
    assert len(loaded(ledger_url)) == 1


def test_a_template_for_every_kind_is_offered(ledger_url):
    from etl.headings import KINDS

    labels = [offered.label for offered in open_page(PAGE).get("download_button")]
    assert len([label for label in labels if label.endswith("模板")]) == len(KINDS)


def test_the_history_shows_the_sample_city(sample_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", sample_ledger)
    history = tables(open_page(PAGE))[0]
    assert len(history) and (history["rows"] > 0).all()
