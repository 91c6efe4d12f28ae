"""Which registered products a product without a code may be: the best few, with what differs.

Worked out when somebody looks, never stored. Only names that share two neighbouring signs are compared,
and only products of near names in all else.
"""

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd
from sqlalchemy import Connection
from sqlmodel import col

from etl.matching.catalogue import Entry, entries
from etl.matching.likeness import LEAST, Names, differences, score
from etl.matching.names import registration_key
from procurement.filters import Filters
from procurement.language import _
from procurement.queries.matches import decisions, provisional_products
from procurement.tables import Product

MOST_PER_PRODUCT = 3

Row = tuple[int, Entry | None, float | None]
"""A provisional product, a registered one that it may be, and the score of the two."""


def millionths(share: float) -> int:
    return round(share * 1_000_000)


def proposals(connection: Connection, filters: Filters = Filters(), limit: int | None = None) -> pd.DataFrame:
    """One row per product without a code × registered one that it may be (at most three, best first).

    A product that is near to none has one row without a registered one, unless a list names it: that is
    where it belongs. The products of which most was bought come first; `limit` is how many are looked at.
    `match_score` in millionths; `paid_amount` and `lines` are what the reader may see; `match_differs` says
    what differs, in words.
    """
    waiting = provisional_products(connection, filters).head(limit)
    own = {entry.id: entry for entry in entries(connection, col(Product.is_provisional))}
    candidates = Candidates(entries(connection, ~col(Product.is_provisional)))
    ruled_out = _rejected(connection)
    rows: list[Row] = []
    for number, is_listed in zip(waiting["provisional_id"], waiting["is_listed"], strict=True):
        best = candidates.best(own[number], ruled_out)
        rows += [(number, other, points) for other, points in best]
        if not (best or is_listed):
            rows.append((number, None, None))
    return _told(waiting, own, rows)


def _rejected(connection: Connection) -> set[tuple[int, int]]:
    decided = decisions(connection)
    rejected = decided[decided["match_decision"] == "rejected"]
    return set(zip(rejected["provisional_id"], rejected["product_id"], strict=True))


class Candidates:
    """Registered products by name and by registration number."""

    def __init__(self, registered: Iterable[Entry]) -> None:
        self._by_name: dict[str, list[Entry]] = defaultdict(list)
        self._by_registration: dict[str, list[Entry]] = defaultdict(list)
        for entry in registered:
            if entry.words.name_key:
                self._by_name[entry.words.name_key].append(entry)
            if number := registration_key(entry.words.registration):
                self._by_registration[number].append(entry)
        self._names = Names(self._by_name)
        self._near: dict[str, list[str]] = {}

    def best(self, own: Entry, ruled_out: set[tuple[int, int]]) -> list[tuple[Entry, float]]:
        """The registered products nearest to `own`, best first."""
        scored = {
            entry.id: (entry, score(own.words, entry.words))
            for entry in self._possible(own)
            if (own.id, entry.id) not in ruled_out
        }
        near = [(entry, points) for entry, points in scored.values() if points >= LEAST]
        return sorted(near, key=lambda pair: (-pair[1], pair[0].code))[:MOST_PER_PRODUCT]

    def _possible(self, own: Entry) -> Iterable[Entry]:
        name = own.words.name_key
        if name not in self._near:
            self._near[name] = self._names.near(name) if name else []
        for other in self._near[name]:
            yield from self._by_name[other]
        if number := registration_key(own.words.registration):
            yield from self._by_registration.get(number, ())


def _told(waiting: pd.DataFrame, own: dict[int, Entry], rows: list[Row]) -> pd.DataFrame:
    found = pd.DataFrame(
        {
            "provisional_id": pd.Series([number for number, _other, _points in rows], dtype="Int64"),
            "product_id": pd.Series([o.id if o else None for _n, o, _p in rows], dtype="Int64"),
            "product_code": pd.Series([o.code if o else None for _n, o, _p in rows], dtype="object"),
            "match_score": pd.Series(
                [None if p is None else millionths(p) for _n, _o, p in rows], dtype="Int64"
            ),
            "match_differs": pd.Series(
                [_differs(own[number], other) for number, other, _points in rows], dtype="object"
            ),
        }
    )
    for column, name in (("product_name", "name"), ("spec", "spec"), ("manufacturer", "manufacturer")):
        values = [getattr(other.words, name) if other else None for _n, other, _p in rows]
        found[column] = pd.Series(values, dtype="object")
    return waiting.merge(found, on="provisional_id", how="right")


def _differs(own: Entry, other: Entry | None) -> str | None:
    if other is None:
        return None
    return _("、").join(_(text) for text in differences(own.words, other.words))
