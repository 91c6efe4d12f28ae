"""The city's own file of policies on the page: download it, or upload one, look at it, confirm."""

from collections.abc import Sequence

import streamlit as st
from sqlalchemy import Connection

from dashboard import data
from dashboard.downloads import download_button
from dashboard.formats import count_text
from dashboard.ledger import engine
from dashboard.page import as_text
from dashboard.policy_form import FILE, TURN, attempt, effect_text, show_faults, tell
from dashboard.policy_lines import days_text
from dashboard.policy_table import markdown_table, whose_text
from dashboard.policy_words import said_text
from dashboard.reader import reader, require
from procurement.filters import Filters
from procurement.language import _
from procurement.policies import PolicyBook
from procurement.policies.own_file import OwnFile, Proposed, read_own_file, write_own_file
from procurement.policies.validity import PolicyRefused
from procurement.policy_changes import Plan, add, plan
from procurement.policy_effects import effects
from procurement.queries.policies import Recorded, recorded

TOML = "application/toml"


def offer_file(entries: Sequence[Recorded]) -> None:
    """The city's own entries as a file."""
    own = [(each.parameter, each.entry) for each in entries if each.counts]
    make = data.in_reader_language(_made, own)
    download_button(_("下载本市政策文件"), make, _("本市政策参数.toml"), TOML, key="policy_download")


def _made(own: list) -> bytes:
    return write_own_file(own).encode("utf-8")


def show_upload(book: PolicyBook) -> None:
    """Upload, what it would add, the confirmation."""
    tell(FILE)
    upload = st.file_uploader(
        _("上传本市政策文件（TOML）"), type=["toml"], key=f"policy_upload_{st.session_state.get(TURN, 0)}"
    )
    if upload is None:
        return
    found = read_own_file(upload.getvalue())
    try:
        followed, told = data.fresh(_planned_and_told, found)
    except PolicyRefused as refused:
        show_faults(_("文件没有载入，请改正以下各处后重新上传："), refused.faults)
        return
    _show_plan(book, followed, told)
    if followed.new:
        text = _("确认载入{count}条").format(count=count_text(len(followed.new)))
        if st.button(text, type="primary", key="policy_confirm"):
            attempt(FILE, lambda: _loaded(found), _("没有载入："))


def _planned_and_told(connection: Connection, found: OwnFile) -> tuple[Plan, list[str]]:
    followed = plan(connection, found.entries, by=reader().name, faults=found.faults)
    return followed, _told(connection, followed)


def _told(connection: Connection, followed: Plan) -> list[str]:
    """What each new entry would change, after those before it in the file."""
    found = effects(connection, followed.new)
    return [effect_text(each.entry, one) for each, one in zip(followed.new, found, strict=True)]


def _show_plan(book: PolicyBook, followed: Plan, told: Sequence[str]) -> None:
    if not followed.new:
        st.info(_("文件中的{count}条都已有，无需载入。").format(count=count_text(followed.known)))
        return
    says = _("检查通过：新增{new}条，已有{known}条。确认后才会写入。")
    st.success(says.format(new=count_text(len(followed.new)), known=count_text(followed.known)))
    heads = [_("参数"), _("取值"), _("层级与类别"), _("起止"), _("来源"), _("影响")]
    rows = [_planned(book, each, text) for each, text in zip(followed.new, told, strict=True)]
    with st.container(key="policies_planned"):
        st.markdown(markdown_table(heads, rows))


def _planned(book: PolicyBook, each: Proposed, text: str) -> list[str]:
    parameter, entry = book.parameters[each.parameter], each.entry
    told = [parameter.title, said_text(parameter, entry), whose_text(parameter, entry)]
    return [as_text(cell) for cell in (*told, days_text(entry), entry.source, text)]


def _loaded(found: OwnFile) -> str:
    ids, followed = add(engine(), found.entries, by=require("set-policy").name, faults=found.faults)
    says = _("已载入{new}条，原已有{known}条；各页数字已更新。")
    return says.format(new=count_text(len(ids)), known=count_text(followed.known))


def own_entries(connection: Connection, _filters: Filters) -> list[Recorded]:
    """Every entry of the province and the city, for dashboard.data."""
    return recorded(connection)
