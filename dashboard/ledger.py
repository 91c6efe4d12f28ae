"""The ledger that this process serves: as it is for the system, and as a reader may see it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Connection, Engine

from procurement.database import open_database, reading
from procurement.default_url import DEFAULT_URL
from procurement.people.readers import Scope
from procurement.scoped import reading_within, scoped_engine

DATABASE_VARIABLE = "VBP_DATABASE_URL"


def database_url() -> str:
    return os.environ.get(DATABASE_VARIABLE) or DEFAULT_URL


@cache
def _engine(url: str) -> Engine:
    return open_database(url)


@cache
def _scoped_engine(url: str) -> Engine:
    return scoped_engine(url)


def engine() -> Engine:
    """The whole ledger: for the system itself, and for actions after their permission was asked for."""
    return _engine(database_url())


@contextmanager
def reading_as(scope: Scope, url: str | None = None) -> Iterator[Connection]:
    """A connection that shows what a reader of this scope may see."""
    url = url or database_url()
    if scope is None:
        with reading(_engine(url)) as connection:
            yield connection
        return
    _engine(url)  # the tables are in place
    with reading_within(_scoped_engine(url), scope) as connection:
        yield connection
