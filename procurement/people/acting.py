"""Who acts in this thread, and from where: set once where a request or a command begins.

    with acting(Actor("zhang", "official", "10.0.0.7")):
        undo(engine, 12, by="zhang")      the trail tells role and address

Whoever acts without saying so is at the server's own command line, and is named by `by`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

HERE = "local"
"""Origin of what is done at the server itself."""


@dataclass(frozen=True)
class Actor:
    """An account's name, its role and the address that it acts from."""

    name: str
    role: str = ""
    origin: str = HERE


_ACTOR: ContextVar[Actor | None] = ContextVar("actor", default=None)


def act_as(actor: Actor | None) -> None:
    """From now on, in this thread."""
    _ACTOR.set(actor)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """As `act_as`, until the block ends."""
    token = _ACTOR.set(actor)
    try:
        yield
    finally:
        _ACTOR.reset(token)


def actor_of(by: str = "") -> Actor:
    """Who acts now; `by` where nobody was said to."""
    return _ACTOR.get() or Actor(by)
