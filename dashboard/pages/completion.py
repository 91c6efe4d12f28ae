"""约定量完成: how far each institution is with each variety, those that need attention first."""

from datetime import date

import streamlit as st

from dashboard import address, data, shortfall_section, views
from dashboard.charts.completion import ORDER, rate_map, status_by
from dashboard.downloads import download
from dashboard.formats import count_text, percent_text, word_text
from dashboard.page import measuring_day, open_page, show_cards, show_chart, show_nothing_found
from dashboard.reader import reader
from dashboard.tables import show_table
from procurement.figures import completion_policy
from procurement.language import N_, _
from procurement.people.permissions import BUREAU

SHOWN = ["institution_name", "batch", "variety", "agreed_equivalent", "bought_equivalent", "rate",
         "time_progress", "status", "needed_equivalent"]  # fmt: skip
SAVED = ["institution_code", "institution_name", "district", "batch", "variety", "agreement_year",
         "year_start", "year_end", *SHOWN[3:]]  # fmt: skip
WIDTHS = {"institution_name": 150, "batch": 135, "variety": 150, "agreed_equivalent": 105,
          "bought_equivalent": 95, "rate": 120, "time_progress": 80, "status": 80,
          "needed_equivalent": 100}  # fmt: skip

CHARTS = {"institution": N_("按机构"), "batch": N_("按批次"), "map": N_("机构×批次")}

filters, words = open_page(
    _("约定量完成"), _("当前协议年度的约定采购量完成了多少？哪些机构、哪些品种落后于时间进度？")
)
rows = data.frame(views.current_completion, filters)
if rows.empty:
    show_nothing_found(_("当前筛选范围内，测算日所在的协议年度没有约定采购量或采购记录。"))
    st.stop()

counts = rows["status"].value_counts()
met = (
    _("约定量完成"),
    percent_text(views.completion_share(rows)),
    _("Σ min(已采购量, 约定采购量) ÷ Σ 约定采购量。"),
)
policy = completion_policy(data.frame(views.policies, filters), measuring_day(filters) or date.min)
terms = {"points": f"{policy.margin * 100:.0f}", "months": policy.trend_months}
meanings = {
    "behind": _("完成率比时间进度低超过{points}个百分点。"),
    "at_risk": _("按最近{months}个整月的采购速度，协议年度内不能完成。"),
    "on_track": _("完成率与时间进度相差在{points}个百分点以内。"),
    "ahead": _("已经完成，或完成率比时间进度高{points}个百分点以上。"),
    "not_set": _("没有约定采购量，不计算完成率。"),
}
show_cards([met, *((word_text(s), count_text(counts.get(s, 0)), meanings[s].format(**terms)) for s in ORDER)])

address.choose("chart", list(CHARTS), "institution")
st.segmented_control(_("图表"), list(CHARTS), format_func=lambda c: _(CHARTS[c]), key="chart", required=True,
                     label_visibility="collapsed")  # fmt: skip
shape = address.chosen("chart", "institution")
if shape == "map":
    show_chart(data.chart(rate_map, views.current_completion, filters), key="map")
else:
    column, title = (
        ("batch", _("各批次进度")) if shape == "batch" else ("institution_name", _("进度落后最多的机构"))
    )
    drawn_with = (column, title, 20)
    show_chart(
        data.chart(status_by, views.current_completion, filters, drawn_with=drawn_with), key="statuses"
    )

st.subheader(_("机构 × 品种明细"), anchor=False)
address.choose_several("status", ORDER)
st.pills(
    _("进度状态"),
    ORDER,
    selection_mode="multi",
    format_func=word_text,
    key="status",
    label_visibility="collapsed",
)
statuses = address.chosen_several("status")
found = rows[rows["status"].isin(statuses)] if statuses else rows
if found.empty:
    st.info(_("没有处于该状态的品种。"))
else:
    show_table(found, SHOWN, key="completion", widths=WIDTHS)
st.caption(_("数量为折算后的最小单位数；每月尚需采购，是按期完成所需的月均采购量。"))
download(_("约定量完成"), found, SAVED, words, key="download_completion")
if reader().role in BUREAU:
    shortfall_section.show(filters, words)
