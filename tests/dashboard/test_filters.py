"""Filters ↔ address: what is sent as a link is what is seen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.filters import EARLIEST, LATEST, from_address, to_address
from procurement.filters import Filters
from tests.dashboard.opening import go_to, open_page

names = st.lists(st.text(min_size=1), unique=True, max_size=4).map(tuple)
days = st.none() | st.dates(EARLIEST, LATEST)

filters = st.builds(
    Filters,
    batches=names,
    category=st.sampled_from([None, "drug", "consumable"]),
    institutions=names,
    districts=names,
    varieties=names,
    first_day=days,
    last_day=days,
    as_of=days,
)


@given(filters)
def test_an_address_gives_back_the_filters(chosen):
    assert from_address(to_address(chosen)) == chosen


@given(
    st.dictionaries(
        st.sampled_from(["category", "batch", "from", "to", "as_of", "other"]), st.lists(st.text())
    )
)
def test_any_address_gives_filters(said):
    understood = from_address(said)
    assert from_address(to_address(understood)) == understood


def test_no_filter_leaves_the_address_clean():
    assert to_address(Filters()) == {}


@pytest.mark.parametrize("day", ["", "2022-02-30", "2022/3/1", "0001-01-01", "9999-12-31", "'; drop table"])
def test_a_day_that_is_none_is_left_out(day):
    assert from_address({"as_of": [day]}) == Filters()


@pytest.fixture(autouse=True)
def city(sample_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", sample_ledger)


def test_an_address_fills_the_sidebar():
    app = open_page(district="范县", category="drug", as_of="2022-06-30")
    assert app.multiselect(key="filter_district").value == ["范县"]
    assert app.date_input(key="filter_as_of").value == date(2022, 6, 30)
    assert app.button_group(key="filter_category").value == "drug"


def test_the_sidebar_fills_the_address():
    app = open_page()
    app.multiselect(key="filter_district").set_value(["范县", "南乐县"]).run()
    assert app.query_params["district"] == ["范县", "南乐县"]
    app.button_group(key="filter_category").set_value("consumable").run()
    assert app.query_params["category"] == "consumable"


def test_another_page_keeps_the_filters():
    app = go_to(open_page(district="范县"), "pages/savings.py")
    assert app.multiselect(key="filter_district").value == ["范县"]
    assert app.query_params["district"] == "范县"


def test_the_import_page_has_no_filters_and_loses_none():
    app = go_to(open_page(district="范县"), "pages/imports.py")
    assert "filter_district" not in [widget.key for widget in app.multiselect]
    assert go_to(app, "pages/savings.py").multiselect(key="filter_district").value == ["范县"]


def test_a_link_into_another_page_wins_over_what_was_chosen():
    app = go_to(open_page(district="范县"), "pages/savings.py", district="南乐县")
    assert app.multiselect(key="filter_district").value == ["南乐县"]


def test_going_back_to_an_address_takes_the_filter_back():
    app = open_page()
    app.multiselect(key="filter_district").set_value(["范县"]).run()
    app.query_params.clear()
    app.run()
    assert app.multiselect(key="filter_district").value == []


def test_clearing_empties_sidebar_and_address():
    app = open_page(district="范县", category="drug", as_of="2022-06-30", batch="国家组织药品第三批")
    app.button(key="clear_filters").click().run()
    assert app.multiselect(key="filter_district").value == []
    assert dict(app.query_params) == {}


def test_a_category_rules_out_batches_of_the_other():
    app = open_page(category="drug")
    assert "国家组织冠脉支架" not in app.multiselect(key="filter_batch").options
    app = open_page(category="drug", batch="国家组织冠脉支架")
    assert app.multiselect(key="filter_batch").value == []


def test_names_that_the_ledger_lacks_leave_the_address():
    app = open_page(institution="H-none", variety="没有的品种")
    assert dict(app.query_params) == {}


def test_the_language_stays_while_pages_change():
    app = go_to(open_page(lang="en"), "pages/savings.py")
    assert app.query_params["lang"] == "en"
    app.button_group(key="lang").set_value("zh").run()
    assert "lang" not in app.query_params
    assert app.title[0].value == "节约成效"
