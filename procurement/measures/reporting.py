"""What reporting too much or too little cost (多报、少报的代价), in one agreement year.

    actual use     = equivalent units bought of the variety in the year, selected and non-selected
    unfulfilled    = max(0, agreed − selected bought), and × awarded price: what had to be bought and was not
    beyond         = max(0, selected bought − agreed): what was used without having been agreed
    in retained    = with reported volume = actual use, agreed the same share of it, − as it was

The settlement is computed anew by measures.whatif. A variety whose units are not all known, or that has no
reported volume, stays as it was. Units are millionths of a base unit of main strength, in base units rounded
once. (DOMAIN §3: the budget is on the reported volume)
"""

import pandas as pd

from procurement.measures.changes import Changes
from procurement.measures.whatif import Inputs, Outcome, whatif, worth
from procurement.money import UNIT_SCALE, divide

OVER, UNDER, FITTING, UNKNOWN = REPORTED = ("over", "under", "fitting", "unknown")


def as_used(inputs: Inputs) -> tuple[pd.DataFrame, Outcome]:
    """A row per variety (reporting_lines), and the settlement as it was beside the one with actual use."""
    lines = reporting_lines(inputs)
    known = lines[lines["reporting"] != UNKNOWN]
    reported = tuple(
        (int(row.variety_id), divide(max(int(row.actual_equivalent), 0), UNIT_SCALE))
        for row in known.itertuples(index=False)
    )
    return lines, whatif(inputs, Changes(reported_of=reported))


def reporting_lines(inputs: Inputs) -> pd.DataFrame:
    """One row per variety: variety_id, reported_equivalent, agreed_equivalent, bought_equivalent (selected),
    non_selected_equivalent with its share of use, actual_equivalent, unfulfilled_equivalent and _amount,
    beyond_equivalent, and `reporting`: one of REPORTED."""
    sums = inputs.agreed.groupby("variety_id")[["reported_equivalent", "agreed_equivalent"]]
    volumes = sums.sum(min_count=1).reset_index()
    rows = [_line(inputs, row) for row in volumes.itertuples(index=False)]
    frame = pd.DataFrame(rows, columns=["variety_id", *_FIGURES, "reporting"])
    return frame.astype(
        {**dict.fromkeys(["variety_id", *_FIGURES], "Int64"), "non_selected_share": "Float64"}
    )


_FIGURES = [
    "reported_equivalent",
    "agreed_equivalent",
    "bought_equivalent",
    "non_selected_equivalent",
    "actual_equivalent",
    "non_selected_share",
    "unfulfilled_equivalent",
    "unfulfilled_amount",
    "beyond_equivalent",
]


def _line(inputs: Inputs, row) -> tuple:  # type: ignore[no-untyped-def]
    variety, agreed = int(row.variety_id), int(row.agreed_equivalent)
    own = inputs.bought[inputs.bought["variety_id"] == variety]
    selected = own["is_selected"].astype(bool)
    bought, other = (int(own.loc[which, "equivalent_units"].sum()) for which in (selected, ~selected))
    actual = bought + other
    share = other / actual if actual > 0 else None
    missing, awarded = max(agreed - bought, 0), inputs.awarded.get(variety)
    amount = None if awarded is None else worth(missing, awarded)
    is_known = bool(own["is_measured"].all()) and not pd.isna(row.reported_equivalent)
    figures = (row.reported_equivalent, agreed, bought, other, actual, share, missing, amount)
    return variety, *figures, max(bought - agreed, 0), _word(row.reported_equivalent, actual, is_known)


def _word(reported: int, actual: int, is_known: bool) -> str:
    if not is_known:
        return UNKNOWN
    return OVER if reported > actual else UNDER if reported < actual else FITTING
