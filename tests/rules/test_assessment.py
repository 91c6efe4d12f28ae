"""The assessment score from indicators: each with its evidence, and what becomes of one without data."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.measures import indicators
from procurement.measures.assessment import assess, assessed
from procurement.policies import EARLIEST, PolicyError, published_policies
from procurement.policies.assessment import INDICATORS, AssessmentPolicy, assessment_policy_on
from tests.drawn import AMOUNT, UNITS, assert_rows, table

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
AS_OF = date(2021, 6, 30)
IN_USE = date(2021, 1, 1)
"""The ledger's first import."""

ONE = """
    institution_id | batch_id | agreement_year | year_start | year_end   | category | payment_days | reporting_days
    ---------------+----------+----------------+------------+------------+----------+--------------+---------------
    1              | 1        | 1              | 2021-01-01 | 2021-12-31 | drug     | 30           | 10
"""
SETTLEMENT = table(ONE)

BOUGHT = """
    institution_id | batch_id | variety_id | agreement_year | is_selected | lines | unmeasured_lines | equivalent_units
    ---------------+----------+------------+----------------+-------------+-------+------------------+-----------------
"""
AGREED = """
    institution_id | batch_id | variety_id | agreement_year | agreed_equivalent
    ---------------+----------+------------+----------------+------------------
"""


def bought(rows=""):
    return table(BOUGHT + rows, scales={"equivalent_units": UNITS})


def agreed(rows=""):
    return table(AGREED + rows, scales={"agreed_equivalent": UNITS})


def rate(found):
    row = found.iloc[0]
    return None if pd.isna(row["denominator"]) else Fraction(row["numerator"], row["denominator"])


# Completion


@pytest.mark.parametrize(
    ("units", "expected", "met"),
    [
        ("99.999999", Fraction(99_999_999, 100_000_000), 0),
        ("100", 1, 1),
        ("100.000001", 1, 1),
        ("250", 1, 1),  # more than agreed makes up for nothing else
        ("0", 0, 0),
        ("-5", 0, 0),  # more returned than bought
    ],
)
def test_completion_of_one_variety_is_at_most_one(units, expected, met):
    found = indicators.completion(
        SETTLEMENT, agreed("1 | 1 | 10 | 1 | 100"), bought(f"1 | 1 | 10 | 1 | yes | 1 | 0 | {units}")
    )
    assert rate(found) == expected
    assert found["varieties_met"].tolist() == [met]


def test_completion_is_the_exact_mean_over_varieties():
    found = indicators.completion(
        SETTLEMENT,
        agreed("""
            1 | 1 | 10 | 1 | 3
            1 | 1 | 11 | 1 | 7
            1 | 1 | 12 | 1 | 5
            1 | 1 | 13 | 1 | 0
            1 | 1 | 10 | 2 | 9
        """),
        bought("""
            1 | 1 | 10 | 1 | yes | 1 | 0 | 1
            1 | 1 | 11 | 1 | yes | 2 | 1 | 9
            1 | 1 | 11 | 1 | no  | 1 | 0 | 9
            1 | 1 | 12 | 1 | no  | 1 | 0 | 5
            1 | 1 | 14 | 1 | yes | 1 | 0 | 5
        """),
    )
    # (1/3 + 1 + 0) ÷ 3 = 4/9: variety 13 has no volume, 14 none agreed, year 2 is another settlement
    assert rate(found) == Fraction(4, 9)
    assert_rows(found, "varieties | varieties_met | unmeasured_lines\n3 | 1 | 1")


def test_two_agreements_of_a_variety_are_one_volume():
    found = indicators.completion(
        SETTLEMENT,
        agreed("1 | 1 | 10 | 1 | 60\n1 | 1 | 10 | 1 | 40"),
        bought("1 | 1 | 10 | 1 | yes | 1 | 0 | 80"),
    )
    assert rate(found) == Fraction(8, 10)


def test_no_agreed_volume_leaves_completion_empty():
    found = indicators.completion(SETTLEMENT, agreed("1 | 1 | 10 | 1 | 0"), bought())
    assert rate(found) is None
    assert found["reason"].tolist() == ["no_agreed_volume"]


# Selected share


@pytest.mark.parametrize(
    ("selected", "non_selected", "expected", "left_out"),
    [
        ("90", "10", Fraction(9, 10), 0),
        ("90", "0", Fraction(1), 0),
        ("0", "10", Fraction(0), 0),
        ("10", "-10", None, 1),  # nothing is left
        ("10", "-9.999999", Fraction(1), 0),  # held at 1
        ("-5", "10", Fraction(0), 0),  # held at 0
        ("-5", "2", None, 1),
    ],
)
def test_the_share_is_net_of_returns(selected, non_selected, expected, left_out):
    found = indicators.selected_share(
        SETTLEMENT,
        bought(f"1 | 1 | 10 | 1 | yes | 1 | 0 | {selected}\n1 | 1 | 10 | 1 | no | 1 | 0 | {non_selected}"),
    )
    assert rate(found) == expected
    assert found["varieties_left_out"].tolist() == [left_out]
    assert found["reason"].tolist() == ["" if expected is not None else "no_purchases"]


def test_the_share_is_the_mean_over_varieties_not_over_units():
    found = indicators.selected_share(
        SETTLEMENT,
        bought("""
            1 | 1 | 10 | 1 | yes | 1 | 0 | 1000000
            1 | 1 | 11 | 1 | yes | 1 | 0 | 1
            1 | 1 | 11 | 1 | no  | 1 | 0 | 3
            1 | 1 | 12 | 1 | yes | 2 | 2 | -
        """),
    )
    # (1 + 1/4) ÷ 2 = 5/8; of variety 12 no quantity is known
    assert rate(found) == Fraction(5, 8)
    assert_rows(found, "varieties | varieties_left_out | unmeasured_lines\n2 | 1 | 2")


# Payment

ACCEPTED = """
    institution_id | batch_id | agreement_year | paid_amount | accepted_on | paid_on
    ---------------+----------+----------------+-------------+-------------+--------
"""
PAID = bought("1 | 1 | 10 | 1 | yes | 10 | 0 | 1\n1 | 1 | 10 | 1 | no | 99 | 0 | 1")


def paid(rows, selected=PAID, as_of=AS_OF):
    accepted = table(
        ACCEPTED + "\n".join(f"1 | 1 | 1 | {row}" for row in rows), scales={"paid_amount": AMOUNT}
    )
    days = dict.fromkeys(("accepted_on", "paid_on"), "datetime64[s]")
    return indicators.payment(SETTLEMENT, selected, accepted.astype(days), as_of)


@pytest.mark.parametrize(
    ("accepted", "paid_on", "due", "late"),
    [  # measuring day 2021-06-30, 30 days
        ("2021-03-01", "2021-03-31", 100, 0),  # day 30
        ("2021-03-01", "2021-04-01", 100, 100),  # day 31
        ("2021-03-01", "2021-02-20", 100, 0),  # before it came
        ("2021-05-30", "-", 100, 100),  # last day was yesterday
        ("2021-05-31", "-", 100, 100),  # last day is today, and it is over
        ("2021-06-01", "-", 0, 0),  # last day is tomorrow
        ("2021-06-20", "2021-06-30", 100, 0),  # paid today, long before it is due
        ("2021-06-20", "2021-07-01", 0, 0),  # paid tomorrow: not known yet
        ("2021-03-01", "2021-07-01", 100, 100),
    ],
)
def test_a_line_is_due_when_paid_or_when_its_last_day_has_come(accepted, paid_on, due, late):
    found = paid([f"100 | {accepted} | {paid_on}"])
    assert found["due_amount"].tolist() == [due * AMOUNT]
    assert found["late_amount"].tolist() == [late * AMOUNT]
    assert rate(found) == (Fraction(due - late, due) if due else None)
    assert found["reason"].tolist() == ["" if due else "nothing_due"]


def test_payment_is_weighed_by_amount_and_tells_the_lines_without_a_date():
    found = paid(
        [
            "70.0001 | 2021-03-01 | 2021-03-02",
            "30      | 2021-03-01 | -",
            "900     | 2021-06-29 | -",
            "-50     | 2021-03-01 | -",  # a return owes the supplier nothing
            "0       | 2021-03-01 | -",
        ]
    )
    assert rate(found) == Fraction(700_001, 1_000_001)
    assert_rows(
        found,
        """
        lines | lines_without_date | return_lines | open_lines
        10    | 5                  | 2            | 1
        """,
    )


@pytest.mark.parametrize(
    ("rows", "selected", "reason"),
    [
        ([], PAID, "no_acceptance_dates"),
        ([], bought("1 | 1 | 10 | 1 | no | 3 | 0 | 1"), "no_purchases"),
        (["-50 | 2021-03-01 | 2021-03-02"], PAID, "nothing_due"),
    ],
)
def test_payment_without_data_says_what_is_missing(rows, selected, reason):
    found = paid(rows, selected)
    assert rate(found) is None
    assert found["reason"].tolist() == [reason]


# Reporting

LOADED = """
    institution_id | month      | loaded_on
    ---------------+------------+----------
"""


def reported(rows, settlement=SETTLEMENT, first_import=IN_USE, as_of=AS_OF):
    drawn = table(LOADED + "\n".join(f"1 | {row}" for row in rows))
    days = dict.fromkeys(("month", "loaded_on"), "datetime64[s]")
    drawn = drawn.astype({"institution_id": "Int64", **days})
    return indicators.reporting(settlement, drawn, first_import, as_of)


@pytest.mark.parametrize(
    ("loaded_on", "on_time"),
    [("2021-03-10", 1), ("2021-03-11", 0), ("2021-02-28", 1)],  # month's end + 10 days, + 11
)
def test_a_month_is_reported_in_time_up_to_its_last_day(loaded_on, on_time):
    found = reported([f"2021-02-01 | {loaded_on}"], as_of=date(2021, 2, 28))
    # January was never loaded: late
    assert_rows(found, f"months_on_time | months_judged\n{on_time} | 2")


@pytest.mark.parametrize(
    ("as_of", "judged"),
    [
        (date(2021, 1, 30), 0),  # not ended
        (date(2021, 1, 31), 0),  # may still come
        (date(2021, 2, 9), 0),
        (date(2021, 2, 10), 1),  # its last day has come
    ],
)
def test_a_month_never_loaded_is_late_once_its_last_day_has_come(as_of, judged):
    found = reported([], as_of=as_of)
    assert found["months_judged"].tolist() == [judged]
    assert found["reason"].tolist() == ["" if judged else "no_month_due"]


@pytest.mark.parametrize(
    ("first_import", "judged", "before", "reason"),
    [  # the last days of January and February are 02-10 and 03-10
        (date(2021, 2, 10), 2, 0, ""),
        (date(2021, 2, 11), 1, 1, ""),
        (date(2021, 3, 11), 0, 2, "before_ledger"),
        (None, 0, 2, "before_ledger"),
    ],
)
def test_what_was_due_before_the_first_import_cannot_be_judged(first_import, judged, before, reason):
    found = reported(
        ["2021-01-01 | 2021-02-10", "2021-02-01 | 2021-03-09"],
        first_import=first_import,
        as_of=date(2021, 2, 28),
    )
    assert_rows(
        found, f"months_judged | months_before_ledger | months_on_time\n{judged} | {before} | {judged}"
    )
    assert found["reason"].tolist() == [reason]


def test_a_month_belongs_to_the_year_in_which_it_ends():
    years = table("""
        institution_id | batch_id | agreement_year | year_start | year_end   | category | payment_days | reporting_days
        ---------------+----------+----------------+------------+------------+----------+--------------+---------------
        1              | 1        | 1              | 2021-01-20 | 2022-01-19 | drug     | 30           | 10
        1              | 1        | 2              | 2022-01-20 | 2023-01-19 | drug     | 30           | 10
    """)
    found = reported(["2022-01-01 | 2022-02-01"], settlement=years, as_of=date(2023, 3, 31))
    # twelve each: January 2022 is of the second year
    assert_rows(found, "months_on_time | months_judged\n0 | 12\n1 | 12")


# The score


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
