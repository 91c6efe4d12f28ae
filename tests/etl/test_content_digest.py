"""The digest of a file's content: the same for the same lines in any order, another for any other lines."""

import subprocess
import sys

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.checking import content_digest

CELLS = st.tuples(
    st.one_of(st.none(), st.sampled_from(["", "A", "B", "12"])),
    st.one_of(st.none(), st.integers(-2, 2)),
    st.one_of(st.none(), st.dates(pd.Timestamp("2022-01-01").date(), pd.Timestamp("2022-01-04").date())),
)
ROWS = st.lists(CELLS, max_size=5)


def frame(rows: list[tuple], columns: tuple[str, ...] = ("name", "figure", "day")) -> pd.DataFrame:
    values = list(zip(*rows, strict=True)) if rows else [[], [], []]
    types = ("object", "Int64", "datetime64[s]")
    return pd.DataFrame(
        {
            name: pd.Series(list(each), dtype=kind)
            for name, each, kind in zip(columns, values, types, strict=True)
        }
    )


def digest(rows: list[tuple]) -> str:
    return content_digest("purchases", "", frame(rows))


def meant(rows: list[tuple]) -> list[str]:
    return sorted(repr(("" if name is None else name, figure, day)) for name, figure, day in rows)


@given(ROWS, ROWS)
def test_two_contents_have_one_digest_if_and_only_if_they_hold_the_same_lines(some, others):
    assert (digest(some) == digest(others)) == (meant(some) == meant(others))


@given(st.data(), ROWS)
def test_the_order_of_lines_is_of_no_meaning(data, rows):
    assert digest(rows) == digest(data.draw(st.permutations(rows)))


@pytest.mark.parametrize(
    "others",
    [
        [("A", 1, None)],
        [("A", 1, None)] * 3,
        [("B", 1, None), ("A", 2, None)],
        [("A", 1, None), ("A", 1, None), (None, None, None)],
    ],
)
def test_doubled_crossed_and_empty_lines_are_told_apart(others):
    assert digest([("A", 1, None)] * 2) != digest(others)
    assert digest([("A", 1, None), ("B", 2, None)]) != digest(others)


def test_kind_institution_and_columns_are_part_of_it():
    rows = [("A", 1, None)]
    told = {
        content_digest("purchases", "", frame(rows)),
        content_digest("agreed_volumes", "", frame(rows)),
        content_digest("purchases", "H001", frame(rows)),
        content_digest("purchases", "", frame(rows, ("word", "figure", "day"))),
        content_digest("purchases", "", frame(rows)[["figure", "name", "day"]]),
    }
    assert len(told) == 5


@pytest.mark.parametrize("seed", ["0", "1"])
def test_it_is_the_same_in_every_process(seed):
    """It is kept in the ledger: a content that came last year is known again."""
    asks = (
        "import pandas as pd; from etl.checking import content_digest as d;"
        "print(d('k', 'H', pd.DataFrame({'a': ['甲', None], 'b': pd.Series([1, None], dtype='Int64')})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asks], capture_output=True, text=True, env={"PYTHONHASHSEED": seed}
    )
    assert done.stdout.strip() == KEPT, done.stderr


KEPT = "30f882b86cb979df973683633a0e334bad08673bb2e3d30e48c25ea2f8790185"
