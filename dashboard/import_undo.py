"""Taking an import back: first what that would do, or why it cannot be, then the confirmation."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import data, import_preview
from dashboard.formats import count_text, word_text
from dashboard.import_effects import Effect
from dashboard.import_permits import Permit
from dashboard.ledger import engine
from dashboard.page import as_text, show_cards
from dashboard.reader import reader, require
from dashboard.tables import displayed
from etl.undoing import UndoReport, undo
from procurement.language import N_, _, current_language

REASONS = 5
"""Reasons against an undo that are told; each names an import to take back first."""


@dataclass(frozen=True)
class Words:
    """How a page speaks of taking back: an official undoes an import, an institution withdraws its report."""

    none: str = N_("没有可以撤销的导入。")
    says: str = N_("撤销会取消该次导入写入的内容，并恢复它所替换的内容；此后的导入若以它为基础，则不能撤销。")
    which: str = N_("要撤销的导入")
    choose: str = N_("请选择一次导入")
    confirm: str = N_("确认撤销导入 {number}")
    cannot: str = N_("这次导入不能撤销：")
    done: str = N_("已撤销导入 {import_id}（{file}），各页数字已更新。撤销记录编号为 {undo_id}。")


UNDO = Words()
WITHDRAW = Words(
    none=N_("没有可以撤回的上报。"),
    says=N_("撤回会取消该次上报写入的内容，并恢复它所替换的内容；所属月份已关账的，不能撤回。"),
    which=N_("要撤回的上报"),
    choose=N_("请选择一次上报"),
    confirm=N_("确认撤回上报 {number}"),
    cannot=N_("这次上报不能撤回："),
    done=N_("已撤回上报 {import_id}（{file}），各页数字已更新。撤回记录编号为 {undo_id}。"),
)


def tell_undone(words: Words) -> None:
    """What was just taken back, once."""
    if undone := st.session_state.pop("import_undone", None):
        told = {"import_id": undone.import_id, "file": as_text(undone.file), "undo_id": undone.undo_id}
        st.success(_(words.done).format(**told))


def ask_which(open_ones: pd.DataFrame, permit: Permit, words: Words) -> None:
    """`open_ones`: imports in force (import_id, file_name, import_kind, imported_at)."""
    if open_ones.empty:
        st.caption(_(words.none))
        return
    when = displayed(open_ones["imported_at"], "imported_at").dt.strftime("%Y-%m-%d %H:%M")
    names = {
        int(row.import_id): f"{row.import_id}　{row.file_name}（{word_text(row.import_kind)}，{at}）"
        for row, at in zip(open_ones.itertuples(), when, strict=True)
    }
    st.caption(_(words.says))
    chosen = st.selectbox(
        _(words.which),
        list(names),
        index=None,
        format_func=lambda number: names.get(number, str(number)),
        placeholder=_(words.choose),
        key=f"undo_which_{st.session_state.get('undo_turn', 0)}",
    )
    if chosen is not None:
        _show_what_it_does(chosen, permit, words)


def _show_what_it_does(import_id: int, permit: Permit, words: Words) -> None:
    """The effect, or the reason why it cannot be."""
    report = _tried(import_id)
    if report.status == "refused":
        _tell_reasons(report, words)
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
    st.button(
        _(words.confirm).format(number=import_id),
        type="primary",
        key="undo_confirm",
        on_click=_undo,
        args=(import_id, permit),
    )


def _tried(import_id: int) -> UndoReport:
    """A dry run, kept until the ledger changes."""
    asked = (import_id, data.ledger_version(), current_language())
    if st.session_state.get("undo_tried_of") != asked:
        who = reader()
        tried = undo(engine(), import_id, by=who.name, dry_run=True, scope=who.scope)
        st.session_state["undo_tried"] = tried
        st.session_state["undo_tried_of"] = asked
    return st.session_state["undo_tried"]


def _tell_reasons(report: UndoReport, words: Words) -> None:
    lines = [f"- {as_text(reason)}" for reason in report.reasons[:REASONS]]
    if len(report.reasons) > REASONS:
        lines.append("- " + _("另有{count}次导入，须先撤销。").format(count=len(report.reasons) - REASONS))
    st.error("\n".join([_(words.cannot), "", *lines]))


def _undo(import_id: int, permit: Permit) -> None:
    """Done before the page is drawn again, so that its history and its choices are the new ones."""
    who = require(permit.undo_action)
    report = undo(engine(), import_id, by=who.name, scope=who.scope)
    if report.status == "undone":
        st.session_state["import_undone"] = report
        st.session_state["undo_turn"] = st.session_state.get("undo_turn", 0) + 1
