"""Which changes bring an institution most: each computed alone by measures.whatif, the last all together.

    move         all of a non-selected product's use goes to the selected product
    score        the assessment score rises to the next band that is granted more
    completion   a variety below the completion condition reaches it: non-selected use moves as far as needed,
                 the rest is bought in addition
    together     all moves, the next band, and whatever the completion condition still asks for

gain = retained surplus then − today. saving = what the invoices are less (negative: more). Sorted by gain,
then by saving; what cannot be moved stands below with its reason. (医保发〔2020〕26号; DOMAIN §3)
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from procurement.measures.changes import Changes
from procurement.measures.whatif import Inputs, Outcome, compute, missing_units, movable_use
from procurement.money import UNIT_SCALE
from procurement.policies.retention import RetentionPolicy

MOVE, SCORE, COMPLETION, TOGETHER = SWITCHES = ("move", "score", "completion", "together")


@dataclass(frozen=True)
class Switch:
    """One kind of change with what is told of it beside its effect."""

    kind: str
    changes: Changes
    told: dict[str, Any] = field(default_factory=dict)


def switches(inputs: Inputs) -> pd.DataFrame:
    """One row per switch, the greatest gain first, TOGETHER last; empty where there is nothing to change.

    switch, variety_id and product_id (of a move), moved_equivalent, added_equivalent (bought in addition),
    missing_points (millionths), paid_unit_price and awarded_unit_price, paid_amount (today's, of the
    product), invoice_saving_amount, gain_amount, retained_amount (then), switch_reason.
    """
    use = movable_use(inputs)
    today = compute(inputs, [Changes()])
    found = [*_moves(use), *_next_band(inputs), *_completions(inputs, use, today)]
    if found:
        found.append(Switch(TOGETHER, together(found)))
    rows = _effects(inputs, found, today)
    rows = pd.concat([rows, _unmovable(use)], ignore_index=True) if len(use) else rows
    return _in_order(rows)


def together(found: Sequence[Switch]) -> Changes:
    """Everything at once."""
    scores = [each.changes.score for each in found if each.changes.score is not None]
    completed = tuple(v for each in found for v in each.changes.completed)
    shift = Decimal(any(each.kind == MOVE for each in found))
    return Changes(shift=shift, score=max(scores, default=None), completed=completed)


def _moves(use: pd.DataFrame) -> list[Switch]:
    return [
        Switch(
            MOVE,
            Changes(shift_of_product=((row.variety_id, row.product_id, 1),)),
            {name: getattr(row, name) for name in _TOLD_OF_USE},
        )
        for row in use[use["move_reason"] == ""].itertuples(index=False)
    ]


_TOLD_OF_USE = ("variety_id", "product_id", "paid_unit_price", "awarded_unit_price", "paid_amount")


def next_band(policy: RetentionPolicy, score: Decimal) -> Decimal | None:
    """The nearest higher score that is granted more; None where none is."""
    now = policy.granted(score)
    higher = [floor for floor, granted in policy.score_bands if floor > score and granted > now]
    return min(higher, default=None)


def _next_band(inputs: Inputs) -> list[Switch]:
    if inputs.policy is None or inputs.score is None:
        return []
    score = Decimal(inputs.score) / UNIT_SCALE
    band = next_band(inputs.policy, score)
    told = {} if band is None else {"missing_points": int((band - score) * UNIT_SCALE)}
    return [] if band is None else [Switch(SCORE, Changes(score=band), told)]


def _completions(inputs: Inputs, use: pd.DataFrame, today: Outcome) -> list[Switch]:
    """A switch per variety whose surplus does not count because its agreed volume is not completed."""
    if inputs.policy is None:
        return []
    below = today.lines[today.lines["line_reason"] == "below_threshold"]
    can_move = use[use["move_reason"] == ""].groupby("variety_id")["equivalent_units"].sum()
    found = []
    for variety in below["variety_id"].astype(int):
        if variety not in inputs.awarded:
            continue
        missing = missing_units(inputs.agreed, inputs.bought, inputs.policy, variety)
        units = int(can_move.get(variety, 0))
        share = min(Fraction(missing, units), Fraction(1)) if units else Fraction(0)
        changes = Changes(shift_of=((variety, share),), completed=(variety,))
        told = {"variety_id": variety, "awarded_unit_price": inputs.awarded[variety]}
        found.append(Switch(COMPLETION, changes, told))
    return found


def _effects(inputs: Inputs, found: Sequence[Switch], today: Outcome) -> pd.DataFrame:
    """What each switch brings, all computed in one call."""
    outcome = compute(inputs, [each.changes for each in found]) if found else None
    rows = [_effect(each, at, outcome, today) for at, each in enumerate(found) if outcome]
    frame = pd.DataFrame(rows, columns=["switch", *_FIGURES, "switch_reason"])
    return frame.astype(dict.fromkeys(_FIGURES, "Int64"))


_FIGURES = [
    "variety_id",
    "product_id",
    "moved_equivalent",
    "added_equivalent",
    "missing_points",
    "paid_unit_price",
    "awarded_unit_price",
    "paid_amount",
    "invoice_saving_amount",
    "gain_amount",
    "retained_amount",
]


def _effect(switch: Switch, at: int, outcome: Outcome, today: Outcome) -> dict[str, Any]:
    then, now = outcome.settlements.iloc[at], today.settlements.iloc[0]
    moved = int(outcome.moves.loc[outcome.moves["scenario"] == at, "moved_equivalent"].sum())
    lines = outcome.lines[outcome.lines["scenario"] == at]
    grown = int(lines["bought_equivalent"].sum() - today.lines["bought_equivalent"].sum())
    counted = {
        "moved_equivalent": moved if switch.kind in (MOVE, COMPLETION) else pd.NA,
        "added_equivalent": grown - moved if switch.kind == COMPLETION else pd.NA,
        "invoice_saving_amount": now["invoice_amount"] - then["invoice_amount"],
        "gain_amount": then["retained_amount"] - now["retained_amount"],
        "retained_amount": then["retained_amount"],
    }
    return {"switch": switch.kind, **switch.told, **counted, "switch_reason": then["reason"]}


def _unmovable(use: pd.DataFrame) -> pd.DataFrame:
    stuck = use[use["move_reason"] != ""]
    rows = stuck[["variety_id", "product_id", "paid_unit_price", "awarded_unit_price"]].assign(
        switch=MOVE,
        # What is told is the amount that stays, with that of the lines whose units are unknown.
        paid_amount=stuck["paid_amount"] + stuck["unmeasured_amount"],
        switch_reason=stuck["move_reason"],
    )
    missing = [name for name in _FIGURES if name not in rows]
    return rows.assign(**{name: pd.Series(pd.NA, index=rows.index, dtype="Int64") for name in missing})


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    last = (rows["switch"] == TOGETHER).astype(int)
    stuck = rows["invoice_saving_amount"].isna().astype(int)
    order = rows.assign(is_last=last, is_stuck=stuck).sort_values(
        ["is_last", "is_stuck", "gain_amount", "invoice_saving_amount"],
        ascending=[True, True, False, False],
        kind="stable",
        na_position="last",
        ignore_index=True,
    )
    return order.drop(columns=["is_last", "is_stuck"])
