"""总额包干: yearly budgets: who has a surplus, who overran, and what becomes of either."""

from functools import partial

import streamlit as st

from dashboard import address, data, sharing_section, views
from dashboard.charts.sharing import budget_and_spending
from dashboard.downloads import download, download_button
from dashboard.exports.sharing_settlements import sharing_settlements
from dashboard.exports.sharing_statement import sharing_statements
from dashboard.focus import choose_focus, follow_table
from dashboard.formats import amount_text, count_text, label, word_text
from dashboard.page import open_page, show_cards, show_chart, show_nothing_found
from dashboard.retention_words import policy_rows, table_text
from dashboard.sharing_words import review_sentence, sharing_sentence
from dashboard.tables import TEN_ROWS, WAN, YUAN, show_table
from procurement import sharing
from procurement.language import _
from procurement.measures.sharing import sharing_totals
from procurement.policies.sharing import PARAMETERS, first_day
from procurement.published import TABLES
from procurement.tables.sharing import SCHEMES

TABLE, ALL_YEARS, ZIP = "sharing_table", "all", "application/zip"
SHARED = ["institution_name", "year", "sharing_budget_amount", "fund_spending_amount",
          "sharing_surplus_amount", "overrun_amount", "granted_amount", "borne_amount"]  # fmt: skip
SHOWN = {
    "capitation": [*SHARED[:2], "enrolled_persons", *SHARED[2:], "missing_reason"],
    "global_budget": [*SHARED, "next_budget_amount", "missing_reason"],
    "budget_control": ["institution_name", "year", "sharing_budget_amount", "carried_in_amount",
                       "available_budget_amount", "fund_spending_amount", "sharing_surplus_amount",
                       "overrun_amount", "carried_over_amount", "missing_reason"],
}  # fmt: skip
REVIEWED = ["institution_name", "year", "available_budget_amount", "fund_spending_amount", "overrun_amount"]
WIDTHS = {"institution_name": 166, "year": 55, "enrolled_persons": 76, "sharing_budget_amount": 92,
          "carried_in_amount": 82, "available_budget_amount": 88, "fund_spending_amount": 104,
          "sharing_surplus_amount": 82, "overrun_amount": 82, "granted_amount": 82, "borne_amount": 102,
          "carried_over_amount": 82, "next_budget_amount": 90, "missing_reason": 110}  # fmt: skip
UNITS = {"capitation": YUAN}
"""Budgets by head are small enough to be told to the fen; the others in 万元."""

CARDS = {
    "capitation": ("granted_amount", "borne_amount"),
    "global_budget": ("granted_amount", "borne_amount"),
    "budget_control": ("carried_over_amount",),
}

filters, words = open_page(
    _("总额包干"), _("按年度包干的医保基金用了多少？结余奖励或结转多少，超支由谁承担，哪些须核查？")
)
every = data.frame(sharing.sharing, filters)
if every.empty:
    show_nothing_found(
        _(
            "当前筛选范围内没有总额包干数据。请在“数据导入”页导入“总额包干”表；批次、品种与采购日期不影响本页。"
        )
    )
    st.stop()

present = [scheme for scheme in SCHEMES if (every["scheme"] == scheme).any()]
left, right = st.columns([3, 2])
with left:
    address.choose("scheme", present, present[0])
    st.segmented_control(_("包干方式"), present, format_func=word_text, key="scheme", required=True)
    scheme = address.chosen("scheme", present[0]) or present[0]
of_scheme = every[every["scheme"] == scheme].reset_index(drop=True)
years = [str(year) for year in of_scheme["year"].drop_duplicates()]
with right:
    address.choose("year", [*years, ALL_YEARS], years[0])
    st.segmented_control(
        _("年度"),
        [*years, ALL_YEARS],
        format_func=lambda year: _("全部") if year == ALL_YEARS else year,
        key="year",
        required=True,
    )
    year = address.chosen("year", years[0]) or years[0]
rows = of_scheme if year == ALL_YEARS else of_scheme[of_scheme["year"] == int(year)].reset_index(drop=True)

totals = sharing_totals(rows)
budget = "available_budget_amount" if scheme == "budget_control" else "sharing_budget_amount"
shown = (budget, "fund_spending_amount", "sharing_surplus_amount", "overrun_amount", *CARDS[scheme])
cards = [(label(name), amount_text(totals[name]), "") for name in shown]
review = of_scheme[of_scheme["needs_review"].fillna(False).astype(bool)].reset_index(drop=True)
if scheme == "budget_control":
    waiting = int(rows["needs_review"].fillna(False).sum())
    cards.append((_("超支核查"), _("{count}项").format(count=count_text(waiting)), ""))
show_cards(cards)
st.caption(sharing_sentence(rows))
title = _("预算最大的机构")
show_chart(budget_and_spending(rows, title), key="budgets", file_name=title)

st.subheader(_("机构 × 年度"), anchor=False)
unit = UNITS.get(scheme, WAN)
show_table(rows, SHOWN[scheme], key=TABLE, unit=unit, widths=WIDTHS, highest=TEN_ROWS,
           on_select=partial(follow_table, TABLE))  # fmt: skip
name = _("总额包干（{scheme}）").format(scheme=word_text(scheme))
columns = list(TABLES["sharing"].columns.values())
book = data.frame(views.policies, filters)
members = data.frame(sharing.sharing_members, filters)
with st.container(horizontal=True):
    download(name, rows, columns, words, key="download_sharing")
    download_button(
        _("下载全部清算表（ZIP）"),
        data.in_reader_language(
            lambda: sharing_statements(sharing_settlements(rows, of_scheme, members, book))
        ),
        _("{name}清算表.zip").format(name=name),
        ZIP,
        key="download_statements",
    )

if len(review):
    st.subheader(_("超支核查"), anchor=False)
    st.caption(review_sentence(review))
    show_table(review, REVIEWED, key="review", unit=YUAN, widths={"institution_name": 260, "year": 70})
    download(_("超支核查"), review, ["institution_code", *REVIEWED], words, key="download_review")

st.subheader(_("逐步清算"), anchor=False)
names = views.focus_names(of_scheme.astype({"year": str}), ["institution_name", "year"])
in_table = views.focus_names(rows.astype({"year": str}), ["institution_name", "year"])
focus = choose_focus(_("机构与年度"), names, TABLE, in_table)
if focus:
    sharing_section.show(filters, of_scheme, of_scheme.iloc[names.index(focus)])
else:
    st.caption(_("选择一行，查看预算、支出、结余或超支与各方承担的每一步，并下载清算表。"))

with st.expander(_("政策参数及其来源")):
    told = int(years[0] if year == ALL_YEARS else year)
    heads = [_("参数"), _("取值"), _("生效日期"), _("来源")]
    parameters = PARAMETERS[scheme].values()
    st.markdown(table_text(heads, policy_rows(book, first_day(told), None, parameters)))
    st.caption(_("各年度按该年1月1日生效的取值清算；此处为{year}年的取值。").format(year=told))
