"""Workbooks with the right headings, one for each kind; for one institution, filled in with its own rows."""

import streamlit as st
from sqlalchemy import Connection

from dashboard import data
from dashboard.downloads import XLSX, download_button
from dashboard.formats import word_text
from dashboard.page import reader_filters
from etl.headings import KINDS
from etl.templates import PREFILLED, template
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


def _offer(kind: str, institution: str | None, names: dict[str, str]) -> None:
    name = _("{kind}模板").format(kind=word_text(kind))
    file = f"{name}_{names[institution]}.xlsx" if institution else f"{name}.xlsx"
    make = data.in_reader_language(_made, kind, institution)
    download_button(name, make, file, XLSX, key=f"template_{kind}", width="stretch")


def _made(kind: str, institution: str | None) -> bytes:
    return data.fresh(_template, kind, institution)


def _template(connection: Connection, kind: str, institution: str | None) -> bytes:
    return template(kind, institution, connection)
