"""Workbooks with the right headings, one for each kind; for one institution, filled in with its own rows."""

import streamlit as st
from sqlalchemy import Connection

from dashboard import data
from dashboard.downloads import XLSX, download_button
from dashboard.formats import word_text
from dashboard.page import reader_filters
from etl.headings import KINDS
from etl.templates import PREFILLED, template
from procurement.filters import Filters
from procurement.language import _

PER_ROW = 4


def offer_templates() -> None:
    """A button a kind, in the order in which the kinds build on each other."""
    st.caption(_("含表头、示例行和各列说明；示例行不会被载入。请按机构名录、中选结果、其余各表的次序导入。"))
    names = data.frame(data.choices, reader_filters())["institutions"]
    names = names.set_index("institution_code")["institution_name"].to_dict()
    institution = st.selectbox(
        _("为一家机构写好其产品和品种（选填）"),
        list(names),
        index=None,
        format_func=lambda code: names.get(code, code),
        placeholder=_("不指定机构"),
        filter_mode="contains",
        key="template_institution",
        width=480,
    )
    kinds = list(KINDS)
    for start in range(0, len(kinds), PER_ROW):
        for place, kind in zip(st.columns(PER_ROW), kinds[start : start + PER_ROW], strict=False):
            with place:
                _offer(kind, institution if kind in PREFILLED else None, names)


def _offer(kind: str, institution: str | None, names: dict[str, str], text: str = "") -> None:
    name = _("{kind}模板").format(kind=word_text(kind))
    file = f"{name}_{names[institution]}.xlsx" if institution else f"{name}.xlsx"
    make = data.later(_template, reader_filters(), kind, institution)
    download_button(
        text or name, make, file, XLSX, key=f"template_{kind}", width="content" if text else "stretch"
    )


def offer_own(kind: str) -> None:
    """The template of one's own institution, with its products; of several, of the one that is chosen."""
    names = data.frame(data.choices, reader_filters())["institutions"]
    names = names.set_index("institution_code")["institution_name"].to_dict()
    if not names:
        return
    institution = next(iter(names))
    if len(names) > 1:
        institution = st.selectbox(
            _("模板写好哪家机构的产品"),
            list(names),
            format_func=lambda code: names.get(code, code),
            filter_mode="contains",
            key="own_template_institution",
            width=380,
        )
    _offer(kind, institution, names, _("下载本机构模板"))


def _template(connection: Connection, _filters: Filters, kind: str, institution: str | None) -> bytes:
    """Made when it is asked for, of what the reader may see then."""
    return template(kind, institution, connection)
