"""What one cell says: a value, nothing, or why it cannot be read.

Each function takes a cell as the workbook holds it and the unit that its heading states. A column is
read by reading each distinct cell once (etl.rows). Numbers never pass through binary fractions: a float
of the workbook is the decimal of 15 digits that Excel shows.
"""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from etl.problem_kinds.skip import (
    CODE_LOST_DIGITS,
    ERROR_CELL,
    FRACTION_OF_UNIT,
    NOT_A_CODE,
    NOT_A_NUMBER,
    NOT_A_SHARE,
    NOT_POSITIVE,
    NOT_WHOLE,
    NUMBER_TOO_LARGE,
)
from etl.problems import Kind
from etl.values.hints import Hint
from etl.values.numbers import LARGEST_EXACT, exactly, number, with_money, with_unit
from etl.values.plain import INVISIBLE, is_error, plain
from etl.values.specs import pack_of
from procurement.rounding import to_scale

LARGEST_QUANTITY = 10**9
"""In the unit as stated; with 万 in front it is checked again after scaling."""

LARGEST_PRICE = 10**7
"""Yuan. No drug or consumable in the catalogue comes near; a larger figure is a wrong column."""

LARGEST_AMOUNT = 10**10
"""Yuan per line, so that sums of lines stay far within 64-bit integers."""

FINE_QUANTITY_SCALE = 10**8
"""Quantities are read in 10⁻⁸ of the stated unit, so that 0.1234 万片 is exact in 10⁻⁴ 片."""

LARGEST_PACK = 100_000
"""Base units in one pack."""

ROUNDING_OF_FORMULAS = Decimal("1E-12")
"""Relative: Excel keeps 15 digits."""

RATIO_SCALE = 10**6


class Read(NamedTuple):
    """A value, or the trouble with it; `note` is a trouble with which the value stands."""

    value: Any = None
    trouble: Kind | None = None
    note: Kind | None = None
    params: Mapping[str, Any] = MappingProxyType({})


NOTHING = Read()
_ERROR = Read(trouble=ERROR_CELL)
_TOO_LARGE = Read(trouble=NUMBER_TOO_LARGE)

_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_SEVERAL = re.compile(r"[・;；、,，\n]")


@lru_cache(maxsize=100_000)
def key_of(text: str) -> str:
    """A name as it is compared: half width, no spaces, no letter case, no ornaments in front."""
    return re.sub(r"\s+", "", plain(text)).lstrip("※▲△★☆●*#").casefold()


def text(cell: object, hint: Hint) -> Read:
    """Words as written, without line breaks and surrounding spaces; width and brackets are kept."""
    bare = plain(cell)
    if not bare:
        return NOTHING
    if is_error(bare):
        return _ERROR
    if not isinstance(cell, str):
        return Read(bare)
    return Read(re.sub(r"\s*[\r\n]+\s*", "", INVISIBLE.sub("", cell)).strip().lstrip("'※▲△★☆●*").strip())


def code(cell: object, hint: Hint) -> Read:
    """One code of a register, in capitals; a number stands for its digits while all of them are there.

    A code like 1-2 that Excel made a date is no code any more.
    """
    if isinstance(cell, date | timedelta | time):
        return Read(trouble=NOT_A_CODE)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _numeric_code(cell)
    bare = plain(cell)
    if not bare:
        return NOTHING
    if is_error(bare):
        return _ERROR
    if _SCIENTIFIC.fullmatch(bare):
        return Read(trouble=CODE_LOST_DIGITS)
    if _SEVERAL.search(bare):
        return Read(trouble=NOT_A_CODE)
    return Read(re.sub(r"\s+", "", bare).upper())


def _numeric_code(cell: int | float) -> Read:
    if abs(cell) >= LARGEST_EXACT:
        return Read(trouble=CODE_LOST_DIGITS)
    if cell < 0 or cell != int(cell):
        return Read(trouble=NOT_A_CODE)
    return Read(str(int(cell)))


def _scaled(cell: object, factor: int, limit: int, scale: int) -> Read:
    if isinstance(cell, float) and (exact := exactly(cell, scale)) is not None:
        return Read(exact * factor) if abs(exact) * factor <= limit * scale else _TOO_LARGE
    value = number(cell)
    if value is None:
        return NOTHING
    if isinstance(value, Kind):
        return Read(trouble=value)
    value *= factor
    if abs(value) > limit:
        return _TOO_LARGE
    return Read(to_scale(value, scale))


def amount(cell: object, hint: Hint) -> Read:
    """Yuan, or the multiple of it that the cell (0.56万元) or the heading states, as 1/10000 yuan."""
    figure, factor = with_money(cell)
    return _scaled(figure, factor or hint.money or 1, LARGEST_AMOUNT, 10_000)


def price(cell: object, hint: Hint) -> Read:
    """Yuan per unit as 10⁻⁶ yuan; a unit behind the number (5.6元/盒) is `figure_unit`'s matter."""
    return _scaled(_figure(cell), hint.money or 1, LARGEST_PRICE, 1_000_000)


def quantity(cell: object, hint: Hint) -> Read:
    """A quantity in 10⁻⁸ of the unit it is stated in; what is finer is no count of anything.

    The last digit of a formula's result, 4.99999999999999, is forgiven; a unit behind the number (10盒) is
    `figure_unit`'s matter.
    """
    cell = _figure(cell)
    if isinstance(cell, str) and plain(cell).endswith("元"):
        return Read(trouble=NOT_A_NUMBER)
    read = _scaled(cell, 1, LARGEST_QUANTITY, FINE_QUANTITY_SCALE)
    if read.value is None:
        return read
    stated = number(cell)
    rounded = Decimal(read.value) / FINE_QUANTITY_SCALE
    is_off = isinstance(stated, Decimal) and abs(rounded - stated) > abs(stated) * ROUNDING_OF_FORMULAS
    return Read(trouble=FRACTION_OF_UNIT) if is_off else read


def _figure(cell: object) -> object:
    parts = with_unit(cell)
    return parts[0] if parts else cell


def figure_unit(cell: object, hint: Hint) -> Read:
    """The unit that stands behind a quantity or price in the same cell."""
    parts = with_unit(cell)
    return Read(parts[1]) if parts else NOTHING


def factor(cell: object, hint: Hint) -> Read:
    """A positive factor in millionths."""
    read = _scaled(cell, 1, 10**6, RATIO_SCALE)
    return Read(trouble=NOT_POSITIVE) if read.value is not None and read.value <= 0 else read


def score(cell: object, hint: Hint) -> Read:
    """Points in millionths; a trailing 分 is dropped."""
    return _scaled(plain(cell).removesuffix("分") if isinstance(cell, str) else cell, 1, 10**6, RATIO_SCALE)


def whole_number(cell: object, hint: Hint) -> Read:
    """A positive whole number below a billion."""
    value = number(cell)
    if value is None:
        return NOTHING
    if value is ERROR_CELL:
        return _ERROR
    if isinstance(value, Kind) or value != value.to_integral_value() or not 0 < value < 10**9:
        return Read(trouble=NOT_WHOLE)
    return Read(int(value))


def share(cell: object, hint: Hint) -> Read:
    """A share of (0, 1] in millionths: 70%, 0.7, or 70 where the heading says %.

    A number above 1 under a heading without % is a problem: it may be per cent or a slip.
    """
    bare = plain(cell)
    is_percent = bare.endswith("%")
    value = number(bare.removesuffix("%") if is_percent else cell)
    if value is None:
        return NOTHING
    if value is ERROR_CELL:
        return _ERROR
    if isinstance(value, Kind):
        return Read(trouble=NOT_A_SHARE)
    if is_percent or (hint.percent and value > 1):
        value /= 100
    return Read(to_scale(value, RATIO_SCALE)) if 0 < value <= 1 else Read(trouble=NOT_A_SHARE)


def pack_size(cell: object, hint: Hint) -> Read:
    """Base units per pack: a whole number, or a text that says it plainly, like 14片/盒."""
    read = whole_number(cell, hint)
    if read.trouble is None or not isinstance(cell, str):
        return read if read.value is None or read.value <= LARGEST_PACK else Read(trouble=NUMBER_TOO_LARGE)
    pack = pack_of(cell)
    return Read(pack.units) if pack else read


def agreement_year(cell: object, hint: Hint) -> Read:
    """Number of an agreement year: 1, 第1年, 第一年, 首年."""
    bare = re.sub(r"^第|(个)?(协议)?年度?$", "", plain(cell))
    number_of_word = {"一": 1, "首": 1, "二": 2, "三": 3, "四": 4, "五": 5}.get(bare)
    return (
        Read(number_of_word)
        if number_of_word
        else whole_number(bare if isinstance(cell, str) else cell, hint)
    )


def word(cell: object, hint: Hint) -> Read:
    """A unit or the like as half-width text, for comparing."""
    bare = plain(cell)
    return _ERROR if is_error(bare) else Read(bare or None)


def spec_pack(cell: object, hint: Hint) -> Read:
    """The pack size that a spec states plainly."""
    pack = pack_of(text(cell, hint).value)
    return Read(pack.units if pack else None)


def spec_base_unit(cell: object, hint: Hint) -> Read:
    """The base unit that a spec names."""
    pack = pack_of(text(cell, hint).value)
    return Read(pack.base_unit if pack else None)
