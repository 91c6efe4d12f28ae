"""The accounts as they are listed, and what is asked of one of them."""

import pandas as pd
from sqlalchemy import Connection, Select, func, select
from sqlmodel import col

from procurement.frames import read_frame
from procurement.language import _
from procurement.tables import Account, AccountScope, SignIn


def account_list(connection: Connection) -> pd.DataFrame:
    """One row per account by name: account_name, full_name, account_role, account_scope (as text), is_active,
    has_password, must_change_password, is_demo, created_at, created_by, last_seen_at."""
    last = (
        select(col(SignIn.account_id), func.max(col(SignIn.seen_at)).label("last_seen_at"))
        .group_by(col(SignIn.account_id))
        .subquery()
    )
    query: Select = (
        select(
            col(Account.id).label("account_id"),
            col(Account.name).label("account_name"),
            col(Account.full_name),
            col(Account.role).label("account_role"),
            col(Account.is_active),
            col(Account.password_hash).is_not(None).label("has_password"),
            col(Account.must_change_password),
            col(Account.is_demo),
            col(Account.created_at),
            col(Account.created_by),
            last.c.last_seen_at,
        )
        .outerjoin(last, last.c.account_id == col(Account.id))
        .order_by(col(Account.name))
    )
    rows = read_frame(connection, query)
    said: dict[int, list[str]] = {}
    scopes = select(AccountScope.__table__).order_by(col(AccountScope.kind), col(AccountScope.value))  # type: ignore[attr-defined]
    for scope in connection.execute(scopes):
        said.setdefault(scope.account_id, []).append(scope.value)
    texts = [_("、").join(said.get(int(number), [])) for number in rows["account_id"]]
    return rows.assign(account_scope=pd.Series(texts, dtype=object, index=rows.index))


def has_password(connection: Connection, account_id: int) -> bool:
    """Whether the account signs in with a password, rather than through an identity provider or as a demo."""
    kept = select(col(Account.password_hash)).where(col(Account.id) == account_id)
    return connection.execute(kept).scalar_one() is not None


def identity_subject(connection: Connection, account_id: int) -> str | None:
    """Who the account is to the city's identity provider; None for one that does not come from there."""
    return connection.execute(select(col(Account.subject)).where(col(Account.id) == account_id)).scalar_one()
