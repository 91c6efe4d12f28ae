"""结余留用: what each institution keeps of the surplus, how it is worked out, and why some keep nothing."""

from functools import partial

import streamlit as st

from dashboard import address, data, views
from dashboard.charts.retention import ranked_retention, surplus_steps
from dashboard.downloads import download
from dashboard.focus import follow_table, remember_rows
from dashboard.formats import amount_text, label
from dashboard.page import measuring_day, open_page, show_cards, show_chart, show_nothing_found
from dashboard.retention_words import BASES, policy_rows, reason_counts, settlement_sentence, table_text
from dashboard.tables import TEN_ROWS, WAN, show_table
from procurement.language import _
from procurement.measures.retention import retention_totals
from procurement.published import TABLES

TABLE = "retention_table"
SHOWN = ["institution_name", "batch", "agreement_year", "budget_amount", "spending_amount",
         "surplus_base_amount", "ratio", "retained_amount", "remark"]  # fmt: skip
WIDTHS = {"institution_name": 160, "batch": 140, "agreement_year": 70, "budget_amount": 100,
          "spending_amount": 106, "surplus_base_amount": 100, "ratio": 75, "retained_amount": 100,
          "remark": 114}  # fmt: skip
CARDS = ("budget_amount", "spending_amount", "surplus_base_amount", "retained_amount", "staff_amount",
         "development_amount")  # fmt: skip

filters, words = open_page(_("结余留用"), _("集采为医保基金结余了多少，医疗机构可以留用多少，依据是什么？"))
day = measuring_day(filters)
book = data.frame(views.policies, filters)
usual = data.frame(views.usual_basis, filters)

address.choose("basis", list(BASES), usual)
st.segmented_control(
    _("支出口径"),
    list(BASES),
    format_func=lambda basis: _(BASES[basis]),
    key="basis",
    required=True,
    help=_("约定口径：支出按约定采购量 × 中选单价测算；实际口径：支出按中选产品实际采购金额测算。"),
)
basis = address.chosen("basis", usual) or usual

rows = data.frame(views.settlements, filters, basis)
if rows.empty:
    show_nothing_found(_("当前筛选范围内没有已开始的协议年度，或没有约定采购量。"))
    st.stop()

totals = retention_totals(rows)
amounts = {name: totals[name.removesuffix("_amount")] for name in CARDS}
show_cards([(label(name), amount_text(amounts[name]), "") for name in CARDS])
st.caption(settlement_sentence(rows))

left, right = st.columns([2, 3], gap="medium")
with left:
    show_chart(surplus_steps({name: amounts[name] for name in CARDS[:4]}), key="steps")
    reasons = reason_counts(rows)
    if reasons:
        st.markdown(_("**未留用或暂缺的原因**"))
        st.markdown(table_text([_("原因"), _("项数")], reasons, right=(1,)))
with right:
    title = _("结余留用金额最多的机构")
    ranking = data.chart(
        ranked_retention, views.settlements, filters, basis, drawn_with=("institution_name", title)
    )
    show_chart(ranking, key="ranking")

st.subheader(_("机构 × 批次 × 协议年度"), anchor=False)
show_table(
    rows, SHOWN, key=TABLE, unit=WAN, widths=WIDTHS, highest=TEN_ROWS, on_select=partial(follow_table, TABLE)
)
columns = [*TABLES["retention"].columns.values(), "is_running"]
name = _("结余留用（{basis}）").format(basis=_(BASES[basis]))
download(name, rows, columns, words, key="download_retention")

names = views.focus_names(rows, ["institution_name", "batch", "agreement_year"])
remember_rows(TABLE, names)
focus = st.session_state.get("focus")
focus = focus if focus in names else None
with st.container(horizontal=True, vertical_alignment="center"):
    if st.button(_("查看测算过程"), type="primary", key="open_working"):
        kept = {name: st.query_params.get_all(name) for name in st.query_params}
        go_to = {**kept, "focus": [focus or names[0]], "basis": [basis]}
        st.switch_page("pages/working.py", query_params=go_to)
    st.caption(focus or _("点击上表一行最左侧的方框，再查看它的每一步、各品种明细和采购记录。"))

if day:
    with st.expander(_("政策参数及其来源")):
        heads = [_("参数"), _("取值"), _("生效日期"), _("来源")]
        st.markdown(table_text(heads, policy_rows(book, day, filters.category)))
        st.caption(_("按各协议年度首日生效的取值测算；此处为测算日的取值。"))
