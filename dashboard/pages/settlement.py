"""结算办理: draft, review, confirm and pay what institutions keep, and correct what was confirmed."""

import pandas as pd
import streamlit as st

from dashboard import data, replies_section, settlement_actions, settlement_state, views
from dashboard.downloads import download
from dashboard.formats import amount_text, count_text
from dashboard.page import open_page, show_cards, show_nothing_found
from dashboard.reader import may
from dashboard.statement_downloads import offer_all
from dashboard.tables import YUAN, show_table
from procurement.language import _
from procurement.published import TABLES
from procurement.queries.settlements import settlements
from procurement.settling import beside_now, with_settlements

SHOWN = ["settlement_id", "institution_name", "batch", "agreement_year", "settlement_state",
         "retained_amount", "payable_amount", "corrects", "decided_at", "decided_by"]  # fmt: skip
WIDTHS = {"settlement_id": 72, "institution_name": 165, "batch": 150, "agreement_year": 70,
          "settlement_state": 75, "retained_amount": 100, "payable_amount": 95, "corrects": 48,
          "decided_at": 125, "decided_by": 62}  # fmt: skip

filters, words = open_page(_("结算办理"), _("哪些结余留用可以结算，结算到了哪一步，确认之后有没有变动？"))
now = data.frame(views.settlements, filters, data.frame(views.usual_basis, filters))
if now.empty:
    show_nothing_found(_("当前筛选范围内没有已开始的协议年度，或没有约定采购量。"))
    st.stop()

settled = beside_now(data.fresh(settlements, filters), now)
rows = with_settlements(now, settled)
years = sorted({int(year) for year in rows["agreement_year"]})
chosen = st.pills(
    _("协议年度"), years, format_func=lambda n: _("第{year}年度").format(year=n), key="settlement_year"
)
if chosen:
    rows = rows[rows["agreement_year"] == chosen]
    settled = settled[settled["agreement_year"] == chosen]


def card(label: str, chosen: pd.Series, of: pd.DataFrame, column: str = "retained_amount") -> tuple:
    return label, count_text(int(chosen.sum())), amount_text(of.loc[chosen, column].sum())


cards = [card(_("可起草"), settlement_actions.ACTIONS["draft"].is_for(rows), rows)]
for name, action in (
    ("draft", _("草稿")),
    ("reviewed", _("已审核")),
    ("confirmed", _("已确认")),
    ("paid", _("已拨付")),
):
    cards.append(card(action, rows["settlement_state"] == name, rows))
cards.append(
    card(_("确认后有变动"), settlement_actions.ACTIONS["correct"].is_for(rows), rows, "difference_amount")
)
show_cards([(label, _("{count}项").format(count=count), help_) for label, count, help_ in cards])
left = rows["settlement_state"].isna() & (rows["is_running"].astype(bool) | rows["retained_amount"].isna())
st.caption(
    _("另有{count}项暂不能结算：协议年度未结束，或缺少依据（见“结余留用”页的备注）。").format(
        count=count_text(left.sum())
    )
)

if may("settle"):
    settlement_actions.show(filters, rows)

replies_section.show(filters, words)

st.subheader(_("全部结算"), anchor=False)
if settled.empty:
    st.caption(_("还没有结算。选择“起草”，对已结束的协议年度起草结算。"))
else:
    ordered = settled.sort_values("settlement_id", ascending=False, ignore_index=True)
    show_table(ordered, SHOWN, key="settlement_table", widths=WIDTHS, unit=YUAN)
    told = list(TABLES["settlements"].columns.values())
    download(_("结余留用结算"), ordered, told, words, key="download_settlements")
    numbers = [int(number) for number in ordered["settlement_id"]]
    number = st.selectbox(
        _("查看办理记录"), numbers, index=None, key="settlement_number", placeholder=_("选择结算编号")
    )
    if number:
        settlement_state.show_steps(number)

st.subheader(_("核算表与汇总表"), anchor=False)
offer_all(filters, rows["institution_id"].nunique(), chosen)
