"""What if: moved use, other volumes, score and policy, by the same measure as the settlement (DOMAIN §3)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.measures.agreements import with_amounts
from procurement.measures.changes import Bounds, Changes
from procurement.measures.reporting import as_used
from procurement.measures.retention import retention, retention_lines
from procurement.measures.switches import next_band, switches
from procurement.measures.whatif import Inputs, compared, compute, movable_use, whatif
from procurement.policies.retention import PaymentRatios, RetentionPolicy
from tests.drawn import AMOUNT, PRICE, SHARE, UNITS, assert_rows, table

START = date(2021, 1, 1)
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
# The worked example of the reference: baseline 2.00, awarded 0.40; 10 000 non-selected 片 at 1.80.
AGREED = """
    variety_id | product_id | reported_units | agreed_units | strength_factor | baseline_unit_price | awarded_unit_price
    -----------+------------+----------------+--------------+-----------------+---------------------+-------------------
    10         | -          | 100000         | 70000        | 1               | 2.00                | 0.40
"""
BOUGHT = """
    variety_id | product_id | is_selected | is_measured | equivalent_units | paid_amount
    -----------+------------+-------------+-------------+------------------+------------
    10         | 100        | yes         | yes         | 90000            | 36000.00
    10         | 101        | no          | yes         | 10000            | 18000.00
"""
ALL = dict.fromkeys(
    [
        "budget_amount",
        "spending_amount",
        "surplus_base_amount",
        "retained_amount",
        "staff_amount",
        "development_amount",
        "invoice_amount",
        "now_amount",
        "then_amount",
        "change_amount",
        "moved_amount",
        "added_amount",
        "invoice_saving_amount",
        "gain_amount",
        "unfulfilled_amount",
        "paid_amount",
    ],
    AMOUNT,
)
ALL |= dict.fromkeys(["moved_equivalent", "added_equivalent", "missing_points", "equivalent_units"], UNITS)


def inputs(agreed=AGREED, bought=BOUGHT, score="92", policy=POLICY, ratio=700_000, **more):
    prices = {"baseline_unit_price": PRICE, "awarded_unit_price": PRICE, "strength_factor": UNITS}
    volumes = with_amounts(table(agreed, prices).assign(baseline_basis="listed"))
    return Inputs(
        agreed=volumes.astype({"product_id": "Int64"}),
        bought=table(bought, {"equivalent_units": UNITS, "paid_amount": AMOUNT}),
        awarded={10: 400_000, 11: 1_500_000} | more.pop("awarded", {}),
        year_start=START,
        fund_ratio=ratio,
        score=int(Decimal(score) * UNITS) if score else None,
        policy=policy,
        **more,
    )


def then(given_inputs, **changes):
    return compute(given_inputs, [Changes(**changes)]).settlements.iloc[0]


def test_no_change_is_exactly_the_settlement():
    # The same inputs through the measure itself, under ids of their own.
    given_inputs = inputs()
    keys = {"institution_id": 7, "batch_id": 8, "agreement_year": 2}
    years = pd.DataFrame(
        {"batch_id": [8], "agreement_year": [2], "year_start": [pd.Timestamp(START)], "category": ["drug"]}
    )
    ratios = PaymentRatios(
        table("institution_id | batch_id | from_date | ratio\n - | - | - | 0.7", {"ratio": SHARE})
    )
    lines = retention_lines(
        given_inputs.agreed.assign(**keys),
        given_inputs.bought.assign(**keys),
        years,
        ratios,
        {(START, "drug"): POLICY},
    )
    own = retention(lines, pd.DataFrame([{**keys, "score": 92 * UNITS}]), {(START, "drug"): POLICY}).iloc[0]
    now = compute(given_inputs, [Changes()]).settlements.iloc[0]
    names = [
        "budget_amount",
        "spending_amount",
        "surplus_base_amount",
        "ratio",
        "retained_amount",
        "staff_amount",
    ]
    assert now[names].tolist() == own[names].tolist()
    assert now["retained_amount"] == 53_900 * AMOUNT


def test_moving_half_of_the_non_selected_use():
    # moved 5 000 片: non-selected 18 000 → 9 000, selected + 5 000 × 0.40 = 2 000
    # spending (28 000 + 9 000) × 0.7 = 25 900; base 114 100; retained 57 050; staff 34 230
    # invoices 36 000 + 18 000 = 54 000 → 38 000 + 9 000 = 47 000
    outcome = whatif(inputs(), Changes(shift=Decimal("0.5")))
    assert_rows(
        compared(outcome),
        """
        amount_name         | now_amount | then_amount | change_amount
        --------------------+------------+-------------+--------------
        budget_amount       | 140000.00  | 140000.00   | 0
        spending_amount     | 32200.00   | 25900.00    | -6300.00
        surplus_base_amount | 107800.00  | 114100.00   | 6300.00
        retained_amount     | 53900.00   | 57050.00    | 3150.00
        staff_amount        | 32340.00   | 34230.00    | 1890.00
        development_amount  | 21560.00   | 22820.00    | 1260.00
        invoice_amount      | 54000.00   | 47000.00    | -7000.00
        """,
        ALL,
    )
    assert_rows(
        outcome.moves,
        """
        variety_id | product_id | moved_equivalent | moved_amount | added_amount | scenario
        -----------+------------+------------------+--------------+--------------+---------
        10         | 101        | 5000             | 9000.00      | 2000.00      | 1
        """,
        ALL,
    )


def test_on_the_actual_basis_the_moved_use_is_spent_at_the_awarded_price():
    # spending (36 000 + 4 000 + 0) × 0.7 = 28 000; base 112 000; score 92 → 56 000
    row = then(inputs(), shift=Decimal(1), spending_basis="actual")
    assert row["spending_amount"] == 28_000 * AMOUNT
    assert row["retained_amount"] == 56_000 * AMOUNT


def test_what_moves_is_rounded_once():
    # a third of 1.0000 yuan for 1 片: 0.3333 yuan and 0.333333 片 go; 0.333333 × 0.40 = 0.1333 yuan comes
    third = BOUGHT.replace("10000            | 18000.00", "1                | 1.00")
    moves = whatif(inputs(bought=third), Changes(shift=Fraction(1, 3))).moves
    assert moves[["moved_equivalent", "moved_amount", "added_amount"]].iloc[0].tolist() == [
        333_333,
        3_333,
        1_333,
    ]


USES = """
    variety_id | product_id | is_selected | is_measured | equivalent_units | paid_amount
    -----------+------------+-------------+-------------+------------------+------------
    10         | 100        | yes         | yes         | 90000            | 36000.00
    10         | 101        | no          | yes         | 10000            | 18000.00
    10         | 102        | no          | no          | -                | 500.00
    10         | 103        | no          | yes         | 0                | 0.00
    10         | 104        | no          | yes         | -20              | -30.00
    10         | 105        | no          | yes         | 40               | 60.00
    10         | 105        | no          | no          | -                | 7.00
    11         | 110        | no          | yes         | 10               | 50.00
    12         | 120        | no          | yes         | 10               | 50.00
"""
TWO = AGREED + "    11 | - | 1000 | 700 | 1 | 6.00 | - \n"


def test_use_moves_only_where_units_net_use_and_price_are_known():
    # 12 has no agreed volume: no part of the settlement; 11 no awarded price; 105 moves what is measured
    use = movable_use(replace(inputs(TWO, USES), awarded={10: 400_000}))
    assert list(zip(use["product_id"], use["move_reason"], strict=True)) == [
        (101, ""), (102, "units_unknown"), (103, "no_net_use"), (104, "no_net_use"), (105, ""), (110, "no_awarded"),
    ]  # fmt: skip
    assert use.set_index("product_id").loc[105, "paid_amount"] == 60 * AMOUNT
    assert use.set_index("product_id").loc[105, "unmeasured_amount"] == 7 * AMOUNT


def test_what_cannot_move_is_listed_below_with_its_reason():
    rows = switches(replace(inputs(bought=USES), awarded={10: 400_000}))
    assert rows["switch_reason"].tolist() == ["", "", "units_unknown", "no_net_use", "no_net_use", ""]
    assert rows["switch"].tolist() == ["move"] * 5 + ["together"]
    assert rows["paid_amount"].iloc[2] == 500 * AMOUNT
    assert rows["gain_amount"].isna().tolist() == [False, False, True, True, True, False]


def test_a_share_of_a_product_goes_before_that_of_its_variety_and_of_all():
    changes = Changes(
        shift=Decimal("0.1"), shift_of=((10, Decimal("0.2")),), shift_of_product=((10, 101, 1),)
    )
    assert [changes.share(10, 101), changes.share(10, 102), changes.share(11, 110)] == [
        1, Fraction(1, 5), Fraction(1, 10),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "retained"),
    [  # base 107 800 unless said otherwise
        ({"score": Decimal("89.99")}, "48510"),  # × 50 % × 90 %
        ({"score": Decimal("90")}, "53900"),
        ({"maximum_ratio": Decimal("0.4")}, "43120"),  # × 40 %
        ({"maximum_ratio": Decimal("0.6")}, "53900"),  # beyond the limit of 50 %: taken to it
        # agreed 80 000: spending (32 000 + 18 000) × 0.7 = 35 000; base 105 000
        ({"agreed_of": ((10, Decimal(80_000)),)}, "52500"),
        ({"agreed_factor": Decimal("8") / 7}, "52500"),
        # reported 90 000, agreed 63 000: 126 000 − (25 200 + 18 000) × 0.7 = 95 760
        ({"reported_of": ((10, Decimal(90_000)),)}, "47880"),
        # reported 90 000, agreed as told: 126 000 − (28 000 + 18 000) × 0.7 = 93 800
        ({"reported_of": ((10, Decimal(90_000)),), "agreed_of": ((10, Decimal(70_000)),)}, "46900"),
    ],
)  # fmt: skip
def test_other_terms_and_volumes(changes, retained):
    row = then(inputs(bounds=Bounds(highest_ratio=Decimal("0.5"))), **changes)
    assert row["retained_amount"] == int(retained) * AMOUNT


@pytest.mark.parametrize(
    ("asked", "staff"), [("0.59", 32_340), ("0.60", 32_340), ("0.65", 35_035), ("0.71", 37_730)]
)
def test_the_staff_share_stays_within_its_bounds(asked, staff):
    # retained 53 900 × 60 % = 32 340, × 65 % = 35 035, × 70 % = 37 730
    bounds = Bounds(least_staff=Decimal("0.6"), most_staff=Decimal("0.7"))
    row = then(inputs(bounds=bounds), staff_share=Decimal(asked))
    assert row["staff_amount"] == staff * AMOUNT
    assert row["staff_amount"] + row["development_amount"] == row["retained_amount"]


def test_a_new_volume_is_spread_over_the_products_agreed_with():
    # 60 000 of strength 1 and 20 000 of strength 0.5 are 70 000 units; 140 000 doubles both
    agreed = """
    variety_id | product_id | reported_units | agreed_units | strength_factor | baseline_unit_price | awarded_unit_price
    -----------+------------+----------------+--------------+-----------------+---------------------+-------------------
    10         | 100        | 60000          | 60000        | 1               | 2.00                | 0.40
    10         | 109        | 20000          | 20000        | 0.5             | 1.00                | 0.20
    """
    lines = compute(inputs(agreed), [Changes(agreed_of=((10, Decimal(140_000)),))]).lines
    assert lines["agreed_equivalent"].iloc[0] == 140_000 * UNITS
    assert lines["agreed_amount"].iloc[0] == (120_000 * Decimal("0.4") + 40_000 * Decimal("0.2")) * AMOUNT


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"score": ""}, "no_score"), ({"ratio": None}, "no_ratio"), ({"policy": None}, "no_policy")],
)
def test_a_missing_basis_leaves_the_gain_empty_and_says_why(changes, reason):
    rows = switches(inputs(**changes))
    assert rows["gain_amount"].isna().all()
    assert set(rows["switch_reason"]) == {reason}
    assert (
        rows["invoice_saving_amount"].iloc[0] == 14_000 * AMOUNT
    )  # 18 000 − 10 000 × 0.40 is known all the same


def test_a_score_that_is_missing_can_be_tried():
    assert then(inputs(score=""), score=Decimal(92))["retained_amount"] == 53_900 * AMOUNT


# --- Ranked switches -------------------------------------------------------------------------------


def test_switches_are_ranked_by_gain_and_summed_at_the_end():
    # score 85 → 90 %: retained 107 800 × 45 % = 48 510
    # move all: base 107 800 + 12 600 = 120 400 → 54 180, gain 5 670; invoices 18 000 − 4 000 = 14 000 less
    # next band 90: 53 900, gain 5 390; both: 120 400 × 50 % = 60 200, gain 11 690
    assert_rows(
        switches(inputs(score="85")),
        """
        switch   | variety_id | product_id | moved_equivalent | missing_points | invoice_saving_amount | gain_amount | retained_amount
        ---------+------------+------------+------------------+----------------+-----------------------+-------------+----------------
        move     | 10         | 101        | 10000            | -              | 14000.00              | 5670.00     | 54180.00
        score    | -          | -          | -                | 5              | 0                     | 5390.00     | 53900.00
        together | -          | -          | -                | -              | 14000.00              | 11690.00    | 60200.00
        """,
        ALL,
    )


@pytest.mark.parametrize(
    ("score", "band"),
    [("89.999999", 90), ("90", None), ("79.99", 80), ("80", 90), ("59.99", 60), ("60", 80), ("100", None)],
)
def test_the_next_band_is_the_nearest_that_is_granted_more(score, band):
    assert next_band(POLICY, Decimal(score)) == band


def test_a_band_that_is_granted_the_same_is_no_gain():
    bands = (
        (Decimal(90), Decimal(1)),
        (Decimal(80), Decimal("0.7")),
        (Decimal(60), Decimal("0.7")),
        (Decimal(0), Decimal(0)),
    )
    assert next_band(replace(POLICY, score_bands=bands), Decimal(65)) == 90


@pytest.mark.parametrize(
    ("bought", "moved", "added"),
    [  # agreed 70 000, condition 100 %; 10 000 non-selected could move
        ("69999", "1", "0"),
        ("60000", "10000", "0"),
        ("59999", "10000", "1"),
    ],
)
def test_a_variety_below_the_condition_moves_first_and_buys_the_rest(bought, moved, added):
    policy = replace(POLICY, completion_threshold=Decimal(1))
    rows = switches(inputs(bought=BOUGHT.replace("90000", bought), policy=policy))
    row = rows[rows["switch"] == "completion"].iloc[0]
    assert (row["moved_equivalent"], row["added_equivalent"]) == (int(moved) * UNITS, int(added) * UNITS)
    # below it nothing counts; at it base 140 000 − (28 000 + 18 000 × what is left) × 0.7, half of it
    left = Fraction(10_000 - int(moved), 10_000)
    assert row["gain_amount"] == (140_000 - (28_000 + 18_000 * left) * Fraction(7, 10)) / 2 * AMOUNT


def test_a_variety_at_the_condition_needs_no_switch():
    policy = replace(POLICY, completion_threshold=Decimal(1))
    rows = switches(inputs(bought=BOUGHT.replace("90000", "70000"), policy=policy))
    assert rows["switch"].tolist() == ["move", "together"]


def test_where_nothing_can_be_switched_the_list_is_empty():
    only_selected = "\n".join(BOUGHT.strip("\n").splitlines()[:3])
    assert switches(inputs(bought=only_selected)).empty


# --- What reporting cost ---------------------------------------------------------------------------


def test_over_reporting_is_told_with_what_was_not_bought():
    # used 50 000 + 10 000 = 60 000 of 100 000 reported; agreed 70 000: 20 000 × 0.40 = 8 000 unfulfilled
    # as used: reported 60 000, agreed 42 000: 84 000 − (16 800 + 18 000) × 0.7 = 59 640 → 29 820; was 53 900
    lines, outcome = as_used(inputs(bought=BOUGHT.replace("90000", "50000").replace("36000", "20000")))
    assert lines["reporting"].tolist() == ["over"]
    assert lines["unfulfilled_amount"].iloc[0] == 8_000 * AMOUNT
    assert lines["beyond_equivalent"].iloc[0] == 0
    assert lines["non_selected_share"].iloc[0] == pytest.approx(1 / 6)
    change = compared(outcome).set_index("amount_name")["change_amount"]
    assert change["retained_amount"] == (29_820 - 53_900) * AMOUNT


@pytest.mark.parametrize(
    ("reported", "word"), [("100001", "over"), ("100000", "fitting"), ("99999", "under"), ("-", "unknown")]
)
def test_reporting_is_over_or_under_what_was_used(reported, word):
    # 90 000 + 10 000 used
    lines, _outcome = as_used(inputs(AGREED.replace("100000", reported)))
    assert lines["reporting"].tolist() == [word]
    assert lines["beyond_equivalent"].iloc[0] == 20_000 * UNITS


def test_a_variety_with_unknown_units_stays_as_it_was():
    unknown = BOUGHT.replace("no          | yes         | 10000 ", "no          | no          | -     ")
    lines, outcome = as_used(inputs(bought=unknown))
    assert lines["reporting"].tolist() == ["unknown"]
    assert (compared(outcome)["change_amount"] == 0).all()


# --- Properties ------------------------------------------------------------------------------------

USE = st.tuples(
    st.integers(10, 11),  # variety
    st.booleans(),  # selected
    st.booleans(),  # units known
    st.integers(-(10**6), 10**7),  # units, thousandths
    st.integers(-(10**6), 10**8),  # paid, fen
)
POLICIES = st.builds(
    replace,
    st.just(POLICY),
    completion_threshold=st.sampled_from([Decimal(0), Decimal("0.8"), Decimal(1)]),
    negative_varieties=st.sampled_from(["offset", "zero"]),
    budget_basis=st.sampled_from(["reported", "agreed"]),
    staff_share=st.sampled_from([Decimal("0.6"), Decimal("0.633333"), Decimal("0.7")]),
)


def drawn_inputs(uses, policy, score, reported):
    agreed = AGREED.replace("100000", str(reported)) + "    11 | - | 1000 | 700 | 1 | 6.00 | 1.50 \n"
    bought = pd.DataFrame(
        [
            (v, 100 + at % 7, s, m, units * 1000 if m else pd.NA, paid * 100)
            for at, (v, s, m, units, paid) in enumerate(uses)
        ],
        columns=["variety_id", "product_id", "is_selected", "is_measured", "equivalent_units", "paid_amount"],
    ).astype({"equivalent_units": "Int64", "paid_amount": "Int64", "is_selected": bool, "is_measured": bool})
    base = inputs(agreed, policy=policy, score=str(score), bounds=Bounds(highest_ratio=Decimal("0.5")))
    return replace(base, bought=bought)


GIVEN = {
    "uses": st.lists(USE, max_size=8),
    "policy": POLICIES,
    "score": st.integers(0, 100),
    "reported": st.integers(0, 10**6),
}
SHARES = st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)


@settings(max_examples=20)
@given(first=SHARES, second=SHARES, **GIVEN)
def test_moving_use_on_the_agreed_basis_never_lowers_the_retained_surplus(
    uses, policy, score, reported, first, second
):
    less, more = sorted([first, second])
    rows = compute(
        drawn_inputs(uses, policy, score, reported), [Changes(), Changes(shift=less), Changes(shift=more)]
    ).settlements
    assert rows["retained_amount"].is_monotonic_increasing


@settings(max_examples=20)
@given(ratio=SHARES, staff=SHARES, shift=SHARES, **GIVEN)
def test_what_is_kept_stays_below_the_maximum_and_splits_exactly(
    uses, policy, score, reported, ratio, staff, shift
):
    changes = Changes(shift=shift, maximum_ratio=ratio, staff_share=staff)
    row = then_of(drawn_inputs(uses, policy, score, reported), changes)
    most = max(int(row["surplus_base_amount"]), 0) * min(ratio, Decimal("0.5"))
    assert 0 <= row["retained_amount"] <= most + 50  # the fen is rounded once
    assert row["staff_amount"] + row["development_amount"] == row["retained_amount"]


def then_of(given_inputs, changes):
    return compute(given_inputs, [changes]).settlements.iloc[0]


@settings(max_examples=10)
@given(**GIVEN)
def test_every_scenario_is_computed_as_if_it_were_alone(uses, policy, score, reported):
    given_inputs = drawn_inputs(uses, policy, score, reported)
    scenarios = [Changes(), Changes(shift=1), Changes(score=Decimal(90)), Changes(completed=(10, 11))]
    together = compute(given_inputs, scenarios).settlements
    for at, changes in enumerate(scenarios):
        alone = then_of(given_inputs, changes)
        assert together.iloc[at].drop(["scenario", "category"]).equals(alone.drop(["scenario", "category"]))
