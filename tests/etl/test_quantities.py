"""Whole columns of quantities and prices: exact, and the same as one by one."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.quantities import by_combination, quotients
from procurement.money import divide
from tests.etl.conftest import Load
from tests.etl.reading import codes

pairs = st.lists(
    st.tuples(st.none() | st.integers(-(2**62), 2**62), st.none() | st.integers(1, 10**9)), min_size=1, max_size=20
)  # fmt: skip


@given(pairs, st.sampled_from([1, 10, 10**6]))
def test_quotients_are_those_of_whole_numbers(pairs, scale):
    wanted = [None if a is None or b is None else divide(a * scale, b) for a, b in pairs]
    if any(value is not None and abs(value) >= 2**63 for value in wanted):
        return
    numerators, denominators = (pd.Series(list(values), dtype="Int64") for values in zip(*pairs, strict=True))
    found = quotients(numerators, denominators, scale)
    assert [None if pd.isna(value) else int(value) for value in found] == wanted


@given(st.lists(st.tuples(st.sampled_from(["盒", "片", None]), st.sampled_from([1, 2, None])), min_size=1))
def test_each_combination_is_asked_once(rows):
    words, packs = (
        pd.Series([w for w, _ in rows], dtype="object"),
        pd.Series([p for _, p in rows], dtype="Int64"),
    )
    asked = []

    def ask(word: object, pack: object) -> tuple[object, object]:
        asked.append((word, pack))
        return (word if isinstance(word, str) else None, None if pd.isna(pack) else int(pack))

    places, results = by_combination(ask, words, packs)
    assert [results[place] for place in places] == rows
    assert len(asked) == len(set(rows))


HEAD = "机构编码|采购日期|产品编码|数量|单位|单价|金额\n"


@pytest.mark.usefixtures("no_grain")
@pytest.mark.parametrize(
    ("unit", "price", "told"),
    [
        ("盒", "5.6", []),
        ("盒", "0.4", ["price-other-reading"]),  # 5.6 ÷ 14: the price of a tablet
        ("片", "5.6", ["price-other-reading"]),
        ("片", "0.4", []),
        ("盒", "4.5", []),  # cheaper, but no price of a tablet
        ("盒", "28", []),
    ],
)
def test_a_price_that_fits_only_by_the_other_unit_is_told_with_both_readings(load: Load, unit, price, told):
    report = load(HEAD + f"H001|2022-03-15|A1|28|{unit}|{price}|")
    assert (report.status, codes(report)) == ("loaded", told)
    if told:
        assert "0.40 元相近" in report.problems[0].message


def test_an_amount_that_fits_the_price_does_not_tell_what_it_counts_by(load: Load):
    assert codes(load(HEAD + "H001|2022-03-15|A1|28|盒|0.4|11.2")) == ["price-other-reading"]
    assert codes(load(HEAD + "H001|2022-03-15|A1|28|盒|5.6|156.8")) == []
