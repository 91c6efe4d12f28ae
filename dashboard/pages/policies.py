"""政策参数: which policy numbers are in force, which document says so, who changed them; changed here."""

from datetime import datetime

import streamlit as st

from dashboard import address, data, policy_form, policy_upload, views
from dashboard.downloads import download
from dashboard.formats import count_text, day_text
from dashboard.page import as_text, reader_filters
from dashboard.policy_fields import DAYS
from dashboard.policy_rows import (
    HISTORY_COLUMNS,
    IN_FORCE_COLUMNS,
    examples,
    history_frame,
    in_force,
    in_force_frame,
    published,
)
from dashboard.policy_table import history_table, in_force_table
from dashboard.policy_words import limit_text, place_of
from dashboard.reader import may
from procurement.language import _
from procurement.periods import LOCAL_TIME
from procurement.policies import Parameter, PolicyBook

CHOSEN = "policy"


def choose_parameter(book: PolicyBook) -> Parameter | None:
    """One parameter, from the list or from the address."""
    names = sorted(book.parameters, key=place_of)
    address.choose(CHOSEN, names, None)
    st.selectbox(
        _("参数"),
        names,
        index=None,
        format_func=lambda name: book.parameters[name].title,
        placeholder=_("选择一项参数，查看全部历史、增加或撤回条目"),
        filter_mode="contains",
        key=CHOSEN,
    )
    name = address.chosen(CHOSEN, None)
    return book.parameters[name] if name else None


def show_limits(parameter: Parameter) -> None:
    """The limits that bind the parameter on the day looked at."""
    limits = {
        limit
        for category in (("drug", "consumable") if parameter.by_category else (None,))
        for limit in parameter.limits_on(day, category, "city")
    }
    for limit in sorted(limits, key=lambda each: each.from_date):
        says = _("上下限：{limit}（{source}）。{note}")
        words = {"limit": limit_text(parameter, limit), "source": limit.source, "note": limit.note}
        st.caption(as_text(says.format(**words)))


def show_in_force() -> None:
    if count := examples(rows):
        says = _("{day}有{count}项参数仍是示例值。各统筹地区规定不同，请按本市文件替换。")
        st.warning(says.format(day=day_text(day), count=count_text(count)))
    with st.container(key="policies_list"):
        st.markdown(in_force_table(rows))
    columns = list(IN_FORCE_COLUMNS.values())
    says = _("{day}生效的取值").format(day=day_text(day))
    download(_("政策参数"), in_force_frame(rows), columns, says, key="download_policies")


def show_parameter() -> None:
    st.caption(_("条目只增加、不改写：新条目自其生效日期起代替原取值，以前的协议年度仍按当时的取值测算。"))
    parameter = choose_parameter(book)
    if parameter is None:
        ours = [
            each
            for name in sorted(book.parameters, key=place_of)
            for each in published(book.parameters[name])
        ]
        whole = history_frame(book, [*ours, *entries])
        title, columns = _("政策参数历史"), list(HISTORY_COLUMNS.values())
        download(title, whole, columns, "", key="download_history", text=_("下载全部历史（Excel）"))
        return
    own = [each for each in entries if each.parameter == parameter.name]
    show_limits(parameter)
    with st.container(key="policies_history"):
        st.markdown(history_table(parameter, [*published(parameter), *own]))
    policy_form.tell(policy_form.FORM)
    if may_change:
        policy_form.show_addition(book, parameter, day)
        policy_form.show_withdrawal(parameter, own)


def show_file() -> None:
    st.caption(
        _(
            "本省、本市的全部参数可以写在一个TOML文件里，格式与随软件发布的相同。"
            "上传后先检查，确认后才写入；已有的条目不会重复，文件中没有的条目不受影响。"
        )
    )
    policy_upload.offer_file(entries)
    if may_change:
        policy_upload.show_upload(book)


st.title(_("政策参数"), anchor=False)
st.caption(_("各项政策数字是多少，依据哪份文件，由谁在何时改过？"))

filters = reader_filters()
may_change = may("set-policy")
book = data.frame(views.policies, filters)
entries = data.frame(policy_upload.own_entries, filters)
today = datetime.now(LOCAL_TIME).date()
day = st.date_input(_("查看哪一天生效的取值"), today, **DAYS, key="policy_day", width=260) or today

rows = in_force(book, day)
tabs = [_("现行取值"), _("历史与修改"), _("本市政策文件")]
listed, changed, file = st.tabs(tabs, default=tabs[1] if st.query_params.get(CHOSEN) else tabs[0])
with listed:
    show_in_force()
with changed:
    show_parameter()
with file:
    show_file()
