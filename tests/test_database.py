"""Opening a ledger: made where there is none, refused with a sentence where its tables are of an earlier version."""

import pytest
from sqlalchemy import create_engine, text

from procurement.database import EarlierVersion, open_database


def test_a_new_ledger_is_made_and_opened_again(tmp_path):
    url = f"sqlite:///{tmp_path}/a folder/ledger.db"
    open_database(url).dispose()
    open_database(url).dispose()


@pytest.mark.parametrize("lost", ["alter table product drop column category", "drop table import_change"])
def test_a_ledger_of_an_earlier_version_is_refused(tmp_path, lost):
    url = f"sqlite:///{tmp_path}/ledger.db"
    open_database(url).dispose()
    earlier = create_engine(url)
    with earlier.begin() as connection:
        connection.execute(text(lost))
    earlier.dispose()
    with pytest.raises(EarlierVersion, match="category|import_change"):
        open_database(url)
