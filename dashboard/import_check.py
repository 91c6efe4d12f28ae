"""The check of the chosen files: done once for each choice, done again whenever anything of it changes.

What a person sees was checked for exactly the files, options, answers and ledger that a `Choice` names;
what is loaded must be of the same choice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboard import data, import_said
from dashboard.import_permits import Permit
from dashboard.ledger import engine
from dashboard.page import as_text
from dashboard.reader import require
from etl.importing import Report, import_files
from procurement.language import _, current_language

KIND, INSTITUTION = "import_kind", "import_institution"
"""Keys of the widgets of the first step."""

OUTDATED = "preview-outdated"
"""The problem of a file whose preview does not hold any more."""


@dataclass(frozen=True)
class Choice:
    """Everything that a check depends on."""

    files: tuple[str, ...]
    kind: str | None
    institution: str | None
    mode: str | None
    skip_bad_rows: bool
    answers: tuple[tuple[str, str], ...]
    mapping: tuple[tuple[str, str], ...]
    data_version: int
    language: str

    def is_like(self, other: "Choice") -> bool:
        """The same but for the ledger, whose changes need not matter to these files."""
        return replace(self, data_version=other.data_version) == other


@dataclass(frozen=True)
class Done:
    """What came of a load, for the receipt."""

    reports: list[Report]
    at: datetime
    by: str
    full_name: str = ""


def choice_of(uploads: Sequence[Any]) -> Choice:
    """The choice as it stands now."""
    words = import_said.said_of({upload.name for upload in uploads})
    return Choice(
        tuple(upload.file_id for upload in uploads),
        st.session_state.get(KIND),
        st.session_state.get(INSTITUTION),
        words.mode,
        words.skip_bad_rows,
        tuple((name, text) for name, text in words.answers.items() if text),
        tuple(words.mapping.items()),
        data.ledger_version(),
        current_language(),
    )


def checked(uploads: Sequence[Any], choice: Choice, permit: Permit) -> list[Report]:
    """The check of this choice, kept until another one is made."""
    if st.session_state.get("import_check_of") != choice:
        st.session_state["import_check"] = run(uploads, choice, permit, dry_run=True)
        st.session_state["import_check_of"] = choice
    return st.session_state["import_check"]


def load(uploads: Sequence[Any], confirmed: Choice, permit: Permit) -> Done | None:
    """Load what was confirmed; none where that is not what was checked, or is true no more.

    The ledger refuses each file whose preview would be another one by now.
    """
    if st.session_state.get("import_check_of") != confirmed:
        return None
    versions = [r.data_version for r in st.session_state["import_check"] if r.data_version is not None]
    version = min(versions, default=confirmed.data_version)
    who = require(permit.action)
    reports = run(uploads, confirmed, permit, dry_run=False, expected_version=version)
    refused = [p.kind.code for report in reports for p in report.problems if p.kind.code == OUTDATED]
    if refused and not any(report.status == "loaded" for report in reports):
        return None
    return Done(reports, datetime.now(UTC), who.name, who.full_name)


def run(
    uploads: Sequence[Any],
    choice: Choice,
    permit: Permit,
    *,
    dry_run: bool,
    expected_version: int | None = None,
) -> list[Report]:
    """A dry run, or the load itself: within the reader's scope, of the kinds that they may import."""
    who = require(permit.action)
    bar = st.progress(0.0, _("正在读取…"))

    def progress(done: int, total: int, name: str) -> None:
        bar.progress(done / max(total, 1), _("正在处理 {name}").format(name=as_text(name)))

    reports = import_files(
        engine(),
        [(upload.name, upload.getvalue()) for upload in uploads],
        kind=choice.kind,
        institution=choice.institution,
        dry_run=dry_run,
        skip_bad_rows=choice.skip_bad_rows,
        by=who.name,
        mode=choice.mode,
        answers=dict(choice.answers),
        mapping=dict(choice.mapping),
        expected_version=expected_version,
        scope=who.scope,
        kinds=permit.kinds_of_reader(),
        progress=progress,
    )
    bar.empty()
    return reports


def start_again() -> None:
    """Forget files and what was said of them: an uploader with another key is an empty one."""
    st.session_state["import_round"] = st.session_state.get("import_round", 0) + 1
    import_said.said_of(set())
    for name in ("import_check", "import_check_of", "import_confirmed"):
        st.session_state.pop(name, None)
