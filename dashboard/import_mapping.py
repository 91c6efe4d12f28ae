"""Step 2: headings that nobody knows, with what stands below them; a person says what they mean."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import import_said
from dashboard.formats import percent_text
from dashboard.page import as_text
from etl.headings import source
from etl.importing import Report
from etl.open_points import OpenHeading
from procurement.language import _

NO_USE = ""
"""What a heading means whose column is not wanted."""


def ask_meanings(reports: Sequence[Report]) -> None:
    """A form for the unknown headings of each kind of workbook; open where the file cannot do without."""
    kinds = list(dict.fromkeys(report.kind for report in reports if report.headings))
    for kind in kinds:
        ours = [report for report in reports if report.kind == kind]
        headings = list({found.heading: found for report in ours for found in report.headings}.values())
        open_ones = sum(heading.mapped_to is None for heading in headings)
        is_needed = any(not report.is_good for report in ours)
        with st.expander(_title(open_ones, is_needed), expanded=is_needed and open_ones > 0):
            if kind is None:
                st.markdown(_("尚未识别出这是哪一种表。请先在上面选择“表种”，再说明各列的含义。"))
            else:
                _show_form(kind, headings)


def _title(count: int, is_needed: bool) -> str:
    if not count:
        return _("已指定含义的列")
    if is_needed:
        return _(":orange-badge[请确认] {count}列的列名未能识别，如其中有必需的列，请指定含义").format(
            count=count
        )
    return _(":blue-badge[可选] {count}列的列名未能识别，没有读取，不影响载入").format(count=count)


def _show_form(kind: str, headings: Sequence[OpenHeading]) -> None:
    st.caption(_("对照下面的内容选择该列的含义；只作提示的建议不会自动采用。您的选择会记住，下次自动沿用。"))
    with st.form(f"import_mapping_{kind}_{import_said.said().turn}", border=False):
        for place, title in zip(_columns(), (_("列名和位置"), _("该列的内容"), _("含义")), strict=True):
            place.caption(title)
        chosen = {heading.heading: _ask(kind, heading) for heading in headings}
        if st.form_submit_button(_("按此读取"), type="primary"):
            import_said.say(
                mapping={heading: field for heading, field in chosen.items() if field is not None}
            )
            st.rerun()


def _columns() -> Sequence[Any]:
    return st.columns([3, 4, 4], vertical_alignment="center")


def _ask(kind: str, heading: OpenHeading) -> str | None:
    """One heading: its name and place, what stands below, and what it means."""
    name, below, meaning = _columns()
    place = " ".join(part for part in (heading.sheet, heading.cell) if part)
    name.markdown(f"**{as_text(heading.heading)}**  \n:gray[{as_text(place)}]")
    below.markdown(_samples(heading.samples))
    fields = _fields(kind, heading)
    key = f"import_heading_{import_said.said().turn}_{kind}_{heading.heading}"
    import_said.start_with(key, heading.mapped_to if heading.mapped_to in fields else None)
    return meaning.selectbox(
        heading.heading,
        fields,
        index=None,
        format_func=lambda field: _field_text(kind, heading, field),
        placeholder=_placeholder(kind, heading),
        label_visibility="collapsed",
        key=key,
    )


def _placeholder(kind: str, heading: OpenHeading) -> str:
    """What is suggested is seen without opening the box, and is not chosen by that."""
    if not heading.suggestion:
        return _("请选择含义")
    return _("请确认：{field}").format(field=_field_text(kind, heading, heading.suggestion))


def _samples(samples: Sequence[str]) -> str:
    if not samples:
        return f":gray[{_('（该列没有内容）')}]"
    return _("、").join(as_text(sample) for sample in samples)


def _fields(kind: str, heading: OpenHeading) -> list[str]:
    """What the heading may mean: the nearest first, then “of no use”, then all."""
    nearest = [heading.suggestion] if heading.suggestion else []
    return [*nearest, NO_USE, *(name for name in source(kind).fields if name not in nearest)]


def _field_text(kind: str, heading: OpenHeading, field: str) -> str:
    if field == NO_USE:
        return _("不用这一列")
    title = source(kind).fields[field].title
    if field != heading.suggestion:
        return title
    if heading.score is None:
        return _("{title}（建议）").format(title=title)
    return _("{title}（建议，相似度{score}）").format(title=title, score=percent_text(heading.score, 0))
