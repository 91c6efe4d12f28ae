"""The only cache: frames and figures kept per ledger, data version and filters.

What is kept is shared by all readers and must not be changed in place. Whatever filters a page gives, the
reader's scope is put into them here, into the cache's key and onto the connection: nobody is given what was
computed for somebody who may see more.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
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
from procurement.database import reading
from procurement.filters import Filters
from procurement.kept import KEPT, Kept
from procurement.language import _, current_language, in_language
from procurement.people.readers import Scope
from procurement.queries import register
from procurement.queries.imports import imports
from procurement.queries.purchases import covered_days

SCOPES_KEPT = 60
FRAMES_KEPT = 120
CHARTS_KEPT = 300
"""Scopes whose parts are kept, and entries; the oldest go first. A frame of a city takes up to 10 MB, most of
them far less."""

T = TypeVar("T")


def ledger_version() -> int:
    """Changes with every import; asked at each visit, in a fraction of a millisecond."""
    with reading(engine()) as connection:
        return register.data_version(connection)


def frame(source: Callable[..., T], filters: Filters, *options: Hashable) -> T:
    """`source(connection, filters, *options)`, computed once per data version, scope and language."""
    with st.spinner(_("正在计算…")):
        return _frame(_name(source), _ledger(scope()), current_language(), _own(filters), options, source)


def chart(
    draw: Callable[..., go.Figure],
    source: Callable[..., Any],
    filters: Filters,
    *options: Hashable,
    drawn_with: tuple[Hashable, ...] = (),
) -> go.Figure:
    """`draw(frame, *drawn_with)` of the frame of `source`, drawn once for one version, scope and language."""
    rows = frame(source, filters, *options)
    names, own = (_name(draw), _name(source)), _own(filters)
    return _chart(names, _ledger(own.scope), current_language(), own, options, drawn_with, draw, rows)


def later(source: Callable[..., T], filters: Filters, *options: Hashable) -> Callable[[], T]:
    """The same for a download, which is made when it is asked for, outside of any page; not kept."""
    url, language, own = database_url(), current_language(), _own(filters)

    def compute() -> T:
        with reading_as(own.scope, url) as connection, in_language(language):
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
    everybody = replace(filters, scope=None)
    return _frame(_name(source), _ledger(None), current_language(), everybody, options, source)


def _own(filters: Filters) -> Filters:
    """The filters within the reader's scope, whatever the page said."""
    return replace(filters, scope=scope())


def warm_up(sources: Sequence[tuple[Callable[..., Any], *tuple[Hashable, ...]]]) -> None:
    """Compute what the first visitor will ask for: nobody waits for a city's figures after a start."""
    for source, *options in sources:
        _frame(_name(source), _ledger(None), current_language(), Filters(), tuple(options), source)


def _name(function: Callable) -> str:
    return f"{function.__module__}.{function.__qualname__}"


Version = tuple[Hashable, ...]
"""A ledger's address, and what changes with whatever moves the figures of a scope."""


def _ledger(own: Scope, url: str = "") -> Version:
    """What another hospital reports leaves what is kept for a narrowed scope alone."""
    url = url or database_url()
    with reading_as(None, url) as connection:
        if own is None:
            return url, register.data_version(connection)
        last_change = register.last_change(connection)
    with reading_as(own, url) as connection:
        return url, register.data_version(connection), last_change, covered_days(connection)


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


# A leading underscore keeps an argument out of Streamlit's key; the names stand for the functions.
@st.cache_resource(max_entries=FRAMES_KEPT, show_spinner=False)
def _frame(
    name: str,
    ledger: Version,
    language: str,
    filters: Filters,
    options: tuple,
    _source: Callable[..., Any],
) -> Any:
    with reading_as(filters.scope, str(ledger[0])) as connection:
        _with_parts(connection, ledger, language, filters.scope)
        return _source(connection, filters, *options)


@st.cache_resource(max_entries=CHARTS_KEPT, show_spinner=False)
def _chart(
    names: tuple[str, str],
    ledger: Version,
    language: str,
    filters: Filters,
    options: tuple,
    drawn_with: tuple,
    _draw: Callable[..., go.Figure],
    _rows: Any,
) -> go.Figure:
    return _draw(_rows, *drawn_with)


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
