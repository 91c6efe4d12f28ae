"""What if (测算模拟): a settlement computed anew from changed inputs by the same measure.

    moved units     = equivalent units of a non-selected product × share moved       (to a millionth)
    non-selected    − paid amount of the product × share moved                 (rounded to 1/10000 yuan)
    selected        + moved units × awarded price of the variety               (rounded to 1/10000 yuan)
    retained        = retention(retention_lines(changed volumes, changed purchases), changed score and policy)
    invoice amount  = what is paid in all for the varieties, selected and non-selected

A move is booked as rows beside the purchases: less of the one, more of the other. Only use that is positive
over the year, in units and in money, can be moved; where units are unknown or the variety has no awarded
price it cannot, and says so. A settlement is one institution × batch × agreement year; of each many scenarios
are computed in one call. Purchases of varieties without an agreed volume are no part of it. (DOMAIN §3)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from procurement.measures.changes import Bounds, Changes, changed_policy, changed_volumes
from procurement.measures.retention import retention, retention_lines
from procurement.money import PRICE_PER_AMOUNT, UNIT_SCALE, divide
from procurement.policies.retention import PaymentRatios, RetentionPolicy

AMOUNTS = (
    "budget_amount",
    "spending_amount",
    "surplus_base_amount",
    "retained_amount",
    "staff_amount",
    "development_amount",
    "invoice_amount",
)
"""What a scenario comes to; each is compared with today's."""


@dataclass(frozen=True)
class Inputs:
    """What one settlement is computed from.

    `agreed`: a row per agreed volume (agreements.price_agreements). `bought`: a row per variety × product ×
    is_selected × is_measured with equivalent_units and paid_amount; is_measured: no line lacks its units.
    `awarded`: the awarded price per base unit of main strength by variety (absent: unknown). `fund_ratio` and
    `score` in millionths.
    """

    agreed: pd.DataFrame
    bought: pd.DataFrame
    awarded: Mapping[int, int]
    year_start: date
    fund_ratio: int | None
    score: int | None
    policy: RetentionPolicy | None
    bounds: Bounds = Bounds()


@dataclass(frozen=True)
class Outcome:
    """Scenarios computed: `settlements` a row per scenario, in order (retention with invoice_amount),
    `lines` a row per scenario × variety, `moves` a row per scenario × variety × product that moved."""

    settlements: pd.DataFrame
    lines: pd.DataFrame
    moves: pd.DataFrame


def compute(inputs: Inputs, scenarios: Sequence[Changes]) -> Outcome:
    """Each scenario as a settlement of its own, all in one call of the measure."""
    movable = movable_use(inputs)
    moves = [_moves(movable, changes).assign(scenario=at) for at, changes in enumerate(scenarios)]
    policies = [inputs.policy and changed_policy(inputs.policy, c, inputs.bounds) for c in scenarios]
    agreed = [changed_volumes(inputs.agreed, changes) for changes in scenarios]
    bought = [_bought(inputs, *each) for each in zip(scenarios, moves, agreed, policies, strict=True)]
    by_key = {(inputs.year_start, str(at)): policy for at, policy in enumerate(policies) if policy}
    lines = retention_lines(_stacked(agreed), _stacked(bought), _years(inputs, len(scenarios)),
                            _ratios(inputs.fund_ratio), by_key)  # fmt: skip
    settled = retention(lines, _scores(inputs, scenarios), by_key)
    lines["invoice_amount"] = lines["selected_amount"] + lines["non_selected_amount"]
    invoices = lines.groupby("batch_id")["invoice_amount"].sum()
    settled["invoice_amount"] = settled["batch_id"].map(invoices).astype("Int64")
    named = {"batch_id": "scenario"}
    return Outcome(
        settled.rename(columns=named), lines.rename(columns=named), pd.concat(moves, ignore_index=True)
    )


def whatif(inputs: Inputs, changes: Changes) -> Outcome:
    """Today (scenario 0) beside the changed settlement (scenario 1)."""
    return compute(inputs, [Changes(), changes])


def compared(outcome: Outcome) -> pd.DataFrame:
    """One row per amount of AMOUNTS: amount_name, now_amount, then_amount, change_amount."""
    now, then = (outcome.settlements.iloc[at] for at in (0, 1))
    rows = pd.DataFrame(
        {
            "amount_name": list(AMOUNTS),
            "now_amount": pd.array([now[name] for name in AMOUNTS], dtype="Int64"),
            "then_amount": pd.array([then[name] for name in AMOUNTS], dtype="Int64"),
        }
    )
    return rows.assign(change_amount=rows["then_amount"] - rows["now_amount"])


def movable_use(inputs: Inputs) -> pd.DataFrame:
    """One row per variety × non-selected product: what was used of it, at what price, whether it can move.

    equivalent_units and paid_amount are of the lines whose units are known, unmeasured_amount of the others;
    paid_unit_price and awarded_unit_price per base unit of main strength, invoice_saving_amount if all of it
    moves; `move_reason` says why nothing of it can move.
    """
    varieties = set(inputs.agreed["variety_id"])
    other = inputs.bought[~inputs.bought["is_selected"].astype(bool)]
    rows = [
        _use(inputs, int(variety), int(product), part)
        for (variety, product), part in other[other["variety_id"].isin(varieties)].groupby(
            ["variety_id", "product_id"], sort=True
        )
    ]
    frame = pd.DataFrame(rows, columns=["variety_id", "product_id", *_USED, "move_reason"])
    return frame.astype(dict.fromkeys(["variety_id", "product_id", *_USED], "Int64"))


_USED = (
    "equivalent_units",
    "paid_amount",
    "unmeasured_amount",
    "paid_unit_price",
    "awarded_unit_price",
    "invoice_saving_amount",
)


def _use(inputs: Inputs, variety: int, product: int, part: pd.DataFrame) -> tuple:
    is_measured = part["is_measured"].astype(bool)
    measured = part[is_measured]
    units, paid = int(measured["equivalent_units"].sum()), int(measured["paid_amount"].sum())
    awarded = inputs.awarded.get(variety)
    price = divide(paid * PRICE_PER_AMOUNT * UNIT_SCALE, units) if units > 0 else None
    saving = None
    if measured.empty:
        reason = "units_unknown"
    elif units <= 0 or paid < 0:
        reason = "no_net_use"
    elif awarded is None:
        reason = "no_awarded"
    else:
        reason, saving = "", paid - worth(units, awarded)
    unknown = int(part.loc[~is_measured, "paid_amount"].sum())
    return variety, product, units, paid, unknown, price, awarded, saving, reason


def worth(equivalent: int, unit_price: int) -> int:
    """Equivalent units at a price per base unit of main strength, as an amount."""
    return divide(equivalent * unit_price, UNIT_SCALE * PRICE_PER_AMOUNT)


def _moves(movable: pd.DataFrame, changes: Changes) -> pd.DataFrame:
    """What a scenario moves: moved_equivalent, what it cost (moved_amount), what it will (added_amount)."""
    rows = []
    for use in movable[movable["move_reason"] == ""].itertuples(index=False):
        share = changes.share(use.variety_id, use.product_id)
        units = divide(use.equivalent_units * share.numerator, share.denominator)
        cost = divide(use.paid_amount * share.numerator, share.denominator)
        if units:
            rows.append((use.variety_id, use.product_id, units, cost, worth(units, use.awarded_unit_price)))
    names = ["variety_id", "product_id", "moved_equivalent", "moved_amount", "added_amount"]
    return pd.DataFrame(rows, columns=names).astype("Int64")


def _bought(
    inputs: Inputs,
    changes: Changes,
    moves: pd.DataFrame,
    agreed: pd.DataFrame,
    policy: RetentionPolicy | None,
) -> pd.DataFrame:
    """The purchases with what is moved, and what is bought in addition, booked beside them."""
    columns = ["variety_id", "is_selected", "equivalent_units", "paid_amount"]
    parts = [inputs.bought[columns]]
    for sign, selected, amount in ((-1, False, "moved_amount"), (1, True, "added_amount")):
        booked = (moves["variety_id"], selected, sign * moves["moved_equivalent"], sign * moves[amount])
        parts.append(pd.DataFrame(dict(zip(columns, booked, strict=True))))
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    if not changes.completed or policy is None:
        return rows
    more = []
    for variety in changes.completed:
        missing = missing_units(agreed, rows, policy, variety)
        more.append((variety, True, missing, worth(missing, inputs.awarded.get(variety, 0))))
    return pd.concat([rows, pd.DataFrame(more, columns=columns)], ignore_index=True)


def missing_units(agreed: pd.DataFrame, bought: pd.DataFrame, policy: RetentionPolicy, variety: int) -> int:
    """Equivalent units of the selected product that a variety lacks for the completion condition."""
    own = bought[(bought["variety_id"] == variety) & bought["is_selected"].astype(bool)]
    volume = int(agreed.loc[agreed["variety_id"] == variety, "agreed_equivalent"].sum())
    needed = -(-volume * int(policy.completion_threshold * UNIT_SCALE) // UNIT_SCALE)
    return max(needed - int(own["equivalent_units"].sum()), 0)


# Each scenario passes for a batch of its own, with a category of its own that its policy is found by.


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    keyed = [frame.assign(institution_id=0, batch_id=at, agreement_year=1) for at, frame in enumerate(frames)]
    return pd.concat(keyed, ignore_index=True)


def _years(inputs: Inputs, count: int) -> pd.DataFrame:
    starts = pd.to_datetime([inputs.year_start] * count)
    names = [str(at) for at in range(count)]
    years = pd.DataFrame({"batch_id": range(count), "agreement_year": 1, "category": names})
    return years.assign(year_start=pd.Series(starts).astype("datetime64[s]"))


def _ratios(fund_ratio: int | None) -> PaymentRatios:
    rows = [] if fund_ratio is None else [(pd.NA, pd.NA, pd.NaT, fund_ratio)]
    return PaymentRatios(pd.DataFrame(rows, columns=["institution_id", "batch_id", "from_date", "ratio"]))


def _scores(inputs: Inputs, scenarios: Sequence[Changes]) -> pd.DataFrame:
    told = [inputs.score if c.score is None else int(c.score * UNIT_SCALE) for c in scenarios]
    scores = pd.DataFrame({"institution_id": 0, "batch_id": range(len(told)), "agreement_year": 1})
    return scores.assign(score=pd.array(told, dtype="Int64"))
