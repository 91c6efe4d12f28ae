"""核对: one's own settlements, how each was worked out, and one's word on it: agreed, or why not."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import address, data, working_section
from dashboard.downloads import download
from dashboard.formats import amount_text, count_text, yuan_text
from dashboard.ledger import engine
from dashboard.own_institutions import choose_institution, group_name, own_institutions
from dashboard.page import as_text, show_cards
from dashboard.reader import may, require
from dashboard.reply_thread import reply_badge, show_thread
from dashboard.settlement_state import show_steps, state_badge
from dashboard.statement_downloads import offer_statement
from dashboard.tables import YUAN, show_table
from procurement.filters import Filters
from procurement.language import _
from procurement.queries.replies import AWAITED, AWAITED_IN, replies, reply_table, working_hash
from procurement.queries.settlements import standing
from procurement.replies import LONGEST, ReplyRefused, reply
from procurement.settled import frozen_working

SHOWN = ["settlement_id", "batch", "agreement_year", "settlement_state", "reply_state", "surplus_base_amount",
         "retained_amount", "payable_amount", "decided_at"]  # fmt: skip
WIDTHS = {"settlement_id": 75, "institution_name": 150, "batch": 165, "agreement_year": 75,
          "settlement_state": 80, "reply_state": 120, "surplus_base_amount": 115, "retained_amount": 110,
          "payable_amount": 110, "decided_at": 130}  # fmt: skip
SAVED = ["settlement_id", "institution_code", "institution_name", "batch", "agreement_year",
         "settlement_state", "reply_state", "surplus_base_amount", "score", "ratio", "retained_amount",
         "staff_amount", "development_amount", "payable_amount", "reply_text", "replied_at",
         "replied_by"]  # fmt: skip
CHOSEN, TOLD, OBJECTION = "settlement", "reply_told", "objection_text"


def act(number: int, stance: str, seen: str) -> None:
    """Agree or object, of the figures that are on the page."""
    who = require("reply-settlement")
    text = st.session_state.get(OBJECTION, "") if stance == "objected" else ""
    try:
        reply(engine(), number, stance, text, by=who.name, scope=who.scope, seen=seen)
    except (ReplyRefused, LookupError) as refused:
        st.session_state[TOLD] = ("error", str(refused))
        return
    said = (
        _("已同意结算编号{number}。") if stance == "agreed" else _("已对结算编号{number}提出异议，等待答复。")
    )
    st.session_state[TOLD] = ("success", said.format(number=number))
    st.session_state[OBJECTION] = ""


def tell() -> None:
    kind, text = st.session_state.pop(TOLD, ("", ""))
    if text:
        (st.error if kind == "error" else st.success)(as_text(text))


def ask(row: Any, seen: str) -> None:
    """The two buttons, where it is the institution's turn or it may change its mind."""
    if row.settlement_state != AWAITED_IN or not row.reply_state:
        return
    if not may("reply-settlement"):
        st.caption(_("同意或提出异议，由机构负责人的账号办理。"))
        return
    number = int(row.settlement_id)
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    with left:
        st.button(
            _("同意"), type="primary", key="agree", width="stretch", disabled=row.reply_state == "agreed",
            on_click=act, args=(number, "agreed", seen),
        )  # fmt: skip
    with right, st.popover(_("提出异议"), width="stretch"):
        st.text_area(_("异议的理由"), key=OBJECTION, max_chars=LONGEST,
                     placeholder=_("写明哪个品种、哪笔采购或哪项数字有误，应为多少"))  # fmt: skip
        st.button(_("提交异议"), type="primary", key="object", on_click=act, args=(number, "objected", seen))


def choose(rows: pd.DataFrame) -> int:
    """The settlement that is looked at: the first that waits, unless another is chosen."""
    names = {
        str(row.settlement_id): _("编号{number}　{institution}　{batch}　第{year}年度").format(
            number=row.settlement_id,
            institution=row.institution_name,
            batch=row.batch,
            year=row.agreement_year,
        )
        for row in rows.itertuples()
    }
    first = next(iter(names))
    address.choose(CHOSEN, list(names), first)
    st.selectbox(
        _("核对哪一项"), list(names), format_func=names.__getitem__, key=CHOSEN, filter_mode="contains"
    )
    return int(address.chosen(CHOSEN, first) or first)


def show_one(filters: Filters, row: Any, is_standing: bool) -> None:
    number = int(row.settlement_id)
    told = _("结算编号{number}　留用{retained}").format(
        number=number, retained=yuan_text(row.retained_amount)
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        badges = f"{state_badge(row.settlement_state)} {reply_badge(row.reply_state)}"
        st.markdown(f"{badges}　{told}", width="content")
        with st.popover(_("办理记录")):
            show_steps(number)
    show_thread(data.fresh(replies, filters).query("settlement_id == @number"))
    working, seen = data.fresh(frozen_working, number), data.fresh(working_hash, number)
    ask(row, seen)
    working_section.show_head(working)
    working_section.show_steps(working)
    if is_standing:  # the file is of the settlement that counts
        offer_statement(filters, working)
    working_section.show_lines(working)
    working_section.show_evidence(working, filters, group_name(own))


own = own_institutions()
st.title(_("核对"), anchor=False)
st.caption(
    _(
        "医保部门审核后、确认前，请核对贵机构的结余留用结算：同意，或写明理由提出异议。"
        "异议答复之前不会确认；没有表示意见的，医保部门可以确认。重新测算过的须再次核对。"
    )
)
filters = choose_institution(own)
rows = data.fresh(reply_table, filters)
tell()
if rows.empty:
    st.info(_("还没有结算。协议年度结束、医保部门起草结算后，会显示在这里。"))
    st.stop()

order = {state: place for place, state in enumerate(("waiting", "answered", "objected", "agreed", ""))}
rows = rows.assign(order=rows["reply_state"].map(order))
rows = rows.sort_values(["order", "settlement_id"], ascending=[True, False], ignore_index=True)
asked = rows["settlement_state"] == AWAITED_IN
turn = asked & rows["reply_state"].isin(AWAITED)
show_cards([
    (_("待核对"), count_text(turn.sum()), _("已审核，等待贵机构同意或提出异议。")),
    (_("有异议待答复"), count_text((rows["reply_state"] == "objected").sum()), _("等待医保部门答复。")),
    (_("已同意"), count_text((rows["reply_state"] == "agreed").sum()), _("贵机构已同意现有数字的结算。")),
    (_("待核对的留用金额"), amount_text(rows.loc[turn, "retained_amount"].sum()),
     _("待核对各项的留用金额合计。")),
])  # fmt: skip
names = ["institution_name"] if len(own) > 1 and not filters.institutions else []
shown = [name for name in SHOWN if not names or name not in ("surplus_base_amount", "decided_at")]
show_table(rows, [shown[0], *names, *shown[1:]], key="own_settlements", widths=WIDTHS, unit=YUAN)
download(_("结算核对"), rows, SAVED, group_name(own), key="download_own_settlements")
number = choose(rows)
is_standing = number in set(standing(rows)["settlement_id"])
show_one(filters, next(rows[rows["settlement_id"] == number].itertuples()), is_standing)
