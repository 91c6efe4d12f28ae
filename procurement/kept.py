"""What several figures are made of, computed once for one state of the ledger.

    @kept
    def agreements(connection: Connection, filters: Filters) -> pd.DataFrame: …

A connection for reading sees one state of the ledger and carries a `Kept` (database.reading), or one that
outlives it, as long as the version of the data lasts (dashboard.data): what is kept must depend on nothing
that changes without a new version (queries.register.data_version). A connection that writes carries none:
there, everything is computed whenever it is asked for.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from threading import Lock, RLock
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd
from sqlalchemy import Connection

KEPT = "kept"
"""Option of a connection: what is kept for the state of the ledger that it sees."""

KEPT_FOR_ALL = "kept_for_all"
"""The same for what is the same for every reader, whatever else they see."""

MOST = 64
"""Results; the one that was not asked for the longest time goes first."""

P = ParamSpec("P")
T = TypeVar("T")


def keep_parts(connection: Connection) -> None:
    """For a transaction that writes nothing of what figures are made of: settlements are not."""
    connection.execution_options(**{KEPT: Kept()})


class Kept:
    """Results by what they were computed from; threads that ask for the same one wait for the first.

    `most`: how much all of them may weigh together, by `weigh`; without it, how many they may be.
    """

    def __init__(self, most: int = MOST, weigh: Callable[[Any], int] = lambda _result: 1) -> None:
        self._most, self._weigh = most, weigh
        self._results: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._weight = 0
        self._turns: dict[Hashable, RLock] = {}  # type: ignore[valid-type]
        self._lock = Lock()

    def of(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The result of `compute`, which is the same for the same key."""
        with self._lock:
            if key in self._results:
                return self._found(key)
            turn = self._turns.setdefault(key, RLock())
        with turn:
            with self._lock:
                if key in self._results:
                    return self._found(key)
            try:
                result = compute()
                weight = self._weigh(result)
                with self._lock:
                    self._results[key] = (result, weight)
                    self._weight += weight
                    # The last one stays, however heavy: whoever asked for it is about to ask again.
                    while self._weight > self._most and len(self._results) > 1:
                        _oldest, (_result, let_go) = self._results.popitem(last=False)
                        self._weight -= let_go
                return result
            finally:
                with self._lock:
                    self._turns.pop(key, None)

    def _found(self, key: Hashable) -> Any:
        self._results.move_to_end(key)
        return self._results[key][0]


def kept(compute: Callable[Concatenate[Connection, P], T]) -> Callable[Concatenate[Connection, P], T]:
    """A frame, or several, by what they are computed from. Each caller is given frames of its own, which cost
    nothing until they are changed. Arguments must be hashable."""
    return _kept_under((KEPT,), compute)


def kept_for_all(
    compute: Callable[Concatenate[Connection, P], T],
) -> Callable[Concatenate[Connection, P], T]:
    """`kept`, of tables that everybody may read (scoped.SHARED): readers of any scope share what it gives."""
    return _kept_under((KEPT_FOR_ALL, KEPT), compute)


def _kept_under(
    options: tuple[str, ...], compute: Callable[Concatenate[Connection, P], T]
) -> Callable[Concatenate[Connection, P], T]:
    name = f"{compute.__module__}.{compute.__qualname__}"

    @wraps(compute)
    def computed(connection: Connection, *arguments: P.args, **named: P.kwargs) -> T:
        found = connection.get_execution_options()
        known = cast(Kept | None, next((found[option] for option in options if option in found), None))
        if known is None:
            return compute(connection, *arguments, **named)
        key = (name, arguments, tuple(sorted(named.items())))
        return _own(known.of(key, lambda: compute(connection, *arguments, **named)))

    return computed


def _own(result: Any) -> Any:
    if isinstance(result, tuple):
        return tuple(_own(part) for part in result)
    if is_dataclass(result) and not isinstance(result, type):
        return replace(result, **{each.name: _own(getattr(result, each.name)) for each in fields(result)})
    return result.copy(deep=False) if isinstance(result, pd.DataFrame) else result
