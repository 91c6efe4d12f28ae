"""What a person has said of the files that are chosen: answers, meanings of headings, mode, what to skip."""

from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st


@dataclass(frozen=True)
class Said:
    """What a person has said of the files named; for other files it would be wrong.

    `turn` counts the sets of files: widgets carry it in their keys, so that they start anew with new files.
    """

    turn: int = 0
    names: frozenset[str] = frozenset()
    answers: dict[str, str] = field(default_factory=dict)
    mapping: dict[str, str] = field(default_factory=dict)
    mode: str | None = None
    skip_bad_rows: bool = False


def said_of(names: set[str]) -> Said:
    """What was said of these files; kept while one of them stays: a corrected workbook keeps its name."""
    before = st.session_state.get("import_said", Said())
    kept = before if names & before.names else Said(before.turn + 1)
    st.session_state["import_said"] = replace(kept, names=frozenset(names))
    return st.session_state["import_said"]


def said() -> Said:
    """What was said of the files of this run."""
    return st.session_state["import_said"]


def say(**more: Any) -> None:
    """Answers and meanings of headings are added to those given before; mode and skip are replaced."""
    for name in ("answers", "mapping"):
        more[name] = {**getattr(said(), name), **more.get(name, {})}
    st.session_state["import_said"] = replace(said(), **more)


def start_with(key: str, value: Any) -> None:
    """The first value of a widget, given through its state: a widget with a default cannot be cleared."""
    if key not in st.session_state:
        st.session_state[key] = value
