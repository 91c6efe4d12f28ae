"""The working behind a settlement: every figure that a person needs to check it with a calculator.

    for working in workings(connection, Filters(institutions=("H…",), batches=("…",)), year=1):
        working.row.retained_amount, working.lines, working.purchases

One Working per institution × batch × agreement year. What it holds adds up: the purchase lines to the
amounts of the variety lines, the agreed volumes to the budget, the lines to the settlement. It can be kept as
text and read back (procurement.frozen), so a confirmed settlement is shown as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import pandas as pd
from sqlalchemy import Connection
from sqlmodel import col

from procurement import figures
from procurement.assessments import assessment, scores
from procurement.filters import Filters
from procurement.measures.attribution import attribute
from procurement.measures.prices import LISTING
from procurement.money import multiply
from procurement.policies import EARLIEST, InForce, PolicyBook, PolicyError
from procurement.policies.assessment import assessment_terms
from procurement.policies.retention import PaymentRatios, SpendingBasis, retention_terms
from procurement.queries.agreement import listings
from procurement.queries.lines import file_names, purchase_details
from procurement.queries.policies import policy_book, value_to_json
from procurement.queries.settlement import payment_ratios
from procurement.tables import Purchase

INSTITUTIONS_AT_ONCE = 50
SETTLEMENT = ["institution_id", "batch_id", "agreement_year"]


@dataclass(frozen=True)
class Working:
    """One settlement with everything behind it; each frame in the order in which it is read.

    `settlement` is its one row of figures.retention with the files and rows that its score and its payment
    ratio come from; `lines` a row per variety (figures.retention_lines); `agreements` a row per agreed volume
    with its prices, amounts, file and row; `listings` the prices of the varieties' products with file and
    row; `purchases` a row per purchase line that counts, with file, sheet and row; `assessment` a row per
    indicator where the score was computed from them, else nothing; `terms` a row per term of the policy with
    its source.
    """

    settlement: pd.DataFrame
    lines: pd.DataFrame
    agreements: pd.DataFrame
    listings: pd.DataFrame
    purchases: pd.DataFrame
    assessment: pd.DataFrame
    terms: pd.DataFrame

    @cached_property
    def row(self) -> Any:
        """The settlement's row with its columns as attributes."""
        return records(self.settlement)[0]

    @property
    def title(self) -> str:
        """Institution, batch and agreement year as one text."""
        return f"{self.row.institution_name} {self.row.batch} {self.row.agreement_year}"


def workings(
    connection: Connection,
    filters: Filters = Filters(),
    basis: SpendingBasis | None = None,
    year: int | None = None,
) -> Iterator[Working]:
    """The working of each settlement that the filters choose, by institution code, execution date and year.

    `year` leaves only that agreement year. Purchase lines are read for some institutions at a time, so a
    whole city needs no more memory than its largest hospitals.
    """
    as_of = figures.measuring_day(connection, filters)
    filters = filters.on(as_of) if as_of else filters
    settlements = figures.retention(connection, filters, basis)
    if year is not None:
        settlements = settlements[settlements["agreement_year"] == year]
    if settlements.empty:
        return
    parts = _Parts(connection, filters, basis, settlements["year_start"].min())
    order = ["institution_code", "execution_date", "batch", "agreement_year"]
    settlements = parts.with_sources(settlements.sort_values(order, kind="stable"))
    institutions = [int(number) for number in settlements["institution_id"].unique()]
    for start in range(0, len(institutions), INSTITUTIONS_AT_ONCE):
        some = institutions[start : start + INSTITUTIONS_AT_ONCE]
        purchases = parts.purchases_of(some)
        own = settlements[settlements["institution_id"].isin(some)]
        for at in own.index:
            yield parts.working(own.loc[[at]], purchases)


class _Parts:
    """What the workings of several settlements are cut from."""

    def __init__(
        self, connection: Connection, filters: Filters, basis: SpendingBasis | None, first: pd.Timestamp
    ) -> None:
        self._connection, self._filters, self._first = connection, filters, first.date()
        self._last = filters.latest_day or EARLIEST
        self._assessment: dict[tuple, pd.DataFrame] = {}
        self._terms: dict[tuple, pd.DataFrame] = {}
        whole = replace(filters, varieties=())
        self._files = file_names(connection)
        self._book = policy_book(connection)
        self._basis = basis
        self._listings = self._with_file(listings(connection))
        self._lines = by_settlement(figures.retention_lines(connection, filters, basis))
        agreements = figures.with_names(connection, figures.agreements(connection, whole))
        self._agreements = by_settlement(self._with_product(self._with_file(agreements)))
        priced = figures.resolved_listings(connection)
        self._prices = dict(list(self._with_file(priced).groupby("batch_id")))

    def _with_file(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(file_name=rows["import_id"].map(self._files).astype(object))

    def _with_product(self, rows: pd.DataFrame) -> pd.DataFrame:
        known = self._listings.drop_duplicates("product_id").set_index("product_id")
        names = {
            name: rows["product_id"].map(known[name]) for name in ("product_code", "product_name", "spec")
        }
        return rows.assign(**{name: values.astype(object) for name, values in names.items()})

    def with_sources(self, settlements: pd.DataFrame) -> pd.DataFrame:
        """Settlements with the file and row of the score and of the payment ratio."""
        scored = scores(self._connection, self._filters).set_index(SETTLEMENT)
        scored = scored.reindex(pd.MultiIndex.from_frame(settlements[SETTLEMENT])).set_axis(settlements.index)
        if (scored["score_source"] == "indicators").any():
            self._assessment = by_settlement(assessment(self._connection, self._filters))
        ratios = payment_ratios(self._connection)
        in_force = PaymentRatios(ratios)
        known = ratios.set_index("ratio_id")
        ids = [
            entry.ratio_id if (entry := in_force.entry_on(row.year_start.date(), *who)) else None
            for row in settlements.itertuples()
            for who in [(int(row.institution_id), int(row.batch_id))]
        ]
        ratio_ids = pd.Series(ids, index=settlements.index, dtype="Int64")
        return settlements.assign(
            score_file=scored["import_id"].map(self._files).astype(object),
            score_row=scored["row_number"].astype("Int64"),
            score_source=scored["score_source"].fillna("").astype(object),
            ratio_file=ratio_ids.map(known["import_id"]).map(self._files).astype(object),
            ratio_row=ratio_ids.map(known["row_number"]).astype("Int64"),
        )

    def purchases_of(self, institution_ids: list[int]) -> dict[tuple, pd.DataFrame]:
        """The institutions' purchase lines inside a batch, by settlement."""
        lines = purchase_details(
            self._connection,
            col(Purchase.institution_id).in_(institution_ids),
            col(Purchase.bought_on).between(self._first.replace(day=1), self._last),
        )
        lines = attribute(lines, self._listings)
        lines = lines[lines["batch_id"].notna()]
        of_listing = self._listings[[*LISTING, "strength_factor", "variety"]]
        lines = lines.merge(of_listing, on=LISTING, how="left")
        lines["equivalent_units"] = multiply(lines["base_units"], lines["strength_factor"])
        order = ["variety", "is_selected", "bought_on"]  # then as purchase_details has them
        return by_settlement(lines.sort_values(order, ascending=[True, False, True], kind="stable"))

    def working(self, settlement: pd.DataFrame, purchases: dict[tuple, pd.DataFrame]) -> Working:
        row = records(settlement)[0]
        key = (row.institution_id, row.batch_id, row.agreement_year)
        lines = self._lines[key]
        bought = purchases.get(key)
        if bought is None:
            bought = next(iter(purchases.values()), _no_purchases(self._connection)).iloc[0:0]
        bought = bought[bought["variety_id"].isin(lines["variety_id"])]
        prices = self._prices[row.batch_id]
        is_computed = row.score_source == "indicators"
        return Working(
            settlement=settlement.reset_index(drop=True),
            lines=lines,
            agreements=self._agreements[key],
            listings=prices[prices["variety_id"].isin(lines["variety_id"])].reset_index(drop=True),
            purchases=bought.reset_index(drop=True),
            assessment=self._assessment[key] if is_computed else pd.DataFrame(),
            terms=self._terms_of(row.year_start.date(), row.category, is_computed),
        )

    def _terms_of(self, day: date, category: str, with_assessment: bool) -> pd.DataFrame:
        """The terms in force on a day: a city's years begin on few days, so each is told once."""
        key = (day, category, with_assessment)
        if key not in self._terms:
            self._terms[key] = terms_frame(self._book, day, category, self._basis, with_assessment)
        return self._terms[key]


def _no_purchases(connection: Connection) -> pd.DataFrame:
    lines = purchase_details(connection, col(Purchase.id) < 0)
    empty: dict[str, Any] = {"batch_id": "Int64", "variety_id": "Int64", "agreement_year": "Int64"}
    columns = {name: pd.Series(dtype=kind) for name, kind in empty.items()}
    more = {"is_selected": "boolean", "starts_on": "datetime64[s]", "variety": object}
    columns |= {name: pd.Series(dtype=kind) for name, kind in more.items()}  # type: ignore[call-overload]
    units = {name: pd.Series(dtype="Int64") for name in ("strength_factor", "equivalent_units")}
    return lines.assign(**columns, **units)


def records(rows: pd.DataFrame) -> list[Any]:
    """The rows with their columns as attributes, what is missing as None; of few rows with many columns ten
    times quicker than itertuples."""
    columns = [str(name) for name in rows]
    known = ([None if v is pd.NA else v for v in row] for row in rows.to_numpy(dtype=object))
    return [SimpleNamespace(**dict(zip(columns, row, strict=True))) for row in known]


def by_settlement(rows: pd.DataFrame) -> dict[tuple, pd.DataFrame]:
    """The rows of each institution × batch × agreement year."""
    return {
        tuple(int(part) for part in key): part.reset_index(drop=True)
        for key, part in rows.groupby(SETTLEMENT, sort=False)
    }


def terms_frame(
    book: PolicyBook,
    day: date,
    category: str | None,
    basis: SpendingBasis | None = None,
    with_assessment: bool = False,
) -> pd.DataFrame:
    """One row per term of the retention policy in force on `day`: parameter, policy_value (JSON), its level,
    first day, source and note, whether it is an example; empty where no policy is in force.

    `with_assessment` adds the terms that the score was computed with. A spending basis that was asked for
    stands in place of the policy's, and says so.
    """
    try:
        found = retention_terms(book, day, category)
        found += assessment_terms(book, day, category) if with_assessment else ()
    except PolicyError:
        found = ()
    rows = [_term(each, basis) for each in found]
    columns = ["parameter", "policy_value", "policy_level", "from_date", "policy_source", "policy_note"]
    frame = pd.DataFrame(rows, columns=[*columns, "is_example", "is_asked_for"])
    frame["from_date"] = pd.to_datetime(frame["from_date"]).astype("datetime64[s]")
    return frame.astype({"is_example": "boolean", "is_asked_for": "boolean"})


def _term(term: InForce, basis: SpendingBasis | None) -> tuple:
    entry, name = term.entry, term.parameter.name
    asked = name == "retention_spending_basis" and basis is not None and basis != term.value
    value = basis if asked else term.value
    told = (value_to_json(value), entry.level, entry.from_date, term.source, entry.note)
    return name, *told, entry.example, asked
