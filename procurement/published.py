"""The tables that leave the house: `vbp table NAME`, downloads, the sheets of a workbook.

A table is a figure with its public column names in order; JSON, CSV, XLSX and the pages take the same
rows. Public names and shapes are a promise to whoever reads our output.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd
from sqlalchemy import Connection

from procurement import figures, guidance
from procurement import sharing as schemes
from procurement.assessments import assessment
from procurement.columns import COLUMNS, reading
from procurement.filters import Filters
from procurement.language import N_, _
from procurement.money import UNIT_SCALE, decimal_text, price_in_yuan, yuan
from procurement.settling import settlement_table


@dataclass(frozen=True)
class Table:
    """A published table: its title, its figure and public name → column of the figure."""

    title: str
    figure: Callable[..., pd.DataFrame]
    columns: Mapping[str, str]


def _savings(connection: Connection, filters: Filters) -> pd.DataFrame:
    rows = figures.savings(connection, filters)
    return rows.sort_values(["institution_code", "batch", "variety", "month", "is_selected"], kind="stable")


TABLES: dict[str, Table] = {
    "prices": Table(
        N_("价格追踪"),
        figures.prices,
        {
            "batch": "batch",
            "category": "category",
            "variety": "variety",
            "product_code": "product_code",
            "product_name": "product_name",
            "spec": "spec",
            "manufacturer": "manufacturer",
            "baseline_unit_price": "baseline_unit_price",
            "awarded_unit_price": "awarded_unit_price",
            "drop": "drop",
            "baseline_basis": "baseline_basis",
            "reason": "price_reason",
        },
    ),
    "savings": Table(
        N_("节约成效"),
        _savings,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "batch": "batch",
            "category": "category",
            "variety": "variety",
            "month": "month",
            "base_units": "base_units",
            "paid": "paid_amount",
            "baseline_amount": "baseline_amount",
            "saving": "saving_amount",
            "selected": "is_selected",
        },
    ),
    "completion": Table(
        N_("约定量完成"),
        figures.completion,
        {
            "institution_code": "institution_code",
            "batch": "batch",
            "variety": "variety",
            "agreement_year": "agreement_year",
            "agreed_units": "agreed_equivalent",
            "bought_units": "bought_equivalent",
            "rate": "rate",
            "time_progress": "time_progress",
            "status": "status",
        },
    ),
    "retention": Table(
        N_("结余留用"),
        figures.retention,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "batch": "batch",
            "agreement_year": "agreement_year",
            "budget": "budget_amount",
            "spending": "spending_amount",
            "surplus_base": "surplus_base_amount",
            "score": "score",
            "ratio": "ratio",
            "retained": "retained_amount",
            "staff": "staff_amount",
            "development": "development_amount",
            "reason": "reason",
        },
    ),
    "retention-lines": Table(
        N_("结余测算明细"),
        figures.retention_lines,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "batch": "batch",
            "agreement_year": "agreement_year",
            "variety": "variety",
            "reported_units": "reported_equivalent",
            "agreed_units": "agreed_equivalent",
            "bought_units": "bought_equivalent",
            "baseline_unit_price": "baseline_unit_price",
            "baseline_basis": "baseline_basis",
            "awarded_unit_price": "awarded_unit_price",
            "selected": "selected_amount",
            "non_selected": "non_selected_amount",
            "gross_budget": "gross_budget_amount",
            "gross_spending": "gross_spending_amount",
            "fund_ratio": "fund_ratio",
            "budget": "budget_amount",
            "spending": "spending_amount",
            "surplus": "surplus_amount",
            "counted": "counted_amount",
            "reason": "line_reason",
        },
    ),
    "settlements": Table(
        N_("结余留用结算"),
        settlement_table,
        {
            "settlement": "settlement_id",
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "batch": "batch",
            "agreement_year": "agreement_year",
            "state": "settlement_state",
            "surplus_base": "surplus_base_amount",
            "retained": "retained_amount",
            "staff": "staff_amount",
            "development": "development_amount",
            "payable": "payable_amount",
            "corrects": "corrects",
            "corrected_by": "corrected_by",
            "now_retained": "now_retained_amount",
            "difference": "difference_amount",
            "at": "decided_at",
            "by": "decided_by",
        },
    ),
    "sharing": Table(
        N_("总额包干"),
        schemes.sharing,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "year": "year",
            "scheme": "scheme",
            "members": "members",
            "persons": "enrolled_persons",
            "budget": "sharing_budget_amount",
            "budget_source": "budget_source",
            "carried_in": "carried_in_amount",
            "spending": "fund_spending_amount",
            "surplus": "sharing_surplus_amount",
            "overrun": "overrun_amount",
            "granted": "granted_amount",
            "borne": "borne_amount",
            "fund_share": "fund_share_amount",
            "carried_over": "carried_over_amount",
            "next_budget": "next_budget_amount",
            "needs_review": "needs_review",
            "reason": "missing_reason",
        },
    ),
    "prepayment": Table(
        N_("预付与清算"),
        schemes.prepayment,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "batch": "batch",
            "agreement_year": "agreement_year",
            "agreed": "agreed_amount",
            "ratio": "prepayment_ratio",
            "prepaid": "prepaid_amount",
            "purchased": "selected_amount",
            "cleared": "cleared_amount",
            "outstanding": "outstanding_amount",
            "reason": "missing_reason",
        },
    ),
    "assessment": Table(
        N_("考核指标"),
        assessment,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "batch": "batch",
            "agreement_year": "agreement_year",
            "indicator": "indicator",
            "weight": "weight",
            "rate": "indicator_rate",
            "points": "points",
            "reason": "indicator_reason",
            "counted_weight": "counted_weight",
            "missing_treatment": "missing_treatment",
            "varieties": "varieties",
            "varieties_met": "varieties_met",
            "varieties_left_out": "varieties_left_out",
            "unmeasured_lines": "unmeasured_lines",
            "lines": "lines",
            "lines_without_date": "lines_without_date",
            "return_lines": "return_lines",
            "lines_not_due": "open_lines",
            "due": "due_amount",
            "late": "late_amount",
            "months_on_time": "months_on_time",
            "months_judged": "months_judged",
            "months_before_ledger": "months_before_ledger",
        },
    ),
    "guidance": Table(
        N_("报量参考"),
        guidance.guidance,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "batch": "batch",
            "variety": "variety",
            "from": "next_start",
            "to": "next_end",
            "last_12_months": "last_year_equivalent",
            "previous_12_months": "previous_year_equivalent",
            "growth": "use_growth",
            "proposed": "proposed_equivalent",
            "low": "low_equivalent",
            "high": "high_equivalent",
            "last_reported": "last_reported_equivalent",
            "reported_fit": "reported_fit",
            "reason": "guidance_reason",
        },
    ),
    "area-volumes": Table(
        N_("地区约定采购量"),
        figures.area_volumes,
        {
            "area": "area",
            "batch": "batch",
            "variety": "variety",
            "product_code": "product_code",
            "agreement_year": "agreement_year",
            "stated_units": "stated_equivalent",
            "institutions_units": "institutions_equivalent",
            "difference_units": "difference_equivalent",
        },
    ),
}


def records(rows: pd.DataFrame, columns: Mapping[str, str]) -> list[dict]:
    """Rows as plain values for JSON under their public names.

    Money as decimal strings in yuan, shares as fractions, missing as None, words as their codes'
    stable names except reasons and bases, which are for people and come in the current language.
    """
    values = [[plain_value(value, name) for value in rows[name]] for name in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


FOR_PEOPLE = {
    "reason",
    "missing_reason",
    "line_reason",
    "indicator_reason",
    "price_reason",
    "baseline_basis",
    "switch_reason",
    "guidance_reason",
}


def plain_value(value: object, name: str) -> object:
    """One value of column `name` as JSON and CSV carry it; None where it is missing."""
    unit = COLUMNS[name].unit
    if pd.isna(value) or value == "":  # type: ignore[call-overload]
        return None
    if unit == "word":
        return _(reading(str(value), name)) if name in FOR_PEOPLE else value
    return _PLAIN[unit](value)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


_PLAIN: dict[str, Callable] = {
    "amount": lambda v: decimal_text(yuan(v)),
    "unit_price": lambda v: decimal_text(price_in_yuan(v)),
    "equivalent": lambda v: _number(Decimal(int(v)) / UNIT_SCALE),
    "share": lambda v: float(Decimal(int(v)) / UNIT_SCALE),
    "score": lambda v: _number(Decimal(int(v)) / UNIT_SCALE),
    "fraction": lambda v: round(float(v), 6),
    "units": int,
    "count": int,
    "year": int,
    "flag": bool,
    "date": lambda v: v.date().isoformat(),
    "month": lambda v: v.strftime("%Y-%m"),
    "time": lambda v: v.isoformat(timespec="seconds"),
    "text": str,
}


def summary_record(summary: dict[str, dict]) -> dict[str, dict]:
    """The summary for JSON: amounts as decimal strings in yuan, days as ISO text."""
    money = {"amount", *summary["saving"], *summary["retention"]}
    return {
        section: {name: _summary_value(name, value, money) for name, value in values.items()}
        for section, values in summary.items()
    }


def _summary_value(name: str, value: object, money: set[str]) -> object:
    if value is None:
        return None
    if name in money:
        return decimal_text(yuan(value))  # type: ignore[arg-type]
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 6) if isinstance(value, float) else value
