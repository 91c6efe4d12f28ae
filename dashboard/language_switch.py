"""中文 / English, in the address as `lang`."""

import streamlit as st

from dashboard import address
from procurement.language import LANGUAGES, SOURCE_LANGUAGE, _, current_language, use_language

KEY = "lang"


def choose_language() -> None:
    """Before any word is shown: the language of the address, else the one chosen before."""
    said = address.said_anew(KEY)
    if said:
        st.session_state[KEY] = said[0] if said[0] in LANGUAGES else SOURCE_LANGUAGE
    use_language(st.session_state.get(KEY) or SOURCE_LANGUAGE)


def draw_language_switch() -> None:
    """At the foot of the sidebar; Streamlit's own words follow the mark (assets/words.js)."""
    with st.sidebar:
        st.segmented_control(
            _("语言"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key=KEY,
            required=True,
            default=None if KEY in st.session_state else SOURCE_LANGUAGE,
            width="stretch",
            label_visibility="collapsed",
            persist_state="session",
        )
        st.html(f'<span id="vbp-language" data-language="{current_language()}"></span>')
    address.write(KEY, [current_language()] if current_language() != SOURCE_LANGUAGE else [])
