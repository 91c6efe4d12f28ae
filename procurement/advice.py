"""What an institution could do better: the front doors of 测算模拟 and 指导意见, beside procurement.figures.

    case(connection, institution, batch, year)              one settlement with all that it is computed from
    whatif(connection, institution, batch, year, changes)   today beside the changed settlement
    switches(connection, institution, batch, year)          what would bring the most, ranked
    reporting(connection, institution, batch, year)         what reporting too much or too little cost

All of them compute by measures.retention, on inputs of the ledger as of the measuring day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from procurement import figures
from procurement.assessments import scores
from procurement.filters import Filters
from procurement.language import _
from procurement.measures import switches as ranked
from procurement.measures import whatif as measure
from procurement.measures.agreements import institution_awarded
from procurement.measures.changes import Bounds, Changes
from procurement.measures.reporting import as_used
from procurement.measures.whatif import Inputs, Outcome
from procurement.money import UNIT_SCALE
from procurement.policies import EARLIEST, PolicyBook
from procurement.policies.retention import PaymentRatios
from procurement.queries import register
from procurement.queries.policies import policy_book
from procurement.queries.purchases import monthly
from procurement.queries.settlement import payment_ratios
from procurement.queries.years import agreement_years_begun, measuring_day


class NoSettlement(LookupError):
    """The institution has no agreed volume of this batch in a year that has begun."""


class WrongChange(ValueError):
    """A change that no scenario can have; the message is for people."""


@dataclass(frozen=True)
class Case:
    """One settlement that can be changed: whose and when, what it is computed from, and names for its ids.

    `varieties` and `products` by id; `products` have product_code, product_name, spec, manufacturer and
    base_unit; `base_units` are those that a variety's main strength is counted in.
    """

    institution_code: str
    institution_name: str
    batch: str
    agreement_year: int
    category: str
    year_start: date
    year_end: date
    is_running: bool
    inputs: Inputs
    varieties: Mapping[int, str]
    base_units: Mapping[int, str]
    products: Mapping[int, Mapping[str, Any]]

    @property
    def key(self) -> tuple[str, str, int]:
        return self.institution_code, self.batch, self.agreement_year


def case(
    connection: Connection, institution_code: str, batch: str, year: int, filters: Filters = Filters()
) -> Case:
    """The settlement of one institution × batch × agreement year; of `filters` the measuring day and the
    reader's scope count. NoSettlement where there is none."""
    as_of = measuring_day(connection, filters) or EARLIEST
    only = Filters(batches=(batch,), institutions=(institution_code,), as_of=as_of, scope=filters.scope)
    agreed = figures.agreements(connection, only)
    years = agreement_years_begun(connection, only, as_of)
    agreed, years = (rows[rows["agreement_year"] == year] for rows in (agreed, years))
    if agreed.empty or years.empty:
        raise NoSettlement(_missing(institution_code, batch, year))
    of_year = next(years.itertuples(index=False))
    who = register.institutions(connection, only).iloc[0]
    resolved = figures.resolved_listings(connection, replace(only, institutions=()))
    return Case(
        institution_code=institution_code,
        institution_name=who["institution_name"],
        batch=batch,
        agreement_year=year,
        category=of_year.category,
        year_start=of_year.year_start.date(),
        year_end=of_year.year_end.date(),
        is_running=of_year.year_end.date() > as_of,
        inputs=_inputs(connection, only, agreed.reset_index(drop=True), years, resolved),
        varieties=_by_id(resolved, "variety"),
        base_units=_by_id(_main_strength_first(resolved), "base_unit"),
        products=resolved.drop_duplicates("product_id").set_index("product_id")[_PRODUCT].to_dict("index"),
    )


_PRODUCT = ["product_code", "product_name", "spec", "manufacturer", "base_unit"]


def _missing(institution_code: str, batch: str, year: int) -> str:
    text = _("机构“{institution}”在批次“{batch}”没有已开始的第{year}协议年度，或没有约定采购量。")
    return text.format(institution=institution_code, batch=batch, year=year)


def _main_strength_first(resolved: pd.DataFrame) -> pd.DataFrame:
    """Products of main strength first: their base unit is the one that a variety is counted in."""
    distance = (resolved["strength_factor"] - UNIT_SCALE).abs()
    return resolved.assign(distance=distance).sort_values(
        ["distance", "is_selected"], ascending=[True, False]
    )


def _by_id(resolved: pd.DataFrame, name: str) -> dict[int, str]:
    rows = resolved.drop_duplicates("variety_id")
    return dict(zip(rows["variety_id"].astype(int), rows[name].fillna(""), strict=True))


def _inputs(
    connection: Connection,
    only: Filters,
    agreed: pd.DataFrame,
    years: pd.DataFrame,
    resolved: pd.DataFrame,
) -> Inputs:
    book, of_year = policy_book(connection), next(years.itertuples(index=False))
    start, category = of_year.year_start.date(), of_year.category
    institution, batch, year = (int(agreed[name].iloc[0]) for name in _SETTLEMENT)
    scored = scores(connection, only)
    scored = scored.loc[scored["agreement_year"] == year, "score"].dropna()
    return Inputs(
        agreed=agreed,
        bought=_bought(connection, only, year),
        awarded=_awarded(agreed, resolved),
        year_start=start,
        fund_ratio=PaymentRatios(payment_ratios(connection)).on(start, institution, batch),
        score=int(scored.iloc[0]) if len(scored) else None,
        policy=figures.policies_of(book, years).get((start, category)),
        bounds=_bounds(book, start, category),
    )


_SETTLEMENT = ("institution_id", "batch_id", "agreement_year")


def _bought(connection: Connection, only: Filters, year: int) -> pd.DataFrame:
    """Purchases of the year by variety, product and is_selected; months with unknown units stand apart."""
    keys = ["product_id", "month", "batch_id", "variety_id", "agreement_year", "is_selected"]
    rows = monthly(connection, only, keys)
    rows = rows[rows["batch_id"].notna() & (rows["agreement_year"] == year)]
    rows = rows.assign(is_measured=rows["unmeasured_lines"] == 0)
    by = ["variety_id", "product_id", "is_selected", "is_measured"]
    return (
        rows.groupby(by, sort=True)[["equivalent_units", "paid_amount"]].sum().astype("Int64").reset_index()
    )


def _awarded(agreed: pd.DataFrame, resolved: pd.DataFrame) -> dict[int, int]:
    """Awarded prices per base unit of main strength by variety: the product's agreed with, else the mean."""
    means = resolved.dropna(subset=["variety_awarded"]).drop_duplicates("variety_id")
    own = institution_awarded(agreed, resolved).dropna(subset=["awarded_unit_price"])
    prices = dict(zip(means["variety_id"].astype(int), means["variety_awarded"].astype(int), strict=True))
    return prices | dict(
        zip(own["variety_id"].astype(int), own["awarded_unit_price"].astype(int), strict=True)
    )


def _bounds(book: PolicyBook, day: date, category: str) -> Bounds:
    """The limits that bind what a city may set."""
    ratio = book.parameters["retention_maximum_ratio"].limits_on(day, category, "city")
    staff = book.parameters["retention_staff_share"].limits_on(day, category, "city")
    return Bounds(
        highest_ratio=min((x.most for x in ratio if x.most is not None), default=Decimal(1)),
        least_staff=max((x.least for x in staff if x.least is not None), default=Decimal(0)),
        most_staff=min((x.most for x in staff if x.most is not None), default=Decimal(1)),
    )


def check(found: Case, changes: Changes) -> None:
    """WrongChange where a change lies outside of what is possible or of the limits in force."""
    shares = [changes.shift, *(share for _v, share in changes.shift_of)]
    shares += [share for _v, _p, share in changes.shift_of_product]
    bounds = found.inputs.bounds
    if any(not 0 <= share <= 1 for share in shares):
        raise WrongChange(_("改用中选产品的比例应在0%至100%之间。"))
    if changes.agreed_factor < 0 or any(volume < 0 for _v, volume in changes.agreed_of):
        raise WrongChange(_("约定采购量不能是负数。"))
    if changes.score is not None and not 0 <= changes.score <= 100:
        raise WrongChange(_("考核得分应在0至100之间。"))
    if changes.maximum_ratio is not None and not 0 <= changes.maximum_ratio <= bounds.highest_ratio:
        text = _("最高留用比例应在0%至{most}之间：不得超过现行上限。")
        raise WrongChange(text.format(most=_percent(bounds.highest_ratio)))
    if changes.staff_share is not None and not bounds.least_staff <= changes.staff_share <= bounds.most_staff:
        text = _("人员薪酬比例应在{least}至{most}之间。")
        raise WrongChange(text.format(least=_percent(bounds.least_staff), most=_percent(bounds.most_staff)))


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


def whatif(
    connection: Connection,
    institution_code: str,
    batch: str,
    year: int,
    changes: Changes,
    filters: Filters = Filters(),
) -> Outcome:
    """Today (scenario 0) beside the settlement with `changes` (scenario 1); WrongChange, NoSettlement."""
    found = case(connection, institution_code, batch, year, filters)
    check(found, changes)
    return measure.whatif(found.inputs, changes)


def switches(
    connection: Connection, institution_code: str, batch: str, year: int, filters: Filters = Filters()
) -> pd.DataFrame:
    """What would bring the institution the most (measures.switches), with names of varieties and products."""
    found = case(connection, institution_code, batch, year, filters)
    return named(found, ranked.switches(found.inputs))


def named(found: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the names of their varieties (and products), and the unit that units are counted in."""
    of_variety = {"variety": found.varieties, "base_unit": found.base_units}
    rows = rows.assign(**{name: _looked_up(rows["variety_id"], names) for name, names in of_variety.items()})
    if "product_id" not in rows:
        return rows
    return rows.assign(
        **{
            name: _looked_up(rows["product_id"], {key: told[name] for key, told in found.products.items()})
            for name in _PRODUCT
            if name != "base_unit"
        }
    )


def _looked_up(ids: pd.Series, names: Mapping[int, Any]) -> pd.Series:
    return pd.Series(
        ["" if pd.isna(i) else names.get(int(i), "") for i in ids], index=ids.index, dtype=object
    )


def reporting(
    connection: Connection, institution_code: str, batch: str, year: int, filters: Filters = Filters()
) -> tuple[pd.DataFrame, Outcome]:
    """What reporting too much or too little cost in one agreement year (measures.reporting.as_used)."""
    found = case(connection, institution_code, batch, year, filters)
    lines, outcome = as_used(found.inputs)
    return named(found, lines), outcome


def ended_years(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """The last ended agreement year of each institution × batch: a row of figures.retention each."""
    rows = figures.retention(connection, filters)
    ended = rows[~rows["is_running"].astype(bool)].sort_values("agreement_year", kind="stable")
    last = ended.drop_duplicates(["institution_id", "batch_id"], keep="last")
    order = ["institution_code", "execution_date", "batch"]
    return last.sort_values(order, kind="stable", ignore_index=True)


def today(found: Case) -> pd.Series:
    """The settlement as it is: a row of measures.retention with invoice_amount."""
    return measure.compute(found.inputs, [Changes()]).settlements.iloc[0]
