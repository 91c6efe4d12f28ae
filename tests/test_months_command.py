"""`vbp months`: the same months as the page, for the administrator at the server."""

import json

import pytest
from typer.testing import CliRunner

from dashboard.command_line import app
from etl.importing import import_files
from procurement.database import open_database
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS
from tests.etl.test_modes import book

MARCH = book("H001|2022-03-05|A1|10|5.6|1")


@pytest.fixture
def city_url(empty_ledger):
    engine = open_database(empty_ledger)
    files = [("机构.xlsx", INSTITUTIONS), ("中选.xlsx", BATCH_LIST), ("三月.xlsx", MARCH)]
    reports = import_files(engine, [(name, xlsx(drawing)) for name, drawing in files], by="test")
    assert {report.status for report in reports} == {"loaded"}
    engine.dispose()
    return empty_ledger


def run(url: str, *words: str):
    return CliRunner().invoke(app, ["months", *words, "--db", url])


def test_a_month_is_told_closed_and_opened_again(city_url):
    (row,) = json.loads(run(city_url, "--json").stdout)
    assert (row["institution_code"], row["month"], row["state"], row["paid"]) == (
        "H001",
        "2022-03",
        "submitted",
        "56.00",
    )
    closed = run(city_url, "close", "--month", "2022-03", "--institution", "H001", "--json")
    assert closed.exit_code == 0 and json.loads(closed.stdout)[0]["state"] == "closed"
    again = run(city_url, "close", "--month", "2022-03", "--institution", "H001")
    assert again.exit_code == 1 and "已经关账" in again.stdout
    opened = run(
        city_url, "reopen", "--month", "2022-03", "--institution", "H001", "--reason", "漏报", "--json"
    )
    assert opened.exit_code == 0 and json.loads(opened.stdout)[0]["state"] == "open"
    (waiting,) = json.loads(run(city_url, "remind", "--json").stdout)
    assert (waiting["institution_code"], waiting["month"], waiting["days_overdue"]) == ("H001", "2022-03", 0)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--month", "March"], 2),
        (["close", "--month", "2099-01"], 1),
        (["close", "--month", "2022-03", "--institution", "H404"], 1),
        (["reopen", "--month", "2022-03", "--institution", "H001", "--reason", " "], 1),
        (["reopen", "--month", "2022-03", "--institution", "H001"], 2),
    ],
)
def test_wrong_words_end_with_a_sentence(city_url, words, code):
    result = run(city_url, *words)
    assert result.exit_code == code
    assert "Traceback" not in result.output
