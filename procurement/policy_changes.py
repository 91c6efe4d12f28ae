"""Changing the policies of a province or a city: entries are added or taken back, never edited.

Each change is one transaction with its author and time, all of it or nothing. Where it moves what counts as
selected (`awards_elsewhere`), the months of the products concerned are built anew in the same transaction.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select
from sqlmodel import col

from procurement.database import writing
from procurement.language import _
from procurement.ledger import Touched, rebuild
from procurement.people import audit
from procurement.policies import Limit, PolicyBook
from procurement.policies.own_file import Proposed, placed
from procurement.policies.units import in_order
from procurement.policies.validity import Entry, PolicyRefused, own_faults, text_faults
from procurement.queries.agreement import listings
from procurement.queries.policies import Recorded, policy_book, recorded, value_to_json
from procurement.tables import Listing, PolicyEntry

OF_MONTHS = {"awards_elsewhere"}
"""Parameters that the monthly purchases are built by."""


@dataclass(frozen=True)
class Plan:
    """What adding some entries would do: those that are new, in order, and how many are there already."""

    new: tuple[Proposed, ...]
    known: int = 0


def plan(
    connection: Connection, proposed: Iterable[Proposed], *, by: str, faults: Sequence[str] = ()
) -> Plan:
    """What adding would do; PolicyRefused with everything that is wrong, `faults` of the file first."""
    entries = [replace(each, entry=replace(each.entry, decided_by=by)) for each in proposed]
    book = policy_book(connection)
    with_limits = book.with_entries((e.parameter, e.entry) for e in entries if isinstance(e.entry, Limit))
    found = [*faults, *_contradictions(entries)]
    for each in entries:
        found += [placed(each.place, fault) for fault in own_faults(with_limits, each.parameter, each.entry)]
    if found:
        raise PolicyRefused(found)
    entries = [replace(each, entry=_in_order(book, each)) for each in entries]
    latest = {key_of(each.parameter, each.entry): each.entry for each in recorded(connection) if each.counts}
    new = {
        (key, _said(each.entry)): each
        for each in entries
        if (key := key_of(each.parameter, each.entry)) not in latest
        or _said(latest[key]) != _said(each.entry)
    }
    return Plan(tuple(new.values()), len(entries) - len(new))


def add(
    engine: Engine, proposed: Iterable[Proposed], *, by: str, faults: Sequence[str] = ()
) -> tuple[list[int], Plan]:
    """Add the entries that are not there yet, all or none; their numbers, and the plan that was followed."""
    with writing(engine) as connection:
        followed = plan(connection, proposed, by=by, faults=faults)
        with _months_follow(connection, {each.parameter for each in followed.new}):
            ids = [_insert(connection, _row(each, by)) for each in followed.new]
        for number, each in zip(ids, followed.new, strict=True):
            _record(connection, "policy-added", number, each, by)
    return ids, followed


def withdraw(engine: Engine, entry_id: int, *, reason: str, by: str) -> Recorded:
    """Take an entry back: it stays in the history, with the reason, and no longer counts."""
    with writing(engine) as connection:
        found = {each.entry.entry_id: each for each in recorded(connection)}.get(entry_id)
        if refused := _not_withdrawable(entry_id, found, reason):
            raise PolicyRefused(refused)
        assert found is not None
        row = _row(Proposed(found.parameter, found.entry), by)
        with _months_follow(connection, {found.parameter}):
            _insert(connection, row | {"withdraws": entry_id, "note": reason.strip()})
        taken_back = Proposed(found.parameter, found.entry)
        _record(connection, "policy-withdrawn", entry_id, taken_back, by, reason.strip())
    return found


def _record(
    connection: Connection, action: str, number: int, proposed: Proposed, by: str, reason: str = ""
) -> None:
    row = _row(proposed, by)
    told = {name: row[name] for name in ("level", "category", "from_date", "until", "value", "source")}
    audit.record(connection, action, proposed.parameter, by=by, entry=number, reason=reason, **told)


def _not_withdrawable(entry_id: int, found: Recorded | None, reason: str) -> list[str]:
    if found is None:
        return [_("没有编号为{number}的本省、本市条目；随软件发布的条目不能撤回。").format(number=entry_id)]
    if not found.counts:
        return [_("编号为{number}的条目已由{who}撤回。").format(number=entry_id, who=found.withdrawn_by)]
    if not reason.strip():
        return [_("请写明撤回的理由。")]
    return text_faults(_("理由"), reason)


def _in_order(book: PolicyBook, proposed: Proposed) -> Entry:
    """The entry with its numbers in the one way that they are kept."""
    entry, unit = proposed.entry, book.parameters[proposed.parameter].unit
    if isinstance(entry, Limit):
        bounds = [None if bound is None else in_order(unit, bound) for bound in (entry.least, entry.most)]
        return replace(entry, least=bounds[0], most=bounds[1])
    return replace(entry, value=in_order(unit, entry.value))


def key_of(parameter: str, entry: Entry) -> tuple:
    """What two entries have in common of which the later one stands in the place of the earlier one."""
    return parameter, isinstance(entry, Limit), entry.level, entry.category, entry.from_date, entry.until


def _said(entry: Entry) -> tuple[Any, str]:
    """What an entry says, so that it is known again; a note may be worded anew."""
    value = (entry.least, entry.most) if isinstance(entry, Limit) else entry.value
    return _fixed(value), entry.source.strip()


def _fixed(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_fixed(part) for part in value)
    return tuple(sorted(value.items())) if isinstance(value, dict) else value


def _contradictions(entries: Sequence[Proposed]) -> list[str]:
    """Entries of one file that stand in each other's place and do not say the same."""
    first: dict[tuple, Proposed] = {}
    found = []
    for each in entries:
        other = first.setdefault(key_of(each.parameter, each.entry), each)
        if _said(other.entry) != _said(each.entry):
            says = _("与“{other}”的层级、类别和起止日期相同而内容不同，请只留一条。")
            found.append(placed(each.place, says.format(other=other.place)))
    return found


def _row(proposed: Proposed, by: str) -> dict[str, Any]:
    entry = proposed.entry
    said = {"least": entry.least, "most": entry.most} if isinstance(entry, Limit) else entry.value
    return {
        "parameter": proposed.parameter,
        "level": entry.level,
        "category": entry.category,
        "from_date": entry.from_date,
        "until": entry.until,
        "is_limit": isinstance(entry, Limit),
        "value": value_to_json(said),
        "source": entry.source.strip(),
        "note": entry.note.strip(),
        "decided_at": datetime.now(UTC).replace(microsecond=0),
        "decided_by": by,
    }


def _insert(connection: Connection, row: dict[str, Any]) -> int:
    query = insert(PolicyEntry).values(**row).returning(col(PolicyEntry.id))
    return connection.execute(query).scalar_one()  # type: ignore[return-value]


@contextmanager
def _months_follow(connection: Connection, parameters: set[str]) -> Iterator[None]:
    """Build the months anew of every batch whose awards elsewhere count otherwise after the block."""
    if not parameters & OF_MONTHS:
        yield
        return
    before = listings(connection)
    yield
    after = listings(connection)
    moved = before["elsewhere_counts"] != after["elsewhere_counts"]
    batches = sorted({int(number) for number in before.loc[moved, "batch_id"]})
    if batches:
        of_batches = col(Listing.batch_id).in_(batches)
        products = connection.execute(select(col(Listing.product_id)).where(of_batches).distinct())
        rebuild(connection, Touched(product_ids=tuple(sorted(products.scalars()))))
