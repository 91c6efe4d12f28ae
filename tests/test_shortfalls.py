"""Reasons of a shortfall: the latest counts, all are kept, nobody explains for another."""

from datetime import date

import pytest
from sqlalchemy import Engine

from procurement.database import reading
from procurement.filters import Filters
from procurement.people.trail import Asked, events
from procurement.published import TABLES, records
from procurement.queries.shortfalls import shortfall_reasons
from procurement.shortfalls import LONGEST, ReasonRefused, explain, shortfalls
from procurement.tables import AgreedVolume, Variety
from tests.small_ledger import fill, purchase

KEY = ("H1", 1, 1)


@pytest.fixture
def city(ledger: Engine) -> Engine:
    return filled(ledger)


@pytest.fixture
def quick(sqlite_ledger: Engine) -> Engine:
    """The same, for what no other database decides."""
    return filled(sqlite_ledger)


def filled(ledger: Engine) -> Engine:
    """On 2021-06-30 H1 has bought a tenth of V and agreed to nothing of W; H2 has bought nothing of V."""
    more = {"batch_id": 1, "agreement_year": 1, "import_id": 1, "row_number": 3}
    fill(
        ledger,
        Variety(batch_id=1, name="W"),
        AgreedVolume(institution_id=2, variety_id=1, agreed_units=1_000, **more),
        AgreedVolume(institution_id=1, variety_id=2, agreed_units=0, **more),
        purchase(1, date(2021, 6, 30), 7_000, 2_800),
    )
    return ledger


def told(engine: Engine, **filters) -> list[tuple]:
    with reading(engine) as connection:
        rows = shortfalls(connection, Filters(**filters)).fillna("")
    return [
        (r.institution_code, r.variety, r.status, r.shortfall_reason, r.shortfall_text)
        for r in rows.itertuples()
    ]


def test_what_is_behind_or_at_risk_waits_for_a_reason(city):
    # 49.6 % of the year has passed: 0 % of H2 and 10 % of H1 are behind; W has no agreed volume
    assert told(city) == [("H2", "V", "behind", "", ""), ("H1", "V", "behind", "", "")]
    assert told(city, scope=("H1",)) == [("H1", "V", "behind", "", "")]
    assert told(city, as_of=date(2023, 1, 5)) == []  # the agreement year is over


def test_the_latest_reason_counts_and_earlier_ones_are_kept(city):
    explain(city, [KEY], "supply", by="李", scope=("H1",))
    explain(city, [KEY], "other", " 已换厂家 ", by="赵", scope=("H1",))
    assert told(city, institutions=("H1",)) == [("H1", "V", "behind", "other", "已换厂家")]
    with reading(city) as connection:
        kept = shortfall_reasons(connection)
        trail = events(connection, Asked("shortfall-explained"))
    assert list(zip(kept["shortfall_reason"], kept["explained_by"], kept["is_latest"], strict=True)) == [
        ("other", "赵", True),
        ("supply", "李", False),
    ]
    assert list(trail["actor"]) == ["赵", "李"] and "第一医院 B V 1" in set(trail["subject"])


def test_one_reason_serves_several_varieties(quick):
    assert explain(quick, [KEY, ("H2", 1, 1), KEY], "demand", by="管理员") == 2
    assert {row[3] for row in told(quick)} == {"demand"}


REFUSED = [
    ([], "supply", "", "请先在表中选择"),
    ([KEY], "lazy", "", "没有“lazy”这个原因"),
    ([KEY], "other", " ", "请在补充说明中写明"),
    ([KEY], "supply", "字" * (LONGEST + 1), "501"),
    ([("H1", 9, 1)], "supply", "", "没有这个品种"),
    ([("H1", 1, 2)], "supply", "", "第2协议年度"),
    ([("H9", 1, 1)], "supply", "", "机构H9"),
    ([("H2", 1, 1)], "supply", "", "机构H2"),  # outside of the scope
    ([KEY, ("H2", 1, 1)], "supply", "", "机构H2"),  # all or none
]


def test_what_is_refused_says_why_and_writes_nothing(quick):
    for keys, reason, text, says in REFUSED:
        with pytest.raises(ReasonRefused, match=says):
            explain(quick, keys, reason, text, by="李", scope=("H1",))
    with reading(quick) as connection:
        assert shortfall_reasons(connection).empty
        assert events(connection, Asked("shortfall-explained")).empty


def test_a_text_of_the_longest_length_is_kept(quick):
    explain(quick, [KEY], "over_reported", "字" * LONGEST, by="李", scope=("H1",))
    assert len(told(quick, institutions=("H1",))[0][4]) == LONGEST


def test_the_published_table_tells_the_reason_by_its_code(quick):
    explain(quick, [KEY], "supply", by="李")
    table = TABLES["shortfalls"]
    with reading(quick) as connection:
        rows = records(table.figure(connection, Filters()), table.columns)
    assert [(row["institution_code"], row["status"], row["reason"], row["rate"]) for row in rows] == [
        ("H2", "behind", None, 0.0),
        ("H1", "behind", "supply", 0.1),
    ]
