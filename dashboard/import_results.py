"""What a check or an import found, as frames: files, then their problems as a to-do list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

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
PROBLEM_COLUMNS = ["sheet", "cell", "sheet_column", "cell_value", "problem", "remedy"]
SAVED_COLUMNS = ["loudness", "file_name", *PROBLEM_COLUMNS]

STATUS = {
    "loaded": N_("已载入"),
    "unchanged": N_("未变：内容此前已载入"),
    "checked": N_("检查通过，尚未写入"),
    "problems": N_("有问题，未载入"),
}
LOUDNESS = ("stop", "skip", "mention")
"""How serious a kind of problem is, most serious first; the words stand in procurement.columns."""


@dataclass(frozen=True)
class ToDo:
    """Problems of one kind over all files: one thing to do, in so many places."""

    loudness: str
    problems: list[Any]

    @property
    def code(self) -> str:
        return str(self.problems[0].kind.code)

    @property
    def title(self) -> str:
        """The first problem of the kind and how many there are."""
        says = self.problems[0].message.rstrip("。.")
        count = len(self.problems)
        return _("{problem} 等{count}处").format(problem=says, count=f"{count:,}") if count > 1 else says

    @property
    def remedy(self) -> str:
        """What to do, where it is the same for all of them; else empty: it stands beside each."""
        remedies = {problem.remedy for problem in self.problems}
        return remedies.pop() if len(remedies) == 1 else ""


def to_do_list(problems: Iterable[Any]) -> list[ToDo]:
    """Problems grouped by kind, most serious first, then the most frequent."""
    groups: dict[str, list[Any]] = {}
    for problem in problems:
        groups.setdefault(problem.kind.code, []).append(problem)
    found = [ToDo(str(group[0].kind.loudness), group) for group in groups.values()]
    return sorted(found, key=lambda to_do: (LOUDNESS.index(to_do.loudness), -len(to_do.problems)))


def counts(to_dos: Sequence[ToDo]) -> dict[str, tuple[int, int]]:
    """Loudness → how many kinds of problem and how many places, for those that occur."""
    found = {}
    for loudness in LOUDNESS:
        ours = [to_do for to_do in to_dos if to_do.loudness == loudness]
        if ours:
            found[loudness] = (len(ours), sum(len(to_do.problems) for to_do in ours))
    return found


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
    """One row per problem: how serious, where, what stands there, what is wrong, what to do."""
    rows = [
        {
            "loudness": str(problem.kind.loudness),
            "file_name": problem.file,
            "sheet": problem.sheet or "",
            "cell": cell_of(problem),
            "sheet_column": problem.column or "",
            "cell_value": problem.value or "",
            "problem": problem.message,
            "remedy": problem.remedy,
        }
        for problem in problems
    ]
    return pd.DataFrame(rows, columns=SAVED_COLUMNS)


def cell_of(problem: Any) -> str:
    """The cell, or the row where the problem is of a whole row."""
    return problem.cell or (_("第{row}行").format(row=problem.row) if problem.row else "")
