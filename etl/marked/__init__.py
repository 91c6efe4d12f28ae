"""Their own workbook back: the bad cells red, a note in each, and a sheet 问题 that lists them all.

    marked_workbook(content, "采购.xlsx", report.problems) → Marked("采购-问题.xlsx", …)

patched     an .xlsx or .xlsm keeps all that it holds, byte for byte beside the marked cells
rewritten   any other format: the values in the same places
bad_rows    a file too large for either: the rows with problems alone
"""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from etl.headings import Said
from etl.limits import limit, megabytes
from etl.marked.bad_rows import bad_rows
from etl.marked.findings import Marks, marks
from etl.marked.parts import Unpatchable
from etl.marked.patched import patched
from etl.marked.problem_list import PART, REWRITTEN, texts_above
from etl.marked.rewritten import Page, rewritten
from etl.problems import Problem
from etl.sheets.workbook import Workbook, read_workbook
from procurement.language import N_, _

__all__ = ["Marked", "marked_workbook"]

MARKED_NAME = N_("{name}-问题{ending}")
PART_NAME = N_("{name}-有误的行.xlsx")


@dataclass(frozen=True)
class Marked:
    """A workbook to hand back: the file name to offer, its bytes, and whether it is the whole file.

    One that is not holds only the rows with problems: corrected, it is to be added (etl.returned.is_part).
    """

    name: str
    content: bytes
    is_whole: bool


def marked_workbook(
    content: bytes,
    file_name: str,
    problems: Sequence[Problem],
    kind: str | None = None,
    mapping: Mapping[str, str | Said] | None = None,
) -> Marked | Problem:
    """The file with its problems marked, or why it cannot be opened at all.

    Meant for a file that an import has read before, within its limits; `kind` and `mapping` as they
    were said then (etl.recognising).
    """
    name = PurePath(file_name)
    size = _unpacked_size(content)
    if size is not None and size <= megabytes("marked_megabytes"):
        try:
            ending = name.suffix.lower() if name.suffix.lower() == ".xlsm" else ".xlsx"
            marked = patched(content, file_name, problems)
            return Marked(_(MARKED_NAME).format(name=name.stem, ending=ending), marked, True)
        except Unpatchable:
            pass
    workbook = read_workbook(content, file_name)
    if isinstance(workbook, Problem):
        return workbook
    return _written(workbook, problems, kind, mapping or {})


def _unpacked_size(content: bytes) -> int | None:
    """Of an .xlsx or .xlsm, by its own word: it has been read within the limits before; None for others."""
    if not content.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            is_xml = any(info.filename.endswith("workbook.xml") for info in archive.infolist())
            return sum(info.file_size for info in archive.infolist()) if is_xml else None
    except zipfile.BadZipFile:
        return None


def _written(
    workbook: Workbook, problems: Sequence[Problem], kind: str | None, mapping: Mapping[str, str | Said]
) -> Marked:
    stem = PurePath(workbook.file).stem
    cells = sum(len(sheet.rows) * len(sheet.rows[0]) for sheet in workbook.sheets if sheet.rows)
    if cells > limit("marked_cells"):
        pages, moved = bad_rows(workbook, problems, kind, mapping)
        above = texts_above(workbook.file, moved, [_(PART)], is_part=True)
        return Marked(_(PART_NAME).format(name=stem), rewritten(pages, above, moved), False)
    found = marks(problems)
    pages = [Page(s.name, s.rows, s.merged, found.get(s.name, Marks())) for s in workbook.sheets]
    above = texts_above(workbook.file, problems, [_(REWRITTEN)])
    name = _(MARKED_NAME).format(name=stem, ending=".xlsx")
    return Marked(name, rewritten(pages, above, problems), True)
