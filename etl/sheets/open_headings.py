"""The headings of a file that a person may, or did, say something about, with what stands below them."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time

from etl.formats.grid import column_letters
from etl.headings import IGNORED, source
from etl.open_points import OpenHeading
from etl.problems import shown
from etl.sheets.heading_suggestions import suggestions
from etl.sheets.layout import Column, Found, Heading
from etl.sheets.table_columns import one_line
from etl.sheets.workbook import Sheet
from etl.values.cells import plain
from etl.values.hints import heading_key

MOST_SAMPLES = 5

MOST_OPEN = 100
"""Unknown headings of one sheet; nobody names more by hand."""

LONGEST_HEADING = 100
"""Signs; a longer text is a note, or the work of somebody who means no good."""

ROWS_SAMPLED = 500
"""Below the heading; a column that is empty for so long has nothing to show."""

INSTITUTION_FIELDS = ("institution_code", "institution_name")


def open_headings(found: Iterable[Found]) -> list[OpenHeading]:
    """Those that nobody knows, that a person has named, or of which several want to be one field.

    A heading that comes on several sheets stands here once: what is said of it holds for all.
    """
    headings: dict[str, OpenHeading] = {}
    for each in found:
        for open_heading in _of_sheet(each.sheet, each.heading) if each.heading else ():
            headings.setdefault(heading_key(open_heading.heading), open_heading)
    return list(headings.values())


def _of_sheet(sheet: Sheet, heading: Heading) -> Iterator[OpenHeading]:
    unknown = [c for c in heading.columns if 0 < len(c[1]) <= LONGEST_HEADING and c[2] is None][:MOST_OPEN]
    disputed, offered = _disputed(heading), _offered(heading, unknown)
    asked = {index for index, _, _ in unknown} | disputed.keys()
    for index, text, match in heading.columns:
        if index not in asked and not (match and match.said):
            continue
        field, score = offered.get(index, (disputed.get(index), None))
        mapped_to = match.field if match and match.said else None
        yield OpenHeading(
            sheet=sheet.name,
            cell=f"{column_letters(index)}{heading.last + 1}",
            heading=one_line(text),
            samples=_samples(sheet, heading, index),
            suggestion=field,
            score=score,
            mapped_to="" if mapped_to == IGNORED else mapped_to,
        )


def _offered(heading: Heading, unknown: list[Column]) -> dict[int, tuple[str, float]]:
    """The suggestions by column; without a kind there are none."""
    if not heading.kind:
        return {}
    found = suggestions(heading.kind, [text for _, text, _ in unknown], heading.fields)
    return {column[0]: near for column, near in zip(unknown, found, strict=True) if near}


def _disputed(heading: Heading) -> dict[int, str]:
    """Columns that would be one field, where nothing says which: a person may name the one that counts."""
    if not heading.kind:
        return {}
    known = source(heading.kind)
    disputed: dict[int, str] = {}
    for name in heading.fields:
        columns = [(index, match.by) for index, _, match in heading.columns if match and match.field == name]
        if known.fields[name].winner([by for _, by in columns]) is None:
            disputed |= {index: name for index, _ in columns}
    return disputed


def _samples(sheet: Sheet, heading: Heading, index: int) -> tuple[str, ...]:
    """The first distinct cells below a heading, as people see them."""
    below = sheet.rows[heading.last + 1 : heading.last + 1 + ROWS_SAMPLED]
    texts = (_as_seen(row[index]) for row in below if index < len(row) and plain(row[index]))
    return tuple(list(dict.fromkeys(text for text in texts if text))[:MOST_SAMPLES])


def _as_seen(cell: object) -> str | None:
    midnight = isinstance(cell, datetime) and cell.time() == time()
    return shown(cell.date() if midnight and isinstance(cell, datetime) else cell)


def printed_headings(found: Iterable[Found]) -> list[str]:
    """Every heading of the file, in one line each."""
    texts = (text for f in found if f.heading for _, text, _ in f.heading.columns)
    return list(dict.fromkeys(one_line(text) for text in texts if 0 < len(text) <= LONGEST_HEADING))


def said_of_institution(found: Iterable[Found]) -> list[str]:
    """The texts that may tell whose file it is: over the headings, and in the institution's own columns."""
    texts: dict[str, None] = {}
    for each in found:
        if each.heading is None:
            continue
        above = (cell for row in each.sheet.rows[: each.heading.first] for cell in row)
        columns = [i for i, _, m in each.heading.columns if m and m.field in INSTITUTION_FIELDS]
        below = each.sheet.rows[each.heading.last + 1 :]
        own = dict.fromkeys(row[i] for i in columns for row in below if i < len(row))
        texts |= dict.fromkeys(str(cell).strip() for cell in (*above, *own) if plain(cell))
    return list(texts)
