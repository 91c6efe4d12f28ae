"""Step 2: what the files do not tell, asked once, with the first rows of the file under the form."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, import_said
from dashboard.page import as_text, reader_filters
from dashboard.tables import ROW_HEIGHT
from etl.importing import Report
from etl.open_points import Question
from procurement.language import _

PER_ROW = 4
"""Questions side by side: the form stays low, and the rows of the file below it have the whole width."""

WIDEST_LETTER = 14
"""Pixels of a Chinese character in a table."""

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


def ask_questions(reports: Sequence[Report], uploads: Sequence[Any]) -> None:
    """One form for what is asked of any file; each question once."""
    asking = [(u, report) for u, report in zip(uploads, reports, strict=True) if report.questions]
    if not asking:
        return
    questions = [_with_choices(q, report) for _upload, report in asking for q in report.questions]
    questions = list({question.name: question for question in questions}.values())
    is_needed = any(question.is_required and question.answer is None for question in questions)
    with st.expander(_title(questions, is_needed), expanded=is_needed):
        if len(asking) > 1:
            st.caption(
                _("以下回答用于这{count}个文件；如果它们属于不同的批次，请分次上传。").format(
                    count=len(asking)
                )
            )
        _show_form(questions)
        _show_files(asking)


def _with_choices(question: Question, report: Report) -> Question:
    """A list names its batch; what builds on lists can only be of a batch that is there."""
    if question.name != "batch" or report.kind == "batch_list":
        return question
    batches = data.frame(data.choices, reader_filters())["batches"]["batch"]
    return replace(question, kind="choice", choices=tuple(batches))


def _title(questions: Sequence[Question], is_needed: bool) -> str:
    if is_needed:
        missing = sum(question.is_required and question.answer is None for question in questions)
        return _(":orange-badge[请填写] 文件中没有写明、载入所需的{count}项内容").format(count=missing)
    return _(":blue-badge[已填写] 文件中没有写明的内容")


def _show_form(questions: Sequence[Question]) -> None:
    with st.form(f"import_questions_{import_said.said().turn}", border=False):
        given = {}
        for start in range(0, len(questions), PER_ROW):
            for place, question in zip(st.columns(PER_ROW), questions[start:], strict=False):
                with place:
                    given[question.name] = _ask(question)
        if st.form_submit_button(_("按此读取"), type="primary", key="import_answer"):
            import_said.say(answers=given)
            st.rerun()


def _ask(question: Question) -> str:
    """The answer as text, empty where there is none; what the file seems to say stands there already."""
    said = question.answer or question.suggestion
    about: dict[str, Any] = {
        "label": _label(question),
        "help": _(question.help) or None,
        "key": f"import_question_{import_said.said().turn}_{question.name}",
    }
    if question.kind == "day":
        import_said.start_with(about["key"], _day(said))
        day = st.date_input(value=None, min_value=EARLIEST, max_value=LATEST, format="YYYY-MM-DD", **about)
        return day.isoformat() if isinstance(day, date) else ""
    if question.kind == "choice":
        choices = list(question.choices)
        import_said.start_with(about["key"], said if said in choices else None)
        return st.selectbox(options=choices, index=None, placeholder=_("请选择"), **about) or ""
    import_said.start_with(about["key"], said or "")
    return st.text_input(**about).strip()


def _label(question: Question) -> str:
    title = _(question.title)
    if question.answer is None and question.suggestion:
        return _("{title}（按文件填入，请核对）").format(title=title)
    return title if question.is_required else _("{title}（选填）").format(title=title)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _show_files(asking: Sequence[tuple[Any, Report]]) -> None:
    names = [report.file for _upload, report in asking]
    number = 0
    if len(names) > 1:
        number = st.selectbox(
            _("文件"), range(len(names)), format_func=names.__getitem__, key="import_beside"
        )
    _upload, report = asking[number]
    shown = report.first_rows
    if shown is None:
        return
    st.caption(_("“{file}”开头的内容").format(file=as_text(report.file)))
    for row, text in shown.titles.items():
        st.markdown(_("第{row}行").format(row=row) + "　" + as_text(text))
    frame = pd.DataFrame.from_dict(shown.rows, orient="index", columns=shown.letters)
    widths = {letter: st.column_config.TextColumn(width=_width(frame[letter])) for letter in frame}
    st.dataframe(frame, row_height=ROW_HEIGHT, column_config=widths, key="import_first_rows")


def _width(texts: pd.Series) -> int:
    """Pixels for most of what stands in a column; a long text is cut, so that all columns can be seen."""
    return min(max(WIDEST_LETTER * int(texts.map(len).max()) + 18, 40), 135)
