"""A sheet with a known heading → the columns of its data rows.

Left out: blank rows, headings repeated in the middle, totals (小计, 合计, 总计), footers (制表人, 注), lone
captions (某医院采购明细) and the template's example row; what they say is kept as `dividers`. Merged cells
are filled down, except quantities and amounts, where a merged cell stands for one row only.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import groupby

from etl.cells import plain
from etl.headings import IGNORED, Field, Match, Source, keys, source
from etl.hints import Hint, stated_above
from etl.layout import Heading
from etl.problem_kinds.mention import AMOUNTS_SCALED, EXAMPLE_ROW, UNREAD_COLUMN
from etl.problem_kinds.stop import DUPLICATE_HEADING
from etl.problems import Problem
from etl.units import unit_of
from etl.workbook import Sheet
from procurement.language import _

EXAMPLE_MARK = "示例行"
"""Stands in the template's first cell of the row that is an example."""

_DIGIT = re.compile(r"\d")

CELLS_LOOKED_AT = 20
"""Below a heading that its cells must explain."""

LONGEST_UNIT = 3
"""Signs of a unit word that we do not know; a longer one is a name."""

TOTAL_WORDS = {"小计", "合计", "总计", "累计", "本页小计", "本页合计"}
"""A cell that says this and nothing else makes its row a total, even where date and code are filled in."""

_LIKE_DATA = re.compile(r"[-+A-Za-z\d.,:/% ]+|\d{4}年\d{1,2}月.*")
"""Codes, figures and dates."""

LEAST_CAPTION = 4
"""Signs of a text that stands alone in a row and heads the rows below it."""

MOST_CAPTION_CELLS = 3

_TOTAL = re.compile(r".{0,40}(小计|合计|总计|累计)([:(].*)?|本页.{0,4}计.*")
_WHO = "制表|审核|复核|审批|填表|填报|统计|负责|经办|联系|单位负责|主管|打印|导出|报表导出|采购|财务|领导"
_FOOTER = re.compile(
    rf"({_WHO})(单位)?(人|员|者|日期|时间|签字|签章|负责人|人员)+(\(?(签字|签章|盖章)\)?)?(:.*)?|({_WHO})(单位)?:.*"
    r"|(注|备注|说明|附注|填表说明|日期):.*|第\d+页.*|注\d*[、.].*"
)
_NOTE = re.compile(r"(注|备注|说明|附注|填表说明)\d*[:、.].*")


@dataclass(frozen=True)
class Column:
    """One column that is read: `index` counted from 0, `heading` as printed, `known_by` what told."""

    index: int
    heading: str
    hint: Hint
    is_month: bool = False
    basis: str | None = None
    known_by: str = ""

    @property
    def letters(self) -> str:
        return column_letters(self.index)


@dataclass(frozen=True)
class Divider:
    """What a row that is no data says to the data rows from the `at`-th on.

    Where it `closes`, it is a total or a note: it speaks of what stands above it, or of anything.
    """

    at: int
    row: int
    texts: tuple[str, ...]
    closes: bool


@dataclass
class Table:
    """The data rows of one sheet: `rows[i]` is Excel's row number of the i-th value of each column.

    `above` are the texts over the heading, `dividers` those between the data rows.
    """

    source: Source
    sheet: str
    columns: dict[str, Column]
    rows: list[int]
    cells: dict[str, list[object]]
    above: list[str]
    heading_row: int
    unit_above: str | None = None
    dividers: list[Divider] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    while index >= 0:
        index, letter = divmod(index, 26)
        letters = chr(ord("A") + letter) + letters
        index -= 1
    return letters


def extract(file: str, sheet: Sheet, heading: Heading) -> Table:
    """The table under `heading`; what is odd about its columns stands in its `problems`."""
    columns, problems = _columns(file, sheet, heading)
    above = _texts_above(sheet, heading)
    table = Table(
        source(heading.kind), sheet.name, columns, [], {}, above, heading.last + 1, problems=problems
    )
    _apply_unit_above(file, table)
    rows = _filled(sheet, heading, table)
    kept = _data_rows(file, rows, heading, table)
    table.rows = [number + 1 for number in kept]
    for name, column in columns.items():
        table.cells[name] = [_tidy(rows[number][column.index]) for number in kept]
    return table


def _tidy(cell: object) -> object:
    """Booleans as text: a dictionary of distinct cells would take True for 1."""
    return str(cell).upper() if isinstance(cell, bool) else cell


def _columns(file: str, sheet: Sheet, heading: Heading) -> tuple[dict[str, Column], list[Problem]]:
    known = source(heading.kind)
    columns: dict[str, Column] = {}
    problems = []
    named = [
        (_field_of(known, m, index, sheet, heading), index, text, m)
        for index, text, m in heading.columns
        if m and m.field != IGNORED
    ]
    for name, group in groupby(sorted(named, key=lambda e: e[:2]), key=lambda entry: entry[0]):
        about = known.fields[name]
        candidates = [Column(index, text, m.hint, *_told_by(about, m.by)) for _, index, text, m in group]
        chosen = _chosen(about, candidates)
        columns[name] = chosen or candidates[0]
        if chosen is None:
            found = _("、").join(f"{c.letters}“{_one_line(c.heading)}”" for c in candidates)
            params = {"field": about.title, "found": found}
            problems.append(
                Problem(DUPLICATE_HEADING, file, sheet.name, row=heading.first + 1, params=params)
            )
    for index, text, match in heading.columns:
        if match is None and text:
            cell = f"{column_letters(index)}{heading.last + 1}"
            problems.append(
                Problem(UNREAD_COLUMN, file, sheet.name, cell, heading.last + 1, column=_one_line(text))
            )
    return columns, problems


def _field_of(known: Source, match: Match, index: int, sheet: Sheet, heading: Heading) -> str:
    """采购单位 is the buyer, or the unit that is bought: most of the cells below decide."""
    if not known.unit_or_institution.intersection(keys(match.by)):
        return match.field
    below = [plain(row[index]) for row in sheet.rows[heading.last + 1 : heading.last + 1 + CELLS_LOOKED_AT]]
    words = [word for word in below if word]
    names = sum(unit_of(word) is None and len(word) > LONGEST_UNIT for word in words)
    return "institution_name" if names * 2 > len(words) else "unit"


def _told_by(about: Field, heading: str) -> tuple[bool, str | None, str]:
    return about.names_months(heading), about.basis_of(heading), heading


def _chosen(about: Field, candidates: list[Column]) -> Column | None:
    """The only column, or the one that wins by the TOML; None where that does not say."""
    if len(candidates) == 1:
        return candidates[0]
    ranks = [about.rank(column.known_by) for column in candidates]
    known = [rank for rank in ranks if rank is not None]
    if len(known) < len(ranks) or len(set(known)) < len(known):
        return None
    return candidates[ranks.index(min(known))]


def _one_line(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _texts_above(sheet: Sheet, heading: Heading) -> list[str]:
    return [
        cell.strip()
        for row in sheet.rows[: heading.first]
        for cell in row
        if isinstance(cell, str) and cell.strip()
    ]


def _apply_unit_above(file: str, table: Table) -> None:
    """`单位:万元` above scales amounts whose heading does not state its own unit; prices it never scales."""
    for text in table.above:
        stated = stated_above(text)
        table.unit_above = stated.unit or table.unit_above
        column = table.columns.get("amount")
        if stated.money in (None, 1) or column is None or column.hint.money:
            continue
        table.columns["amount"] = replace(column, hint=replace(column.hint, money=stated.money))
        params = {"unit": _one_line(text), "factor": stated.money}
        cell = f"{column.letters}{table.heading_row}"
        table.problems.append(
            Problem(AMOUNTS_SCALED, file, table.sheet, cell, column=_one_line(column.heading), params=params)
        )


def _filled(sheet: Sheet, heading: Heading, table: Table) -> list[list[object]]:
    """The sheet's rows with merged cells filled down in the columns that may be."""
    once = {c.index for name, c in table.columns.items() if table.source.fields[name].measure}
    read = {c.index for c in table.columns.values()}
    for (top, left), (bottom, _right) in sheet.merged:
        if top > heading.last:
            _fill_down(sheet.rows, top, bottom, left, read - once)
    return sheet.rows


def _fill_down(rows: list[list[object]], top: int, bottom: int, column: int, columns: set[int]) -> None:
    """Not to the right: 合计 merged over four columns is no date and no code."""
    if column in columns and top < len(rows):
        for row in rows[top + 1 : bottom + 1]:
            row[column] = rows[top][column]


def _data_rows(file: str, rows: list[list[object]], heading: Heading, table: Table) -> list[int]:
    """Numbers, counted from 0, of the rows that are data; what the others say goes to `dividers`.

    After a footer only a row that looks like data, or a repeated heading, opens the table again.
    """
    needed = [
        table.columns[name].index for need in table.source.needs for name in need if name in table.columns
    ]
    printed = rows[heading.first : heading.last + 1]
    kept: list[int] = []
    after_footer = False
    for number in range(heading.last + 1, len(rows)):
        row = rows[number]
        first = next((cell for cell in row if cell not in ("", None)), None)
        if first is None or _is_heading(row, needed, printed):
            after_footer = after_footer and first is None
            continue
        if isinstance(first, str) and first.strip() == EXAMPLE_MARK:
            table.problems.append(Problem(EXAMPLE_ROW, file, table.sheet, row=number + 1))
            continue
        is_data, after_footer = _judged(row, needed, table, after_footer)
        if is_data:
            kept.append(number)
        if not is_data or _is_caption(row):
            table.dividers.append(_divider(len(kept), number, row))
    return kept


def _judged(row: list[object], needed: list[int], table: Table, after_footer: bool) -> tuple[bool, bool]:
    """Whether a row is data, and whether the rows below it stand after a footer."""
    cells = [row[index] for index in needed]
    if _says_total(row):
        return False, after_footer
    if _is_complete(cells) and not _is_total(cells):
        return True, False
    if _is_footer(row):
        return False, True
    if _is_total(row) or _stands_alone(row, needed, table):
        return False, after_footer
    # A row that lacks a cell is reported for it later; it must not vanish because a note stands above.
    is_data = not after_footer or _looks_like_data(row, cells, table)
    return is_data, after_footer and not is_data


def _divider(at: int, number: int, row: list[object]) -> Divider:
    words = _words(row)
    closes = _says_total(row) or _is_total(row) or any(_NOTE.fullmatch(word) for word in words)
    return Divider(at, number + 1, tuple(words), closes)


def _looks_like_data(row: list[object], cells: list[object], table: Table) -> bool:
    """Most of what the kind needs is there with a figure among it, or a quantity and a code."""
    present = [cell for cell in cells if plain(cell)]
    if len(present) * 2 > len(cells) and _is_complete(present):
        return True
    filled = {name for name, column in table.columns.items() if plain(row[column.index])}
    has_quantity = any(table.source.fields[name].measure for name in filled)
    return has_quantity and any(name in ("product_code", "code") for name in filled)


def _is_caption(row: list[object]) -> bool:
    """A few words and no figure, date or code: it may say whose rows follow."""
    words = _words(row)
    is_text = all(isinstance(cell, str) for cell in row if cell not in ("", None))
    return is_text and len(words) <= MOST_CAPTION_CELLS and not any(_LIKE_DATA.fullmatch(w) for w in words)


def _stands_alone(row: list[object], needed: list[int], table: Table) -> bool:
    """某医院采购明细 and nothing beside it, where no such text is data; a lone name of a product may be."""
    filled = [index for index, cell in enumerate(row) if plain(cell)]
    if len(filled) != 1 or not _is_caption(row) or len(_words(row)[0]) < LEAST_CAPTION:
        return False
    read = {column.index for column in table.columns.values()}
    return filled[0] in needed or filled[0] not in read


def _says_total(row: list[object]) -> bool:
    return any(
        isinstance(cell, str) and "计" in cell and "".join(plain(cell).split()) in TOTAL_WORDS for cell in row
    )


def _is_complete(cells: list[object]) -> bool:
    """Everything that the kind needs is there, and a figure is among it."""
    if any(cell in ("", None) for cell in cells):
        return False
    return any(not isinstance(cell, str) or _DIGIT.search(cell) for cell in cells)


def _is_heading(row: list[object], needed: list[int], printed: list[list[object]]) -> bool:
    """A row that repeats the heading, or one of its two rows: words that stood there, and no figure."""
    cells = [(index, row[index]) for index in needed if row[index] not in ("", None)]
    if not all(isinstance(cell, str) and not _DIGIT.search(cell) for _, cell in cells):
        return False
    return any(cell == heading[index] for index, cell in cells for heading in printed)


def _words(row: list[object]) -> list[str]:
    return [re.sub(r"\s+", "", plain(cell)) for cell in row if plain(cell)]


def _is_footer(row: list[object]) -> bool:
    """制表人:…, 注:… and no figure beside it: a row of data that lacks something has one."""
    words = _words(row)
    has_figure = any(isinstance(cell, int | float) for cell in row)
    return not words or (bool(_FOOTER.fullmatch(words[0])) and not has_figure)


def _is_total(row: list[object]) -> bool:
    if not any(isinstance(cell, str) and "计" in cell for cell in row):
        return False
    return any(_TOTAL.fullmatch(word) for word in _words(row)[:4])
