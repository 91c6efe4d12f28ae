"""The surplus that an institution keeps (结余留用).

    fund budget   = Σ reported volume × baseline unit price × fund payment ratio
    fund spending = Σ (agreed volume × awarded unit price + non-selected amount) × fund payment ratio
    surplus base  = fund budget − fund spending
    retained      = surplus base × maximum ratio × share granted by the assessment score
    staff         = retained × staff share;  development = retained − staff

On the actual basis the paid amount of selected purchases takes the place of agreed × awarded. Amounts
in 1/10000 yuan; a variety's lines keep them, retained and staff are rounded once, to the fen unless the
policy says otherwise, per institution × batch × agreement year, half away from zero. A figure whose basis
is missing is empty and says why. (医保发〔2020〕26号; DOMAIN §3)
"""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pandas as pd

from procurement.money import FEN, UNIT_SCALE, share_of
from procurement.policies.retention import PaymentRatios, RetentionPolicy

KEY = ["institution_id", "batch_id", "variety_id", "agreement_year"]
SETTLEMENT = ["institution_id", "batch_id", "agreement_year"]

Policies = Mapping[tuple[date, str], RetentionPolicy]
"""The policy in force by first day of the agreement year and category; absent where there is none."""


def retention_lines(
    agreed: pd.DataFrame, bought: pd.DataFrame, years: pd.DataFrame, ratios: PaymentRatios, policies: Policies
) -> pd.DataFrame:
    """One row per institution × batch × agreement year × variety: budget, spending and surplus.

    `agreed`: agreements.price_agreements. `bought`: paid_amount and equivalent_units by KEY and
    is_selected. `years`: batch_id, agreement_year, year_start, category. Units and unit prices are told
    where a variety has one agreed volume (`agreements` counts them). `line_reason` says why a line's figures
    are empty, or why its surplus does not count.
    """
    # A sum with a part missing is missing: half a budget is no budget.
    grouped = agreed.groupby(KEY, sort=True)
    lines = grouped[_SUMMED_AGREEMENTS].sum(skipna=False).assign(agreements=grouped.size()).reset_index()
    lines = lines.merge(agreed.drop_duplicates(KEY, keep=False)[[*KEY, *_STATED]], on=KEY, how="left")
    lines = lines.merge(years, on=["batch_id", "agreement_year"], how="inner")
    lines = _add_purchases(lines, bought)
    lines = _add_terms(lines, ratios, policies)
    lines = _add_amounts(lines)
    return _add_counted(lines)


_SUMMED_AGREEMENTS = [
    "reported_equivalent",
    "agreed_equivalent",
    "reported_baseline_amount",
    "agreed_baseline_amount",
    "agreed_amount",
]


_STATED = [
    "product_id",
    "reported_units",
    "agreed_units",
    "baseline_unit_price",
    "baseline_basis",
    "awarded_unit_price",
]


def _add_purchases(lines: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    is_selected = bought["is_selected"].astype(bool)
    for column, rows, source in (
        ("selected_amount", bought[is_selected], "paid_amount"),
        ("non_selected_amount", bought[~is_selected], "paid_amount"),
        ("bought_equivalent", bought[is_selected], "equivalent_units"),
    ):
        lines = lines.join(rows.groupby(KEY)[source].sum().rename(column).astype("Int64"), on=KEY)
        lines[column] = lines[column].fillna(0)
    return lines


def _add_terms(lines: pd.DataFrame, ratios: PaymentRatios, policies: Policies) -> pd.DataFrame:
    who = lines[[*SETTLEMENT, "year_start", "category"]].drop_duplicates(SETTLEMENT)
    terms = []
    for row in who.itertuples(index=False):
        start = row.year_start.date()
        policy = policies.get((start, row.category))
        ratio = ratios.on(start, row.institution_id, row.batch_id)
        terms.append((row.institution_id, row.batch_id, row.agreement_year, ratio, *_basis(policy)))
    names = [*SETTLEMENT, "fund_ratio", "budget_basis", "spending_basis", "threshold", "negative"]
    frame = pd.DataFrame(terms, columns=names).astype({"fund_ratio": "Int64"})
    return lines.merge(frame, on=SETTLEMENT, how="left")


def _basis(policy: RetentionPolicy | None) -> tuple[str | None, str | None, int | None, str | None]:
    if policy is None:
        return None, None, None, None
    threshold = int(policy.completion_threshold * UNIT_SCALE)
    return policy.budget_basis, policy.spending_basis, threshold, policy.negative_varieties


def _add_amounts(lines: pd.DataFrame) -> pd.DataFrame:
    on_reported = lines["budget_basis"] == "reported"
    gross_budget = lines["reported_baseline_amount"].where(on_reported, lines["agreed_baseline_amount"])
    on_agreed = lines["spending_basis"] == "agreed"
    selected = lines["agreed_amount"].where(on_agreed, lines["selected_amount"])
    lines = lines.assign(
        gross_budget_amount=gross_budget.astype("Int64"),
        gross_spending_amount=(selected + lines["non_selected_amount"]).astype("Int64"),
    )
    lines["line_reason"] = np.select(
        [
            lines["budget_basis"].isna(),
            lines["fund_ratio"].isna(),
            on_reported & lines["reported_equivalent"].isna(),
            lines["gross_budget_amount"].isna(),
            lines["gross_spending_amount"].isna(),
        ],
        ["no_policy", "no_ratio", "no_reported", "no_baseline", "no_awarded"],
        "",
    )
    complete = lines["line_reason"] == ""
    ratio = lines["fund_ratio"].where(complete)
    lines["budget_amount"] = share_of(lines["gross_budget_amount"], ratio)
    lines["spending_amount"] = share_of(lines["gross_spending_amount"], ratio)
    lines["surplus_amount"] = lines["budget_amount"] - lines["spending_amount"]
    return lines


def _add_counted(lines: pd.DataFrame) -> pd.DataFrame:
    """What of a line's surplus counts: nothing of a gain below the threshold, nothing of a zeroed loss."""
    reached = lines["bought_equivalent"].astype(object) * UNIT_SCALE >= lines["agreed_equivalent"].fillna(
        0
    ).astype(object) * lines["threshold"].fillna(0).astype("int64").astype(object)
    gain = lines["surplus_amount"].fillna(0) > 0
    loss = lines["surplus_amount"].fillna(0) < 0
    below = gain & ~reached.astype(bool)
    zeroed = loss & (lines["negative"] == "zero")
    counted = lines["surplus_amount"].where(~(below | zeroed), 0)
    reason = lines["line_reason"].mask(below, "below_threshold").mask(zeroed, "loss_not_counted")
    return lines.assign(counted_amount=counted, line_reason=reason)


def retention(lines: pd.DataFrame, scores: pd.DataFrame, policies: Policies) -> pd.DataFrame:
    """One row per institution × batch × agreement year: what it keeps, and why nothing where nothing.

    Adds score, maximum_ratio, granted_share, ratio (maximum × granted) and staff_share, all in millionths,
    retained_amount, staff_amount, development_amount and `reason`: empty where something is kept;
    budget_basis, spending_basis and rounding_amount are those of the policy.
    """
    settlements = lines.groupby([*SETTLEMENT, "year_start", "category"], sort=True, dropna=False)
    amounts = settlements[["budget_amount", "spending_amount", "counted_amount"]].sum(skipna=False)
    rows = amounts.rename(columns={"counted_amount": "surplus_base_amount"}).assign(
        missing=_first_missing(lines, settlements),
        fund_ratio=settlements["fund_ratio"].first(),
        varieties=settlements.size(),
    )
    rows = rows.reset_index().merge(scores[[*SETTLEMENT, "score"]], on=SETTLEMENT, how="left")
    kept = [_settle(row, policies.get((row.year_start.date(), row.category))) for row in rows.itertuples()]
    settled = pd.DataFrame(kept, columns=_SETTLED, index=rows.index)
    settled = settled.astype({name: "Int64" for name in _SETTLED if name not in _WORDS})
    return pd.concat([rows.astype({"score": "Int64"}), settled], axis=1)


MISSING = ("no_policy", "no_ratio", "no_reported", "no_baseline", "no_awarded")
"""Reasons for which the whole settlement is empty: offsetting inside a batch needs every variety."""

_WORDS = ("reason", "budget_basis", "spending_basis")
_SETTLED = [
    "budget_basis",
    "spending_basis",
    "rounding_amount",
    "staff_share",
    "maximum_ratio",
    "granted_share",
    "ratio",
    "retained_amount",
    "staff_amount",
    "development_amount",
    "reason",
]


def _first_missing(lines: pd.DataFrame, settlements: Any) -> pd.Series:
    """Of each settlement the first of MISSING that any of its lines has; empty where none has."""
    rank = lines["line_reason"].map({reason: place for place, reason in enumerate(MISSING)})
    first = rank.fillna(len(MISSING)).groupby(settlements.ngroup()).min().astype("int64")
    names = pd.Series([*MISSING, ""])
    return pd.Series(names[first].to_numpy(), index=settlements.size().index)


def _settle(row, policy: RetentionPolicy | None) -> tuple:  # type: ignore[no-untyped-def]
    if policy is None:
        return (None,) * 10 + ("no_policy",)
    bases = (policy.budget_basis, policy.spending_basis, policy.rounding_unit)
    shares = (int(policy.staff_share * UNIT_SCALE), int(policy.maximum_ratio * UNIT_SCALE))
    return *bases, *shares, *_kept(row, policy)


def _kept(row, policy: RetentionPolicy) -> tuple:  # type: ignore[no-untyped-def]
    """Granted share, ratio, retained, staff and development, and the reason where nothing is kept."""
    if pd.isna(row.score):
        return None, None, None, None, None, row.missing or "no_score"
    granted = policy.granted(Decimal(int(row.score)) / UNIT_SCALE)
    shares = (int(granted * UNIT_SCALE), int(policy.maximum_ratio * granted * UNIT_SCALE))
    if row.missing:
        return *shares, None, None, None, row.missing
    base = int(row.surplus_base_amount)
    retained = rounded(base * policy.maximum_ratio * granted, policy.rounding_unit) if base > 0 else 0
    staff = rounded(retained * policy.staff_share, policy.rounding_unit)
    reason = "no_surplus" if base <= 0 else "score_too_low" if granted == 0 else ""
    return *shares, retained, staff, retained - staff, reason


def rounded(amount: Decimal, unit: int = FEN) -> int:
    """An amount (1/10000 yuan) in whole `unit`s, the fen unless said otherwise, half away from zero."""
    return int((amount / unit).quantize(Decimal(1), rounding=ROUND_HALF_UP)) * unit


def retention_totals(rows: pd.DataFrame) -> dict[str, int | None]:
    """Sums over the settlements that have a surplus base (and, of what is kept, that are settled)."""
    based = rows[rows["surplus_base_amount"].notna()]
    names = {
        "budget": "budget_amount",
        "spending": "spending_amount",
        "surplus_base": "surplus_base_amount",
        "retained": "retained_amount",
        "staff": "staff_amount",
        "development": "development_amount",
    }
    return {
        name: int(based[column].sum()) if based[column].notna().any() else None
        for name, column in names.items()
    }
