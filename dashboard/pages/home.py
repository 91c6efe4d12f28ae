"""我的医院: what to do next, what is still to be bought, how far one is, where one stands among peers."""

import pandas as pd
import streamlit as st

from dashboard import data, findings_section, own_views, peer_section, views
from dashboard.downloads import download
from dashboard.formats import amount_text, count_text, percent_text, word_text
from dashboard.month_strip import own_months, show_states
from dashboard.own_institutions import CHOSEN, choose_institution, group_name, own_institutions
from dashboard.page import as_text, show_cards
from dashboard.reader import reader
from dashboard.tables import TEN_ROWS, YUAN, show_table
from procurement.filters import Filters
from procurement.findings import counted
from procurement.language import _
from procurement.measures.completion import still_to_buy
from procurement.people.permissions import MANAGER

TO_BUY = ["batch", "variety", "agreed_equivalent", "remaining_equivalent", "months_left", "needed_equivalent",
          "rate", "status"]  # fmt: skip
TO_BUY_WIDTHS = {"institution_name": 165, "batch": 190, "variety": 195, "agreed_equivalent": 100,
                 "remaining_equivalent": 95, "months_left": 75, "needed_equivalent": 105, "rate": 115,
                 "status": 85}  # fmt: skip
FIGURES = ["open_findings", "saving_amount", "year_saving_amount", "met_share"]
FIGURE_WIDTHS = {"institution_name": 300, "open_findings": 90, "saving_amount": 150,
                 "year_saving_amount": 150, "met_share": 110, "retained_so_far_amount": 150}  # fmt: skip

own = own_institutions()
st.title(as_text(group_name(own)), anchor=False)
st.caption(_("接下来要办什么，还要采购什么，完成得怎样，在同类机构中处于什么位置？"))
filters = choose_institution(own)
code = filters.institutions[0] if filters.institutions else ""
is_manager = reader().role == MANAGER


def show_figures(rows: pd.DataFrame) -> None:
    met, agreed = rows["met_equivalent"].sum(), rows["agreed_equivalent"].sum()
    cards = [
        (_("累计节约"), total_text(rows, "saving_amount"),
         _("Σ（采购量 × 集采前单价 − 采购金额），涨价记负。")),
        (_("近12个月节约"), total_text(rows, "year_saving_amount"), _("最近12个完整月的节约金额。")),
        (_("约定量完成"), percent_text(met / agreed if agreed else None),
         _("当前协议年度：Σ min(已采购量, 约定采购量) ÷ Σ 约定采购量。")),
    ]  # fmt: skip
    if is_manager:
        says = _("已开始的协议年度合计；年度未结束的金额仍会变动，以结算为准。")
        cards.append((_("结余留用"), total_text(rows, "retained_so_far_amount"), says))
    show_cards(cards)


def total_text(rows: pd.DataFrame, column: str) -> str:
    return amount_text(rows[column].sum(min_count=1))


def figures_of_own() -> pd.DataFrame:
    rows = data.frame(own_views.own_figures, filters)
    if is_manager:
        rows = rows.merge(data.frame(own_views.retained, filters), on="institution_id", how="left")
    return rows


def show_institutions(rows: pd.DataFrame, found: dict[str, pd.DataFrame]) -> None:
    """A group: one row per institution; a click opens it."""
    st.subheader(_("各机构"), anchor=False)
    told = counted(found)
    told = told[told["finding"].isin([name for name, kind in findings_section.KINDS.items() if kind.is_due])]
    rows["open_findings"] = rows["institution_id"].map(told.groupby("institution_id")["finding_count"].sum())
    rows["open_findings"] = rows["open_findings"].fillna(0).astype("Int64")
    rows = rows.sort_values(["open_findings", "institution_code"], ascending=[False, True], ignore_index=True)
    shown = ["institution_name", *FIGURES, *(["retained_so_far_amount"] if is_manager else [])]
    codes = rows["institution_code"].tolist()
    show_table(rows, shown, key="own_table", widths=FIGURE_WIDTHS, unit=YUAN, on_select=lambda: follow(codes))
    st.caption(_("点击一行最左侧的方框，查看该机构。"))
    saved = ["institution_code", *shown]
    download(_("各机构情况"), rows, saved, group_name(own), key="download_own")


def follow(codes: list[str]) -> None:
    chosen = st.session_state["own_table"]["selection"]["rows"]
    if chosen and chosen[0] < len(codes):
        st.session_state[CHOSEN] = codes[chosen[0]]


def show_to_buy(filters: Filters) -> None:
    st.subheader(_("还需采购"), anchor=False)
    current = data.frame(views.current_completion, filters)
    rows = still_to_buy(current)
    if rows.empty:
        none = _("当前协议年度没有约定采购量。")
        st.caption(none if current["agreed_equivalent"].isna().all() else _("约定采购量均已完成。"))
        return
    names = [] if code else ["institution_name"]
    text = _("{count}项约定采购量尚未完成，最紧的在前；“每月尚需采购”是按期完成所需的月均采购量。")
    st.caption(text.format(count=count_text(len(rows))))
    shown = [name for name in [*names, *TO_BUY] if code or name not in ("agreed_equivalent", "rate")]
    show_table(rows, shown, key="to_buy", widths=TO_BUY_WIDTHS, highest=TEN_ROWS)
    saved = ["institution_code", "institution_name", *TO_BUY]
    download(_("还需采购"), rows, saved, group_name(own), key="download_to_buy")


found = findings_section.found(filters)
findings_section.show(found)
rows = figures_of_own()
if rows["saving_amount"].isna().all() and rows["agreed_equivalent"].isna().all():
    with st.container(border=True):
        st.markdown(_("还没有本机构的采购记录和约定采购量。"))
        st.caption(
            _(
                "在“上报”页下载模板，填好每月的采购记录后上传；约定采购量由医保部门导入。载入后这里显示节约、完成进度和结余。"
            )
        )
        if st.button(_("前往上报"), type="primary", key="to_report"):
            st.switch_page("pages/report.py")
    st.stop()

show_figures(rows)
show_to_buy(filters)
if code:
    row = rows.iloc[0]
    level = as_text(row["level"]) if row["level"] else ""
    group = _("{level}{kind}").format(level=level, kind=word_text(row["kind"]))
    peer_section.show(code, tuple(own["institution_code"]), group)
else:
    show_institutions(rows.copy(), found)
st.subheader(_("各月上报情况"), anchor=False)
show_states(data.as_reported(own_months, filters))
