"""The second front door: a city's own identity provider (OpenID Connect), as identity_provider's file tells.

    GET /oidc/login       to the provider, with a state, a nonce and a proof key (PKCE) of this one attempt
    GET /oidc/callback    back with a code, which is changed for a signed token: is it of this issuer, for us,
                          of this attempt, not expired? Then the person enters as with a password: the same
                          sign-in in the ledger, the same cookie. The provider's tokens are not kept.

To tell the provider: the address …/oidc/callback, and that the client is confidential and uses the code flow.
What goes wrong is a sentence on the sign-in page, and in the audit trail a sign-in that was refused. Who
signs out here stays signed in at the provider and is shown the way out there (`way_out`); who is signed out
there stays here until the sign-in ends.
"""

import logging
import ssl
import warnings
from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpx
from anyio import to_thread
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import door_pages
from dashboard.doorway import enter, in_language_asked, origin_of
from dashboard.identity_provider import (
    IdentityRefused,
    Provider,
    identity_of,
    is_complete,
    provider,
    values_of,
)
from dashboard.ledger import database_url, engine
from dashboard.navigation import ADDRESSES
from dashboard.service_secrets import service_secrets
from procurement.language import N_, _
from procurement.people import identities, signing_in
from procurement.people.accounts import AccountRefused

LOGIN, CALLBACK = "/oidc/login", "/oidc/callback"
ATTEMPT_COOKIE = "vbp_oidc"
ATTEMPT_LASTS = 600
"""Seconds between leaving for the provider and coming back."""

PATIENCE = 10.0
"""Seconds that the provider is waited for."""

SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Ways of signing that only the provider can: none of them with our own secret, nor not at all."""

WANTED = "wanted"

NOT_REACHED = N_("统一身份认证暂时无法使用，请稍后再试，或用账号和密码登录。")
OTHER_ATTEMPT = N_("这次登录已过期，或不是在这个浏览器里开始的。请重新登录。")
DENIED = N_("统一身份认证没有同意这次登录。可重试，或用账号和密码登录。")
NOT_PROVED = N_("统一身份认证给出的身份没有通过核对，没有登录。请重试；若仍如此，请联系系统管理员。")

_log = logging.getLogger(__name__)


class NotLetIn(Exception):
    """The attempt ends on the sign-in page, with this sentence and this status."""

    def __init__(self, says: str, status: int, who: str = "", reason: str = "") -> None:
        super().__init__(says)
        self.status, self.who, self.reason = status, who, reason or says


def title() -> str:
    """What the sign-in page calls the other way in; empty where none is configured."""
    told = provider()
    return told.title if told else ""


async def way_out(request: Request) -> str:
    """Where a person ends the sign-in at the provider as well, to come back to our sign-in page.

    Empty where the provider tells of no such address. A link leads there: our forms may lead to nobody else.
    """
    told = provider()
    if told is None:
        return ""
    try:
        end = str((await _client_of(told)).server_metadata.get("end_session_endpoint", ""))
    except NotLetIn:
        return ""
    if not end.startswith(("https://", "http://")):
        return ""
    words = {"client_id": told.client_id, "post_logout_redirect_uri": _own_address(told, request, "/login")}
    return f"{end}{'&' if '?' in end else '?'}{urlencode(words)}"


def _own_address(told: Provider, request: Request, path: str) -> str:
    """A page of ours as browsers see it."""
    return f"{told.address or str(request.base_url)}".rstrip("/") + path


def routes() -> list[Route]:
    provider()  # a fault in its file is told when the server starts
    return [
        Route(path, _Attempt(in_language_asked(_told(handler))), methods=["GET"])
        for path, handler in ((LOGIN, _leave_for_provider), (CALLBACK, _come_back))
    ]


class _Attempt:
    """Keeps what belongs to one attempt in a cookie of its own: signed, short-lived, Secure behind TLS."""

    def __init__(self, handler: Any) -> None:
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept = SessionMiddleware(
            self._answer,
            secret_key=service_secrets(database_url()).cookie,
            session_cookie=ATTEMPT_COOKIE,
            max_age=ATTEMPT_LASTS,
            path="/oidc",
            https_only=scope.get("scheme") == "https",
        )
        # Streamlit has put a session of its own into the scope, which stays as it is.
        await kept({**scope}, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        response: ASGIApp = await self._handler(Request(scope, receive))
        await response(scope, receive, send)


def _told(handler: Any) -> Any:
    """Whatever goes wrong is told on the sign-in page and stands in the trail."""

    async def answer(request: Request) -> Response:
        told = provider()
        if told is None:
            return RedirectResponse("/login", 303)
        try:
            return await handler(request, told)
        except NotLetIn as refused:
            await to_thread.run_sync(
                signing_in.note_refused, engine(), refused.who, origin_of(request), refused.reason
            )
            page = door_pages.sign_in_page(str(refused), second_door=told.title)
            return HTMLResponse(page, refused.status)

    return answer


async def _leave_for_provider(request: Request, told: Provider) -> Response:
    wanted = request.query_params.get("next", "")
    request.session[WANTED] = wanted if wanted in ADDRESSES else ""
    client = await _client_of(told)
    try:
        return await client.authorize_redirect(request, _own_address(told, request, CALLBACK))
    except (RuntimeError, ValueError) as problem:
        raise _not_reached(problem) from None


async def _come_back(request: Request, told: Provider) -> Response:
    wanted = request.session.get(WANTED, "")
    claims = await _claims(request, told)
    request.session.clear()
    who = (values_of(claims, told.claims.get("name", "preferred_username")) or [str(claims["sub"])])[0]
    try:
        identity = identity_of(told, claims)
        token = await to_thread.run_sync(_enter, identity, origin_of(request), told.create_accounts)
    except (IdentityRefused, AccountRefused) as refused:
        raise NotLetIn(str(refused), 403, who) from None
    return enter(request, token, wanted)


def _enter(identity: identities.Identity, origin: str, may_create: bool) -> str:
    return identities.enter(engine(), identity, origin, may_create=may_create)


async def _claims(request: Request, told: Provider) -> dict[str, Any]:
    """What the provider says of the person, after its token was checked; NotLetIn otherwise."""
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.base_client.errors import MismatchingStateError
    from joserfc.errors import JoseError

    if reason := request.query_params.get("error"):
        raise NotLetIn(_(DENIED), 403, reason=f"{_(DENIED)} ({reason[:80]})")
    client = await _client_of(told)
    rules = {
        "iss": {"essential": True, "values": [told.issuer]},
        "aud": {"essential": True, "values": [told.client_id]},
        "sub": {"essential": True},
    }
    try:
        token = await client.authorize_access_token(request, claims_options=rules)
    except MismatchingStateError:
        raise NotLetIn(_(OTHER_ATTEMPT), 400) from None
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as problem:
        _log.warning("the provider's answer was not accepted: %s", problem)
        raise NotLetIn(_(NOT_PROVED), 401, reason=f"{_(NOT_PROVED)} {_short(problem)}") from None
    except (httpx.HTTPError, RuntimeError) as problem:
        raise _not_reached(problem) from None
    if "userinfo" not in token:
        raise NotLetIn(_(NOT_PROVED), 401)
    return await _completed(client, told, token)


async def _completed(client: Any, told: Provider, token: dict[str, Any]) -> dict[str, Any]:
    """The claims of the token; where it lacks some, with those that the provider tells when asked."""
    claims = dict(token["userinfo"])
    if is_complete(told, claims) or not client.server_metadata.get("userinfo_endpoint"):
        return claims
    try:
        more = dict(await client.userinfo(token=token))
    except (httpx.HTTPError, ValueError) as problem:
        raise _not_reached(problem) from None
    return {**more, **claims} if more.get("sub") == claims["sub"] else claims


async def _client_of(told: Provider) -> Any:
    """Authlib's client, which knows the provider's addresses and keys; asked for once they are known."""
    client = _client(told.issuer)
    if "_loaded_at" in client.server_metadata:
        return client
    try:
        known = await client.load_server_metadata()
        if known["issuer"] != told.issuer:
            raise ValueError(known["issuer"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as problem:
        client.server_metadata.clear()
        raise _not_reached(problem) from None
    offered = known.get("id_token_signing_alg_values_supported") or ["RS256"]
    known["id_token_signing_alg_values_supported"] = [each for each in offered if each in SIGNED]
    return client


@cache
def _client(issuer: str) -> Any:
    with warnings.catch_warnings():
        import authlib.deprecate  # noqa: F401  sets a filter of its own, in whose place the next line puts ours

        warnings.simplefilter("ignore")  # Authlib would rather have the next httpx, which nothing else needs
        from authlib.integrations.starlette_client import OAuth
    told = provider()
    assert told is not None and told.issuer == issuer
    options: dict[str, Any] = {
        "scope": " ".join(dict.fromkeys(["openid", *told.scopes])),
        "code_challenge_method": "S256",
        "timeout": PATIENCE,
    }
    if told.ca_file:
        options["verify"] = ssl.create_default_context(cafile=told.ca_file)
    return OAuth().register(
        "city",
        client_id=told.client_id,
        client_secret=told.client_secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs=options,
    )


def _not_reached(problem: Exception) -> NotLetIn:
    _log.warning("the identity provider cannot be used: %r", problem)
    return NotLetIn(_(NOT_REACHED), 503, reason=f"{_(NOT_REACHED)} {_short(problem)}")


def _short(problem: Exception) -> str:
    return f"({type(problem).__name__}: {problem})"[:200]
