"""What the formulas of a 核算表 are put together from, and our figures as cells take them.

A formula gives nothing where its basis is missing: never 0, never an error.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard.policy_words import choice_text
from procurement.money import AMOUNT_SCALE, PRICE_SCALE, UNIT_SCALE

MOST_ARGUMENTS = 200
"""Of one function; Excel takes 255."""


def cell(name: str) -> str:
    """A named cell inside a formula."""
    return f"{{{name}}}"


def choice(place: str, word: str, then: str, otherwise: str) -> str:
    """`then` where the policy's cell reads as `word`."""
    return f'IF({place}="{choice_text(word)}",{then},{otherwise})'


def is_empty(name: str) -> str:
    return f'{cell(name)}=""'


def any_empty(names: Sequence[str]) -> str:
    return f"OR({','.join(map(is_empty, names))})"


def unless(missing: str, formula: str) -> str:
    """The formula, or nothing where a basis is missing."""
    return f'=IF({missing},"",{formula})'


def sum_of(names: Sequence[str]) -> str:
    """The sum of named cells; nothing while one of them is empty."""
    cells = [cell(name) for name in names]
    groups = [",".join(cells[at : at + MOST_ARGUMENTS]) for at in range(0, len(cells), MOST_ARGUMENTS)]
    count, amount = ("+".join(f"{name}({group})" for group in groups) for name in ("COUNT", "SUM"))
    return unless(f"{count}<{len(cells)}", f"ROUND({amount},4)")


def in_yuan(amount: Any) -> float | None:
    return None if pd.isna(amount) else float(Decimal(int(amount)) / AMOUNT_SCALE)


def in_price(price: Any) -> float | None:
    return None if pd.isna(price) else float(Decimal(int(price)) / PRICE_SCALE)


def in_units(millionths: Any) -> float | None:
    """Equivalent units, a share or a score."""
    return None if pd.isna(millionths) else float(Decimal(int(millionths)) / UNIT_SCALE)


def whole(number: Any) -> int | None:
    return None if pd.isna(number) else int(number)
