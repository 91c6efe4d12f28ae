"""The cache: computed once per ledger, data version, filters, scope and language; never across them."""

from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from sqlalchemy import update
from sqlmodel import Session

from dashboard import data
from dashboard.ledger import reading_as
from procurement import figures, priced
from procurement.database import open_database
from procurement.filters import Filters
from procurement.kept import KEPT
from procurement.language import in_language
from procurement.tables import AgreedVolume, MonthStep
from tests.small_ledger import another_import, fill


@pytest.fixture
def ledger_url(sqlite_ledger, monkeypatch):
    fill(sqlite_ledger)
    url = sqlite_ledger.url.render_as_string(hide_password=False)
    monkeypatch.setenv("VBP_DATABASE_URL", url)
    return url


@pytest.fixture(autouse=True)
def seen(monkeypatch):
    """The scope of whoever is signed in; a test changes it."""
    held = [None]
    monkeypatch.setattr(data, "scope", lambda: held[0])
    return held


@pytest.fixture
def asked(monkeypatch):
    """A source of frames that remembers how often it was asked."""
    calls = []

    def source(_connection, filters, *options):
        calls.append((filters, options))
        return object()

    return source, calls


def test_the_same_question_is_computed_once(ledger_url, asked):
    source, calls = asked
    assert data.frame(source, Filters(), "month") is data.frame(source, Filters(), "month")
    assert len(calls) == 1


@pytest.mark.parametrize(
    "other",
    [
        Filters(category="drug"),
        Filters(institutions=("H1",)),
        Filters(districts=("H1",)),
    ],
)
def test_other_filters_share_nothing(ledger_url, asked, other):
    source, calls = asked
    assert data.frame(source, Filters()) is not data.frame(source, other)
    assert [filters for filters, _options in calls] == [Filters(), other]


@pytest.mark.parametrize("own", [("H1",), ("H2",), ()])
def test_the_readers_scope_is_put_into_whatever_filters_a_page_gives(ledger_url, asked, seen, own):
    source, calls = asked
    data.frame(source, Filters())
    seen[0] = own
    data.frame(source, Filters())
    data.frame(source, Filters(scope=None))
    data.frame(source, Filters(scope=("H1", "H2")))
    assert [filters.scope for filters, _options in calls] == [None, own]


def test_languages_share_nothing(ledger_url, asked):
    source, calls = asked
    data.frame(source, Filters())
    with in_language("en"):
        data.frame(source, Filters())
    assert len(calls) == 2


def test_ledgers_share_nothing(ledger_url, asked, empty_ledger, monkeypatch):
    source, calls = asked
    data.frame(source, Filters())
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    data.frame(source, Filters())
    assert len(calls) == 2


def load_more(url: str, more_units: int = 0) -> None:
    """One more import in the history; the agreed volumes grow by so many units."""
    engine = open_database(url)
    with Session(engine) as session:
        session.add(another_import("agreed_volumes"))
        session.execute(update(AgreedVolume).values(agreed_units=AgreedVolume.agreed_units + more_units))
        session.commit()
    engine.dispose()


def test_an_import_makes_everything_new(ledger_url, asked):
    source, calls = asked
    data.frame(source, Filters())
    load_more(ledger_url)
    data.frame(source, Filters())
    assert len(calls) == 2


@pytest.mark.parametrize("own", [None, ("H1",)])
def test_pages_share_what_their_figures_are_made_of_until_the_next_import(ledger_url, seen, own, monkeypatch):
    seen[0] = own
    computed = []
    price = priced.price_agreements
    monkeypatch.setattr(priced, "price_agreements", lambda *rows: computed.append(1) or price(*rows))
    data.frame(figures.completion, Filters())
    data.frame(figures.retention, Filters())
    (before,) = data.frame(figures.agreements, Filters())["agreed_units"]
    assert len(computed) == 1
    load_more(ledger_url, more_units=5)
    data.frame(figures.completion, Filters())
    assert data.later(figures.agreements, Filters())()["agreed_units"].tolist() == [before + 5]
    assert len(computed) == 2


def test_price_lists_are_priced_once_for_readers_of_any_scope(ledger_url, seen, monkeypatch):
    computed = []
    resolve = priced.resolve_listings
    monkeypatch.setattr(priced, "resolve_listings", lambda *rows: computed.append(1) or resolve(*rows))
    for own in (("H1",), ("H2",), None, ("H1", "H2")):
        seen[0] = own
        assert len(data.frame(figures.prices, Filters())) == 1
        own_rows = data.frame(figures.agreements, Filters())
        assert own_rows.empty == (own == ("H2",))
    assert len(computed) == 1
    load_more(ledger_url)
    seen[0] = ("H2",)
    data.frame(figures.prices, Filters())
    assert len(computed) == 2


def test_a_frame_weighs_what_its_cells_take():
    rows = pd.DataFrame({"a": range(1000), "b": range(1000)})
    light = data.size_of(object())
    assert data.size_of(rows) - light == 16_132
    assert data.size_of({"x": rows, "y": 1}) == data.size_of((rows, "y")) == data.size_of(rows)


def test_the_parts_of_an_earlier_version_are_let_go(ledger_url):
    before = data._parts(data._ledger(None), "zh", None)
    assert data._parts(data._ledger(None), "zh", None) is before
    load_more(ledger_url)
    data._parts(data._ledger(None), "zh", None)
    assert before not in [known for _version, known in data._parts_kept.values()]


def test_no_more_scopes_are_kept_than_there_is_room_for(ledger_url, monkeypatch):
    monkeypatch.setattr(data, "SCOPES_KEPT", 2)
    monkeypatch.setattr(data, "_parts_kept", OrderedDict())
    scopes = [("H1",), ("H2",), ("H1",), None]
    kept = [data._parts(data._ledger(own), "zh", own) for own in scopes]
    assert kept[0] is kept[2]
    assert [whose[2] for whose in data._parts_kept] == [("H1",), None]


def test_an_import_between_the_question_and_the_answer_mixes_nothing(ledger_url):
    """The version was asked for before the import, the figures are computed after it."""
    version = data._ledger(None)
    known = data._parts(version, "zh", None)
    load_more(ledger_url)
    with reading_as(None) as connection:
        data._with_parts(connection, version, "zh", None)
        assert connection.get_execution_options()[KEPT] is not known


def test_how_months_stand_is_computed_anew_after_a_step_and_on_another_day(ledger_url, asked, monkeypatch):
    source, calls = asked
    for _ in range(2):
        data.as_reported(source, Filters())
    assert len(calls) == 1
    with Session(open_database(ledger_url)) as session:
        told = {"imports_until": 1, "at": datetime(2026, 1, 5, tzinfo=UTC), "by": "a"}
        session.add(MonthStep(institution_id=1, month=date(2025, 12, 1), state="submitted", **told))
        session.commit()
    for _ in range(2):
        data.as_reported(source, Filters())
    assert len(calls) == 2
    monkeypatch.setattr(data, "reporting_day", lambda _filters: date(2099, 1, 1))
    data.as_reported(source, Filters())
    assert len(calls) == 3


def test_a_download_is_made_when_asked_for_and_in_the_readers_language(ledger_url):
    from procurement.language import current_language

    with in_language("en"):
        made = data.later(lambda _connection, _filters: current_language(), Filters())
    assert made() == "en"


def test_a_scope_reaches_every_list_of_choices(ledger_url, seen):
    everyone = data.frame(data.choices, Filters())["institutions"]
    seen[0] = ("H1",)
    own = data.frame(data.choices, Filters())["institutions"]
    assert list(everyone["institution_code"]) == ["H1", "H2"]
    assert list(own["institution_code"]) == ["H1"]


def test_filters_are_compared_by_what_they_say():
    assert hash(Filters(batches=("甲",))) == hash(replace(Filters(), batches=("甲",)))
