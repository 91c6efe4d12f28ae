"""Yearly budgets that institutions share with the fund (总额包干).

    capitation      budget = Σ enrolled persons × yearly amount, of a health centre and its clinics
    global budget   budget = mean of the fund spending of the last two years × (1 + growth rate)
    budget control  budget as stated;  available = budget + carried over from the year before

    surplus = available − fund spending;  overrun = fund spending − available;  the other one is 0
    granted = surplus × share;  borne = overrun × share;  the fund's part is the rest of either
    budget control: carried over = surplus × share, the rest is the fund's; an overrun goes to review

A stated budget takes the place of a computed one. Amounts in 1/10000 yuan; budget, spending and what is
granted, borne or carried over are rounded once each, to the fen, half away from zero, per settling
institution × year × scheme. A figure whose basis is missing is empty and says why. (日照 2016, 衡南 2019;
DOMAIN §3)
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from procurement.measures.retention import rounded
from procurement.money import UNIT_SCALE, to_amount
from procurement.policies.sharing import Policies, SharingPolicy

SETTLEMENT = ["institution_id", "year", "scheme"]

MISSING = (
    "no_sharing_policy",
    "no_persons",
    "no_budget",
    "no_earlier_years",
    "no_carried_in",
    "no_spending",
    "overrun_review",
)
"""Why a figure is empty: the first that applies."""


def sharing_members(accounts: pd.DataFrame, institutions: pd.DataFrame, policies: Policies) -> pd.DataFrame:
    """The accounts with `settling_id`, the institution that each is settled with, `amount_per_person` and
    `own_budget_amount` (stated, else persons × amount; empty where neither is known)."""
    roots = settling_institutions(institutions)
    ids = accounts["institution_id"]
    by_head = accounts["scheme"] == "capitation"
    keys = zip(accounts["year"], accounts["scheme"], strict=True)
    amounts = [_amount_per_person(policies.get((int(year), scheme))) for year, scheme in keys]
    amount = pd.Series(amounts, index=accounts.index, dtype="Int64")
    computed = accounts["enrolled_persons"].astype("Int64") * amount
    return accounts.assign(
        settling_id=ids.map(roots).astype("Int64").where(by_head, ids).fillna(ids),
        amount_per_person=amount,
        own_budget_amount=accounts["budget_amount"].astype("Int64").fillna(computed.where(by_head)),
    )


def settling_institutions(institutions: pd.DataFrame) -> dict[int, int]:
    """Each institution → the one it is settled with under capitation: the health centre at the top of its
    parents, else itself. Only primary-care sites belong together; a circle of parents settles nobody."""
    sites = institutions[institutions["kind"] == "primary_care"]
    parent = dict(zip(sites["institution_code"], sites["parent_code"], strict=True))
    number = dict(zip(sites["institution_code"], sites["institution_id"].astype(int), strict=True))
    return {number[code]: number[_top(code, parent)] for code in parent}


def _top(code: str, parent: Mapping[str, str | None]) -> str:
    passed = [code]
    while (above := parent.get(passed[-1])) in parent:
        if above in passed:
            return code
        passed.append(str(above))
    return passed[-1]


def _amount_per_person(policy: SharingPolicy | None) -> int | None:
    return to_amount(policy.amount_per_person) if policy and policy.amount_per_person is not None else None


def sharing(members: pd.DataFrame, policies: Policies) -> pd.DataFrame:
    """One row per settling institution × year × scheme.

    `members`: sharing_members. Shares and growth rate in millionths. `missing_reason` says why figures are
    empty; `needs_review` marks an overrun under budget control, whose bearing a review decides.
    """
    sums = _sums(members)
    spent = {(r.institution_id, r.scheme, r.year): r.fund_spending_amount for r in sums.itertuples()}
    carried: dict[tuple[int, int], Any] = {}
    settled = []
    for row in sums.itertuples(index=False):
        policy = policies.get((row.year, row.scheme))
        found = _settle(row, policy, spent, _carried_in(row, carried)) if policy else _NO_POLICY
        found = found | _next_budget(row, policies.get((row.year + 1, row.scheme)), spent)
        if row.scheme == "budget_control":
            carried[row.institution_id, row.year] = found.get("carried_over_amount")
        settled.append(found)
    frame = pd.DataFrame(settled, columns=[*_DTYPES], index=sums.index).astype(_DTYPES)
    return pd.concat([sums.drop(columns=["own_budget", "stated"]), frame], axis=1)


_DTYPES = {
    "amount_per_person": "Int64",
    "earlier_mean_amount": "Int64",
    "growth_rate": "Int64",
    "budget_source": "object",
    "sharing_budget_amount": "Int64",
    "carried_in_amount": "Int64",
    "available_budget_amount": "Int64",
    "sharing_surplus_amount": "Int64",
    "overrun_amount": "Int64",
    "surplus_share": "Int64",
    "overrun_share": "Int64",
    "granted_amount": "Int64",
    "borne_amount": "Int64",
    "carried_over_amount": "Int64",
    "fund_share_amount": "Int64",
    "next_budget_amount": "Int64",
    "needs_review": "boolean",
    "missing_reason": "object",
}
"""What a settlement adds to the sums of its members."""

_NO_POLICY: dict[str, Any] = {"missing_reason": "no_sharing_policy"}


def _sums(members: pd.DataFrame) -> pd.DataFrame:
    """The accounts summed by settlement, in the order in which years carry over; a sum with a part missing
    is missing. `stated` tells that every member states its budget."""
    accounts = members.assign(institution_id=members["settling_id"])
    grouped = accounts.groupby(SETTLEMENT, sort=True)
    amounts = ["enrolled_persons", "own_budget_amount", "spending_amount"]
    sums = grouped[amounts].sum(skipna=False).astype("Int64").assign(members=grouped.size())
    sums["stated"] = accounts["budget_amount"].notna().groupby([accounts[k] for k in SETTLEMENT]).all()
    sums = sums.rename(
        columns={"own_budget_amount": "own_budget", "spending_amount": "fund_spending_amount"}
    ).reset_index()
    for name in ("own_budget", "fund_spending_amount"):
        sums[name] = pd.Series([_fen(value) for value in sums[name]], index=sums.index, dtype="Int64")
    sums[["institution_id", "year"]] = sums[["institution_id", "year"]].astype("Int64")
    return sums.sort_values(["institution_id", "scheme", "year"], ignore_index=True)


def _fen(value: Any) -> int | None:
    return None if pd.isna(value) else rounded(Decimal(int(value)))


def _settle(row: Any, policy: SharingPolicy, spent: Mapping, carried_in: int | None) -> dict[str, Any]:
    terms = _terms(policy)
    budget, source, mean = _budget(row, policy, spent)
    terms |= {"earlier_mean_amount": mean, "budget_source": source, "sharing_budget_amount": budget}
    if budget is None:
        return terms | {"missing_reason": _NO_BUDGET[row.scheme]}
    controlled = row.scheme == "budget_control"
    if controlled and carried_in is None:
        return terms | {"missing_reason": "no_carried_in"}
    available = budget + (carried_in or 0)
    terms |= {"available_budget_amount": available}
    terms |= {"carried_in_amount": carried_in} if controlled else {}
    if pd.isna(row.fund_spending_amount):
        return terms | {"missing_reason": "no_spending"}
    share = _controlled if controlled else _shared
    return terms | share(available - int(row.fund_spending_amount), policy)


_NO_BUDGET = {
    "capitation": "no_persons",
    "global_budget": "no_earlier_years",
    "budget_control": "no_budget",
}


def _terms(policy: SharingPolicy) -> dict[str, Any]:
    shares = {name: getattr(policy, name) for name in ("surplus_share", "overrun_share", "growth_rate")}
    told = {name: int(share * UNIT_SCALE) for name, share in shares.items() if share is not None}
    return told | {"amount_per_person": _amount_per_person(policy)}


def _budget(row: Any, policy: SharingPolicy, spent: Mapping) -> tuple[int | None, str | None, int | None]:
    """The budget, where it comes from, and the mean of earlier years that it grew from."""
    if not pd.isna(row.own_budget):
        return int(row.own_budget), "stated" if row.stated else "by_persons", None
    if row.scheme != "global_budget":
        return None, None, None
    mean = _mean(spent, row, row.year - 1, row.year - 2)
    if mean is None or policy.growth_rate is None:
        return None, None, None
    return rounded(mean * (1 + policy.growth_rate)), "by_earlier_years", mean


def _mean(spent: Mapping, row: Any, *years: int) -> int | None:
    """Mean fund spending of two years; whole fen have an exact mean in 1/10000 yuan."""
    known = [
        int(value)
        for year in years
        if not pd.isna(value := spent.get((row.institution_id, row.scheme, year), pd.NA))
    ]
    return sum(known) // len(years) if len(known) == len(years) else None


def _next_budget(row: Any, policy: SharingPolicy | None, spent: Mapping) -> dict[str, Any]:
    """What the global budget of the next year will be, unless it is stated otherwise."""
    if row.scheme != "global_budget" or policy is None or policy.growth_rate is None:
        return {}
    mean = _mean(spent, row, row.year, row.year - 1)
    return {} if mean is None else {"next_budget_amount": rounded(mean * (1 + policy.growth_rate))}


def _carried_in(row: Any, carried: Mapping[tuple[int, int], Any]) -> int | None:
    """What the year before carried over: nothing in the first year that is loaded, unknown after a gap."""
    if (row.institution_id, row.year - 1) in carried:
        return carried[row.institution_id, row.year - 1]
    return None if any(who == row.institution_id for who, _year in carried) else 0


def _shared(balance: int, policy: SharingPolicy) -> dict[str, Any]:
    """A surplus or an overrun in two parts that add up to it."""
    surplus, overrun = max(balance, 0), max(-balance, 0)
    granted, borne = (
        rounded(surplus * policy.surplus_share),
        rounded(overrun * (policy.overrun_share or Decimal(0))),
    )
    return {
        "sharing_surplus_amount": surplus,
        "overrun_amount": overrun,
        "granted_amount": granted,
        "borne_amount": borne,
        "fund_share_amount": surplus + overrun - granted - borne,
        "needs_review": False,
    }


def _controlled(balance: int, policy: SharingPolicy) -> dict[str, Any]:
    """A surplus carries over; who bears an overrun is open until it has been reviewed."""
    surplus, overrun = max(balance, 0), max(-balance, 0)
    carried = rounded(surplus * policy.surplus_share)
    return {
        "sharing_surplus_amount": surplus,
        "overrun_amount": overrun,
        "carried_over_amount": carried,
        "fund_share_amount": None if overrun else surplus - carried,
        "needs_review": overrun > 0,
        "missing_reason": "overrun_review" if overrun else None,
    }


TOTALLED = (
    "sharing_budget_amount",
    "available_budget_amount",
    "fund_spending_amount",
    "sharing_surplus_amount",
    "overrun_amount",
    "granted_amount",
    "borne_amount",
    "carried_over_amount",
    "fund_share_amount",
)


def sharing_totals(rows: pd.DataFrame) -> dict[str, int | None]:
    """Exact sums over the settlements that have a surplus or an overrun; None where there are none."""
    known = rows[rows["sharing_surplus_amount"].notna()]
    return {name: int(known[name].sum()) if known[name].notna().any() else None for name in TOTALLED}
