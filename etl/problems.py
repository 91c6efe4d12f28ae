"""A problem is a value: what is wrong, where, what the file has, and what to do about it.

Three loudnesses. STOP: the sheet's shape is not what we think, nothing of the file can be loaded.
SKIP: one row cannot be read; the file is not loaded unless the user asks to leave such rows out.
MENTION: the row stands, but a person should know. All kinds are in etl.problem_kinds.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from procurement.language import _

LONGEST_VALUE = 60
"""Characters of a cell that a sentence repeats."""


class Loudness(StrEnum):
    STOP = "stop"
    SKIP = "skip"
    MENTION = "mention"


@dataclass(frozen=True)
class Kind:
    """One kind of problem under a stable code; `says` and `fix` are source texts with named placeholders."""

    code: str
    loudness: Loudness
    says: str
    fix: str


KINDS: dict[str, Kind] = {}
"""Every kind by its code; filled by the modules of etl.problem_kinds."""


def _kind(code: str, loudness: Loudness, says: str, fix: str) -> Kind:
    KINDS[code] = Kind(code, loudness, says, fix)
    return KINDS[code]


def stop(code: str, says: str, fix: str) -> Kind:
    return _kind(code, Loudness.STOP, says, fix)


def skip(code: str, says: str, fix: str) -> Kind:
    return _kind(code, Loudness.SKIP, says, fix)


def mention(code: str, says: str, fix: str) -> Kind:
    return _kind(code, Loudness.MENTION, says, fix)


@dataclass(frozen=True)
class Problem:
    """One problem at one place; `row` is numbered as Excel numbers it, `column` is the heading as printed."""

    kind: Kind
    file: str
    sheet: str | None = None
    cell: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What is wrong, in the current language."""
        return _(self.kind.says).format(**self._words())

    @property
    def remedy(self) -> str:
        """What to do, in the current language."""
        return _(self.kind.fix).format(**self._words())

    @property
    def place(self) -> str:
        """File, sheet and cell, as far as they are known."""
        parts = [self.file]
        if self.sheet:
            parts.append(_("工作表“{sheet}”").format(sheet=self.sheet))
        if self.cell:
            parts.append(self.cell)
        elif self.row:
            parts.append(_("第{row}行").format(row=self.row))
        return " ".join(parts)

    def sentence(self) -> str:
        """Place, fault and remedy, ready to be shown."""
        return _("{place}：{message}{remedy}").format(
            place=self.place, message=self.message, remedy=self.remedy
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.kind.code,
            "loudness": self.kind.loudness.value,
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "message": self.message,
            "remedy": self.remedy,
        }

    def _words(self) -> dict[str, Any]:
        return {"column": self.column, "value": self.value, "row": self.row, **self.params}


def shown(value: object) -> str | None:
    """A cell's value as a person sees it in the sheet; long texts are cut."""
    if value is None or value == "":
        return None
    if isinstance(value, float):
        text = f"{value:.15g}"
    elif isinstance(value, datetime):
        text = value.isoformat(sep=" ")
    elif isinstance(value, date):
        text = value.isoformat()
    else:
        text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
