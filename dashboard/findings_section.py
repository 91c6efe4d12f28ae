"""待办: what the reader's institutions have to do next, each with the page where it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, views
from dashboard.formats import amount_text, count_text, month_text, word_text
from dashboard.navigation import pages_of
from dashboard.page import as_text
from dashboard.reader import reader
from dashboard.tables import YUAN, show_table
from procurement.filters import Filters
from procurement.findings import above_awarded, counted, without_code
from procurement.language import N_, _
from procurement.queries.replies import waiting
from procurement.queries.shortfalls import shortfall_reasons, with_reasons
from procurement.reporting import reminders
from procurement.shortfalls import short_of

ABOVE = ["institution_name", "batch", "variety", "above_lines", "above_amount"]
ABOVE_WIDTHS = {
    "institution_name": 210,
    "batch": 190,
    "variety": 200,
    "above_lines": 120,
    "above_amount": 130,
}
FEW = 3
"""Names that a sentence lists."""


@dataclass(frozen=True)
class Kind:
    """How a kind of finding is told, the page where it is dealt with, and whether it has to be."""

    address: str
    link: str
    says: Callable[[pd.DataFrame], str]
    colour: str = "orange"
    is_due: bool = True


def _months(rows: pd.DataFrame) -> str:
    months = [month_text(month) for month in sorted(rows["month"].unique())]
    late = int((rows["days_overdue"] > 0).sum())
    text = (
        _("{months}的采购记录尚未上报，其中{count}件已过期限。")
        if late
        else _("{months}的采购记录尚未上报。")
    )
    return text.format(months=_some(months), count=count_text(late))


def _settlements(rows: pd.DataFrame) -> str:
    text = _("留用金额合计{amount}，已经审核，请核对后同意或提出异议。")
    return text.format(amount=amount_text(rows["retained_amount"].sum()))


def _shortfalls(rows: pd.DataFrame) -> str:
    text = _("{behind}项滞后、{at_risk}项有风险，尚未说明原因：{names}。")
    counts = rows["status"].value_counts()
    said = {name: count_text(counts.get(name, 0)) for name in ("behind", "at_risk")}
    return text.format(names=_some(rows["variety"]), **said)


def _above(rows: pd.DataFrame) -> str:
    text = _("近12个月有{lines}行中选产品的采购价高于当日中选价，共高出{amount}：{names}。请与配送企业核对。")
    said = {"lines": count_text(rows["above_lines"].sum()), "amount": amount_text(rows["above_amount"].sum())}
    return text.format(names=_some(rows["variety"]), **said)


def _without_code(rows: pd.DataFrame) -> str:
    text = _("上报时没有产品编码，等待医保部门匹配，暂不计入集采：{names}。下次上报请填写编码。")
    return text.format(names=_some(rows["product_name"].dropna()))


def _some(names: Any) -> str:
    """The first few different names, and that there are more."""
    known = list(dict.fromkeys(str(name) for name in names))
    told = _("、").join(known[:FEW])
    return _("{names}等").format(names=told) if len(known) > FEW else told


KINDS: dict[str, Kind] = {
    "month_due": Kind("report", N_("去上报"), _months, "red"),
    "settlement_waiting": Kind("check", N_("去核对"), _settlements, "red"),
    "shortfall": Kind("shortfalls", N_("去说明"), _shortfalls),
    "above_awarded": Kind("prices", N_("看价格"), _above),
    "without_code": Kind("reported", N_("看上报记录"), _without_code, "gray", is_due=False),
}


def found(filters: Filters) -> dict[str, pd.DataFrame]:
    """Kind → what was found, a row per thing; what people say between two imports is asked anew."""
    short = short_of(data.frame(views.current_completion, filters))
    said = with_reasons(short, data.fresh(shortfall_reasons, filters))
    return {
        "month_due": data.as_reported(reminders, filters),
        "settlement_waiting": data.fresh(waiting, filters),
        "shortfall": said[said["shortfall_reason"].isna()],
        "above_awarded": data.frame(above_awarded, filters),
        "without_code": data.frame(without_code, filters),
    }


def show(rows: dict[str, pd.DataFrame]) -> None:
    """What to do next, the most pressing first."""
    st.subheader(_("待办"), anchor=False)
    told = counted(rows).groupby("finding")["finding_count"].sum()
    if told.empty:
        st.success(_("目前没有待办事项。"))
        return
    known = {page.address: page.file for page in pages_of(reader())}
    for name, kind in KINDS.items():
        if name in told:
            _show_kind(name, kind, int(told[name]), rows[name], known.get(kind.address))
    if len(rows["above_awarded"]):
        _show_above(rows["above_awarded"])


def _show_kind(name: str, kind: Kind, count: int, rows: pd.DataFrame, page: str | None) -> None:
    with st.container(border=True):
        told, link = st.columns([7, 1], vertical_alignment="center")
        badge = f":{kind.colour}-badge[{count_text(count)}]"
        told.markdown(f"**{word_text(name, 'finding')}** {badge}　{as_text(kind.says(rows))}")
        if page:
            link.page_link(page, label=f"**{_(kind.link)}** →")


def _show_above(rows: pd.DataFrame) -> None:
    with st.expander(_("高于中选价的品种")):
        shown = ABOVE if len(set(rows["institution_code"])) > 1 else ABOVE[1:]
        show_table(rows, shown, key="above", widths=ABOVE_WIDTHS, unit=YUAN)
        st.caption(_("按当日的中选价、中选结果所列的计价单位比较；退货和数量不详的采购记录不计。"))
