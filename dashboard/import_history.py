"""The history of imports, and below it the way to take one back (import_undo)."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, import_undo
from dashboard.downloads import download
from dashboard.formats import person_text
from dashboard.import_permits import IMPORTING
from dashboard.page import reader_filters
from dashboard.reader import reader
from dashboard.tables import show_table
from procurement.language import _
from procurement.queries.imports import IMPORT_COLUMNS
from procurement.tables.imports import UNDO

ON_PAGE = [
    "import_id",
    "imported_at",
    "file_name",
    "import_mode",
    "new_rows",
    "changed_rows",
    "withdrawn_rows",
    "imported_by",
    "undo_state",
]
WIDTHS = {
    "import_id": 105,
    "imported_at": 130,
    "file_name": 275,
    "import_mode": 80,
    "imported_by": 95,
    "undo_state": 110,
}


def show_history() -> None:
    """Every import, newest first, and below it the way to take one back."""
    history = data.frame(data.import_history, reader_filters())
    if history.empty:
        st.caption(_("还没有导入过数据。"))
        return
    import_undo.tell_undone(import_undo.UNDO)
    mode = history["import_mode"].where(history["undoes"].isna(), UNDO)
    shown = history.assign(
        undo_state=[_state(row) for row in history.itertuples()],
        import_mode=mode,
        imported_by=history["imported_by"].map(person_text),
    )
    show_table(shown, ON_PAGE, key="history", widths=WIDTHS)
    download(_("导入记录"), history, list(IMPORT_COLUMNS.values()), "", key="download_history")
    st.subheader(_("撤销一次导入"), anchor=False)
    open_ones = history[history["undoes"].isna() & history["undone_by"].isna()]
    if not reader().is_whole_city:
        open_ones = open_ones[open_ones["import_kind"] == "purchases"]
    import_undo.ask_which(open_ones, IMPORTING, import_undo.UNDO)


def _state(row: Any) -> str:
    if not pd.isna(row.undoes):
        return _("撤销编号 {number}").format(number=row.undoes)
    return "" if pd.isna(row.undone_by) else _("已由 {number} 撤销").format(number=row.undone_by)
