"""One's own months of the last year at a glance, and the declaration that nothing was bought in one."""

from datetime import date

import pandas as pd
import streamlit as st
from sqlalchemy import Connection

from dashboard.formats import count_text, day_text, month_text, word_text
from dashboard.ledger import engine
from dashboard.page import as_text
from dashboard.reader import require
from dashboard.retention_words import table_text
from procurement.filters import Filters
from procurement.language import _
from procurement.periods import add_months
from procurement.reporting import (
    ReportingRefused,
    confirm_unchanged,
    declare_nothing_bought,
    default_month,
    month_states,
)

COLOURS = {"open": "orange", "overdue": "red", "submitted": "blue", "closed": "green", "not_asked": "gray"}

MONTHS_SHOWN = 12
TALLEST = 330
"""Pixels; more institutions are scrolled."""
FEW = 6
"""Institutions that need no scrolling."""


def own_months(connection: Connection, filters: Filters) -> pd.DataFrame:
    """month_states of the twelve months up to the last one that is asked for."""
    last = default_month(connection, filters)
    return month_states(connection, filters, add_months(last, 1 - MONTHS_SHOWN), last)


def show_months(states: pd.DataFrame, waiting: pd.DataFrame) -> None:
    """A row per institution, a badge per month, and what is late or was opened again.

    `states`: own_months; `waiting`: reminders.
    """
    _tell_late(waiting)
    _tell_reopened(waiting)
    show_states(states)


def show_states(states: pd.DataFrame) -> None:
    """A row per institution, a badge per month (own_months)."""
    months = sorted(states["month"].unique())
    heads = [_("机构"), *(f"{month:%Y-%m}" for month in months)]
    rows = [
        (as_text(name), *(_badge(state) for state in own.sort_values("month")["report_state"]))
        for (_code, name), own in states.groupby(["institution_code", "institution_name"])
    ]
    with st.container(key="own_months", height=TALLEST if len(rows) > FEW else "content", border=False):
        st.markdown(table_text(heads, rows))


def _badge(state: str) -> str:
    if state == "not_asked":
        return ":gray[—]"
    return f":{COLOURS[state]}-badge[{word_text(state, 'report_state')}]"


def _tell_late(waiting: pd.DataFrame) -> None:
    late = waiting[waiting["days_overdue"] > 0]
    if late.empty:
        return
    text = _("有{count}个月已过上报期限，最早的是{institution}{month}，逾期{days}天。请尽快上报。")
    first = next(late.itertuples())
    st.error(
        text.format(
            count=count_text(len(late)),
            institution=as_text(first.institution_name),
            month=month_text(first.month),
            days=count_text(first.days_overdue),
        )
    )


def _tell_reopened(waiting: pd.DataFrame) -> None:
    for row in waiting[waiting["step_state"] == "reopened"].itertuples():
        text = _("{institution}{month}已重新开放，原因：{reason}。请在{day}前重新上报。")
        said = {
            "institution": row.institution_name,
            "month": month_text(row.month),
            "reason": row.step_reason,
        }
        day = _("规定期限") if pd.isna(row.due_on) else day_text(row.due_on)
        st.warning(text.format(**{name: as_text(value) for name, value in said.items()}, day=day))
        if row.lines:
            name = f"{row.institution_name} {row.month:%Y-%m}"
            st.button(
                _("{what}核对无误，无须更正").format(what=as_text(name)),
                key=f"unchanged_{row.institution_code}_{row.month:%Y-%m}",
                on_click=_confirm,
                args=((row.institution_code, row.month.date()), name),
            )


def tell_declaration() -> None:
    """What became of the last declaration, once."""
    if refused := st.session_state.pop("declaration_refused", None):
        st.error(as_text(refused))
    if confirmed := st.session_state.pop("confirmation_made", None):
        st.success(_("已上报：{what}核对无误，无须更正。").format(what=as_text(confirmed)))
    if declared := st.session_state.pop("declaration_made", None):
        st.success(_("已申报：{what}无采购。").format(what=as_text(declared)))


def offer_declaration(states: pd.DataFrame, waiting: pd.DataFrame) -> None:
    """An open month without purchases may be declared: otherwise it would be asked for again and again."""
    open_ones = pd.concat([states[states["month_state"] == "open"], waiting])
    open_ones = open_ones[open_ones["lines"] == 0].drop_duplicates(["institution_id", "month"])
    names = {
        (row.institution_code, row.month.date()): f"{row.institution_name} {row.month:%Y-%m}"
        for row in open_ones.sort_values(["month", "institution_code"], ascending=[False, True]).itertuples()
    }
    with st.popover(_("申报本月无采购")):
        if not names:
            st.caption(_("没有可以申报的月份：未上报且没有采购记录的月份才能申报。"))
            return
        st.caption(_("该月确实没有采购药品和耗材的，可以申报无采购，不必上传空表。"))
        chosen = st.selectbox(
            _("机构和月份"),
            list(names),
            format_func=lambda key: names.get(key, str(key)),
            index=None,
            placeholder=_("请选择"),
            key=f"declare_{st.session_state.get('declare_turn', 0)}",
        )
        st.button(
            _("确认该月无采购"),
            type="primary",
            disabled=chosen is None,
            key="declare",
            on_click=_declare,
            args=(chosen, names.get(chosen, "") if chosen else ""),
        )


def _confirm(chosen: tuple[str, date], name: str) -> None:
    who = require("report")
    try:
        confirm_unchanged(engine(), *chosen, by=who.name, scope=who.scope)
        st.session_state["confirmation_made"] = name
    except ReportingRefused as refused:
        st.session_state["declaration_refused"] = str(refused)


def _declare(chosen: tuple[str, date], name: str) -> None:
    who = require("report")
    code, month = chosen
    try:
        declare_nothing_bought(engine(), code, month, by=who.name, scope=who.scope)
    except ReportingRefused as refused:
        st.session_state["declaration_refused"] = str(refused)
        return
    st.session_state["declaration_made"] = name
    st.session_state["declare_turn"] = st.session_state.get("declare_turn", 0) + 1
