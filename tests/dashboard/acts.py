"""One real doing for every entry of permissions.MAY, as the pages do it: called by a script that AppTest runs
for somebody (tests/dashboard/test_authorisation.py)."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import (
    account_form,
    downloads,
    import_check,
    import_undo,
    month_actions,
    policy_form,
    replies_section,
    settlement_actions,
)
from dashboard.import_permits import IMPORTING, REPORTING
from dashboard.ledger import engine
from dashboard.reader import look_up, reader
from etl.matching.decisions import reject
from procurement.filters import Filters
from procurement.people.permissions import NotAllowed
from procurement.policies import Value
from procurement.policy_changes import Proposed

PAGES = Path(__file__).parent.parent.parent / "dashboard" / "pages"
PURCHASES = (
    "医疗机构编码,采购日期,医保药品编码,产品名称,采购数量,单位,金额(元)\nH1,2021-05-06,P1,甲,3,盒,12\n"
)
LOADED, SETTLED = 2, 1
"""Numbers in the ledger of the test: an import of H1's own, a settlement of H1 that it objected to."""


@dataclass(frozen=True)
class Upload:
    name: str = "采购记录.csv"
    file_id: str = "1"

    def getvalue(self) -> bytes:
        return PURCHASES.encode()


@cache
def functions_of(page: str) -> dict[str, Any]:
    """The functions of a page, without opening it: its imports, constants and definitions alone."""
    file = PAGES / page
    kept = [node for node in ast.parse(file.read_text(encoding="utf-8")).body if _defines(node)]
    names: dict[str, Any] = {}
    exec(compile(ast.Module(kept, []), str(file), "exec"), names)
    return names


def _defines(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        targets = [name for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)]
        return all(name.id.isupper() or name.id == "Key" for name in targets)
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)


def load(permit: Any) -> None:
    nothing = import_check.Choice(("1",), None, None, None, False, (), (), 0, "zh")
    import_check.run([Upload()], nothing, permit, dry_run=False)


def answer() -> None:
    st.session_state[replies_section.ANSWER] = "已核"
    replies_section._act(SETTLED)


def agree() -> None:
    from procurement.database import reading
    from procurement.queries.replies import working_hash

    with reading(engine()) as connection:
        seen = working_hash(connection, SETTLED)
    functions_of("check.py")["act"](SETTLED, "agreed", seen)


def explain() -> None:
    st.session_state["shortfall_reason"], st.session_state["shortfall_text"] = "supply", ""
    functions_of("shortfalls.py")["save"]([("H1", 1, 1)])


def take_away() -> None:
    downloads.download_button("文件", lambda: b"1", "文件.txt", "text/plain", key="a")
    who = reader()
    for token in list(downloads._offers[who.sign_in]):
        downloads._made(who, downloads.offered(who, token))


def set_policy() -> None:
    entry = Value(
        from_date=date(2030, 1, 1), value=Decimal("0.4"), source="市文〔2029〕1号第1条", level="city"
    )
    policy_form._added(Proposed("retention_maximum_ratio", entry))


DOINGS: dict[str, Callable[[], object]] = {
    "import": lambda: load(IMPORTING),
    "undo-import": lambda: import_undo._undo(LOADED, IMPORTING),
    "match": lambda: functions_of("matching.py")["decide"](reject, [("P9", "P1")], "{count}"),
    "set-policy": set_policy,
    "settle": lambda: settlement_actions._act(Filters(), "cancelled", [], [SETTLED], "有误"),
    "answer-reply": answer,
    "close-month": lambda: month_actions._close(date(2021, 3, 1), ["H1"], True),
    "report": lambda: load(REPORTING),
    "withdraw-report": lambda: import_undo._undo(LOADED, REPORTING),
    "explain-shortfall": explain,
    "reply-settlement": agree,
    "export": take_away,
    "manage-accounts": lambda: account_form.disable("spare"),
    "read-audit": lambda: functions_of("audit.py")["verify"](),
}


def perform(action: str) -> None:
    """The doing, for whoever the script runs for; whether it was let through is kept for the test."""
    look_up()
    try:
        DOINGS[action]()
    except NotAllowed:
        st.session_state["outcome"] = "refused"
    else:
        st.session_state["outcome"] = "done"
