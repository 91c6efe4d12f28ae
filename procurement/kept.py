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

MOST = 64
"""Results; the one that was not asked for the longest time goes first."""

P = ParamSpec("P")
T = TypeVar("T")


def keep_parts(connection: Connection) -> None:
    """For a transaction that writes nothing of what figures are made of: settlements are not."""
    connection.execution_options(**{KEPT: Kept()})


class Kept:
    """Results by what they were computed from; threads that ask for the same one wait for the first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._results: OrderedDict[Hashable, Any] = OrderedDict()
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
                with self._lock:
                    self._results[key] = result
                    if len(self._results) > self._most:
                        self._results.popitem(last=False)
                return result
            finally:
                with self._lock:
                    self._turns.pop(key, None)

    def _found(self, key: Hashable) -> Any:
        self._results.move_to_end(key)
        return self._results[key]


def kept(compute: Callable[Concatenate[Connection, P], T]) -> Callable[Concatenate[Connection, P], T]:
    """A frame, or several, by what they are computed from. Each caller is given frames of its own, which cost
    nothing until they are changed. Arguments must be hashable."""
    name = f"{compute.__module__}.{compute.__qualname__}"

    @wraps(compute)
    def computed(connection: Connection, *arguments: P.args, **named: P.kwargs) -> T:
        known = cast(Kept | None, connection.get_execution_options().get(KEPT))
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
