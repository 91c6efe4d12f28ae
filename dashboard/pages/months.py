"""月度上报: which institutions have reported a month, closing it, and who has to be reminded."""

from datetime import date

import pandas as pd
import streamlit as st
from sqlalchemy import Connection

from dashboard import address, data, month_actions
from dashboard.downloads import download
from dashboard.formats import amount_text, count_text, day_text, month_text, person_text, word_text
from dashboard.page import is_empty, reader_filters, show_cards, show_first_steps
from dashboard.reader import may
from dashboard.tables import YUAN, show_table
from procurement.filters import Filters
from procurement.language import _
from procurement.periods import add_months, first_of_month
from procurement.published import TABLES
from procurement.queries.months import steps
from procurement.queries.purchases import covered_days
from procurement.reporting import default_month, last_ended_month, month_states, reminders, reporting_day

STATES = ("overdue", "open", "submitted", "closed")
SHOWN = ["institution_name", "district", "report_state", "due_on", "days_overdue", "lines", "paid_amount",
         "imported_at", "imported_by"]  # fmt: skip
WIDTHS = {"institution_name": 210, "district": 80, "report_state": 85, "due_on": 95, "days_overdue": 80,
          "lines": 85, "paid_amount": 120, "imported_at": 130, "imported_by": 85}  # fmt: skip
REMINDED = ["institution_name", "district", "month", "report_state", "due_on", "days_overdue", "months_open"]
REMIND_WIDTHS = {"institution_name": 270, "district": 100, "month": 100, "report_state": 100, "due_on": 110,
                 "days_overdue": 100, "months_open": 100}  # fmt: skip
STEPS = ["step_at", "month", "institution_name", "step_state", "step_by", "step_reason"]
STEP_WIDTHS = {"step_at": 135, "month": 90, "institution_name": 240, "step_state": 95, "step_by": 100,
               "step_reason": 290}  # fmt: skip


def months_to_choose(connection: Connection, filters: Filters) -> tuple[list[date], date]:
    """Newest first, from the first purchases to the last month that ended; and the one to begin with."""
    covered, ended = covered_days(connection, filters), last_ended_month(reporting_day(filters))
    month = first_of_month(covered[0]) if covered else ended
    months = [ended]
    while months[-1] > month:
        months.append(add_months(months[-1], -1))
    return months, default_month(connection, filters)


def choose_month() -> date:
    """By its month in the address, else the default."""
    months, default = data.as_reported(months_to_choose, reader_filters())
    names = {f"{month:%Y-%m}": month for month in months}
    address.choose("month", list(names), f"{default:%Y-%m}")
    st.selectbox(
        _("月份"), list(names), format_func=lambda name: month_text(names[name]), key="month", width=200
    )
    return names[address.chosen("month", f"{default:%Y-%m}") or f"{default:%Y-%m}"]


def show_states(rows: pd.DataFrame) -> pd.DataFrame:
    """The institutions of the month, those that are missing first; which of them were selected."""
    order = {state: at for at, state in enumerate(STATES)}
    rows = rows.assign(order=rows["report_state"].map(order)).sort_values(["order", "institution_code"])
    chosen = st.pills(
        _("状态"), STATES, format_func=lambda s: word_text(s, "report_state"), key="report_state",
        selection_mode="multi", label_visibility="collapsed",
    )  # fmt: skip
    if chosen:
        rows = rows[rows["report_state"].isin(chosen)]
    shown = rows.assign(imported_by=rows["imported_by"].fillna("").map(person_text)).reset_index(drop=True)
    if shown.empty:
        st.caption(_("没有这样的机构。"))
        return shown
    key = f"months_table_{st.session_state.get('month_turn', 0)}"
    selected = show_table(
        shown, SHOWN, key=key, widths=WIDTHS, unit=YUAN, multiple=may("close-month"), highest=420
    )
    picked = selected["selection"]["rows"] if may("close-month") else []
    return shown.iloc[[at for at in picked if at < len(shown)]]


def card(rows: pd.DataFrame, state: str, says: str) -> tuple[str, str, str]:
    count = int((rows["report_state"] == state).sum())
    return word_text(state, "report_state"), _("{count}家").format(count=count_text(count)), says


def show_month(month: date, everybody: pd.DataFrame) -> None:
    told = everybody[everybody["report_state"] != "not_asked"]
    if told.empty:
        st.info(_("{month}没有须上报的机构，也没有采购记录。").format(month=month_text(month)))
        return
    amount = amount_text(told["paid_amount"].sum())
    show_cards(
        [
            card(told, "submitted", _("采购金额合计{amount}").format(amount=amount)),
            card(told, "open", _("须上报而未上报，期限未到。")),
            card(told, "overdue", _("须上报而未上报，期限已过。")),
            card(told, "closed", _("不再接受导入。")),
        ]
    )
    st.caption(about(month, told, len(everybody) - len(told)))
    picked = show_states(told)
    with st.container(horizontal=True):
        columns = list(TABLES["months"].columns.values())
        download(_("月度上报"), told, columns, f"{month:%Y-%m}", key="download_months")
    if may("close-month"):
        st.subheader(_("关账与重新开放"), anchor=False)
        month_actions.show(month, everybody, picked)


def about(month: date, told: pd.DataFrame, others: int) -> str:
    """Until when the month is due, and who is not asked."""
    due = told["due_on"].dropna()
    said = (
        _("{month}的上报期限为{day}。").format(month=month_text(month), day=day_text(due.min()))
        if len(due)
        else ""
    )
    if others:
        said += _(
            "另有{count}家该月无须上报：没有生效的约定采购量，近12个月也没有采购，或期限早于台账启用。"
        ).format(count=count_text(others))
    return said


def show_reminders(rows: pd.DataFrame) -> None:
    if rows.empty:
        st.info(_("没有应报未报的机构。"))
        return
    text = _("{institutions}家机构共{months}个月应报未报，其中{late}个月已逾期。")
    late = int((rows["days_overdue"] > 0).sum())
    st.markdown(
        text.format(
            institutions=count_text(rows["institution_id"].nunique()), months=count_text(len(rows)), late=late
        )
    )
    show_table(rows, REMINDED, key="reminders", widths=REMIND_WIDTHS)
    columns = list(TABLES["reminders"].columns.values())
    day = day_text(reporting_day())
    download(_("催报名单"), rows, columns, _("截至{day}").format(day=day), key="download_reminders")


def show_steps(month: date) -> None:
    rows = data.fresh(steps, reader_filters(), month)
    if rows.empty:
        st.caption(_("{month}还没有申报、关账或重新开放的记录。").format(month=month_text(month)))
        return
    rows = rows.assign(step_by=rows["step_by"].map(person_text))
    show_table(rows, STEPS, key="month_steps", widths=STEP_WIDTHS)
    download(_("月份办理记录"), rows, ["institution_code", *STEPS], f"{month:%Y-%m}", key="download_steps")


st.title(_("月度上报"), anchor=False)
st.caption(_("哪些机构报了这个月，哪些要催报，这个月是否已关账？"))
if is_empty():
    show_first_steps()
    st.stop()
chosen_month = choose_month()
waiting = data.as_reported(reminders, reader_filters())
tabs = st.tabs(
    [_("上报情况"), _("催报名单（{count}）").format(count=count_text(len(waiting))), _("办理记录")]
)
with tabs[0]:
    show_month(chosen_month, data.as_reported(month_states, reader_filters(), chosen_month, chosen_month))
with tabs[1]:
    show_reminders(waiting)
with tabs[2]:
    show_steps(chosen_month)
