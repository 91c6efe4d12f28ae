"""数据导入: upload, check, mend, load. Nothing is written before the check has been seen."""

import streamlit as st

from dashboard import data, import_results
from dashboard.downloads import XLSX, download, download_button
from dashboard.formats import count_text, word_text, yuan_text
from dashboard.page import as_text, reader_filters
from dashboard.tables import show_table
from etl.headings import KINDS
from etl.importing import Report, import_files
from etl.problems import Loudness
from etl.templates import template
from procurement.language import _
from procurement.queries.imports import IMPORT_COLUMNS

ENDINGS = ["xlsx", "xls", "xlsm", "xlsb", "et", "ods", "csv"]
UPLOADED_BY = "web"
PROBLEM_WIDTHS = {"sheet": 100, "cell": 75, "cell_value": 145, "problem": 370, "remedy": 300}
TWO_LINES = 56  # height of a row that shows a sentence over two lines
KINDS_PER_ROW = 4


def run_import(uploads: list, dry_run: bool, skip_bad_rows: bool = False) -> list[Report]:
    bar = st.progress(0.0, _("正在读取…"))

    def progress(done: int, total: int, name: str) -> None:
        bar.progress(done / max(total, 1), _("正在处理 {name}").format(name=as_text(name)))

    reports = import_files(
        data.engine(),
        [(upload.name, upload.getvalue()) for upload in uploads],
        kind=st.session_state.get("import_kind"),
        institution=st.session_state.get("import_institution"),
        dry_run=dry_run,
        skip_bad_rows=skip_bad_rows,
        by=UPLOADED_BY,
        progress=progress,
    )
    bar.empty()
    return reports


def checked(uploads: list) -> list[Report]:
    """The check of these files, done once for each choice."""
    key = (
        tuple(upload.file_id for upload in uploads),
        st.session_state.get("import_kind"),
        st.session_state.get("import_institution"),
        data.ledger_version(),
    )
    if st.session_state.get("import_check_key") != key:
        st.session_state["import_check"] = run_import(uploads, dry_run=True)
        st.session_state["import_check_key"] = key
    return st.session_state["import_check"]


def show_reports(reports: list[Report], key: str) -> None:
    files = import_results.files_frame(reports)
    show_table(
        files,
        import_results.FILE_COLUMNS,
        key=f"{key}_files",
        widths={"file_name": 260, "import_status": 170},
    )
    for number, report in enumerate(reports):
        for title, problems in import_results.by_kind(report.problems):
            with st.expander(title):
                rows = import_results.problems_frame(problems)
                name = f"{key}_{number}_{problems[0].kind.code}"
                columns = import_results.PROBLEM_COLUMNS
                show_table(rows, columns, key=name, widths=PROBLEM_WIDTHS, row_height=TWO_LINES)
    everything = import_results.problems_frame(p for report in reports for p in report.problems)
    if len(everything):
        saved = import_results.SAVED_COLUMNS
        download(_("导入问题清单"), everything, saved, "", key=f"{key}_problems", text=_("下载问题清单"))


def choose_to_load(reports: list[Report]) -> tuple[bool, bool]:
    """Whether to load, and whether without the bad rows."""
    if any(report.count(Loudness.STOP) for report in reports):
        st.error(_("有文件无法读取。请按“处理办法”改正后重新上传，或移除该文件。"))
        return False, False
    bad = sum(report.skipped_rows for report in reports)
    if not bad:
        ready = any(report.status == "checked" for report in reports)
        if not ready:
            st.info(_("这些文件的内容此前已经载入，无需重复载入。"))
        return st.button(_("载入"), type="primary", disabled=not ready), False
    amounts = [report.skipped_amount for report in reports if report.skipped_amount is not None]
    st.warning(
        _("共{rows}行有误。建议改正后重新上传；也可以跳过这些行，载入其余各行。").format(rows=count_text(bad))
    )
    left_out = _("跳过有误的{rows}行").format(rows=count_text(bad))
    if amounts:
        left_out += _("（涉及金额{amount}）").format(amount=yuan_text(sum(amounts)))
    skip = st.checkbox(left_out + _("，载入其余各行"), key="import_skip")
    return st.button(_("载入"), type="primary", disabled=not skip), skip


st.title(_("数据导入"), anchor=False)
st.caption(_("上传工作簿，先检查、后载入；检查时不写入任何数据。表的种类按表头自动识别。"))

uploader = f"uploads_{st.session_state.get('import_round', 0)}"
uploads = st.file_uploader(_("选择一个或多个工作簿"), type=ENDINGS, accept_multiple_files=True, key=uploader)

with st.expander(_("更多选项")):
    institutions = data.frame(data.choices, reader_filters())["institutions"]
    names = institutions.set_index("institution_code")["institution_name"].to_dict()
    left, right = st.columns(2)
    left.selectbox(
        _("表种"),
        list(KINDS),
        index=None,
        format_func=word_text,
        key="import_kind",
        placeholder=_("自动识别"),
    )
    right.selectbox(
        _("采购记录未写明机构时，属于"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        key="import_institution",
        placeholder=_("以文件中的机构为准"),
        filter_mode="contains",
    )

if uploads:
    st.subheader(_("检查结果"), anchor=False)
    reports = checked(uploads)
    load, skip = choose_to_load(reports)
    if load:
        st.session_state["import_done"] = run_import(uploads, dry_run=False, skip_bad_rows=skip)
        st.session_state["import_round"] = st.session_state.get("import_round", 0) + 1
        st.rerun()
    show_reports(reports, "check")
elif done := st.session_state.get("import_done"):
    loaded = [report for report in done if report.status == "loaded"]
    st.success(
        _("已载入{files}个文件、{rows}行。各页数字已更新。").format(
            files=len(loaded), rows=count_text(sum(report.rows for report in loaded))
        )
    )
    show_reports(done, "done")

st.subheader(_("模板"), anchor=False)
st.caption(_("含表头、示例行和各列说明；示例行不会被载入。请按机构名录、中选结果、其余各表的次序导入。"))
kinds = list(KINDS)
for start in range(0, len(kinds), KINDS_PER_ROW):
    for place, kind in zip(st.columns(KINDS_PER_ROW), kinds[start : start + KINDS_PER_ROW], strict=False):
        with place:
            name = _("{kind}模板").format(kind=word_text(kind))
            make = data.in_reader_language(template, kind)
            download_button(name, make, f"{name}.xlsx", XLSX, key=f"template_{kind}", width="stretch")

st.subheader(_("导入记录"), anchor=False)
history = data.frame(data.import_history, reader_filters())
if history.empty:
    st.caption(_("还没有导入过数据。"))
else:
    columns = list(IMPORT_COLUMNS.values())
    show_table(history, columns, key="history", widths={"file_name": 300, "import_id": 80})
    download(_("导入记录"), history, columns, "", key="download_history")
