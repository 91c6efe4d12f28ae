"""The front door of product matching: what is proposed, and what a person decides about it.

confirm: lines, listings and volumes of the provisional product count under the registered one from then on;
reject: the pair is not proposed again; revoke: either is taken back, and all figures are as before.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection, Engine, insert, select, update
from sqlmodel import col

from etl.listings import products_of_batches
from etl.matching.catalogue import Entry, entries
from etl.matching.conflicts import MatchRefused, check_confirm
from etl.matching.likeness import score
from etl.matching.proposals import millionths, proposals
from procurement import ledger
from procurement.database import reading, writing
from procurement.filters import Filters
from procurement.language import N_, _
from procurement.packs import apply_packs
from procurement.people import audit
from procurement.tables import Listing, Product, ProductMatch

__all__ = ["MatchRefused", "confirm", "confirm_exact", "exact_pairs", "proposals", "reject", "revoke"]

Pair = tuple[str, str]
"""Codes of a provisional product and of a registered one."""

UNKNOWN = N_("没有编码为“{code}”的产品。")
NOT_PROVISIONAL = N_("“{code}”不是无编码产品（TMP-开头的临时编码）。")
NO_DECISION = N_("“{provisional}”与“{product}”之间没有可以撤回的决定。")


def confirm(engine: Engine, pairs: Iterable[Pair], *, by: str) -> int:
    """Join each provisional product to the registered one, all or none; returns how many were joined."""
    with writing(engine) as connection:
        joined = [_join(connection, *_both(connection, pair), by) for pair in pairs]
        _rebuild(connection, [number for pair in joined for number in pair])
    return len(joined)


def confirm_exact(engine: Engine, *, by: str, filters: Filters = Filters()) -> int:
    """Confirm every pair that is written exactly alike and has no rival."""
    with reading(engine) as connection:
        pairs = exact_pairs(proposals(connection, filters))
    return confirm(engine, pairs, by=by) if pairs else 0


def exact_pairs(proposed: pd.DataFrame) -> list[Pair]:
    """Pairs of score 1 whose provisional product has no other such twin."""
    exact = proposed[proposed["match_score"] == millionths(1.0)]
    exact = exact[~exact["provisional_code"].duplicated(keep=False)]
    return list(zip(exact["provisional_code"], exact["product_code"], strict=True))


def reject(engine: Engine, pairs: Iterable[Pair], *, by: str) -> int:
    """Say that the two of each pair are different products; joined ones are parted."""
    return _part_all(engine, pairs, "rejected", by)


def revoke(engine: Engine, pairs: Iterable[Pair], *, by: str) -> int:
    """Take the standing decision about each pair back."""
    return _part_all(engine, pairs, "revoked", by)


def _part_all(engine: Engine, pairs: Iterable[Pair], decision: str, by: str) -> int:
    with writing(engine) as connection:
        parted: list[int] = []
        found = [_both(connection, pair) for pair in pairs]
        for provisional, product in found:
            if decision == "revoked":
                _require_decision(connection, provisional, product)
            if provisional.merged_into == product.id:
                _set_merged(connection, provisional, None)
                parted += [provisional.id, product.id]
            _decide(connection, provisional, product, decision, by)
        _rebuild(connection, parted)
    return len(found)


def _both(connection: Connection, pair: Pair) -> tuple[Entry, Entry]:
    found = {entry.code: entry for entry in entries(connection, col(Product.code).in_(pair))}
    for code in pair:
        if code not in found:
            raise MatchRefused(_(UNKNOWN).format(code=code))
    if not found[pair[0]].is_provisional:
        raise MatchRefused(_(NOT_PROVISIONAL).format(code=pair[0]))
    return found[pair[0]], found[pair[1]]


def _join(connection: Connection, provisional: Entry, product: Entry, by: str) -> tuple[int, int]:
    check_confirm(connection, provisional, product)
    _set_merged(connection, provisional, product.id)
    _decide(connection, provisional, product, "confirmed", by)
    return provisional.id, product.id


def _set_merged(connection: Connection, provisional: Entry, target: int | None) -> None:
    """The provisional product has its own pack, or the other's where it has none of its own."""
    change = update(Product).where(col(Product.id) == provisional.id).values(merged_into=target)
    connection.execute(change)
    if provisional.words.units_per_pack is None:
        apply_packs(connection, [provisional.id])


def _decide(connection: Connection, provisional: Entry, product: Entry, decision: str, by: str) -> None:
    connection.execute(
        insert(ProductMatch).values(
            provisional_id=provisional.id,
            product_id=product.id,
            decision=decision,
            score=millionths(score(provisional.words, product.words)),
            decided_at=datetime.now(UTC).replace(microsecond=0),
            decided_by=by,
        )
    )
    audit.record(connection, f"match-{decision}", provisional.code, by=by, product=product.code)


def _require_decision(connection: Connection, provisional: Entry, product: Entry) -> None:
    query = (
        select(col(ProductMatch.decision))
        .where(col(ProductMatch.provisional_id) == provisional.id, col(ProductMatch.product_id) == product.id)
        .order_by(col(ProductMatch.id).desc())
        .limit(1)
    )
    if connection.execute(query).scalar() in (None, "revoked"):
        words = {"provisional": provisional.code, "product": product.code}
        raise MatchRefused(_(NO_DECISION).format(**words))


def _rebuild(connection: Connection, product_ids: list[int]) -> None:
    """The grain of the products and of all that share a batch with them: their mean price moves too."""
    if product_ids:
        touched = sorted({*product_ids, *_batch_mates(connection, product_ids)})
        ledger.rebuild(connection, ledger.Touched(product_ids=tuple(touched)))


def _batch_mates(connection: Connection, product_ids: list[int]) -> set[int]:
    batches = select(col(Listing.batch_id)).where(col(Listing.product_id).in_(product_ids)).distinct()
    return products_of_batches(connection, list(connection.execute(batches).scalars()))
