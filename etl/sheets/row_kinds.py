"""What a row of a sheet is by its words alone: a total, a footer, a caption, a repeated heading."""

import re
from collections.abc import Iterable

from etl.values.cells import plain

_DIGIT = re.compile(r"\d")

TOTAL_WORDS = {"小计", "合计", "总计", "累计", "共计", "本页小计", "本页合计"}
"""A cell that says this and nothing else makes its row a total, even where date and code are filled in."""

_LIKE_DATA = re.compile(r"[-+A-Za-z\d.,:/% ]+|\d{4}年\d{1,2}月.*")
"""Codes, figures and dates."""

LEAST_CAPTION = 4
"""Signs of a text that stands alone in a row and heads the rows below it."""

MOST_CAPTION_CELLS = 3

TOTAL_LABEL = re.compile(r".{0,40}(小计|合计|总计|累计|共计)([:(].*)?|本页.{0,4}计.*")
"""What a row of totals calls itself, without spaces: 小计, 5月小计, 内科小计, 合计:, 本页合计."""

_WHO = "制表|审核|复核|审批|填表|填报|统计|负责|经办|联系|单位负责|主管|打印|导出|报表导出|采购|财务|领导"
_FOOTER = re.compile(
    rf"({_WHO})(单位)?(人|员|者|日期|时间|签字|签章|负责人|人员)+(\(?(签字|签章|盖章)\)?)?(:.*)?|({_WHO})(单位)?:.*"
    r"|(注|备注|说明|附注|填表说明|日期):.*|第\d+页.*|注\d*[、.].*"
)
_NOTE = re.compile(r"(注|备注|说明|附注|填表说明)\d*[:、.].*")


def words(row: list[object]) -> list[str]:
    return [re.sub(r"\s+", "", plain(cell)) for cell in row if plain(cell)]


def says_total(row: list[object]) -> bool:
    return any(
        isinstance(cell, str) and "计" in cell and "".join(plain(cell).split()) in TOTAL_WORDS for cell in row
    )


def names_total(cells: Iterable[object]) -> bool:
    """Whether one of the cells calls its row a total: 内科小计 in the column of names."""
    suspects = (cell for cell in cells if isinstance(cell, str) and "计" in cell)
    return any(TOTAL_LABEL.fullmatch("".join(plain(cell).split())) for cell in suspects)


def is_total(row: list[object]) -> bool:
    if not any(isinstance(cell, str) and "计" in cell for cell in row):
        return False
    return any(TOTAL_LABEL.fullmatch(word) for word in words(row)[:4])


def is_footer(row: list[object]) -> bool:
    """制表人:…, 注:… and no figure beside it: a row of data that lacks something has one."""
    found = words(row)
    has_figure = any(isinstance(cell, int | float) for cell in row)
    return not found or (bool(_FOOTER.fullmatch(found[0])) and not has_figure)


def is_caption(row: list[object]) -> bool:
    """A few words and no figure, date or code: it may say whose rows follow."""
    found = words(row)
    is_text = all(isinstance(cell, str) for cell in row if cell not in ("", None))
    is_short = len(found) <= MOST_CAPTION_CELLS
    return is_text and is_short and not any(_LIKE_DATA.fullmatch(word) for word in found)


def is_blank(cell: object) -> bool:
    return cell is None or cell == ""


def is_figure(cell: object) -> bool:
    """A number, a day, or a text with a digit."""
    return bool(_DIGIT.search(cell)) if isinstance(cell, str) else cell is not None


def is_complete(cells: list[object]) -> bool:
    """Everything that the kind needs is there, and a figure is among it."""
    return not any(map(is_blank, cells)) and any(map(is_figure, cells))


def is_heading(row: list[object], needed: list[int], printed: list[list[object]]) -> bool:
    """A row that repeats the heading, or one of its two rows: words that stood there, and no figure."""
    cells = [(index, row[index]) for index in needed if row[index] not in ("", None)]
    if not all(isinstance(cell, str) and not _DIGIT.search(cell) for _, cell in cells):
        return False
    return any(cell == heading[index] for index, cell in cells for heading in printed)


def closes_a_block(row: list[object]) -> bool:
    """A total or a note: a name in it may speak of the rows above."""
    return says_total(row) or is_total(row) or any(_NOTE.fullmatch(word) for word in words(row))
