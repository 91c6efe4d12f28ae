"""A file → which kind of workbook it is and its tables; nothing is looked up in the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from etl.expanding import File
from etl.headings import KINDS, Said, Sayings, sayings, source
from etl.open_points import OpenHeading
from etl.problem_kinds.mention import HIDDEN_SHEET, OTHER_KIND_OF_SHEET, SHEET_PASSED_OVER
from etl.problem_kinds.stop import FILE_NOT_FOUND, MISSING_COLUMN, NO_ROWS, NOT_RECOGNISED
from etl.problems import Loudness, Problem
from etl.returned import is_part
from etl.sheets.first_rows import FirstRows, first_rows
from etl.sheets.guessed_headings import guessed
from etl.sheets.institutions_across import institutions_across
from etl.sheets.layout import Found, Heading, find_headings
from etl.sheets.open_headings import open_headings, printed_headings, said_of_institution
from etl.sheets.said_headings import said_problems
from etl.sheets.table import Table, tables_under
from etl.sheets.workbook import Workbook, read_workbook, too_large
from etl.template_version import version_problems
from procurement.language import _


@dataclass
class Recognised:
    """What a file turned out to be; with a STOP among `problems` it cannot be read further.

    `sheets` were read, `passed_over` were not: hidden ones, and those that are no table of this kind.
    `headings` are those that a person may say something of, `printed` all of them, `texts` what may tell
    whose file it is: they are there even where the file cannot be read further. A file that `is_part` of
    another holds only its corrected rows, to be added. `first_rows` are shown beside a question about it.
    """

    file: str
    kind: str | None = None
    tables: list[Table] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    headings: list[OpenHeading] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    is_part: bool = False
    first_rows: FirstRows | None = None

    @property
    def sheets(self) -> list[str]:
        return list(dict.fromkeys(table.sheet for table in self.tables))

    @property
    def rows(self) -> int:
        return sum(len(table.rows) for table in self.tables)

    @property
    def is_stopped(self) -> bool:
        own = self.problems + [problem for table in self.tables for problem in table.problems]
        return any(problem.kind.loudness is Loudness.STOP for problem in own)


def name_of(file: File) -> str:
    return file[0] if isinstance(file, tuple) else Path(file).name


def refused(file: File) -> Problem | None:
    """Why a file is not opened at all: it is not there, is a folder or a device, or is too large."""
    name = name_of(file)
    if isinstance(file, tuple):
        return too_large(len(file[1]), name)
    path = Path(file)
    if not path.is_file():
        return Problem(FILE_NOT_FOUND, name)
    return too_large(path.stat().st_size, name)


def recognise(
    file: File, kind: str | None = None, mapping: Mapping[str, str | Said] | None = None
) -> Recognised:
    """Read a file as far as its tables; with `kind` it is taken for no other.

    `mapping` tells what headings mean: a field or one of its headings, nothing for a column of no use.
    """
    name = name_of(file)
    try:
        problem = refused(file)
        content = b"" if problem else file[1] if isinstance(file, tuple) else Path(file).read_bytes()
    except OSError:
        problem = Problem(FILE_NOT_FOUND, name)
    if problem:
        return Recognised(name, kind, problems=[problem])
    workbook = read_workbook(content, name)
    if isinstance(workbook, Problem):
        return Recognised(name, kind, problems=[workbook])
    known = _recognised(workbook, kind, sayings(mapping or {}))
    return replace(known, first_rows=first_rows(workbook.sheets, known.sheets))


def _recognised(workbook: Workbook, kind: str | None, said: Sayings) -> Recognised:
    known = Recognised(workbook.file, kind, passed_over=list(workbook.hidden))
    known.is_part = is_part(workbook.sheets)
    known.problems += version_problems(workbook.file, workbook.sheets)
    for hidden in workbook.hidden:
        known.problems.append(Problem(HIDDEN_SHEET, workbook.file, params={"name": hidden}))
    found = find_headings(workbook.sheets, kind, said)
    headings = [f.heading for f in found if f.heading]
    best = max(headings, key=lambda heading: heading.weight, default=None)
    if best is None or (kind is None and not _is_likely(best)):
        return _with_guess(known, guessed(found, kind, said), said)
    known.kind = best.kind
    of_kind = [f for f in found if f.heading and f.heading.kind == best.kind]
    of_kind.sort(key=lambda f: f.heading is not best)
    _add_open_points(known, of_kind, said, kind)
    if known.is_stopped:
        return known
    if best.missing:
        known.problems += _missing(workbook.file, of_kind[0], best)
        return known
    for each in found:
        _add_sheet(known, each, said)
    if not known.rows and not known.is_stopped:
        known.problems.append(Problem(NO_ROWS, workbook.file))
    return known


def _add_open_points(known: Recognised, found: list[Found], said: Sayings, kind: str | None) -> None:
    """What a person may say, or has said, of the headings; the first sheet is the one that counts."""
    known.headings, known.printed = open_headings(found), printed_headings(found)
    known.texts = said_of_institution(found)
    known.problems += said_problems(known.file, found, said)
    across = [p for p in (institutions_across(known.file, f, kind) for f in found[:1]) if p]
    known.problems += across
    if across:
        known.headings = []  # no name for its columns would help


def _is_likely(heading: Heading) -> bool:
    """Half of what its kind needs: enough to say which column is missing."""
    return len(heading.missing) * 2 <= len(source(heading.kind).needs)


def _with_guess(known: Recognised, guesses: list[Found], said: Sayings) -> Recognised:
    """Of a kind that the user has said, or that the headings are near to, it is known what is missing."""
    named = [(f, f.heading) for f in guesses if f.heading and f.heading.kind and f.heading.missing]
    if not named:
        _add_open_points(known, guesses, said, known.kind)
        kinds = _("、").join(_(source(each).title) for each in KINDS)
        if not known.is_stopped:
            known.problems.append(Problem(NOT_RECOGNISED, known.file, params={"kinds": kinds}))
        return known
    found, heading = max(named, key=lambda pair: pair[1].weight)
    _add_open_points(known, [found], said, known.kind)
    known.kind = heading.kind
    if not known.is_stopped:
        known.problems += _missing(known.file, found, heading)
    return known


def _missing(file: str, found: Found, heading: Heading) -> list[Problem]:
    known = source(heading.kind)
    texts = _("、").join("".join(text.split()) for _index, text, _match in heading.columns if text)
    words = {"kind": _(source(heading.kind).title), "found": texts}
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


def _add_sheet(known: Recognised, found: Found, said: Sayings) -> None:
    """Read a sheet of the file's kind, or say why it is passed over."""
    sheet, heading = found.sheet, found.heading
    if heading is not None and heading.kind == known.kind and not heading.missing:
        tables = tables_under(known.file, sheet, heading, said)
        if len(tables[0].rows) or any(p.kind.loudness is Loudness.STOP for p in tables[0].problems):
            known.tables += tables
            return
        known.problems += tables[0].problems
    known.passed_over.append(sheet.name)
    if heading is not None and heading.kind != known.kind:
        params = {"kind": _(source(heading.kind).title)}
        known.problems.append(Problem(OTHER_KIND_OF_SHEET, known.file, sheet.name, params=params))
    elif heading is not None and heading.missing and _is_likely(heading):
        needed = _("、").join(source(heading.kind).need_title(need) for need in heading.missing)
        known.problems.append(Problem(SHEET_PASSED_OVER, known.file, sheet.name, params={"needed": needed}))
