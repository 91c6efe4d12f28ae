"""Policy numbers: dated entries with a source, one TOML file each, and the value in force on a day.

One shape only: `title`, `title_en`, `unit`, then [[values]], oldest first, each with `from`, `value`,
`source`, and where they apply `category` (drug | consumable; absent: both), `example = true` (a value
that every city replaces by its own) and `note`.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from procurement.language import _, current_language

FOLDER = Path(__file__).parent
EARLIEST = date(2019, 1, 1)
"""First day that our own entries know; every parameter of ours starts there."""


class PolicyError(LookupError):
    """No value is in force: the question lies outside the known dates."""


@dataclass(frozen=True)
class Value:
    """One dated entry of a parameter."""

    from_date: date
    value: Any
    source: str
    category: str | None = None
    example: bool = False
    note: str = ""


@dataclass(frozen=True)
class Parameter:
    """One policy number with its history."""

    name: str
    title_zh: str
    title_en: str
    unit: str
    values: tuple[Value, ...]

    @property
    def title(self) -> str:
        return self.title_en if current_language() == "en" else self.title_zh

    def on(self, day: date, category: str | None = None) -> Value:
        """The entry in force on `day` for `category`; an entry of the category outranks a general one."""
        fitting = [v for v in self.values if v.category in (None, category)]
        in_force = [v for v in fitting if v.from_date <= day]
        own = [v for v in in_force if v.category == category]
        if not in_force:
            raise PolicyError(self._nothing_in_force(day, fitting))
        return (own or in_force)[-1]

    def _nothing_in_force(self, day: date, fitting: list[Value]) -> str:
        if not fitting:
            return _("参数“{title}”没有适用的取值。").format(title=self.title)
        return _("参数“{title}”在 {day} 没有生效的取值：最早一条自 {first} 起。").format(
            title=self.title, day=day, first=fitting[0].from_date
        )


@cache
def parameters() -> dict[str, Parameter]:
    """Every parameter by name, which is its file's."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))}


def value_on(name: str, day: date, category: str | None = None) -> Any:
    """The value of parameter `name` in force on `day`."""
    return parameters()[name].on(day, category).value


def _read(path: Path) -> Parameter:
    data = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    values = [
        Value(
            from_date=entry["from"],
            value=entry["value"],
            source=entry["source"],
            category=entry.get("category"),
            example=entry.get("example", False),
            note=entry.get("note", ""),
        )
        for entry in data["values"]
    ]
    return Parameter(path.stem, data["title"], data["title_en"], data["unit"], tuple(values))
