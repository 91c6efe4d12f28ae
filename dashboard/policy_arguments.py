"""Policy values as they are written on the command line.

    0.45 or 45%                            a number
    offset                                 a choice
    90:100%,80:90%,60:70%,0:0              bands: score and share granted
    completion:40,selected_share:30,…      weights
    50%..80%  50%..  ..80%                 a limit: least and most

What cannot be read stays text, and is refused with the sentence of procurement.policies.validity.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from procurement.policies.units import BANDS, NUMBERS, WEIGHTS

RANGE = ".."
_HALF_WIDTH = str.maketrans("，：％．", ",:%.")


def value_of(unit: str, text: str) -> Any:
    """The value that `text` says."""
    text = text.translate(_HALF_WIDTH).strip()
    if unit in (BANDS, WEIGHTS):
        names = ("floor", "granted") if unit == BANDS else ("indicator", "points")
        rows = [_row(names, part) for part in text.split(",")]
        return text if None in rows else rows
    return number_of(text) if unit in NUMBERS else text


def limit_of(text: str) -> tuple[Any, Any]:
    """Least and most of 50%..80%; both empty where it is no range."""
    least, found, most = text.translate(_HALF_WIDTH).partition(RANGE)
    bounds = [number_of(part.strip()) if part.strip() else None for part in (least, most)]
    return (bounds[0], bounds[1]) if found else (None, None)


def number_of(text: str) -> Any:
    """A number, with or without a per cent sign; the text itself where it is none."""
    try:
        number = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        return text
    return number / 100 if text.endswith("%") else number


def _row(names: tuple[str, str], part: str) -> dict[str, Any] | None:
    first, found, second = (piece.strip() for piece in part.partition(":"))
    if not found:
        return None
    return {names[0]: number_of(first) if names[0] == "floor" else first, names[1]: number_of(second)}
