"""总览: what the city has achieved, in one page."""

import streamlit as st

from dashboard import data, views
from dashboard.charts.completion import status_counts
from dashboard.charts.retention import surplus_steps
from dashboard.charts.savings import monthly_saving, ranked_saving
from dashboard.downloads import PPTX, XLSX, download_button
from dashboard.exports.overview_workbook import overview_workbook_of
from dashboard.exports.slides import overview_deck_of
from dashboard.formats import amount_text, percent_text
from dashboard.headline import headline
from dashboard.page import as_text, open_page, reader_filters, show_cards, show_chart, show_nothing_found
from dashboard.retention_words import settlement_sentence
from procurement import figures
from procurement.language import _, current_language
from procurement.measures.retention import retention_totals
from procurement.summary import summary

filters, words = open_page(
    _("集中带量采购总览"), _("集采惠及多少品种、节约多少资金、完成得怎样、医疗机构能留用多少？")
)

city = data.frame(summary, filters)
saving, drugs, consumables = city["saving"], city["drugs"], city["consumables"]

with st.container(key="headline"):
    between = " " if current_language() == "en" else ""
    st.markdown(between.join(headline(city, is_narrowed=filters != reader_filters())))

show_cards(
    [
        (_("累计节约"), amount_text(saving["total"]), _("Σ（采购量 × 集采前单价 − 采购金额），涨价记负。")),
        (_("近12个月节约"), amount_text(saving["last_12_months"]), _("最近12个完整月的节约金额。")),
        (
            _("药品平均降幅"),
            percent_text(drugs["average_drop_simple"]),
            _("各批次各品种降幅的简单平均；按约定采购量加权为{weighted}。").format(
                weighted=percent_text(drugs["average_drop_weighted"])
            ),
        ),
        (
            _("耗材平均降幅"),
            percent_text(consumables["average_drop_simple"]),
            _("各批次各品种降幅的简单平均；按约定采购量加权为{weighted}。").format(
                weighted=percent_text(consumables["average_drop_weighted"])
            ),
        ),
        (
            _("约定量完成"),
            percent_text(city["completion"]["agreed_units_met_share"]),
            _("当前协议年度：Σ min(已采购量, 约定采购量) ÷ Σ 约定采购量。"),
        ),
        (
            _("结余留用"),
            amount_text(city["retention"]["retained"]),
            _("已有考核结果的机构、批次和协议年度合计。"),
        ),
    ]
)

if not city["purchases"]["lines"]:
    show_nothing_found(_("当前筛选范围内没有采购记录。"))

left, right = st.columns([3, 2], gap="medium")
with left:
    show_chart(data.chart(monthly_saving, views.monthly_savings, filters), key="monthly")
with right:
    show_chart(data.chart(status_counts, views.current_completion, filters), key="statuses")

left, right = st.columns([3, 2], gap="medium")
with left:
    title = _("节约金额最多的品种")
    ranking = data.chart(
        ranked_saving, views.savings_by, filters, "variety", drawn_with=("variety", title, 10)
    )
    show_chart(ranking, key="varieties")
with right:
    settlements = data.frame(figures.retention, filters)
    totals = retention_totals(settlements)
    show_chart(surplus_steps({f"{name}_amount": amount for name, amount in totals.items()}), key="surplus")
    st.caption(settlement_sentence(settlements))

st.caption(as_text(words))
with st.container(horizontal=True):
    name = _("集中带量采购总览")
    deck, workbook = data.apart(overview_deck_of, filters), data.apart(overview_workbook_of, filters)
    download_button(_("下载汇报幻灯片（PPT）"), deck, f"{name}.pptx", PPTX, key="deck", type="primary")
    download_button(_("下载数据（Excel）"), workbook, f"{name}.xlsx", XLSX, key="workbook")
