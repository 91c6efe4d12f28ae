"""A file's bytes → its sheets, with rows and columns numbered as Excel numbers them.

The content decides what a file is, not its ending: zip (.xlsx .xlsm .xlsb .ods, and .et of newer WPS),
OLE (.xls, older .et) or delimited text. Hidden sheets are named and not read. A formula gives the value
that was saved with it; an error value (#DIV/0!) stays visible as its text.
"""

import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from etl.delimited import read_delimited
from etl.lost_cells import Range, lost_cells
from etl.problem_kinds.stop import NOT_A_WORKBOOK, PASSWORD, TOO_LARGE
from etl.problems import Problem

ENDINGS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods", ".csv"}
"""File name endings that a folder is searched for; a file named alone may have any."""

MEGABYTE = 1_000_000
UNPACKED_LIMIT = 300 * MEGABYTE
"""What a zipped workbook may state as its unpacked size: about 400 000 rows of 14 columns."""

FILE_LIMIT = 100 * MEGABYTE
"""What a file may hold, packed or not."""

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
    if len(content) > FILE_LIMIT:
        return _too_large(file, len(content), FILE_LIMIT)
    if content.startswith(_ZIP):
        return _refused_zip(content, file) or _read_sheets(content, file)
    if content.startswith(_OLE):
        return Problem(PASSWORD, file) if _ENCRYPTED in content else _read_sheets(content, file)
    rows = read_delimited(content)
    return Problem(NOT_A_WORKBOOK, file) if rows is None else Workbook(file, [Sheet("", rows)])


def _refused_zip(content: bytes, file: str) -> Problem | None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return Problem(NOT_A_WORKBOOK, file)
    return _too_large(file, size, UNPACKED_LIMIT) if size > UNPACKED_LIMIT else None


def _too_large(file: str, size: int, limit: int) -> Problem:
    return Problem(TOO_LARGE, file, params={"size": size // MEGABYTE, "limit": limit // MEGABYTE})


def _read_sheets(content: bytes, file: str) -> Workbook | Problem:
    try:
        return _sheets(content, file)
    except PasswordError:
        return Problem(PASSWORD, file)
    except BaseException as error:
        # A parser of damaged files may fail in ways of its own, and a panic of the Rust side is no
        # Exception; only what the user or the system asks for goes through.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError | GeneratorExit):
            raise
        return Problem(NOT_A_WORKBOOK, file)


def _sheets(content: bytes, file: str) -> Workbook:
    workbook = Workbook(file, [])
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    lost = lost_cells(content)
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        if about.visible != SheetVisibleEnum.Visible:
            workbook.hidden.append(about.name)
            continue
        sheet = book.get_sheet_by_name(about.name)
        rows = sheet.to_python(skip_empty_area=False)
        missing = lost.get(about.name)
        merged = list(sheet.merged_cell_ranges or (missing.merged if missing else []))
        workbook.sheets.append(Sheet(about.name, rows, merged))
        if missing:
            _put_errors(rows, missing.errors)
    return workbook


def _put_errors(rows: list[list[Any]], errors: dict[tuple[int, int], str]) -> None:
    width = max(map(len, rows), default=0)
    width = max([width, *(column + 1 for _, column in errors)])
    last = max((row for row, _ in errors), default=-1)
    rows.extend([] for _ in range(last + 1 - len(rows)))
    for row in rows:
        row.extend([""] * (width - len(row)))
    for (number, column), text in errors.items():
        rows[number][column] = text
