"""Ledger + filters → figures, on every database that we claim to support."""

from datetime import date

import pytest
from sqlalchemy import text

from procurement import figures
from procurement.database import reading, writing
from procurement.filters import Filters
from procurement.ledger import Touched, rebuild
from procurement.published import TABLES, records, summary_record
from procurement.queries.purchases import covered_days, monthly
from procurement.summary import summary
from procurement.tables import AgreedVolume, Listing, Product, Variety
from tests.small_ledger import YUAN, fill, purchase


def lines():
    return [
        purchase(1, date(2020, 12, 20), 100, 200),  # before the batch
        purchase(1, date(2021, 3, 5), 60_000, 24_000),
        purchase(1, date(2021, 3, 25), 30_000, 12_000),
        purchase(2, date(2021, 4, 10), 10_000, 18_000),
        purchase(1, date(2021, 6, 30), 1_000, 400, institution_id=2),
    ]


def saving(connection, **filters):
    rows = figures.savings(connection, Filters(**filters), ("is_selected",))
    return int(rows["saving_amount"].sum()) // YUAN


def test_the_worked_example_comes_out_of_the_ledger(ledger):
    fill(ledger, *lines())
    with reading(ledger) as connection:
        agreed = records(figures.retention(connection), TABLES["retention"].columns)
        actual = records(figures.retention(connection, basis="actual"), TABLES["retention"].columns)
    assert agreed == [
        {
            "institution_code": "H1",
            "institution_name": "第一医院",
            "batch": "B",
            "agreement_year": 1,
            "budget": "140000.00",
            "spending": "32200.00",
            "surplus_base": "107800.00",
            "score": 92,
            "ratio": 0.5,
            "retained": "53900.00",
            "staff": "32340.00",
            "development": "21560.00",
            "reason": None,
        }
    ]
    assert actual[0]["surplus_base"] == "102200.00"  # (36 000 + 18 000) × 0.7 = 37 800


def test_the_summary_has_its_fixed_keys(ledger):
    fill(ledger, *lines())
    with reading(ledger) as connection:
        told = summary_record(summary(connection))
    # saved: 90 000 × 2 − 36 000 + 10 000 × 2 − 18 000 + 1 000 × 2 − 400 = 147 600
    assert told == {
        "drugs": {
            "batches": 1,
            "varieties": 1,
            "products": 1,
            "average_drop_simple": 0.8,
            "average_drop_weighted": 0.8,
        },
        "consumables": {
            "batches": 0,
            "varieties": 0,
            "products": 0,
            "average_drop_simple": None,
            "average_drop_weighted": None,
        },
        "institutions": {"hospital": 2, "primary_care": 0, "pharmacy": 0, "chains": 0},
        "purchases": {"lines": 5, "amount": "54600.00", "from": "2020-12-20", "to": "2021-06-30"},
        "saving": {
            "total": "147600.00",
            "selected": "145600.00",
            "non_selected": "2000.00",
            "missed": "14000.00",
            "expected": "112000.00",
            "last_12_months": "147600.00",
        },
        "completion": {
            "agreed_units_met_share": 1.0,
            "ahead": 1,
            "on_track": 0,
            "behind": 0,
            "at_risk": 0,
            "not_set": 1,
        },
        "retention": {
            "budget": "140000.00",
            "spending": "32200.00",
            "surplus_base": "107800.00",
            "retained": "53900.00",
            "staff": "32340.00",
            "development": "21560.00",
        },
    }


def test_an_empty_ledger_has_no_figures_and_no_errors(ledger):
    with reading(ledger) as connection:
        told = summary_record(summary(connection))
        for table in TABLES.values():
            assert records(table.figure(connection, Filters()), table.columns) == []
    assert told["saving"]["total"] is None
    assert told["retention"]["retained"] is None
    assert told["completion"]["agreed_units_met_share"] is None
    assert told["purchases"] == {"lines": 0, "amount": None, "from": None, "to": None}


@pytest.mark.parametrize(
    ("first", "last", "saved"),
    [
        (None, None, 147_600),
        (date(2021, 3, 5), date(2021, 3, 5), 96_000),  # 60 000 × 2 − 24 000
        (date(2021, 3, 6), date(2021, 3, 25), 48_000),
        (date(2021, 3, 6), date(2021, 4, 10), 50_000),  # two edges without a whole month between
        (date(2021, 3, 6), date(2021, 6, 30), 51_600),
        (date(2021, 2, 28), date(2021, 4, 9), 144_000),
        (date(2021, 7, 1), None, 0),
        (date(2021, 4, 5), date(2021, 3, 10), 0),  # the wrong way round
    ],
)
def test_any_day_bounds_the_purchases_exactly(ledger, first, last, saved):
    fill(ledger, *lines())
    with reading(ledger) as connection:
        assert saving(connection, first_day=first, last_day=last) == saved


def test_the_measuring_day_hides_later_purchases(ledger):
    fill(ledger, *lines())
    with reading(ledger) as connection:
        assert saving(connection, as_of=date(2021, 3, 24)) == 96_000
        row = figures.completion(connection, Filters(as_of=date(2021, 3, 24))).iloc[0]
    assert row["bought_equivalent"] == 60_000 * 1_000_000
    assert row["time_progress"] == 83 / 365  # 24 March is the 83rd day


@pytest.mark.parametrize(
    ("filters", "saved"),
    [
        ({"institutions": ("H1",)}, 146_000),
        ({"institutions": ("H2",)}, 1_600),
        ({"districts": ("西区",)}, 1_600),
        ({"scope": ("H2",)}, 1_600),
        ({"scope": ("H2",), "institutions": ("H1",)}, 0),  # asking for more than the scope shows nothing
        ({"scope": ()}, 0),
        ({"category": "consumable"}, 0),
        ({"batches": ("B",), "varieties": ("V",)}, 147_600),
        ({"scope": ("H2",), "first_day": date(2021, 6, 15), "last_day": date(2021, 6, 30)}, 1_600),
        ({"scope": ("H1",), "first_day": date(2021, 6, 15), "last_day": date(2021, 6, 30)}, 0),
    ],
)
def test_filters_and_scope_narrow_every_purchase(ledger, filters, saved):
    fill(ledger, *lines())
    with reading(ledger) as connection:
        assert saving(connection, **filters) == saved


def test_the_scope_narrows_agreements_and_settlements_too(ledger):
    fill(ledger, *lines())
    with reading(ledger) as connection:
        other = Filters(scope=("H2",))
        assert figures.retention(connection, other).empty
        assert set(figures.completion(connection, other)["institution_code"]) == {"H2"}
        assert figures.agreements(connection, other).empty


def test_the_days_told_lie_within_the_days_asked_for(ledger):
    fill(ledger, *lines())
    bounds = Filters(first_day=date(2021, 1, 1), as_of=date(2021, 4, 9))
    with reading(ledger) as connection:
        told = summary(connection, bounds)["purchases"]
    assert (told["from"], told["to"], told["lines"]) == (date(2021, 1, 1), date(2021, 4, 9), 2)


def test_a_batch_is_settled_as_a_whole_whatever_variety_is_looked_at(ledger):
    start, end = date(2021, 1, 1), date(2022, 12, 31)
    source = {"import_id": 1, "row_number": 9}
    period = {"starts_on": start, "ends_on": end}
    prices = {"baseline_unit_price": 2_000_000, "awarded_unit_price": 1_000_000}
    fill(
        ledger,
        Variety(batch_id=1, name="W"),
        Product(code="P3", units_per_pack=1, base_unit="支", import_id=1),
        Listing(batch_id=1, variety_id=2, product_id=3, status="selected", **period, **prices, **source),
        AgreedVolume(
            institution_id=1,
            batch_id=1,
            variety_id=2,
            agreement_year=1,
            reported_units=1000,
            agreed_units=800,
            **source,
        ),
        *lines(),
    )
    with reading(ledger) as connection:
        whole, part = (figures.retention(connection, Filters(varieties=v)) for v in ((), ("W",)))
        assert len(figures.retention_lines(connection, Filters(varieties=("W",)))) == 2
        assert figures.retention(connection, Filters(varieties=("nothing",))).empty
    # V: 107 800; W: (1 000 × 2 − 800 × 1) × 0.7 = 840
    assert whole["surplus_base_amount"].tolist() == part["surplus_base_amount"].tolist() == [108_640 * YUAN]


def test_a_line_dated_by_month_covers_the_whole_month(ledger):
    fill(ledger, purchase(1, date(2021, 2, 1), 10, 4, is_whole_month=True))
    with reading(ledger) as connection:
        assert covered_days(connection) == (date(2021, 2, 1), date(2021, 2, 28))


def test_building_a_part_anew_equals_building_everything(ledger):
    fill(ledger, *lines())
    every = ["institution_id", "product_id", "month", "batch_id", "agreement_year", "is_selected"]
    with reading(ledger) as connection:
        before = monthly(connection, Filters(), every).sort_values(every).reset_index(drop=True)
    parts = [
        Touched(product_ids=(1,)),
        Touched(institution_ids=(1,), first_month=date(2021, 3, 1), last_month=date(2021, 4, 1)),
        Touched(),
    ]
    for part in parts:
        with writing(ledger) as connection:
            rebuild(connection, part)
        with reading(ledger) as connection:
            after = monthly(connection, Filters(), every).sort_values(every).reset_index(drop=True)
        assert after.equals(before)


def test_a_later_price_moves_the_savings_of_earlier_purchases(ledger):
    fill(ledger, *lines())
    with writing(ledger) as connection:
        connection.execute(text("UPDATE listing SET baseline_unit_price = 3000000 WHERE product_id = 1"))
        rebuild(connection, Touched(product_ids=(1, 2)))
    with reading(ledger) as connection:
        # 91 000 × 3 − 36 400, and P2 takes the variety's 3.00: 10 000 × 3 − 18 000
        assert saving(connection) == 236_600 + 12_000


def test_a_failed_write_leaves_the_ledger_as_it_was(ledger):
    fill(ledger, *lines())
    with pytest.raises(ZeroDivisionError), writing(ledger) as connection:
        connection.execute(text("DELETE FROM monthly_purchase"))
        raise ZeroDivisionError
    with reading(ledger) as connection:
        assert saving(connection) == 147_600
