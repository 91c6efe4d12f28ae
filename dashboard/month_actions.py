"""Closing a month, and opening it again with a reason: of the institutions that are chosen, or of all."""

from datetime import date

import pandas as pd
import streamlit as st

from dashboard.formats import count_text, month_text
from dashboard.ledger import engine
from dashboard.page import as_text
from dashboard.reader import require
from procurement.language import N_, _
from procurement.reporting import MonthOutcome, ReportingRefused, close, reopen

CLOSE, REOPEN = "close", "reopen"
NAMES = {CLOSE: N_("关账"), REOPEN: N_("重新开放")}
SAYS = {
    CLOSE: N_("关账后该月不再接受导入和撤回；确需更正的，须写明原因重新开放。"),
    REOPEN: N_("重新开放后机构可以更正并重新上报；原因会告知机构，并记入审计记录。"),
}
NAMED = 8
"""Institutions that a sentence names."""


def show(month: date, rows: pd.DataFrame, picked: pd.DataFrame) -> None:
    """`rows`: all of the month; `picked`: those selected in the table, all where nobody is."""
    _tell()
    is_all = picked.empty
    chosen = rows if is_all else picked
    st.segmented_control(
        _("办理事项"),
        list(NAMES),
        format_func=lambda name: _(NAMES[name]),
        key="month_action",
        default=CLOSE,
        required=True,
    )
    action = st.session_state.get("month_action") or CLOSE
    st.caption(_(SAYS[action]))
    if action == CLOSE:
        _ask_to_close(month, chosen, is_all)
    elif is_all:
        st.info(_("请先在上表中选择要重新开放的机构。"))
    else:
        _ask_to_reopen(month, picked)


def _ask_to_close(month: date, chosen: pd.DataFrame, is_all: bool) -> None:
    able = chosen[chosen["month_state"] != "closed"]
    missing = able[(able["month_state"] == "open") & able["is_asked"]]
    if able.empty:
        st.info(_("所选机构在{month}都已关账。").format(month=month_text(month)))
        return
    even_open = False
    if len(missing):
        text = _("{count}家尚未上报：{names}。")
        st.warning(text.format(count=count_text(len(missing)), names=_names(missing)))
        even_open = st.checkbox(_("连同未上报的一并关账"), key=f"even_open_{_turn()}")
    count = len(able) if even_open else len(able) - len(missing)
    codes = None if is_all else able["institution_code"].tolist()
    if is_all:
        st.caption(_("只办理部分机构的，请在上表中选择。"))
    label = _("关账：{month}，全部{count}家") if is_all else _("关账：{month}，选中的{count}家")
    st.button(
        label.format(month=month_text(month), count=count_text(count)),
        type="primary",
        disabled=count == 0,
        key="do_close",
        on_click=_close,
        args=(month, codes, even_open),
    )


def _ask_to_reopen(month: date, chosen: pd.DataFrame) -> None:
    closed = chosen[chosen["month_state"] == "closed"]
    if closed.empty:
        st.info(_("所选机构在{month}没有已关账的。").format(month=month_text(month)))
        return
    reason = st.text_input(_("原因（会告知机构）"), key=f"reopen_reason_{_turn()}", max_chars=200)
    st.button(
        _("重新开放：{month}，{count}家").format(month=month_text(month), count=count_text(len(closed))),
        type="primary",
        disabled=not reason.strip(),
        key="do_reopen",
        on_click=_reopen,
        args=(month, closed["institution_code"].tolist(), reason),
    )


def _names(rows: pd.DataFrame) -> str:
    named = _("、").join(as_text(name) for name in rows["institution_name"].head(NAMED))
    return named if len(rows) <= NAMED else _("{names}等").format(names=named)


def _turn() -> int:
    return st.session_state.get("month_turn", 0)


def _close(month: date, codes: list[str] | None, even_open: bool) -> None:
    who = require("close-month")
    _keep(CLOSE, lambda: close(engine(), month, codes, who.name, who.scope, even_open=even_open))


def _reopen(month: date, codes: list[str], reason: str) -> None:
    who = require("close-month")
    _keep(REOPEN, lambda: reopen(engine(), month, codes, reason, who.name, who.scope))


def _keep(action: str, act) -> None:  # type: ignore[no-untyped-def]
    """What became of it is told on the next run, which also starts with nothing selected."""
    try:
        st.session_state["month_told"] = (action, act())
    except ReportingRefused as refused:
        st.session_state["month_told"] = (str(refused), [])
    st.session_state["month_turn"] = _turn() + 1


def _tell() -> None:
    action, outcomes = st.session_state.pop("month_told", ("", []))
    if action not in NAMES:
        if action:
            st.error(as_text(action))
        return
    done: list[MonthOutcome] = [outcome for outcome in outcomes if not outcome.reason]
    left = [outcome for outcome in outcomes if outcome.was_open and outcome.reason]
    st.success(_("已{action}{count}家。").format(action=_(NAMES[action]), count=count_text(len(done))))
    if left:
        st.warning(
            _("{count}家没有办理：{reason}。").format(count=count_text(len(left)), reason=left[0].reason)
        )
