"""Somebody signed in, for tests that open pages or ask the server: an account of the role, and its token."""

from functools import cache

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine, select
from sqlmodel import col

from procurement.database import open_database, reading
from procurement.people import accounts, passwords, signing_in
from procurement.tables import Account

PASSWORD = "correct horse battery"
ORIGIN = "127.0.0.1"

Scope = tuple[tuple[str, str], ...]


def account(
    engine: Engine, role: str, scope: Scope = (), name: str = "", password: str | None = PASSWORD
) -> str:
    """The name of an account of this role and scope; made where there is none. Without a password, which
    takes a while to hash, it is one of an identity provider's."""
    name = name or "-".join([role, *(value for _kind, value in scope)])[:40]
    with reading(engine) as connection:
        known = connection.execute(select(col(Account.id)).where(col(Account.name) == name)).first()
    if known is None:
        subject = None if password else f"test {name}"
        accounts.add(engine, name, role, by="test", scope=scope, password=password, subject=subject)
    return name


def token(engine: Engine, name: str) -> str:
    """A sign-in of the account, as a browser would hold it."""
    with reading(engine) as connection:
        number = connection.execute(select(col(Account.id)).where(col(Account.name) == name)).scalar_one()
    return signing_in.begin(engine, number, ORIGIN)


@cache
def token_of(url: str, role: str, scope: Scope = (), name: str = "") -> str:
    """A sign-in of some account of this role and scope in the ledger of `url`."""
    engine = open_database(url)
    try:
        return token(engine, account(engine, role, scope, name, password=None))
    finally:
        engine.dispose()


def user(url: str, role: str, scope: Scope = (), name: str = "") -> dict[str, str]:
    """What st.user holds when somebody of this role is signed in (AppTest.user)."""
    return {"sign_in": signing_in.token_hash(token_of(url, role, scope, name))}


def cookie(url: str, role: str, scope: Scope = ()) -> str:
    """The header `Cookie` of a browser that is signed in."""
    return f"vbp_sign_in={token_of(url, role, scope)}"


def cheap_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real hashes that take no time, for tests that make and check many."""
    hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
    passwords._nobodys.cache_clear()
