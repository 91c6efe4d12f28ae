"""Who looks, as of this moment: role, and the institutions that they may see."""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select
from sqlmodel import col

from procurement.people.acting import Actor
from procurement.people.permissions import HOSPITAL, may, refuse
from procurement.tables import AccountScope, Institution

Scope = tuple[str, ...] | None
"""Institution codes, sorted; None: the whole city."""


@dataclass(frozen=True)
class Reader:
    """An account that is signed in: hashable, and safe as part of a cache's key."""

    account_id: int
    name: str
    full_name: str
    role: str
    scope: Scope
    origin: str = ""
    must_change_password: bool = False
    is_demo: bool = False
    sign_in: str = ""

    @property
    def is_whole_city(self) -> bool:
        return self.scope is None

    @property
    def actor(self) -> Actor:
        return Actor(self.name, self.role, self.origin)

    def may(self, action: str) -> bool:
        return may(self.role, action, self.is_whole_city)

    def require(self, action: str) -> None:
        """NotAllowed unless the reader may do this."""
        if not self.may(action):
            raise refuse()


def scope_of(connection: Connection, account_id: int, role: str) -> Scope:
    """The institutions that an account may see now: one that joins its district or chain later is in it."""
    query = select(col(AccountScope.kind), col(AccountScope.value))
    said = connection.execute(query.where(col(AccountScope.account_id) == account_id)).all()
    if not said:
        return () if role in HOSPITAL else None
    by_kind = {
        "district": col(Institution.district),
        "institution": col(Institution.code),
        "chain": col(Institution.chain),
    }
    wanted = [
        by_kind[kind].in_([value for known, value in said if known == kind])
        for kind in sorted({kind for kind, _value in said})
    ]
    codes = select(col(Institution.code)).where(or_(*wanted)).order_by(col(Institution.code))
    return tuple(connection.execute(codes).scalars())


def scope_values(connection: Connection, account_id: int) -> list[tuple[str, str]]:
    """What was said of an account's scope: kind and value."""
    query = select(col(AccountScope.kind), col(AccountScope.value)).order_by(
        col(AccountScope.kind), col(AccountScope.value)
    )
    found = connection.execute(query.where(col(AccountScope.account_id) == account_id))
    return [(kind, value) for kind, value in found]
