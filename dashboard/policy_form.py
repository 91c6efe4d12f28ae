"""The form of one parameter: add an entry, with what it would change, or take one back with a reason."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from dashboard import data
from dashboard.formats import count_text, day_text
from dashboard.ledger import engine
from dashboard.page import as_text
from dashboard.policy_fields import DAYS, ask_number, ask_value
from dashboard.policy_lines import days_text
from dashboard.policy_words import category_text, level_text, said_text
from dashboard.reader import reader, require
from procurement.language import N_, _
from procurement.policies import Limit, Parameter, PolicyBook, PolicyError, Value
from procurement.policies.own_file import Proposed
from procurement.policies.units import NUMBERS
from procurement.policies.validity import OWN_LEVELS, Entry, PolicyRefused, own_faults
from procurement.policy_changes import add, withdraw
from procurement.policy_effects import Effect, effects
from procurement.queries.policies import Recorded
from procurement.tables.register import CATEGORIES

KINDS = {"value": N_("取值"), "limit": N_("上下限")}
FORM, FILE = "form", "file"
"""Places that a change is made and told in."""
TOLD, TURN = "policies_told", "policies_turn"
NOT_YET = "—"
"""Stands for a source that is still to be written, while the rest is looked at."""

EFFECTS = {
    "years": N_(
        "{days}，这段时间内开始的协议年度有{occasions}个，涉及机构核算{weight}项，其中{changed}项的取值将改变。"
        "已确认的结算不变。"
    ),
    "awards": N_(
        "{days}，这段时间内开始的外省中选结果有{weight}条，其中{changed}条的取值将改变，有关采购随即重新归集。"
    ),
    "accounts": N_("{days}，这段时间内的包干账户（机构×年度）有{weight}个，其中{changed}个的取值将改变。"),
    "changed": N_("{days}，按测算日取值：当前测算日的取值将改变，有关数字随之更新。"),
    "same": N_("{days}，按测算日取值：当前测算日的取值不变。"),
}


def tell(place: str) -> None:
    """What came of the last change, once, beside the fields that it was made with."""
    if st.session_state.get(TOLD, ("", ""))[0] == place:
        st.success(as_text(st.session_state.pop(TOLD)[1]))


def attempt(place: str, act: Callable[[], str], refused: str) -> None:
    """Do it and tell of it on the page as it is drawn anew, with fresh fields; what is refused is told in its
    place, and nothing is written."""
    try:
        done = act()
    except PolicyRefused as problem:
        show_faults(refused, problem.faults)
        return
    st.session_state[TOLD] = (place, done)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.rerun()


def show_faults(heading: str, faults: Sequence[str]) -> None:
    st.error("\n".join([heading, "", *(f"- {as_text(fault)}" for fault in faults)]))


def show_addition(book: PolicyBook, parameter: Parameter, day: date) -> None:
    """The fields of a new entry, what it would change, and the button that adds it."""
    key = f"policy_{parameter.name}_{st.session_state.get(TURN, 0)}"
    with st.container(border=True):
        st.markdown(_("**增加一条**"))
        is_limit = _ask_kind(parameter, key)
        dated = _ask_days(parameter, key)
        entry = _ask_said(parameter, day, is_limit, dated, key)
        if st.button(_("保存"), type="primary", key=f"{key}_save"):
            if dated["from_date"] is None:
                show_faults(_("没有保存："), [_("请选择生效日期。")])
            else:
                attempt(FORM, lambda: _added(Proposed(parameter.name, entry)), _("没有保存："))
        elif dated["from_date"] is not None:
            _preview(book, Proposed(parameter.name, entry))


def _ask_kind(parameter: Parameter, key: str) -> bool:
    if parameter.unit not in NUMBERS:
        return False
    kind = st.segmented_control(
        _("内容"),
        list(KINDS),
        default="value",
        format_func=lambda kind: _(KINDS[kind]),
        required=True,
        key=f"{key}_kind",
        help=_("上下限约束本级和下级的取值：超出的取值不能保存，此前已有的按上下限取值。"),
    )
    return kind == "limit"


def _ask_days(parameter: Parameter, key: str) -> dict[str, Any]:
    level, category, first, until = st.columns(4)
    told: dict[str, Any] = {
        "level": level.selectbox(_("层级"), OWN_LEVELS[::-1], format_func=level_text, key=f"{key}_level"),
        "category": None,
    }
    if parameter.by_category:
        told["category"] = (
            category.selectbox(
                _("适用类别"),
                ["", *CATEGORIES],
                format_func=lambda each: category_text(parameter, each or None),
                key=f"{key}_category",
            )
            or None
        )
    told["from_date"] = first.date_input(_("生效日期"), None, **DAYS, key=f"{key}_from")
    told["until"] = until.date_input(_("终止日期（含当日，可不填）"), None, **DAYS, key=f"{key}_until")
    return told


def _ask_said(parameter: Parameter, day: date, is_limit: bool, dated: dict[str, Any], key: str) -> Entry:
    bounds: list[Any] = []
    value: Any = None
    if is_limit:
        for place, name, end in zip(st.columns(2), (_("下限"), _("上限")), ("least", "most"), strict=True):
            with place:
                bounds.append(ask_number(parameter, name, None, f"{key}_{end}"))
    else:
        value = ask_value(parameter, _current(parameter, day), f"{key}_value")
    source = st.text_input(
        _("来源（必填）"),
        key=f"{key}_source",
        placeholder=_("文件名称、文号和条款，如：濮医保〔2024〕5号第三条"),
    )
    note = st.text_input(_("说明"), key=f"{key}_note")
    told = {**dated, "from_date": dated["from_date"] or day, "source": source.strip(), "note": note.strip()}
    return Limit(least=bounds[0], most=bounds[1], **told) if is_limit else Value(value=value, **told)


def _current(parameter: Parameter, day: date) -> Any:
    """The value to start from, in force on the day looked at, whatever category is chosen."""
    for each in (None, *CATEGORIES):
        try:
            return parameter.on(day, each).value
        except PolicyError:
            continue
    return None


def _preview(book: PolicyBook, proposed: Proposed) -> None:
    """What the entry would change, or why it cannot be, before anything is written."""
    source = proposed.entry.source or NOT_YET
    entry = replace(proposed.entry, source=source, decided_by=reader().name)
    faults = own_faults(book, proposed.parameter, entry)
    if faults:
        st.warning("\n".join(f"- {as_text(fault)}" for fault in faults))
        return
    (found,) = data.fresh(effects, [replace(proposed, entry=entry)])
    st.info(as_text(effect_text(proposed.entry, found)))


def effect_text(entry: Entry, found: Effect) -> str:
    counts = {name: count_text(getattr(found, name)) for name in ("occasions", "weight", "changed")}
    kind = found.kind
    if kind == "day":
        kind = "changed" if found.changed else "same"
    return _(EFFECTS[kind]).format(days=days_text(entry), **counts)


def _added(proposed: Proposed) -> str:
    ids, _followed = add(engine(), [proposed], by=require("set-policy").name)
    if not ids:
        return _("已有相同的条目，未作改动。")
    says = _("已保存为第{number}号条目，自{day}起生效；各页数字已更新。")
    return says.format(number=ids[0], day=day_text(proposed.entry.from_date))


def show_withdrawal(parameter: Parameter, entries: Sequence[Recorded]) -> None:
    """Which own entry to take back, and why."""
    standing = {each.entry.entry_id: each for each in entries if each.entry.is_own and each.counts}
    if not standing:
        return
    key = f"policy_{parameter.name}_{st.session_state.get(TURN, 0)}"
    with st.container(border=True):
        st.markdown(_("**撤回一条**"))
        number = st.selectbox(
            _("要撤回的条目"),
            list(standing),
            index=None,
            format_func=lambda number: _entry_text(parameter, standing[number].entry),
            placeholder=_("请选择一条"),
            key=f"{key}_withdraw",
        )
        reason = st.text_input(_("撤回的理由（必填）"), key=f"{key}_reason")
        st.caption(_("撤回后该条不再生效，各页数字恢复；历史中仍保留该条及撤回的人、时间和理由。"))
        if st.button(_("撤回"), disabled=number is None, key=f"{key}_back") and number is not None:
            attempt(FORM, lambda: _withdrawn(number, reason), _("没有撤回："))


def _entry_text(parameter: Parameter, entry: Entry) -> str:
    words = {"number": entry.entry_id, "said": said_text(parameter, entry), "days": days_text(entry)}
    return _("{number}号　{said}（{days}）").format(**words)


def _withdrawn(number: int, reason: str) -> str:
    withdraw(engine(), number, reason=reason, by=require("set-policy").name)
    return _("已撤回第{number}号条目，各页数字已更新。").format(number=number)
