"""测算模拟: what a settlement would be with other purchases, volumes, score or policy, and what pays most."""

import pandas as pd
import streamlit as st

from dashboard import data, views, whatif_inputs, whatif_views
from dashboard.charts.whatif import steps_compared
from dashboard.downloads import DOCX, download, download_button
from dashboard.exports.advice import advice_bytes, advice_title
from dashboard.focus import choose_focus
from dashboard.formats import amount_text, label, word_text, yuan_text
from dashboard.page import as_text, open_page, show_chart, show_nothing_found
from dashboard.tables import TEN_ROWS, YUAN, show_table
from procurement.language import _
from procurement.measures.switches import TOGETHER
from procurement.measures.whatif import compared, whatif

NAMES = ["institution_name", "batch", "agreement_year"]
CARDS = ("retained_amount", "surplus_base_amount", "staff_amount", "development_amount", "invoice_amount")
MOVED = ["variety", "moved_equivalent", "paid_unit_price", "awarded_unit_price", "invoice_saving_amount"]
MOVED_WIDTHS = {"variety": 135, "moved_equivalent": 75, "paid_unit_price": 98, "awarded_unit_price": 98,
                "invoice_saving_amount": 108}  # fmt: skip
SHOWN = ["switch_text", "variety", "manufacturer", "moved_equivalent", "paid_unit_price",
         "awarded_unit_price", "invoice_saving_amount", "gain_amount"]  # fmt: skip
WIDTHS = {"switch_text": 180, "variety": 140, "manufacturer": 169, "moved_equivalent": 75,
          "paid_unit_price": 98, "awarded_unit_price": 98, "invoice_saving_amount": 105,
          "gain_amount": 100}  # fmt: skip
SAVED = ["switch_text", "variety", "product_code", "product_name", "spec", "manufacturer", "base_unit",
         "moved_equivalent", "added_equivalent", "missing_points", "paid_unit_price", "awarded_unit_price",
         "paid_amount", "invoice_saving_amount", "gain_amount", "switch_reason"]  # fmt: skip

filters, words = open_page(
    _("测算模拟"), _("少用非中选、调整约定量、提高考核得分，结余留用会怎样变化？哪些调整最有效？")
)
rows = data.frame(whatif_views.settlements, filters)
if rows.empty:
    show_nothing_found(_("当前筛选范围内没有已开始的协议年度，或没有约定采购量。"))
    st.stop()

names = views.focus_names(rows, NAMES)
focus = choose_focus(_("机构、批次与协议年度"), names, "whatif_table", names, _("输入文字查找"))
row = rows.iloc[names.index(focus)] if focus else rows.iloc[0]
if not focus:
    st.caption(_("尚未选择，先列出非中选采购金额最多的一项。"))
key = (str(row["institution_code"]), str(row["batch"]), int(row["agreement_year"]))
own = whatif_views.only(filters)
case = data.frame(whatif_views.case, own, *key)
ranked = data.frame(whatif_views.switches, own, *key)

title = _("**{institution}**　{batch}　第{year}协议年度").format(
    institution=as_text(case.institution_name), batch=as_text(case.batch), year=case.agreement_year
)
st.markdown(title + (_("，**年度未结束**，金额仍会变动") if case.is_running else ""))
changes = whatif_inputs.ask_changes(case)
outcome = whatif(case.inputs, changes)
table = compared(outcome)

amounts = table.set_index("amount_name")
for place, name in zip(st.columns(len(CARDS)), CARDS, strict=True):
    now, then, change = amounts.loc[name, ["now_amount", "then_amount", "change_amount"]]
    moved = pd.notna(change) and change != 0
    place.metric(
        label(name),
        amount_text(then),
        f"{'+' if change > 0 else '-'}{amount_text(abs(change))}" if moved else _("未变"),
        delta_color="off" if not moved else "inverse" if name == "invoice_amount" else "normal",
        delta_arrow="auto" if moved else "off",
        border=True,
    )
    place.caption(_("现状 {amount}").format(amount=amount_text(now)), text_alignment="center")
for which, reason in zip((_("现状"), _("调整后")), outcome.settlements["reason"], strict=True):
    if reason:
        st.caption(_("{which}：{reason}").format(which=which, reason=word_text(reason)))

left, right = st.columns([5, 6], gap="medium")
with left:
    show_chart(steps_compared(table), key="steps")
with right:
    st.markdown(_("**价格影响：改用中选后的采购支出**"))
    effect = whatif_views.price_effect(case, outcome)
    if effect.empty:
        st.caption(_("尚未改用。移动“非中选改用中选”，或采用下方的调整。"))
    else:
        saved = yuan_text(effect["invoice_saving_amount"].sum())
        st.caption(_("同样的用量，改用部分的采购支出减少{amount}。").format(amount=saved))
        show_table(effect, MOVED, key="effect", unit=YUAN, widths=MOVED_WIDTHS, highest=248)

st.subheader(_("最有效的调整"), anchor=False)
if ranked.empty:
    st.caption(_("没有非中选采购，考核得分已在最高一档，没有可以增加留用的调整。"))
else:
    together = ranked[ranked["switch"] == TOGETHER]
    left, right = st.columns([7, 3], vertical_alignment="center")
    if len(together):
        told = {name: yuan_text(together[f"{name}_amount"].iloc[0]) for name in ("gain", "invoice_saving")}
        left.markdown(
            _(
                "全部采用：结余留用增加**{gain}**，采购支出减少**{invoice_saving}**。各行为单独采用的效果。"
            ).format(**told)
        )
    with right.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("恢复现状"), on_click=whatif_inputs.reset, args=(case,), key="reset")
        st.button(
            _("全部采用"),
            type="primary",
            on_click=whatif_inputs.take_all,
            args=(case, ranked),
            key="take_all",
        )
    show_table(ranked, SHOWN, key="switches", unit=YUAN, widths=WIDTHS, highest=TEN_ROWS)
st.caption(_("单价按主规格的最小单位计；能否改用由临床医师根据患者病情判断。"))

with st.container(horizontal=True):
    language_title = advice_title(case)
    make = data.in_reader_language(
        lambda later: advice_bytes(later()), data.later(whatif_views.advice, own, *key)
    )
    download_button(
        _("下载指导意见（Word）"), make, f"{language_title}.docx", DOCX, key="download_advice", type="primary"
    )
    download(_("留用调整清单"), ranked, SAVED, words, key="download_switches")
