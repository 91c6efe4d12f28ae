"""结余测算: how one institution's surplus of one batch and agreement year is worked out, line by line."""

import streamlit as st

from dashboard import address, data, settlement_state, views, working_section
from dashboard.focus import choose_focus
from dashboard.page import open_page, show_nothing_found
from dashboard.retention_words import BASES
from dashboard.statement_downloads import offer_statement
from procurement.language import _

NAMES = ["institution_name", "batch", "agreement_year"]

filters, words = open_page(
    _("结余测算"), _("这家机构、这个批次、这个协议年度的留用金额是怎样算出来的，每个数字来自哪里？")
)
usual = data.frame(views.usual_basis, filters)
address.choose("basis", list(BASES), usual)
rows = data.frame(views.settlements, filters, address.value("basis", usual))
if rows.empty:
    show_nothing_found(_("当前筛选范围内没有已开始的协议年度，或没有约定采购量。"))
    st.stop()

left, right = st.columns([3, 1], vertical_alignment="bottom")
names = views.focus_names(rows, NAMES)
with left:
    focus = choose_focus(
        _("机构、批次与协议年度"), names, "working_table", names, placeholder=_("输入文字查找")
    )
with right:
    st.segmented_control(
        _("支出口径"), list(BASES), format_func=lambda basis: _(BASES[basis]), key="basis", required=True
    )
basis = address.chosen("basis", usual) or usual
row = rows.iloc[names.index(focus)] if focus else rows.iloc[0]
if not focus:
    st.caption(_("尚未选择，先列出留用金额最多的一项。"))

key = (str(row["institution_code"]), str(row["batch"]), int(row["agreement_year"]))
live = data.frame(views.working_of, filters, *key, basis)
working = settlement_state.choose_working(live, filters)
working_section.show_head(working)
working_section.show_steps(working)
offer_statement(filters, working, basis if working is live else None)  # type: ignore[arg-type]
working_section.show_lines(working)
working_section.show_evidence(working, filters, words)
