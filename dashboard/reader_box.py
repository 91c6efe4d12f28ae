"""Who is signed in, at the foot of the sidebar, with the way to the own account and out."""

from html import escape

import streamlit as st

from dashboard.formats import count_text, word_text
from procurement.language import _
from procurement.people.readers import Reader


def draw_reader(reader: Reader) -> None:
    name = escape(reader.full_name or reader.name)
    role = escape(f"{word_text(reader.role)} · {scope_text(reader)}")
    link = f'<a href="./account">{escape(_("账号与退出"))}</a>'
    with st.sidebar:
        st.html(f'<div class="vbp-reader"><b>{name}</b><span>{role}</span>{link}</div>')


def scope_text(reader: Reader) -> str:
    """What the reader sees, in a word."""
    if reader.scope is None:
        return _("全市")
    return _("{count}家机构").format(count=count_text(len(reader.scope)))
