"""The only cache: frames and figures kept per ledger, data version and filters.

What is kept is shared by all readers and must not be changed in place. Whatever filters a page gives, the
reader's scope is put into them here, into the cache's key and onto the connection: nobody is given what was
computed for somebody who may see more.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from threading import Lock
from typing import Any, TypeVar

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from sqlalchemy import Connection

from dashboard.apart import made, order
from dashboard.ledger import database_url, engine, reading_as
from dashboard.reader import scope
from dashboard.turns import turn
from procurement.database import reading
from procurement.filters import Filters
from procurement.kept import KEPT, KEPT_FOR_ALL, Kept
from procurement.language import _, current_language, in_language
from procurement.people.readers import Scope
from procurement.queries import register
from procurement.queries.imports import imports
from procurement.queries.months import last_step
from procurement.queries.purchases import covered_days
from procurement.reporting import reporting_day

SCOPES_KEPT = 60
"""Scopes whose parts are kept; the one that nobody asked for the longest time goes first."""

FRAMES_BYTES = 300_000_000
CHARTS_KEPT = 1000
"""A frame of a city takes up to 10 MB, of a hospital a hundredth of that; a chart 50 kB."""

T = TypeVar("T")


def size_of(result: Any) -> int:
    """Bytes of a frame, without the texts that its cells share; of anything else little."""
    parts = result.values() if isinstance(result, dict) else result if isinstance(result, tuple) else [result]
    return SMALL + sum(int(p.memory_usage().sum()) for p in parts if isinstance(p, pd.DataFrame))


SMALL = 2_000
"""Bytes that whatever is kept takes."""

_frames = Kept(FRAMES_BYTES, size_of)
_charts = Kept(CHARTS_KEPT)
_versions = Kept(CHARTS_KEPT)


def ledger_version() -> int:
    """Changes with every import; asked at each visit, in a fraction of a millisecond."""
    with reading(engine()) as connection:
        return register.data_version(connection)


def frame(source: Callable[..., T], filters: Filters, *options: Hashable) -> T:
    """`source(connection, filters, *options)`, computed once per data version, scope and language."""
    own = _own(filters)
    return _frame(source, _ledger(own.scope), own, options, waiting)


def as_reported(source: Callable[..., T], filters: Filters, *options: Hashable) -> T:
    """`frame` of how months stand, which their steps and the day move as well, without a new data version."""
    with reading(engine()) as connection:
        last = last_step(connection)
    own = _own(filters)
    return _frame(source, _ledger(own.scope), own, options, nullcontext, (last, reporting_day(own)))


def chart(
    draw: Callable[..., go.Figure],
    source: Callable[..., Any],
    filters: Filters,
    *options: Hashable,
    drawn_with: tuple[Hashable, ...] = (),
) -> go.Figure:
    """`draw(frame, *drawn_with)` of the frame of `source`, drawn once for one version, scope and language."""
    own = _own(filters)
    ledger = _ledger(own.scope)
    rows = _frame(source, ledger, own, options, waiting)
    key = (_name(draw), _name(source), ledger, current_language(), own, options, drawn_with)
    return _charts.of(key, lambda: draw(rows, *drawn_with))


def waiting() -> AbstractContextManager[None]:
    """Tells the reader that something is computed; what is known already is shown at once."""
    return st.spinner(_("正在计算…"))


def later(source: Callable[..., T], filters: Filters, *options: Hashable) -> Callable[[], T]:
    """The same for a download, which is made when it is asked for, outside of any page; not kept."""
    url, language, own = database_url(), current_language(), _own(filters)

    def compute() -> T:
        with turn(), reading_as(own.scope, url) as connection, in_language(language):
            _with_parts(connection, _ledger(own.scope, url), language, own.scope)
            return source(connection, own, *options)

    return compute


def apart(source: Callable[..., bytes], filters: Filters, *options: Hashable) -> Callable[[], bytes]:
    """The same for a file that takes long to make: in a process of its own."""
    wanted = order(source, database_url(), current_language(), _own(filters), *options)
    return lambda: made(wanted)


def fresh(source: Callable[..., T], *options: Any) -> T:
    """`source(connection, *options)` as it stands now: for what changes without a new version of the data."""
    own = scope()
    with reading_as(own) as connection:
        _with_parts(connection, _ledger(own), current_language(), own)
        return source(connection, *options)


def whole_city(source: Callable[..., T], filters: Filters, *options: Hashable) -> T:
    """A frame of the whole city for a reader who may not see it: only for what tells of nobody by name.

    Named in tests/test_layers.py, so that each use is looked at.
    """
    return _frame(source, _ledger(None), replace(filters, scope=None), options, nullcontext)


def _own(filters: Filters) -> Filters:
    """The filters within the reader's scope, whatever the page said."""
    return replace(filters, scope=scope())


def warm_up(sources: Sequence[tuple[Callable[..., Any], *tuple[Hashable, ...]]]) -> None:
    """Compute what the first visitor will ask for: nobody waits for a city's figures after a start."""
    for source, *options in sources:
        _frame(source, _ledger(None), Filters(), tuple(options), nullcontext)


def _name(function: Callable) -> str:
    return f"{function.__module__}.{function.__qualname__}"


Version = tuple[Hashable, ...]
"""A ledger's address, and what changes with whatever moves the figures of a scope."""


def _ledger(own: Scope, url: str = "") -> Version:
    """What another hospital reports leaves what is kept for a narrowed scope alone."""
    url = url or database_url()
    with reading_as(None, url) as connection:
        version = register.data_version(connection)
        if own is None:
            return url, version
        last_change = register.last_change(connection)

    def seen() -> Version:
        with reading_as(own, url) as connection:
            return url, register.data_version(connection), last_change, covered_days(connection)

    return _versions.of((url, version, last_change, own), seen)


_parts_kept: "OrderedDict[tuple[Hashable, ...], tuple[Version, Kept]]" = OrderedDict()
_parts_lock = Lock()


def _parts(ledger: Version, language: str, own: Scope) -> Kept:
    """The parts of the newest version of a scope's ledger; those of the version before it are let go."""
    whose = (ledger[0], language, own)
    with _parts_lock:
        version, known = _parts_kept.get(whose, (ledger, Kept()))
        if version != ledger:
            known = Kept()
        _parts_kept[whose] = (ledger, known)
        _parts_kept.move_to_end(whose)
        if len(_parts_kept) > SCOPES_KEPT:
            _parts_kept.popitem(last=False)
        return known


def _with_parts(connection: Connection, ledger: Version, language: str, own: Scope) -> None:
    """What other pages have computed of the same state; nothing of it where the ledger has just moved on."""
    if register.data_version(connection) == ledger[1]:
        connection.execution_options(**{KEPT: _parts(ledger, language, own)})
    city = connection.get_execution_options().get(register.CITY_VERSION)
    if city is not None:
        connection.execution_options(**{KEPT_FOR_ALL: _parts((ledger[0], city), language, None)})


def _frame(
    source: Callable[..., T],
    ledger: Version,
    filters: Filters,
    options: tuple[Hashable, ...],
    while_computing: Callable[[], AbstractContextManager[None]],
    moved_by: tuple[Hashable, ...] = (),
) -> T:
    language = current_language()

    def compute() -> T:
        with while_computing(), reading_as(filters.scope, str(ledger[0])) as connection:
            _with_parts(connection, ledger, language, filters.scope)
            return source(connection, filters, *options)

    return _frames.of((_name(source), ledger, language, filters, options, moved_by), compute)


def in_reader_language(make: Callable[..., T], *arguments: Any) -> Callable[[], T]:
    """`make(*arguments)` for a download, in the language of the page that offers it."""
    language = current_language()

    def call() -> T:
        with in_language(language):
            return make(*arguments)

    return call


def import_history(connection: Connection, _filters: Filters) -> pd.DataFrame:
    """Every import, newest first."""
    return imports(connection)


def choices(connection: Connection, filters: Filters) -> dict[str, Any]:
    """Everything that can be chosen from within the reader's scope, and the days that purchases cover."""
    return {
        "days": covered_days(connection, filters),
        "institutions": register.institutions(connection, filters),
        "batches": register.batches(connection),
        "varieties": register.varieties(connection)[["batch", "category", "variety"]],
    }
