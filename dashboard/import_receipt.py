"""Step 5: the receipt of what was loaded, to be kept and printed."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from dashboard import data, import_check, import_problems, import_results
from dashboard.data import in_reader_language
from dashboard.downloads import XLSX, download_button
from dashboard.exports.receipt import receipt_html
from dashboard.exports.sheets import sheet_bytes
from dashboard.formats import count_text, person_text, time_text, yuan_text
from dashboard.import_check import Done
from dashboard.import_permits import IMPORTING, Permit
from dashboard.page import as_text, reader_filters
from dashboard.reader import may
from dashboard.tables import show_table
from procurement.language import _
from procurement.reporting.history import CODE_LENGTH

COLUMNS = [
    "import_id",
    "file_name",
    "import_kind",
    "import_mode",
    "rows",
    "new_rows",
    "changed_rows",
    "unchanged_rows",
    "withdrawn_rows",
    "skipped_rows",
    "paid_amount",
    "check_code",
]
ON_PAGE = [name for name in COLUMNS if name not in ("import_kind", "import_mode", "unchanged_rows")]
WIDTHS = {"import_id": 105, "file_name": 270, "paid_amount": 130, "check_code": 120}
OUTSIDE = "outside-catalogue"
"""The kind of problem that leaves products for a person to match."""

HTML = "text/html"

NAMED = 5
"""Institutions that a receipt names."""


def show_receipt(done: Done, permit: Permit) -> None:
    """What came of the files, the receipt of those that were loaded, and what remains to be done."""
    rows = receipt_frame(done)
    if rows.empty:
        st.info(_("没有载入新的内容。"))
    else:
        text = _("已载入{files}个文件、{rows}行。各页数字已更新。")
        st.success(text.format(files=len(rows), rows=count_text(rows["rows"].sum())))
        offer(rows, facts(done, rows, permit, _institutions(done)), permit, "receipt")
    _show_others(done)
    with st.container(horizontal=True):
        if (
            _has_outside(done)
            and may("match")
            and st.button(_("前往产品匹配"), type="primary", key="import_match")
        ):
            st.switch_page("pages/matching.py")
        if st.button(_(permit.next_files), key="import_next"):
            del st.session_state["import_done"]
            import_check.start_again()
            st.rerun()


def _has_outside(done: Done) -> bool:
    """Say what waits for a person: products of what was loaded that no list names."""
    if not may("match"):
        return False
    found = [
        problem
        for report in done.reports
        if report.status == "loaded"
        for problem in report.problems
        if problem.kind.code == OUTSIDE
    ]
    for problem in found:
        st.warning(as_text(problem.message) + as_text(problem.remedy))
    return bool(found)


def receipt_frame(done: Done) -> pd.DataFrame:
    """One row per file that was loaded."""
    rows = [
        {
            "import_id": report.import_id,
            "file_name": report.file,
            "import_kind": report.kind,
            "import_mode": report.mode or "",
            "rows": report.rows,
            "new_rows": report.preview.new if report.preview else None,
            "changed_rows": report.preview.changed if report.preview else None,
            "unchanged_rows": report.preview.unchanged if report.preview else None,
            "withdrawn_rows": report.preview.withdrawn if report.preview else None,
            "skipped_rows": report.skipped_rows,
            "paid_amount": report.amount,
            "check_code": (report.content_hash or "")[:CODE_LENGTH],
        }
        for report in done.reports
        if report.status == "loaded"
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({name: "Int64" for name in COLUMNS if name.endswith("rows") or name == "paid_amount"})


def facts(
    done: Done, rows: pd.DataFrame, permit: Permit = IMPORTING, institutions: str = ""
) -> list[tuple[str, str]]:
    """What stands above the table of a receipt."""
    return told_facts(rows, permit, institutions, done.at, person_of(done.by, done.full_name))


def person_of(name: str, full_name: str) -> str:
    """Who did it: the person's name beside the account's."""
    account = person_text(name)
    return _("{name}（{account}）").format(name=full_name, account=account) if full_name else account


def told_facts(
    rows: pd.DataFrame, permit: Permit, institutions: str, at: datetime, person: str
) -> list[tuple[str, str]]:
    known = [(_("机构"), institutions)] if institutions else []
    known += [
        (_(permit.number), _("、").join(str(number) for number in rows["import_id"])),
        (_(permit.time), time_text(at)),
        (_(permit.person), person),
    ]
    if rows["paid_amount"].notna().any():
        known.append((_("金额合计"), yuan_text(rows["paid_amount"].sum())))
    return known


def _institutions(done: Done) -> str:
    """Whose rows were loaded; of many, how many."""
    codes = sorted(
        {code for report in done.reports if report.status == "loaded" for code in report.institutions}
    )
    names = data.frame(data.choices, reader_filters())["institutions"]
    names = names.set_index("institution_code")["institution_name"].to_dict()
    return institutions_text([names.get(code, code) for code in codes])


def institutions_text(names: Sequence[str]) -> str:
    if len(names) > NAMED:
        return _("{names}等{count}家").format(names=_("、").join(names[:NAMED]), count=len(names))
    return _("、").join(names)


def offer(rows: pd.DataFrame, told: list[tuple[str, str]], permit: Permit, key: str) -> None:
    """The receipt on the page, and to take along."""
    with st.container(border=True):
        st.markdown("　".join(_("{name}：{text}").format(name=n, text=f"**{as_text(t)}**") for n, t in told))
        show_table(rows, ON_PAGE, key=f"import_{key}", widths=WIDTHS)
        st.caption(_("校验码由文件内容算出：内容相同则相同，与文件名无关。") + _(permit.if_wrong))
        with st.container(horizontal=True):
            title = _(permit.receipt)
            numbers = "_".join(str(n) for n in rows["import_id"][:3])
            name = _("{title}_{number}").format(title=title, number=numbers)
            page = in_reader_language(receipt_html, rows, COLUMNS, told, (), title)
            download_button(_("下载回执（打印用）"), page, f"{name}.html", HTML, key=f"{key}_page")
            words = _("；").join(_("{name}：{text}").format(name=n, text=t) for n, t in told)
            sheet = in_reader_language(sheet_bytes, title, rows, COLUMNS, words)
            download_button(_("下载回执（Excel）"), sheet, f"{name}.xlsx", XLSX, key=f"{key}_sheet")


def _show_others(done: Done) -> None:
    """Files of which nothing was loaded, with the reason."""
    others = [report for report in done.reports if report.status != "loaded"]
    if not others:
        return
    st.markdown(_("**以下文件没有载入**"))
    import_problems.show_files(others, "done")
    for to_do in import_results.to_do_list(p for report in others for p in report.problems):
        st.error(as_text(to_do.title) + "　" + as_text(to_do.remedy))
