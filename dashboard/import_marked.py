"""The user's own workbooks with their problems marked in them: for the page and the command line."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Any

from dashboard.exports.sheets import sheet_bytes
from dashboard.import_results import SAVED_COLUMNS, problems_frame
from etl.importing import Report
from etl.marked import Marked, marked_workbook
from etl.problems import Problem
from procurement.language import _


@dataclass(frozen=True)
class Wanted:
    """A file as it came, and what was found in it."""

    name: str
    content: bytes
    report: Report

    @property
    def has_marks(self) -> bool:
        """Whether there is a place to mark: a file that could not be read has none."""
        return any(problem.cell or problem.row for problem in self.report.problems)


def marked(wanted: Wanted) -> Marked:
    """The marked workbook; the list of its problems where the file cannot be opened a second time."""
    found = marked_workbook(wanted.content, wanted.name, wanted.report.problems, wanted.report.kind)
    if not isinstance(found, Problem):
        return found
    rows = problems_frame(wanted.report.problems)
    return Marked(marked_name(wanted.name), sheet_bytes(_("导入问题清单"), rows, SAVED_COLUMNS), False)


def marked_name(name: str) -> str:
    """The name before the file is made: it is an .xlsx unless it was a workbook with macros."""
    return _("{name}-问题.xlsx").format(name=PurePath(name).stem)


def archive(all_wanted: Sequence[Wanted]) -> bytes:
    """Several of them in one file; files of the same name get a number."""
    content, taken = BytesIO(), set[str]()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for wanted in all_wanted:
            one = marked(wanted)
            packed.writestr(free_name(one.name, taken), one.content)
    return content.getvalue()


def free_name(name: str, taken: set[Any]) -> str:
    """`name`, or with a number where it is taken; it is taken from then on."""
    path, number = PurePath(name), 1
    while name in taken:
        number += 1
        name = f"{path.stem} ({number}){path.suffix}"
    taken.add(name)
    return name
