"""Empty workbooks with the right headings, one for each kind."""

import streamlit as st

from dashboard import data
from dashboard.downloads import XLSX, download_button
from dashboard.formats import word_text
from etl.headings import KINDS
from etl.templates import template
from procurement.language import _

PER_ROW = 4


def offer_templates() -> None:
    """A button a kind, in the order in which the kinds build on each other."""
    st.caption(_("含表头、示例行和各列说明；示例行不会被载入。请按机构名录、中选结果、其余各表的次序导入。"))
    kinds = list(KINDS)
    for start in range(0, len(kinds), PER_ROW):
        for place, kind in zip(st.columns(PER_ROW), kinds[start : start + PER_ROW], strict=False):
            with place:
                name = _("{kind}模板").format(kind=word_text(kind))
                make = data.in_reader_language(template, kind)
                download_button(name, make, f"{name}.xlsx", XLSX, key=f"template_{kind}", width="stretch")
