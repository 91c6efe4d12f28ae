"""The state of an institution's month: at and around each transition, drawn as steps and imports."""

from datetime import date

import pandas as pd
import pytest

from procurement.measures.months import add_states, are_asked, due_days
from tests.drawn import assert_rows, table

MARCH = "2022-03-01"


def steps(*rows: str) -> pd.DataFrame:
    head = "institution_id | month | step_state | imports_until\n"
    return table(head + "\n".join(rows or ["0 | 2000-01-01 | - | -"]))


def loads(*rows: str) -> pd.DataFrame:
    return table("institution_id | month | import_id\n" + "\n".join(rows or ["0 | 2000-01-01 | -"]))


CASES = {
    "nothing is known": ([], [], "open"),
    "an import covers it": ([], [f"1 | {MARCH} | 7"], "submitted"),
    "another month is covered": ([], ["1 | 2022-04-01 | 7"], "open"),
    "another institution is covered": ([], [f"2 | {MARCH} | 7"], "open"),
    "nothing was bought, as declared": ([f"1 | {MARCH} | submitted | 7"], [], "submitted"),
    "declared, then loaded": ([f"1 | {MARCH} | submitted | 7"], [f"1 | {MARCH} | 8"], "submitted"),
    "closed without a report": ([f"1 | {MARCH} | closed | 7"], [], "closed"),
    "closed with a report": ([f"1 | {MARCH} | closed | 7"], [f"1 | {MARCH} | 7"], "closed"),
    "reopened, only the earlier import": ([f"1 | {MARCH} | reopened | 7"], [f"1 | {MARCH} | 6"], "open"),
    "reopened, the last import at that time": ([f"1 | {MARCH} | reopened | 7"], [f"1 | {MARCH} | 7"], "open"),
    "reopened, the first one after it": ([f"1 | {MARCH} | reopened | 7"], [f"1 | {MARCH} | 8"], "submitted"),
    "reopened, nothing loaded": ([f"1 | {MARCH} | reopened | 7"], [], "open"),
    "reopened in a ledger without imports": ([f"1 | {MARCH} | reopened | 0"], [], "open"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_last_step_and_the_last_import_make_the_state(case):
    said, loaded, state = CASES[case]
    rows = add_states(table(f"institution_id | month\n1 | {MARCH}"), steps(*said), loads(*loaded))
    assert_rows(rows, f"institution_id | month | month_state\n1 | {MARCH} | {state}")


def test_each_cell_has_its_own_state():
    cells = table("""
        institution_id | month
        1              | 2022-03-01
        1              | 2022-04-01
        2              | 2022-03-01
        2              | 2022-04-01
    """)
    said = steps("1 | 2022-03-01 | closed | 5", "2 | 2022-03-01 | reopened | 5")
    loaded = loads("1 | 2022-03-01 | 4", "1 | 2022-04-01 | 4", "2 | 2022-03-01 | 5")
    assert_rows(
        add_states(cells, said, loaded),
        """
        institution_id | month      | month_state
        1              | 2022-03-01 | closed
        1              | 2022-04-01 | submitted
        2              | 2022-03-01 | open
        2              | 2022-04-01 | open
        """,
    )


NOBODY = "institution_id | first_day | last_day\n0 | 2000-01-01 | 2000-01-01"
NOTHING = "institution_id | month\n0 | 2000-01-01"


@pytest.mark.parametrize(
    ("agreed", "bought", "is_asked"),
    [
        (NOBODY, NOTHING, False),
        # An agreement year that touches the month, by one day.
        (NOBODY + "\n1 | 2022-03-31 | 2023-03-30", NOTHING, True),
        (NOBODY + "\n1 | 2022-04-01 | 2023-03-31", NOTHING, False),
        (NOBODY + "\n1 | 2021-03-02 | 2022-03-01", NOTHING, True),
        (NOBODY + "\n1 | 2021-03-01 | 2022-02-28", NOTHING, False),
        (NOBODY + "\n2 | 2022-01-01 | 2022-12-31", NOTHING, False),
        # Purchases in the month, or in the twelve before it.
        (NOBODY, NOTHING + "\n1 | 2022-03-01", True),
        (NOBODY, NOTHING + "\n1 | 2021-03-01", True),
        (NOBODY, NOTHING + "\n1 | 2021-02-01", False),
        (NOBODY, NOTHING + "\n1 | 2022-04-01", False),
        (NOBODY, NOTHING + "\n2 | 2022-03-01", False),
    ],
)
def test_who_is_asked_for_a_month(agreed, bought, is_asked):
    cells = table(f"institution_id | month\n1 | {MARCH}")
    assert list(are_asked(cells, table(agreed), table(bought))) == [is_asked]


@pytest.mark.parametrize(
    ("reopened_on", "days", "due_on"),
    [
        ("-", 10, "2022-04-10"),  # 31 March + 10
        ("-", 0, "2022-03-31"),
        ("-", None, "-"),  # no policy in force
        ("2022-03-31", 10, "2022-04-10"),
        ("2022-04-01", 10, "2022-04-11"),  # the day of the reopening + 10
        ("2023-01-05", 10, "2023-01-15"),
        ("2023-01-05", None, "-"),
    ],
)
def test_until_when_a_month_is_due(reopened_on, days, due_on):
    rows = table(f"month | reopened_on\n{MARCH} | {reopened_on}")
    rows["reopened_on"] = pd.to_datetime(rows["reopened_on"]).astype("datetime64[s]")
    due = due_days(rows, {date(2022, 3, 1): days})
    assert_rows(rows.assign(due_on=due), f"month | due_on\n{MARCH} | {due_on}")
