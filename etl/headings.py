"""Headings → fields, by the synonyms that stand in etl/sources/<kind>.toml.

Each table of the TOML is a field; its first heading is the one that templates and sentences use.

    headings   synonyms; a bracket that states a unit, 单价(元/盒), need not be repeated
    per_pack, per_base
               further synonyms which say by themselves what a price or quantity counts by
    months     those whose cells stand for whole months
    wins       where several columns become this field, the first of these is taken, the others are left
    measure    quantities and amounts: a merged cell stands for one row only
    required   a cell may not be empty
    asked      the same, but it may be said at the import instead of in a column (etl.answers)
    words      what a cell may say, by the value it stands for
    basis      headings that tell the basis of a baseline price, by basis

`needs` lists what a sheet must have to be of the kind: one column of each group. `ignored` are headings
known to be of no use, `unlike` those that a sheet of this kind never has, `unit_or_institution` those whose
cells must tell what they are, `template` the template's fields. `otherwise` are words over a group of columns
(累计 over 数量, 金额) whose figures are something else than the kind's, `earlier` those of the same thing at
another time: beside this year's columns they are a question.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from etl.values.hints import CACHED_TEXTS, Hint, heading_key, split_heading

FOLDER = Path(__file__).parent / "sources"
KINDS = (
    "institutions",
    "batch_list",
    "substitutes",
    "agreed_volumes",
    "purchases",
    "assessments",
    "payment_ratios",
    "sharing",
)
"""In the order in which files given together are loaded: each kind builds on those before it."""

ORIGINAL_ROW = "原行号"
"""First heading of a file that holds only the rows with problems of another: where they stood in it."""

IGNORED = "(ignored)"
"""The field of a heading that is known to be of no use."""


@dataclass(frozen=True)
class Field:
    """One thing that a kind of workbook tells, and what its column may be called."""

    name: str
    headings: tuple[str, ...]
    per_pack: tuple[str, ...] = ()
    per_base: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    wins: tuple[str, ...] = ()
    measure: bool = False
    required: bool = False
    asked: bool = False
    words: dict[str, list[str]] = field(default_factory=dict)
    basis: dict[str, list[str]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the column is called in templates and sentences; a heading is never translated."""
        return self.all_headings[0]

    @property
    def all_headings(self) -> tuple[str, ...]:
        return self.headings + self.per_pack + self.per_base + self.months

    def rank(self, heading: str) -> int | None:
        """How early a heading stands in `wins`; None where it is not there."""
        order = [heading_key(h) for h in self.wins]
        found = [order.index(key) for key in keys(heading) if key in order]
        return min(found, default=None)

    def winner(self, headings: list[str]) -> int | None:
        """Which of several columns is taken, by `wins`; None where that does not say."""
        if len(headings) == 1:
            return 0
        ranks = [self.rank(heading) for heading in headings]
        known = [rank for rank in ranks if rank is not None]
        if len(known) < len(ranks) or len(set(known)) < len(known):
            return None
        return ranks.index(min(known))

    def names_months(self, heading: str) -> bool:
        """Whether the heading says that its cells stand for whole months."""
        return any(heading_key(h) in keys(heading) for h in self.months)

    def basis_of(self, heading: str) -> str | None:
        """The basis of a baseline price that its heading names."""
        for basis, headings in self.basis.items():
            if any(heading_key(h) in keys(heading) for h in headings):
                return basis
        return None


@dataclass(frozen=True)
class Source:
    """What is known of one kind of workbook."""

    kind: str
    title: str
    fields: dict[str, Field]
    needs: tuple[tuple[str, ...], ...]
    ignored: tuple[str, ...]
    unlike: frozenset[str]
    unit_or_institution: frozenset[str]
    template: tuple[str, ...]
    otherwise: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()

    def need_title(self, need: tuple[str, ...]) -> str:
        """The columns of which one must be there: 单价/金额."""
        return "/".join(self.fields[name].title for name in need)


@dataclass(frozen=True)
class Said:
    """What a person has said that a heading means: a field, or nothing where it is of no use.

    `by` and `on` are known of what was said for an earlier file; `heading` is the compared form.
    """

    field: str
    by: str = ""
    on: date | None = None
    heading: str = ""

    @property
    def is_remembered(self) -> bool:
        return self.on is not None


Sayings = Mapping[str, Said]
"""What was said, by the compared form of the heading (etl.values.hints.heading_key)."""


def sayings(mapping: Mapping[str, str | Said]) -> dict[str, Said]:
    """A mapping of headings as people write it, ready to be looked up."""
    said = {h: meant if isinstance(meant, Said) else Said(meant.strip()) for h, meant in mapping.items()}
    return {heading_key(h): replace(meant, heading=heading_key(h)) for h, meant in said.items()}


@dataclass(frozen=True)
class Match:
    """The field that a heading stands for, the unit that it states, and the text it was known by.

    `said` is there where a person told the field.
    """

    field: str
    hint: Hint
    by: str = ""
    said: Said | None = None


@cache
def source(kind: str) -> Source:
    data: dict[str, Any] = tomllib.loads((FOLDER / f"{kind}.toml").read_text(encoding="utf-8"))
    fields = {name: _field(name, entry) for name, entry in data["fields"].items()}
    needs = tuple(tuple(group) for group in data["needs"])
    unlike = frozenset(heading_key(heading) for heading in data.get("unlike", ()))
    either = frozenset(heading_key(heading) for heading in data.get("unit_or_institution", ()))
    ignored, template, *groups = (
        tuple(data.get(name, ())) for name in ("ignored", "template", "otherwise", "earlier")
    )
    return Source(kind, data["title"], fields, needs, ignored, unlike, either, template, *groups)


def _field(name: str, entry: dict[str, Any]) -> Field:
    lists: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    lists.setdefault("headings", ())
    return Field(name, **lists)


def match(kind: str, heading: object) -> Match | None:
    """The field of `kind` that a heading names; exactly as printed first, then without its unit."""
    if not str(heading).strip():
        return None
    return _match(kind, str(heading))


@lru_cache(maxsize=CACHED_TEXTS)
def _match(kind: str, heading: str) -> Match | None:
    synonyms = _synonyms(kind)
    _key, stated = split_heading(heading)
    for key in keys(heading):
        if found := synonyms.get(key):
            hint = Hint(stated.money, stated.unit or found.hint.unit, stated.percent)
            return replace(found, hint=hint, by=heading)
    return None


def field_named(kind: str, text: str) -> str | None:
    """The field of `kind` that a person names, by itself or by a heading; IGNORED for none at all."""
    if not text:
        return IGNORED
    if text in source(kind).fields:
        return text
    known = match(kind, text)
    return known.field if known and known.field != IGNORED else None


def match_said(kind: str, heading: str, said: Sayings) -> Match | None:
    """The field of `kind` that a person has said a heading names; a unit that it states holds as ever."""
    meant = said.get(heading_key(heading))
    name = field_named(kind, meant.field) if meant else None
    if name is None:
        return None
    known = match(kind, heading)
    if known is None or known.field != name:
        return Match(name, split_heading(heading)[1], said=meant)
    return replace(known, said=meant)


@lru_cache(maxsize=CACHED_TEXTS)
def known_to(heading: str) -> frozenset[str]:
    """The kinds that have a field of this heading."""
    found = {kind: match(kind, heading) for kind in KINDS}
    return frozenset(kind for kind, known in found.items() if known and known.field != IGNORED)


def keys(heading: str) -> tuple[str, str]:
    """A heading as it is compared: with its unit, and without."""
    return heading_key(heading), split_heading(heading)[0]


@cache
def _synonyms(kind: str) -> dict[str, Match]:
    known = source(kind)
    found = {heading_key(h): Match(IGNORED, Hint()) for h in (*known.ignored, ORIGINAL_ROW)}
    for name, about in known.fields.items():
        for unit, headings in (
            (None, about.headings + about.months),
            ("盒", about.per_pack),
            ("最小单位", about.per_base),
        ):
            for heading in headings:
                found[heading_key(heading)] = Match(name, Hint(unit=unit))
    return found
