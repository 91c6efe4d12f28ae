"""A matrix of products down and hospitals across: seen, and told, since no row says whose figure it holds."""

import re

from etl.formats.grid import column_letters
from etl.problem_kinds.stop import INSTITUTIONS_ACROSS
from etl.problems import Problem
from etl.sheets.layout import Found, Heading
from etl.sheets.open_headings import INSTITUTION_FIELDS
from etl.sheets.table_columns import one_line
from etl.sheets.workbook import Sheet
from etl.values.cells import plain
from procurement.language import _

LISTS = ("batch_list", "substitutes")

TOLD_OTHERWISE = (*INSTITUTION_FIELDS, "awarded_price")
"""Fields with which columns named after institutions are something beside the point."""

LEAST_ACROSS = 2

NAMES_SHOWN = 3

ROWS_LOOKED_AT = 50
"""Below the heading, for the figures that make a column of an institution."""

_INSTITUTION = re.compile(
    r".+((?<![住出入])院|卫生服务(中心|站)|卫生(室|所)|医疗中心|门诊部|诊所|药店|药房)(\(.*\))?"
)
"""示例市第一医院, 市一院, 城东街道社区卫生服务中心; 住院, 出院 are no institutions."""


def institutions_across(file: str, found: Found, kind: str | None) -> Problem | None:
    """Why a sheet cannot be read whose headings are the names of institutions, each over figures.

    `kind` is what the user says it is. A sheet that has all that it needs stands as it is, except one
    taken for a list only because nothing speaks against it.
    """
    heading = found.heading
    if heading is None or heading.fields.intersection(TOLD_OTHERWISE):
        return None
    if heading.kind and not heading.missing and (kind or heading.kind not in LISTS):
        return None
    for number in range(heading.first, min(heading.last + 2, len(found.sheet.rows))):
        columns = _columns(found.sheet, heading, number)
        if len(columns) >= LEAST_ACROSS:
            names = [one_line(str(found.sheet.rows[number][index])) for index in columns]
            words = {"names": _("、").join(names[:NAMES_SHOWN]), "count": len(names)}
            cell = f"{column_letters(columns[0])}{number + 1}"
            return Problem(
                INSTITUTIONS_ACROSS, file, found.sheet.name or None, cell, number + 1, params=words
            )
    return None


def _columns(sheet: Sheet, heading: Heading, number: int) -> list[int]:
    known = {index for index, _text, match in heading.columns if match and number <= heading.last}
    below = sheet.rows[number + 1 : number + 1 + ROWS_LOOKED_AT]
    return [
        index
        for index, cell in enumerate(sheet.rows[number])
        if index not in known
        and _INSTITUTION.fullmatch(plain(cell))
        and any(isinstance(row[index], int | float) for row in below if index < len(row))
    ]
