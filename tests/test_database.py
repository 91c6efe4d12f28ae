"""Opening a ledger: made where there is none, refused with a sentence where its tables are not ours."""

from contextlib import ExitStack
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import create_engine, text

from procurement.database import open_database, reading, writing
from procurement.frames import _plain
from procurement.ledger_version import EarlierVersion


def test_a_new_ledger_is_made_and_opened_again(tmp_path):
    url = f"sqlite:///{tmp_path}/a folder/ledger.db"
    open_database(url).dispose()
    open_database(url).dispose()


@pytest.mark.parametrize("lost", ["alter table product drop column category", "drop table import_change"])
def test_a_ledger_of_no_released_version_is_refused(tmp_path, lost):
    url = f"sqlite:///{tmp_path}/ledger.db"
    open_database(url).dispose()
    earlier = create_engine(url)
    with earlier.begin() as connection:
        connection.execute(text(lost))
        connection.execute(text("drop table alembic_version"))
    earlier.dispose()
    with pytest.raises(EarlierVersion, match="category|import_change"):
        open_database(url)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (pd.Series([1, None, 3], dtype="Int64"), [1, None, 3]),
        (pd.Series([1, 2**62], dtype="Int64"), [1, 2**62]),
        (pd.Series([2**62 + 1, None], dtype="Int64"), [2**62 + 1, None]),
        (pd.Series([True, None], dtype="boolean"), [True, None]),
        (pd.Series([True, False]), [True, False]),
        (pd.Series(["甲", None, float("nan"), pd.NA], dtype="object"), ["甲", None, None, None]),
        (pd.Series(["甲", None], dtype="str"), ["甲", None]),
        (pd.Series([date(2020, 1, 2), None], dtype="object"), ["2020-01-02", None]),
        (pd.Series([1, "甲", date(2020, 1, 2)], dtype="object"), [1, "甲", "2020-01-02"]),
        (pd.Series([pd.Timestamp("2020-01-02"), pd.NaT]), ["2020-01-02", None]),
        (pd.Series([None, None], dtype="object"), [None, None]),
        (pd.Series([], dtype="object"), []),
    ],
)
def test_drivers_get_values_of_python(values, told):
    given = _plain(values)
    assert given == told
    assert list(map(type, given)) == list(map(type, told))


def test_a_writer_keeps_more_of_the_database_than_readers_do(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    sizes = []
    for way in (reading, writing, reading):
        with way(engine) as connection:
            sizes.append(connection.exec_driver_sql("pragma cache_size").scalar_one())
    assert sizes == [-2000, -65_536, -2000]


def test_as_many_can_read_at_once_as_people_click_at_once(tmp_path):
    """A page holds its connection while it computes: fifty people must not wait for each other's."""
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    with ExitStack() as held:
        for _reader in range(60):
            held.enter_context(reading(engine))
        with reading(engine) as connection:
            assert connection.exec_driver_sql("select 1").scalar_one() == 1
    engine.dispose()
