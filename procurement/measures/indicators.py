"""What an assessment score can be computed from, per institution × batch × agreement year.

    completion     = mean over varieties with an agreed volume of min(1, selected units bought ÷ agreed)
    selected share = mean over varieties bought of selected units ÷ (selected + non-selected units)
    payment        = Σ amount paid to suppliers within the days after acceptance ÷ Σ amount due
    reporting      = months whose purchases were loaded in time ÷ months that can be judged

Units are equivalent units (millionths), net of returns; amounts are in 1/10000 yuan. Each indicator is a
ratio of whole numbers between 0 and 1 (numerator, denominator), or empty with its reason; the columns
beside it are the evidence. Days and months are policies (assessment_payment_days, assessment_reporting_days).
Every function takes the settlements (one row each: SETTLEMENT, year_start, year_end, payment_days,
reporting_days, empty without a policy) and returns one row per settlement, under the same index.
"""

from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd

from procurement.measures.retention import KEY, SETTLEMENT
from procurement.periods import full_months, last_of_month


def completion(settlements: pd.DataFrame, agreed: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    """How far the agreed volumes are bought; more than agreed counts as agreed, net returns as nothing.

    Evidence: `varieties` with an agreed volume, `varieties_met`, `unmeasured_lines` of their purchases.
    Reason where there is none: no_agreed_volume.
    """
    asked = agreed.groupby(KEY)["agreed_equivalent"].sum()
    selected = bought[bought["is_selected"].astype(bool)]
    sums = selected.groupby(KEY)[["equivalent_units", "unmeasured_lines"]].sum()
    rows = asked[asked > 0].rename("whole").to_frame().join(sums.rename(columns={"equivalent_units": "part"}))
    rows = rows.fillna(0).reset_index()
    rows = rows.assign(varieties=1, varieties_met=(rows["part"] >= rows["whole"]).astype("int64"))
    found = _mean(settlements, rows, ["varieties", "varieties_met", "unmeasured_lines"])
    return found.assign(reason=np.where(found["denominator"].isna(), "no_agreed_volume", ""))


def selected_share(settlements: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    """How much of each variety's use is of selected products.

    Evidence: `varieties` counted, `varieties_left_out` (bought, but net of returns nothing is left, or no
    quantity is known), `unmeasured_lines`. Reason where none is counted: no_purchases.
    """
    units = bought["equivalent_units"].fillna(0)
    rows = bought[[*KEY, "unmeasured_lines"]].assign(
        whole=units, part=units.where(bought["is_selected"].astype(bool), 0)
    )
    rows = rows.groupby(KEY)[["whole", "part", "unmeasured_lines"]].sum().reset_index()
    counted = rows["whole"] > 0
    rows = rows.assign(varieties=counted.astype("int64"), varieties_left_out=(~counted).astype("int64"))
    found = _mean(settlements, rows, ["varieties", "varieties_left_out", "unmeasured_lines"])
    return found.assign(reason=np.where(found["denominator"].isna(), "no_purchases", ""))


def payment(
    settlements: pd.DataFrame, bought: pd.DataFrame, accepted: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """What of the purchases of selected products is paid to the supplier in time, as of the measuring day.

    `accepted`: the lines with an acceptance date. A line is due once it is paid, or once its last day has
    come; due and unpaid is late. A later payment is not known on the measuring day. Returns owe the supplier
    nothing. Evidence: `lines` of selected products, `lines_without_date`, `return_lines` and `open_lines`
    (not due yet) among the others; due_amount, late_amount. Reasons: no_purchases, no_acceptance_dates,
    nothing_due.
    """
    days = settlements.loc[settlements["payment_days"].notna(), [*SETTLEMENT, "payment_days"]]
    lines = _judged_lines(accepted.merge(days, on=SETTLEMENT), pd.Timestamp(as_of))
    names = ["dated_lines", "return_lines", "open_lines", "due_amount", "late_amount"]
    selected = bought[bought["is_selected"].astype(bool)]
    found = _of_each(settlements, lines, names).join(_of_each(settlements, selected, ["lines"]))
    found["lines_without_date"] = found["lines"] - found["dated_lines"]
    is_known = found["due_amount"] > 0
    found["numerator"] = (found["due_amount"] - found["late_amount"]).astype(object).where(is_known)
    found["denominator"] = found["due_amount"].astype(object).where(is_known)
    cases = [is_known, found["lines"] == 0, found["dated_lines"] == 0]
    return found.assign(reason=np.select(cases, ["", "no_purchases", "no_acceptance_dates"], "nothing_due"))


def _judged_lines(lines: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Each line with an acceptance date as one of: return, due (in time or late), not due yet."""
    last_day = lines["accepted_on"] + pd.to_timedelta(lines["payment_days"].astype("int64"), unit="D")
    paid_on = lines["paid_on"].where(lines["paid_on"] <= as_of)
    is_return = lines["paid_amount"] <= 0
    is_due = ~is_return & (paid_on.notna() | (last_day <= as_of))
    is_late = is_due & ~(paid_on <= last_day)
    return lines[SETTLEMENT].assign(
        dated_lines=1,
        return_lines=is_return.astype("int64"),
        open_lines=(~is_return & ~is_due).astype("int64"),
        due_amount=lines["paid_amount"].where(is_due, 0),
        late_amount=lines["paid_amount"].where(is_late, 0),
    )


def reporting(
    settlements: pd.DataFrame, loaded: pd.DataFrame, first_import: date | None, as_of: date
) -> pd.DataFrame:
    """Whether the purchases of each month were loaded by the month's end + days.

    `loaded`: institution_id, month, loaded_on (the first import in force that covers it). A month belongs to
    the agreement year in which it ends, so each year has twelve; those ended by the measuring day are looked
    at. One that was never loaded is late once its last day has come. What had to be loaded before the
    `first_import` of the ledger cannot be judged. Evidence: months_on_time, months_judged,
    months_before_ledger. Reasons where none is judged: before_ledger, no_month_due.
    """
    months = _months_of(settlements, as_of).merge(loaded, on=["institution_id", "month"], how="left")
    days = pd.to_timedelta(months["reporting_days"].astype("int64"), unit="D")
    deadline = months["month_end"] + days
    unknowable = deadline < pd.Timestamp(first_import or date.max).as_unit("s")
    on_time = ~unknowable & (months["loaded_on"] <= deadline)
    late = ~unknowable & ((months["loaded_on"] > deadline) | (deadline <= pd.Timestamp(as_of))) & ~on_time
    months = months.assign(
        months_on_time=on_time.astype("int64"),
        months_judged=(on_time | late).astype("int64"),
        months_before_ledger=unknowable.astype("int64"),
    )
    found = _of_each(settlements, months, ["months_on_time", "months_judged", "months_before_ledger"])
    is_known = found["months_judged"] > 0
    found["numerator"] = found["months_on_time"].astype(object).where(is_known)
    found["denominator"] = found["months_judged"].astype(object).where(is_known)
    cases = [is_known, found["months_before_ledger"] > 0]
    return found.assign(reason=np.select(cases, ["", "before_ledger"], "no_month_due"))


def _months_of(settlements: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row per settlement and month that ends in its agreement year, by the measuring day."""
    years = settlements[["year_start", "year_end"]].drop_duplicates()
    found = [
        (start, end, pd.Timestamp(month), pd.Timestamp(last_of_month(month)))
        for start, end in years.itertuples(index=False)
        for month in full_months(start.date().replace(day=1), min(end.date(), as_of))
    ]
    names = ["year_start", "year_end", "month", "month_end"]
    months = pd.DataFrame(found, columns=names).astype(dict.fromkeys(names, "datetime64[s]"))
    judged = settlements[settlements["reporting_days"].notna()]
    return judged.merge(months, on=["year_start", "year_end"])


def _of_each(settlements: pd.DataFrame, rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Sums of `rows` by settlement, under the settlements' index; none is 0."""
    sums = rows.groupby(SETTLEMENT)[names].sum()
    found = sums.reindex(pd.MultiIndex.from_frame(settlements[SETTLEMENT])).set_axis(settlements.index)
    return found.astype("Int64").fillna(0)


def _mean(settlements: pd.DataFrame, rows: pd.DataFrame, evidence: list[str]) -> pd.DataFrame:
    """The mean of part ÷ whole (held between 0 and 1) over the varieties that count, as an exact ratio."""
    found = _of_each(settlements, rows, evidence)
    totals = _sums_of_ratios(rows[rows["varieties"] > 0])
    keys = settlements[SETTLEMENT].itertuples(index=False, name=None)
    means = [totals[key] / int(n) if n else None for key, n in zip(keys, found["varieties"], strict=True)]
    for name in ("numerator", "denominator"):
        parts = [getattr(mean, name) if mean is not None else None for mean in means]
        found[name] = pd.Series(parts, index=found.index, dtype=object)
    return found


def _sums_of_ratios(rows: pd.DataFrame) -> dict[tuple, Fraction]:
    """Σ part ÷ whole by settlement; the fractions of different varieties are added exactly."""
    sums: dict[tuple, Fraction] = {}
    keys = rows[SETTLEMENT].itertuples(index=False, name=None)
    for key, part, whole in zip(keys, rows["part"], rows["whole"], strict=True):
        ratio = Fraction(min(max(int(part), 0), int(whole)), int(whole))
        sums[key] = sums.get(key, Fraction(0)) + ratio
    return sums
