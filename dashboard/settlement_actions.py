"""What can be done with settlements on a page: an action, its rows, the confirmation, what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from dashboard.formats import count_text, yuan_text
from dashboard.ledger import engine
from dashboard.reader import require
from dashboard.tables import TEN_ROWS, YUAN, show_table
from procurement.filters import Filters
from procurement.language import N_, _
from procurement.settled import Outcome, outcomes_frame
from procurement.settling import advance, correct, draft, refresh
from procurement.working import SETTLEMENT


@dataclass(frozen=True)
class Action:
    """One step: its name, what it does, and whether the row may take it."""

    name: str
    says: str
    is_for: Callable[[pd.DataFrame], pd.Series]
    needs_reason: bool = False
    is_final: bool = False


def _in_state(*states: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda rows: rows["settlement_state"].isin(states)


def _unsettled(rows: pd.DataFrame) -> pd.Series:
    return (
        rows["settlement_state"].isna() & rows["retained_amount"].notna() & ~rows["is_running"].astype(bool)
    )


def _moved(rows: pd.DataFrame) -> pd.Series:
    moved = rows["is_moved"].astype("boolean").fillna(False)
    return rows["settlement_state"].isin(["confirmed", "paid"]) & moved


ACTIONS = {
    "draft": Action(N_("起草"), N_("冻结此刻的测算数字、政策与全部明细，供审核。"), _unsettled),
    "reviewed": Action(N_("审核"), N_("数字与重新测算一致的草稿通过审核。"), _in_state("draft")),
    "confirmed": Action(
        N_("确认"), N_("确认后数字不再变动，以后的差异只能另行更正。"), _in_state("reviewed"), is_final=True
    ),
    "paid": Action(N_("登记拨付"), N_("已确认的款项拨付后登记。"), _in_state("confirmed"), is_final=True),
    "refresh": Action(
        N_("重新测算"), N_("未确认的按现有数据和政策重算，回到草稿。"), _in_state("draft", "reviewed")
    ),
    "correct": Action(
        N_("更正"), N_("已确认而测算结果有变的，另起一项结算，拨付或收回差额。"), _moved, needs_reason=True
    ),
    "cancelled": Action(
        N_("作废"), N_("未确认的结算作废，可重新起草。"), _in_state("draft", "reviewed"), needs_reason=True
    ),
}
MANY = 300
"""Rows from which on a step takes long enough to be told."""

TO_DRAFT = ["institution_name", "batch", "agreement_year", "year_end", "surplus_base_amount", "score",
            "ratio", "retained_amount", "staff_amount"]  # fmt: skip
DRAFT_WIDTHS = {"institution_name": 180, "batch": 170, "agreement_year": 70, "year_end": 90,
                "surplus_base_amount": 110, "score": 70, "ratio": 70, "retained_amount": 105,
                "staff_amount": 100}  # fmt: skip
SHOWN = ["institution_name", "batch", "agreement_year", "settlement_id", "settlement_state",
         "retained_amount", "now_retained_amount", "difference_amount", "payable_amount"]  # fmt: skip
WIDTHS = {"institution_name": 185, "batch": 175, "agreement_year": 70, "settlement_id": 75,
          "settlement_state": 80, "retained_amount": 100, "now_retained_amount": 95,
          "difference_amount": 80, "payable_amount": 100}  # fmt: skip

REFUSED_WIDTHS = {"institution_name": 200, "batch": 200, "agreement_year": 70, "outcome_reason": 490}


def show(filters: Filters, rows: pd.DataFrame) -> None:
    """`rows`: settling.with_settlements, one per institution × batch × agreement year."""
    _tell()
    counts = {name: int(action.is_for(rows).sum()) for name, action in ACTIONS.items()}
    first = next((name for name, count in counts.items() if count), "draft")
    if st.session_state.get("settlement_action") is None:
        st.session_state["settlement_action"] = first
    chosen = st.segmented_control(
        _("办理事项"),
        list(ACTIONS),
        format_func=lambda name: _("{name} {count}").format(name=_(ACTIONS[name].name), count=counts[name]),
        key="settlement_action",
        required=True,
    )
    action = ACTIONS[chosen or first]
    st.caption(_(action.says))
    eligible = rows[action.is_for(rows)].reset_index(drop=True)
    if eligible.empty:
        st.info(_("当前筛选范围内没有可以“{action}”的项。").format(action=_(action.name)))
        return
    picked = _pick(eligible, chosen or first)
    _confirm(filters, eligible if picked.empty else picked, chosen or first, action, picked.empty)


def _pick(eligible: pd.DataFrame, name: str) -> pd.DataFrame:
    shown, widths = (TO_DRAFT, DRAFT_WIDTHS) if name == "draft" else (SHOWN, WIDTHS)
    key = f"settle_{name}_{st.session_state.get('settlement_round', 0)}"
    selected = show_table(eligible, shown, key=key, widths=widths, unit=YUAN, highest=TEN_ROWS, multiple=True)
    return eligible.iloc[[at for at in selected["selection"]["rows"] if at < len(eligible)]]


def _confirm(filters: Filters, rows: pd.DataFrame, name: str, action: Action, is_all: bool) -> None:
    amount = rows["payable_amount" if name == "paid" else "retained_amount"].sum()
    told = _("全部{count}项，合计{amount}") if is_all else _("选中的{count}项，合计{amount}")
    st.markdown(told.format(count=count_text(len(rows)), amount=yuan_text(amount)))
    if len(rows) > MANY:
        st.caption(_("项数较多，办理需要一两分钟，请勿关闭页面。"))
    reason, sure = "", True
    if action.needs_reason:
        reason = st.text_input(_("原因"), key=f"reason_{name}")
    if action.is_final:
        sure = st.checkbox(_("已核对，{says}").format(says=_(action.says)), key=f"sure_{name}")
    ready = sure and (bool(reason.strip()) or not action.needs_reason)
    keys = [tuple(int(part) for part in key) for key in rows[SETTLEMENT].itertuples(index=False)]
    ids = [int(number) for number in rows["settlement_id"].dropna()]
    st.button(
        _("{action}（{count}项）").format(action=_(action.name), count=count_text(len(rows))),
        type="primary",
        disabled=not ready,
        key=f"do_{name}",
        on_click=_act,
        args=(filters, name, keys, ids, reason),
    )


def _act(filters: Filters, name: str, keys: list, ids: list[int], reason: str) -> None:
    """Do it in one transaction; what is refused is told with its reason."""
    who, ledger = require("settle"), engine()
    if name == "draft":
        outcomes = draft(ledger, replace(filters, scope=who.scope), by=who.name, only=set(keys))
    elif name == "refresh":
        outcomes = refresh(ledger, ids, by=who.name, scope=who.scope)
    elif name == "correct":
        outcomes = correct(ledger, ids, by=who.name, remark=reason, scope=who.scope)
    else:
        outcomes = advance(
            ledger, ids, name, by=who.name, remark=reason, scope=who.scope, four_eyes=not who.is_demo
        )
    st.session_state["settlement_told"] = (name, outcomes)
    st.session_state["settlement_action"] = None
    st.session_state["settlement_round"] = st.session_state.get("settlement_round", 0) + 1


def _tell() -> None:
    """What became of the last action, once."""
    name, outcomes = st.session_state.pop("settlement_told", ("", []))
    if not outcomes:
        return
    done = [o for o in outcomes if not o.reason]
    if done:
        amount = sum(o.retained_amount or 0 for o in done)
        text = _("已{action}{count}项，留用金额合计{amount}。")
        said = {"action": _(ACTIONS[name].name), "count": count_text(len(done)), "amount": yuan_text(amount)}
        st.success(text.format(**said))
    refused: list[Outcome] = [o for o in outcomes if o.reason]
    if refused:
        st.warning(_("{count}项没有办理：").format(count=count_text(len(refused))))
        columns = ["institution_name", "batch", "agreement_year", "outcome_reason"]
        show_table(outcomes_frame(refused), columns, key="refused", widths=REFUSED_WIDTHS)
