"""医院反馈: what institutions say of their settlements, objections first, and the official's answer."""

import streamlit as st

from dashboard import data
from dashboard.downloads import download
from dashboard.formats import count_text
from dashboard.ledger import engine
from dashboard.page import as_text
from dashboard.reader import may, require
from dashboard.reply_thread import show_thread
from dashboard.tables import TEN_ROWS, YUAN, show_table
from procurement.filters import Filters
from procurement.language import _
from procurement.published import TABLES
from procurement.queries.replies import REPLY_STATES, objections, replies, reply_table
from procurement.replies import LONGEST, ReplyRefused, answer

SHOWN = ["settlement_id", "institution_name", "batch", "agreement_year", "reply_state", "retained_amount",
         "reply_text", "replied_at", "replied_by"]  # fmt: skip
WIDTHS = {"settlement_id": 72, "institution_name": 155, "batch": 140, "agreement_year": 70,
          "reply_state": 105, "retained_amount": 100, "reply_text": 165, "replied_at": 125,
          "replied_by": 95}  # fmt: skip
TOLD, ANSWER, CHOSEN = "answer_told", "answer_text", "answer_number"


def show(filters: Filters, words: str) -> None:
    """Nothing but a sentence while nobody was asked."""
    st.subheader(_("医院反馈"), anchor=False)
    _tell()
    rows = data.fresh(reply_table, filters)
    rows = rows[rows["reply_state"] != ""]
    said = data.fresh(replies, filters)
    if rows.empty and said.empty:
        st.caption(_("审核后的结算由机构核对；同意、异议和答复显示在这里。目前没有等待核对的结算。"))
        return
    order = rows["reply_state"].map({state: place for place, state in enumerate(REPLY_STATES)})
    rows = rows.assign(order=order).sort_values(["order", "settlement_id"], ignore_index=True)
    counts = rows["reply_state"].value_counts()
    text = _(
        "有异议待答复{objected}项，待机构核对{waiting}项，已答复{answered}项，已同意{agreed}项。异议答复后才能确认。"
    )
    st.caption(text.format(**{state: count_text(counts.get(state, 0)) for state in REPLY_STATES}))
    if len(rows):
        show_table(rows, SHOWN, key="replies_table", widths=WIDTHS, unit=YUAN, highest=TEN_ROWS)
    saved = list(TABLES["replies"].columns.values())
    download(_("医院反馈"), said, saved, words, key="download_replies")
    numbers = list(dict.fromkeys([*rows["settlement_id"], *said["settlement_id"]]))
    waiting = set(rows.loc[objections(rows), "settlement_id"])
    first = next((number for number in numbers if number in waiting), None)
    if CHOSEN not in st.session_state or st.session_state[CHOSEN] not in numbers:
        st.session_state[CHOSEN] = first
    number = st.selectbox(
        _("查看往来"), numbers, index=None, key=CHOSEN, placeholder=_("选择结算编号"), width=300,
        format_func=lambda n: _("编号{number}").format(number=n),
    )  # fmt: skip
    if number is not None:
        show_thread(said[said["settlement_id"] == number])
        if number in waiting and may("answer-reply"):
            _ask(int(number))


def _ask(number: int) -> None:
    st.text_area(_("答复"), key=ANSWER, max_chars=LONGEST, height=90)
    st.button(_("答复异议"), type="primary", key="answer", on_click=_act, args=(number,))


def _act(number: int) -> None:
    who = require("answer-reply")
    try:
        answer(engine(), number, st.session_state.get(ANSWER, ""), by=who.name, scope=who.scope)
    except (ReplyRefused, LookupError) as refused:
        st.session_state[TOLD] = ("error", str(refused))
        return
    st.session_state[TOLD] = ("success", _("已答复结算编号{number}的异议。").format(number=number))
    st.session_state[ANSWER] = ""


def _tell() -> None:
    kind, text = st.session_state.pop(TOLD, ("", ""))
    if text:
        (st.error if kind == "error" else st.success)(as_text(text))
