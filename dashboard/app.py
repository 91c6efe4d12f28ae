"""The page list: who is looking, language, menu, filters, then the page itself. Run by dashboard.server."""

import streamlit as st

from dashboard import address
from dashboard.filters import choose_filters
from dashboard.language_switch import choose_language, draw_language_switch
from dashboard.look import ICON, wordmark
from dashboard.navigation import pages_of
from dashboard.page import is_empty, show_signed_out
from dashboard.reader import look_up
from dashboard.reader_box import draw_reader
from dashboard.turns import turn
from procurement.language import _

choose_language()
st.set_page_config(page_title=_("集中带量采购监测"), page_icon=str(ICON), layout="wide")
st.logo(wordmark(_("集中带量采购监测")), size="large")

reader = look_up()
if reader is None:
    show_signed_out()
    st.stop()

entries = pages_of(reader)
pages = [
    st.Page(entry.file, title=_(entry.title), url_path=entry.address, default=at == 0)
    for at, entry in enumerate(entries)
]
sections: dict[str, list] = {}
for entry, shown in zip(entries, pages, strict=True):
    sections.setdefault(_(entry.section), []).append(shown)
page = st.navigation(sections, expanded=True)
entry = entries[pages.index(page)]

with turn():
    address.open_page(entry.address)
    if entry.has_filters and not is_empty():
        choose_filters()
    draw_reader(reader)
    draw_language_switch()
    page.run()
