"""Whose pages these are: the one institution of the reader, or the one of a group that is looked at."""

import pandas as pd
import streamlit as st

from dashboard import address, data
from dashboard.page import reader_filters
from procurement.filters import Filters
from procurement.language import _
from procurement.queries.register import institutions

CHOSEN = "institution"
NOBODY = ""


def own_institutions() -> pd.DataFrame:
    """The reader's institutions; says what to do, and stops, where there is none."""
    rows = data.frame(institutions, reader_filters())
    if rows.empty:
        st.info(_("您的账号还没有对应的机构，请联系系统管理员。"))
        st.stop()
    return rows


def group_name(rows: pd.DataFrame) -> str:
    """The institution's name; of a group that of its chain, else how many they are."""
    if len(rows) == 1:
        return str(rows["institution_name"].iloc[0])
    chains = rows["chain"].fillna("").unique()
    if len(chains) == 1 and chains[0]:
        return str(chains[0])
    return _("{count}家机构").format(count=len(rows))


def choose_institution(rows: pd.DataFrame) -> Filters:
    """All of the reader's institutions, or the one that is chosen; a single one needs no choice."""
    if len(rows) == 1:
        return chosen_filters(str(rows["institution_code"].iloc[0]))
    names = {NOBODY: _("全部{count}家机构").format(count=len(rows))}
    names |= dict(zip(rows["institution_code"], rows["institution_name"], strict=True))
    address.choose(CHOSEN, list(names), NOBODY)
    st.selectbox(
        _("医药机构"),
        list(names),
        format_func=names.__getitem__,
        key=CHOSEN,
        filter_mode="contains",
        width=420,
    )
    return chosen_filters(address.chosen(CHOSEN, NOBODY) or NOBODY)


def chosen_filters(code: str) -> Filters:
    """No other filter than the institution."""
    return Filters(institutions=(code,) if code else (), scope=reader_filters().scope)
