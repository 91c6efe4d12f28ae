"""Where the table is: the kind, the sheet and the heading row are found by content.

Each of a sheet's first rows, alone and with the row below it (采购情况 over 数量, 单价, 金额), is weighed as
a heading of each kind: by how many of the kind's needs it meets, then by how many fields it names.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from etl.headings import IGNORED, KINDS, Match, Sayings, keys, known_to, match, match_said, source
from etl.returned import is_problem_sheet
from etl.sheets.workbook import Sheet
from etl.values.cells import plain
from etl.values.hints import heading_key
from etl.values.units import unit_of

ROWS_LOOKED_AT = 60
"""Title, notes and unit rows above a table have not been seen to take more than a dozen."""

LEAST_COLUMNS = 3

CELLS_LOOKED_AT = 20
"""Below a heading that its cells must explain."""

LONGEST_UNIT = 3
"""Signs of a unit word that we do not know; a longer one is a name."""

OF_UNITS = re.compile(r"\d|单元|单位$|包装|制剂单位")
"""In 盒(14片), 最小销售单元: words of a unit, however long."""

LIKE_DATA = re.compile(r"[A-Za-z]?[\d.,:/\- ]*\d[\dA-Za-z.,:/\- %]*|\d{4}年\d{1,2}月.*")
"""Codes, figures and dates: a row that holds one is not the second row of a heading."""


Column = tuple[int, str, Match | None]
"""Its number from 0, its text, and what it stands for."""


@dataclass(frozen=True)
class Heading:
    """A possible heading of one kind: `columns` has the text of each column and what it stands for.

    `first` and `last` are its rows, counted from 0; they differ where it takes two.
    """

    kind: str
    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(m.field for _, _, m in self.columns if m and m.field != IGNORED)

    @property
    def missing(self) -> list[tuple[str, ...]]:
        """The needs of its kind that it does not meet."""
        return [need for need in source(self.kind).needs if not self.fields.intersection(need)]

    @property
    def is_plausible(self) -> bool:
        """Three columns are known, or half of them: not one word that happens to be a heading."""
        known = sum(match is not None for _, _, match in self.columns)
        return known >= LEAST_COLUMNS or known * 2 >= sum(bool(text) for _, text, _ in self.columns)

    @property
    def weight(self) -> tuple[bool, int, int, int]:
        """Complete before incomplete, then more needs, then more fields, then one row before two."""
        met = len(source(self.kind).needs) - len(self.missing)
        return not self.missing, met, len(self.fields), self.first - self.last


@dataclass(frozen=True)
class Found:
    """The best heading of a sheet, or none."""

    sheet: Sheet
    heading: Heading | None


NOTHING_SAID: Sayings = {}


def find_headings(sheets: Iterable[Sheet], kind: str | None, said: Sayings = NOTHING_SAID) -> list[Found]:
    """The best heading of each sheet: of the kind that fits best, or of `kind`, if the user says so.

    What a person has `said` of single headings goes before what we know of them.
    """
    kinds = (kind,) if kind else KINDS
    found = [
        Found(sheet, None if is_instructions(sheet) else best_heading(sheet, kinds, kind is not None, said))
        for sheet in sheets
    ]
    best = max((f.heading for f in found if f.heading), key=lambda h: h.weight, default=None)
    if best is None:
        return found
    return [_of_kind(f, best.kind, said) for f in found]


def is_instructions(sheet: Sheet) -> bool:
    """说明, 填表说明, our list of problems: such a sheet names columns of the table, it holds none."""
    return sheet.name.strip().endswith("说明") or is_problem_sheet(sheet)


def _of_kind(found: Found, kind: str, said: Sayings) -> Found:
    """The sheet's heading as one of the file's kind, unless the sheet is wholly of another kind."""
    heading = found.heading
    if heading is None or heading.kind == kind or not heading.missing:
        return found
    return Found(found.sheet, best_heading(found.sheet, (kind,), said=said))


def best_heading(
    sheet: Sheet, kinds: Iterable[str], is_said: bool = False, said: Sayings = NOTHING_SAID
) -> Heading | None:
    """The heading of a sheet that fits one of `kinds` best; None where nothing is named that a kind needs.

    Where the user has said the kind (`is_said`), no column speaks against it.
    """
    candidates = []
    for first, last, row in _candidate_rows(heading_texts(sheet)):
        # Most rows are data: they name no field of any kind and are not looked at further.
        known = frozenset().union(*(_kinds_of(text, said) for texts in row for text in texts))
        possible = (kind for kind in kinds if kind in known and (is_said or not is_unlike(kind, row)))
        headings = (settled(sheet, heading_of(kind, first, last, row, said)) for kind in possible)
        candidates += [heading for heading in headings if heading.is_plausible]
    best = max(candidates, key=lambda h: h.weight, default=None)
    if best is None or len(best.missing) == len(source(best.kind).needs):
        return None
    return _with_rows_above(sheet, best)


def _with_rows_above(sheet: Sheet, heading: Heading) -> Heading:
    """The heading with the rows above it that its merged cells reach up to."""
    tops = [top for (top, _), (bottom, _) in sheet.merged if top < heading.first <= bottom]
    return replace(heading, first=min(tops)) if tops else heading


@dataclass(frozen=True)
class _Texts:
    """A sheet's first rows as texts: `own` with merged cells filled down, `group` also to the right.

    A heading merged over two columns names the first; a group (采购情况) is over all its columns.
    """

    own: list[list[str]]
    group: list[list[str]]


def heading_texts(sheet: Sheet) -> _Texts:
    own = [[str(cell).strip() for cell in row] for row in sheet.rows[: ROWS_LOOKED_AT + 1]]
    group = [list(row) for row in own]
    for (top, left), (bottom, right) in sheet.merged:
        for number in range(top, min(bottom + 1, len(own))):
            own[number][left : left + 1] = own[top][left : left + 1]
            width = len(group[number][left : right + 1])
            group[number][left : right + 1] = own[top][left : left + 1] * width
    return _Texts(own, group)


def _candidate_rows(texts: _Texts) -> Iterable[tuple[int, int, list[tuple[str, ...]]]]:
    """Rows that may be headings, each cell with the texts to try in turn."""
    for number, row in enumerate(texts.own):
        if sum(1 for text in row if text) < 2 and len(row) > 1:
            continue
        yield number, number, [(text,) for text in row]
        below = texts.own[number + 1] if number + 1 < len(texts.own) else []
        if below and not any(LIKE_DATA.fullmatch(text) for text in below):
            columns = zip(texts.group[number], row, below, strict=False)
            yield number, number + 1, [_texts_to_try(*column) for column in columns]


def _texts_to_try(group: str, over: str, under: str) -> tuple[str, ...]:
    """采购情况数量, else 集采前价格(元), else 中选价格(元)(盒), else 数量, else what stands above alone."""
    if not under or over == under:
        return (over,)
    by_unit = (f"{group}({under})",) if group and unit_of(plain(under)) else ()
    turned = (under + group,) if group else ()
    return group + under, *turned, *by_unit, under, over


def is_unlike(kind: str, row: Sequence[tuple[str, ...]]) -> bool:
    """Whether a column says that the sheet is of another kind."""
    unlike = source(kind).unlike
    return any(key in unlike for texts in row for text in texts for key in keys(text))


def _kinds_of(text: str, said: Sayings) -> frozenset[str]:
    """The kinds that have a field of this heading, by themselves or because a person says so."""
    if not said or heading_key(text) not in said:
        return known_to(text)
    told = {kind: match_said(kind, text, said) for kind in KINDS}
    return known_to(text) | {kind for kind, found in told.items() if found and found.field != IGNORED}


def heading_of(kind: str, first: int, last: int, row: Sequence[tuple[str, ...]], said: Sayings) -> Heading:
    """A row, or two, as a heading of one kind; `row` has the texts to try for each column."""
    columns = []
    for column, texts in enumerate(row):
        printed = next((text for text in texts if text), "")
        told = next((m for text in texts if text and (m := match_said(kind, text, said))), None)
        known = told or next((m for text in texts if (m := match(kind, text))), None)
        columns.append((column, printed, known))
    fields = [known.field for _, _, known in columns if known]
    kept = [
        (i, text, None if _is_of_other_things(kind, text, known, fields) else known)
        for i, text, known in columns
    ]
    return Heading(kind, first, last, tuple(kept))


def _is_of_other_things(kind: str, printed: str, known: Match | None, fields: list[str]) -> bool:
    """数量 below 累计 or 出库情况 was not bought then; nor that below 上年同期, if it is the only one."""
    about = source(kind)
    if known is None or known.said or known.by == printed or known.field == IGNORED:
        return False
    is_earlier = fields.count(known.field) == 1 and any(word in printed for word in about.earlier)
    is_other = any(word in printed for word in about.otherwise)
    return about.fields[known.field].measure and (is_other or is_earlier)


def settled(sheet: Sheet, heading: Heading) -> Heading:
    """The heading with what its cells tell of it, and a person's word before what we know."""
    columns = [(i, text, _told_by_cells(sheet, heading, i, known)) for i, text, known in heading.columns]
    told = {known.field for _, _, known in columns if known and known.said} - {IGNORED}

    def gives_way(known: Match | None) -> bool:
        return known is not None and known.said is None and known.field in told

    return replace(
        heading, columns=tuple((i, text, None if gives_way(known) else known) for i, text, known in columns)
    )


def _told_by_cells(sheet: Sheet, heading: Heading, index: int, known: Match | None) -> Match | None:
    """采购单位 is the buyer, or the unit that is bought: most of the cells below decide."""
    either = source(heading.kind).unit_or_institution
    if known is None or known.said or not either.intersection(keys(known.by)):
        return known
    rows = sheet.rows[heading.last + 1 : heading.last + 1 + CELLS_LOOKED_AT]
    texts = [text for row in rows if index < len(row) and (text := plain(row[index]))]
    names = sum(
        unit_of(text) is None and len(text) > LONGEST_UNIT and not OF_UNITS.search(text) for text in texts
    )
    return replace(known, field="institution_name" if names * 2 > len(texts) else "unit")
