"""报量参考: what to report for the next agreement year, and what reporting too much or too little cost."""

from functools import partial

import streamlit as st

from dashboard import address, data, guidance_section, views, whatif_views
from dashboard.downloads import download
from dashboard.focus import choose_focus, follow_table
from dashboard.formats import count_text, word_text
from dashboard.page import measuring_day, open_page, show_cards, show_nothing_found
from dashboard.policy_words import EXAMPLE, value_text
from dashboard.retention_words import table_text
from dashboard.tables import TEN_ROWS, show_table
from procurement.language import _
from procurement.policies import EARLIEST
from procurement.policies.guidance import guidance_policies, guidance_terms_on
from procurement.published import TABLES

TABLE = "guidance_table"
FITS = ("above", "below", "not_reported", "within")
NAMES = ["institution_name", "batch", "variety"]
SHOWN = ["institution_name", "batch", "variety", "last_year_equivalent", "use_growth", "proposed_equivalent",
         "proposed_range", "last_reported_equivalent", "reported_fit"]  # fmt: skip
WIDTHS = {"institution_name": 135, "batch": 130, "variety": 150, "last_year_equivalent": 95, "use_growth": 75,
          "proposed_equivalent": 85, "proposed_range": 140, "last_reported_equivalent": 85,
          "reported_fit": 70}  # fmt: skip

filters, words = open_page(
    _("报量参考"), _("下一协议年度报多少合适？上次的报量偏高还是偏低，上一年度因此付出了什么代价？")
)
rows = data.frame(whatif_views.guidance, filters)
if rows.empty:
    show_nothing_found(_("当前筛选范围内没有执行中的批次，或没有使用和报量记录。"))
    st.stop()

counts = rows["reported_fit"].value_counts()
meanings = {
    "above": _("上次报量高于建议区间，可能用不完。"),
    "below": _("上次报量低于建议区间，可能不够用。"),
    "not_reported": _("有使用而没有报量。"),
    "within": _("上次报量在建议区间之内。"),
}
proposed = (_("已有建议的项数"), count_text(rows["proposed_equivalent"].notna().sum()), _("机构×批次×品种。"))
show_cards([proposed, *((word_text(fit), count_text(counts.get(fit, 0)), meanings[fit]) for fit in FITS)])

address.choose_several("fit", FITS)
st.pills(
    _("报量判断"),
    FITS,
    selection_mode="multi",
    format_func=word_text,
    key="fit",
    label_visibility="collapsed",
)
chosen = address.chosen_several("fit")
found = rows[rows["reported_fit"].isin(chosen)].reset_index(drop=True) if chosen else rows
if found.empty:
    st.info(_("没有处于该情况的品种。"))
else:
    show_table(
        found, SHOWN, key=TABLE, widths=WIDTHS, highest=TEN_ROWS, on_select=partial(follow_table, TABLE)
    )
st.caption(_("数量为折算后的最小单位数，含中选与非中选；批次已期满的不列，期满后接续采购的报量也可参考。"))
download(_("报量参考"), found, [*TABLES["guidance"].columns.values()], words, key="download_guidance")

st.subheader(_("逐项查看"), anchor=False)
names = views.focus_names(rows, NAMES)
focus = choose_focus(_("机构、批次与品种"), names, TABLE, views.focus_names(found, NAMES))
row = rows.iloc[names.index(focus)] if focus else found.iloc[0] if len(found) else rows.iloc[0]
if not focus:
    st.caption(_("尚未选择，先列出第一项。"))
book = data.frame(views.policies, filters)
day = max(measuring_day(filters) or EARLIEST, EARLIEST)
own = whatif_views.only(filters)
guidance_section.show_proposal(own, row, guidance_terms_on(book, day, row["category"]))
guidance_section.show_cost(own, row)

with st.expander(_("测算参数及其来源")):
    told = [
        (each.parameter.title, value_text(each.parameter, each.value),
         (f"**{_(EXAMPLE)}**；" if each.entry.example else "") + each.source)
        for each in guidance_policies(book, day, row["category"])
    ]  # fmt: skip
    st.markdown(table_text([_("参数"), _("取值"), _("来源")], told))
