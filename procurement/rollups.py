"""Keep the roll-ups equal to the grain: what leaves the grain is subtracted, what enters is added."""

from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from procurement.frames import execute_frame
from procurement.tables.rollup import ROLLUPS, Sums

ADDITIVE = list(Sums.model_fields)
_KEYS_WITHOUT_BATCH = {"batch_id": 0, "variety_id": 0, "agreement_year": 0}
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def move(connection: Connection, left: pd.DataFrame, entered: pd.DataFrame) -> None:
    """Carry a change of the grain into every roll-up; both frames hold rows of the grain."""
    change = pd.concat([_additive(left, -1), _additive(entered, 1)], ignore_index=True)
    for table, keys in ROLLUPS.items():
        sums = change.groupby([*keys], sort=True)[ADDITIVE].sum().reset_index()
        sums = sums[(sums[ADDITIVE] != 0).any(axis=1)]
        _add(connection, table, list(keys), sums)
        if not left.empty:
            connection.execute(delete(table).where(col(table.lines) == 0))


def _additive(rows: pd.DataFrame, sign: int) -> pd.DataFrame:
    """Rows of the grain as they add to a roll-up, or with sign −1 as they are taken out of one."""
    known = rows["baseline_amount"].notna()
    columns = {
        **{name: rows[name] for name in ("lines", "unmeasured_lines", "base_units", "paid_amount")},
        "compared_lines": rows["lines"].where(known),
        "compared_amount": rows["paid_amount"].where(known),
        **{name: rows[name] for name in ("equivalent_units", "baseline_amount", "missed_amount")},
    }
    sums = pd.DataFrame({name: values.fillna(0).astype("int64") * sign for name, values in columns.items()})
    keys = {name for keys in ROLLUPS.values() for name in keys}
    return sums.assign(**rows[sorted(keys)].fillna(_KEYS_WITHOUT_BATCH))


def _add(connection: Connection, table: type[Sums], keys: list[str], sums: pd.DataFrame) -> None:
    if sums.empty:
        return
    target = table.__table__  # type: ignore[attr-defined]
    insert = _INSERT[connection.dialect.name](target).values(dict.fromkeys([*keys, *ADDITIVE]))
    added = {name: target.c[name] + insert.excluded[name] for name in ADDITIVE}
    execute_frame(connection, insert.on_conflict_do_update(index_elements=keys, set_=added), sums)
