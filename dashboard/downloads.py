"""Downloads: every table as a workbook, made when somebody clicks, not before."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import pandas as pd
import streamlit as st

from dashboard.exports.sheets import sheet_bytes
from procurement.language import _, current_language, in_language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

Rows: TypeAlias = pd.DataFrame | Callable[[], pd.DataFrame]
"""Rows of a file, or how to get them when somebody asks for it."""


def download(
    title: str, rows: Rows, columns: Sequence[str], filters_text: str, *, key: str, text: str = ""
) -> None:
    """A button that makes the workbook when it is clicked, not before."""
    language = current_language()

    def make() -> bytes:
        with in_language(language):
            return sheet_bytes(title, rows() if callable(rows) else rows, list(columns), filters_text)

    download_button(text or _("下载Excel"), make, f"{title}.xlsx", XLSX, key=key)


def download_button(
    text: str, make: Callable[[], bytes], file_name: str, mime: str, *, key: str, **more: Any
) -> None:
    """A deferred download: the page does not wait for files that nobody asks for."""
    st.download_button(text, make, file_name, mime, key=key, on_click="ignore", **more)
