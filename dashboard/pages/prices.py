"""价格追踪: what each selected product cost before and costs now, and what is really paid for a variety."""

from functools import partial

import streamlit as st

from dashboard import address, data, variety_section, views
from dashboard.charts.prices import drop_distribution
from dashboard.downloads import download
from dashboard.focus import SEPARATOR, choose_focus, follow_table
from dashboard.formats import percent_text
from dashboard.page import as_text, open_page, show_chart, show_nothing_found
from dashboard.tables import TEN_ROWS, show_table
from procurement import figures
from procurement.language import _
from procurement.measures.prices import average_drop_simple, average_drop_weighted
from procurement.published import TABLES

TABLE = "price_table"
SHOWN = ["batch", "variety", "spec", "manufacturer", "baseline_unit_price", "awarded_unit_price", "drop"]
WIDTHS = {"batch": 165, "variety": 180, "spec": 150, "manufacturer": 180, "baseline_unit_price": 125,
          "awarded_unit_price": 110, "drop": 75, "price_reason": 110}  # fmt: skip

filters, words = open_page(_("价格追踪"), _("集采前后价格相差多少？医疗机构实际以什么价格采购？"))
drops = data.frame(figures.prices, filters)
if drops.empty:
    show_nothing_found(_("当前筛选范围内没有中选产品。"))
    st.stop()

st.markdown(
    _(
        "共{batches}批{varieties}个品种、{products}个中选产品；平均降幅{simple}（按约定采购量加权为{weighted}）。"
    ).format(
        batches=drops["batch_id"].nunique(),
        varieties=drops["variety_id"].nunique(),
        products=f"{len(drops):,}",
        simple=percent_text(average_drop_simple(drops)),
        weighted=percent_text(average_drop_weighted(data.frame(figures.agreements, filters))),
    )
)
unpriced = int(drops["price_reason"].notna().sum())
if unpriced:
    st.caption(
        _("其中{count}个产品缺集采前价格或中选价格，没有降幅，不计入平均；原因见下表。").format(
            count=unpriced
        )
    )
show_chart(data.chart(drop_distribution, figures.prices, filters), key="distribution")

st.subheader(_("中选产品价格"), anchor=False)
address.follow_text("q")
text = st.text_input(
    _("查找"), key="q", placeholder=_("品种、产品名称、编码或生产企业"), label_visibility="collapsed"
)
address.write("q", [text] if text else [])
found = views.matching(drops, text, ["variety", "product_name", "product_code", "manufacturer", "batch"])
found = found.sort_values("drop", ascending=False, na_position="last", ignore_index=True)
if found.empty:
    st.info(_("没有与“{text}”相符的产品。").format(text=as_text(text)))
else:
    shown = [*SHOWN, "price_reason"] if found["price_reason"].notna().any() else SHOWN
    show_table(
        found, shown, key=TABLE, widths=WIDTHS, highest=TEN_ROWS, on_select=partial(follow_table, TABLE)
    )
download(_("价格追踪"), found, list(TABLES["prices"].columns.values()), words, key="download_prices")

st.subheader(_("品种价格走势"), anchor=False)
names, rows = (views.focus_names(products, ["variety", "batch"]) for products in (drops, found))
focus = choose_focus(_("品种"), names, TABLE, rows)
if focus:
    variety, _separator, batch = focus.partition(SEPARATOR)
    variety_section.show(filters, variety, batch, words)
else:
    st.caption(_("选择一个品种，查看其逐月采购均价、集采前价格、中选价格与执行日期。"))
