"""The assessment score from indicators, and what becomes of an indicator without data."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.measures.assessment import assess, assessed
from procurement.policies import EARLIEST, PolicyError, published_policies
from procurement.policies.assessment import INDICATORS, AssessmentPolicy, assessment_policy_on
from tests.drawn import UNITS, assert_rows, table

POLICY = AssessmentPolicy(
    source="indicators",
    weights=(
        ("completion", Decimal(40)),
        ("selected_share", Decimal(30)),
        ("payment", Decimal(20)),
        ("reporting", Decimal(10)),
    ),
    payment_days=30,
    reporting_days=10,
    missing_indicator="empty",
)
ONE = """
    institution_id | batch_id | agreement_year | year_start | year_end   | category | payment_days | reporting_days
    ---------------+----------+----------------+------------+------------+----------+--------------+---------------
    1              | 1        | 1              | 2021-01-01 | 2021-12-31 | drug     | 30           | 10
"""
SETTLEMENT = table(ONE)


def rates(**known):
    return {name: Fraction(known[name]) if name in known else None for name in INDICATORS}


def test_the_score_is_the_weighted_sum():
    found = assessed(POLICY, rates(completion="1", selected_share="9/10", payment="1/2", reporting="0"))
    # 40 + 27 + 10 + 0
    assert found.score == 77
    assert found.points == {"completion": 40, "selected_share": 27, "payment": 10, "reporting": 0}


TWO_MISSING = rates(completion="1/2", selected_share="1")


@pytest.mark.parametrize(
    ("treatment", "score", "weights"),
    [
        ("empty", None, (40, 30, 20, 10)),
        ("zero", 50, (40, 30, 20, 10)),  # 20 + 30 + 0 + 0
        ("spread", Fraction(500, 7), (Fraction(400, 7), Fraction(300, 7), 0, 0)),  # (20 + 30) × 100 ÷ 70
    ],
)
def test_an_indicator_without_data_is_treated_as_the_policy_says(treatment, score, weights):
    found = assessed(replace(POLICY, missing_indicator=treatment), TWO_MISSING)
    assert found.score == score
    assert tuple(found.weights.values()) == weights
    assert found.missing == ("payment", "reporting")
    assert found.treatment == treatment
    assert found.reason == ("" if score else "indicator_missing")


@pytest.mark.parametrize(("treatment", "score"), [("empty", None), ("zero", 0), ("spread", None)])
def test_without_any_data_there_is_nothing_to_spread_over(treatment, score):
    assert assessed(replace(POLICY, missing_indicator=treatment), rates()).score == score


def test_an_indicator_without_weight_is_not_missed():
    policy = replace(POLICY, weights=(("completion", Decimal(60)), ("selected_share", Decimal(40))))
    found = assessed(policy, TWO_MISSING)
    assert found.score == 70
    assert (found.missing, found.treatment) == ((), "")


@pytest.mark.parametrize(
    "weights",
    [
        (("completion", Decimal("99.99")),),
        (("completion", Decimal(60)), ("completion", Decimal(40))),
        (("completion", Decimal(60)), ("beds", Decimal(40))),
        (("completion", Decimal(110)), ("payment", Decimal(-10))),
        (),
    ],
)
def test_weights_that_do_not_make_up_100_points_give_no_score(weights):
    found = assessed(replace(POLICY, weights=weights), rates(**dict.fromkeys(INDICATORS, "1")))
    assert found.score is None
    assert found.reason == "weights_invalid"


def test_no_policy_gives_no_score():
    assert assessed(None, TWO_MISSING).reason == "no_assessment_policy"


def measured(completion=None, selected_share=None, payment=None, reporting=None, reason="no_purchases"):
    """Frames of one settlement; a rate is a pair of whole numbers."""
    given = {
        "completion": completion,
        "selected_share": selected_share,
        "payment": payment,
        "reporting": reporting,
    }
    return {
        name: pd.DataFrame(
            {
                "numerator": pd.Series([pair and pair[0]], dtype=object),
                "denominator": pd.Series([pair and pair[1]], dtype=object),
                "reason": ["" if pair else reason],
                "varieties": pd.Series([3], dtype="Int64"),
            }
        )
        for name, pair in given.items()
    }


def assess_one(found, policy=POLICY):
    return assess(SETTLEMENT, found, {(date(2021, 1, 1), "drug"): policy} if policy else {})


def test_rows_tell_weight_rate_points_and_reason():
    rows, scores = assess_one(measured((1, 3), (2, 3), (1, 1)))
    assert_rows(
        rows,
        """
        indicator      | weight | counted_weight | indicator_rate | points
        ---------------+--------+----------------+----------------+----------
        completion     | 40     | 40             | 0.333333       | 13.333333
        selected_share | 30     | 30             | 0.666667       | 20
        payment        | 20     | 20             | 1              | 20
        reporting      | 10     | 10             | -              | -
        """,
        scales=dict.fromkeys(("weight", "counted_weight", "points"), UNITS),
    )
    assert rows["indicator_reason"].tolist() == ["", "", "", "no_purchases"]
    assert rows["missing_treatment"].tolist() == ["", "", "", "empty"]
    assert_rows(
        scores,
        "computed_score | computed_reason | missing_indicators | missing_treatment | score_policy\n"
        "- | indicator_missing | reporting | empty | indicators",
    )


@pytest.mark.parametrize(
    ("pairs", "score", "points"),
    [
        # 40/7 + 30/7 + 20/7 + 10/7 = 100/7 = 14.2857142…
        (((1, 7), (1, 7), (1, 7), (1, 7)), 14_285_714, 14_285_714),
        # 40 × 8/9 + 30 × 8/9 + 20 × 8/9 + 10 = 90 exactly, though 35.555556 + 26.666667 + 17.777778 + 10 is more
        (((8, 9), (8, 9), (8, 9), (9, 9)), 90_000_000, 90_000_001),
    ],
)
def test_the_score_is_rounded_once_from_the_exact_sum(pairs, score, points):
    rows, scores = assess_one(measured(*pairs))
    assert scores["computed_score"].tolist() == [score]
    assert rows["points"].sum() == points


def test_a_year_without_a_policy_is_told_without_figures():
    rows, scores = assess_one(measured((1, 1), (1, 1), (1, 1), (1, 1)), policy=None)
    assert set(rows["indicator_reason"]) == {"no_assessment_policy"}
    assert rows[["weight", "indicator_rate", "points", "varieties"]].isna().all(axis=None)
    assert scores["computed_reason"].tolist() == ["no_assessment_policy"]


# Policies


def test_our_own_policy_is_an_example_that_leaves_the_workbook_in_charge():
    book = published_policies()
    policy = assessment_policy_on(book, EARLIEST, "drug")
    assert policy.source == "workbook"
    assert policy.missing_indicator == "empty"
    assert policy.weights_are_valid
    assert all(
        value.example
        for name, p in book.parameters.items()
        if name.startswith("assessment_")
        for value in p.values
    )


def test_a_day_before_the_first_entry_has_no_policy():
    with pytest.raises(PolicyError):
        assessment_policy_on(published_policies(), date(2018, 12, 31), "drug")


# Properties

FRACTIONS = st.fractions(0, 1, max_denominator=1000)
RATES = st.fixed_dictionaries({name: st.none() | FRACTIONS for name in INDICATORS})
TREATMENTS = st.sampled_from(["empty", "zero", "spread"])


@st.composite
def policies(draw):
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=3, max_size=3)))
    points = [b - a for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    weights = tuple((name, Decimal(part) / 100) for name, part in zip(INDICATORS, points, strict=True))
    return replace(POLICY, weights=weights, missing_indicator=draw(TREATMENTS))


@given(policies(), RATES)
def test_a_score_lies_between_0_and_100_and_its_weights_add_up(policy, rates):
    found = assessed(policy, rates)
    assert policy.weights_are_valid
    assert found.score is None or 0 <= found.score <= 100
    assert sum(found.weights.values()) == 100 or found.score is None


@given(policies(), RATES)
def test_spreading_keeps_the_full_score_at_100(policy, rates):
    full = {name: None if value is None else Fraction(1) for name, value in rates.items()}
    found = assessed(replace(policy, missing_indicator="spread"), full)
    assert found.score in (None, 100)


@given(policies(), RATES, st.sampled_from(INDICATORS))
def test_a_missing_indicator_never_changes_a_score_in_silence(policy, rates, lost):
    before = assessed(policy, rates)
    after = assessed(policy, {**rates, lost: None})
    if after.score != before.score or after.weights != before.weights:
        assert lost in after.missing
        assert after.treatment == policy.missing_indicator
    if policy.missing_indicator == "empty" and policy.weight(lost):
        assert after.score is None
