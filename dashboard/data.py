"""The only cache: frames and figures kept per ledger, data version and filters.

What is kept is shared by all readers and must not be changed in place. The filters carry the reader's
scope, so nobody is given what was computed for somebody who may see more.
"""

import os
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Any, TypeVar

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from sqlalchemy import Connection, Engine

from procurement.database import open_database, reading
from procurement.default_url import DEFAULT_URL
from procurement.filters import Filters
from procurement.language import _, current_language, in_language
from procurement.queries import register
from procurement.queries.imports import imports
from procurement.queries.purchases import covered_days

DATABASE_VARIABLE = "VBP_DATABASE_URL"

FRAMES_KEPT = 120
CHARTS_KEPT = 300
"""Entries; the oldest go first. A frame of a city takes up to 10 MB, most of them far less."""

T = TypeVar("T")


def database_url() -> str:
    return os.environ.get(DATABASE_VARIABLE) or DEFAULT_URL


@cache
def _engine(url: str) -> Engine:
    return open_database(url)


def engine() -> Engine:
    """The ledger that this process serves."""
    return _engine(database_url())


def ledger_version() -> int:
    """Changes with every import; asked at each visit, in a fraction of a millisecond."""
    with reading(engine()) as connection:
        return register.data_version(connection)


def frame(source: Callable[..., T], filters: Filters, *options: Hashable) -> T:
    """`source(connection, filters, *options)`, computed once per data version and language."""
    with st.spinner(_("正在计算…")):
        return _frame(_name(source), _ledger(), current_language(), filters, options, source)


def chart(
    draw: Callable[..., go.Figure],
    source: Callable[..., Any],
    filters: Filters,
    *options: Hashable,
    drawn_with: tuple[Hashable, ...] = (),
) -> go.Figure:
    """`draw(frame, *drawn_with)` of the frame of `source`, drawn once per data version and language."""
    rows = frame(source, filters, *options)
    names = (_name(draw), _name(source))
    return _chart(names, _ledger(), current_language(), filters, options, drawn_with, draw, rows)


def later(source: Callable[..., T], filters: Filters, *options: Hashable) -> Callable[[], T]:
    """The same for a download, which is made when it is asked for, outside of any page; not kept."""
    url, language = database_url(), current_language()

    def compute() -> T:
        with reading(_engine(url)) as connection, in_language(language):
            return source(connection, filters, *options)

    return compute


def fresh(source: Callable[..., T], *options: Any) -> T:
    """`source(connection, *options)` as it stands now: for what changes without a new version of the data."""
    with reading(engine()) as connection:
        return source(connection, *options)


def warm_up(sources: Sequence[tuple[Callable[..., Any], *tuple[Hashable, ...]]]) -> None:
    """Compute what the first visitor will ask for: nobody waits for a city's figures after a start."""
    for source, *options in sources:
        _frame(_name(source), _ledger(), current_language(), Filters(), tuple(options), source)


def _name(function: Callable) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _ledger() -> tuple[str, int]:
    return database_url(), ledger_version()


# A leading underscore keeps an argument out of Streamlit's key; the names stand for the functions.
@st.cache_resource(max_entries=FRAMES_KEPT, show_spinner=False)
def _frame(
    name: str,
    ledger: tuple[str, int],
    language: str,
    filters: Filters,
    options: tuple,
    _source: Callable[..., Any],
) -> Any:
    with reading(_engine(ledger[0])) as connection:
        return _source(connection, filters, *options)


@st.cache_resource(max_entries=CHARTS_KEPT, show_spinner=False)
def _chart(
    names: tuple[str, str],
    ledger: tuple[str, int],
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
