"""The roll-ups stay equal to the grain, whatever is loaded, taken away or priced anew."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import case, func, literal_column, select, text

from procurement.database import reading, writing
from procurement.filters import Filters
from procurement.ledger import Touched, rebuild
from procurement.queries import purchases as queries
from procurement.queries.purchases import SUMS, monthly
from procurement.rollups import ADDITIVE
from procurement.tables import MonthlyPurchase
from procurement.tables.rollup import ROLLUPS
from tests.small_ledger import fill, purchase


def lines():
    return [
        purchase(
            1 + number % 2, date(2020 + number % 3, 1 + number % 12, 1 + number % 28), number, 3 * number
        )
        for number in range(1, 60)
    ] + [purchase(1, date(2021, 5, 5), 7, 1, institution_id=2)]


def of_grain(name: str):
    """How an additive column of a roll-up follows from the grain."""
    known = MonthlyPurchase.baseline_amount.is_not(None)
    if name == "compared_lines":
        return func.sum(case((known, MonthlyPurchase.lines), else_=0))
    if name == "compared_amount":
        return func.sum(case((known, MonthlyPurchase.paid_amount), else_=0))
    return func.coalesce(func.sum(getattr(MonthlyPurchase, name)), 0)


def grain_key(name: str):
    column = getattr(MonthlyPurchase, name)
    return (
        func.coalesce(column, literal_column("0"))
        if name in ("batch_id", "variety_id", "agreement_year")
        else column
    )


def assert_rollups_are_sums_of_the_grain(connection):
    for table, keys in ROLLUPS.items():
        ours = select(*(getattr(table, name) for name in (*keys, *ADDITIVE)))
        theirs = select(*map(grain_key, keys), *map(of_grain, ADDITIVE)).group_by(*map(grain_key, keys))
        assert sorted(map(tuple, connection.execute(ours))) == sorted(map(tuple, connection.execute(theirs)))


def test_roll_ups_move_with_the_grain(ledger):
    fill(ledger, *lines())
    changes = [
        ("DELETE FROM purchase WHERE base_units % 5 = 0", Touched()),
        ("UPDATE listing SET baseline_unit_price = NULL", Touched(product_ids=(1, 2))),
        ("UPDATE listing SET baseline_unit_price = 1234567 WHERE product_id = 1", Touched(product_ids=(1, 2))),
        ("DELETE FROM purchase WHERE bought_on < '2021-03-01' AND institution_id = 1",
         Touched((1,), date(2020, 1, 1), date(2021, 2, 1))),
        ("UPDATE listing SET status = 'cancelled' WHERE product_id = 1", Touched(product_ids=(1,))),
        ("DELETE FROM purchase", Touched()),
    ]  # fmt: skip
    for statement, touched in changes:
        with writing(ledger) as connection:
            connection.execute(text(statement))
            rebuild(connection, touched)
        with reading(ledger) as connection:
            assert_rollups_are_sums_of_the_grain(connection)
    with reading(ledger) as connection:
        assert all(connection.execute(select(func.count()).select_from(t)).scalar_one() == 0 for t in ROLLUPS)


@pytest.mark.parametrize(
    "by",
    [
        ["is_selected"],
        ["month"],
        ["batch_id", "is_selected"],
        ["batch_id", "variety_id", "month", "is_selected"],
        ["institution_id", "batch_id", "is_selected"],
        ["institution_id", "month"],
        ["institution_id", "batch_id", "variety_id", "agreement_year", "is_selected"],
    ],
)
@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(institutions=("H1",)),
        Filters(batches=("B",)),
        Filters(varieties=("V",)),
        Filters(first_day=date(2021, 2, 1), last_day=date(2021, 12, 31)),
        Filters(as_of=date(2021, 7, 15)),
        Filters(as_of=date(2030, 1, 1), scope=("H2",)),
    ],
)
def test_a_roll_up_tells_what_the_grain_tells(sqlite_ledger, monkeypatch, by, filters):
    fill(sqlite_ledger, *lines())
    with reading(sqlite_ledger) as connection:
        quick = monthly(connection, filters, by)
        monkeypatch.setattr(queries, "ROLLUPS", {})
        exact = monthly(connection, filters, by)
    order = lambda rows: rows.sort_values(by).reset_index(drop=True)  # noqa: E731
    # A sum over nothing known is empty in both; equivalent units of nothing measured may be 0 or empty.
    for rows in (quick, exact):
        rows["equivalent_units"] = rows["equivalent_units"].fillna(0)
    pd.testing.assert_frame_equal(order(quick)[by + SUMS], order(exact)[by + SUMS], check_dtype=False)
