"""A closed month takes no import, whoever brings it, and nothing of it is taken back."""

from datetime import date

import pytest
from sqlalchemy import Engine

from etl.importing import import_files
from etl.undoing import undo
from procurement.reporting import close, reopen
from tests.etl.books import xlsx
from tests.etl.conftest import Load
from tests.etl.reading import asked, codes, lines
from tests.etl.test_modes import book

pytestmark = pytest.mark.usefixtures("no_grain")

MARCH, APRIL = date(2022, 3, 1), date(2022, 4, 1)
OF_MARCH = ("H001|2022-03-05|A1|10|5.6|1", "H001|2022-03-20|B1|2|12.5|2")
OF_APRIL = ("H001|2022-04-05|A1|4|5.6|3",)


@pytest.fixture
def closed(city: Engine, load: Load) -> int:
    """March of the first hospital is loaded and closed; the number of its import."""
    report = load(book(*OF_MARCH))
    assert report.status == "loaded"
    close(city, MARCH, ["H001"], "official")
    return report.import_id or 0


CHANGES = {
    "a line is added": book(*OF_MARCH, "H001|2022-03-31|A1|1|5.6|9"),
    "a line is changed": book("H001|2022-03-05|A1|11|5.6|1", OF_MARCH[1]),
    "a line is withdrawn": book(OF_MARCH[0]),
    "and an open month comes with it": book(OF_MARCH[0], *OF_APRIL),
}


@pytest.mark.parametrize("is_preview", [False, True], ids=["loading", "preview"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_moves_a_closed_month_is_stopped(city, load: Load, closed, change, is_preview):
    before = lines(city)
    report = load(CHANGES[change], dry_run=is_preview)
    assert (report.status, codes(report), report.preview) == ("problems", ["month-closed"], None)
    assert "“示例市第一医院”的2022-03已关账" in report.problems[0].message
    assert lines(city) == before


@pytest.mark.parametrize("mode", ["add", "update"])
def test_no_way_of_importing_gets_around_it(load: Load, closed, mode):
    assert codes(load(book("H001|2022-03-31|A1|1|5.6|9"), mode=mode)) == ["month-closed"]


def test_a_cumulative_file_loads_its_open_months(city, load: Load, closed):
    report = load(book(*OF_MARCH, *OF_APRIL))
    assert (report.status, report.preview.new, report.preview.unchanged) == ("loaded", 1, 2)


def test_other_institutions_and_the_days_beside_the_month_are_open(load: Load, closed):
    assert load(book("H002|2022-03-05|A1|1|5.6|1")).status == "loaded"
    beside = book("H001|2022-02-28|A1|1|5.6|1", "H001|2022-04-01|A1|1|5.6|2")
    assert load(beside).status == "loaded"


def test_a_month_that_was_closed_empty_takes_nothing(city, load: Load):
    close(city, MARCH, ["H002"], "official", even_open=True)
    assert codes(load(book("H002|2022-03-05|A1|1|5.6|1"))) == ["month-closed"]


def test_a_reopened_month_takes_an_import_again(city, load: Load, closed):
    reopen(city, MARCH, ["H001"], "漏报", "official")
    assert load(CHANGES["a line is added"]).status == "loaded"


def test_many_closed_months_are_told_in_one_sentence(city, load: Load):
    both = book(*OF_MARCH, *OF_APRIL, "H002|2022-04-01|A1|1|5.6|1")
    assert load(both).status == "loaded"
    for month in (MARCH, APRIL):
        close(city, month, None, "official")
    (problem,) = load(both.replace("|5.6|", "|5.5|").replace("|12.5|", "|12.4|")).problems
    told = "“示例市第一医院”的2022-03、2022-04、“示例市中医医院”的2022-04已关账"
    assert told in problem.message


def test_an_import_of_a_closed_month_is_not_taken_back(city, load: Load, closed):
    before = lines(city)
    for is_preview in (True, False):
        report = undo(city, closed, by="li", dry_run=is_preview)
        assert report.status == "refused"
        assert "“示例市第一医院”的2022-03已关账" in report.reasons[0]
    assert lines(city) == before
    reopen(city, MARCH, ["H001"], "漏报", "official")
    assert undo(city, closed, by="li").status == "undone"
    assert lines(city) == []


def test_what_an_import_withdrew_from_a_month_closed_since_does_not_come_back(city, load: Load):
    assert load(book(*OF_MARCH)).status == "loaded"
    shorter = load(book(OF_MARCH[0], "H001|2022-03-20|A1|1|5.6|2"))
    close(city, MARCH, ["H001"], "official")
    assert "2022-03" in undo(city, shorter.import_id, by="li").reasons[0]


def test_an_import_that_left_the_closed_month_as_it_was_is_taken_back(city, load: Load, closed):
    cumulative = load(book(*OF_MARCH, *OF_APRIL))
    assert undo(city, cumulative.import_id, by="li").status == "undone"
    assert len(lines(city)) == len(OF_MARCH)


def test_on_both_databases(ledger: Engine):
    from tests.etl.conftest import BATCH_LIST, INSTITUTIONS

    files = [("机构.xlsx", INSTITUTIONS), ("中选.xlsx", BATCH_LIST), ("三月.xlsx", book(*OF_MARCH))]
    reports = import_files(ledger, [(name, xlsx(drawing)) for name, drawing in files])
    close(ledger, MARCH, ["H001"], "official")
    (report,) = import_files(ledger, [("三月.xlsx", xlsx(CHANGES["a line is added"]))])
    assert codes(report) == ["month-closed"]
    assert undo(ledger, reports[2].import_id, by="li").status == "refused"
    assert asked(ledger, "select count(*) from purchase") == [(2,)]
