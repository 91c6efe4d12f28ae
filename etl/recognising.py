"""A file → which kind of workbook it is and its tables; nothing is looked up in the ledger."""

from dataclasses import dataclass, field
from pathlib import Path

from etl.headings import source
from etl.layout import Found, Heading, find_headings
from etl.open_points import OpenHeading
from etl.problem_kinds.mention import HIDDEN_SHEET, OTHER_KIND_OF_SHEET, SHEET_PASSED_OVER
from etl.problem_kinds.stop import FILE_NOT_FOUND, MISSING_COLUMN, NO_ROWS, NOT_RECOGNISED
from etl.problems import Loudness, Problem
from etl.sources import READERS
from etl.table import Table, extract
from etl.workbook import Workbook, read_workbook
from procurement.language import _

NamedBytes = tuple[str, bytes]
File = str | Path | NamedBytes


@dataclass
class Recognised:
    """What a file turned out to be; with a STOP among `problems` it cannot be read further.

    `sheets` were read, `passed_over` were not: hidden ones, and those that are no table of this kind.
    """

    file: str
    kind: str | None = None
    tables: list[Table] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    headings: list[OpenHeading] = field(default_factory=list)

    @property
    def sheets(self) -> list[str]:
        return [table.sheet for table in self.tables]

    @property
    def rows(self) -> int:
        return sum(len(table.rows) for table in self.tables)

    @property
    def is_stopped(self) -> bool:
        own = self.problems + [problem for table in self.tables for problem in table.problems]
        return any(problem.kind.loudness is Loudness.STOP for problem in own)


def name_of(file: File) -> str:
    return file[0] if isinstance(file, tuple) else Path(file).name


def recognise(file: File, kind: str | None = None) -> Recognised:
    """Read a file as far as its tables; with `kind` it is taken for no other."""
    name = name_of(file)
    try:
        content = file[1] if isinstance(file, tuple) else Path(file).read_bytes()
    except OSError:
        return Recognised(name, kind, problems=[Problem(FILE_NOT_FOUND, name)])
    workbook = read_workbook(content, name)
    if isinstance(workbook, Problem):
        return Recognised(name, kind, problems=[workbook])
    return _recognised(workbook, kind)


def _recognised(workbook: Workbook, kind: str | None) -> Recognised:
    known = Recognised(workbook.file, kind, passed_over=list(workbook.hidden))
    for hidden in workbook.hidden:
        known.problems.append(Problem(HIDDEN_SHEET, workbook.file, params={"name": hidden}))
    found = find_headings(workbook.sheets, kind)
    headings = [f.heading for f in found if f.heading]
    best = max(headings, key=lambda heading: heading.weight, default=None)
    if best is None or (kind is None and not _is_likely(best)):
        kinds = _("、").join(_(reader.TITLE) for reader in READERS.values())
        known.problems.append(Problem(NOT_RECOGNISED, workbook.file, params={"kinds": kinds}))
        return known
    known.kind = best.kind
    if best.missing:
        known.problems += _missing(workbook.file, next(f for f in found if f.heading == best), best)
        return known
    for each in found:
        _add_sheet(known, each)
    if not known.rows and not known.is_stopped:
        known.problems.append(Problem(NO_ROWS, workbook.file))
    return known


def _is_likely(heading: Heading) -> bool:
    """Half of what its kind needs: enough to say which column is missing."""
    return len(heading.missing) * 2 <= len(source(heading.kind).needs)


def _missing(file: str, found: Found, heading: Heading) -> list[Problem]:
    known = source(heading.kind)
    texts = _("、").join("".join(text.split()) for _index, text, _match in heading.columns if text)
    words = {"kind": _(READERS[heading.kind].TITLE), "found": texts}
    row = heading.last + 1
    return [
        Problem(
            MISSING_COLUMN,
            file,
            found.sheet.name or None,
            row=row,
            params={**words, "needed": known.need_title(need)},
        )
        for need in heading.missing
    ]


def _add_sheet(known: Recognised, found: Found) -> None:
    """Read a sheet of the file's kind, or say why it is passed over."""
    sheet, heading = found.sheet, found.heading
    if heading is not None and heading.kind == known.kind and not heading.missing:
        table = extract(known.file, sheet, heading)
        if table.rows or any(problem.kind.loudness is Loudness.STOP for problem in table.problems):
            known.tables.append(table)
            return
        known.problems += table.problems
    known.passed_over.append(sheet.name)
    if heading is not None and heading.kind != known.kind:
        params = {"kind": _(READERS[heading.kind].TITLE)}
        known.problems.append(Problem(OTHER_KIND_OF_SHEET, known.file, sheet.name, params=params))
    elif heading is not None and heading.missing and _is_likely(heading):
        needed = _("、").join(source(heading.kind).need_title(need) for need in heading.missing)
        known.problems.append(Problem(SHEET_PASSED_OVER, known.file, sheet.name, params={"needed": needed}))
