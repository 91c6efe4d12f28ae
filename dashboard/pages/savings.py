"""节约成效: where the saving comes from, by month, batch, category, district, institution or variety."""

import streamlit as st

from dashboard import address, data, views
from dashboard.charts.savings import monthly_saving, ranked_saving
from dashboard.downloads import download
from dashboard.formats import amount_text
from dashboard.page import open_page, show_cards, show_chart, show_nothing_found
from dashboard.tables import WAN, show_table, with_total
from procurement import figures
from procurement.language import N_, _
from procurement.measures.savings import total_amount
from procurement.published import TABLES

BY = {
    "month": N_("月份"),
    "batch": N_("批次"),
    "category": N_("类别"),
    "district": N_("区县"),
    "institution": N_("医药机构"),
    "variety": N_("品种"),
}
# What a bar is named by, where it is not the key itself.
NAME = {"institution": "institution_name"}
SHOWN = ["paid_amount", "baseline_amount", "saving_amount", "selected_saving_amount",
         "non_selected_saving_amount", "saving_share", "missed_amount"]  # fmt: skip
WIDTHS = {"institution_code": 130, "institution_name": 220, "batch": 190, "variety": 200}

filters, words = open_page(_("节约成效"), _("与集采前价格相比，节约了多少？节约来自哪里，哪里还没有节约？"))

city = data.frame(views.savings_totals, filters)
show_cards(
    [
        (_("累计节约"), amount_text(city["total"]), _("Σ（采购量 × 集采前单价 − 采购金额），涨价记负。")),
        (_("中选产品节约"), amount_text(city["selected"]), ""),
        (
            _("非中选产品节约"),
            amount_text(city["non_selected"]),
            _("同品种非中选产品与集采前价格之差，涨价记负。"),
        ),
        (_("少节约"), amount_text(city["missed"]), _("非中选采购高于同品种中选价的部分。")),
        (
            _("预期节约"),
            amount_text(city["expected"]),
            _("Σ 约定采购量 ×（集采前单价 − 中选单价），已载入的各协议年度合计。"),
        ),
    ]
)

address.choose("by", list(BY), "month")
st.segmented_control(_("分组"), list(BY), format_func=lambda by: _(BY[by]), key="by", required=True)
by = address.chosen("by", "month") or "month"

rows = data.frame(views.savings_by, filters, by)
if rows.empty:
    show_nothing_found(_("当前筛选范围内没有集采品种的采购记录。"))
    st.stop()

if by == "month":
    show_chart(data.chart(monthly_saving, views.monthly_savings, filters), key="chart")
else:
    title = _("各{by}节约金额").format(by=_(BY[by]))
    drawn_with = (NAME.get(by, by), title, 20)
    show_chart(data.chart(ranked_saving, views.savings_by, filters, by, drawn_with=drawn_with), key="chart")

names = list(views.SAVED_BY[by])
parts = views.savings_table(rows, by)
table = with_total(parts, names, [name for name in SHOWN if name.endswith("_amount")])
table["saving_share"] = views.saving_share(table)
show_table(table, [*names, *SHOWN], key="savings", unit=WAN, widths=WIDTHS, total=True)
with st.container(horizontal=True):
    name = _("节约成效（按{by}）").format(by=_(BY[by]))
    download(name, parts, [*names, *SHOWN], words, key="download_savings")
    columns = list(TABLES["savings"].columns.values())
    everything = data.later(figures.savings, filters)
    download(_("节约成效明细"), everything, columns, words, key="download_lines", text=_("下载明细"))

rises = data.frame(views.price_rises, filters)
if len(rises):
    st.subheader(_("价格上涨的品种"), anchor=False)
    st.markdown(
        _("以下{count}项比集采前价格多支出{amount}，在累计节约中记为负数。").format(
            count=len(rises), amount=amount_text(-(total_amount(rises["saving_amount"]) or 0))
        )
    )
    columns = ["batch", "variety", "is_selected", "paid_amount", "baseline_amount", "saving_amount"]
    show_table(rises, columns, key="rises", widths=WIDTHS)
    download(_("价格上涨的品种"), rises, columns, words, key="download_rises")
else:
    st.caption(_("当前筛选范围内没有价格上涨的品种。"))
