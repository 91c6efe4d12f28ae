"""The one row that a page looks at more closely: chosen in the table, in a list, or by the address."""

from collections.abc import Sequence

import streamlit as st

from dashboard import address
from procurement.language import _

SEPARATOR = "｜"
"""Joins the names of a row into one text that people can read in the address and in the list."""


def choose_focus(
    label: str, names: Sequence[str], table_key: str, rows: Sequence[str], placeholder: str = ""
) -> str | None:
    """A searchable list of `names`; `rows` are those of the rows of the table `table_key`, in order."""
    options = list(dict.fromkeys(names))
    address.choose("focus", options, None)
    remember_rows(table_key, rows)
    st.selectbox(
        label,
        options,
        index=None,
        key="focus",
        placeholder=placeholder or _("输入文字查找，或点击上表一行最左侧的方框"),
        filter_mode="contains",
    )
    return address.chosen("focus", None)


def remember_rows(table_key: str, rows: Sequence[str]) -> None:
    """Which row of the table `table_key` is which, for follow_table."""
    st.session_state[_rows_key(table_key)] = list(rows)


def follow_table(table_key: str) -> None:
    """The callback of a table: the row that was clicked comes into focus."""
    chosen = st.session_state[table_key]["selection"]["rows"]
    rows = st.session_state.get(_rows_key(table_key), [])
    if chosen and chosen[0] < len(rows):
        st.session_state["focus"] = rows[chosen[0]]


def _rows_key(table_key: str) -> str:
    return f"{table_key}_rows"
