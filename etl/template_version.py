"""The mark by which a filled-in template says which version of it was handed out."""

import re
from collections.abc import Iterable

from etl.headings import KINDS
from etl.problem_kinds.mention import NEWER_TEMPLATE, OLD_TEMPLATE
from etl.problems import Problem
from etl.sheets.workbook import Sheet

VERSIONS = dict.fromkeys(KINDS, 2)
"""By kind; to be raised when a column of the template changes its meaning or becomes required. Templates
without a mark were version 1 and are read as any other workbook."""

SHEET_NAME = "说明"
"""The template's last sheet, where the mark stands."""

ROWS_LOOKED_AT = 15
_MARK = re.compile(r"vbp-template/(\w+)/(\d{1,4})")


def version_mark(kind: str) -> str:
    return f"vbp-template/{kind}/{VERSIONS[kind]}"


def version_problems(file: str, sheets: Iterable[Sheet]) -> list[Problem]:
    """A mention where the file was filled into another version of the template than today's."""
    problems = []
    for sheet in sheets:
        if sheet.name.strip() != SHEET_NAME:
            continue
        for row, cells in enumerate(sheet.rows[:ROWS_LOOKED_AT], 1):
            found = _MARK.search(cells[0]) if cells and isinstance(cells[0], str) else None
            if found and (problem := _problem(file, sheet.name, row, found[1], int(found[2]))):
                problems.append(problem)
    return problems


def _problem(file: str, sheet: str, row: int, kind: str, stated: int) -> Problem | None:
    current = VERSIONS.get(kind, stated)
    if stated == current:
        return None
    problem_kind = OLD_TEMPLATE if stated < current else NEWER_TEMPLATE
    words = {"stated": stated, "current": current}
    return Problem(problem_kind, file, sheet, f"A{row}", row, params=words)
