"""Months of institutions on both databases: states, closing, reopening, declarations, reminders, the trail."""

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from procurement import reporting
from procurement.database import reading
from procurement.filters import Filters
from procurement.people import audit, trail
from procurement.reporting import ReportingRefused, close, confirm_unchanged, declare_nothing_bought, reopen
from procurement.reporting.history import reports
from procurement.scoped import reading_within, scoped_engine
from procurement.tables import Import, ImportCoverage, MonthStep
from tests.drawn import AMOUNT, assert_rows
from tests.etl.reading import asked
from tests.small_ledger import fill, purchase

MARCH, APRIL = date(2022, 3, 1), date(2022, 4, 1)
IN_TIME, LATE = date(2022, 4, 10), date(2022, 4, 11)
"""The last day by which March is due, and the first on which it is late."""


def imported(number: int, **more: object) -> Import:
    values = {"kind": "purchases", "file_name": f"{number}.xlsx", "content_hash": f"{number:064}", "rows": 1}
    return Import(imported_at=datetime(2022, 4, 2, tzinfo=UTC), imported_by="li", **{**values, **more})


def covered(number: int, institution_id: int = 1, month: date = MARCH) -> ImportCoverage:
    return ImportCoverage(import_id=number, institution_id=institution_id, month=month, category="drug")


@pytest.fixture
def city(ledger: Engine) -> Engine:
    """H1 has an agreed volume in 2021 and has loaded March 2022; H2 bought something in December 2021."""
    bought = [
        purchase(1, date(2022, 3, 5), 10, 7),
        purchase(2, date(2022, 3, 9), 10, 3),
        purchase(1, date(2021, 12, 31), 10, 1, institution_id=2),
    ]
    fill(ledger, *bought, imported(2), covered(2))
    return ledger


def states(engine: Engine, first: date = MARCH, last: date = MARCH, **filters: object):
    with reading(engine) as connection:
        return reporting.month_states(connection, Filters(**filters), first, last)


def state_of(engine: Engine, code: str, month: date = MARCH) -> str:
    rows = states(engine, month, month)
    return rows.set_index("institution_code")["month_state"][code]


def test_an_empty_ledger_has_no_months(ledger):
    assert states(ledger).empty
    with reading(ledger) as connection:
        assert reporting.reminders(connection).empty and reporting.told_months(connection).empty
        assert reporting.default_month(connection, Filters(as_of=LATE)) == MARCH
        assert reports(connection, None).empty


def test_a_row_per_institution_and_month(city):
    assert_rows(
        states(city, MARCH, APRIL, as_of=LATE),
        """
        institution_code | month      | month_state | report_state | due_on     | days_overdue | lines | paid_amount | import_id
        H1               | 2022-03-01 | submitted   | submitted    | 2022-04-10 | 0            | 2     | 10          | 2
        H2               | 2022-03-01 | open        | overdue      | 2022-04-10 | 1            | 0     | 0           | -
        H1               | 2022-04-01 | open        | not_asked    | 2022-05-10 | 0            | 0     | 0           | -
        H2               | 2022-04-01 | open        | not_asked    | 2022-05-10 | 0            | 0     | 0           | -
        """,  # April has not ended
        {"paid_amount": AMOUNT},
    )


@pytest.mark.parametrize(
    ("day", "state", "late"),
    [
        (date(2022, 3, 31), "not_asked", 0),
        (date(2022, 4, 1), "open", 0),
        (IN_TIME, "open", 0),
        (LATE, "overdue", 1),
        (date(2022, 5, 10), "overdue", 30),
    ],
)
def test_a_month_is_due_once_it_has_ended_and_late_after_its_last_day(city, day, state, late):
    row = states(city, as_of=day).set_index("institution_code").loc["H2"]
    assert (row["report_state"], row["days_overdue"]) == (state, late)


def test_what_was_due_before_the_ledger_came_into_use_is_not_asked_for(city):
    # The first import is of 2022-01-01: November was due on 10 December, December on 10 January.
    november, december = date(2021, 11, 1), date(2021, 12, 1)
    rows = states(city, november, december, as_of=LATE).set_index(["institution_code", "month"])["is_asked"]
    assert not rows.xs(str(november), level="month").any()
    assert rows["H1", str(december)] and rows["H2", str(december)]


def test_an_import_that_was_taken_back_does_not_count(city):
    fill_more(city, imported(3, kind="undo", undoes=2, content_hash="undo:2"))
    assert state_of(city, "H1") == "open"


def fill_more(engine: Engine, *rows: object) -> None:
    from sqlmodel import Session

    with Session(engine) as session:
        for row in rows:
            session.add(row)
            session.flush()
        session.commit()


def test_closing_all_leaves_those_that_have_not_reported(city):
    outcomes = {o.institution_code: o for o in close(city, MARCH, None, "zhang")}
    assert (outcomes["H1"].month_state, outcomes["H1"].reason) == ("closed", "")
    assert outcomes["H2"].was_open and "尚未上报" in outcomes["H2"].reason
    assert (state_of(city, "H1"), state_of(city, "H2")) == ("closed", "open")
    again = {o.institution_code: o for o in close(city, MARCH, None, "zhang", even_open=True)}
    assert again["H1"].reason == "已经关账" and again["H2"].was_open and not again["H2"].reason
    assert state_of(city, "H2") == "closed"
    assert told_in_trail(city) == [
        ("month-closed", {"month": "2022-03", "institutions": ["H1"], "not_reported": []}),
        ("month-closed", {"month": "2022-03", "institutions": ["H2"], "not_reported": ["H2"]}),
    ]


def told_in_trail(engine: Engine) -> list[tuple]:
    with reading(engine) as connection:
        assert audit.verify(connection).fault is None
        events = trail.events(connection).sort_values("event_id")
    return [
        (row.audit_action, json.loads(row.event_details)) for row in events.itertuples()
        if row.audit_action.startswith("month-")
    ]  # fmt: skip


def test_a_reopened_month_waits_for_a_later_import(city):
    close(city, MARCH, ["H1"], "zhang")
    (outcome,) = reopen(city, MARCH, ["H1"], " 漏报两张发票 ", "zhang")
    assert (outcome.month_state, outcome.reason) == ("open", "")
    assert state_of(city, "H1") == "open"
    fill_more(city, imported(3), covered(3, month=APRIL))
    assert state_of(city, "H1") == "open"
    fill_more(city, imported(4), covered(4))
    assert state_of(city, "H1") == "submitted"
    assert told_in_trail(city)[-1][1]["reason"] == "漏报两张发票"
    kept = asked(city, "select state, imports_until, reason from month_step order by id")
    assert kept == [("closed", 2, ""), ("reopened", 2, "漏报两张发票")]


def test_a_reopened_month_is_asked_for_and_due_anew(city):
    close(city, MARCH, ["H1"], "zhang")
    reopen(city, MARCH, ["H1"], "漏报", "zhang")
    row = states(city).set_index("institution_code").loc["H1"]
    opened = row["step_at"].date()
    assert row["is_asked"] and row["report_state"] == "open" and row["lines"] == 2
    assert (row["due_on"].date() - opened).days in (10, 11)  # in UTC the day may be the one before


REFUSED = {
    "without a reason": lambda e: reopen(e, MARCH, ["H1"], "  ", "zhang"),
    "of nobody": lambda e: reopen(e, MARCH, [], "漏报", "zhang"),
    "of an institution that is not there": lambda e: close(e, MARCH, ["H404"], "zhang"),
    "of one outside the scope": lambda e: close(e, MARCH, ["H1", "H2"], "zhang", ("H2",)),
    "reopening outside the scope": lambda e: reopen(e, MARCH, ["H1"], "漏报", "zhang", ("H2",)),
    "of a month that has not ended": lambda e: close(e, MARCH, None, "zhang", day=date(2022, 3, 31)),
    "nothing bought, with lines": lambda e: declare_nothing_bought(e, "H1", MARCH, "li"),
    "nothing bought, of another": lambda e: declare_nothing_bought(e, "H2", MARCH, "li", ("H1",)),
    "nothing bought, too early": lambda e: declare_nothing_bought(
        e, "H2", MARCH, "li", day=date(2022, 3, 31)
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_leaves_no_trace(city, case):
    with pytest.raises(ReportingRefused) as refused:
        REFUSED[case](city)
    assert str(refused.value).endswith("。") and "{" not in str(refused.value)
    assert asked(city, "select count(*) from month_step") == [(0,)]
    assert told_in_trail(city) == []


def test_somebody_of_a_part_of_the_city_closes_that_part(city):
    assert [o.institution_code for o in close(city, MARCH, None, "qu", ("H1",))] == ["H1"]
    assert state_of(city, "H2") == "open"


def test_only_a_closed_month_is_opened_again(city):
    (outcome,) = reopen(city, MARCH, ["H1"], "漏报", "zhang")
    assert (outcome.month_state, outcome.reason) == ("submitted", "没有关账，无须重新开放")
    assert asked(city, "select count(*) from month_step") == [(0,)]


def test_nothing_bought_is_declared_of_an_open_month_once(city):
    declare_nothing_bought(city, "H2", MARCH, "li", ("H2",))
    assert state_of(city, "H2") == "submitted"
    assert told_in_trail(city) == [("month-submitted", {"month": "2022-03", "institutions": ["H2"]})]
    for act in (lambda: None, lambda: close(city, MARCH, ["H2"], "zhang")):
        act()
        with pytest.raises(ReportingRefused):
            declare_nothing_bought(city, "H2", MARCH, "li")


def test_a_reopened_month_may_be_right_as_it_is(city):
    with pytest.raises(ReportingRefused, match="没有重新开放"):
        confirm_unchanged(city, "H1", MARCH, "li")
    close(city, MARCH, ["H1"], "zhang")
    reopen(city, MARCH, ["H1"], "漏报", "zhang")
    assert state_of(city, "H1") == "open"
    with pytest.raises(ReportingRefused):
        confirm_unchanged(city, "H1", MARCH, "wang", ("H2",))
    confirm_unchanged(city, "H1", MARCH, "li", ("H1",))
    assert state_of(city, "H1") == "submitted"
    assert told_in_trail(city)[-1][0] == "month-submitted"


def test_a_reopened_month_with_lines_cannot_be_declared_empty(city):
    close(city, MARCH, ["H1"], "zhang")
    reopen(city, MARCH, ["H1"], "漏报", "zhang")
    with pytest.raises(ReportingRefused, match="已有采购记录"):
        declare_nothing_bought(city, "H1", MARCH, "li")


def test_reminders_name_who_has_not_reported_the_most_overdue_first(city):
    fill_more(city, covered(2, 2, date(2022, 2, 1)))
    with reading(city) as connection:
        rows = reporting.reminders(connection, Filters(), LATE)
    # H1's agreed volume was of 2021; H2 bought something in December and has reported February.
    assert_rows(
        rows,
        """
        institution_code | month      | report_state | days_overdue | months_open
        H1               | 2021-12-01 | overdue      | 91           | 1
        H2               | 2021-12-01 | overdue      | 91           | 3
        H2               | 2022-01-01 | overdue      | 60           | 3
        H2               | 2022-03-01 | overdue      | 1            | 3
        """,
    )
    with reading(city) as connection:
        own = reporting.reminders(connection, Filters(scope=("H2",)), LATE)
    assert set(own["institution_code"]) == {"H2"}


def test_a_month_reopened_long_after_is_reminded_of(city):
    close(city, MARCH, ["H1"], "zhang")
    reopen(city, MARCH, ["H1"], "漏报", "zhang")
    with reading(city) as connection:
        rows = reporting.reminders(connection)
    assert ("H1", "2022-03") in {(row.institution_code, f"{row.month:%Y-%m}") for row in rows.itertuples()}


def test_an_official_begins_with_the_last_month_that_is_asked_for(city):
    with reading(city) as connection:
        assert reporting.default_month(connection, Filters(as_of=LATE)) == MARCH
        # Nobody is asked for anything in 2030: the last month with purchases.
        assert reporting.default_month(connection, Filters(as_of=date(2030, 1, 1))) == MARCH


def test_a_scoped_reader_sees_the_months_of_the_scope(city):
    url = city.url.render_as_string(hide_password=False)
    fill_more(city, *(MonthStep(institution_id=i, month=MARCH, state="closed", imports_until=2,
                                at=datetime(2022, 5, 1, tzinfo=UTC), by="zhang") for i in (1, 2)))  # fmt: skip
    scoped = scoped_engine(url)
    with reading_within(scoped, ("H1",)) as connection:
        rows = reporting.month_states(connection, Filters(), MARCH, MARCH)
        left = reporting.reminders(connection)
    scoped.dispose()
    assert list(rows["institution_code"]) == ["H1"] and list(rows["month_state"]) == ["closed"]
    assert set(left["institution_code"]) <= {"H1"}


def test_the_reports_of_a_scope_are_of_its_institutions_alone(city):
    fill_more(city, imported(3), covered(3), covered(3, 2), imported(4), covered(4, 2))
    close(city, MARCH, ["H2"], "zhang", even_open=True)
    with reading(city) as connection:
        own, other = reports(connection, ("H1",)), reports(connection, ("H2",))
        assert list(reports(connection, None)["import_id"]) == [4, 3, 2]
        assert reports(connection, ()).empty
    assert_rows(own, "import_id | file_name | months_told | report_use\n2 | 2.xlsx | 2022-03 | in_force")
    assert_rows(other, "import_id | institution_names | report_use\n4 | 第二医院 | closed")
