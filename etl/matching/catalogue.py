"""The products of the ledger as they are looked up by their words, for rows that carry no code.

A registration number with the pack fits first, then name, spec, pack and manufacturer in one notation
(etl.matching.names). Where two products fit, neither is taken.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from sqlalchemy import Connection, Row, Select, select
from sqlmodel import col

from etl.matching.names import ProductWords, registration_key
from procurement.tables import Product

PROVISIONAL = "TMP-"
"""How the code of a provisional product begins."""

DIGITS = 10

LEAST_LIKENESS = 50
"""Of 100: how far the name beside a registration number may be from the registered one.

A trade name or an older name still shares half of its signs; a number filled down from another row does not.
"""

BY_REGISTRATION, BY_WORDS, BY_PROVISIONAL, NEW = "registration", "words", "provisional", "new"


@dataclass(frozen=True)
class Entry:
    """One product of the ledger."""

    id: int
    code: str
    words: ProductWords
    is_provisional: bool
    merged_into: int | None


@dataclass(frozen=True)
class Found:
    """The code that a row gets, and the way in which it was found."""

    code: str
    way: str


@dataclass
class Catalogue:
    """Registered products and provisional ones, by what is looked up."""

    by_name: dict[str, list[Entry]] = field(default_factory=dict)
    by_registration: dict[str, list[Entry]] = field(default_factory=dict)
    provisional: dict[str, Entry] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        if entry.is_provisional:
            self.provisional[entry.code] = entry
            return
        self.by_name.setdefault(entry.words.name_key, []).append(entry)
        if number := registration_key(entry.words.registration):
            self.by_registration.setdefault(number, []).append(entry)

    def find(self, words: ProductWords, *, keeps_provisional: bool = False) -> Found:
        """The one registered product that fits exactly, else the provisional one of these words.

        With `keeps_provisional` one that is there already comes first: a list that is loaded again finds
        its own rows, also after a twin with a code has come.
        """
        code = provisional_code(words)
        if keeps_provisional and code in self.provisional:
            return Found(code, BY_PROVISIONAL)
        for way, fitting in (
            (BY_REGISTRATION, self.registered_as(words)),
            (BY_WORDS, self.written_as(words)),
        ):
            if len(fitting) == 1:
                return Found(fitting[0].code, way)
        return Found(code, BY_PROVISIONAL if code in self.provisional else NEW)

    def registered_as(self, words: ProductWords) -> list[Entry]:
        """Products of the same registration number, dose and pack whose name does not belie it."""
        number = registration_key(words.registration)
        return [
            entry
            for entry in (self.by_registration.get(number, ()) if number else ())
            if entry.words.dose == words.dose and words.same_pack(entry.words)
            if not words.contradicts(entry.words) and _is_like(words.name_key, entry.words.name_key)
        ]

    def written_as(self, words: ProductWords) -> list[Entry]:
        """Products written exactly alike; of several, the one whose spec is the same to the letter."""
        fitting = [e for e in self.by_name.get(words.name_key, ()) if words.is_exactly(e.words)]
        literal = [entry for entry in fitting if entry.words.literal_spec == words.literal_spec]
        return literal if len(fitting) > 1 and len(literal) == 1 else fitting


def _is_like(one: str, other: str) -> bool:
    return not (one and other) or fuzz.partial_ratio(one, other) >= LEAST_LIKENESS


def provisional_code(words: ProductWords) -> str:
    """A code made from name, dose, pack, manufacturer and form: the same words always give the same."""
    text = "|".join("" if part is None else str(part) for part in words.key)
    return PROVISIONAL + hashlib.sha256(text.encode()).hexdigest()[:DIGITS].upper()


def read_catalogue(connection: Connection) -> Catalogue:
    catalogue = Catalogue()
    for entry in entries(connection):
        catalogue.add(entry)
    return catalogue


def entries(connection: Connection, *conditions: object) -> Iterable[Entry]:
    """Products of the ledger with their words."""
    query: Select = select(Product.__table__).where(*conditions).order_by(col(Product.id))  # type: ignore[arg-type, attr-defined]
    return [_entry(row) for row in connection.execute(query)]


def _entry(row: Row) -> Entry:
    words = ProductWords(
        row.name, row.spec, row.units_per_pack, row.manufacturer, row.form, row.base_unit, row.registration
    )
    return Entry(row.id, row.code, words, row.is_provisional, row.merged_into)


def codes_of_one_product(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The code of a product with others merged into it, or of one of these → all codes that are one."""
    merged = entries(connection, col(Product.merged_into).is_not(None))
    targets = {entry.merged_into for entry in merged}
    groups = {entry.id: [entry.code] for entry in entries(connection, col(Product.id).in_(targets))}
    for entry in merged:
        groups[entry.merged_into or 0].append(entry.code)
    return {code: tuple(codes) for codes in groups.values() for code in codes}
