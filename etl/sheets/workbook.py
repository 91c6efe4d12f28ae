"""A file's bytes → its sheets, with rows and columns numbered as Excel numbers them.

The content decides what a file is, not its ending: zip (.xlsx .xlsm .xlsb .ods, and .et of newer WPS),
OLE (.xls, older .et), XML or HTML that calls itself .xls, or delimited text. Hidden sheets are named and
not read. A formula gives the value that was saved with it, and is never computed; an error value
(#DIV/0!) stays visible as its text. What asks for more than etl.limits allow is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from etl.formats.archive import Archive
from etl.formats.delimited import read_delimited
from etl.formats.grid import Grid, Range
from etl.formats.lost import Lost
from etl.formats.ods import read_ods
from etl.formats.office_xml import NAMESPACE, read_office_xml
from etl.formats.texts import declared_encoding, decoded
from etl.formats.xls import lost_of_xls
from etl.formats.xlsb import lost_of_xlsb
from etl.formats.xlsx import lost_of_xlsx
from etl.limits import MEGABYTE, TooMuch, megabytes
from etl.problem_kinds.stop import FILE_TOO_LARGE, NOT_A_WORKBOOK, PASSWORD
from etl.problems import Problem

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""Name of the stream in which Office keeps a workbook with a password."""


@dataclass
class Sheet:
    """One visible sheet: `rows[0]` is Excel's row 1, `rows[r][0]` its column A; "" is an empty cell.

    `merged` holds ranges as ((first row, first column), (last row, last column)), counted from 0;
    only their first cell has the value.
    """

    name: str
    rows: list[list[Any]]
    merged: list[Range] = field(default_factory=list)


@dataclass
class Workbook:
    """What a file holds; `hidden` names the sheets that are passed over."""

    file: str
    sheets: list[Sheet]
    hidden: list[str] = field(default_factory=list)


def read_workbook(content: bytes, file: str) -> Workbook | Problem:
    """The visible sheets of a file, or why it cannot be read."""
    if problem := too_large(len(content), file):
        return problem
    try:
        workbook = _workbook(content, file)
    except TooMuch as found:
        return Problem(found.kind, file, params=found.params)
    except PasswordError:
        return Problem(PASSWORD, file)
    except BaseException as error:
        # A parser of damaged files may fail in ways of its own, and a panic of the Rust side is no
        # Exception; only what the user or the system asks for goes through.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError | GeneratorExit):
            raise
        return Problem(NOT_A_WORKBOOK, file)
    return workbook or Problem(NOT_A_WORKBOOK, file)


def too_large(size: int, file: str) -> Problem | None:
    """A file of so many bytes is not opened at all."""
    most = megabytes("file_megabytes")
    if size <= most:
        return None
    params = {"size": -(-size // MEGABYTE), "limit": most // MEGABYTE}
    return Problem(FILE_TOO_LARGE, file, params=params)


def _workbook(content: bytes, file: str) -> Workbook | None:
    if content.startswith(_ZIP):
        return _of_zip(content, file)
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise TooMuch(PASSWORD)
        return _of_calamine(content, file, lost_of_xls(content))
    if content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        return _of_markup(content, file)
    rows = read_delimited(content)
    return Workbook(file, [Sheet("", rows)]) if rows else None


def _of_zip(content: bytes, file: str) -> Workbook | None:
    archive = Archive(content)
    if "xl/workbook.bin" in archive:
        lost = lost_of_xlsb(archive)
    elif "xl/workbook.xml" in archive:
        lost = lost_of_xlsx(archive)
    elif "content.xml" in archive:
        return _of_grids(file, *read_ods(archive))
    else:
        return None
    archive.check_the_rest()
    return _of_calamine(content, file, lost)


def _of_markup(content: bytes, file: str) -> Workbook | None:
    found = decoded(content, declared_encoding(content))
    if found is None:
        return None
    if NAMESPACE in found[1]:
        return _of_grids(file, *read_office_xml(found[1]))
    # lxml takes as long to load as the rest of this module, and most files are no HTML.
    from etl.formats.html import read_html

    grids = read_html(found[1])
    return _of_grids(file, grids, []) if grids else None


def _of_grids(file: str, grids: Sequence[Grid], hidden: Sequence[str]) -> Workbook:
    return Workbook(file, [Sheet(grid.name, grid.rows(), grid.merged) for grid in grids], list(hidden))


def _of_calamine(content: bytes, file: str, lost: dict[str, Lost] | list[Lost]) -> Workbook:
    """`lost` by the sheets' names, or in their order."""
    workbook = Workbook(file, [])
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    for number, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        if about.visible != SheetVisibleEnum.Visible:
            workbook.hidden.append(about.name)
            continue
        workbook.sheets.append(_sheet(book, about.name, _lost_of(lost, number, about.name)))
    return workbook


def _lost_of(lost: dict[str, Lost] | list[Lost], number: int, name: str) -> Lost:
    if isinstance(lost, dict):
        return lost.get(name) or Lost()
    return lost[number] if number < len(lost) else Lost()


def _sheet(book: CalamineWorkbook, name: str, lost: Lost) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    _put_errors(rows, lost.errors)
    return Sheet(name, rows, list(sheet.merged_cell_ranges or lost.merged))


def _put_errors(rows: list[list[Any]], errors: dict[tuple[int, int], str]) -> None:
    """Make room for errors beyond the last cell that calamine saw; its rows are all of one width."""
    if not errors:
        return
    width = max([*map(len, rows), *(column + 1 for _, column in errors)])
    rows.extend([] for _ in range(max(row for row, _ in errors) + 1 - len(rows)))
    for row in rows:
        row.extend([""] * (width - len(row)))
    for (number, column), text in errors.items():
        rows[number][column] = text
