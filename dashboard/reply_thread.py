"""What was said of one settlement, in the order in which it was said: for institutions and officials."""

import pandas as pd
import streamlit as st

from dashboard.formats import person_text, time_text, word_text
from dashboard.page import as_text
from procurement.language import _

COLOURS = {"agreed": "green", "objected": "red", "answered": "blue"}
STATE_COLOURS = {"objected": "red", "waiting": "orange", "answered": "blue", "agreed": "green"}


def show_thread(said: pd.DataFrame) -> None:
    """`said`: queries.replies.replies of one settlement."""
    if said.empty:
        st.caption(_("还没有人表示意见。"))
        return
    for row in said.itertuples():
        badge = f":{COLOURS[row.reply_stance]}-badge[{word_text(row.reply_stance, 'reply_stance')}]"
        who = _("{person}　{time}").format(
            person=as_text(person_text(row.replied_by)), time=time_text(row.replied_at)
        )
        earlier = "" if row.speaks_of_present else _("　（针对重新测算之前的数字）")
        with st.container(border=True):
            st.markdown(f"{badge}　{who}{earlier}")
            if row.reply_text:
                st.markdown(as_text(row.reply_text).replace("\n", "  \n"))


def reply_badge(state: str) -> str:
    """Whose word is awaited; nothing where nobody's is."""
    return f":{STATE_COLOURS[state]}-badge[{word_text(state, 'reply_state')}]" if state else ""
