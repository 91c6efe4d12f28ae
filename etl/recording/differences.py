"""What a list says now that it did not say before, row by row and field by field, for people to read."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import SQLModel, col

from etl.preview import Difference
from etl.recording.history import KEYED
from etl.recording.journal import Change
from procurement.columns import WORDS
from procurement.language import _
from procurement.money import UNIT_SCALE, decimal_text, price_in_yuan, yuan
from procurement.tables import (
    AgreedVolume,
    AreaVolume,
    Assessment,
    Batch,
    Institution,
    Listing,
    PaymentRatio,
    Product,
    SharingAccount,
    Variety,
)

SILENT = {"id", "import_id", "row_number", "stated_price", "stated_per_pack", "merged_into", "is_provisional"}
"""Columns that say where a row is from, or what another column says as well."""

KEYS: dict[type[SQLModel], tuple[str, ...]] = {
    Institution: ("code",),
    Batch: ("name",),
    Variety: ("batch_id", "name"),
    Product: ("code",),
    Listing: ("batch_id", "product_id", "starts_on"),
    AgreedVolume: ("institution_id", "variety_id", "product_id", "agreement_year"),
    AreaVolume: ("area", "variety_id", "product_id", "agreement_year"),
    Assessment: ("institution_id", "batch_id", "agreement_year"),
    PaymentRatio: ("institution_id", "batch_id", "from_date"),
    SharingAccount: ("institution_id", "year", "scheme"),
}
"""What makes two rows of a list the same row, whatever their ids."""

NAMED: dict[str, type[SQLModel]] = {
    "institution_id": Institution,
    "batch_id": Batch,
    "variety_id": Variety,
    "product_id": Product,
}
PUBLIC = {
    "institution_id": "institution_name",
    "batch_id": "batch",
    "variety_id": "variety",
    "product_id": "product_name",
    "status": "award_status",
    "code": "code",
    "budget_amount": "sharing_budget_amount",
    "spending_amount": "fund_spending_amount",
}
"""Columns of tables → names in procurement.columns, where they differ."""

Pair = tuple[type[SQLModel], Row | None, Row | None]
"""A row as it was and as it is."""


def paired(changes: list[Change]) -> list[Pair]:
    """Changes by the key of their rows: a row that was deleted and written anew is one that changed."""
    pairs: dict[tuple, list[Row | None]] = {}
    for change in changes:
        for place, row in enumerate((change.before, change.after)):
            if row is not None:
                pairs.setdefault((change.table, *_key(change.table, row)), [None, None])[place] = row
    return [(place[0], before, after) for place, (before, after) in pairs.items()]


def counts(kind: str, pairs: list[Pair]) -> tuple[int, int, int]:
    """Rows of the file's own tables that are new and changed, and rows that are gone."""
    own = [pair for pair in pairs if pair[0] in KEYED.get(kind, ())]
    new = sum(before is None for _table, before, _after in own)
    gone = sum(after is None for _table, _before, after in own)
    changed = sum(
        bool(before is not None and after is not None and changed_columns(before, after))
        for _table, before, after in own
    )
    return new, changed, gone


def changed_columns(before: Row, after: Row) -> list[str]:
    return [
        name
        for name, value in before._mapping.items()
        if name not in SILENT and value != after._mapping[name]
    ]


def differences(connection: Connection, pairs: list[Pair], most: int) -> list[Difference]:
    """At most `most` differences, a line each: what is new, what changed from what to what, what is gone."""
    names = _Names(connection)
    found: list[Difference] = []
    for table, before, after in pairs:
        row = after if after is not None else before
        if row is None or len(found) >= most:
            continue
        label, title = names.label(table, row), str(table.__tablename__)
        if before is None or after is None:
            found.append(Difference("withdrawn" if after is None else "new", title, label))
            continue
        for name in changed_columns(before, after):
            old, new = (names.shown(name, image._mapping[name]) for image in (before, after))
            found.append(Difference("changed", title, label, PUBLIC.get(name, name), old, new))
    return found


def _key(table: type[SQLModel], row: Row) -> tuple:
    return tuple(row._mapping[name] for name in KEYS[table])


class _Names:
    """Names of what rows point to; each table is read once, when it is first asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[type[SQLModel], dict[int, str]] = {}

    def label(self, table: type[SQLModel], row: Row) -> str:
        """The key of a row in words; its own name where it has one."""
        values = row._mapping
        parts = [self.shown(name, values[name]) for name in KEYS[table]]
        if "name" in values and "name" not in KEYS[table]:
            parts.append(values["name"])
        return _("，").join(part for part in parts if part)

    def shown(self, name: str, value: Any) -> str | None:
        if value is None:
            return None
        if name in NAMED:
            return self._of(NAMED[name]).get(value, str(value))
        if name == "agreement_year":
            return _("第{year}协议年度").format(year=value)
        if name == "year":
            return _("{year}年").format(year=value)
        return _SHOWN.get(name, _plain)(value)

    def _of(self, table: type[SQLModel]) -> dict[int, str]:
        if table not in self._known:
            told = col(Product.code) if table is Product else col(table.name)  # type: ignore[attr-defined]
            rows = self._connection.execute(select(col(table.id), told)).all()  # type: ignore[attr-defined]
            self._known[table] = dict(rows)
        return self._known[table]


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return _(WORDS[value]) if isinstance(value, str) and value in WORDS else str(value)


def _price(value: int) -> str:
    return decimal_text(price_in_yuan(value))


def _amount(value: int) -> str:
    return decimal_text(yuan(value))


def _millionths(value: int) -> str:
    return f"{(Decimal(value) / UNIT_SCALE).normalize():f}"


_SHOWN: dict[str, Callable[[Any], str]] = {
    "baseline_unit_price": _price,
    "awarded_unit_price": _price,
    "strength_factor": _millionths,
    "score": _millionths,
    "ratio": _millionths,
    "budget_amount": _amount,
    "spending_amount": _amount,
}
