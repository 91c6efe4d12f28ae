"""Step 3: what becomes of what is there: replaced, added to, or updated."""

from collections.abc import Sequence

import streamlit as st

from dashboard import import_said
from dashboard.formats import word_text
from etl.importing import Report
from procurement.language import N_, _

PURCHASES = "purchases"
MODES = {PURCHASES: ("replace", "add", "update"), "": ("update", "replace")}
"""What may be chosen for purchases and for lists; the first is what happens unless another is chosen."""

MEANINGS = {
    (PURCHASES, "replace"): N_("以文件为准：文件所含机构、月份和类别的原有记录全部换成文件中的记录。"),
    (PURCHASES, "add"): N_("只增加文件中的记录，原有记录一律不动；与原有记录重复的行不予载入。"),
    (PURCHASES, "update"): N_("机构、日期、产品和发票号都相同的记录换成文件中的，其余原有记录不动。"),
    ("", "update"): N_("文件中的行新增或更新，文件中没有的原有行不动。"),
    ("", "replace"): N_("以文件为准：同一批次（机构）在文件中没有的原有行撤下。"),
}


def choose_mode(reports: Sequence[Report]) -> None:
    """What becomes of what is there; purchases and lists together take the way of their kind each."""
    groups = {PURCHASES if report.kind == PURCHASES else "" for report in reports}
    if len(groups) > 1:
        st.caption(_("同时选择了采购记录和其他表：采购记录按“覆盖”，其他表按“更新”载入。"))
        return
    group = groups.pop()
    options, said = MODES[group], import_said.said()
    key = f"import_mode_{said.turn}_{group}"
    st.radio(
        _("载入方式"),
        options,
        index=options.index(said.mode) if said.mode in options else 0,
        format_func=word_text,
        captions=[_(MEANINGS[group, mode]) for mode in options],
        key=key,
        on_change=_say_mode,
        args=(key,),
    )


def _say_mode(key: str) -> None:
    import_said.say(mode=st.session_state[key])
