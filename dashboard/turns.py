"""Pages are computed a few at a time, the others wait for their turn.

Threads of one interpreter share one core: thirty pages at once each take thirty times as long, and half as
long again for being in each other's way. One after the other, the first is there at once and the last sooner.

    with turn(): …          a page, or a file that is made among the pages
    step_aside()            what writes, or waits for another process, lets the next one go ahead
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore, local

AT_ONCE = 2
"""One computes while the other one waits for the database or compresses what it sends."""

PATIENCE = 30
"""Seconds until somebody goes without a turn: whatever holds the turns must not stop everybody."""

_turns = Semaphore(AT_ONCE)
_mine = local()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn, and keep it until the end or until `step_aside`. Inside of a turn it is nothing."""
    if getattr(_mine, "is_held", False):
        yield
        return
    _mine.is_held = _turns.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        step_aside()


def step_aside() -> None:
    """Give the turn of this thread back, if it holds one."""
    if getattr(_mine, "is_held", False):
        _mine.is_held = False
        _turns.release()
