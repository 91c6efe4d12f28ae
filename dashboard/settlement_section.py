"""One settlement: each step of the formula with its numbers, then the varieties that it adds up."""

import pandas as pd
import streamlit as st

from dashboard import data, views
from dashboard.downloads import download
from dashboard.formats import day_text
from dashboard.page import as_text
from dashboard.retention_words import policy_in_force, steps, table_text
from dashboard.tables import YUAN, show_table
from procurement.filters import Filters
from procurement.language import _

WIDTHS = {"variety": 230, "line_reason": 160}


def show(filters: Filters, row: pd.Series, basis: str, words: str) -> None:
    policy = policy_in_force(data.frame(views.policies, filters), row["year_start"].date(), row["category"])
    span = _("协议年度{start}至{end}").format(
        start=day_text(row["year_start"].date()), end=day_text(row["year_end"].date())
    )
    running = _("，**年度未结束**，金额仍会变动") if row["is_running"] else ""
    st.markdown(f"**{as_text(row['institution_name'])}**　{as_text(row['batch'])}　{span}{running}")
    st.markdown(table_text([_("步骤"), _("数值"), _("计算方法")], steps(row, policy, basis), right=(1,)))

    lines = data.frame(views.settlement_lines, filters, basis)
    same = (lines["institution_id"] == row["institution_id"]) & (lines["batch_id"] == row["batch_id"])
    lines = lines[same & (lines["agreement_year"] == row["agreement_year"])]
    spent = "agreed_amount" if basis == "agreed" else "selected_amount"
    shown = ["variety", "gross_budget_amount", spent, "non_selected_amount", "surplus_amount",
             "counted_amount", "line_reason"]  # fmt: skip
    show_table(lines, shown, key="lines", widths=WIDTHS, unit=YUAN)
    title = _("{institution} {batch} 结余测算明细").format(
        institution=row["institution_name"], batch=row["batch"]
    )
    saved = ["variety", "reported_equivalent", "agreed_equivalent", "bought_equivalent", *shown[1:4],
             "gross_spending_amount", "fund_ratio", "budget_amount", "spending_amount",
             *shown[4:]]  # fmt: skip
    download(title, lines, saved, words, key="download_settlement")
