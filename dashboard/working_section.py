"""The working of one settlement on a page: its steps, its varieties, and the rows of files behind them."""

from functools import partial

import pandas as pd
import streamlit as st

from dashboard import assessment_section
from dashboard.downloads import download
from dashboard.formats import count_text, day_text, label, share_text, word_text
from dashboard.page import as_text
from dashboard.policy_terms import TERM_COLUMNS, told_terms
from dashboard.retention_words import steps, table_text
from dashboard.tables import YUAN, show_table
from procurement.filters import Filters
from procurement.language import N_, _
from procurement.working import Working

VOLUMES = ["variety", "reported_units", "agreed_units", "bought_equivalent", "rate", "baseline_unit_price",
           "baseline_basis", "awarded_unit_price", "line_reason"]  # fmt: skip
VOLUME_WIDTHS = {"variety": 150, "reported_units": 80, "agreed_units": 85, "bought_equivalent": 80,
                 "rate": 90, "baseline_unit_price": 118, "baseline_basis": 108, "awarded_unit_price": 105,
                 "line_reason": 144}  # fmt: skip
AMOUNTS = ["variety", "agreed_amount", "selected_amount", "non_selected_amount", "gross_budget_amount",
           "gross_spending_amount", "budget_amount", "spending_amount", "counted_amount"]  # fmt: skip
AMOUNT_WIDTHS = {"variety": 170} | dict.fromkeys(AMOUNTS[1:], 97) | {"non_selected_amount": 108}
PURCHASES = ["variety", "bought_on", "product_name", "spec", "is_selected", "base_units", "paid_amount",
             "file_name", "sheet", "row_number"]  # fmt: skip
PURCHASE_WIDTHS = {"variety": 105, "bought_on": 82, "product_name": 100, "spec": 105, "is_selected": 70,
                   "base_units": 75, "paid_amount": 90, "file_name": 213, "sheet": 70,
                   "row_number": 50}  # fmt: skip
AGREED = ["variety", "product_name", "reported_units", "agreed_units", "reported_baseline_amount",
          "agreed_amount", "file_name", "row_number"]  # fmt: skip
AGREED_WIDTHS = {"variety": 175, "product_name": 130, "reported_units": 90, "agreed_units": 95,
                 "reported_baseline_amount": 125, "agreed_amount": 110, "file_name": 180,
                 "row_number": 55}  # fmt: skip
PRICES = ["variety", "product_name", "award_status", "baseline_unit_price", "baseline_basis",
          "awarded_unit_price", "starts_on", "ends_on", "file_name", "row_number"]  # fmt: skip
PRICE_WIDTHS = {"variety": 125, "product_name": 120, "award_status": 75, "baseline_unit_price": 90,
                "baseline_basis": 110, "awarded_unit_price": 85, "starts_on": 85, "ends_on": 85,
                "file_name": 135, "row_number": 50}  # fmt: skip
TABS = (N_("采购记录"), N_("约定采购量"), N_("价格依据"), N_("考核得分与支付比例"), N_("政策依据"))
ALL = ""


def show_head(working: Working) -> None:
    """Who, which batch, from when to when."""
    row = working.row
    span = _("协议年度{start}至{end}").format(start=day_text(row.year_start), end=day_text(row.year_end))
    running = _("，**年度未结束**，金额仍会变动") if row.is_running else ""
    batch = _("{batch}　第{year}协议年度").format(batch=as_text(row.batch), year=row.agreement_year)
    st.markdown(f"**{as_text(row.institution_name)}**　{batch}（{span}）{running}")


def show_steps(working: Working) -> None:
    """The formula with its numbers, from the budget to staff pay and development."""
    heads = [_("步骤"), _("数值"), _("计算方法")]
    st.markdown(table_text(heads, steps(working.row), right=(1,)))


def show_lines(working: Working) -> None:
    """The varieties: volumes and prices, then amounts. A click on a row shows the rows behind it."""
    lines = told_lines(working)
    names = [ALL, *lines["variety"]]
    if st.session_state.get("line") not in names:
        st.session_state["line"] = ALL
    st.subheader(_("各品种明细"), anchor=False)
    st.caption(_("数量与价格；点击一行最左侧的方框，下方的采购记录和依据只列该品种。"))
    follow = partial(_follow, names[1:])
    show_table(
        lines, VOLUMES, key="line_volumes", widths=VOLUME_WIDTHS, on_select=partial(follow, "line_volumes")
    )
    show_table(lines, AMOUNTS, key="line_amounts", widths=AMOUNT_WIDTHS, unit=YUAN,
               on_select=partial(follow, "line_amounts"))  # fmt: skip


def told_lines(working: Working) -> pd.DataFrame:
    """The variety lines with their completion rate; a line that counts in full has no remark."""
    lines = working.lines
    agreed = lines["agreed_equivalent"].astype("Float64")
    rate = lines["bought_equivalent"].astype("Float64") / agreed.where(agreed > 0)
    several = lines["agreements"] > 1
    reason = (
        lines["line_reason"].astype(object).mask(several & (lines["line_reason"] == ""), "several_agreements")
    )
    return lines.assign(rate=rate, line_reason=reason)


def _follow(names: list[str], key: str) -> None:
    chosen = st.session_state[key]["selection"]["rows"]
    st.session_state["line"] = names[chosen[0]] if chosen else ALL


def show_evidence(working: Working, filters: Filters, words: str) -> None:
    """The rows of files that the figures come from, of one variety or of all."""
    st.subheader(_("每个数字的来源"), anchor=False)
    names = [ALL, *working.lines["variety"]]
    st.selectbox(_("品种"), names, key="line", format_func=lambda name: name or _("全部品种"))
    purchases, agreed, prices, terms, policy = st.tabs([_(tab) for tab in TABS])
    with purchases:
        _purchases(working, words)
    with agreed:
        show_table(_of_line(working.agreements), AGREED, key="agreed_rows", widths=AGREED_WIDTHS, unit=YUAN)
    with prices:
        listed = _of_line(working.listings).rename(columns={"status": "award_status"})
        show_table(listed, PRICES, key="price_rows", widths=PRICE_WIDTHS)
    with terms:
        place = _place(working.row.ratio_file, working.row.ratio_row)
        ratio = share_text(working.row.fund_ratio)
        st.markdown(_("**统筹基金支付比例{ratio}**，来源：{place}。").format(ratio=ratio, place=place))
        if working.assessment.empty:
            assessment_section.show(filters, working.settlement.iloc[0], words)
        else:
            assessment_section.show_indicators(working.assessment, working.row.score)
    with policy:
        _terms(working)
        st.caption(_("按协议年度首日生效的取值测算。"))


def _of_line(rows: pd.DataFrame) -> pd.DataFrame:
    chosen = st.session_state.get("line", ALL)
    return rows[rows["variety"] == chosen] if chosen else rows


def _purchases(working: Working, words: str) -> None:
    rows = _of_line(working.purchases)
    if rows.empty:
        st.caption(_("协议年度内没有采购记录。"))
        return
    selected = rows["is_selected"].astype(bool)
    told = _("{count}行采购记录；中选{selected}行、非中选{other}行，合计与上表的采购金额一致。")
    counts = {"count": len(rows), "selected": selected.sum(), "other": (~selected).sum()}
    st.caption(told.format(**{name: count_text(value) for name, value in counts.items()}))
    shown, widths = PURCHASES, PURCHASE_WIDTHS
    if st.session_state.get("line"):  # its name stands above: more room for the file's
        shown, widths = PURCHASES[1:], PURCHASE_WIDTHS | {"spec": 130, "file_name": 293}
    show_table(rows, shown, key="purchase_rows", widths=widths, unit=YUAN)
    saved = [*PURCHASES[:3], "product_code", *PURCHASES[3:6], "equivalent_units", "paid_amount",
             "distributor", "invoice", *PURCHASES[-3:]]  # fmt: skip
    title = _("{title} 采购记录").format(title=working.title)
    download(title, rows, saved, words, key="download_purchase_rows")


def _terms(working: Working) -> None:
    rows = [
        (term.policy_title, term.policy_words, word_text(term.policy_level, "policy_level"),
         day_text(term.policy_from), term.policy_source, term.policy_mark)
        for term in told_terms(working.terms).itertuples()
    ]  # fmt: skip
    with st.container(key="policies_terms"):
        st.markdown(table_text([label(name) for name in TERM_COLUMNS], rows))


def _place(file: object, row: object) -> str:
    if file is None or pd.isna(file):  # type: ignore[call-overload]
        return "—"
    return _("{file} 第{row}行").format(file=as_text(file), row=row)
