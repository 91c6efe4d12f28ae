"""Pages are computed a few at a time, and what must not wait does not."""

from contextlib import suppress
from threading import Event, Semaphore, Thread

import pytest

from dashboard import turns
from dashboard.turns import AT_ONCE, step_aside, turn

A_WHILE = 20


@pytest.fixture(autouse=True)
def own_turns(monkeypatch):
    monkeypatch.setattr(turns, "_turns", Semaphore(AT_ONCE))


class Page(Thread):
    """Takes a turn, says so, and keeps it until it is told to end."""

    def __init__(self, acts: bool = False) -> None:
        super().__init__(daemon=True)
        self.has_turn, self.may_end, self._acts = Event(), Event(), acts
        self.start()

    def run(self) -> None:
        with turn():
            if self._acts:
                step_aside()
            self.has_turn.set()
            self.may_end.wait(A_WHILE)

    def end(self) -> None:
        self.may_end.set()
        self.join(A_WHILE)


def test_one_more_waits_until_another_one_has_ended():
    first = [Page() for _ in range(AT_ONCE)]
    assert all(page.has_turn.wait(A_WHILE) for page in first)
    last = Page()
    assert not last.has_turn.wait(0.05)
    first[0].end()
    assert last.has_turn.wait(A_WHILE)
    for page in (*first, last):
        page.end()


def test_who_writes_lets_the_others_go_ahead():
    acting = [Page(acts=True) for _ in range(AT_ONCE)]
    assert all(page.has_turn.wait(A_WHILE) for page in acting)
    others = [Page() for _ in range(AT_ONCE)]
    assert all(page.has_turn.wait(A_WHILE) for page in others)
    for page in (*acting, *others):
        page.end()
    assert turns._turns._value == AT_ONCE


def test_a_turn_that_nobody_gives_back_stops_nobody_for_good(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    first = [Page() for _ in range(AT_ONCE)]
    assert all(page.has_turn.wait(A_WHILE) for page in first)
    last = Page()
    assert last.has_turn.wait(A_WHILE)
    for page in (last, *first):  # the one that went without gives none back
        page.end()
    assert turns._turns._value == AT_ONCE


def test_a_turn_inside_of_a_turn_is_the_same_one():
    for _ in range(AT_ONCE + 1):
        with turn(), turn():
            assert turns._turns._value == AT_ONCE - 1
            step_aside()
            assert turns._turns._value == AT_ONCE
    assert turns._turns._value == AT_ONCE


def test_a_page_that_fails_gives_its_turn_back():
    for _ in range(AT_ONCE + 1):
        with suppress(ZeroDivisionError), turn():
            1 / 0  # noqa: B018
    assert turns._turns._value == AT_ONCE
