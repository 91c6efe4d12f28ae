"""Buttons for statements and the summary on pages; each file is made when it is asked for."""

from dataclasses import replace

import streamlit as st

from dashboard import data, statements
from dashboard.downloads import XLSX, download_button
from dashboard.formats import count_text
from procurement.filters import Filters
from procurement.language import _
from procurement.policies.retention import SpendingBasis
from procurement.working import Working

ZIP = "application/zip"
A_WHILE = 40
"""Institutions from which on a ZIP takes long enough to be told."""


def offer_statement(filters: Filters, working: Working, basis: SpendingBasis | None = None) -> None:
    """The statement of the settlement that is shown; with a `basis`, as of now."""
    row = working.row
    one = replace(filters, institutions=(row.institution_code,), batches=(row.batch,), varieties=())
    make = data.later(statements.statement, one, int(row.agreement_year), basis)
    name = _("结余留用核算表_{title}.xlsx").format(title=working.title)
    download_button(_("下载核算表（Excel，公式可重算）"), make, name, XLSX, key="download_statement")


def offer_all(filters: Filters, institutions: int, year: int | None = None) -> None:
    """The summary, and the statements of all institutions that the filters choose."""
    st.caption(_("核算表中的金额都是公式，逐级追到采购记录；已结算的按冻结的数字，其余按现有数据。"))
    with st.container(horizontal=True, vertical_alignment="center"):
        summary = data.later(statements.summary, filters, year)
        download_button(
            _("下载汇总表（Excel）"), summary, statements.summary_name(), XLSX, key="download_summary"
        )
        make = data.apart(statements.zipped, filters, year)
        label = _("下载全部核算表（ZIP，{count}家机构）").format(count=count_text(institutions))
        download_button(label, make, _("结余留用核算表.zip"), ZIP, key="download_statements")
        if institutions > A_WHILE:
            st.caption(_("机构较多，生成需要几分钟；可先在左侧按批次或区县筛选。"))
