"""One settlement of a sharing scheme: each step with its numbers, its members, the years around it."""

import pandas as pd
import streamlit as st

from dashboard import data, views
from dashboard.downloads import XLSX, download_button
from dashboard.exports.sharing_settlements import SharingSettlement, sharing_settlements
from dashboard.exports.sharing_statement import sharing_statement
from dashboard.formats import word_text
from dashboard.page import as_text
from dashboard.retention_words import table_text
from dashboard.sharing_words import step_rows
from dashboard.tables import YUAN, show_table
from procurement import sharing
from procurement.filters import Filters
from procurement.language import _

MEMBERS = ["institution_name", "institution_code", "enrolled_persons", "sharing_budget_amount",
           "fund_spending_amount"]  # fmt: skip
MEMBER_WIDTHS = {"institution_name": 260, "institution_code": 170}
CHAIN = ["year", "sharing_budget_amount", "carried_in_amount", "available_budget_amount",
         "fund_spending_amount", "sharing_surplus_amount", "overrun_amount",
         "carried_over_amount"]  # fmt: skip
GROWTH = ["year", "budget_source", "sharing_budget_amount", "fund_spending_amount", "sharing_surplus_amount",
          "overrun_amount", "next_budget_amount"]  # fmt: skip
YEARS = {"budget_control": CHAIN, "global_budget": GROWTH}
"""What of the other years is told beside a settlement, by scheme."""


def show(filters: Filters, rows: pd.DataFrame, row: pd.Series) -> None:
    """`rows`: all years of the scheme; `row`: the one that is looked at."""
    members = data.frame(sharing.sharing_members, filters)
    book = data.frame(views.policies, filters)
    settlement = next(sharing_settlements(row.to_frame().T, rows, members, book))
    _show_steps(settlement)
    download_button(
        _("下载清算表（Excel，含公式）"),
        data.in_reader_language(sharing_statement, settlement),
        f"{settlement.title}.xlsx",
        XLSX,
        key="download_statement",
        type="primary",
    )
    if len(settlement.members) > 1:
        st.markdown(_("**合并清算的机构**"))
        show_table(settlement.members, MEMBERS, key="members", unit=YUAN, widths=MEMBER_WIDTHS)
    if columns := YEARS.get(row["scheme"]):
        _show_years(rows, row, columns)


def _show_steps(settlement: SharingSettlement) -> None:
    row = settlement.row
    year = _("{year}年").format(year=row.year)
    st.markdown(f"**{as_text(row.institution_name)}**　{word_text(row.scheme)}　{year}")
    heads = [_("步骤"), _("数值"), _("计算方法")]
    st.markdown(table_text(heads, step_rows(row), right=(1,)))
    if row.missing_reason and not pd.isna(row.missing_reason):
        st.caption(_("说明：{reason}。").format(reason=word_text(row.missing_reason)))


def _show_years(rows: pd.DataFrame, row: pd.Series, columns: list[str]) -> None:
    """The chain of years: what carried over, or what the next budget grew from."""
    title = _("**逐年结转**") if row["scheme"] == "budget_control" else _("**逐年预算**")
    st.markdown(title)
    years = rows[rows["institution_id"] == row["institution_id"]].sort_values("year")
    show_table(years, columns, key="years", unit=YUAN, widths={"year": 60})
