"""账号管理: who may sign in, what they may see and do; added, changed, disabled, reset."""

import pandas as pd
import streamlit as st

from dashboard import account_form as form
from dashboard import data
from dashboard.downloads import download
from dashboard.formats import count_text, word_text
from dashboard.role_matrix import matrix
from dashboard.tables import TEN_ROWS, show_table
from procurement.language import _
from procurement.people import accounts
from procurement.people.account_list import account_list
from procurement.people.permissions import HOSPITAL
from procurement.queries.register import institutions

SHOWN = ["account_name", "full_name", "account_role", "account_scope", "is_active", "must_change_password",
         "last_seen_at"]  # fmt: skip
WIDTHS = {"account_name": 175, "full_name": 95, "account_role": 95, "account_scope": 260, "is_active": 70,
          "must_change_password": 80, "last_seen_at": 145}  # fmt: skip
SAVED = [*SHOWN, "created_at", "created_by"]


def show_list() -> None:
    can = int(rows["is_active"].sum())
    says = _("共{all}个账号，其中{can}个可以登录。")
    st.caption(says.format(all=count_text(len(rows)), can=count_text(can)))
    show_table(shown, SHOWN, key=f"accounts_{form.turn()}", widths=WIDTHS, highest=TEN_ROWS)
    download(_("账号"), shown, SAVED, "", key="download_accounts")


def show_addition() -> None:
    key, turn = "account_new", form.turn()
    with st.container(border=True):
        name, full, role = st.columns(3)
        name.text_input(
            _("账号"), key=f"{key}_name_{turn}", help=_("登录用的名称：2至40个汉字、字母、数字或 . _ - @。")
        )
        full.text_input(_("姓名"), key=f"{key}_full_{turn}")
        with role:
            chosen = form.ask_role(key)
        form.ask_scope(key, chosen, known_institutions)
        st.button(_("建立账号"), type="primary", on_click=form.add, key="account_add")


def show_change() -> None:
    name = st.selectbox(
        _("要办理的账号"),
        list(rows["account_name"]),
        index=None,
        format_func=lambda name: titles[name],
        placeholder=_("请选择，可输入文字查找"),
        key="account_chosen",
    )
    if name not in titles:
        return
    row = rows[rows["account_name"] == name].iloc[0]
    with st.container(border=True):
        show_fields(row)
    with st.container(horizontal=True):
        show_acts(row)


def show_fields(row: pd.Series) -> None:
    name, turn = row["account_name"], form.turn()
    known = data.fresh(accounts.said_of, name)
    full, role = st.columns(2)
    full.text_input(_("姓名"), known.full_name, key=f"account_{name}_full_{turn}")
    with role:
        chosen = form.ask_role(f"account_{name}", known.role)
    form.ask_scope(f"account_{name}", chosen, known_institutions, known)
    st.button(_("保存更改"), type="primary", on_click=form.change, args=(name,), key="account_change")


def show_acts(row: pd.Series) -> None:
    name = row["account_name"]
    if row["has_password"]:
        says = _("生成新的初始密码，现有登录随即结束，锁定解除。")
        st.button(_("重置密码"), on_click=form.reset, args=(name,), key="account_reset", help=says)
    st.button(_("在所有设备上退出"), on_click=form.sign_out, args=(name,), key="account_sign_out")
    if row["is_active"]:
        st.button(_("停用账号"), on_click=form.disable, args=(name,), key="account_disable")
    else:
        st.button(_("恢复账号"), on_click=form.enable, args=(name,), key="account_enable")


def named(scope: str, role: str) -> str:
    """The scope with names in the place of codes."""
    comma = _("、")
    if not scope:
        return "" if role in HOSPITAL else _("全市")
    return comma.join(names.get(value, value) for value in scope.split(comma))


st.title(_("账号管理"), anchor=False)
st.caption(_("谁可以登录，能看到哪些机构的数据，能办理什么？"))
form.tell()

rows = data.fresh(account_list)
known_institutions = data.fresh(institutions)
names = dict(zip(known_institutions["institution_code"], known_institutions["institution_name"], strict=True))
scopes = [named(*each) for each in zip(rows["account_scope"], rows["account_role"], strict=True)]
shown = rows.assign(account_scope=pd.Series(scopes, index=rows.index, dtype=object))
titles = {
    row.account_name: _("、").join(
        part for part in (row.account_name, row.full_name, word_text(row.account_role)) if part
    )
    for row in rows.itertuples()
}
show_list()
changing, adding = st.tabs([_("更改、停用、重置"), _("新建账号")])
with changing:
    show_change()
with adding:
    show_addition()
with st.expander(_("角色与权限")):
    st.caption(_("账号能看到的数据另受范围限制：医院的账号只见本机构或本连锁，区县的经办人员只见本区县。"))
    st.markdown(matrix())
