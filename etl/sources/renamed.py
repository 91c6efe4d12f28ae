"""A batch list that comes again with another name for a variety: what hung on the old one goes with it.

The old variety is gone when no award is left under it. Where all its products now stand under one name,
its agreed volumes and substitutes move there. Where it is taken apart, or two become one, volumes that were
agreed for products go with their products; where volumes are for the variety as a whole, or substitutes
hang on what is taken apart, it is not clear where they belong, and the list is refused.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, select, update
from sqlmodel import col

from etl.problem_kinds.skip import VARIETY_SPLIT
from etl.register import Context
from etl.rows import Rows
from etl.values.cells import key_of
from procurement import ledger
from procurement.frames import read_frame
from procurement.tables import AgreedVolume, AreaVolume, Import, Listing, Product, ShortfallReason, Variety

Place = tuple[int, str]
"""A batch and the key of a variety's name."""

VOLUMES = (AgreedVolume, AreaVolume)


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
    awarded = awarded_in(context.connection, named["batch_id"].unique().tolist())
    moves = _moves(named, awarded, context)
    volumes = _Volumes.of(context.connection, awarded)
    fixed = volumes.as_a_whole | _substituted(context)
    unclear = [old for old, targets in moves.items() if old in fixed and len(targets) > 1]
    for old, targets in moves.items():
        others = {context.register.varieties.get(place) for place in targets}
        others |= {other for other in moves if other != old and moves[other] & targets}
        if any(volumes.clash(old, other) for other in others - {old, None}):
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


@dataclass(frozen=True)
class _Volumes:
    """Varieties that volumes hang on; `as_a_whole` where no award takes them along."""

    any_at_all: frozenset[int]
    as_a_whole: frozenset[int]

    @classmethod
    def of(cls, connection: Connection, awarded: pd.DataFrame) -> "_Volumes":
        pairs = set(zip(awarded["variety_id"], awarded["product_id"], strict=True))
        found = {
            (row.variety_id, row.product_id)
            for table in VOLUMES
            for row in connection.execute(select(col(table.variety_id), col(table.product_id)).distinct())
        }
        whole = frozenset(variety for variety, product in found if (variety, product) not in pairs)
        return cls(frozenset(variety for variety, _product in found), whole)

    def clash(self, one: int, other: int | None) -> bool:
        """Two volumes of one institution cannot become one, nor one count in the strength of the other."""
        whole, known = self.as_a_whole, self.any_at_all
        return (one in whole and other in known) or (one in known and other in whole)


def _substituted(context: Context) -> set[int]:
    query = (
        select(col(Listing.variety_id))
        .join(Import, col(Import.id) == col(Listing.import_id))
        .where(col(Import.kind) != "batch_list")
    )
    return set(context.connection.execute(query.distinct()).scalars())


def move_renamed(connection: Connection, batch_ids: list[int], before: pd.DataFrame) -> None:
    """Varieties that lost all their awards go, and what hung on them goes over to where their products are.

    A variety whose awards were all withdrawn stays while anything hangs on it.
    """
    now = awarded_in(connection, batch_ids)
    gone = sorted(set(before["variety_id"]) - set(now["variety_id"]))
    if not gone:
        return
    for old in gone:
        products = before.loc[before["variety_id"] == old, "product_id"]
        places = now[now["product_id"].isin(products)].drop_duplicates("product_id")
        _move(connection, int(old), places.set_index("product_id")["variety_id"])
    # The monthly purchases still name the old ones, and are summed by them.
    products = before.loc[before["variety_id"].isin(gone), "product_id"].unique()
    ledger.rebuild(connection, ledger.Touched(product_ids=tuple(int(p) for p in products)))
    empty = [int(old) for old in gone if not _is_used(connection, int(old))]
    connection.execute(delete(Variety).where(col(Variety.id).in_(empty)))


def _move(connection: Connection, old: int, places: pd.Series) -> None:
    """Move what hangs on a variety: product by product, or as a whole where there is one place for all."""
    for product, target in places.items():
        for table in VOLUMES:
            own = (col(table.variety_id) == old) & (col(table.product_id) == int(product))
            connection.execute(update(table).where(own).values(variety_id=int(target)))
    targets = places.unique()
    if len(targets) == 1:
        for every in (*VOLUMES, Listing):
            move = update(every).where(col(every.variety_id) == old)
            connection.execute(move.values(variety_id=int(targets[0])))


def _is_used(connection: Connection, variety_id: int) -> bool:
    return any(
        connection.execute(select(col(table.id)).where(col(table.variety_id) == variety_id).limit(1)).first()
        for table in (*VOLUMES, Listing, ShortfallReason)
    )
