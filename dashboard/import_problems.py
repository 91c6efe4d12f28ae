"""Step 2: what the check found, as a to-do list, and the files to take along and mend."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import data, import_marked, import_results
from dashboard.downloads import XLSX, download, download_button
from dashboard.formats import count_text, word_text
from dashboard.import_marked import Wanted
from dashboard.import_results import ToDo, problems_frame, to_do_list
from dashboard.page import as_text
from dashboard.tables import ROW_HEIGHT, show_table
from etl.importing import Report
from etl.problems import Loudness
from procurement.language import N_, _

SHOWN = 50
"""Problems of one kind on the screen; the files that are downloaded have all of them."""

COLOURS = {"stop": "red", "skip": "orange", "mention": "blue"}
TASKS = {
    "stop": N_("无法载入：{kinds}类{places}处，须改正"),
    "skip": N_("有误的行：{kinds}类{places}处，须改正或跳过"),
    "mention": N_("提示：{kinds}类{places}处，请留意，不影响载入"),
}
ANSWERABLE = {
    "answer-needed": N_("请在上面的“请填写”中补充，再按“按此读取”。"),
    "missing-column": N_("请在上面指定哪一列是它，再按“按此读取”；文件中没有这一列的，请补上后重新上传。"),
    "not-recognised": N_("请在上面选择“表种”；列名与模板不同的，再指定各列的含义。"),
}
"""Kinds of problem that a person may mend on the page itself, where the page asks: what to do there."""

WIDTHS = {"file_name": 150, "sheet": 90, "cell": 75, "sheet_column": 100, "cell_value": 130, "problem": 330}
TWO_LINES = 56  # height of a row that shows a sentence over two lines
ZIP = "application/zip"
XLSM = "application/vnd.ms-excel.sheet.macroEnabled.12"


def show_files(reports: Sequence[Report], key: str) -> None:
    """A line a file: what it is and whether it can be loaded."""
    files = import_results.files_frame(reports)
    widths = {"file_name": 300, "import_kind": 130, "import_status": 190}
    show_table(files, import_results.FILE_COLUMNS, key=f"{key}_files", widths=widths)


def show_problems(reports: Sequence[Report], uploads: Sequence[Any], key: str) -> None:
    """The problems of all files by kind, the most serious first; the first serious one stands open."""
    to_dos = to_do_list(problem for report in reports for problem in report.problems)
    if not to_dos:
        return
    _show_counts(to_dos)
    for number, to_do in enumerate(to_dos):
        badge = f":{COLOURS[to_do.loudness]}-badge[{word_text(to_do.loudness)}]"
        is_open = number == 0 and to_do.loudness != "mention" and not _is_asked_above(to_do, reports)
        with st.expander(f"{badge} {as_text(to_do.title)}", expanded=is_open):
            _show_to_do(to_do, reports, f"{key}_{to_do.code}")
    _offer_downloads(reports, uploads, key)


def _show_counts(to_dos: Sequence[ToDo]) -> None:
    lines = [
        f":{COLOURS[loudness]}[●] "
        + _(TASKS[loudness]).format(kinds=count_text(kinds), places=count_text(places))
        for loudness, (kinds, places) in import_results.counts(to_dos).items()
    ]
    st.markdown("　".join(lines))


def is_asked(report: Report) -> bool:
    """Whether all that stops the file may be mended by saying something on the page."""
    stops = {problem.kind.code for problem in report.problems if problem.kind.loudness is Loudness.STOP}
    return bool(report.questions or report.headings) and stops <= set(ANSWERABLE)


def _is_asked_above(to_do: ToDo, reports: Sequence[Report]) -> bool:
    """Whether the forms above ask for what would mend it."""
    asked = {report.file for report in reports if is_asked(report)}
    return to_do.code in ANSWERABLE and {problem.file for problem in to_do.problems} <= asked


def _show_to_do(to_do: ToDo, reports: Sequence[Report], key: str) -> None:
    """What to do, then the places; what is the same for all of them is said once."""
    here = ANSWERABLE.get(to_do.code) if _is_asked_above(to_do, reports) else None
    remedy = _(here) if here else to_do.remedy
    if remedy:
        st.markdown(_("**处理办法**　{remedy}").format(remedy=as_text(remedy)))
    rows = problems_frame(to_do.problems[:SHOWN])
    said = {"remedy": remedy, "file_name": len(reports) == 1, "problem": rows["problem"].nunique() == 1}
    shown = [
        name
        for name in import_results.SAVED_COLUMNS[1:]
        if rows[name].astype(bool).any() and not said.get(name)
    ]
    if shown:
        row_height = TWO_LINES if {"problem", "remedy"} & set(shown) else ROW_HEIGHT
        show_table(rows, shown, key=key, widths=WIDTHS, row_height=row_height)
    if len(to_do.problems) > SHOWN:
        text = _("此处显示前{shown}处，共{all}处；下载的清单和带标记的工作簿含全部。")
        st.caption(text.format(shown=SHOWN, all=count_text(len(to_do.problems))))


def _offer_downloads(reports: Sequence[Report], uploads: Sequence[Any], key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        is_offered = _offer_marked(reports, uploads, key)
        everything = problems_frame(problem for report in reports for problem in report.problems)
        columns = import_results.SAVED_COLUMNS
        download(_("导入问题清单"), everything, columns, "", key=f"{key}_problems", text=_("下载问题清单"))
        if is_offered:
            st.caption(_("带标记的工作簿中，有误的单元格为红色并附说明；改正后可直接上传该文件。"))


def _offer_marked(reports: Sequence[Report], uploads: Sequence[Any], key: str) -> bool:
    """The user's workbooks with their problems marked, several in one archive; whether there are any."""
    all_wanted = [
        Wanted(upload.name, upload.getvalue(), report)
        for upload, report in zip(uploads, reports, strict=True)
        if report.problems
    ]
    all_wanted = [wanted for wanted in all_wanted if wanted.has_marks]
    # Where the page asks, the way on is the answer, not the workbook.
    is_urgent = not all(report.is_good or is_asked(report) for report in reports)
    about: dict[str, Any] = {"key": f"{key}_marked", "type": "primary" if is_urgent else "secondary"}
    if len(all_wanted) > 1:
        text = _("下载带标记的工作簿（{count}个）").format(count=len(all_wanted))
        make = data.in_reader_language(import_marked.archive, all_wanted)
        download_button(text, make, _("带标记的工作簿.zip"), ZIP, **about)
        return True
    for wanted in all_wanted:
        # Whether a workbook with macros can stay one is only known when it is made.
        has_macros = wanted.name.lower().endswith(".xlsm")
        name = import_marked.marked(wanted).name if has_macros else import_marked.marked_name(wanted.name)
        mime = XLSM if name.endswith(".xlsm") else XLSX
        make = data.in_reader_language(_content, wanted)
        download_button(_("下载带标记的工作簿"), make, name, mime, **about)
    return bool(all_wanted)


def _content(wanted: Wanted) -> bytes:
    return import_marked.marked(wanted).content
