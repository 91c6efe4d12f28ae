"""Whose a Streamlit session, an upload or a media file is.

Streamlit keeps this to itself: the look-up uses attributes that are not promised to stay, so pyproject pins
its minor version and tests/dashboard/attacks fails where they have gone. What cannot be told is nobody's.
"""

from pathlib import PurePosixPath
from typing import Any

from streamlit.runtime import exists, get_instance

from dashboard.reader import SIGN_IN


def owns_session(sign_in: str, session_id: str) -> bool:
    """Whether the Streamlit session, connected or not, was opened by this sign-in."""
    return session_id in _sessions(sign_in)


def owns_media(sign_in: str, file_name: str) -> bool:
    """Whether a page of this sign-in shows the media file (an image, never a download of ours)."""
    file_id = PurePosixPath(file_name).stem
    held = _runtime().media_file_mgr._files_by_session_and_coord if exists() else {}  # noqa: SLF001
    return any(file_id in held.get(session_id, {}).values() for session_id in _sessions(sign_in))


def held_megabytes(sign_in: str) -> float:
    """What the uploads of this sign-in take of the server's memory, over all its tabs."""
    if not exists():
        return 0
    held = _runtime().uploaded_file_mgr.file_storage
    files = (file for session_id in _sessions(sign_in) for file in list(held.get(session_id, {}).values()))
    return sum(len(file.data) for file in files) / 1_000_000


def _sessions(sign_in: str) -> set[str]:
    """Numbers of the sessions of this sign-in."""
    if not exists():
        return set()
    manager = _runtime()._session_mgr  # noqa: SLF001
    sessions = [info.session for info in manager.list_sessions()]
    return {session.id for session in sessions if session._user_info.get(SIGN_IN) == sign_in}  # noqa: SLF001


def _runtime() -> Any:
    return get_instance()
