"""The forms of 账号管理: what can be said of an account, and what is done with it."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.formats import word_text
from dashboard.ledger import engine
from dashboard.page import as_text
from dashboard.reader import require
from procurement.language import N_, _
from procurement.people import accounts
from procurement.people.accounts import AccountRefused, Said
from procurement.people.passwords import PasswordRefused
from procurement.people.permissions import ADMINISTRATOR, HOSPITAL
from procurement.tables.people import ROLES

ACTION = "manage-accounts"
TOLD, FIRST, TURN = "accounts_told", "accounts_first", "accounts_turn"

SCOPE_SAYS = {
    ADMINISTRATOR: N_("系统管理员管理全市，没有范围。"),
    "official": N_("不选区县，即全市。"),
    "leadership": N_("不选区县，即全市。"),
    "manager": N_("只能看到所选机构和连锁的数据；以后加入连锁的门店自动包括在内。"),
    "reporter": N_("只能看到所选机构和连锁的数据；以后加入连锁的门店自动包括在内。"),
}
HAND_OVER = N_(
    "“{name}”的初始密码如下，只显示这一次。请当面或电话告知本人，不要用群聊发送；首次登录时须修改。"
)


def tell() -> None:
    """What came of the last act, once; a first password is shown this once and kept nowhere."""
    kind, text = st.session_state.pop(TOLD, (None, ""))
    if kind:
        (st.success if kind == "success" else st.error)(as_text(text))
    name, password = st.session_state.pop(FIRST, ("", ""))
    if password:
        st.warning(as_text(_(HAND_OVER).format(name=name)))
        st.code(password, language=None)


def act(name: str, do: Callable[[str], str | None], done: str) -> None:
    """A button's doing, for whoever may; what is refused is told, and the fields stay as they are."""
    by = require(ACTION).name
    try:
        password = do(by)
    except (AccountRefused, PasswordRefused) as refused:
        st.session_state[TOLD] = ("error", str(refused))
        return
    st.session_state[TOLD] = ("success", _(done).format(name=name))
    if password:
        st.session_state[FIRST] = (name, password)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def turn() -> int:
    """Part of every key: after something was done, fields are fresh."""
    return st.session_state.get(TURN, 0)


def ask_role(key: str, role: str = "official") -> str:
    return st.selectbox(
        _("角色"), ROLES, index=ROLES.index(role), format_func=word_text, key=f"{key}_role_{turn()}"
    )


def ask_scope(key: str, role: str, institutions: pd.DataFrame, known: Said | None = None) -> None:
    """The fields that the role needs: districts for the bureau, institutions and chains for hospitals."""
    said = known.scope if known else []
    if role in HOSPITAL:
        names = dict(zip(institutions["institution_code"], institutions["institution_name"], strict=True))
        _ask(
            key, "institution", _("机构"), list(names), said, lambda code: f"{names.get(code, '')}（{code}）"
        )
        chains = sorted(institutions["chain"].dropna().unique())
        _ask(key, "chain", _("连锁"), chains, said)
    elif role != ADMINISTRATOR:
        _ask(key, "district", _("区县"), sorted(institutions["district"].dropna().unique()), said)
    st.caption(_(SCOPE_SAYS[role]))


def _ask(
    key: str,
    kind: str,
    label: str,
    choices: list[str],
    said: list[tuple[str, str]],
    text: Callable[[str], str] = str,
) -> None:
    held = [value for known, value in said if known == kind]
    st.multiselect(
        label,
        [*choices, *(value for value in held if value not in choices)],
        default=held,
        format_func=text,
        placeholder=_("可输入文字查找"),
        key=f"{key}_{kind}_{turn()}",
    )


def scope_of_fields(key: str) -> list[tuple[str, str]]:
    """What was chosen in the fields that are on the page."""
    return [
        (kind, value)
        for kind in ("district", "institution", "chain")
        for value in st.session_state.get(f"{key}_{kind}_{turn()}") or []
    ]


def field(key: str, name: str) -> str:
    return str(st.session_state.get(f"{key}_{name}_{turn()}") or "")


def add() -> None:
    key = "account_new"
    name = field(key, "name").strip()
    told = {"full_name": field(key, "full"), "scope": scope_of_fields(key)}

    def do(by: str) -> str | None:
        return accounts.add(engine(), name, field(key, "role"), by=by, **told)  # type: ignore[arg-type]

    act(name, do, N_("已建立账号“{name}”。"))


def change(name: str) -> None:
    key = f"account_{name}"
    told = {"scope": scope_of_fields(key), "full_name": field(key, "full")}

    def do(by: str) -> None:
        accounts.change(engine(), name, by=by, role=field(key, "role"), **told)  # type: ignore[arg-type]

    act(name, do, N_("已更改账号“{name}”，对已登录的立即生效。"))


def disable(name: str) -> None:
    act(name, lambda by: accounts.disable(engine(), name, by=by), N_("已停用账号“{name}”，其登录都已结束。"))


def enable(name: str) -> None:
    act(name, lambda by: accounts.enable(engine(), name, by=by), N_("已恢复账号“{name}”。"))


def reset(name: str) -> None:
    act(
        name,
        lambda by: accounts.reset(engine(), name, by=by),
        N_("已重置账号“{name}”的密码，其登录都已结束。"),
    )


def sign_out(name: str) -> None:
    def do(by: str) -> None:
        accounts.sign_out(engine(), name, by=by)

    act(name, do, N_("已结束账号“{name}”在所有设备上的登录。"))
