"""Batches and varieties as lists name them → Batch, Variety, and the days that a batch runs."""

import pandas as pd
from sqlalchemy import Connection, func, select, update
from sqlmodel import col

from etl.register import read_register
from etl.values.cells import key_of
from procurement.frames import insert_frame
from procurement.tables import Batch, Import, Listing, Variety


def save_batches(connection: Connection, frame: pd.DataFrame, import_id: int) -> dict[str, int]:
    """Ids by key of the batches in the file, inserted or updated; their dates are set at the end."""
    known = read_register(connection).batches
    named = frame.assign(key=frame["batch"].map(key_of)).groupby("key", sort=False)
    rows = named.agg(
        name=("batch", "first"),
        level=("level", "first"),
        category=("category", "first"),
        execution_date=("starts_on", "min"),
        end_date=("ends_on", "max"),
    ).assign(import_id=import_id)
    is_known = rows.index.isin(list(known))
    insert_frame(connection, Batch, rows[~is_known])
    for key, row in rows[is_known].iterrows():
        level = {"level": row["level"]} if isinstance(row["level"], str) else {}
        values = {"category": row["category"], "import_id": import_id, **level}
        connection.execute(update(Batch).where(col(Batch.id) == known[str(key)].id).values(values))
    saved = read_register(connection).batches
    return {key: saved[key].id for key in rows.index}


def save_varieties(connection: Connection, frame: pd.DataFrame) -> dict[tuple[int, str], int]:
    """Ids by batch and key; a stated baseline of the variety is taken over."""
    known = read_register(connection).varieties
    named = frame.assign(key=frame["variety"].map(key_of)).groupby(["batch_id", "key"], sort=False)
    rows = named.agg(
        name=("variety", "first"),
        baseline_unit_price=("variety_baseline", "first"),
        baseline_basis=("variety_basis", "first"),
    )
    is_known = pd.Series([place in known for place in rows.index], index=rows.index)
    insert_frame(connection, Variety, rows[~is_known].reset_index().drop(columns="key"))
    for place, row in rows[is_known & rows["baseline_unit_price"].notna()].iterrows():
        values = {
            "baseline_unit_price": int(row["baseline_unit_price"]),
            "baseline_basis": row["baseline_basis"],
        }
        connection.execute(update(Variety).where(col(Variety.id) == known[place]).values(values))
    return read_register(connection).varieties


def set_periods(connection: Connection, batch_ids: list[int]) -> None:
    """A batch runs from the earliest to the latest day of its lists' rows; substitutes run as long."""
    query = (
        select(col(Listing.batch_id), func.min(col(Listing.starts_on)), func.max(col(Listing.ends_on)))
        .join(Import, col(Import.id) == col(Listing.import_id))
        .where(col(Import.kind) == "batch_list", col(Listing.batch_id).in_(batch_ids))
        .group_by(col(Listing.batch_id))
    )
    substitutes = select(col(Import.id)).where(col(Import.kind) == "substitutes").scalar_subquery()
    for batch_id, first, last in connection.execute(query).all():
        connection.execute(
            update(Batch).where(col(Batch.id) == batch_id).values(execution_date=first, end_date=last)
        )
        connection.execute(
            update(Listing)
            .where(col(Listing.batch_id) == batch_id, col(Listing.import_id).in_(substitutes))
            .values(starts_on=first, ends_on=last)
        )
