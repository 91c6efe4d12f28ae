"""未完成原因: which agreed volumes are not being bought as they should, and why, as the institution says."""

import pandas as pd
import streamlit as st

from dashboard import address, data, views
from dashboard.downloads import download
from dashboard.formats import count_text, word_text
from dashboard.ledger import engine
from dashboard.own_institutions import choose_institution, group_name, own_institutions
from dashboard.page import as_text, show_cards
from dashboard.reader import may, require
from dashboard.tables import TEN_ROWS, show_table
from procurement.language import N_, _
from procurement.queries.shortfalls import shortfall_reasons, with_reasons
from procurement.shortfalls import LONGEST, Key, ReasonRefused, explain, short_of
from procurement.tables.reporting import SHORTFALL_REASONS

SHOWN = ["batch", "variety", "agreed_equivalent", "bought_equivalent", "rate", "time_progress", "status",
         "shortfall_reason", "explained_at"]  # fmt: skip
OPEN = SHOWN[:-2]
WIDTHS = {"institution_name": 160, "batch": 150, "variety": 165, "agreed_equivalent": 100,
          "bought_equivalent": 95, "rate": 105, "time_progress": 75, "status": 75, "shortfall_reason": 105,
          "explained_at": 128}  # fmt: skip
SAID = ["batch", "variety", "agreement_year", "shortfall_reason", "shortfall_text", "explained_at",
        "explained_by"]  # fmt: skip
SAID_WIDTHS = {"institution_name": 150, "batch": 140, "variety": 160, "agreement_year": 75,
               "shortfall_reason": 110, "shortfall_text": 240, "explained_at": 130,
               "explained_by": 100}  # fmt: skip
SHOWS = {"open": N_("待说明"), "all": N_("全部")}

TOLD, ROUND = "shortfall_told", "shortfall_round"


def keys_of(rows: pd.DataFrame) -> list[Key]:
    names = ["institution_code", "variety_id", "agreement_year"]
    return [
        (str(code), int(variety), int(year)) for code, variety, year in rows[names].itertuples(index=False)
    ]


def save(keys: list[Key]) -> None:
    """One reason for what is selected."""
    who = require("explain-shortfall")
    reason, text = st.session_state["shortfall_reason"], st.session_state["shortfall_text"]
    try:
        count = explain(engine(), keys, reason, text, by=who.name, scope=who.scope)
    except ReasonRefused as refused:
        st.session_state[TOLD] = ("error", str(refused))
        return
    said = _("已保存{count}项的原因：{reason}。")
    told = said.format(count=count_text(count), reason=word_text(reason, "shortfall_reason"))
    st.session_state[TOLD] = ("success", told)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.session_state["shortfall_text"] = ""


def tell() -> None:
    kind, text = st.session_state.pop(TOLD, ("", ""))
    if text:
        (st.error if kind == "error" else st.success)(as_text(text))


def ask(rows: pd.DataFrame) -> None:
    """The table to choose from, and the reason."""
    key = f"short_{st.session_state.get(ROUND, 0)}"
    columns = shown if rows["shortfall_reason"].notna().any() else [name for name in shown if name in OPEN]
    selected = show_table(rows, [*names, *columns], key=key, widths=WIDTHS, highest=TEN_ROWS, multiple=True)
    picked = rows.iloc[[at for at in selected["selection"]["rows"] if at < len(rows)]]
    if not may("explain-shortfall"):
        return
    left, right = st.columns([1, 2])
    with left:
        st.selectbox(
            _("原因"),
            SHORTFALL_REASONS,
            format_func=lambda reason: word_text(reason, "shortfall_reason"),
            key="shortfall_reason",
        )
    with right:
        st.text_area(_("补充说明（选择“其他”时必填）"), key="shortfall_text", max_chars=LONGEST, height=80)
    label = _("保存（{count}项）").format(count=count_text(len(picked)))
    st.button(
        label,
        type="primary",
        disabled=picked.empty,
        key="save_reason",
        on_click=save,
        args=(keys_of(picked),),
    )
    if picked.empty:
        st.caption(_("先在表中勾选一项或几项，再填写它们共同的原因。"))


own = own_institutions()
st.title(_("未完成原因"), anchor=False)
st.caption(
    _("哪些约定采购量落后于时间进度，或按现在的速度完不成，是什么原因？医保部门据此协调供应、核对报量。")
)
filters = choose_institution(own)
names = ["institution_name"] if len(own) > 1 and not filters.institutions else []
shown = [name for name in SHOWN if not names or name not in ("agreed_equivalent", "bought_equivalent")]
reasons = data.fresh(shortfall_reasons, filters)
rows = with_reasons(short_of(data.frame(views.current_completion, filters)), reasons)
missing = rows["shortfall_reason"].isna()
tell()
show_cards([
    (_("待说明"), count_text(missing.sum()), _("滞后或有风险、还没有说明原因的品种。")),
    (_("已说明"), count_text((~missing).sum()),
     _("滞后或有风险、已经说明原因的品种；可以再次说明，以最近一次为准。")),
    (word_text("behind"), count_text((rows["status"] == "behind").sum()), _("完成率明显低于时间进度。")),
    (word_text("at_risk"), count_text((rows["status"] == "at_risk").sum()),
     _("按最近的采购速度，协议年度内不能完成。")),
])  # fmt: skip
if rows.empty:
    st.success(_("当前协议年度没有滞后或有风险的品种，不需要说明。"))
else:
    address.choose("show", list(SHOWS), "open")
    st.segmented_control(
        _("显示"), list(SHOWS), format_func=lambda name: _(SHOWS[name]), key="show", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    chosen = rows if address.chosen("show", "open") == "all" else rows[missing]
    if chosen.empty:
        st.success(_("都已说明。"))
    else:
        ask(chosen.reset_index(drop=True))

st.subheader(_("说明记录"), anchor=False)
if reasons.empty:
    st.caption(_("还没有说明过。"))
else:
    show_table(reasons, [*names, *SAID], key="reasons", widths=SAID_WIDTHS)
    saved = ["institution_code", "institution_name", *SAID]
    download(_("未完成原因"), reasons, saved, group_name(own), key="download_reasons")
