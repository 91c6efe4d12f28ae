"""What every page opens with: its title, the filters in words, and what to do where there is nothing."""

import re
from collections.abc import Sequence
from datetime import date
from html import escape

import plotly.graph_objects as go
import streamlit as st

from dashboard import data
from dashboard.charts.toolbar import toolbar
from dashboard.exports.overview import filters_text
from dashboard.filters import current_filters
from dashboard.formats import MISSING
from dashboard.reader import may, scope
from procurement import figures
from procurement.filters import Filters
from procurement.language import _


def open_page(title: str, question: str) -> tuple[Filters, str]:
    """Title and question of a page; the filters, and the filters in words. Stops on an empty ledger."""
    st.title(title, anchor=False)
    st.caption(question)
    if is_empty():
        show_first_steps()
        st.stop()
    filters = current_filters()
    return filters, data.frame(filters_text, filters, measuring_day(filters))


def measuring_day(filters: Filters) -> date | None:
    return data.frame(figures.measuring_day, filters)


def as_text(value: object) -> str:
    """A name or a cell's content inside markdown: shown as it is, never as a link, a picture or a heading."""
    return _SPECIAL.sub(r"\\\1", str(value))


_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:$<>])")


def reader_filters() -> Filters:
    """No filter but what the reader may see."""
    return Filters(scope=scope())


def is_empty() -> bool:
    """Whether nothing has been loaded yet."""
    choices = data.frame(data.choices, reader_filters())
    return choices["institutions"].empty and choices["batches"].empty


def show_first_steps() -> None:
    """An empty ledger: what to do next."""
    with st.container(border=True):
        st.subheader(_("台账中还没有数据"), anchor=False)
        st.markdown(
            _(
                "1. 在“数据导入”页下载模板，按模板整理医药机构名录、中选结果、约定采购量、采购记录等表；\n"
                "2. 上传并检查，按提示修改有问题的单元格后载入；\n"
                "3. 载入后，各页即显示价格、节约、完成进度与结余留用。\n\n"
                "想先看看效果，可请管理员在服务器上执行 `vbp demo`，载入示例城市。"
            )
        )
        if may("import") and st.button(_("前往数据导入"), type="primary"):
            st.switch_page("pages/imports.py")


def show_signed_out() -> None:
    """The sign-in has ended while the page was open."""
    with st.container(border=True):
        st.subheader(_("登录已结束"), anchor=False)
        st.markdown(_("长时间没有操作、已在别处退出，或账号被停用、重置。页面上未保存的内容没有办理。"))
        st.html(f'<a class="vbp-button" target="_self" href="./login">{escape(_("重新登录"))}</a>')


def show_nothing_found(text: str) -> None:
    """The filters leave nothing: say so, and how to widen them."""
    with st.container(border=True):
        st.markdown(text)
        st.caption(_("可在左侧放宽条件：清空批次、区县、机构或品种，或扩大采购日期范围。"))


def show_chart(chart: go.Figure, *, key: str, file_name: str = "") -> None:
    """A chart over the width of its place; its tool bar saves it as a PNG named after its title."""
    name = file_name or chart.layout.title.text.replace("<b>", "").replace("</b>", "")
    st.plotly_chart(chart, theme=None, config=toolbar(name), key=key)


def show_cards(cards: Sequence[tuple[str, str, str]]) -> None:
    """Key figures in a row: label, value, what it means."""
    for place, (label, value, help_text) in zip(st.columns(len(cards)), cards, strict=True):
        place.metric(label, value or MISSING, help=help_text or None, border=True, height="stretch")
