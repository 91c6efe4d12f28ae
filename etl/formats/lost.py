"""What calamine leaves out of a sheet."""

import re
from dataclasses import dataclass, field

from etl.formats.grid import Range

ERROR_TEXTS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""By the code under which the binary formats keep an error."""

_ERROR = re.compile(r"#[A-Z_/0!?]+|Err:\d+")


@dataclass
class Lost:
    """Error texts by (row, column) and merged ranges, counted from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)


def is_error(text: str) -> bool:
    """Whether a cell shows the text of an error; no name or code of the subject looks like one."""
    return text.startswith(("#", "Err:")) and _ERROR.fullmatch(text) is not None
