"""Whoever sees one institution sees the city's own figures of it, to the digit, and of nobody else."""

import pytest

from procurement.database import open_database, reading
from procurement.figures import measuring_day
from procurement.filters import Filters
from procurement.published import TABLES, records
from procurement.scoped import reading_within, scoped_engine

LATE = "H41090200001"

CITY_WIDE = {"prices", "area-volumes"}
"""Tables without institutions: what was awarded is for everybody, what is stated for an area for the city."""


@pytest.fixture(scope="module")
def engines(sample_ledger):
    whole, scoped = open_database(sample_ledger), scoped_engine(sample_ledger)
    yield whole, scoped
    whole.dispose()
    scoped.dispose()


def rows(table, connection, filters):
    found = records(table.figure(connection, filters), table.columns)
    return sorted(found, key=str)


@pytest.mark.parametrize("name", TABLES)
def test_a_scoped_table_is_the_citys_rows_of_the_institution(engines, name):
    whole, scoped = engines
    table = TABLES[name]
    own = Filters(scope=(LATE,))
    with reading(whole) as connection:
        expected = rows(table, connection, Filters(institutions=(LATE,)))
    with reading_within(scoped, own.scope) as connection:
        seen = rows(table, connection, own)
        forgotten = rows(table, connection, Filters())
    if name not in CITY_WIDE:
        assert seen == expected
    assert forgotten == seen


def test_everybody_measures_on_the_citys_day(engines):
    whole, scoped = engines
    with reading(whole) as connection:
        day = measuring_day(connection, Filters())
    with reading_within(scoped, ()) as connection:
        assert measuring_day(connection, Filters()) == day
