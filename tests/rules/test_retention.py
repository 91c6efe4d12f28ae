"""What an institution keeps of the surplus (DOMAIN §3, 医保发〔2020〕26号)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.measures.agreements import price_agreements
from procurement.measures.retention import retention, retention_lines, retention_totals
from procurement.policies.retention import PaymentRatios, RetentionPolicy
from tests.drawn import AMOUNT, PRICE, SHARE, UNITS, assert_rows, table

POLICY = RetentionPolicy(
    maximum_ratio=Decimal("0.5"),
    score_bands=(
        (Decimal(90), Decimal(1)),
        (Decimal(80), Decimal("0.9")),
        (Decimal(60), Decimal("0.7")),
        (Decimal(0), Decimal(0)),
    ),
    budget_basis="reported",
    spending_basis="agreed",
    completion_threshold=Decimal(0),
    negative_varieties="offset",
    staff_share=Decimal("0.6"),
)
START = date(2021, 1, 1)

# Worked example of the reference: baseline 2.00, awarded 0.40 per 片.
RESOLVED = table(
    """
    batch_id | variety_id | product_id | strength_factor | baseline_unit_price | awarded_unit_price | variety_baseline | variety_awarded
    ---------+------------+------------+-----------------+---------------------+--------------------+------------------+----------------
    1        | 10         | 100        | 1               | 2.00                | 0.40               | 2.00             | 0.40
    1        | 11         | 110        | 1               | 1.00                | 1.50               | 1.00             | 1.50
    """,
    scales={
        "strength_factor": UNITS,
        "baseline_unit_price": PRICE,
        "awarded_unit_price": PRICE,
        "variety_baseline": PRICE,
        "variety_awarded": PRICE,
    },
)
RESOLVED = RESOLVED.assign(
    is_selected=True,
    baseline_basis="listed",
    variety_basis="listed",
    execution_date=pd.Timestamp(START).as_unit("s"),
    starts_on=pd.Timestamp(START).as_unit("s"),
    ends_on=pd.Timestamp("2022-12-31").as_unit("s"),
)
AGREED = """
    institution_id | batch_id | variety_id | product_id | agreement_year | reported_units | agreed_units
    ---------------+----------+------------+------------+----------------+----------------+-------------
    1              | 1        | 10         | -          | 1              | 100000         | 70000
"""
BOUGHT = """
    institution_id | batch_id | variety_id | agreement_year | is_selected | paid_amount | equivalent_units
    ---------------+----------+------------+----------------+-------------+-------------+-----------------
    1              | 1        | 10         | 1              | yes         | 36000.00    | 90000
    1              | 1        | 10         | 1              | no          | 18000.00    | 10000
"""
RATIOS = """
    institution_id | batch_id | from_date  | ratio
    ---------------+----------+------------+------
    -              | -        | 2020-01-01 | 0.70
"""


def settled_lines(policy=POLICY, agreed=AGREED, bought=BOUGHT, ratios=RATIOS):
    years = pd.DataFrame(
        {
            "batch_id": [1],
            "agreement_year": [1],
            "year_start": pd.to_datetime([START]).astype("datetime64[s]"),
            "category": ["drug"],
        }
    )
    return retention_lines(
        price_agreements(table(agreed), RESOLVED),
        table(bought, scales={"paid_amount": AMOUNT, "equivalent_units": UNITS}),
        years,
        PaymentRatios(table(ratios, scales={"ratio": SHARE})),
        {(START, "drug"): policy} if policy else {},
    )


def settle(policy=POLICY, score="92", agreed=AGREED, bought=BOUGHT, ratios=RATIOS):
    lines = settled_lines(policy, agreed, bought, ratios)
    scores = table(
        f"""
        institution_id | batch_id | agreement_year | score
        ---------------+----------+----------------+------
        {1 if score else 99} | 1  | 1              | {score or 0}
        """,
        scales={"score": UNITS},
    )
    return retention(lines, scores, {(START, "drug"): policy} if policy else {})


def amounts(*names):
    return dict.fromkeys(names, AMOUNT)


ALL = amounts(
    "budget_amount",
    "spending_amount",
    "surplus_base_amount",
    "retained_amount",
    "staff_amount",
    "development_amount",
)


def test_worked_example_on_the_agreed_basis():
    # budget 100 000 × 2.00 × 0.7 = 140 000; spending (70 000 × 0.40 + 18 000) × 0.7 = 32 200
    # base 107 800; × 50 % × 100 % = 53 900; × 60 % = 32 340
    result = settle()
    assert_rows(
        result,
        """
        budget_amount | spending_amount | surplus_base_amount | retained_amount | staff_amount | development_amount
        --------------+-----------------+---------------------+-----------------+--------------+-------------------
        140000.00     | 32200.00        | 107800.00           | 53900.00        | 32340.00     | 21560.00
        """,
        scales=ALL,
    )
    assert result["reason"].tolist() == [""]


def test_worked_example_on_the_actual_basis():
    # spending (36 000 + 18 000) × 0.7 = 37 800; base 102 200; × 50 % × 90 % = 45 990
    row = settle(replace(POLICY, spending_basis="actual"), score="85").iloc[0]
    assert row["spending_amount"] == 37_800 * AMOUNT
    assert row["surplus_base_amount"] == 102_200 * AMOUNT
    assert row["retained_amount"] == 45_990 * AMOUNT


@pytest.mark.parametrize(
    ("score", "retained"),
    [  # base 107 800 × 50 % = 53 900 at most
        ("100", "53900"),
        ("90", "53900"),
        ("89.99", "48510"),  # × 90 %
        ("80", "48510"),
        ("79.99", "37730"),  # × 70 %
        ("60", "37730"),
        ("59.99", "0"),
        ("0", "0"),
    ],
)
def test_the_score_decides_how_much_is_granted(score, retained):
    assert settle(score=score)["retained_amount"].iloc[0] == int(retained) * AMOUNT


def test_a_score_too_low_keeps_zero_and_says_why():
    assert settle(score="59.99")["reason"].iloc[0] == "score_too_low"


@pytest.mark.parametrize(
    ("changes", "reason", "has_base"),
    [
        ({"score": ""}, "no_score", True),
        ({"policy": None}, "no_policy", False),
        ({"ratios": RATIOS.replace("2020-01-01", "2021-01-02")}, "no_ratio", False),
        ({"agreed": AGREED.replace("100000", "-")}, "no_reported", False),
    ],
)
def test_a_missing_basis_leaves_the_figure_empty_and_says_why(changes, reason, has_base):
    row = settle(**changes).iloc[0]
    assert row["reason"] == reason
    assert pd.isna(row["retained_amount"])
    assert pd.notna(row["surplus_base_amount"]) == has_base


def test_a_missing_baseline_empties_the_whole_settlement():
    row = settle(
        agreed="""
        institution_id | batch_id | variety_id | product_id | agreement_year | reported_units | agreed_units
        ---------------+----------+------------+------------+----------------+----------------+-------------
        1              | 1        | 10         | -          | 1              | 100000         | 70000
        1              | 1        | 12         | -          | 1              | 1000           | 700
        """
    ).iloc[0]  # variety 12 is listed nowhere: no price at all
    assert row["reason"] == "no_baseline"
    assert pd.isna(row["budget_amount"])
    assert pd.isna(row["retained_amount"])


TWO_VARIETIES = """
    institution_id | batch_id | variety_id | product_id | agreement_year | reported_units | agreed_units
    ---------------+----------+------------+------------+----------------+----------------+-------------
    1              | 1        | 10         | -          | 1              | 100000         | 70000
    1              | 1        | 11         | -          | 1              | 10000          | 10000
"""


def test_a_negative_variety_offsets_inside_the_batch_or_counts_as_zero():
    # variety 11: budget 10 000 × 1.00 × 0.7 = 7 000, spending 10 000 × 1.50 × 0.7 = 10 500 → −3 500
    offset = settle(agreed=TWO_VARIETIES).iloc[0]
    assert offset["surplus_base_amount"] == (107_800 - 3_500) * AMOUNT
    zeroed = settle(replace(POLICY, negative_varieties="zero"), agreed=TWO_VARIETIES).iloc[0]
    assert zeroed["surplus_base_amount"] == 107_800 * AMOUNT


@pytest.mark.parametrize(
    ("bought_units", "base"),
    [("69999", 0), ("70000", 107_800), ("70001", 107_800)],  # agreed 70 000, threshold 100 %
)
def test_a_variety_below_the_completion_threshold_keeps_nothing(bought_units, base):
    policy = replace(POLICY, completion_threshold=Decimal(1))
    row = settle(policy, bought=BOUGHT.replace("90000", bought_units)).iloc[0]
    assert row["surplus_base_amount"] == base * AMOUNT


def test_no_surplus_keeps_nothing_and_owes_nothing():
    # non-selected 500 000 × 0.7 outweighs the budget of 140 000
    row = settle(bought=BOUGHT.replace("18000.00", "500000.00")).iloc[0]
    assert row["surplus_base_amount"] < 0
    assert row["retained_amount"] == 0
    assert row["reason"] == "no_surplus"


@pytest.mark.parametrize(
    ("ratios", "expected"),
    [
        ("- | - | 2020-01-01 | 0.70", 700_000),
        ("- | 1 | 2020-01-01 | 0.71", 710_000),  # batch > area
        ("1 | - | 2020-01-01 | 0.72", 720_000),  # institution > batch
        ("1 | 1 | 2020-01-01 | 0.73", 730_000),  # institution and batch > institution
        ("1 | 1 | 2021-01-01 | 0.74", 740_000),  # begins on the first day of the year
        ("1 | 1 | 2021-01-02 | 0.75", 730_000),  # begins a day too late
        ("2 | 1 | 2020-01-01 | 0.76", 730_000),  # somebody else's
    ],
)
def test_the_most_specific_payment_ratio_in_force_on_the_first_day_wins(ratios, expected):
    order = [
        "- | - | 2020-01-01 | 0.70",
        "- | 1 | 2020-01-01 | 0.71",
        "1 | - | 2020-01-01 | 0.72",
        "1 | 1 | 2020-01-01 | 0.73",
    ]
    upto = order[: order.index(ratios) + 1] if ratios in order else [*order, ratios]
    drawn = "institution_id | batch_id | from_date | ratio\n---+---+---+---\n" + "\n".join(upto)
    ratios_table = PaymentRatios(table(drawn, scales={"ratio": SHARE}))
    assert ratios_table.on(START, 1, 1) == expected


@given(
    reported=st.integers(0, 10**7),
    share=st.integers(50, 80),
    non_selected=st.integers(0, 10**9),
    score=st.integers(0, 100),
    staff=st.integers(60, 70),
)
def test_what_is_kept_is_at_most_half_never_negative_and_splits_exactly(
    reported, share, non_selected, score, staff
):
    agreed = AGREED.replace("100000", str(reported)).replace("70000", str(reported * share // 100))
    bought = BOUGHT.replace("18000.00", f"{non_selected / 100:.2f}")
    policy = replace(POLICY, staff_share=Decimal(staff) / 100)
    row = settle(policy, score=str(score), agreed=agreed, bought=bought).iloc[0]
    half = max(int(row["surplus_base_amount"]), 0) / 2
    assert 0 <= row["retained_amount"] <= half + 50  # the fen is rounded once
    assert row["retained_amount"] % 100 == 0
    assert row["staff_amount"] + row["development_amount"] == row["retained_amount"]


def test_totals_sum_the_settled_ones():
    rows = pd.concat([settle(), settle(score="")], ignore_index=True)
    totals = retention_totals(rows)
    assert totals["surplus_base"] == 2 * 107_800 * AMOUNT
    assert totals["retained"] == 53_900 * AMOUNT


@given(
    units=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=2),
    threshold=st.sampled_from(["0", "0.5", "1"]),
    negative=st.sampled_from(["offset", "zero"]),
    basis=st.sampled_from(["agreed", "actual"]),
    score=st.integers(0, 100),
)
def test_a_settlement_is_the_sum_of_its_lines(units, threshold, negative, basis, score):
    head = AGREED.splitlines()[1:3]
    rows = [f"1 | 1 | {10 + at} | - | 1 | {r} | {r * 7 // 10}" for at, (r, _bought) in enumerate(units)]
    bought = [
        f"1 | 1 | {10 + at} | 1 | yes | {paid}.00 | {paid}" for at, (_reported, paid) in enumerate(units)
    ]
    policy = replace(
        POLICY,
        completion_threshold=Decimal(threshold),
        negative_varieties=negative,
        spending_basis=basis,
    )
    drawn = {"agreed": "\n".join([*head, *rows]), "bought": "\n".join([*BOUGHT.splitlines()[1:3], *bought])}
    lines, row = settled_lines(policy, **drawn), settle(policy, score=str(score), **drawn).iloc[0]
    for column, of in (
        ("budget_amount",) * 2,
        ("spending_amount",) * 2,
        ("surplus_base_amount", "counted_amount"),
    ):
        assert row[column] == lines[of].sum()
    assert (lines["budget_amount"] - lines["spending_amount"] == lines["surplus_amount"]).all()
    assert row["staff_amount"] + row["development_amount"] == row["retained_amount"]
