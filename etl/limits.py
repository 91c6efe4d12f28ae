"""What a file may ask of the machine: the values of limits.toml, as the one who runs the system sets them.

    limit("seconds") → 60

A limit that is exceeded ends the reading of that file with a sentence; it is raised as `TooMuch` inside
the parsers and becomes a problem at their front (etl.sheets.workbook).
"""

import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from etl.problems import Kind

FILE = Path(__file__).with_suffix(".toml")
MEGABYTE = 1_000_000


class TooMuch(Exception):  # noqa: N818  it is the file that is at fault, not the program
    """A file asks for more than a limit allows; `kind` and `params` make the problem."""

    def __init__(self, kind: Kind, **params: Any) -> None:
        super().__init__(kind.code)
        self.kind, self.params = kind, params


def limit(name: str) -> int:
    """The value in force: environment variable, else the file named in VBP_LIMITS, else limits.toml."""
    stated = os.environ.get(f"VBP_LIMIT_{name.upper()}", "")
    if stated.isdecimal():
        return int(stated)
    own = _values(os.environ.get("VBP_LIMITS", ""))
    return own.get(name, _values(str(FILE))[name])


def megabytes(name: str) -> int:
    """A limit that is stated in megabytes, in bytes."""
    return limit(name) * MEGABYTE


@lru_cache
def _values(path: str) -> dict[str, int]:
    if not path:
        return {}
    entries = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    return {
        name: int(about["value"] if isinstance(about, dict) else about) for name, about in entries.items()
    }
