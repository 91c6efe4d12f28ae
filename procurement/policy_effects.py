"""What a new policy entry would change: the agreement years, awards or accounts that ask for its parameter
on a day of its own, and how many of them would be given another value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from procurement.periods import agreement_year_start
from procurement.policies import EARLIEST, PolicyBook, PolicyError, published_policies
from procurement.policies.own_file import Proposed
from procurement.policies.sharing import PARAMETERS, first_day
from procurement.queries.policies import policy_book
from procurement.queries.purchases import covered_days
from procurement.tables import AgreedVolume, Batch, Listing, SharingAccount
from procurement.tables.register import CATEGORIES


@dataclass(frozen=True)
class Occasion:
    """A day on which the parameter is asked for, and how many settlements, awards or accounts hang on it."""

    day: date
    category: str | None
    weight: int


@dataclass(frozen=True)
class Effect:
    """`kind`: years, awards, accounts or day (the measuring day). `occasions` lie in the entry's days;
    `weight` hangs on them, and `changed` of it would have another value."""

    kind: str
    occasions: int
    weight: int
    changed: int


def effects(connection: Connection, proposed: Iterable[Proposed]) -> list[Effect]:
    """What each entry would change after those before it; the entries must be in order."""
    book, found = policy_book(connection), []
    for each in proposed:
        after = book.with_entries([(each.parameter, each.entry)])
        found.append(_effect(connection, each, book, after))
        book = after
    return found


def _effect(connection: Connection, proposed: Proposed, before: PolicyBook, after: PolicyBook) -> Effect:
    name, kind = proposed.parameter, kind_of(proposed.parameter)
    found = [o for o in _occasions(connection, kind, name) if _concerns(proposed, o)]
    changed = [o.weight for o in found if _value(before, name, o) != _value(after, name, o)]
    return Effect(kind, len(found), sum(o.weight for o in found), sum(changed))


def kind_of(parameter: str) -> str:
    """What the parameter is asked for by."""
    kinds = {"completion": "day", "awards": "awards", "sharing": "accounts", "guidance": "day"}
    return kinds.get(parameter.split("_")[0], "years")


def _concerns(proposed: Proposed, occasion: Occasion) -> bool:
    return proposed.entry.is_in_force(occasion.day, occasion.category)


def _value(book: PolicyBook, parameter: str, occasion: Occasion) -> Any:
    try:
        return book.value(parameter, occasion.day, occasion.category)
    except PolicyError:
        return None


def _occasions(connection: Connection, kind: str, parameter: str) -> Iterable[Occasion]:
    if kind == "years":
        return _years(connection)
    if kind == "awards":
        return _awards(connection)
    if kind == "accounts":
        return _accounts(connection, parameter)
    covered = covered_days(connection)
    by_category = published_policies().parameters[parameter].by_category
    categories = CATEGORIES if by_category else (None,)
    return [Occasion(max(covered[1], EARLIEST), each, 1) for each in categories] if covered else []


def _years(connection: Connection) -> list[Occasion]:
    """Each batch's agreement years with the number of their institutions."""
    query = (
        select(
            col(Batch.execution_date),
            col(Batch.category),
            col(AgreedVolume.agreement_year),
            func.count(col(AgreedVolume.institution_id).distinct()),
        )
        .join(Batch, col(AgreedVolume.batch_id) == col(Batch.id))
        .group_by(col(Batch.id), col(Batch.execution_date), col(Batch.category))
        .group_by(col(AgreedVolume.agreement_year))
    )
    return [
        Occasion(agreement_year_start(start, year), category, count)
        for start, category, year, count in connection.execute(query)
    ]


def _awards(connection: Connection) -> list[Occasion]:
    """Awards for other supply areas by the day they begin."""
    query = (
        select(col(Listing.starts_on), col(Batch.category), func.count(col(Listing.id)))
        .join(Batch, col(Listing.batch_id) == col(Batch.id))
        .where(col(Listing.status) == "elsewhere")
        .group_by(col(Listing.starts_on), col(Batch.category))
    )
    return [Occasion(max(day, EARLIEST), category, n) for day, category, n in connection.execute(query)]


def _accounts(connection: Connection, parameter: str) -> list[Occasion]:
    """Sharing accounts by year, of the schemes that have the parameter."""
    schemes = [scheme for scheme, terms in PARAMETERS.items() if parameter in terms.values()]
    query = (
        select(col(SharingAccount.year), func.count(col(SharingAccount.id)))
        .where(col(SharingAccount.scheme).in_(schemes))
        .group_by(col(SharingAccount.year))
    )
    return [Occasion(first_day(year), None, count) for year, count in connection.execute(query)]
