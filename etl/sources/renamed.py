"""A batch list that comes again with another name for a variety: what hung on the old one goes with it.

The old variety is gone when no award is left under it. Where all its products now stand under one name,
its agreed volumes and substitutes move there; where that is not clear, the list is refused.
"""

from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, select, update
from sqlmodel import col

from etl.cells import key_of
from etl.problem_kinds.skip import VARIETY_SPLIT
from etl.register import Context
from etl.rows import Rows
from procurement import ledger
from procurement.database import read_frame
from procurement.tables import AgreedVolume, Import, Listing, Product, Variety

Place = tuple[int, str]
"""A batch and the key of a variety's name."""


def awarded_in(connection: Connection, batch_ids: list[int]) -> pd.DataFrame:
    """What batch lists say of these batches; substitutes, which are named after them, are left out."""
    columns: list[Any] = [
        col(Listing.batch_id),
        col(Listing.variety_id),
        col(Listing.product_id),
        col(Product.code).label("product_code"),
        col(Listing.starts_on),
        col(Listing.ends_on),
    ]
    query = (
        select(*columns)
        .join(Product, col(Product.id) == col(Listing.product_id))
        .join(Import, col(Import.id) == col(Listing.import_id))
        .where(col(Import.kind) == "batch_list", col(Listing.batch_id).in_(batch_ids))
    )
    found = read_frame(connection, query)
    return found.assign(
        starts_on=pd.to_datetime(found["starts_on"]), ends_on=pd.to_datetime(found["ends_on"])
    )


def check_renamed(rows: Rows, frame: pd.DataFrame, context: Context) -> None:
    """Refuse rows that take a variety's products apart, or into another, where volumes hang on it."""
    named = _named(rows, frame, context)
    if named.empty:
        return
    moves = _moves(named, awarded_in(context.connection, named["batch_id"].unique().tolist()), context)
    holders = _with_volumes(context.connection)
    hung = {old: targets for old, targets in moves.items() if old in holders | _substituted(context)}
    unclear = [old for old, targets in hung.items() if len(targets) > 1]
    for old, targets in hung.items():
        others = {context.register.varieties.get(place) for place in targets}
        others |= {other for other in hung if other != old and hung[other] & targets}
        if others & holders - {old}:  # two volumes of one institution cannot become one
            unclear.append(old)
    for old in dict.fromkeys(unclear):
        where = named["place"].isin(moves[old]).reindex(frame.index, fill_value=False)
        old_name = context.register.variety_names[old]
        rows.report(VARIETY_SPLIT, where, "variety", batch=frame["batch"], old=old_name)


def _named(rows: Rows, frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    """The good rows of batches that the ledger knows, each with its batch's id and its variety's place."""
    good = frame[~rows.bad & frame["batch"].notna() & frame["variety"].notna()]
    known = good["batch"].map(context.register.batch)
    good = good.assign(batch_id=known.map(lambda batch: batch.id, na_action="ignore"))
    good = good[good["batch_id"].notna()].astype({"batch_id": "int64"})
    places = list(zip(good["batch_id"], good["variety"].map(key_of), strict=True))
    return good.assign(place=pd.Series(places, index=good.index, dtype="object"))


def _moves(named: pd.DataFrame, awarded: pd.DataFrame, context: Context) -> dict[int, set[Place]]:
    """Varieties that no award would be left under, and where their products would go."""
    pairs = awarded.reset_index().merge(named, on=["batch_id", "product_code"], suffixes=("", "_new"))
    meets = (pairs["starts_on"] <= pairs["ends_on_new"]) & (pairs["starts_on_new"] <= pairs["ends_on"])
    pairs = pairs[meets]
    staying = set(awarded.loc[~awarded.index.isin(pairs["index"]), "variety_id"])
    staying |= {context.register.varieties.get(place) for place in named["place"].unique()}
    targets = pairs.groupby("variety_id")["place"].agg(set).to_dict()
    return {int(old): places for old, places in targets.items() if old not in staying}


def _with_volumes(connection: Connection) -> set[int]:
    return set(connection.execute(select(col(AgreedVolume.variety_id)).distinct()).scalars())


def _substituted(context: Context) -> set[int]:
    query = (
        select(col(Listing.variety_id))
        .join(Import, col(Import.id) == col(Listing.import_id))
        .where(col(Import.kind) != "batch_list")
    )
    return set(context.connection.execute(query.distinct()).scalars())


def move_renamed(connection: Connection, batch_ids: list[int], before: pd.DataFrame) -> None:
    """Varieties that lost all their awards to others go, and what hung on them goes over to those."""
    now = awarded_in(connection, batch_ids)
    gone = sorted(set(before["variety_id"]) - set(now["variety_id"]))
    if not gone:
        return
    for old in gone:
        products = before.loc[before["variety_id"] == old, "product_id"]
        targets = now.loc[now["product_id"].isin(products), "variety_id"].unique()
        if len(targets) == 1:
            for table in (AgreedVolume, Listing):
                move = update(table).where(col(table.variety_id) == int(old))
                connection.execute(move.values(variety_id=int(targets[0])))
    # The monthly purchases still name the old ones, and are summed by them.
    products = before.loc[before["variety_id"].isin(gone), "product_id"].unique()
    ledger.rebuild(connection, ledger.Touched(product_ids=tuple(int(p) for p in products)))
    connection.execute(delete(Variety).where(col(Variety.id).in_([int(old) for old in gone])))
