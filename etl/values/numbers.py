"""The number in a cell, exact; and the unit that may stand behind it: 10盒, 5.6元/盒."""

import re
from decimal import Decimal, InvalidOperation

from etl.problem_kinds.skip import ERROR_CELL, NOT_A_NUMBER
from etl.problems import Kind
from etl.values.plain import is_error, plain
from etl.values.units import unit_of

LARGEST_EXACT = 10**15
"""Excel keeps 15 digits of a number."""

_THOUSANDS = re.compile(r"[+-]?\d{1,3}([, ]\d{3})+(\.\d+)?")
_FIGURE_WITH_UNIT = re.compile(
    r"(?P<figure>[-+(]?[¥￥]?[\d., ]*\d\)?)\s*(?P<unit>(元\s*/|/)?\s*[^\d\s元/.,]+)"
)
_FIGURE_WITH_MONEY = re.compile(r"(?P<figure>.*\d\.?\)?)\s*(?P<unit>元|千元|万元|亿元)")
_YUAN = {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 10**8}
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?", re.IGNORECASE)


def number(cell: object) -> Decimal | Kind | None:
    """The decimal that a cell states, None for an empty one, or the kind of trouble."""
    if isinstance(cell, bool):
        return NOT_A_NUMBER
    if isinstance(cell, int | float):
        return Decimal(f"{cell:.15g}") if isinstance(cell, float) else Decimal(cell)
    if cell is not None and not isinstance(cell, str):
        return NOT_A_NUMBER
    bare = plain(cell)
    if not bare:
        return None
    if is_error(bare):
        return ERROR_CELL
    return _number_in(bare)


def _number_in(bare: str) -> Decimal | Kind:
    bare = bare.replace("\u2212", "-")  # a minus sign that is no hyphen
    bare = re.sub(r"^([+-]?)\s*[¥￥]\s*", r"\1", bare.removesuffix("元").strip())
    if bare.startswith("(") and bare.endswith(")"):  # the accountant's minus
        bare = "-" + bare[1:-1]
    if _THOUSANDS.fullmatch(bare):
        bare = re.sub("[, ]", "", bare)
    if not _PLAIN_NUMBER.fullmatch(bare):
        return NOT_A_NUMBER
    try:
        return Decimal(bare)
    except InvalidOperation:
        return NOT_A_NUMBER


def exactly(cell: float, scale: int) -> int | None:
    """`cell × scale` where that is a whole number of 15 digits, else None.

    Division rounds to the nearest double, so the quotient is the cell only where the cell's 15 digits are
    those of the quotient: the same answer as by way of its decimal, ten times as quick.
    """
    if not abs(cell) * scale < LARGEST_EXACT:
        return None
    whole = round(cell * scale)
    return whole if whole / scale == cell else None


def with_money(cell: object) -> tuple[object, int | None]:
    """The number of 0.56万元 or 5600元, and how many yuan its unit is; None where the cell states no unit."""
    found = _FIGURE_WITH_MONEY.fullmatch(plain(cell)) if isinstance(cell, str) else None
    return (found["figure"], _YUAN[found["unit"]]) if found else (cell, None)


def with_unit(cell: object) -> tuple[str, str] | None:
    """The number and the unit of 10盒, 5.6元/盒 or 0.5万片; None for a cell that states no unit."""
    found = _FIGURE_WITH_UNIT.fullmatch(plain(cell)) if isinstance(cell, str) else None
    if found is None:
        return None
    word = "".join(found["unit"].split()).removeprefix("元").removeprefix("/")
    return (found["figure"].strip(), word) if word and unit_of(word) else None
