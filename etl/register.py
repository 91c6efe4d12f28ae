"""What the ledger knows already, by the names and codes that workbooks use.

Names are compared by their key (half width, no spaces); a name that is not known is never replaced by one
like it: the nearest is only a hint in the sentence.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from etl.values.cells import key_of
from procurement.language import N_, _
from procurement.tables import Batch, Institution, Product, Variety

NEAREST = N_("是否为“{name}”？")
SHARED = N_("名录中有多家机构用这个名称，请填机构编码。")


@dataclass(frozen=True)
class KnownProduct:
    id: int
    units_per_pack: int | None
    base_unit: str | None


@dataclass(frozen=True)
class KnownBatch:
    id: int
    name: str
    execution_date: date
    end_date: date


@dataclass
class Register:
    """Ids by code or by the key of a name.

    `within` are the institutions of a narrowed scope: codes and hints are of these alone. Of others only the
    names are known, so that a file under the name of somebody else is not taken for one's own.
    """

    institutions: dict[str, int] = field(default_factory=dict)
    institution_codes: dict[int, str] = field(default_factory=dict)
    institution_names: dict[int, str] = field(default_factory=dict)
    institutions_by_name: dict[str, int] = field(default_factory=dict)
    shared_names: set[str] = field(default_factory=set)
    batches: dict[str, KnownBatch] = field(default_factory=dict)
    varieties: dict[tuple[int, str], int] = field(default_factory=dict)
    variety_names: dict[int, str] = field(default_factory=dict)
    products: dict[str, KnownProduct] = field(default_factory=dict)
    within: frozenset[int] | None = None

    def institution(self, text: str | None) -> int | None:
        """By code, else by name; a name that several institutions bear is nobody's."""
        if text is None:
            return None
        found = self.institutions.get(text.upper()) or self.institutions_by_name.get(key_of(text))
        return found if self.within is None or found in self.within else None

    def batch(self, name: str | None) -> KnownBatch | None:
        return self.batches.get(key_of(name)) if name else None

    def batch_name(self, batch_id: int) -> str:
        return next(batch.name for batch in self.batches.values() if batch.id == batch_id)

    def variety(self, batch_id: int, name: str) -> int | None:
        return self.varieties.get((batch_id, key_of(name)))

    def nearest_institution(self, text: str) -> str:
        if key_of(text) in self.shared_names:
            return _(SHARED)
        own = self.institution_names if self.within is None else self.within
        by_name = {key_of(self.institution_names[i]): self.institution_names[i] for i in own}
        return _hint(key_of(text), by_name | {code: code for code in self.institutions})

    def nearest_batch(self, text: str) -> str:
        return _hint(key_of(text), {key: batch.name for key, batch in self.batches.items()})

    def nearest_variety(self, batch_id: int, text: str) -> str:
        names = {
            key: self.variety_names[i] for (batch, key), i in self.varieties.items() if batch == batch_id
        }
        return _hint(key_of(text), names)


@dataclass(frozen=True)
class Context:
    """What a file is checked against; `institution` is the one (code or name) that the importer named.

    `answers` is what the importer said of things that the file may lack (etl.answers), `mode` what becomes
    of rows that are there (None: the kind's own default).
    """

    connection: Connection
    register: Register
    institution: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    mode: str | None = None


def _hint(key: str, names: dict[str, str]) -> str:
    close = get_close_matches(key, names, n=1, cutoff=0.6)
    return _(NEAREST).format(name=names[close[0]]) if close else ""


def read_register(connection: Connection, scope: Collection[str] | None = None) -> Register:
    """All that is known; with a `scope` (institution codes), the institutions of it and others' names."""
    register = Register()
    _read_institutions(connection, register, scope)
    for batch in connection.execute(
        select(col(Batch.id), col(Batch.name), col(Batch.execution_date), col(Batch.end_date))
    ):
        register.batches[key_of(batch.name)] = KnownBatch(
            batch.id, batch.name, batch.execution_date, batch.end_date
        )
    for variety in connection.execute(select(col(Variety.id), col(Variety.batch_id), col(Variety.name))):
        register.varieties[variety.batch_id, key_of(variety.name)] = variety.id
        register.variety_names[variety.id] = variety.name
    _read_products(connection, register)
    return register


def _read_institutions(connection: Connection, register: Register, scope: Collection[str] | None) -> None:
    query = select(col(Institution.id), col(Institution.code), col(Institution.name))
    own: list[Row] = []
    others: list[Row] = []
    for row in connection.execute(query):
        (own if scope is None or row.code in scope else others).append(row)
    for row in own:
        key = key_of(row.name)
        if key in register.institutions_by_name:
            register.shared_names.add(key)
        register.institutions[row.code] = row.id
        register.institution_codes[row.id] = row.code
        register.institution_names[row.id] = row.name
        register.institutions_by_name[key] = row.id
    for row in others:  # a name that one's own institution bears too is one's own
        register.institution_codes[row.id] = row.code
        register.institution_names[row.id] = row.name
        register.institutions_by_name.setdefault(key_of(row.name), row.id)
    register.within = None if scope is None else frozenset(row.id for row in own)
    for key in register.shared_names:
        del register.institutions_by_name[key]


def _read_products(connection: Connection, register: Register) -> None:
    """A product that is merged into another has the pack of that one where its own is unknown."""
    twin = aliased(Product)
    query = select(
        col(Product.code),
        col(Product.id),
        func.coalesce(col(Product.units_per_pack), col(twin.units_per_pack)),
        func.coalesce(col(Product.base_unit), col(twin.base_unit)),
    ).join(twin, col(twin.id) == col(Product.merged_into), isouter=True)
    for code, product_id, units_per_pack, base_unit in connection.execute(query):
        register.products[code] = KnownProduct(product_id or 0, units_per_pack, base_unit)
