"""`vbp settle` and the tables beside it: what is printed, promised and refused."""

import json
from datetime import date

import pytest
from sqlmodel import Session
from typer.testing import CliRunner, Result

from dashboard.command_line import app
from procurement.database import open_database, writing
from procurement.ledger import rebuild
from tests.small_ledger import fill, purchase

SETTLED = (
    "institution_code institution_name batch agreement_year settlement state surplus_base retained staff "
    "development payable reason"
)
LINES = (
    "institution_code institution_name batch agreement_year variety reported_units agreed_units bought_units "
    "baseline_unit_price baseline_basis awarded_unit_price selected non_selected gross_budget gross_spending "
    "fund_ratio budget spending surplus counted reason"
)


@pytest.fixture
def url(empty_ledger):
    engine = open_database(empty_ledger)
    fill(
        engine,
        purchase(1, date(2021, 3, 10), 60_000, 24_000),
        purchase(2, date(2021, 4, 10), 10_000, 18_000, row=4),
        purchase(1, date(2022, 1, 5), 100, 40, row=5),
    )
    engine.dispose()
    return empty_ledger


def vbp(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--db", url])


def settle(url: str, *options: str) -> Result:
    return vbp(url, "settle", "--batch", "B", "--year", "1", *options)


def buy_more(url: str) -> None:
    engine = open_database(url)
    with Session(engine) as session:
        session.add(purchase(2, date(2021, 5, 10), 1_000, 2_000, row=6))
        session.commit()
    with writing(engine) as connection:
        rebuild(connection)
    engine.dispose()


def test_a_draft_is_told_in_json_with_its_promised_keys(url):
    done = settle(url, "--json")
    (told,) = json.loads(done.stdout)
    assert done.exit_code == 0
    assert list(told) == SETTLED.split()
    assert (told["state"], told["retained"], told["payable"]) == ("draft", "53900.00", "53900.00")


def test_confirm_goes_the_whole_way_and_twice_changes_nothing(url):
    first, again = (json.loads(settle(url, "--confirm", "--json").stdout) for _ in range(2))
    assert first == again
    assert (first[0]["state"], first[0]["reason"]) == ("confirmed", None)
    states = [row["state"] for row in json.loads(vbp(url, "table", "settlements", "--json").stdout)]
    assert states == ["confirmed"]


def test_what_moved_is_corrected_and_paid_by_the_difference(url):
    settle(url, "--confirm")
    assert settle(url, "--correct").exit_code == 1  # nothing has moved
    assert json.loads(settle(url, "--pay", "--json").stdout)[0]["state"] == "paid"
    buy_more(url)  # 2 000.00 × 0.7 × 50 % = 700.00 less
    row = json.loads(vbp(url, "table", "settlements", "--json").stdout)[0]
    assert (row["retained"], row["now_retained"], row["difference"]) == ("53900.00", "53200.00", "-700.00")
    (made,) = json.loads(settle(url, "--correct", "--json").stdout)
    assert (made["state"], made["retained"], made["payable"]) == ("draft", "53200.00", "-700.00")


def test_a_draft_is_cancelled_with_its_reason_or_drafted_anew(url):
    settle(url)
    buy_more(url)
    refused = settle(url, "--review", "--json")
    assert refused.exit_code == 1 and "53,200.00" in json.loads(refused.stdout)[0]["reason"]
    assert json.loads(settle(url, "--refresh", "--json").stdout)[0]["retained"] == "53200.00"
    assert json.loads(settle(url, "--cancel", "误操作", "--json").stdout)[0]["state"] == "cancelled"
    assert json.loads(settle(url, "--json").stdout)[0]["state"] == "draft"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--batch", "没有的批次", "--year", "1"], 2, "没有的批次"),
        (["--batch", "B", "--year", "9"], 1, "第9协议年度"),
        (["--batch", "B", "--year", "1", "--review", "--confirm"], 2, "每次只用一个"),
        (["--batch", "B", "--year", "0"], 2, ""),
    ],
)
def test_wrong_use_is_told_in_a_sentence(url, arguments, code, says):
    done = CliRunner().invoke(app, ["settle", *arguments, "--db", url])
    assert done.exit_code == code
    assert says in " ".join(done.output.split()).replace("│ ", "").replace(" ", "")


def test_the_lines_behind_a_settlement_are_a_table(url):
    (line,) = json.loads(vbp(url, "table", "retention-lines", "--json").stdout)
    assert list(line) == LINES.split()
    assert line["budget"] == "140000.00" and line["spending"] == "32200.00"
    assert line["baseline_unit_price"] == "2.00" and line["awarded_unit_price"] == "0.40"
    (actual,) = json.loads(vbp(url, "table", "retention-lines", "--basis", "actual", "--json").stdout)
    # (24 000 selected + 18 000 non-selected) × 0.7 = 29 400
    assert actual["spending"] == "29400.00"
