"""The file that tells of a city's identity provider, and what its claims make of somebody.

VBP_OIDC names the file (TOML; deploy/oidc.example.toml has every key with a word on it); it is read when the
server starts, and a fault in it is told then:

    issuer            address of the provider: https, or http on this machine
    client_id, client_secret | client_secret_file         what the provider gave us
    title             what the button on the sign-in page says
    scopes            what is asked for; openid is always
    address           of the dashboard as browsers see it, where a proxy does not pass that on
    ca_file           certificates that the provider's own must be signed by, other than the usual ones
    create_accounts   whether a person whom nobody has added gets an account (true)
    needs_scope       values of the role's claim that count only with an institution, a district or a chain
    [claims]          what we look for → claim of theirs, with dots into what is nested: name, full_name,
                      role, institutions, districts, chains; each may hold one value or a list
    [roles]           value of the role's claim → role of ours; of several the first of this table counts

Role and scope follow the claims at each sign-in. Without [roles], only those come in whom an administrator
has added with `vbp users add NAME --identity "ISSUER SUBJECT"`, with the role and scope that were said there.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from procurement.language import N_, _
from procurement.people.identities import Identity
from procurement.people.permissions import ADMINISTRATOR, HOSPITAL
from procurement.tables.people import ROLES

FILE_VARIABLE = "VBP_OIDC"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
CLAIMS = ("name", "full_name", "role", "institutions", "districts", "chains")
KINDS = {"institutions": "institution", "districts": "district", "chains": "chain"}

NOT_READ = N_("统一身份认证的配置文件“{file}”有误：{problem}")
UNKNOWN = N_("没有“{key}”这一项；可用的是：{keys}。")
LACKS = N_("缺少“{key}”。")
NOT_TEXT = N_("“{key}”的值的类型不对，请参照 deploy/oidc.example.toml。")
NOT_SAFE = N_("issuer 须为 https 地址（本机测试时可用 http）。")
UNKNOWN_ROLE = N_("[roles] 中没有“{role}”这个角色；可用的是：{roles}。")
NO_ROLE_CLAIM = N_("有 [roles] 时，[claims] 中须写明 role。")

NO_NAME = N_("统一身份认证没有提供账号名（{claim}）。请联系系统管理员。")
NO_ROLE = N_("您的身份在本系统没有对应的角色，不能登录。如确有需要，请联系系统管理员。")
NO_SCOPE = N_("统一身份认证没有说明您所属的机构或区县，不能登录。请联系系统管理员。")


class IdentityRefused(ValueError):
    """Somebody whom the provider knows may not come in; the sentence says why."""


@dataclass(frozen=True)
class Provider:
    """What the file says."""

    issuer: str
    client_id: str
    client_secret: str
    title: str
    scopes: tuple[str, ...] = ("openid", "profile")
    address: str = ""
    ca_file: str = ""
    create_accounts: bool = True
    needs_scope: tuple[str, ...] = ()
    claims: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)


@cache
def provider() -> Provider | None:
    """The provider of this service; none where VBP_OIDC names no file."""
    file = os.environ.get(FILE_VARIABLE)
    return read_provider(Path(file)) if file else None


def read_provider(file: Path) -> Provider:
    """LookupError, with what is wrong and where, unless the file will do."""
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
        return _checked(said)
    except (OSError, ValueError) as problem:
        raise LookupError(_(NOT_READ).format(file=file, problem=problem)) from None


def _checked(said: dict[str, Any]) -> Provider:
    if "client_secret_file" in said:
        said["client_secret"] = Path(said.pop("client_secret_file")).read_text(encoding="utf-8").strip()
    known = {each.name: each for each in fields(Provider)}
    for key in said:
        if key not in known:
            raise ValueError(_(UNKNOWN).format(key=key, keys=_("、").join([*known, "client_secret_file"])))
    for key in ("issuer", "client_id", "client_secret", "title"):
        if not said.get(key):
            raise ValueError(_(LACKS).format(key=key))
    typed = {key: _typed(key, value) for key, value in said.items()}
    made = Provider(**typed)
    _require_safe(made)
    return made


def _typed(key: str, value: Any) -> Any:
    """The value as the class has it: text, yes or no, a list of texts, a table of texts."""
    if key == "create_accounts":
        is_right = isinstance(value, bool)
    elif key in ("scopes", "needs_scope"):
        is_right = isinstance(value, list) and all(isinstance(each, str) for each in value)
        value = tuple(value) if is_right else value
    elif key in ("claims", "roles"):
        is_right = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    else:
        is_right = isinstance(value, str)
    if not is_right:
        raise ValueError(_(NOT_TEXT).format(key=key))
    return value


def _require_safe(made: Provider) -> None:
    address = urlsplit(made.issuer)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
        raise ValueError(_(NOT_SAFE))
    for claim in made.claims:
        if claim not in CLAIMS:
            raise ValueError(_(UNKNOWN).format(key=f"claims.{claim}", keys=_("、").join(CLAIMS)))
    for role in made.roles.values():
        if role not in ROLES:
            raise ValueError(_(UNKNOWN_ROLE).format(role=role, roles=_("、").join(ROLES)))
    if made.roles and "role" not in made.claims:
        raise ValueError(_(NO_ROLE_CLAIM))


def is_complete(told: Provider, claims: Mapping[str, Any]) -> bool:
    """Whether all that we look for stands in these claims, so that nobody need be asked for more."""
    return all(values_of(claims, claim) for claim in told.claims.values())


def identity_of(told: Provider, claims: Mapping[str, Any]) -> Identity:
    """Who somebody with these claims is to us; IdentityRefused where they lack a name, a role or a scope."""
    name_claim = told.claims.get("name", "preferred_username")
    names = values_of(claims, name_claim)
    if not names:
        raise IdentityRefused(_(NO_NAME).format(claim=name_claim))
    full_names = values_of(claims, told.claims.get("full_name", "name"))
    role, scope = (None, ()) if not told.roles else _role_and_scope(told, claims)
    subject = f"{told.issuer} {claims['sub']}"
    return Identity(subject, names[0], full_names[0] if full_names else "", role, scope)


def _role_and_scope(told: Provider, claims: Mapping[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    held = values_of(claims, told.claims["role"])
    value = next((value for value in told.roles if value in held), None)
    if value is None:
        raise IdentityRefused(_(NO_ROLE))
    role = told.roles[value]
    scope = _scope(told, claims, role)
    if not scope and (role in HOSPITAL or value in told.needs_scope):
        raise IdentityRefused(_(NO_SCOPE))
    return role, scope


def _scope(told: Provider, claims: Mapping[str, Any], role: str) -> tuple[tuple[str, str], ...]:
    """What the claims narrow the role to: an administrator's by nothing, a hospital's not by district."""
    if role == ADMINISTRATOR:
        return ()
    return tuple(
        (kind, value)
        for name, kind in KINDS.items()
        if name in told.claims and not (role in HOSPITAL and kind == "district")
        for value in values_of(claims, told.claims[name])
    )


def values_of(claims: Mapping[str, Any], path: str) -> list[str]:
    """The values of a claim, one or many; the whole name first, then dots into what is nested."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    several = found if isinstance(found, list) else [found]
    return [text for each in several if isinstance(each, str | int) and (text := str(each).strip())]
