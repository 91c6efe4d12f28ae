"""Frames of 测算模拟 and 报量参考 as their pages and the advice need them (kept by dashboard.data)."""

from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection

from dashboard.exports.advice import Advice, points_text
from dashboard.formats import units_text, word_text
from procurement import advice as front
from procurement import figures
from procurement import guidance as volumes
from procurement.advice import Case
from procurement.filters import Filters
from procurement.language import _
from procurement.measures import switches as ranked
from procurement.measures.guidance import Proposal
from procurement.measures.retention import SETTLEMENT
from procurement.measures.whatif import Outcome, movable_use
from procurement.policies import EARLIEST, PolicyError
from procurement.policies.guidance import guidance_policies
from procurement.policies.retention import retention_terms
from procurement.queries.policies import policy_book
from procurement.queries.years import measuring_day

FIT_ORDER = ("above", "below", "not_reported", "within", "")
"""What needs attention comes first."""

Key = tuple[str, str, int]
"""Institution code, batch, agreement year."""


def only(filters: Filters) -> Filters:
    """What of the filters a single settlement heeds: the measuring day and what the reader may see."""
    return Filters(as_of=filters.as_of, scope=filters.scope)


def settlements(connection: Connection, filters: Filters) -> pd.DataFrame:
    """The settlements (figures.retention), those with most non-selected purchases first."""
    lines = figures.retention_lines(connection, filters)
    other = lines.groupby(SETTLEMENT)["non_selected_amount"].sum().rename("non_selected_amount")
    rows = figures.retention(connection, filters).join(other, on=SETTLEMENT)
    order = ["non_selected_amount", "institution_code", "execution_date", "agreement_year"]
    return rows.sort_values(order, ascending=[False, True, True, True], na_position="last", ignore_index=True)


def case(connection: Connection, filters: Filters, *key: str | int) -> Case:
    code, batch, year = key
    return front.case(connection, str(code), str(batch), int(year), filters)


def switches(connection: Connection, filters: Filters, *key: str | int) -> pd.DataFrame:
    """The ranked list with `switch_text`, each in words."""
    found = case(connection, filters, *key)
    rows = front.named(found, ranked.switches(found.inputs))
    texts = [switch_text(row) for row in rows.itertuples(index=False)]
    return rows.assign(switch_text=pd.Series(texts, index=rows.index, dtype=object))


def switch_text(row) -> str:  # type: ignore[no-untyped-def]
    if pd.isna(row.invoice_saving_amount):
        return _("不能改用：{reason}").format(reason=word_text(row.switch_reason))
    name = word_text(row.switch, "switch")
    if row.switch == ranked.SCORE:
        return _("{switch}（尚差{points}分）").format(switch=name, points=points_text(row.missing_points))
    if row.switch == ranked.COMPLETION and row.added_equivalent > 0:
        return _("{switch}（加购{units}）").format(switch=name, units=units_text(row.added_equivalent))
    return name


def price_effect(found: Case, outcome: Outcome) -> pd.DataFrame:
    """What moved in the scenario beside today: units, the two prices, and what the invoices are less."""
    prices = movable_use(found.inputs)[["variety_id", "product_id", "paid_unit_price", "awarded_unit_price"]]
    moved = outcome.moves[outcome.moves["scenario"] == 1]
    rows = moved.merge(prices, on=["variety_id", "product_id"], how="left")
    rows["invoice_saving_amount"] = rows["moved_amount"] - rows["added_amount"]
    rows = rows.sort_values("invoice_saving_amount", ascending=False, kind="stable", ignore_index=True)
    return front.named(found, rows)


def guidance(connection: Connection, filters: Filters) -> pd.DataFrame:
    """The proposals with `proposed_range` in words (or why there is none); what needs attention first."""
    rows = volumes.guidance(connection, filters)
    told = zip(rows["low_equivalent"], rows["high_equivalent"], rows["guidance_reason"], strict=True)
    texts = [
        word_text(reason) if pd.isna(low) else f"{units_text(low)}–{units_text(high)}"
        for low, high, reason in told
    ]
    rows = rows.assign(proposed_range=pd.Series(texts, index=rows.index, dtype=object))
    place = rows["reported_fit"].map({fit: at for at, fit in enumerate(FIT_ORDER)})
    order = rows.assign(place=place).sort_values("place", kind="stable", ignore_index=True)
    return order.drop(columns="place")


def proposal(
    connection: Connection, filters: Filters, institution_code: str, batch: str, variety: str
) -> Proposal | None:
    """One proposal with its working."""
    named = {"institutions": (institution_code,), "batches": (batch,), "varieties": (variety,)}
    return volumes.proposal(connection, replace(only(filters), **named))  # type: ignore[arg-type]


def ended_year(connection: Connection, filters: Filters, institution_code: str, batch: str) -> int | None:
    """The last agreement year of an institution and batch that has ended; None where none has."""
    chosen = replace(only(filters), institutions=(institution_code,), batches=(batch,))
    rows = front.ended_years(connection, chosen)
    return None if rows.empty else int(rows["agreement_year"].iloc[0])


def reporting(connection: Connection, filters: Filters, *key: str | int) -> tuple[pd.DataFrame, Outcome]:
    """What reporting too much or too little cost in one agreement year."""
    code, batch, year = key
    return front.reporting(connection, str(code), str(batch), int(year), filters)


def advice(connection: Connection, filters: Filters, *key: str | int) -> Advice:
    """All that the 指导意见 of one settlement says."""
    code, batch, _year = key
    found = case(connection, filters, *key)
    day = measuring_day(connection, filters) or EARLIEST
    book = policy_book(connection)
    try:
        terms = retention_terms(book, found.year_start, found.category)
    except PolicyError:
        terms = ()
    chosen = replace(only(filters), institutions=(str(code),), batches=(str(batch),))
    return Advice(
        case=found,
        today=front.today(found),
        switches=switches(connection, filters, *key),
        guidance=guidance(connection, chosen),
        terms=terms + guidance_policies(book, max(day, EARLIEST), found.category),
        measured_on=day,
    )
