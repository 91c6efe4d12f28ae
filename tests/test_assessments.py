"""Scores from the workbook or from the indicators, on every database that we claim to support."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, event

from procurement import figures
from procurement.assessments import assessment, computed, scores
from procurement.columns import reading as word
from procurement.database import reading
from procurement.filters import Filters
from procurement.measures.assessment import MISSING, TREATMENTS, UNSCORED
from procurement.policies.assessment import INDICATORS
from procurement.published import TABLES, records
from procurement.tables import (
    AgreedVolume,
    Batch,
    Import,
    ImportCoverage,
    Listing,
    PolicyEntry,
    Product,
    Variety,
)
from tests.small_ledger import PRICE, fill, purchase

JUNE = Filters(as_of=date(2021, 6, 30))


def history():
    """Imports 2–9: when the purchases of H1 were loaded, told in UTC."""
    loaded = [
        # Shanghai is eight hours ahead: 02-10 23:59 in time, 03-11 00:00 too late
        ("2021-02-10T15:59:59", "purchases", [date(2021, 1, 1)], None),
        ("2021-03-10T16:00:00", "purchases", [date(2021, 2, 1)], None),
        ("2021-04-05T08:00:00", "purchases", [date(2021, 3, 1)], None),
        ("2021-04-06T08:00:00", "undo", [], 4),
        ("2021-05-01T08:00:00", "purchases", [date(2021, 3, 1)], None),
        ("2021-05-10T08:00:00", "purchases", [date(2021, 4, 1)], None),
        ("2021-05-20T08:00:00", "purchases", [date(2021, 4, 1)], None),  # again: the first one counts
    ]
    rows = []
    for number, (at, kind, months, undoes) in enumerate(loaded, start=2):
        when = datetime.fromisoformat(at).replace(tzinfo=UTC)
        rows.append(
            Import(
                kind=kind,
                file_name=f"{number}.xlsx",
                content_hash=str(number),
                imported_at=when,
                imported_by="test",
                rows=1,
                undoes=undoes,
            )
        )
        rows += [
            ImportCoverage(import_id=number, institution_id=1, month=month, category=category)
            for month in months
            for category in ("drug", "")
        ]
    return rows


def second_batch():
    """B2 from 2021-05-15 with P4 selected; H1 agreed 100 units of it."""
    start, end = date(2021, 5, 15), date(2022, 5, 14)
    source = {"import_id": 1, "row_number": 5}
    dates = {"starts_on": start, "ends_on": end, **source}
    return [
        # P3 is P1 without a code
        Product(code="TMP-3", name="甲", is_provisional=True, merged_into=1, import_id=1),
        Product(code="P4", name="丁", spec="1支", units_per_pack=1, base_unit="支", import_id=1),
        Batch(name="B2", category="drug", execution_date=start, end_date=end, import_id=1),
        Variety(batch_id=2, name="W"),
        Listing(
            batch_id=2,
            variety_id=2,
            product_id=4,
            status="selected",
            baseline_unit_price=2 * PRICE,
            baseline_basis="listed",
            awarded_unit_price=PRICE,
            **dates,
        ),
        AgreedVolume(
            institution_id=1,
            batch_id=2,
            variety_id=2,
            agreement_year=1,
            reported_units=150,
            agreed_units=100,
            **source,
        ),
    ]


def lines():
    march = {"accepted_on": date(2021, 3, 6), "paid_on": date(2021, 4, 5)}  # 30 days
    return [
        purchase(1, date(2021, 3, 5), 60_000, 24_000, **march),
        purchase(
            3, date(2021, 3, 25), 5_000, 2_000, accepted_on=date(2021, 3, 25), paid_on=date(2021, 4, 25)
        ),
        purchase(1, date(2021, 6, 20), 3_000, 1_200),
        purchase(1, date(2021, 7, 1), 9_000, 3_600, accepted_on=date(2021, 7, 1)),
        purchase(2, date(2021, 4, 10), 10_000, 18_000, accepted_on=date(2021, 4, 10)),  # not selected
        purchase(4, date(2021, 5, 1), 50, 50, is_whole_month=True, accepted_on=date(2021, 5, 20)),
    ]


def policy(value, parameter="assessment_source", from_date=date(2019, 1, 1), category=None):
    return PolicyEntry(
        parameter=parameter,
        level="city",
        category=category,
        from_date=from_date,
        value=f'"{value}"',
        source="本市考核办法",
        decided_at=datetime(2021, 1, 1, tzinfo=UTC),
        decided_by="test",
    )


def fill_all(engine: Engine, *more):
    fill(engine, *history(), *second_batch(), *lines(), *more)


FIRST, SECOND = 87_472_527, 50_000_000
"""40 × 34/35 + 30 × 34/39 + 20 × 12/13 + 10 × 2/5 = 87.472527…, and 40 × 1/2 + 30 × 1 + 0 + 0."""


def test_every_indicator_comes_out_of_the_ledger_with_its_evidence(ledger):
    fill_all(ledger)
    with reading(ledger) as connection:
        told = records(assessment(connection, JUNE), TABLES["assessment"].columns)
    evidence = [
        {
            name: value
            for name, value in row.items()
            if name not in ("institution_code", "institution_name", "weight", "counted_weight", "points")
            and value is not None
        }
        for row in told
    ]
    first = {"batch": "B", "agreement_year": 1}
    second = {"batch": "B2", "agreement_year": 1}
    none_late = {"return_lines": 0, "lines_not_due": 0}
    assert evidence == [
        # 68 000 of 70 000: what was bought as TMP-3 counts as P1
        {**first, "indicator": "completion", "rate": 0.971429, "varieties": 1, "varieties_met": 0,
         "unmeasured_lines": 0},
        # 68 000 of 78 000
        {**first, "indicator": "selected_share", "rate": 0.871795, "varieties": 1, "varieties_left_out": 0,
         "unmeasured_lines": 0},
        # 24 000 in time on day 30, 2 000 late on day 31, one line without a date
        {**first, "indicator": "payment", "rate": 0.923077, "lines": 3, "lines_without_date": 1, **none_late,
         "due": "26000.00", "late": "2000.00"},
        # January and April; February and March (whose first import is undone) late, May not there
        {**first, "indicator": "reporting", "rate": 0.4, "months_on_time": 2, "months_judged": 5,
         "months_before_ledger": 0},
        # a line of May counts from 05-15 on
        {**second, "indicator": "completion", "rate": 0.5, "varieties": 1, "varieties_met": 0,
         "unmeasured_lines": 0},
        {**second, "indicator": "selected_share", "rate": 1.0, "varieties": 1, "varieties_left_out": 0,
         "unmeasured_lines": 0},
        {**second, "indicator": "payment", "rate": 0.0, "lines": 1, "lines_without_date": 0, **none_late,
         "due": "50.00", "late": "50.00"},
        {**second, "indicator": "reporting", "rate": 0.0, "months_on_time": 0, "months_judged": 1,
         "months_before_ledger": 0},
    ]  # fmt: skip


def test_the_indicators_make_a_score(ledger):
    fill_all(ledger)
    with reading(ledger) as connection:
        assert computed(connection, JUNE)["computed_score"].tolist() == [FIRST, SECOND]
        assert computed(connection, Filters(batches=("B2",), as_of=JUNE.as_of))[
            "computed_score"
        ].tolist() == [SECOND]


WORKBOOK = (92_000_000, "workbook", 1, 2, "")
NONE = (None, "", None, None, "")


def told(rows):
    """Rows with what is missing as None."""
    return [tuple(None if str(value) == "<NA>" else value for value in row) for row in rows]


def count_scores(engine, filters=JUNE):
    with reading(engine) as connection:
        rows = scores(connection, filters)
    names = ["score", "score_source", "import_id", "row_number", "missing_indicators"]
    return told(rows[names].itertuples(index=False, name=None))


def test_the_workbook_counts_and_nothing_else_is_read_unless_a_city_says_so(ledger):
    fill_all(ledger)
    asked = []
    event.listen(ledger, "before_cursor_execute", lambda *a: asked.append(a[2]))
    assert count_scores(ledger) == [WORKBOOK, NONE]
    assert asked
    assert not any("import_coverage" in statement or "accepted_on" in statement for statement in asked)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (policy("indicators"), [(FIRST, "indicators", None, None, ""), (SECOND, "indicators", None, None, "")]),
        (policy("workbook_first"), [WORKBOOK, (SECOND, "indicators", None, None, "")]),
        # in force on the first day of a year, or not
        (policy("indicators", from_date=date(2021, 1, 1)), [(FIRST, "indicators", None, None, ""),
                                                            (SECOND, "indicators", None, None, "")]),
        (policy("indicators", from_date=date(2021, 1, 2)), [WORKBOOK, (SECOND, "indicators", None, None, "")]),
        (policy("indicators", category="consumable"), [WORKBOOK, NONE]),
    ],
)  # fmt: skip
def test_the_policy_says_which_score_counts(sqlite_ledger, entry, expected):
    fill_all(sqlite_ledger, entry)
    assert count_scores(sqlite_ledger) == expected


def test_retention_takes_the_score_that_counts(ledger):
    fill_all(ledger, policy("indicators"))
    with reading(ledger) as connection:
        rows = figures.retention(connection, JUNE)
    assert rows["score"].tolist() == [FIRST, SECOND]
    assert rows["reason"].tolist() == ["", "score_too_low"]


@pytest.mark.parametrize(
    ("treatment", "expected", "reason"),
    [  # without payment: 38.857142… + 26.153846… + 4 = 69.010989…
        ("empty", (None, ""), "no_score"),
        ("zero", (69_010_989, "indicators"), ""),
        ("spread", (86_263_736, "indicators"), ""),  # × 100 ÷ 80
    ],
)
def test_an_indicator_without_data_is_named_and_treated_by_policy(sqlite_ledger, treatment, expected, reason):
    undated = [
        purchase(line.product_id, line.bought_on, line.base_units, line.paid_amount // 10_000)
        for line in lines()
    ]
    treated = policy(treatment, "assessment_missing_indicator")
    fill(sqlite_ledger, *history(), *second_batch(), *undated, policy("indicators"), treated)
    only = Filters(batches=("B",), as_of=JUNE.as_of)
    assert count_scores(sqlite_ledger, only) == [(*expected, None, None, "payment")]
    with reading(sqlite_ledger) as connection:
        row = figures.retention(connection, only).iloc[0]
        payment = assessment(connection, only).iloc[2]
    assert row["reason"] == reason
    assert (payment["indicator_reason"], payment["missing_treatment"]) == ("no_acceptance_dates", treatment)
    assert (payment["lines"], payment["lines_without_date"]) == (3, 3)


def test_the_measuring_day_hides_later_payments_and_months(sqlite_ledger):
    fill_all(sqlite_ledger)
    with reading(sqlite_ledger) as connection:
        rows = assessment(connection, Filters(as_of=date(2021, 4, 10), batches=("B",)))
    assert rows["due_amount"].iloc[2] == 24_000 * 10_000  # the other line is due on 04-24
    assert rows["open_lines"].iloc[2] == 1
    # March, loaded too late, is known to be late already
    assert (rows["months_on_time"].iloc[3], rows["months_judged"].iloc[3]) == (1, 3)


def test_nobody_sees_beyond_the_scope(sqlite_ledger):
    fill_all(sqlite_ledger)
    with reading(sqlite_ledger) as connection:
        for told_rows in (assessment, computed, scores):
            assert told_rows(connection, Filters(scope=("H2",), as_of=JUNE.as_of)).empty
            assert len(told_rows(connection, Filters(scope=("H1",), as_of=JUNE.as_of))) > 0


def test_a_variety_chosen_means_its_whole_batch(sqlite_ledger):
    fill_all(sqlite_ledger)
    with reading(sqlite_ledger) as connection:
        rows = computed(connection, Filters(varieties=("V",), as_of=JUNE.as_of))
    assert rows["computed_score"].tolist() == [FIRST]


def test_without_purchases_the_score_is_empty(sqlite_ledger):
    fill(sqlite_ledger, policy("indicators"))
    with reading(sqlite_ledger) as connection:
        rows = computed(connection, Filters(as_of=date(2021, 12, 31)))
    assert rows["computed_reason"].tolist() == ["indicator_missing"]
    # nothing was bought, so completion is known; the ledger came into use on 2022-01-01
    assert rows["missing_indicators"].tolist() == ["selected_share,payment,reporting"]


def test_every_indicator_source_and_reason_has_a_reading():
    codes = {
        "indicator": INDICATORS,
        "indicator_reason": MISSING,
        "computed_reason": UNSCORED,
        "score_source": ("workbook", "indicators"),
        "missing_treatment": TREATMENTS,
    }
    assert not [code for column, some in codes.items() for code in some if word(code, column) == code]
