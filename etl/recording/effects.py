"""What an import does to the money of each month: sums of the roll-ups, before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, case, func, select
from sqlmodel import col

from etl.preview import MonthEffect
from procurement.database import total
from procurement.frames import read_frame
from procurement.tables import InstitutionMonth, VarietyMonth

SUMS = ["base_units", "amount", "compared_amount", "baseline_amount"]


@dataclass(frozen=True)
class Within:
    """Whose months are looked at: some institutions' within a period, or, both empty, everybody's."""

    institution_ids: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None


def month_sums(connection: Connection, within: Within = Within()) -> pd.DataFrame:
    """One row per month: base_units, amount, compared_amount and baseline_amount (empty: no baseline)."""
    table: Any = InstitutionMonth if within.institution_ids else VarietyMonth
    known = table.compared_lines > 0
    query = select(
        table.month,
        total(table.base_units).label("base_units"),
        total(table.paid_amount).label("amount"),
        total(case((known, table.compared_amount))).label("compared_amount"),
        total(case((known, table.baseline_amount))).label("baseline_amount"),
    ).group_by(table.month)
    if within.institution_ids:
        query = query.where(table.institution_id.in_(within.institution_ids))
    if within.first and within.last:
        query = query.where(table.month.between(within.first, within.last))
    return read_frame(connection, query).set_index("month")


def month_effects(before: pd.DataFrame, after: pd.DataFrame) -> list[MonthEffect]:
    """The months in which anything moved, in order."""
    months = before.index.union(after.index)
    old, new = before.reindex(months), after.reindex(months)
    effects = [_effect(month, old.loc[month], new.loc[month]) for month in months]
    return [effect for effect in effects if _moves(effect)]


def _effect(month: pd.Timestamp, old: pd.Series, new: pd.Series) -> MonthEffect:
    return MonthEffect(
        month.date(),
        _whole(old["base_units"]) or 0,
        _whole(new["base_units"]) or 0,
        _whole(old["amount"]) or 0,
        _whole(new["amount"]) or 0,
        _saving(old),
        _saving(new),
    )


def _saving(sums: pd.Series) -> int | None:
    baseline, compared = _whole(sums["baseline_amount"]), _whole(sums["compared_amount"])
    return None if baseline is None or compared is None else baseline - compared


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _moves(effect: MonthEffect) -> bool:
    return (
        effect.base_units_before != effect.base_units_after
        or effect.amount_before != effect.amount_after
        or effect.saving_before != effect.saving_after
    )


@dataclass(frozen=True)
class Jump:
    """A month of an institution that is many times the month before, the last one with purchases."""

    institution_id: int
    month: date
    amount: int
    month_before: date
    amount_before: int

    @property
    def times(self) -> float:
        return self.amount / self.amount_before


def jumps(
    connection: Connection,
    institution_ids: Sequence[int],
    months: set[tuple[int, date]],
    factor: int,
    floor: int,
) -> list[Jump]:
    """Those of `months` (institution, month) that are at least `factor` times the one before, and `floor`."""
    amount = total(InstitutionMonth.paid_amount)
    query = (
        select(col(InstitutionMonth.institution_id), col(InstitutionMonth.month), amount.label("amount"))
        .where(col(InstitutionMonth.institution_id).in_(institution_ids))
        .group_by(col(InstitutionMonth.institution_id), col(InstitutionMonth.month))
        .having(func.sum(InstitutionMonth.paid_amount) > 0)
        .order_by(col(InstitutionMonth.institution_id), col(InstitutionMonth.month))
    )
    found = []
    rows = connection.execute(query).all()
    for before, now in zip(rows, rows[1:], strict=False):
        is_asked = (now.institution_id, now.month) in months and before.institution_id == now.institution_id
        if is_asked and now.amount >= max(factor * before.amount, floor):
            found.append(Jump(now.institution_id, now.month, now.amount, before.month, before.amount))
    return found
