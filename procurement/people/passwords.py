"""Passwords: what they must be, and their argon2 hashes (about 0.2 s each: not on the event loop)."""

import secrets
from functools import cache

from pwdlib import PasswordHash

from procurement.language import N_, _
from procurement.people.limits import LIMITS

TOO_SHORT = N_("密码至少要有{least}个字符。")
TOO_LONG = N_("密码不能超过{most}个字符。")
LIKE_NAME = N_("密码不能包含账号名。")
TOO_COMMON = N_("这个密码太常见，容易被猜中。请换一个，例如几个不相干的词连在一起。")
TOO_PLAIN = N_("密码不能只由一两个字符重复组成。")

COMMON = frozenset({
    "1234567890", "0123456789", "0987654321", "9876543210", "qwertyuiop", "1qaz2wsx3edc", "qwer123456",
    "password123", "password1234", "administrator", "admin123456", "a123456789", "1234567890a", "abc1234567",
    "abcd123456", "woaini1314", "woaini520520", "5201314520", "1314520520", "yibaoju123", "yibao123456",
    "caigou123456", "jicai123456",
})  # fmt: skip
"""Long enough, and still the first ones that are tried."""


class PasswordRefused(ValueError):
    """The password is not good enough; the sentence says why."""


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


def hashed(password: str) -> str:
    return _hasher().hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password is the account's. Takes as long where there is no account or no password."""
    known = password_hash or _nobodys()
    return _hasher().verify(password[: LIMITS.password_most_length], known) and bool(password_hash)


@cache
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe(16))


def require_good(password: str, name: str) -> None:
    """PasswordRefused, with what to do, unless the password will do for the account."""
    plain = password.casefold()
    if len(password) < LIMITS.password_least_length:
        raise PasswordRefused(_(TOO_SHORT).format(least=LIMITS.password_least_length))
    if len(password) > LIMITS.password_most_length:
        raise PasswordRefused(_(TOO_LONG).format(most=LIMITS.password_most_length))
    if len(set(plain)) < 3:
        raise PasswordRefused(_(TOO_PLAIN))
    if plain in COMMON:
        raise PasswordRefused(_(TOO_COMMON))
    if name.casefold() in plain:
        raise PasswordRefused(_(LIKE_NAME))


def first_password() -> str:
    """A password to hand over, to be changed at the first sign-in: 12 characters that are not mistaken."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _n in range(4)) for _part in range(3))
