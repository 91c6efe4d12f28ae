"""Rows of a prefilled template that nobody has filled in: they hold keys and no figure, and are no data.

Only a row that bears the template's own mark may be passed over, and only while everything but the keys is
empty: a row with any figure is data, whatever stands in front of it.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from etl.values.cells import plain

PENDING_MARK = "待填"
"""Stands in the template's first cell of a row that is prefilled."""

PREFILLED: dict[str, tuple[str, ...]] = {
    "purchases": (
        "institution_code", "institution_name", "product_code", "product_name", "spec", "manufacturer",
        "unit",
    ),
    "agreed_volumes": ("institution_code", "institution_name", "batch", "variety", "product_code", "unit"),
}  # fmt: skip
"""The fields that a template fills in, by kind."""


class Placed(Protocol):
    """A column that knows its number."""

    @property
    def index(self) -> int: ...


def is_pending(kind: str, row: Sequence[object], columns: Mapping[str, Placed]) -> bool:
    """Whether a row of the template waits to be filled in; its first cell that is not empty has the mark."""
    first = next((text for cell in row if (text := plain(cell))), "")
    if first != PENDING_MARK or kind not in PREFILLED:
        return False
    return not any(
        plain(row[column.index]) for field, column in columns.items() if field not in PREFILLED[kind]
    )
