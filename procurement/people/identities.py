"""Accounts of people whose identity another system proves: made and kept as that system tells of them.

    told = Identity("https://issuer.example 4711", "zhang", "张三", "manager", (("institution", "H001"),))
    token = enter(engine, told, origin, may_create=True)                             or AccountRefused

An account belongs to one identity for good. A local account of the same name is never taken over, a disabled
one stays out.
"""

from dataclasses import dataclass

from sqlalchemy import Engine, Row, select
from sqlmodel import col

from procurement.database import reading
from procurement.language import N_, _
from procurement.people import accounts, signing_in
from procurement.people.accounts import AccountRefused
from procurement.people.acting import Actor, acting
from procurement.people.readers import scope_values
from procurement.tables import Account

KEEPER = "oidc"
"""Who makes and changes these accounts, in the trail."""

NAME_TAKEN = N_("已有名为“{name}”的本地账号，不能用统一身份认证登录它。请联系系统管理员另行处理。")
NO_ACCOUNT = N_("您在本系统没有账号。请联系系统管理员为您建立。")


@dataclass(frozen=True)
class Identity:
    """Who the other system says it is: `subject` (issuer and subject), and what follows from its claims.

    `role` is None where the claims are not to decide role and scope.
    """

    subject: str
    name: str
    full_name: str
    role: str | None
    scope: tuple[tuple[str, str], ...] = ()


def enter(engine: Engine, identity: Identity, origin: str, *, may_create: bool) -> str:
    """A sign-in of the identity's account, which is made or changed as its claims say; returns its token.

    AccountRefused where there is none and none may be made, where it is disabled, or the claims do not do.
    """
    with acting(Actor(KEEPER, "", origin)):
        account = _account(engine, identity.subject)
        if account is None:
            account = _made(engine, identity, may_create)
        elif not account.is_active:
            raise AccountRefused(_(signing_in.NOT_ACTIVE))
        else:
            _follow(engine, account, identity)
    return signing_in.begin(engine, account.id, origin, way=KEEPER)


def _account(engine: Engine, subject: str) -> Row | None:
    query = select(Account.__table__).where(col(Account.subject) == subject)  # type: ignore[attr-defined]
    with reading(engine) as connection:
        return connection.execute(query).first()


def _made(engine: Engine, identity: Identity, may_create: bool) -> Row:
    if not may_create or identity.role is None:
        raise AccountRefused(_(NO_ACCOUNT))
    with reading(engine) as connection:
        if accounts.is_taken(connection, identity.name):
            raise AccountRefused(_(NAME_TAKEN).format(name=identity.name))
    told = {"full_name": identity.full_name, "scope": identity.scope, "subject": identity.subject}
    accounts.add(engine, identity.name, identity.role, by=KEEPER, **told)  # type: ignore[arg-type]
    found = _account(engine, identity.subject)
    assert found is not None
    return found


def _follow(engine: Engine, account: Row, identity: Identity) -> None:
    """Role, scope and full name as the claims say now; nothing is written where they say what is known."""
    if identity.role is None:
        return
    with reading(engine) as connection:
        known = (account.role, account.full_name, scope_values(connection, account.id))
    said = (identity.role, identity.full_name or account.full_name, sorted(set(identity.scope)))
    if known != said:
        role, full_name, scope = said
        accounts.change(engine, account.name, by=KEEPER, role=role, scope=scope, full_name=full_name)
