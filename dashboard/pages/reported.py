"""上报记录: what one's own institutions reported, its receipts, and the way to withdraw a report."""

import pandas as pd
import streamlit as st

from dashboard import import_undo
from dashboard.downloads import download
from dashboard.import_permits import REPORTING
from dashboard.import_receipt import institutions_text, offer, person_of, told_facts
from dashboard.ledger import engine
from dashboard.page import as_text
from dashboard.reader import require
from dashboard.tables import show_table
from procurement.database import reading
from procurement.language import _
from procurement.reporting.history import WITHDRAWN, reports

SHOWN = ["import_id", "imported_at", "file_name", "months_told", "rows", "paid_amount", "check_code",
         "imported_by", "report_use"]  # fmt: skip
WIDTHS = {"import_id": 75, "imported_at": 130, "file_name": 190, "months_told": 130, "rows": 65,
          "paid_amount": 115, "check_code": 110, "imported_by": 85, "report_use": 65}  # fmt: skip
SAVED = ["import_id", "imported_at", "institution_names", "file_name", "months_told", "import_mode", "rows",
         "new_rows", "changed_rows", "unchanged_rows", "withdrawn_rows", "skipped_rows", "paid_amount",
         "check_code", "imported_by", "report_use", "undone_by"]  # fmt: skip


def told_persons(rows: pd.DataFrame) -> pd.DataFrame:
    """With the person's name beside the account's."""
    pairs = zip(rows["imported_by"], rows["imported_by_name"], strict=True)
    return rows.assign(imported_by=[person_of(name, full) for name, full in pairs])


def choose_receipt(rows: pd.DataFrame) -> None:
    """A receipt again, as it was given when the file was loaded."""
    names = {int(row.import_id): f"{row.import_id}　{row.file_name}" for row in rows.itertuples()}
    number = st.selectbox(
        _("再次打印回执"),
        list(names),
        index=None,
        format_func=lambda key: names.get(key, str(key)),
        placeholder=_("请选择一次上报"),
        key="receipt_which",
    )
    if number is None:
        return
    row = rows[rows["import_id"] == number].reset_index(drop=True)
    told = row.iloc[0]
    if told["report_use"] == WITHDRAWN:
        st.warning(_("这次上报已撤回，回执不再作为上报凭证。"))
    institutions = institutions_text(told["institution_list"])
    facts = told_facts(row, REPORTING, institutions, told["imported_at"], told["imported_by"])
    offer(row, facts, REPORTING, "receipt_again")


st.title(_("上报记录"), anchor=False)
st.caption(
    _("已载入的本机构采购记录；所属月份关账之前可以撤回。同时含有其他机构的文件由医保部门办理，不列在这里。")
)
who = require("report")
with reading(engine()) as connection:
    history = told_persons(reports(connection, who.scope))
import_undo.tell_undone(import_undo.WITHDRAW)
if history.empty:
    st.info(_("还没有上报过。请在“上报”页上传采购记录。"))
    if st.button(_("前往上报"), type="primary", key="to_report"):
        st.switch_page("pages/report.py")
    st.stop()
show_table(history, SHOWN, key="reports", widths=WIDTHS)
download(_("上报记录"), history, SAVED, as_text(who.full_name or who.name), key="download_reports")
choose_receipt(history)
st.subheader(_("撤回一次上报"), anchor=False)
import_undo.ask_which(history[history["report_use"].ne(WITHDRAWN)], REPORTING, import_undo.WITHDRAW)
