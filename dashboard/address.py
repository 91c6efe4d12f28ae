"""Widgets ↔ address: a page can be sent as a link, and the browser's back button works.

Streamlit can bind a widget to the address itself, but writes the option as it reads on the screen, so
that a link would depend on the language of its sender. Here a parameter carries a code.

The rule: what the address says anew (a link, the back button) goes into the widget; else the widget's
value goes into the address. Opening another page from the menu empties the address, and that says nothing.
"""

from collections.abc import Sequence

import streamlit as st

_PAGE = "address_page"
_WRITTEN = "address_written"


def open_page(page: str) -> None:
    """Called once a run, before any widget: another page starts with nothing written."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        st.session_state[_WRITTEN] = {}


def said_anew(name: str) -> list[str] | None:
    """What the address says of `name` if it is new; None where the widget's value stands."""
    values = st.query_params.get_all(name)
    return None if values == st.session_state.get(_WRITTEN, {}).get(name, []) else values


def write(name: str, values: Sequence[str]) -> None:
    """Put `values` into the address; an empty one leaves it."""
    wanted = list(values)
    if st.query_params.get_all(name) != wanted:
        if wanted:
            st.query_params[name] = wanted
        else:
            del st.query_params[name]
    st.session_state.setdefault(_WRITTEN, {})[name] = wanted


def choose(name: str, options: Sequence[str], default: str | None) -> None:
    """Before its widget (whose key is `name`): one of `options` from the address, else as it was."""
    said = said_anew(name)
    if said is not None:
        st.session_state[name] = said[0] if said and said[0] in options else default
    elif st.session_state.get(name, default) not in (*options, None):
        st.session_state[name] = default
    st.session_state.setdefault(name, default)


def chosen(name: str, default: str | None) -> str | None:
    """After its widget: its value, written into the address unless it is the default."""
    value = st.session_state[name]
    write(name, [value] if value is not None and value != default else [])
    return value


def value(name: str, default: str) -> str:
    """Before its widget is drawn: what it will show."""
    return st.session_state.get(name) or default


def forget(name: str) -> None:
    """Where its widget is not drawn: nothing is chosen, and the address says nothing."""
    st.session_state.pop(name, None)
    write(name, [])


def follow_text(name: str) -> None:
    """Before a text input (whose key is `name`): what the address says anew."""
    said = said_anew(name)
    if said is not None:
        st.session_state[name] = said[0] if said else ""


def choose_several(name: str, options: Sequence[str]) -> None:
    """Before its widget (whose key is `name`): those of `options` that the address names anew."""
    said = said_anew(name)
    if said is not None:
        st.session_state[name] = [value for value in said if value in options]


def chosen_several(name: str) -> list[str]:
    """After its widget: its values, written into the address."""
    values = list(st.session_state.get(name) or [])
    write(name, values)
    return values
