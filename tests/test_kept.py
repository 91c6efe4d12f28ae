"""What several figures share is computed once for a state of the ledger, and never told of another state."""

from datetime import date
from threading import Barrier, Thread

import pandas as pd
import pytest

from procurement import assessments, figures
from procurement.database import reading, writing
from procurement.filters import Filters
from procurement.kept import KEPT, Kept, kept
from procurement.summary import summary
from tests.small_ledger import fill, purchase


@pytest.fixture
def city(ledger):
    fill(ledger, purchase(1, date(2021, 3, 5), 60_000, 24_000))
    return ledger


def counted(monkeypatch, module, name: str) -> list[object]:
    """A call of the function puts its arguments here."""
    calls: list[object] = []
    function = getattr(module, name)

    def call(*arguments, **named):
        calls.append(arguments)
        return function(*arguments, **named)

    monkeypatch.setattr(module, name, call)
    return calls


def test_the_headline_figures_price_each_list_and_each_agreement_once(city, monkeypatch):
    from procurement import priced

    lists = counted(monkeypatch, priced, "resolve_listings")
    agreed = counted(monkeypatch, priced, "price_agreements")
    with reading(city) as connection:
        summary(connection)
    assert (len(lists), len(agreed)) == (1, 1)


def test_whoever_changes_a_frame_changes_his_own(city):
    with reading(city) as connection:
        first = figures.agreements(connection)
        before = first.copy(deep=True)
        first["agreed_units"] = 0
        first.loc[:, "baseline_unit_price"] = pd.NA
        pd.testing.assert_frame_equal(figures.agreements(connection), before)


def test_several_frames_are_each_ones_own_as_well(city):
    with reading(city) as connection:
        first = assessments.assessed(connection, Filters())
        before = [part.copy(deep=True) for part in first]
        first[1]["computed_score"] = 7
        for part, was in zip(assessments.assessed(connection, Filters()), before, strict=True):
            pd.testing.assert_frame_equal(part, was)


def test_whoever_writes_is_told_what_stands_there_now(city):
    with writing(city) as connection:
        assert KEPT not in connection.get_execution_options()
        before = figures.agreements(connection)["agreed_units"]
        connection.exec_driver_sql("UPDATE agreed_volume SET agreed_units = agreed_units + 1")
        after = figures.agreements(connection)["agreed_units"]
    assert after.tolist() == (before + 1).tolist()


def test_each_filter_has_its_own(city):
    with reading(city) as connection:
        everything, one = figures.completion(connection), Filters(institutions=("H1",))
        assert set(figures.completion(connection, one)["institution_code"]) == {"H1"}
        assert len(figures.completion(connection)) == len(everything)


def test_the_oldest_goes_first_and_one_that_is_asked_for_stays():
    known, made = Kept(most=2), []

    def ask(key: str) -> str:
        return known.of(key, lambda: made.append(key) or key)  # type: ignore[func-returns-value]

    for key in ("a", "b", "a", "c", "a", "b"):
        assert ask(key) == key
    assert made == ["a", "b", "c", "b"]


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        # 10 in all: a and b fit, c lets a go, then a lets b go, c is still there
        ("abcac", "abca"),
        # ten alone lets everything go, and stays until the next one
        ("abXXa", "abXa"),
        # heavier than all together: it stays while it is the last
        ("aYYa", "aYa"),
    ],
)
def test_the_oldest_go_until_the_rest_is_light_enough(asked, made):
    weights = {"a": 4, "b": 5, "c": 5, "X": 10, "Y": 99}
    known, computed = Kept(10, weights.__getitem__), []
    for key in asked:
        known.of(key, lambda key=key: computed.append(key) or key)
    assert "".join(computed) == made


def test_threads_that_ask_at_once_wait_for_the_first():
    known, together, made, given = Kept(), Barrier(4), [], []

    def compute() -> int:
        made.append(1)
        return 7

    def ask() -> None:
        together.wait()
        given.append(known.of("key", compute))

    threads = [Thread(target=ask) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (made, given) == ([1], [7] * 4)


def test_what_failed_is_tried_again():
    known = Kept()
    with pytest.raises(ZeroDivisionError):
        known.of("key", lambda: 1 // 0)
    assert known.of("key", lambda: 1) == 1


def test_the_name_and_the_words_of_a_function_stay():
    @kept
    def told(connection, filters):
        """Told."""

    assert (told.__name__, told.__doc__) == ("told", "Told.")
