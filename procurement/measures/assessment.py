"""The assessment score that the indicators make.

    points of an indicator = its weight × its rate
    score                  = Σ weight × rate          (0–100)

Weights are points of 100, rates the exact ratios of measures.indicators; points, weights and score are told
in millionths of a point. The score is rounded once, from the exact sum, half away from zero, so that a
score on the edge of a band falls on the right side; each indicator's points are rounded once for
themselves. An indicator without data is empty and says why. By the policy assessment_missing_indicator the
score then stays empty, or the indicator earns no points, or its weight is spread over the others in
proportion (weight × 100 ÷ the weights that have data); which of them was done is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from procurement.measures.retention import SETTLEMENT
from procurement.money import UNIT_SCALE, divide
from procurement.policies.assessment import FULL_SCORE, INDICATORS, AssessmentPolicy

Policies = Mapping[tuple[date, str], AssessmentPolicy]
"""The policy in force by first day of the agreement year and category; absent where there is none."""

EVIDENCE = (
    "varieties",
    "varieties_met",
    "varieties_left_out",
    "unmeasured_lines",
    "lines",
    "lines_without_date",
    "return_lines",
    "open_lines",
    "due_amount",
    "late_amount",
    "months_on_time",
    "months_judged",
    "months_before_ledger",
)
"""Counts and amounts (1/10000 yuan) behind an indicator; empty where they are not of its kind."""

MISSING = (
    "no_agreed_volume",
    "no_purchases",
    "no_acceptance_dates",
    "nothing_due",
    "before_ledger",
    "no_month_due",
    "no_assessment_policy",
)
"""Reasons why an indicator is empty."""

UNSCORED = ("indicator_missing", "weights_invalid", "no_assessment_policy")
"""Reasons why there is no computed score."""


TREATMENTS = ("empty", "zero", "spread")
"""What is done where an indicator has no data; values of assessment_missing_indicator."""


@dataclass(frozen=True)
class Assessed:
    """A computed score, exact and out of 100, or the reason why there is none.

    `weights` and `points` are those that each indicator counted with; `missing` the indicators with a weight
    and no data, `treatment` what was done about them.
    """

    score: Fraction | None = None
    reason: str = ""
    weights: Mapping[str, Fraction | None] = field(default_factory=lambda: dict.fromkeys(INDICATORS))
    points: Mapping[str, Fraction | None] = field(default_factory=lambda: dict.fromkeys(INDICATORS))
    missing: tuple[str, ...] = ()
    treatment: str = ""


def assessed(policy: AssessmentPolicy | None, rates: Mapping[str, Fraction | None]) -> Assessed:
    """The score of one institution's batch and agreement year."""
    if policy is None:
        return Assessed(reason="no_assessment_policy")
    if not policy.weights_are_valid:
        return Assessed(reason="weights_invalid")
    weights = {name: Fraction(policy.weight(name)) for name in INDICATORS}
    missing = tuple(name for name in INDICATORS if weights[name] and rates[name] is None)
    treatment = policy.missing_indicator if missing else ""
    if treatment == "spread":
        weights = _spread(weights, missing)
    points = {name: _points(weights[name], rates[name]) for name in INDICATORS}
    if treatment == "zero":
        points |= dict.fromkeys(missing, Fraction(0))
    told = {"weights": weights, "points": points, "missing": missing, "treatment": treatment}
    if treatment == "empty" or not any(weights.values()):
        return Assessed(reason="indicator_missing", **told)  # type: ignore[arg-type]
    return Assessed(sum((p for p in points.values() if p is not None), Fraction(0)), **told)  # type: ignore[arg-type]


def _points(weight: Fraction, rate: Fraction | None) -> Fraction | None:
    return None if rate is None else weight * rate


def _spread(weights: dict[str, Fraction], missing: tuple[str, ...]) -> dict[str, Fraction]:
    """The weights of the missing given to the others in proportion; all zero where there are no others."""
    left = {name: Fraction(0) if name in missing else weight for name, weight in weights.items()}
    present = sum(left.values())
    return (
        {name: weight * Fraction(FULL_SCORE) / present for name, weight in left.items()} if present else left
    )


def assess(
    settlements: pd.DataFrame, measured: Mapping[str, pd.DataFrame], policies: Policies
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Indicator rows and scores.

    `settlements`: SETTLEMENT, year_start, year_end, category; `measured`: measures.indicators by indicator,
    under the same index. Rows: one per settlement and indicator, in that order, with weight (the policy's),
    counted_weight, numerator, denominator, indicator_rate, points, indicator_reason, missing_treatment and
    EVIDENCE. Scores: one per settlement with computed_score or computed_reason, missing_indicators (codes,
    joined by commas), missing_treatment and the policy's score_policy (workbook | indicators |
    workbook_first).
    """
    found = [policies.get((row.year_start.date(), row.category)) for row in settlements.itertuples()]
    has_policy = pd.Series([policy is not None for policy in found], index=settlements.index, dtype=bool)
    measured = {name: _under_a_policy(measured[name], has_policy) for name in INDICATORS}
    rates = {name: _exact_rates(measured[name]) for name in INDICATORS}
    told = [assessed(policy, {n: rates[n][at] for n in INDICATORS}) for at, policy in enumerate(found)]
    parts = [_rows_of(name, settlements, measured[name], found, told) for name in INDICATORS]
    rows = pd.concat(parts, keys=range(len(INDICATORS)), names=["order", "settlement"])
    rows = rows.sort_index(level=["settlement", "order"]).reset_index(drop=True)
    return rows, _scores_of(settlements, found, told)


def _under_a_policy(measured: pd.DataFrame, has_policy: pd.Series) -> pd.DataFrame:
    """Nothing is told where no policy says how it is measured."""
    empty = measured.where(has_policy, None)
    return empty.assign(reason=measured["reason"].where(has_policy, "no_assessment_policy"))


def _exact_rates(measured: pd.DataFrame) -> list[Fraction | None]:
    pairs = zip(measured["numerator"], measured["denominator"], strict=True)
    return [None if pd.isna(whole) else Fraction(int(part), int(whole)) for part, whole in pairs]


def _rows_of(
    name: str,
    settlements: pd.DataFrame,
    measured: pd.DataFrame,
    policies: list[AssessmentPolicy | None],
    told: list[Assessed],
) -> pd.DataFrame:
    """The rows of one indicator, under the settlements' index."""
    index = settlements.index
    treatments = [each.treatment if name in each.missing else "" for each in told]
    evidence = {column: measured[column] for column in EVIDENCE if column in measured}
    absent = {column: pd.Series(pd.NA, index=index, dtype="Int64") for column in EVIDENCE}
    weights = [None if policy is None else Fraction(policy.weight(name)) for policy in policies]
    return settlements[[*SETTLEMENT, "year_start", "year_end", "category"]].assign(
        indicator=name,
        weight=_in_millionths(weights, index),
        counted_weight=_in_millionths([each.weights[name] for each in told], index),
        numerator=measured["numerator"],
        denominator=measured["denominator"],
        indicator_rate=_fractions(measured),
        points=_in_millionths([each.points[name] for each in told], index),
        indicator_reason=measured["reason"],
        missing_treatment=pd.Series(treatments, index=index, dtype=object),
        **{**absent, **evidence},
    )


def _scores_of(
    settlements: pd.DataFrame, policies: list[AssessmentPolicy | None], told: list[Assessed]
) -> pd.DataFrame:
    index = settlements.index
    texts = {
        "computed_reason": [each.reason for each in told],
        "missing_indicators": [",".join(each.missing) for each in told],
        "missing_treatment": [each.treatment for each in told],
        "score_policy": [policy.source if policy else "" for policy in policies],
    }
    columns = {name: pd.Series(values, index=index, dtype=object) for name, values in texts.items()}
    scores = _in_millionths([each.score for each in told], index)
    return settlements[[*SETTLEMENT, "year_start", "year_end", "category"]].assign(
        computed_score=scores, **columns
    )


def _in_millionths(values: list[Fraction | None], index: pd.Index) -> pd.Series:
    """Exact points in millionths, rounded half away from zero."""
    scaled: list[Any] = [
        pd.NA if value is None else divide(value.numerator * UNIT_SCALE, value.denominator)
        for value in values
    ]
    return pd.Series(scaled, index=index, dtype="Int64")


def _fractions(measured: pd.DataFrame) -> pd.Series:
    """Rates as floats, for people to read."""
    rates = [pd.NA if rate is None else float(rate) for rate in _exact_rates(measured)]
    return pd.Series(rates, index=measured.index, dtype="Float64")
