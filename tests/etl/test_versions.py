"""What a reader of a narrowed scope is shown anew: what may move their figures, and not what others report."""

import pytest

from dashboard import data
from etl.importing import import_files
from etl.undoing import undo
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST
from tests.etl.test_modes import HEAD

OWN = ("H001",)
OTHERS = "H002|2022-03-05|A1|10|5.6|1"
"""The city of these tests has nothing bought yet."""


@pytest.fixture
def version(city, monkeypatch):
    """What the frames of H001 are kept under."""
    monkeypatch.setenv("VBP_DATABASE_URL", city.url.render_as_string(hide_password=False))
    return lambda: data._ledger(OWN)


def load(city, text: str, name: str = "采购.xlsx") -> int:
    (report,) = import_files(city, [(name, xlsx(text))], by="test")
    assert report.status == "loaded", [p.sentence() for p in report.problems]
    return report.import_id


@pytest.fixture
def bought(city, version):
    """Both have reported March; the days of the city do not move any more."""
    load(city, HEAD + "H001|2022-03-05|A1|10|5.6|1\nH002|2022-03-31|A1|10|5.6|2")
    return version()


def test_anothers_report_leaves_what_is_kept(city, version, bought):
    number = load(city, HEAD + "H002|2022-03-31|A1|20|5.6|3")
    assert version() == bought
    assert undo(city, number, by="test").status == "undone"
    assert version() == bought


def test_anothers_report_of_a_later_day_moves_the_day_that_all_are_measured_on(city, version, bought):
    load(city, HEAD + "H002|2022-04-01|A1|20|5.6|3")
    assert version() != bought


def test_the_own_report_and_its_undo_are_seen(city, version, bought):
    number = load(city, HEAD + "H001|2022-03-05|A1|20|5.6|3")
    after = version()
    assert after != bought
    undo(city, number, by="test")
    assert version() not in (after, bought)


def test_a_list_and_its_undo_are_seen(city, version, bought):
    number = load(city, BATCH_LIST.replace("5.60", "5.50"), "中选.xlsx")
    after = version()
    assert after != bought
    assert undo(city, number, by="test").status == "undone"
    assert version() not in (after, bought)


def test_what_anothers_file_tells_of_a_product_is_seen(city, version, bought):
    """A pack that becomes known there makes own lines of the product count."""
    load(city, HEAD + "H002|2022-03-31|Z9|20|5.6|3")
    assert version() != bought
