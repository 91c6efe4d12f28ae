"""What was saved, what was missed.

    saving          = baseline amount − paid amount, per row of the grain; a price rise is negative
    missed saving   = max(0, paid amount − equivalent units × awarded price), non-selected products
    expected saving = Σ agreed volume × (baseline − awarded)

Amounts in 1/10000 yuan. The saving of selected and of non-selected products are separate and add up;
rows without a known baseline have none and are counted. (DOMAIN §2)
"""

import pandas as pd


def add_saving(sums: pd.DataFrame) -> pd.DataFrame:
    """Add `saving_amount` to rows with baseline_amount and compared_amount; empty without a baseline."""
    return sums.assign(saving_amount=sums["baseline_amount"] - sums["compared_amount"])


def saving_totals(rows: pd.DataFrame) -> dict[str, int | None]:
    """total, selected, non_selected and missed of rows with saving_amount, is_selected, missed_amount.

    Empty where no row has the figure at all.
    """
    in_batch = rows[rows["saving_amount"].notna()]
    selected = in_batch["is_selected"].astype(bool)
    return {
        "total": _sum(in_batch["saving_amount"]),
        "selected": _sum(in_batch.loc[selected, "saving_amount"]),
        "non_selected": _sum(in_batch.loc[~selected, "saving_amount"]),
        "missed": _sum(rows["missed_amount"]),
    }


def _sum(amounts: pd.Series) -> int | None:
    return int(amounts.sum()) if amounts.notna().any() else None


def total_amount(amounts: pd.Series) -> int | None:
    """The exact sum of a column of amounts; empty where every one is."""
    return _sum(amounts)
