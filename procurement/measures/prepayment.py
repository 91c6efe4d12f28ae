"""What the fund prepays an institution for a batch, and how much of it purchases have cleared (预付与清算).

    prepaid     = Σ agreed volume × awarded unit price × prepayment ratio
    cleared     = the smaller of prepaid and the paid amount of selected purchases in the agreement year
    outstanding = prepaid − cleared

Amounts in 1/10000 yuan; prepaid and the purchases are rounded once each, to the fen, half away from zero, per
institution × batch × agreement year; returns that exceed the purchases clear nothing. A figure whose basis is
missing is empty and says why. (医保发〔2020〕26号: not below 30 %; DOMAIN §3)
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from procurement.measures.retention import rounded
from procurement.money import UNIT_SCALE

KEY = ["institution_id", "batch_id", "agreement_year"]

MISSING = ("no_prepayment_policy", "no_awarded")
"""Why a figure is empty: the first that applies."""

Ratios = Mapping[tuple[date, str], Decimal]
"""The prepayment ratio by first day of the agreement year and category; absent where there is none."""

SUMMED = ["agreed_amount", "selected_amount", "prepaid_amount", "cleared_amount", "outstanding_amount"]


def prepayment(
    agreed: pd.DataFrame, bought: pd.DataFrame, years: pd.DataFrame, ratios: Ratios
) -> pd.DataFrame:
    """One row per institution × batch × agreement year of `years`.

    `agreed`: measures.agreements.price_agreements. `bought`: paid_amount by KEY and is_selected, up to the
    measuring day. `years`: batch_id, agreement_year, year_start, year_end, category.
    """
    # An agreement without an awarded price leaves the whole prepayment unknown.
    rows = agreed.groupby(KEY, sort=True)["agreed_amount"].sum(skipna=False).astype("Int64").reset_index()
    rows = rows.merge(years, on=["batch_id", "agreement_year"], how="inner")
    selected = bought[bought["is_selected"].astype(bool)]
    paid = selected.groupby(KEY)["paid_amount"].sum().astype("Int64").rename("selected_amount")
    rows = rows.join(paid, on=KEY)
    rows["selected_amount"] = rows["selected_amount"].fillna(0)
    cleared = [_clear(row, ratios.get((row.year_start.date(), row.category))) for row in rows.itertuples()]
    found = pd.DataFrame(cleared, columns=[*_DTYPES], index=rows.index).astype(_DTYPES)
    return pd.concat([rows, found], axis=1)


_DTYPES = {
    "prepayment_ratio": "Int64",
    "prepaid_amount": "Int64",
    "cleared_amount": "Int64",
    "outstanding_amount": "Int64",
    "missing_reason": "object",
}


def _clear(row: Any, ratio: Decimal | None) -> tuple:
    if ratio is None:
        return None, None, None, None, "no_prepayment_policy"
    told = int(ratio * UNIT_SCALE)
    if pd.isna(row.agreed_amount):
        return told, None, None, None, "no_awarded"
    prepaid = rounded(int(row.agreed_amount) * ratio)
    cleared = max(0, min(prepaid, rounded(Decimal(int(row.selected_amount)))))
    return told, prepaid, cleared, prepaid - cleared, None


def prepayment_by_batch(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per batch × agreement year: exact sums over the institutions that have a prepayment.

    `institution_count` counts all institutions, `missing_rows` those without a prepayment.
    """
    keys = ["batch_id", "agreement_year"]
    rows = rows.assign(is_missing=rows["prepaid_amount"].isna().astype("Int64"))
    known = rows["prepaid_amount"].notna()
    rows[SUMMED] = rows[SUMMED].where(known)
    grouped = rows.groupby(keys, sort=False)
    sums = grouped[SUMMED].sum(min_count=1).astype("Int64")
    counts = {"institution_count": grouped.size(), "missing_rows": grouped["is_missing"].sum()}
    told = rows.drop_duplicates(keys).set_index(keys)
    kept = [name for name in _OF_BATCH if name in told]
    return told[kept].join(sums.assign(**counts)).reset_index()


_OF_BATCH = ["batch", "category", "year_start", "year_end", "is_running", "prepayment_ratio"]


def prepayment_totals(rows: pd.DataFrame) -> dict[str, int | None]:
    """Exact sums over the rows that have a prepayment; None where none has one."""
    known = rows[rows["prepaid_amount"].notna()]
    names = ("agreed_amount", "prepaid_amount", "cleared_amount", "outstanding_amount")
    return {name: int(known[name].sum()) if len(known) else None for name in names}
