"""`vbp matches`: what is proposed, decided and taken back from the command line."""

import json

import pytest
from typer.testing import CliRunner, Result

from dashboard.command_line import app
from etl.importing import import_files
from procurement.database import open_database
from tests.etl.books import xlsx
from tests.etl.conftest import INSTITUTIONS
from tests.etl.test_matching import EXACT, NEAR, REGISTERED, bought


@pytest.fixture
def url(empty_ledger):
    books = {"机构.xlsx": INSTITUTIONS, "采购.xlsx": bought(EXACT, NEAR), "九批.xlsx": REGISTERED}
    engine = open_database(empty_ledger)
    for name, book in books.items():
        assert import_files(engine, [(name, xlsx(book))])[0].status == "loaded"
    engine.dispose()
    return empty_ledger


def matches(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["matches", *arguments, "--db", url])


def listed(url: str, *options: str) -> list[dict]:
    return json.loads(matches(url, "list", "--json", *options).stdout)


def test_a_pair_is_listed_confirmed_and_revoked(url):
    near = next(row for row in listed(url) if row["product_code"] == "N3")
    assert near["differs"] == "企业写法不同" and near["paid_amount"] == "125.00"
    pair = (near["provisional_code"], "N3")
    assert matches(url, "confirm", *pair).exit_code == 0
    assert [row["decision"] for row in listed(url, "--decided")] == ["confirmed"]
    assert matches(url, "revoke", *pair).exit_code == 0
    assert listed(url, "--decided") == []
    assert matches(url, "reject", *pair).exit_code == 0
    assert [row["decision"] for row in listed(url, "--decided")] == ["rejected"]


def test_all_that_are_written_alike_are_confirmed_with_one_word(url):
    done = matches(url, "confirm", "--exact")
    assert done.exit_code == 0 and "已确认1个产品" in done.stderr
    assert [row["product_code"] for row in listed(url, "--decided")] == ["N1"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["N404", "N1"], 1), (["N1", "N3"], 1), ([], 2), (["N1"], 2), (["--exact", "N1"], 2)],
)
def test_what_cannot_be_confirmed_is_told_in_a_sentence(url, arguments, code):
    done = matches(url, "confirm", *arguments)
    assert done.exit_code == code
    assert "。" in done.stderr and "Traceback" not in done.stderr
