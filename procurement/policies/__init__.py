"""Policy numbers: dated entries with a source, one TOML file each, and the value in force on a day.

One shape only: `title`, `title_en`, `unit` (policies.units), `by_category = false` where drugs and
consumables cannot differ, then [[values]], oldest first, each with `from`, `value`, `source`, and where they
apply `until` (last day), `level` (national | province | city; absent: national), `category` (drug |
consumable; absent: both), `example = true` (a value that every city replaces by its own) and `note`.
[[limits]] bind values of their own level and of nearer ones: `from`, `source`, `least`, `most`, `level`,
`category`, `until`, `note`.

The files are what we publish; a province's and a city's own entries stand in the ledger (tables.policy) and
join them in a PolicyBook (queries.policies.policy_book). Own entries go before published ones (what we
publish of one city is no rule of another), then the nearest level, an entry of the category before a general
one, the latest first day, the one that was entered last; what lies beyond a limit is taken to that limit.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from procurement.language import _, current_language

FOLDER = Path(__file__).parent
EARLIEST = date(2019, 1, 1)
"""First day that all of our own parameters know; some, of schemes that are older, start before it."""

LEVELS = ("national", "province", "city")
"""From the farthest to the nearest."""


class PolicyError(LookupError):
    """No value is in force: the question lies outside the known dates."""


@dataclass(frozen=True)
class Dated:
    """What values and limits have in common. `decided_at` and `decided_by` are of entries in the ledger,
    which also have an `entry_id`."""

    from_date: date
    source: str
    level: str = "national"
    category: str | None = None
    until: date | None = None
    note: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""
    entry_id: int | None = None

    @property
    def is_own(self) -> bool:
        """Whether a province or a city decided it, rather than we."""
        return bool(self.decided_by)

    def is_in_force(self, day: date, category: str | None) -> bool:
        begun = self.from_date <= day and (self.until is None or day <= self.until)
        return begun and self.category in (None, category)


@dataclass(frozen=True)
class Value(Dated):
    """One dated entry of a parameter."""

    value: Any = None
    example: bool = False


@dataclass(frozen=True)
class Limit(Dated):
    """A bound on the values of its level and of nearer ones; either end may be open."""

    least: Decimal | None = None
    most: Decimal | None = None

    def held(self, value: Any) -> Any:
        """`value`, or the bound where it lies beyond it."""
        if self.least is not None and value < self.least:
            return self.least
        return self.most if self.most is not None and value > self.most else value


@dataclass(frozen=True)
class InForce:
    """The value of a parameter on a day, the entry that says so, and the limit that it was taken to."""

    parameter: "Parameter"
    entry: Value
    value: Any
    limited_by: Limit | None = None

    @property
    def source(self) -> str:
        """The document that decides: the limit's where one applies."""
        return self.limited_by.source if self.limited_by else self.entry.source


@dataclass(frozen=True)
class Parameter:
    """One policy number with its history."""

    name: str
    title_zh: str
    title_en: str
    unit: str
    values: tuple[Value, ...]
    limits: tuple[Limit, ...] = ()
    by_category: bool = True

    @property
    def title(self) -> str:
        return self.title_en if current_language() == "en" else self.title_zh

    def on(self, day: date, category: str | None = None) -> InForce:
        """What is in force on `day` for `category`; PolicyError outside the known dates."""
        found = _nearest(self.values, day, category)
        if found is None:
            raise PolicyError(self._nothing_in_force(day, category))
        value, limited_by = found.value, None
        for limit in self.limits_on(day, category, found.level):
            held = limit.held(value)
            if held != value:
                value, limited_by = held, limit
        return InForce(self, found, value, limited_by)

    def limits_on(self, day: date, category: str | None, level: str) -> list[Limit]:
        """The limits that bind a value of `level` on `day`: of each level from its own upward the one in
        force, the farthest last, so that it has the last word."""
        levels = LEVELS[: LEVELS.index(level) + 1]
        of_levels = (
            _nearest((x for x in self.limits if x.level == each), day, category) for each in levels[::-1]
        )
        return [limit for limit in of_levels if limit is not None]

    def _nothing_in_force(self, day: date, category: str | None) -> str:
        fitting = [v for v in self.values if v.category in (None, category)]
        if not fitting and self.values:
            return _("参数“{title}”按药品和耗材分别取值，请指明类别。").format(title=self.title)
        if not fitting:
            return _("参数“{title}”没有适用的取值。").format(title=self.title)
        ended = [v for v in fitting if v.until is not None and v.until < day]
        if ended:
            last = max(v.until for v in ended if v.until)
            return _("参数“{title}”在 {day} 没有生效的取值：最近一条到 {last} 为止。").format(
                title=self.title, day=day, last=last
            )
        return _("参数“{title}”在 {day} 没有生效的取值：最早一条自 {first} 起。").format(
            title=self.title, day=day, first=min(v.from_date for v in fitting)
        )


def _nearest(entries: Iterable[Any], day: date, category: str | None) -> Any:
    """Of entries in force an own one, the nearest level's, of the category before a general one, the latest,
    the one that was entered last."""
    found = [entry for entry in entries if entry.is_in_force(day, category)]
    return max(reversed(found), key=_rank, default=None)


def _rank(entry: Dated) -> tuple[bool, int, bool, date]:
    return entry.is_own, LEVELS.index(entry.level), entry.category is not None, entry.from_date


@dataclass(frozen=True)
class PolicyBook:
    """Every parameter by name, with all entries that are known: ours and those of the ledger."""

    parameters: Mapping[str, Parameter]

    def on(self, name: str, day: date, category: str | None = None) -> InForce:
        return self.parameters[name].on(day, category)

    def value(self, name: str, day: date, category: str | None = None) -> Any:
        """The value of parameter `name` in force on `day`; PolicyError outside the known dates."""
        return self.on(name, day, category).value

    def with_entries(self, entries: Iterable[tuple[str, Value | Limit]]) -> "PolicyBook":
        """The book with more entries, each beside the name of its parameter, the newest last."""
        known = dict(self.parameters)
        for name, entry in entries:
            if name in known:
                kind = "limits" if isinstance(entry, Limit) else "values"
                more = (*getattr(known[name], kind), entry)
                known[name] = replace(known[name], **{kind: more})  # type: ignore[arg-type]
        return PolicyBook(known)


@cache
def published_policies() -> PolicyBook:
    """The entries of our own files; a parameter's name is its file's."""
    return PolicyBook({path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))})


def _read(path: Path) -> Parameter:
    return read_parameter(path.stem, tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))


def read_parameter(name: str, data: Mapping[str, Any]) -> Parameter:
    """A parameter from the content of its TOML (decimals as Decimal)."""
    values = tuple(
        Value(value=entry["value"], example=entry.get("example", False), **_dated(entry))
        for entry in data.get("values", ())
    )
    limits = tuple(
        Limit(least=entry.get("least"), most=entry.get("most"), **_dated(entry))
        for entry in data.get("limits", ())
    )
    titles = data["title"], data["title_en"]
    return Parameter(name, *titles, data["unit"], values, limits, data.get("by_category", True))


def _dated(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "from_date": entry["from"],
        "source": entry["source"],
        "level": entry.get("level", "national"),
        "category": entry.get("category"),
        "until": entry.get("until"),
        "note": entry.get("note", ""),
    }
