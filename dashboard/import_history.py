"""The history of imports, and taking one back: first what that would do, then the confirmation."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, import_preview
from dashboard.downloads import download
from dashboard.formats import count_text, person_text, word_text
from dashboard.import_effects import Effect
from dashboard.ledger import engine
from dashboard.page import as_text, reader_filters, show_cards
from dashboard.reader import reader, require
from dashboard.tables import displayed, show_table
from etl.undoing import UndoReport, undo
from procurement.language import _, current_language
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
REASONS = 5
"""Reasons against an undo that are told; each names an import to take back first."""


def show_history() -> None:
    """Every import, newest first, and below it the way to take one back."""
    history = data.frame(data.import_history, reader_filters())
    if history.empty:
        st.caption(_("还没有导入过数据。"))
        return
    if undone := st.session_state.pop("import_undone", None):
        text = _("已撤销导入 {import_id}（{file}），各页数字已更新。撤销记录编号为 {undo_id}。")
        st.success(text.format(import_id=undone.import_id, file=as_text(undone.file), undo_id=undone.undo_id))
    mode = history["import_mode"].where(history["undoes"].isna(), UNDO)
    shown = history.assign(
        undo_state=[_state(row) for row in history.itertuples()],
        import_mode=mode,
        imported_by=history["imported_by"].map(person_text),
    )
    show_table(shown, ON_PAGE, key="history", widths=WIDTHS)
    download(_("导入记录"), history, list(IMPORT_COLUMNS.values()), "", key="download_history")
    st.subheader(_("撤销一次导入"), anchor=False)
    _ask_which(history)


def _state(row: Any) -> str:
    if not pd.isna(row.undoes):
        return _("撤销编号 {number}").format(number=row.undoes)
    return "" if pd.isna(row.undone_by) else _("已由 {number} 撤销").format(number=row.undone_by)


def _ask_which(history: pd.DataFrame) -> None:
    open_ones = history[history["undoes"].isna() & history["undone_by"].isna()]
    if open_ones.empty:
        st.caption(_("没有可以撤销的导入。"))
        return
    when = displayed(open_ones["imported_at"], "imported_at").dt.strftime("%Y-%m-%d %H:%M")
    names = {
        int(row.import_id): f"{row.import_id}　{row.file_name}（{word_text(row.import_kind)}，{at}）"
        for row, at in zip(open_ones.itertuples(), when, strict=True)
    }
    st.caption(_("撤销会取消该次导入写入的内容，并恢复它所替换的内容；此后的导入若以它为基础，则不能撤销。"))
    chosen = st.selectbox(
        _("要撤销的导入"),
        list(names),
        index=None,
        format_func=lambda number: names.get(number, str(number)),
        placeholder=_("请选择一次导入"),
        key=f"undo_which_{st.session_state.get('undo_turn', 0)}",
    )
    if chosen is not None:
        _show_what_it_does(chosen)


def _show_what_it_does(import_id: int) -> None:
    """The effect, or the reason why it cannot be."""
    report = _tried(import_id)
    if report.status == "refused":
        _tell_reasons(report)
        return
    preview = report.preview
    show_cards(
        [
            (_("恢复"), count_text(preview.new), _("当时被替换、撤销后恢复的行。")),
            (_("变更"), count_text(preview.changed), _("恢复为原内容的行。")),
            (_("移除"), count_text(preview.withdrawn), _("该次导入写入、撤销后移除的行。")),
        ]
    )
    effect = Effect(report.file, preview)
    import_preview.show_months([effect], "undo_months")
    import_preview.show_differences([effect], "undo_differences")
    text = _("确认撤销导入 {number}")
    st.button(
        text.format(number=import_id), type="primary", key="undo_confirm", on_click=_undo, args=(import_id,)
    )


def _tried(import_id: int) -> UndoReport:
    """A dry run, kept until the ledger changes."""
    asked = (import_id, data.ledger_version(), current_language())
    if st.session_state.get("undo_tried_of") != asked:
        st.session_state["undo_tried"] = undo(engine(), import_id, by=reader().name, dry_run=True)
        st.session_state["undo_tried_of"] = asked
    return st.session_state["undo_tried"]


def _tell_reasons(report: UndoReport) -> None:
    lines = [f"- {as_text(reason)}" for reason in report.reasons[:REASONS]]
    if len(report.reasons) > REASONS:
        lines.append("- " + _("另有{count}次导入，须先撤销。").format(count=len(report.reasons) - REASONS))
    st.error("\n".join([_("这次导入不能撤销："), "", *lines]))


def _undo(import_id: int) -> None:
    """Done before the page is drawn again, so that its history and its choices are the new ones."""
    report = undo(engine(), import_id, by=require("undo-import").name)
    if report.status == "undone":
        st.session_state["import_undone"] = report
        st.session_state["undo_turn"] = st.session_state.get("undo_turn", 0) + 1
