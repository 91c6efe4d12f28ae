"""A small sample of the damaged workbooks of tests.etl.fuzz; the whole run is `python -m tests.etl.fuzz 2000`."""

import pytest
from sqlalchemy import Engine

from etl.importing import import_files
from tests.etl.fuzz import GOOD, Figures, differences, ledger_lines, run


@pytest.mark.parametrize("kind", GOOD)
def test_the_workbooks_are_good_before_they_are_damaged(city: Engine, kind):
    (report,) = import_files(city, [(f"x.{kind}", GOOD[kind])], kind="purchases")
    assert (report.status, report.rows, report.skipped_rows) == ("loaded", 56, 0)


def test_damaged_workbooks_end_in_reports_and_leave_nothing_half_loaded(city: Engine):
    figures: Figures = run(city, 120)
    assert not figures.wrong, figures.text()
    assert figures.files == 120
    assert (
        len({outcome for counts in figures.outcomes.values() for outcome in counts}) > 4
    )  # the damage is neither nil nor total


def test_the_comparison_sees_what_is_half_loaded(city: Engine):
    before = ledger_lines(city)
    (report,) = import_files(city, [("x.csv", GOOD["csv"])], kind="purchases")
    after = ledger_lines(city)
    assert not differences(before, after, [report])
    assert differences(before, {**after, report.import_id: 55}, [report])
    assert differences(before, after, [])
