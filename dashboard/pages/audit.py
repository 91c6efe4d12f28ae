"""审计记录: who did what, when, from where; whether the trail is whole."""

import math

import pandas as pd
import streamlit as st
from sqlalchemy import Connection

from dashboard import data
from dashboard.audit_words import with_readable_details
from dashboard.downloads import download
from dashboard.formats import count_text, day_text, label, person_text, word_text
from dashboard.page import as_text, reader_filters
from dashboard.reader import require
from dashboard.tables import show_table
from dashboard.terminal import cell_text
from procurement.checking.trail import FAULTS, LOOK_INTO
from procurement.filters import Filters
from procurement.language import _
from procurement.people import audit
from procurement.people.trail import Asked, actors, events, how_many

ON_A_PAGE = 100
TABLE_HEIGHT = 620
VERIFIED = "audit_verified"
DAYS = {"format": "YYYY-MM-DD", "min_value": pd.Timestamp("2000-01-01").date()}

SHOWN = ["event_at", "actor", "actor_role", "audit_action", "subject", "event_details", "origin"]
WIDTHS = {"event_at": 130, "actor": 120, "actor_role": 90, "audit_action": 100, "subject": 190,
          "event_details": 250, "origin": 95}  # fmt: skip
SAVED = ["event_id", *SHOWN, "event_hash"]


def ask() -> Asked:
    """The filters over the table."""
    action, actor, first, last = st.columns([3, 3, 2, 2])
    words, people = dict.fromkeys(audit.ACTIONS), data.fresh(actors)
    text = st.text_input(_("文字"), key="audit_text", placeholder=_("在对象、详情、操作人和来源地址中查找"))
    return Asked(
        action=action.selectbox(
            _("事项"), list(words), index=None, format_func=lambda each: word_text(each, "audit_action"),
            placeholder=_("全部"), key="audit_action",
        ),
        actor=actor.selectbox(
            _("操作人"), people, index=None, format_func=person_text, placeholder=_("全部"), key="audit_actor"
        ),
        first=first.date_input(_("自"), None, key="audit_first", **DAYS),
        last=last.date_input(_("至（含当日）"), None, key="audit_last", **DAYS),
        text=text,
    )  # fmt: skip


def filters_text(asked: Asked) -> str:
    """What was asked for, above the downloaded table."""
    parts = (
        (_("事项"), word_text(asked.action, "audit_action")),
        (_("操作人"), person_text(asked.actor or "")),
        (_("自"), day_text(asked.first) if asked.first else ""),
        (_("至"), day_text(asked.last) if asked.last else ""),
        (_("文字"), asked.text.strip()),
    )
    return _("；").join(
        _("{label}：{value}").format(label=label, value=value) for label, value in parts if value
    )


def show_events(asked: Asked) -> None:
    count = data.fresh(how_many, asked)
    if not count:
        st.info(_("没有符合条件的记录。可放宽上面的条件。"))
        return
    pages = math.ceil(count / ON_A_PAGE)
    told, turning = st.columns([4, 1], vertical_alignment="bottom")
    page = 1
    if pages > 1:
        page = int(turning.number_input(_("第几页"), 1, pages, 1, key=f"audit_page_{hash(asked)}"))
    says = _("共{count}条，第{page}页，共{pages}页；最近的在前。")
    told.caption(says.format(count=count_text(count), page=page, pages=count_text(pages)))
    rows = with_readable_details(data.fresh(events, asked, ON_A_PAGE, (page - 1) * ON_A_PAGE))
    key = f"audit_table_{hash((asked, page))}"
    show_table(rows, SHOWN, key=key, widths=WIDTHS, highest=TABLE_HEIGHT, on_select=nothing)
    show_chosen(rows, key)
    download(
        _("审计记录"), data.later(all_events, reader_filters(), asked), SAVED, filters_text(asked),
        key="download_audit", text=_("下载全部符合条件的记录（Excel）"),
    )  # fmt: skip


def nothing() -> None:
    """Needed by a table so that a click on a row is told to the page."""


def show_chosen(rows: pd.DataFrame, key: str) -> None:
    """The row that was clicked, in full."""
    picked = st.session_state.get(key, {}).get("selection", {}).get("rows", [])
    if not picked or picked[0] >= len(rows):
        st.caption(_("点击一行最左侧的方框，查看该条的全部内容。"))
        return
    row = rows.iloc[picked[0]]
    with st.container(border=True):
        for name in SAVED:
            if text := cell_text(row[name], name):
                st.markdown(as_text(_("{label}：{value}").format(label=label(name), value=text)))


def all_events(connection: Connection, _filters: Filters, asked: Asked) -> pd.DataFrame:
    return with_readable_details(events(connection, asked))


def verify() -> None:
    require("read-audit")
    st.session_state[VERIFIED] = data.fresh(audit.verify)


def show_verification() -> None:
    """Whether the trail is whole, on request: all of it is read for that."""
    st.button(_("校验审计记录"), on_click=verify, key="audit_verify")
    verdict = st.session_state.pop(VERIFIED, None)
    if verdict is None:
        st.caption(_("逐条核对校验码，发现改动、删去或插入的记录。末条校验码请记在别处（备份会记下）。"))
    elif verdict.fault:
        kind, number = verdict.fault
        st.error(as_text(_(FAULTS[kind]).format(number=number) + _(LOOK_INTO)))
    else:
        says = _("共{count}条，校验通过，末条校验码：")
        st.success(f"{as_text(says.format(count=count_text(verdict.events)))}`{verdict.head}`")


st.title(_("审计记录"), anchor=False)
st.caption(_("谁在何时、从哪里做了什么？记录只增加，不能修改或删除。"))
show_verification()
show_events(ask())
