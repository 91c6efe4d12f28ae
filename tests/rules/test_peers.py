"""Peers: where one stands, and nothing that tells a figure of another."""

from collections.abc import Iterator
from dataclasses import fields
from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.measures.peers import LEAST_PEERS, Standing, placed, standing
from tests.drawn import table

SIX = """
    institution_code | kind     | level | part | whole
    -----------------+----------+-------+------+------
    ME               | hospital | 二级  | 500  | 1000
    A                | hospital | 二级  | 100  | 1000
    B                | hospital | 二级  | 300  | 1000
    C                | hospital | 二级  | 400  | 1000
    D                | hospital | 二级  | 600  | 1000
    E                | hospital | 二级  | 900  | 1000
"""


def of(*tenths: int, me: int = 500) -> pd.DataFrame:
    """Peers with these shares in tenths of a point, beside ME."""
    codes = ["ME", *(f"P{number}" for number in range(len(tenths)))]
    parts = pd.Series([me, *tenths], dtype="Int64")
    return pd.DataFrame({"institution_code": codes, "kind": "hospital", "level": "二级"}).assign(
        part=parts, whole=pd.Series([1000] * len(codes), dtype="Int64")
    )


def test_rank_and_quartiles_of_a_drawn_group():
    # peers in order: 10, 30, 40, 60, 90 %; two are larger than 50 %. The quartiles are the means of three:
    # (10 + 30 + 40) ÷ 3 = 26.7, (30 + 40 + 60) ÷ 3 = 43.3, (40 + 60 + 90) ÷ 3 = 63.3, in whole points
    assert standing(table(SIX), "ME", ["ME"]) == Standing(0.5, 5, 3, 0.27, 0.43, 0.63)


@pytest.mark.parametrize(
    ("change", "peers"),
    [("E                | hospital | 二级  | 900  | 1000", 4), ("", 5)],
)
def test_four_peers_tell_nothing_and_five_do(change, peers):
    found = standing(table(SIX.replace(change, "") if change else SIX), "ME", ["ME"])
    assert found.peers == peers
    assert (found.rank is None) == (found.lower is None) == (peers < LEAST_PEERS)
    assert found.share == 0.5


@pytest.mark.parametrize("other", ["primary_care | 二级", "hospital | 三级", "hospital | -"])
def test_another_kind_or_level_is_no_peer(other):
    drawn = SIX.replace("E                | hospital | 二级", f"E                | {other}")
    assert standing(table(drawn), "ME", ["ME"]) == Standing(0.5, 4)


def test_institutions_without_a_level_are_peers_of_each_other():
    found = standing(table(SIX.replace("二级", "-")), "ME", ["ME"])
    assert (found.peers, found.rank) == (5, 3)


def test_who_lacks_the_figure_is_no_peer_and_has_no_rank():
    assert standing(table(SIX.replace("900  | 1000", "-    | -")), "ME", ["ME"]) == Standing(0.5, 4)
    assert standing(table(SIX.replace("900  | 1000", "0    | 0")), "ME", ["ME"]) == Standing(0.5, 4)
    assert standing(table(SIX.replace("500  | 1000", "-    | -")), "ME", ["ME"]) == Standing(None, 5)
    assert standing(table(SIX), "nobody", []) == Standing(None, 0)


def test_what_the_reader_may_see_anyway_is_no_peer():
    # A chain that knows four of the five could work out the fifth.
    assert standing(table(SIX), "ME", ["ME", "A", "B", "C", "D"]) == Standing(0.5, 1)


def test_shares_that_read_alike_share_a_rank():
    assert standing(of(500, 500, 500, 500, 501), "ME", ["ME"]).rank == 2
    assert standing(of(500, 500, 500, 500, 500), "ME", ["ME"]).rank == 1


def test_a_loss_is_compared_too():
    found = standing(of(-300, -200, -100, 0, 100, me=-50), "ME", ["ME"])
    assert (found.share, found.rank, found.lower, found.upper) == (-0.05, 3, -0.2, 0.0)


SHARES = st.lists(st.integers(0, 1000), min_size=LEAST_PEERS, max_size=30)


def test_nothing_but_an_own_share_counts_and_quartiles_is_told():
    assert [field.name for field in fields(Standing)] == [
        "share",
        "peers",
        "rank",
        "lower",
        "median",
        "upper",
    ]


@given(SHARES, st.integers(0, 1000), st.randoms())
def test_quartiles_are_whole_points_and_who_has_which_share_plays_no_part(tenths, me, random):
    told = placed(me, tenths)
    rank, *quartiles = told
    assert 1 <= rank <= len(tenths) + 1
    assert quartiles == sorted(quartiles)
    for quartile in quartiles:
        assert round(quartile * 100) == pytest.approx(quartile * 100)
        assert min(tenths) / 1000 - 0.005 <= quartile <= max(tenths) / 1000 + 0.005
    assert placed(me, random.sample(tenths, len(tenths))) == told


SPACED = st.lists(st.integers(1, 160), min_size=LEAST_PEERS, max_size=12, unique=True)


@given(SPACED, st.integers(0, 160))
def test_no_peers_share_can_be_read_from_what_is_told(places, me):
    """Each peer's share may be another one, with everything that is told the same."""
    tenths = sorted(6 * place for place in places)  # two further apart or nearer, and the order is the same
    told = placed(6 * me + 3, tenths)
    for at in range(len(tenths)):
        assert any(placed(6 * me + 3, moved) == told for moved in moves(tenths, at))


def moves(tenths: list[int], at: int) -> Iterator[list[int]]:
    """The same shares with the one at a place a little more or less, and its neighbours moved against it."""
    for step, sides in product((1, -1), product((-1, 0, 1), repeat=4)):
        moved = list(tenths)
        moved[at] += step
        for offset, side in zip((-2, -1, 1, 2), sides, strict=True):
            if 0 <= at + offset < len(moved):
                moved[at + offset] += side
        yield moved
