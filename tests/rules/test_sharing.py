"""Yearly budgets shared with the fund: what is granted, borne, carried over and reviewed."""

from decimal import Decimal

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from procurement.measures.sharing import (
    settling_institutions,
    sharing,
    sharing_members,
    sharing_totals,
)
from procurement.money import FEN
from procurement.policies import published_policies
from procurement.policies.sharing import SharingPolicy, sharing_policies
from tests.drawn import AMOUNT, SHARE, assert_rows, table

RIZHAO = SharingPolicy(
    amount_per_person=Decimal(50), surplus_share=Decimal("0.20"), overrun_share=Decimal("0.20")
)
GLOBAL = SharingPolicy(
    growth_rate=Decimal("0.05"), surplus_share=Decimal("0.60"), overrun_share=Decimal("0.40")
)
HENGNAN = SharingPolicy(surplus_share=Decimal(1))

POLICIES = {
    (year, scheme): policy
    for year in range(2016, 2026)
    for scheme, policy in (("capitation", RIZHAO), ("global_budget", GLOBAL), ("budget_control", HENGNAN))
}

REGISTER = """
    institution_id | institution_code | kind         | parent_code
    ---------------+------------------+--------------+------------
    1              | C1               | primary_care | -
    2              | V1               | primary_care | C1
    3              | V2               | primary_care | C1
    4              | H1               | hospital     | -
    5              | C2               | primary_care | H1
"""

AMOUNTS = {
    "budget_amount": AMOUNT,
    "spending_amount": AMOUNT,
    "sharing_budget_amount": AMOUNT,
    "carried_in_amount": AMOUNT,
    "available_budget_amount": AMOUNT,
    "fund_spending_amount": AMOUNT,
    "sharing_surplus_amount": AMOUNT,
    "overrun_amount": AMOUNT,
    "granted_amount": AMOUNT,
    "borne_amount": AMOUNT,
    "carried_over_amount": AMOUNT,
    "fund_share_amount": AMOUNT,
    "next_budget_amount": AMOUNT,
    "earlier_mean_amount": AMOUNT,
    "growth_rate": SHARE,
}


def settled(drawing: str, policies=POLICIES, register: str = REGISTER) -> pd.DataFrame:
    members = sharing_members(table(drawing, AMOUNTS), table(register), policies)
    return sharing(members, policies)


# --- Capitation -----------------------------------------------------------------------------------


def test_a_fifth_of_a_surplus_is_granted_and_a_fifth_of_an_overrun_is_borne():
    rows = settled(
        """
        institution_id | year | scheme     | enrolled_persons | budget_amount | spending_amount
        ---------------+------+------------+------------------+---------------+----------------
        1              | 2016 | capitation | 10000            | -             | 450000
        1              | 2017 | capitation | 10000            | -             | 560000
        1              | 2018 | capitation | 10000            | -             | 500000
        1              | 2019 | capitation | 10000            | -             | 499999.99
        1              | 2020 | capitation | 10000            | -             | 500000.01
        """
    )
    assert_rows(
        rows,
        """
        year | sharing_budget_amount | sharing_surplus_amount | granted_amount | overrun_amount | borne_amount | fund_share_amount
        -----+-----------------------+------------------------+----------------+----------------+--------------+------------------
        2016 | 500000                | 50000                  | 10000          | 0              | 0            | 40000
        2017 | 500000                | 0                      | 0              | 60000          | 12000        | 48000
        2018 | 500000                | 0                      | 0              | 0              | 0            | 0
        2019 | 500000                | 0.01                   | 0              | 0              | 0            | 0.01
        2020 | 500000                | 0                      | 0              | 0.01           | 0            | 0.01
        """,
        AMOUNTS,
    )  # 10 000 × 50 = 500 000; 50 000 × 20 % = 10 000; 60 000 × 20 % = 12 000; 0.01 × 20 % = 0.002


def test_half_a_fen_is_rounded_away_from_zero():
    rows = settled(
        """
        institution_id | year | scheme     | enrolled_persons | budget_amount | spending_amount
        ---------------+------+------------+------------------+---------------+----------------
        1              | 2016 | capitation | 1                | -             | 49.98
        1              | 2017 | capitation | 1                | -             | 49.97
        1              | 2018 | capitation | 1                | -             | 50.03
        4              | 2018 | global_budget | -             | 50            | 49.99
        """,
        POLICIES | {(2018, "global_budget"): SharingPolicy(Decimal("0.50"), Decimal("0.50"))},
    )
    assert_rows(
        rows,
        """
        year | granted_amount | borne_amount | fund_share_amount
        -----+----------------+--------------+------------------
        2016 | 0              | 0            | 0.02
        2017 | 0.01           | 0            | 0.02
        2018 | 0              | 0.01         | 0.02
        2018 | 0.01           | 0            | 0
        """,
        AMOUNTS,
    )  # 0.02 × 20 % = 0.004; 0.03 × 20 % = 0.006; 0.01 × 50 % = 0.005 → 0.01


def test_a_clinic_is_settled_with_its_health_centre():
    rows = settled(
        """
        institution_id | year | scheme     | enrolled_persons | budget_amount | spending_amount
        ---------------+------+------------+------------------+---------------+----------------
        1              | 2020 | capitation | 6000             | -             | 200000
        2              | 2020 | capitation | 3000             | -             | 150000
        3              | 2020 | capitation | 1000             | -             | 100000
        5              | 2020 | capitation | 100              | -             | 4000
        2              | 2021 | capitation | 3000             | -             | 150000
        """
    )
    assert_rows(
        rows,
        """
        institution_id | year | members | enrolled_persons | fund_spending_amount | sharing_surplus_amount | granted_amount
        ---------------+------+---------+------------------+----------------------+------------------------+---------------
        1              | 2020 | 3       | 10000            | 450000               | 50000                  | 10000
        1              | 2021 | 1       | 3000             | 150000               | 0                      | 0
        5              | 2020 | 1       | 100              | 4000                 | 1000                   | 200
        """,
        AMOUNTS,
    )  # C2 belongs to a hospital, which no capitation sums: it is settled on its own


def test_clinics_of_clinics_go_to_the_top_and_a_circle_stays_apart():
    register = """
        institution_id | institution_code | kind         | parent_code
        ---------------+------------------+--------------+------------
        1              | C                | primary_care | H
        2              | V                | primary_care | C
        3              | W                | primary_care | V
        4              | A                | primary_care | B
        5              | B                | primary_care | A
        6              | S                | primary_care | S
        7              | H                | hospital     | -
        8              | L                | primary_care | gone
    """
    assert settling_institutions(table(register)) == {1: 1, 2: 1, 3: 1, 4: 4, 5: 5, 6: 6, 8: 8}


def test_a_hospital_with_a_global_budget_is_not_settled_with_anybody():
    rows = settled(
        """
        institution_id | year | scheme        | enrolled_persons | budget_amount | spending_amount
        ---------------+------+---------------+------------------+---------------+----------------
        2              | 2020 | global_budget | -                | 1000          | 900
        """
    )
    assert rows.loc[0, "institution_id"] == 2


def test_a_stated_budget_takes_the_place_of_persons_times_amount():
    rows = settled(
        """
        institution_id | year | scheme     | enrolled_persons | budget_amount | spending_amount
        ---------------+------+------------+------------------+---------------+----------------
        1              | 2020 | capitation | 6000             | 310000        | 400000
        2              | 2020 | capitation | 3000             | -             | 50000
        5              | 2020 | capitation | 100              | 6000          | 5000
        """
    )
    assert_rows(
        rows,
        """
        institution_id | sharing_budget_amount | budget_source | sharing_surplus_amount
        ---------------+-----------------------+---------------+-----------------------
        1              | 460000                | by_persons    | 10000
        5              | 6000                  | stated        | 1000
        """,
        AMOUNTS,
    )  # 310 000 + 3000 × 50 = 460 000


# --- Global budget --------------------------------------------------------------------------------


def test_next_years_budget_is_the_mean_of_two_years_and_grows():
    rows = settled(
        """
        institution_id | year | scheme        | enrolled_persons | budget_amount | spending_amount
        ---------------+------+---------------+------------------+---------------+----------------
        4              | 2018 | global_budget | -                | -             | 1000000
        4              | 2019 | global_budget | -                | -             | 1100000.01
        4              | 2020 | global_budget | -                | -             | 1000000
        4              | 2021 | global_budget | -                | 1200000       | 1300000
        """
    )
    assert_rows(
        rows,
        """
        year | sharing_budget_amount | budget_source    | sharing_surplus_amount | granted_amount | overrun_amount | borne_amount | fund_share_amount | next_budget_amount | missing_reason
        -----+-----------------------+------------------+------------------------+----------------+----------------+--------------+-------------------+--------------------+---------------
        2018 | -                     | -                | -                      | -              | -              | -            | -                 | -                  | no_earlier_years
        2019 | -                     | -                | -                      | -              | -              | -            | -                 | 1102500.01         | no_earlier_years
        2020 | 1102500.01            | by_earlier_years | 102500.01              | 61500.01       | 0              | 0            | 41000             | 1102500.01         | -
        2021 | 1200000               | stated           | 0                      | 0              | 100000         | 40000        | 60000             | 1207500            | -
        """,
        AMOUNTS,
    )  # (1 000 000 + 1 100 000.01) ÷ 2 × 1.05 = 1 102 500.00525 → .01; 102 500.01 × 60 % = 61 500.006


def test_one_of_the_two_earlier_years_is_not_enough():
    rows = settled(
        """
        institution_id | year | scheme        | enrolled_persons | budget_amount | spending_amount
        ---------------+------+---------------+------------------+---------------+----------------
        4              | 2018 | global_budget | -                | -             | -
        4              | 2019 | global_budget | -                | -             | 1000000
        4              | 2020 | global_budget | -                | -             | 1000000
        4              | 2018 | budget_control | -               | 1000000       | 1000000
        """
    )
    reasons = rows.set_index(["scheme", "year"])["missing_reason"]
    assert reasons["global_budget", 2020] == "no_earlier_years"


# --- Budget control -------------------------------------------------------------------------------


def test_a_surplus_carries_over_and_an_overrun_goes_to_review():
    rows = settled(
        """
        institution_id | year | scheme         | enrolled_persons | budget_amount | spending_amount
        ---------------+------+----------------+------------------+---------------+----------------
        4              | 2019 | budget_control | -                | 1000          | 900
        4              | 2020 | budget_control | -                | 1000          | 1050
        4              | 2021 | budget_control | -                | 1000          | 1050
        4              | 2022 | budget_control | -                | 1000          | 1000.01
        4              | 2023 | budget_control | -                | 1000          | 1000
        """
    )
    assert_rows(
        rows,
        """
        year | carried_in_amount | available_budget_amount | sharing_surplus_amount | carried_over_amount | overrun_amount | fund_share_amount | needs_review | missing_reason
        -----+-------------------+-------------------------+------------------------+---------------------+----------------+-------------------+--------------+---------------
        2019 | 0                 | 1000                    | 100                    | 100                 | 0              | 0                 | no           | -
        2020 | 100               | 1100                    | 50                     | 50                  | 0              | 0                 | no           | -
        2021 | 50                | 1050                    | 0                      | 0                   | 0              | 0                 | no           | -
        2022 | 0                 | 1000                    | 0                      | 0                   | 0.01           | -                 | yes          | overrun_review
        2023 | 0                 | 1000                    | 0                      | 0                   | 0              | 0                 | no           | -
        """,
        AMOUNTS,
    )


def test_a_part_of_the_surplus_may_carry_over():
    half = {
        (year, "budget_control"): SharingPolicy(surplus_share=Decimal("0.50")) for year in range(2019, 2023)
    }
    rows = settled(
        """
        institution_id | year | scheme         | enrolled_persons | budget_amount | spending_amount
        ---------------+------+----------------+------------------+---------------+----------------
        4              | 2019 | budget_control | -                | 1000          | 899.99
        4              | 2020 | budget_control | -                | 1000          | 1000
        """,
        half,
    )
    assert_rows(
        rows,
        """
        year | carried_in_amount | carried_over_amount | fund_share_amount
        -----+-------------------+---------------------+------------------
        2019 | 0                 | 50.01               | 50
        2020 | 50.01             | 25.01               | 25
        """,
        AMOUNTS,
    )  # 100.01 × 50 % = 50.005 → 50.01; 50.01 × 50 % = 25.005 → 25.01


def test_what_a_missing_year_carried_over_is_not_known():
    rows = settled(
        """
        institution_id | year | scheme         | enrolled_persons | budget_amount | spending_amount
        ---------------+------+----------------+------------------+---------------+----------------
        4              | 2019 | budget_control | -                | 1000          | 900
        4              | 2021 | budget_control | -                | 1000          | 900
        5              | 2019 | budget_control | -                | 1000          | -
        5              | 2020 | budget_control | -                | 1000          | 900
        """
    )
    assert_rows(
        rows,
        """
        institution_id | year | available_budget_amount | missing_reason
        ---------------+------+-------------------------+---------------
        4              | 2019 | 1000                    | -
        4              | 2021 | -                       | no_carried_in
        5              | 2019 | 1000                    | no_spending
        5              | 2020 | -                       | no_carried_in
        """,
        AMOUNTS,
    )


# --- What is missing, and totals ------------------------------------------------------------------


def test_a_figure_without_a_basis_is_empty_and_says_why():
    rows = settled(
        """
        institution_id | year | scheme         | enrolled_persons | budget_amount | spending_amount
        ---------------+------+----------------+------------------+---------------+----------------
        1              | 2020 | capitation     | 6000             | -             | 200000
        2              | 2020 | capitation     | 3000             | -             | -
        5              | 2020 | capitation     | -                | -             | 200000
        4              | 2020 | budget_control | -                | -             | 200000
        4              | 2015 | capitation     | 100              | -             | 4000
        """
    )
    assert_rows(
        rows,
        """
        institution_id | year | sharing_budget_amount | sharing_surplus_amount | missing_reason
        ---------------+------+-----------------------+------------------------+------------------
        1              | 2020 | 450000                | -                      | no_spending
        4              | 2020 | -                     | -                      | no_budget
        4              | 2015 | -                     | -                      | no_sharing_policy
        5              | 2020 | -                     | -                      | no_persons
        """,
        AMOUNTS,
    )
    assert sharing_totals(rows)["sharing_budget_amount"] is None  # no settlement has a surplus or an overrun


def test_totals_are_sums_over_the_settlements_that_are_complete():
    rows = settled(
        """
        institution_id | year | scheme     | enrolled_persons | budget_amount | spending_amount
        ---------------+------+------------+------------------+---------------+----------------
        1              | 2016 | capitation | 10000            | -             | 450000
        1              | 2017 | capitation | 10000            | -             | 560000
        1              | 2018 | capitation | 10000            | -             | -
        """
    )
    totals = sharing_totals(rows)
    assert totals["sharing_budget_amount"] == 1_000_000 * AMOUNT
    assert (totals["granted_amount"], totals["borne_amount"]) == (10_000 * AMOUNT, 12_000 * AMOUNT)
    assert totals["carried_over_amount"] is None


def test_nothing_loaded_gives_no_rows():
    accounts = pd.DataFrame(
        {
            name: pd.Series(dtype="object" if name == "scheme" else "Int64")
            for name in ("institution_id", "year", "scheme", "enrolled_persons", "budget_amount",
                         "spending_amount")
        }
    )  # fmt: skip
    assert sharing(sharing_members(accounts, table(REGISTER), POLICIES), POLICIES).empty


fen = st.integers(0, 10**12).map(lambda value: value * FEN)
share = st.integers(0, 100).map(lambda value: Decimal(value) / 100)


@given(budget=fen, spending=fen, granted=share, borne=share)
def test_the_parts_add_up_and_none_is_negative(budget, spending, granted, borne):
    for scheme in ("capitation", "global_budget", "budget_control"):
        accounts = pd.DataFrame(
            {
                "institution_id": [4],
                "year": [2020],
                "scheme": [scheme],
                "enrolled_persons": pd.Series([pd.NA], dtype="Int64"),
                "budget_amount": pd.Series([budget], dtype="Int64"),
                "spending_amount": pd.Series([spending], dtype="Int64"),
            }
        )
        policies = {(2020, scheme): SharingPolicy(granted, borne)}
        row = sharing(sharing_members(accounts, table(REGISTER), policies), policies).iloc[0]
        surplus, overrun = row["sharing_surplus_amount"], row["overrun_amount"]
        assert surplus - overrun == budget - spending and min(surplus, overrun) == 0
        parts = row[["granted_amount", "borne_amount", "carried_over_amount", "fund_share_amount"]]
        assert all(part >= 0 and part % FEN == 0 for part in parts.dropna())
        if not row["needs_review"]:
            assert parts.dropna().sum() == surplus + overrun


# --- The published values -------------------------------------------------------------------------


def test_the_published_values_start_in_2016_and_reach_the_year_after():
    policies = sharing_policies(published_policies(), [2015, 2016])
    assert {year for year, _scheme in policies} == {2016, 2017}
    assert policies[2016, "capitation"] == RIZHAO
    assert policies[2016, "budget_control"] == HENGNAN
    assert policies[2017, "global_budget"].growth_rate is not None
