"""What a scenario changes in a settlement (measures.whatif), and the volumes and policy that come of it."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from procurement.measures.agreements import with_amounts
from procurement.money import UNIT_SCALE, divide
from procurement.policies.retention import RetentionPolicy, SpendingBasis

Share = Decimal | Fraction | int
ByVariety = tuple[tuple[int, Share], ...]


@dataclass(frozen=True)
class Changes:
    """What a scenario changes; as it stands, nothing.

    `shift`: share (0–1) of the non-selected use that moves to the selected product, of every variety;
    `shift_of` of some varieties, `shift_of_product` of some products, before it. `agreed_factor`: of every
    agreed volume; `agreed_of`: new agreed volume of a variety, `reported_of`: new reported volume, which
    takes the agreed one along in the same share; in base units of main strength. `completed`: varieties of
    which as much of the selected product is bought in addition as the completion condition still asks for.
    `score` 0–100, ratios as fractions.
    """

    shift: Share = Decimal(0)
    shift_of: ByVariety = ()
    shift_of_product: tuple[tuple[int, int, Share], ...] = ()
    agreed_factor: Share = Decimal(1)
    agreed_of: ByVariety = ()
    reported_of: ByVariety = ()
    completed: tuple[int, ...] = ()
    score: Decimal | None = None
    maximum_ratio: Decimal | None = None
    staff_share: Decimal | None = None
    spending_basis: SpendingBasis | None = None

    def share(self, variety_id: int, product_id: int) -> Fraction:
        """The share of a product's use that moves."""
        own = {(v, p): share for v, p, share in self.shift_of_product}
        of_variety = dict(self.shift_of).get(variety_id, self.shift)
        return Fraction(own.get((variety_id, product_id), of_variety))


def changed_volumes(agreed: pd.DataFrame, changes: Changes) -> pd.DataFrame:
    """Agreed volumes (agreements.price_agreements) with the reported and agreed units of a scenario."""
    if not changes.reported_of and not changes.agreed_of and changes.agreed_factor == 1:
        return agreed
    parts = [
        _changed(int(variety), part, changes) for variety, part in agreed.groupby("variety_id", sort=False)
    ]
    return with_amounts(pd.concat(parts, ignore_index=True))


def _changed(variety: int, part: pd.DataFrame, changes: Changes) -> pd.DataFrame:
    volume = Fraction(_total(part, "agreed_equivalent"), UNIT_SCALE) * Fraction(changes.agreed_factor)
    if variety in (reported := dict(changes.reported_of)):
        asked, told = Fraction(reported[variety]), _total(part, "reported_equivalent")
        volume = volume * asked * UNIT_SCALE / told if told else volume
        part = part.assign(reported_units=_spread(part, "reported_units", asked))
    volume = Fraction(dict(changes.agreed_of).get(variety, volume))
    return part.assign(agreed_units=_spread(part, "agreed_units", volume))


def _total(part: pd.DataFrame, column: str) -> int:
    return int(part[column].sum())


def _spread(part: pd.DataFrame, column: str, total: Fraction) -> pd.Series:
    """`total` units of main strength over the agreed volumes of a variety, in proportion to what they were,
    each in whole base units of its own; what is unknown stays unknown."""
    before = [None if pd.isna(units) else int(units) for units in part[column]]
    weights = [(units or 0) * int(f) for units, f in zip(before, part["strength_factor"], strict=True)]
    if not sum(weights):
        weights = [int(units is not None) for units in before]
    whole = sum(weights) or 1
    units = [
        None if known is None else _rounded(total * weight / whole * UNIT_SCALE / int(factor))
        for known, weight, factor in zip(before, weights, part["strength_factor"], strict=True)
    ]
    return pd.Series(units, index=part.index, dtype="Int64")


def _rounded(value: Fraction) -> int:
    return divide(value.numerator, value.denominator)


@dataclass(frozen=True)
class Bounds:
    """The limits in force on what a scenario may change of the policy."""

    highest_ratio: Decimal = Decimal(1)
    least_staff: Decimal = Decimal(0)
    most_staff: Decimal = Decimal(1)


def changed_policy(policy: RetentionPolicy, changes: Changes, bounds: Bounds) -> RetentionPolicy:
    """The policy of a scenario; what lies beyond a limit in force is taken to that limit."""
    if changes.maximum_ratio is not None:
        policy = replace(policy, maximum_ratio=min(changes.maximum_ratio, bounds.highest_ratio))
    if changes.staff_share is not None:
        share = min(max(changes.staff_share, bounds.least_staff), bounds.most_staff)
        policy = replace(policy, staff_share=share)
    return replace(policy, spending_basis=changes.spending_basis or policy.spending_basis)
