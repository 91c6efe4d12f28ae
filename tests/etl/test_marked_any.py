"""Any workbook, marked: every other cell keeps its value and look; a damaged one is marked or refused."""

import random
import zipfile
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter as letters
from openpyxl.utils.cell import coordinate_to_tuple

from etl.marked import Marked, marked_workbook, parts
from etl.marked.styles import RED
from etl.recognising import recognise
from procurement.language import in_language
from tests.etl.books import xlsx
from tests.etl.marked_books import (
    BUY,
    colours,
    marked,
    notes,
    opened,
    problem,
)

LOOKS: list[dict[str, Any]] = [
    {},
    {"num_format": "0.00"},
    {"bold": True, "border": 1},
    {"bg_color": "#DDEEFF", "num_format": "yyyy-mm-dd"},
    {"font_name": "SimSun", "rotation": 30},
]
Cells = dict[tuple[int, int], tuple[Any, int]]
places = st.tuples(st.integers(0, 12), st.integers(0, 30))
values = st.one_of(st.none(), st.integers(-9, 10**6), st.floats(0, 9), st.text("ab<&>甲\n ", max_size=5))
cells = st.dictionaries(places, st.tuples(values, st.integers(0, len(LOOKS) - 1)), max_size=40)


def drawn_book(*sheets: Cells) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        looks = [book.add_format(look) for look in LOOKS]
        for drawn_cells in sheets:
            sheet = book.add_worksheet()
            sheet.set_row(3, 30, looks[2])
            sheet.set_column(4, 5, 20, looks[1])
            for (row, column), (value, look) in drawn_cells.items():
                sheet.write(row, column, value, looks[look])
    return content.getvalue()


def look_of(cell) -> tuple:
    look = (cell.number_format, cell.font.b, cell.border.left.style, cell.font.name)
    return (*look, cell.alignment.textRotation or 0)


def look_of_none(row: int, column: int) -> tuple:
    """Of a cell that the sheet does not hold: its row's, else its column's."""
    if row == 4:
        return "General", True, "thin", "Calibri", 0
    return "0.00" if column in (5, 6) else "General", False, None, "Calibri", 0


@given(cells, cells, st.sets(places, max_size=8), st.sampled_from([7, 150, parts.CHUNK]))
def test_every_other_cell_of_any_workbook_keeps_value_and_look(first, second, bad, chunk):
    content = drawn_book(first, second)
    names = {f"{letters(column + 1)}{row + 1}" for row, column in bad}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "CHUNK", chunk)
        after = opened(marked(content, *(problem(name) for name in sorted(names))))
    before = opened(content)
    for sheet in before.sheetnames:
        old, new = before[sheet], after[sheet]
        for place in (f"{letters(column)}{row}" for row in range(1, 16) for column in range(1, 33)):
            was_there = (at := coordinate_to_tuple(place)) in old._cells
            looked = look_of(old[place]) if was_there else look_of_none(*at)
            is_bad = sheet == "Sheet1" and place in names
            if was_there or is_bad:
                assert (new[place].value, look_of(new[place])) == (old[place].value, looked)
                assert new[place].fill.fgColor.rgb == (RED if is_bad else old[place].fill.fgColor.rgb)
            else:
                assert at not in new._cells
    assert set(notes(after["Sheet1"])) == names


def test_a_file_marked_in_one_language_is_known_again_in_the_other():
    with in_language("en"):
        content = marked(xlsx(BUY), problem("D2"))
    assert not recognise(("采购.xlsx", content)).problems
    again = opened(marked(content, problem("D4")))
    assert len(again.sheetnames) == 2
    assert colours(again["Sheet1"]) == {"D4": RED}


@pytest.mark.parametrize("seed", range(120))
def test_a_damaged_package_is_marked_or_refused_and_nothing_else(seed):
    chance = random.Random(seed)
    with zipfile.ZipFile(BytesIO(marked(xlsx(BUY), problem("D2")))) as archive:
        parts_read = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    for _ in range(chance.randint(1, 3)):
        part = parts_read[chance.choice(sorted(parts_read))]
        start = chance.randrange(len(part))
        part[start : start + chance.choice([0, 1, 30])] = chance.choice(
            [b"", b"<", b'"', b"9", b"\xff", b"/>"]
        )
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in parts_read.items():
            archive.writestr(name, bytes(content))
    result = marked_workbook(output.getvalue(), "采购.xlsx", [problem("D2"), problem("D4")])
    if isinstance(result, Marked):
        assert zipfile.ZipFile(BytesIO(result.content)).testzip() is None
