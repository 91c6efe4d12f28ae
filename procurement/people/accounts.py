"""Accounts: added, changed, disabled, never deleted.

password = add(engine, "zhang", "official", by="admin")      shown once, to be changed at the first sign-in
disable(engine, "zhang", by="admin")                         ends every sign-in of the account
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update
from sqlmodel import col

from procurement.database import writing
from procurement.language import N_, _
from procurement.people import audit
from procurement.people.passwords import first_password, hashed, is_right, require_good
from procurement.people.permissions import ADMINISTRATOR, HOSPITAL
from procurement.people.readers import scope_values
from procurement.plain_text import storable
from procurement.tables import Account, AccountScope, Institution, SignIn, SignInAttempt
from procurement.tables.people import ROLES, SCOPE_KINDS

NAME = re.compile(r"[A-Za-z0-9._@\-〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]{2,40}")
"""No other letters: SQLite does not know their capitals, and some look like ours."""

BAD_NAME = N_("账号名“{name}”不行：请用2至40个汉字、字母、数字或 . _ - @。")
TAKEN = N_("已有名为“{name}”的账号。停用的账号也不能重名，以便审计记录始终指向同一个人。")
NOT_THERE = N_("没有名为“{name}”的账号。")
BAD_ROLE = N_("没有“{role}”这个角色；可用的是：{roles}。")
NEEDS_SCOPE = N_("医院账号必须写明所属机构（编码）或连锁（名称），否则看不到任何数据。")
NO_DISTRICT = N_("医院账号的范围只能是机构或连锁，不能是区县。")
NOT_FOR_ADMINISTRATOR = N_("系统管理员管理全市，不能限定范围。")
UNKNOWN_SCOPE = N_("台账中没有这些{kind}：{values}。")
LAST_ADMINISTRATOR = N_("“{name}”是唯一能登录的系统管理员，不能停用或改作其他角色。请先另建一个。")
WRONG_PASSWORD = N_("原密码不正确。")
SAME_PASSWORD = N_("新密码与原密码相同，请另设一个。")
NO_PASSWORD = N_("该账号经统一身份认证登录，没有密码可以更改。")
KIND_NAMES = {"district": N_("区县"), "institution": N_("机构编码"), "chain": N_("连锁")}

ScopeValues = Iterable[tuple[str, str]]
"""Pairs of one of SCOPE_KINDS and a value."""


class AccountRefused(ValueError):
    """Nothing was changed; the sentence says why and what to do."""


def add(
    engine: Engine,
    name: str,
    role: str,
    *,
    by: str,
    full_name: str = "",
    scope: ScopeValues = (),
    password: str | None = None,
    subject: str | None = None,
    is_demo: bool = False,
) -> str | None:
    """A new account. Returns the first password that was made for it; None where one was given, or where it
    signs in without one (`subject`, `is_demo`)."""
    name, said, full_name = name.strip(), sorted(set(scope)), storable(full_name.strip())
    if not NAME.fullmatch(name):
        raise AccountRefused(_(BAD_NAME).format(name=name))
    made = None
    if subject or is_demo:
        kept = None
    elif password is None:
        made = first_password()
        kept = hashed(made)
    else:
        require_good(password, name)
        kept = hashed(password)
    with writing(engine) as connection:
        if _find(connection, name) is not None:
            raise AccountRefused(_(TAKEN).format(name=name))
        _require_role(connection, role, said)
        values = {
            "name": name,
            "full_name": full_name,
            "role": role,
            "password_hash": kept,
            "must_change_password": made is not None,
            "is_active": True,
            "is_demo": is_demo,
            "subject": subject,
            "created_at": datetime.now(UTC).replace(microsecond=0),
            "created_by": by,
        }
        number = connection.execute(insert(Account).values(values).returning(col(Account.id))).scalar_one()
        _write_scope(connection, number or 0, said)
        audit.record(connection, "account-added", name, by=by, role=role, scope=said, full_name=full_name)
    return made


def change(
    engine: Engine,
    name: str,
    *,
    by: str,
    role: str,
    scope: ScopeValues,
    full_name: str | None = None,
) -> None:
    """Another role or scope; it holds from the next click of whoever is signed in."""
    said = sorted(set(scope))
    with writing(engine) as connection:
        account = _known(connection, name)
        _require_role(connection, role, said)
        if role != ADMINISTRATOR:
            _require_another_administrator(connection, account)
        full_name = account.full_name if full_name is None else storable(full_name.strip())
        values = {"role": role, "full_name": full_name}
        connection.execute(update(Account).where(col(Account.id) == account.id).values(values))
        connection.execute(delete(AccountScope).where(col(AccountScope.account_id) == account.id))
        _write_scope(connection, account.id, said)
        told = {"role": role, "scope": said, "full_name": full_name}
        audit.record(connection, "account-changed", account.name, by=by, **told)


def disable(engine: Engine, name: str, *, by: str) -> None:
    """It can sign in no more, and every sign-in of it ends now."""
    with writing(engine) as connection:
        account = _known(connection, name)
        _require_another_administrator(connection, account)
        connection.execute(update(Account).where(col(Account.id) == account.id).values(is_active=False))
        _end_sign_ins(connection, account.id)
        audit.record(connection, "account-disabled", account.name, by=by)


def enable(engine: Engine, name: str, *, by: str) -> None:
    with writing(engine) as connection:
        account = _known(connection, name)
        connection.execute(update(Account).where(col(Account.id) == account.id).values(is_active=True))
        audit.record(connection, "account-enabled", account.name, by=by)


def reset(engine: Engine, name: str, *, by: str) -> str:
    """A new first password, also where the account was locked out; every sign-in of it ends now."""
    made = first_password()
    kept = hashed(made)
    with writing(engine) as connection:
        account = _known(connection, name)
        if account.subject or account.is_demo:
            raise AccountRefused(_(NO_PASSWORD))
        values = {"password_hash": kept, "must_change_password": True}
        connection.execute(update(Account).where(col(Account.id) == account.id).values(values))
        _end_sign_ins(connection, account.id)
        _forgive(connection, account.name)
        audit.record(connection, "account-reset", account.name, by=by)
    return made


def sign_out(engine: Engine, name: str, *, by: str) -> int:
    """End every sign-in of the account, on whatever device; returns how many there were."""
    with writing(engine) as connection:
        account = _known(connection, name)
        count = _end_sign_ins(connection, account.id)
        audit.record(connection, "signed-out-everywhere", account.name, by=by, sign_ins=count)
    return count


def change_password(engine: Engine, name: str, old: str, new: str, keep: str = "") -> None:
    """The account's own doing; ends its other sign-ins (all but the one with the token hash `keep`)."""
    with engine.connect() as connection:
        account = _known(connection, name)
    if not account.password_hash:
        raise AccountRefused(_(NO_PASSWORD))
    if not is_right(old, account.password_hash):
        raise AccountRefused(_(WRONG_PASSWORD))
    if old == new:
        raise AccountRefused(_(SAME_PASSWORD))
    require_good(new, name)
    kept = hashed(new)
    with writing(engine) as connection:
        values = {"password_hash": kept, "must_change_password": False}
        connection.execute(update(Account).where(col(Account.id) == account.id).values(values))
        _end_sign_ins(connection, account.id, keep)
        audit.record(connection, "password-changed", account.name, by=account.name)


@dataclass(frozen=True)
class Said:
    """What an administrator said of an account."""

    role: str
    full_name: str
    scope: list[tuple[str, str]]


def said_of(connection: Connection, name: str) -> Said:
    """Role, full name and scope of an account, to be changed; AccountRefused where there is none."""
    account = _known(connection, name)
    return Said(account.role, account.full_name, scope_values(connection, account.id))


def is_taken(connection: Connection, name: str) -> bool:
    return _find(connection, name) is not None


def has_administrator(connection: Connection) -> bool:
    """Whether somebody can sign in who manages the accounts: the first start asks for one."""
    return connection.execute(_administrators().limit(1)).first() is not None


def _administrators():  # type: ignore[no-untyped-def]
    return select(col(Account.id)).where(
        col(Account.role) == ADMINISTRATOR,
        col(Account.is_active),
        ~col(Account.is_demo),
    )


def _find(connection: Connection, name: str) -> Row | None:
    same = func.lower(col(Account.name)) == name.strip().lower()
    return connection.execute(select(Account.__table__).where(same)).first()  # type: ignore[attr-defined]


def _known(connection: Connection, name: str) -> Row:
    found = _find(connection, name)
    if found is None:
        raise AccountRefused(_(NOT_THERE).format(name=name))
    return found


def _require_role(connection: Connection, role: str, scope: list[tuple[str, str]]) -> None:
    if role not in ROLES:
        raise AccountRefused(_(BAD_ROLE).format(role=role, roles=_("、").join(ROLES)))
    if role in HOSPITAL and "district" in {kind for kind, _value in scope}:
        raise AccountRefused(_(NO_DISTRICT))
    if role in HOSPITAL and not scope:
        raise AccountRefused(_(NEEDS_SCOPE))
    if role == ADMINISTRATOR and scope:
        raise AccountRefused(_(NOT_FOR_ADMINISTRATOR))
    known: dict[str, Any] = {
        "district": col(Institution.district),
        "institution": col(Institution.code),
        "chain": col(Institution.chain),
    }
    for kind in SCOPE_KINDS:
        values = [value for said, value in scope if said == kind]
        there = set(
            connection.execute(select(known[kind]).where(known[kind].in_(values)).distinct()).scalars()
        )
        if lacking := [value for value in values if value not in there]:
            words = {"kind": _(KIND_NAMES[kind]), "values": _("、").join(lacking)}
            raise AccountRefused(_(UNKNOWN_SCOPE).format(**words))


def _require_another_administrator(connection: Connection, account: Row) -> None:
    if account.role != ADMINISTRATOR or not account.is_active or account.is_demo:
        return
    others = _administrators().where(col(Account.id) != account.id).limit(1)
    if connection.execute(others).first() is None:
        raise AccountRefused(_(LAST_ADMINISTRATOR).format(name=account.name))


def _write_scope(connection: Connection, account_id: int, scope: list[tuple[str, str]]) -> None:
    for kind, value in scope:
        connection.execute(insert(AccountScope).values(account_id=account_id, kind=kind, value=value))


def _end_sign_ins(connection: Connection, account_id: int, but: str = "") -> int:
    mine = update(SignIn).where(
        col(SignIn.account_id) == account_id,
        col(SignIn.ended_at).is_(None),
        col(SignIn.token_hash) != but,
    )
    return connection.execute(mine.values(ended_at=datetime.now(UTC).replace(microsecond=0))).rowcount


def _forgive(connection: Connection, name: str) -> None:
    """Failures of the account count no more (procurement.people.signing_in)."""
    at = datetime.now(UTC).replace(microsecond=0)
    values = {"name": name.lower(), "at": at, "has_succeeded": True}
    connection.execute(insert(SignInAttempt).values(values))
