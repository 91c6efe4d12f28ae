"""Sign-ins: begun with a password or an identity, looked up at every request, ended.

    token = sign_in(engine, "zhang", password, origin)     or SignInRefused
    reader = reader_of(engine, token_hash(token))          None: not signed in, ended, expired or disabled

The browser holds the token in a cookie; the ledger holds its hash. Wrong passwords are counted by account and
by address (limits.toml): beyond the limit, even the right one waits until the window has passed. Where an
account has signed in lately, only what is typed wrong there counts: nobody can lock it out from elsewhere.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update
from sqlmodel import col

from procurement.database import LedgerBusy, reading, writing
from procurement.language import N_, _
from procurement.people import audit
from procurement.people.acting import Actor, acting
from procurement.people.limits import LIMITS
from procurement.people.passwords import is_right
from procurement.people.readers import Reader, scope_of
from procurement.plain_text import storable
from procurement.tables import Account, SignIn, SignInAttempt

WRONG = N_("账号或密码不正确。连续输错{most}次，将暂停登录{minutes}分钟。")
LOCKED = N_("失败次数过多，请{minutes}分钟后再试。忘记密码的，请联系系统管理员重置。")
NOT_ACTIVE = N_("该账号已停用。如需恢复，请联系系统管理员。")

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when a sign-in was last used: a write for each click would be too many."""

OTHER_WAY = "oidc "
"""Stands before the address of an attempt that was no password's."""

KEPT_FOR = timedelta(days=30)
"""How long old attempts and ended sign-ins stay; the audit trail keeps what matters."""

Clock = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


class SignInRefused(ValueError):
    """Not signed in; the sentence does not tell whether the account exists."""


def token_hash(token: str) -> str:
    """What the ledger knows a token by."""
    return sha256(token.encode()).hexdigest()


def sign_in(engine: Engine, name: str, password: str, origin: str, clock: Clock = now) -> str:
    """A new sign-in with a password; returns its token. Takes as long for a name that nobody has."""
    name, at = storable(name.strip()), clock()
    with reading(engine) as connection:
        account = _account(connection, name)
        _require_not_locked(connection, name, origin, at)
    is_known = is_right(password, account.password_hash if account else None)
    if account is None or not is_known or not account.is_active:
        _refuse(engine, name, origin, at)
        if account is not None and is_known:
            raise SignInRefused(_(NOT_ACTIVE))
        words = {"most": LIMITS.failures_of_account, "minutes": LIMITS.window_minutes}
        raise SignInRefused(_(WRONG).format(**words))
    # Asked again where failures are counted one by one: many guesses at once are no more than a few.
    return begin(engine, account.id, origin, clock, only_if=name)


def begin(
    engine: Engine, account_id: int, origin: str, clock: Clock = now, *, only_if: str = "", way: str = ""
) -> str:
    """A new sign-in of an account whose identity somebody has proved, in what `way`; returns its token.

    SignInRefused where the account with the name `only_if`, or the address, has been locked meanwhile.
    """
    token, at = secrets.token_urlsafe(32), clock()
    with writing(engine) as connection:
        if only_if:
            _require_not_locked(connection, only_if, origin, at)
        account = connection.execute(
            select(col(Account.name), col(Account.role)).where(col(Account.id) == account_id)
        ).one()
        _forget_old(connection, at)
        values = {
            "token_hash": token_hash(token),
            "account_id": account_id,
            "began_at": at,
            "seen_at": at,
            "ends_at": at + LIMITS.longest,
            "origin": origin,
        }
        connection.execute(insert(SignIn).values(values))
        attempt = {"name": account.name.lower(), "origin": origin, "at": at, "has_succeeded": True}
        connection.execute(insert(SignInAttempt).values(attempt))
        with acting(Actor(account.name, account.role, origin)):
            audit.record(connection, "signed-in", account.name, **({"way": way} if way else {}))
    return token


def reader_of(engine: Engine, hashed: str, clock: Clock = now) -> Reader | None:
    """Who holds the token with this hash, if the sign-in still holds."""
    at = clock()
    query = (
        select(
            col(SignIn.seen_at),
            col(SignIn.origin),
            col(Account.id),
            col(Account.name),
            col(Account.full_name),
            col(Account.role),
            col(Account.must_change_password),
            col(Account.is_demo),
        )
        .join(Account, col(Account.id) == col(SignIn.account_id))
        .where(
            col(SignIn.token_hash) == hashed,
            col(SignIn.ended_at).is_(None),
            col(SignIn.ends_at) > at,
            col(SignIn.seen_at) > at - LIMITS.idle,
            col(Account.is_active),
        )
    )
    with reading(engine) as connection:
        found = connection.execute(query).first()
        if found is None:
            return None
        scope = scope_of(connection, found.id, found.role)
    if at - found.seen_at >= SEEN_EVERY:
        _touch(engine, hashed, at)
    return Reader(
        account_id=found.id,
        name=found.name,
        full_name=found.full_name,
        role=found.role,
        scope=scope,
        origin=found.origin,
        must_change_password=found.must_change_password,
        is_demo=found.is_demo,
        sign_in=hashed,
    )


def end(engine: Engine, hashed: str, clock: Clock = now) -> None:
    """Sign out: the token is of no use any more, whoever has a copy of it."""
    with writing(engine) as connection:
        mine = update(SignIn).where(col(SignIn.token_hash) == hashed, col(SignIn.ended_at).is_(None))
        ended = connection.execute(mine.values(ended_at=clock()).returning(col(SignIn.account_id))).first()
        if ended is not None:
            audit.record(connection, "signed-out", _name(connection, ended.account_id))


def end_all(engine: Engine, account_id: int, clock: Clock = now) -> int:
    """Sign out everywhere, by the account's own doing; returns how many sign-ins ended."""
    with writing(engine) as connection:
        mine = update(SignIn).where(col(SignIn.account_id) == account_id, col(SignIn.ended_at).is_(None))
        count = connection.execute(mine.values(ended_at=clock())).rowcount
        audit.record(connection, "signed-out-everywhere", _name(connection, account_id), sign_ins=count)
    return count


def _name(connection: Connection, account_id: int) -> str:
    return connection.execute(select(col(Account.name)).where(col(Account.id) == account_id)).scalar_one()


def _account(connection: Connection, name: str) -> Row | None:
    same = func.lower(col(Account.name)) == name.lower()
    return connection.execute(select(Account.__table__).where(same)).first()  # type: ignore[attr-defined]


def _require_not_locked(connection: Connection, name: str, origin: str, at: datetime) -> None:
    """Nothing is counted while it is locked, and nothing written: the lock ends by itself."""
    if _is_locked(connection, name, origin, at):
        raise SignInRefused(_(LOCKED).format(minutes=LIMITS.window_minutes))


def _is_locked(connection: Connection, name: str, origin: str, at: datetime) -> bool:
    """Whether too many failures stand against the account, or against the address, within the window.

    Of an account those since its last success count, or since its password was last reset; at an address
    where it has signed in before (within KEPT_FOR), only those of that address.
    """
    since, same_name = at - LIMITS.window, col(SignInAttempt.name) == name.lower()
    failed = select(func.count(col(SignInAttempt.id))).where(
        ~col(SignInAttempt.has_succeeded), col(SignInAttempt.at) > since
    )
    good = select(func.coalesce(func.max(col(SignInAttempt.id)), 0)).where(
        col(SignInAttempt.has_succeeded), same_name
    )
    of_account = failed.where(same_name, col(SignInAttempt.id) > good.scalar_subquery())
    of_origin = failed.where(col(SignInAttempt.origin) == origin)
    if connection.execute(good.where(col(SignInAttempt.origin) == origin)).scalar_one():
        of_account = of_account.where(col(SignInAttempt.origin) == origin)
    return (
        connection.execute(of_account).scalar_one() >= LIMITS.failures_of_account
        or connection.execute(of_origin).scalar_one() >= LIMITS.failures_of_origin
    )


def _refuse(engine: Engine, name: str, origin: str, at: datetime) -> None:
    """Count the failure; the one that fills the measure is told as a lock-out."""
    with writing(engine) as connection:
        values = {"name": name.lower()[:80], "origin": origin, "at": at, "has_succeeded": False}
        connection.execute(insert(SignInAttempt).values(values))
        is_locked = _is_locked(connection, name, origin, at)
        with acting(Actor("", "", origin)):
            audit.record(connection, "locked-out" if is_locked else "sign-in-refused", name[:80])


def note_refused(engine: Engine, name: str, origin: str, reason: str, clock: Clock = now) -> None:
    """Keep that an identity, which another system told of, was not let in.

    Of one address no more of these are kept within the window than of wrong passwords: whoever asks without
    end fills no ledger. They lock nobody out.
    """
    at, whence = clock(), f"{OTHER_WAY}{origin}"
    failed = select(func.count(col(SignInAttempt.id))).where(
        ~col(SignInAttempt.has_succeeded),
        col(SignInAttempt.at) > at - LIMITS.window,
        col(SignInAttempt.origin) == whence,
    )
    with reading(engine) as connection:
        if connection.execute(failed).scalar_one() >= LIMITS.failures_of_origin:
            return
    with writing(engine) as connection:
        values = {"name": "", "origin": whence, "at": at, "has_succeeded": False}
        connection.execute(insert(SignInAttempt).values(values))
        with acting(Actor("", "", origin)):
            audit.record(connection, "sign-in-refused", name[:80], reason=reason)


def _touch(engine: Engine, hashed: str, at: datetime) -> None:
    """Note that the sign-in is in use; an import that is just being written is not waited for."""
    try:
        with writing(engine, patience=0) as connection:
            mine = update(SignIn).where(col(SignIn.token_hash) == hashed)
            connection.execute(mine.values(seen_at=at))
    except LedgerBusy:
        return


def _forget_old(connection: Connection, at: datetime) -> None:
    connection.execute(delete(SignInAttempt).where(col(SignInAttempt.at) < at - KEPT_FOR))
    connection.execute(delete(SignIn).where(col(SignIn.ends_at) < at - KEPT_FOR))
