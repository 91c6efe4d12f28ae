"""Where a settlement stands: its state and steps, and which of its figures to look at, frozen or of now."""

import pandas as pd
import streamlit as st

from dashboard import address, data
from dashboard.formats import person_text, time_text, word_text, yuan_text
from dashboard.page import as_text
from dashboard.retention_words import table_text
from procurement.filters import Filters
from procurement.language import N_, _
from procurement.queries.settlements import settlements, standing, steps
from procurement.settled import frozen_working
from procurement.working import SETTLEMENT, Working

VERSIONS = {"frozen": N_("结算时的数字"), "now": N_("现在重新测算")}
COLOURS = {"draft": "gray", "reviewed": "blue", "confirmed": "green", "paid": "green", "cancelled": "gray"}


def choose_working(live: Working, filters: Filters) -> Working:
    """The working to show: as the settlement froze it, or as a recomputation gives it now."""
    own = _settlements_of(live, filters)
    counted = standing(own)
    if counted.empty:
        address.forget("version")
        st.caption(_("尚未结算，下面是按现有数据测算的结果。"))
        return live
    row = next(counted.itertuples())
    _show_state(row, own)
    address.choose("version", list(VERSIONS), "frozen")
    st.segmented_control(
        _("显示"), list(VERSIONS), format_func=lambda v: _(VERSIONS[v]), key="version", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    version = address.chosen("version", "frozen")
    _show_difference(row, live)
    return live if version == "now" else data.fresh(frozen_working, int(row.settlement_id))


def _settlements_of(live: Working, filters: Filters) -> pd.DataFrame:
    chosen = Filters(
        institutions=(live.row.institution_code,), batches=(live.row.batch,), scope=filters.scope
    )
    rows = data.fresh(settlements, chosen)
    same = [rows[name] == getattr(live.row, name) for name in SETTLEMENT]
    return rows[same[0] & same[1] & same[2]]


def state_badge(state: str) -> str:
    return f":{COLOURS[state]}-badge[{word_text(state, 'settlement_state')}]"


def _show_state(row, own: pd.DataFrame) -> None:  # type: ignore[no-untyped-def]
    told = _("结算编号{number}　留用{retained}").format(
        number=row.settlement_id, retained=yuan_text(row.retained_amount)
    )
    if not pd.isna(row.corrects):
        more = _("，更正编号{number}，本次应拨{payable}")
        told += more.format(number=row.corrects, payable=yuan_text(row.payable_amount))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{state_badge(row.settlement_state)}　{told}", width="content")
        with st.popover(_("办理记录")):
            for number in own["settlement_id"]:
                show_steps(int(number))


def show_steps(number: int) -> None:
    """Who brought a settlement to which state, and when."""
    rows = data.fresh(steps, number)
    heads = [_("状态"), _("时间"), _("经办人"), _("说明")]
    told = [
        (word_text(row.settlement_state, "settlement_state"), time_text(row.decided_at),
         person_text(row.decided_by), as_text(row.step_remark))
        for row in rows.itertuples()
    ]  # fmt: skip
    st.markdown(_("**结算编号{number}**").format(number=number))
    st.markdown(table_text(heads, told))


def _show_difference(row, live: Working) -> None:  # type: ignore[no-untyped-def]
    now = live.row.retained_amount
    if pd.isna(now):
        st.warning(_("现有数据已缺少依据，无法重新测算；已冻结的结算不受影响。"))
    elif int(now) != int(row.retained_amount):
        text = _(
            "结算后数据或政策有变动：现在重新测算为{now}，与结算相差{difference}。已冻结的数字不变，需要时在“结算办理”中更正。"
        )
        difference = int(now) - int(row.retained_amount)
        st.warning(text.format(now=yuan_text(now), difference=yuan_text(difference)))
