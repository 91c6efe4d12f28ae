"""What a check or an import found, as frames: files, then their problems by kind."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from dashboard.import_report import STATUS
from dashboard.page import as_text
from procurement.language import N_, _

FILE_COLUMNS = [
    "file_name",
    "import_kind",
    "import_status",
    "rows",
    "skipped_rows",
    "skipped_amount",
    "problem_count",
]
PROBLEM_COLUMNS = ["sheet", "cell", "cell_value", "problem", "remedy"]
SAVED_COLUMNS = ["file_name", *PROBLEM_COLUMNS]

LOUDNESS = {"stop": N_("无法载入"), "skip": N_("该行有误"), "mention": N_("提示")}
"""How serious a kind of problem is, most serious first."""

COLOURS = {"stop": "red", "skip": "orange", "mention": "blue"}


def files_frame(reports: Sequence[Any]) -> pd.DataFrame:
    """One row per file."""
    rows = [
        {
            "file_name": report.file,
            "import_kind": report.kind or "",
            "import_status": _(STATUS[report.status]),
            "rows": report.rows,
            "skipped_rows": report.skipped_rows,
            "skipped_amount": report.skipped_amount,
            "problem_count": len(report.problems),
        }
        for report in reports
    ]
    whole = {"rows": "Int64", "skipped_rows": "Int64", "skipped_amount": "Int64", "problem_count": "Int64"}
    return pd.DataFrame(rows, columns=FILE_COLUMNS).astype(whole)


def problems_frame(problems: Iterable[Any]) -> pd.DataFrame:
    """One row per problem: where, what stands there, what is wrong, what to do."""
    rows = [
        {
            "file_name": problem.file,
            "sheet": problem.sheet or "",
            "cell": problem.cell or (_("第{row}行").format(row=problem.row) if problem.row else ""),
            "cell_value": problem.value or "",
            "problem": problem.message,
            "remedy": problem.remedy,
        }
        for problem in problems
    ]
    return pd.DataFrame(rows, columns=SAVED_COLUMNS)


def by_kind(problems: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """Problems of one file grouped by kind, most serious first: a title in markdown, and the problems."""
    groups: dict[str, list[Any]] = {}
    for problem in problems:
        groups.setdefault(problem.kind.code, []).append(problem)
    order = list(LOUDNESS)
    ranked = sorted(
        groups.values(), key=lambda group: (order.index(str(group[0].kind.loudness)), -len(group))
    )
    return [(_title(group), group) for group in ranked]


def _title(group: list[Any]) -> str:
    """How serious, which file, the first problem and how many there are of its kind."""
    loudness = str(group[0].kind.loudness)
    badge = f":{COLOURS[loudness]}-badge[{_(LOUDNESS[loudness])}]"
    says = as_text(group[0].message.rstrip("。."))
    if len(group) > 1:
        says = _("{problem} 等{count}处").format(problem=says, count=len(group))
    return f"{badge} **{as_text(group[0].file)}**　{says}"
