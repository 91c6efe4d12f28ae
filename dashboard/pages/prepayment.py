"""预付与清算: what the fund prepays for each batch, and how much of it purchases have cleared."""

from functools import partial

import streamlit as st

from dashboard import data, views
from dashboard.charts.sharing import cleared_prepayment
from dashboard.downloads import download
from dashboard.focus import choose_focus, follow_table
from dashboard.formats import amount_text, label
from dashboard.page import as_text, open_page, show_cards, show_chart, show_nothing_found
from dashboard.retention_words import policy_rows, table_text
from dashboard.sharing_words import prepayment_sentence
from dashboard.tables import TEN_ROWS, WAN, YUAN, show_table
from procurement import sharing
from procurement.language import _
from procurement.measures.prepayment import prepayment_by_batch, prepayment_totals
from procurement.published import TABLES

TABLE = "prepayment_table"
SHOWN = ["batch", "agreement_year", "institution_count", "prepayment_ratio", "agreed_amount",
         "prepaid_amount", "cleared_amount", "outstanding_amount", "missing_rows"]  # fmt: skip
WIDTHS = {"batch": 250, "agreement_year": 72, "institution_count": 68, "prepayment_ratio": 76,
          "agreed_amount": 105, "prepaid_amount": 95, "cleared_amount": 95, "outstanding_amount": 95,
          "missing_rows": 105}  # fmt: skip
INSTITUTIONS = ["institution_name", "institution_code", "agreed_amount", "prepaid_amount", "selected_amount",
                "cleared_amount", "outstanding_amount", "missing_reason"]  # fmt: skip
INSTITUTION_WIDTHS = {"institution_name": 190, "institution_code": 125, "missing_reason": 95}

filters, words = open_page(
    _("预付与清算"), _("医保基金为各批次预付了多少？已用采购冲抵多少，还有多少未清算？")
)
rows = data.frame(sharing.prepayment, filters)
if rows.empty:
    show_nothing_found(_("当前筛选范围内没有已开始的协议年度，或没有约定采购量。"))
    st.stop()

batches = prepayment_by_batch(rows)
totals = prepayment_totals(rows)
show_cards([(label(name), amount_text(totals[name]), "") for name in totals])
st.caption(prepayment_sentence(rows))
show_chart(cleared_prepayment(batches), key="cleared")

st.subheader(_("批次 × 协议年度"), anchor=False)
show_table(batches, SHOWN, key=TABLE, unit=WAN, widths=WIDTHS, highest=TEN_ROWS,
           on_select=partial(follow_table, TABLE))  # fmt: skip
with st.container(horizontal=True):
    download(_("预付与清算（按批次）"), batches, SHOWN, words, key="download_batches")
    columns = [*TABLES["prepayment"].columns.values(), "is_running"]
    download(_("预付与清算"), rows, columns, words, key="download_prepayment", text=_("下载各机构明细"))

st.subheader(_("各机构"), anchor=False)
names = views.focus_names(batches.astype({"agreement_year": str}), ["batch", "agreement_year"])
focus = choose_focus(_("批次与协议年度"), names, TABLE, names)
if focus:
    batch = batches.iloc[names.index(focus)]
    own = rows[(rows["batch_id"] == batch["batch_id"]) & (rows["agreement_year"] == batch["agreement_year"])]
    running = _("，**年度未结束**，金额仍会变动") if batch["is_running"] else ""
    year = _("第{year}协议年度").format(year=batch["agreement_year"])
    st.markdown(f"**{as_text(batch['batch'])}**　{year}{running}")
    show_table(own, INSTITUTIONS, key="institutions", unit=YUAN, widths=INSTITUTION_WIDTHS)
else:
    st.caption(_("选择一行，查看各机构的约定采购金额、预付、已清算与未清算。"))

with st.expander(_("政策参数及其来源")):
    heads = [_("参数"), _("取值"), _("生效日期"), _("来源")]
    day = rows["year_start"].max().date()
    book = data.frame(views.policies, filters)
    st.markdown(table_text(heads, policy_rows(book, day, filters.category, ["prepayment_ratio"])))
    st.caption(_("按各协议年度首日生效的取值计算；此处为最近一个协议年度的取值。"))
