"""How far the agreed volumes are bought.

    completion rate = selected equivalent units bought in the agreement year ÷ agreed volume
    time progress   = days elapsed ÷ days in the agreement year, as of the measuring day

Status, the first that applies:
    not_set   no agreed volume
    ahead     rate ≥ 100 %, or ≥ time progress + margin
    behind    rate < time progress − margin
    at_risk   bought + mean of the last full months × months left < agreed
    on_track  else

Margin and number of months are policies (completion_margin, completion_trend_months). Comparisons are
made in whole numbers, so that a rate exactly on a threshold falls on the right side. (DOMAIN §2)
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from procurement.periods import agreement_year_end, agreement_year_start, full_months

KEY = ["institution_id", "batch_id", "variety_id", "agreement_year"]
STATUSES = ("ahead", "on_track", "behind", "at_risk", "not_set")


@dataclass(frozen=True)
class CompletionPolicy:
    """The margin as a fraction, and how many full months make the trend."""

    margin: Decimal
    trend_months: int


def completion(
    agreed: pd.DataFrame,
    bought: pd.DataFrame,
    recent: pd.DataFrame,
    execution_dates: pd.Series,
    as_of: date,
    policy: CompletionPolicy,
) -> pd.DataFrame:
    """One row per institution × batch × variety × agreement year begun by `as_of`.

    `agreed`: KEY, agreed_equivalent (millionths). `bought`: selected purchases up to `as_of` by KEY,
    `recent`: those of at least the trend's months by institution, batch, variety and month, both with
    equivalent_units (millionths). `execution_dates` by batch_id. Adds bought_equivalent, rate,
    time_progress, months_left, trend_equivalent (mean of a month), needed_equivalent (a month) and status.
    """
    rows = _agreed_and_bought(agreed, bought)
    rows = _add_time(rows, execution_dates, as_of)
    rows = rows[rows["days_elapsed"] > 0].reset_index(drop=True)
    rows = _add_trend(rows, recent, execution_dates, as_of, policy.trend_months)
    return _add_status(rows, policy)


def _agreed_and_bought(agreed: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    by_key = agreed.groupby(KEY)["agreed_equivalent"].sum().astype("Int64")
    bought_by_key = bought.groupby(KEY)["equivalent_units"].sum().astype("Int64")
    rows = pd.concat({"agreed_equivalent": by_key, "bought_equivalent": bought_by_key}, axis=1).reset_index()
    rows["bought_equivalent"] = rows["bought_equivalent"].fillna(0)
    rows["agreed_equivalent"] = rows["agreed_equivalent"].where(rows["agreed_equivalent"] > 0)
    return rows.sort_values(KEY, kind="stable").reset_index(drop=True)


def _add_time(rows: pd.DataFrame, execution_dates: pd.Series, as_of: date) -> pd.DataFrame:
    years = rows[["batch_id", "agreement_year"]].drop_duplicates()
    spans = []
    for batch_id, year in years.itertuples(index=False):
        executed = execution_dates[batch_id].date()
        start, end = agreement_year_start(executed, int(year)), agreement_year_end(executed, int(year))
        days = (end - start).days + 1
        elapsed = min(max((as_of - start).days + 1, 0), days)
        spans.append((batch_id, year, start, end, days, elapsed))
    names = ["batch_id", "agreement_year", "year_start", "year_end", "days_in_year", "days_elapsed"]
    frame = pd.DataFrame(spans, columns=names).astype(
        {"batch_id": "Int64", "agreement_year": "Int64", "days_in_year": "int64", "days_elapsed": "int64"}
    )
    for name in ("year_start", "year_end"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    rows = rows.merge(frame, on=["batch_id", "agreement_year"], how="left")
    rows["time_progress"] = rows["days_elapsed"] / rows["days_in_year"]
    rows["months_left"] = (1 - rows["time_progress"]) * 12
    return rows


def _add_trend(
    rows: pd.DataFrame, recent: pd.DataFrame, execution_dates: pd.Series, as_of: date, count: int
) -> pd.DataFrame:
    """Σ and number of the last full months since execution; of either agreement year, trade goes on."""
    months = {
        batch_id: full_months(execution_dates[batch_id].date(), as_of)[-count:]
        for batch_id in rows["batch_id"].unique()
    }
    full = pd.DataFrame(
        [(batch_id, pd.Timestamp(month)) for batch_id, all_ in months.items() for month in all_],
        columns=["batch_id", "month"],
    ).astype({"month": "datetime64[s]"})
    who = ["institution_id", "batch_id", "variety_id"]
    sums = recent.merge(full, on=["batch_id", "month"]).groupby(who)["equivalent_units"].sum()
    rows = rows.join(sums.rename("trend_sum").astype("Int64"), on=who)
    rows["trend_sum"] = rows["trend_sum"].fillna(0)
    rows["trend_months"] = rows["batch_id"].map({b: len(m) for b, m in months.items()}).astype("int64")
    return rows


def _add_status(rows: pd.DataFrame, policy: CompletionPolicy) -> pd.DataFrame:
    is_set = rows["agreed_equivalent"].notna()
    # Python's own whole numbers: the products below outgrow 64 bits.
    agreed = rows["agreed_equivalent"].fillna(1).astype(object).to_numpy()
    bought = rows["bought_equivalent"].astype(object).to_numpy()
    days = rows["days_in_year"].astype(object).to_numpy()
    elapsed = rows["days_elapsed"].astype(object).to_numpy()
    trend_sum = rows["trend_sum"].astype(object).to_numpy()
    trend_months = rows["trend_months"].astype(object).to_numpy()
    margin, one = policy.margin.as_integer_ratio()

    pace = bought * days * one
    ahead = (bought >= agreed) | (pace >= agreed * (elapsed * one + margin * days))
    behind = pace < agreed * (elapsed * one - margin * days)
    months_to_come = trend_sum * 12 * (days - elapsed)
    # Without a full month there is no trend to warn by.
    at_risk = (trend_months > 0) & ((agreed - bought) * trend_months * days > months_to_come)
    cases = [~is_set.to_numpy(), ahead.astype(bool), behind.astype(bool), at_risk.astype(bool)]
    status = np.select(cases, ["not_set", "ahead", "behind", "at_risk"], "on_track")
    known = rows["agreed_equivalent"].astype("Float64")
    left = (known - rows["bought_equivalent"].astype("Float64")).clip(lower=0)
    needed = left / rows["months_left"].where(rows["months_left"] > 0)
    has_trend = rows["trend_months"] > 0
    return rows.assign(
        rate=rows["bought_equivalent"].astype("Float64") / known,
        trend_equivalent=(rows["trend_sum"] / rows["trend_months"].where(has_trend)).astype("Float64"),
        needed_equivalent=needed,
        status=status,
    )


def still_to_buy(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose agreed volume is not bought yet, with remaining_equivalent; first what has to be bought
    fastest, measured by the month that the agreed volume would ask for."""
    left = rows["agreed_equivalent"] - rows["bought_equivalent"]
    rows = rows.assign(remaining_equivalent=left)[(left > 0).fillna(False)]
    pace = rows["needed_equivalent"].astype("Float64") / rows["agreed_equivalent"].astype("Float64")
    rows = rows.assign(pace=pace).sort_values("pace", ascending=False, kind="stable", na_position="first")
    return rows.drop(columns="pace").reset_index(drop=True)


def met_share(rows: pd.DataFrame) -> float | None:
    """Σ min(bought, agreed) ÷ Σ agreed, over rows with an agreed volume."""
    known = rows.dropna(subset=["agreed_equivalent"])
    agreed = int(known["agreed_equivalent"].sum())
    met = known[["bought_equivalent", "agreed_equivalent"]].min(axis=1).sum()
    return int(met) / agreed if agreed else None
