"""Where an institution stands among its peers, told without a figure of any of them.

    peers     institutions of the same kind and level that have the figure, none of the reader's own
    rank      = 1 + peers whose share is larger; shares are compared to a tenth of a point
    quartile  = mean of the three peers around it, to a whole point

With fewer than LEAST_PEERS peers there is neither rank nor quartile: a reader could tell who is meant. A
quartile that were one peer's own share would be somebody's figure; the mean of three, rounded, is nobody's.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from procurement.money import divide

LEAST_PEERS = 5
AROUND = 3
"""Peers that a quartile is the mean of."""

TENTHS, POINTS = 1_000, 100
"""What a share is compared in, and what a quartile is told in."""


@dataclass(frozen=True)
class Standing:
    """Shares are fractions. Without an own share, or with too few peers, rank and quartiles are empty."""

    share: float | None
    peers: int
    rank: int | None = None
    lower: float | None = None
    median: float | None = None
    upper: float | None = None


def standing(shares: pd.DataFrame, code: str, own: Collection[str]) -> Standing:
    """Where institution `code` stands.

    `shares`: one row per institution with institution_code, kind, level, and the figure as two whole
    numbers, `part` of `whole`; one without a positive whole has no figure. `own`: the institutions that the
    reader may see anyway; they are no peers.
    """
    known = shares[(shares["whole"] > 0).fillna(False)]
    mine = known[known["institution_code"] == code]
    group = _group(shares, code)
    peers = known[~known["institution_code"].isin([*own, code]) & known["institution_code"].isin(group)]
    told = None if mine.empty else int(mine["part"].iloc[0]) / int(mine["whole"].iloc[0])
    if mine.empty or len(peers) < LEAST_PEERS:
        return Standing(told, len(peers))
    (at,) = _tenths(mine)
    return Standing(told, len(peers), *placed(at, _tenths(peers)))


def placed(at: int, others: Sequence[int]) -> tuple[int, float, float, float]:
    """Rank and quartiles among peers, of shares in tenths of a point."""
    ascending = sorted(others)
    rank = 1 + sum(other > at for other in others)
    return rank, _quartile(ascending, 1), _quartile(ascending, 2), _quartile(ascending, 3)


def _group(shares: pd.DataFrame, code: str) -> pd.Series:
    """Codes of the institutions of the same kind and level; an empty level is one of its own."""
    said = shares["kind"].astype(str) + " " + shares["level"].astype(object).fillna("").astype(str)
    mine = said[shares["institution_code"] == code]
    return shares.loc[said.isin(mine), "institution_code"]


def _tenths(rows: pd.DataFrame) -> list[int]:
    """Each row's share in tenths of a point."""
    pairs = zip(rows["part"], rows["whole"], strict=True)
    return [divide(int(part) * TENTHS, int(whole)) for part, whole in pairs]


def _quartile(ascending: Sequence[int], number: int) -> float:
    """The mean of the peers around quartile `number`, as a fraction of whole points."""
    place = (number * (len(ascending) - 1) + 2) // 4
    middle = min(max(place, 1), len(ascending) - 2)
    around = ascending[middle - 1 : middle - 1 + AROUND]
    return divide(sum(around) * POINTS, AROUND * TENTHS) / POINTS
