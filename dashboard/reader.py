"""Who looks at this page. The gate has proved who holds the sign-in; here it is looked up again at every run.

Headers and cookies are frozen when the websocket opens: somebody who signed out, or was disabled, since then
is told so at the next click, and can do nothing more.
"""

import streamlit as st

from dashboard.ledger import engine
from dashboard.turns import step_aside
from procurement.people.acting import act_as
from procurement.people.permissions import NotAllowed
from procurement.people.readers import Reader, Scope
from procurement.people.signing_in import reader_of

SIGN_IN = "sign_in"
"""Key of st.user, from the header that the gate sets: the hash of the token."""

_KEPT = "reader"


class NotSignedIn(NotAllowed):
    """The sign-in has ended."""


def look_up() -> Reader | None:
    """Who is signed in now, asked of the ledger; from here on the trail names them."""
    hashed = st.user.get(SIGN_IN)
    found = reader_of(engine(), str(hashed)) if hashed else None
    if found is not None and found.must_change_password:
        found = None
    st.session_state[_KEPT] = found
    act_as(found.actor if found else None)
    return found


def reader() -> Reader:
    """Who this run was begun for; NotSignedIn where nobody is."""
    found = st.session_state.get(_KEPT)
    if found is None:
        raise NotSignedIn
    return found


def scope() -> Scope:
    """The institutions that may be shown; nothing where nobody is signed in."""
    found = st.session_state.get(_KEPT)
    return found.scope if found is not None else ()


def may(action: str) -> bool:
    """Whether to offer an action at all; doing it asks `require`."""
    return reader().may(action)


def require(action: str) -> Reader:
    """Who is doing this: looked up now, NotAllowed unless they may. The first line of every action, which
    others need not wait for."""
    step_aside()
    found = look_up()
    if found is None:
        raise NotSignedIn
    found.require(action)
    return found
