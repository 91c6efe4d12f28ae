"""The assessment scores that count, from the workbook or from the indicators, with the evidence of both.

    assessment(connection, filters)   every indicator with its weight, rate, points and evidence
    computed(connection, filters)     the score that the indicators make, or why there is none
    scores(connection, filters)       the score that counts by the policy assessment_source
    assessed(connection, filters)     the first two at once

Policies are those in force on the first day of the agreement year. Nothing of the indicators is computed for
`scores` while every policy says that the workbook counts.
"""

from contextlib import suppress
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from procurement.filters import Filters
from procurement.kept import kept
from procurement.measures import assessment as assessments
from procurement.measures import indicators
from procurement.measures.retention import SETTLEMENT
from procurement.policies import EARLIEST, PolicyBook, PolicyError
from procurement.policies.assessment import AssessmentPolicy, assessment_policy_on
from procurement.priced import agreements
from procurement.queries import settlement as workbook
from procurement.queries.assessment import accepted_lines, first_import_day, months_loaded
from procurement.queries.names import with_names
from procurement.queries.policies import policy_book
from procurement.queries.years import (
    bought_in_years,
    measuring_day,
    of_whole_batches,
    on_measuring_day,
    settlements_begun,
)


def assessment(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per institution × batch × agreement year begun by the measuring day × indicator
    (measures.assessment.assess), with names."""
    return with_names(connection, assessed(connection, filters)[0])


def computed(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per institution × batch × agreement year begun: the computed score, or why there is none."""
    return assessed(connection, filters)[1]


def scores(
    connection: Connection, filters: Filters = Filters(), found: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row per institution × batch × agreement year begun: the score that counts (millionths).

    `score_source` is workbook or indicators, empty where there is no score; import_id and row_number tell
    where a score of the workbook stands, `missing_indicators` which indicators lacked data. `found` saves
    computing what the caller has computed already.
    """
    filters = of_whole_batches(connection, filters)
    settlements = settlements_begun(connection, filters, measuring_day(connection, filters) or EARLIEST)
    policies = policies_of(policy_book(connection), settlements)
    rows = settlements[SETTLEMENT].merge(workbook.scores(connection), on=SETTLEMENT, how="left")
    rows["score_source"] = rows["score"].notna().map({True: "workbook", False: ""}).astype(object)
    rows["missing_indicators"] = pd.Series("", index=rows.index, dtype=object)
    if all(policy.source == "workbook" for policy in policies.values()):
        return rows
    return _with_computed(rows, computed(connection, filters) if found is None else found)


def _with_computed(rows: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The computed score in the place of the workbook's where the policy says so."""
    found = rows[SETTLEMENT].merge(found, on=SETTLEMENT, how="left")
    is_first = (found["score_policy"] == "workbook_first") & rows["score"].isna()
    takes = (found["score_policy"] == "indicators") | is_first
    source = found["computed_score"].notna().map({True: "indicators", False: ""}).astype(object)
    return rows.assign(
        score=rows["score"].mask(takes, found["computed_score"]),
        import_id=rows["import_id"].mask(takes, pd.NA),
        row_number=rows["row_number"].mask(takes, pd.NA),
        score_source=rows["score_source"].mask(takes, source),
        missing_indicators=rows["missing_indicators"].mask(takes, found["missing_indicators"]),
    )


def policies_of(book: PolicyBook, settlements: pd.DataFrame) -> dict[tuple[date, str], AssessmentPolicy]:
    """The assessment policy by first day of the year and category; a day before the first entry has none."""
    policies = {}
    for start, category in settlements[["year_start", "category"]].drop_duplicates().itertuples(index=False):
        with suppress(PolicyError):
            policies[start.date(), category] = assessment_policy_on(book, start.date(), category)
    return policies


def _with_days(settlements: pd.DataFrame, policies: dict[tuple[date, str], AssessmentPolicy]) -> pd.DataFrame:
    """The days of payment and of reporting beside each settlement; empty without a policy."""
    found = [policies.get((row.year_start.date(), row.category)) for row in settlements.itertuples()]
    days = {
        name: [getattr(policy, name) if policy else pd.NA for policy in found]
        for name in ("payment_days", "reporting_days")
    }
    columns = {
        name: pd.Series(values, index=settlements.index, dtype="Int64") for name, values in days.items()
    }
    return settlements.assign(**columns)


def assessed(connection: Connection, filters: Filters) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Indicator rows and computed scores (measures.assessment.assess)."""
    return _assessed(connection, on_measuring_day(connection, of_whole_batches(connection, filters)))


@kept
def _assessed(connection: Connection, filters: Filters) -> tuple[pd.DataFrame, pd.DataFrame]:
    as_of = filters.as_of or EARLIEST
    settlements = settlements_begun(connection, filters, as_of)
    policies = policies_of(policy_book(connection), settlements)
    settlements = _with_days(settlements, policies)
    agreed = agreements(connection, filters)
    bought = bought_in_years(connection, filters, as_of)
    accepted = accepted_lines(connection, filters, as_of)
    loaded, first = months_loaded(connection, filters), first_import_day(connection)
    measured = {
        "completion": indicators.completion(settlements, agreed, bought),
        "selected_share": indicators.selected_share(settlements, bought),
        "payment": indicators.payment(settlements, bought, accepted, as_of),
        "reporting": indicators.reporting(settlements, loaded, first, as_of),
    }
    return assessments.assess(settlements, measured, policies)
