"""The one door that every request and every websocket passes, before Streamlit sees anything.

It proves who holds the sign-in (cookie → ledger), throws away whatever a client says of its identity, and
lets through what is that reader's own: Streamlit itself serves any media file, and takes an upload into any
session, for whoever knows its number. What is public is listed here; everything else needs a sign-in.
"""

import re
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from dashboard import owners
from dashboard.frontend import inline_script_hashes
from dashboard.ledger import engine
from dashboard.navigation import ADDRESSES
from procurement.language import N_, _
from procurement.people.limits import LIMITS
from procurement.people.permissions import ADMINISTRATOR
from procurement.people.readers import Reader
from procurement.people.signing_in import reader_of, token_hash

CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    # Streamlit's tables need WebAssembly; no eval, and only the inline script of its own page.
    "script-src": f"'self' 'wasm-unsafe-eval' {' '.join(inline_script_hashes())}",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "base-uri": "'self'",
    "object-src": "'none'",
}

HEADERS = {
    "Content-Security-Policy": "; ".join(
        f"{name} {value}" for name, value in CONTENT_SECURITY_POLICY.items()
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OVER_TLS = {"Strict-Transport-Security": "max-age=31536000"}

COOKIE = "vbp_sign_in"
IDENTITY_HEADER = "x-vbp-sign-in"
"""The hash of the token, for Streamlit's st.user; set here, never taken from a client."""

READER = "vbp.reader"
"""Key of the ASGI scope under which our own routes find the reader."""

PUBLIC = re.compile(r"/(login|setup|demo|healthz|oidc/\w+|vbp/[\w.-]+|static/.*)")
"""Paths that need no sign-in: the ways in, and files that are the same for everybody."""

FIRST_PASSWORD = re.compile(r"/(account|account/[a-z-]+|logout)")
"""What is open to somebody who has not changed the first password yet."""

UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/")
MEDIA = re.compile(r"/media/(.+)")
ONLY_ADMINISTRATOR = "/_stcore/metrics"
NEVER = re.compile(r"/_stcore/(script-health-check|agent)|/auth/|/oauth2callback")
"""Parts of Streamlit that we do not use."""

NOT_YOURS = N_("没有这个地址，或它不属于您。")
SIGN_IN_FIRST = N_("请先登录。")
HOLDS_TOO_MUCH = N_("已上传而未载入的文件太多。请先载入或移除已上传的文件，关闭不用的页面，再继续上传。")
WRONG_HOST = N_("不能用这个地址访问。")
WRONG_ORIGIN = N_("这个请求来自其他网站，没有受理。")


class Gate:
    """Pure ASGI, so that it wraps the websocket as well; Starlette's own base class does not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "http":
            send = _with_headers(scope, send)
        headers = Headers(scope=scope)
        if not is_host_allowed(headers.get("host")):
            await _answer(PlainTextResponse(_(WRONG_HOST), 403), scope, receive, send)
            return
        if not _is_of_our_pages(scope["path"], headers):
            await _answer(PlainTextResponse(_(WRONG_ORIGIN), 403), scope, receive, send)
            return
        reader = await _reader(headers)
        scope[READER] = reader
        kind = {"is_page": _is_page(scope, headers), "is_upload": _is_upload(scope)}
        refused = _refusal(scope["path"], reader, **kind)
        if refused is not None:
            await _answer(refused, scope, receive, send)
            return
        scope["headers"] = _identified(scope, reader)
        await self._app(scope, receive, send)


def _is_of_our_pages(path: str, headers: Headers) -> bool:
    """Whether no other site is asking. Streamlit would take any port of this machine for ours, and ask a
    foreign host for our own address before it refuses."""
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host") or path.startswith("/oidc/")


def _with_headers(scope: Scope, send: Send) -> Send:
    more = OVER_TLS if scope.get("scheme") == "https" else {}
    is_public = PUBLIC.fullmatch(scope["path"])

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in {**HEADERS, **more}.items():
                headers[name] = value
            if not is_public:
                # What belongs to somebody stays in no cache, of a browser or of a proxy.
                headers["Cache-Control"] = "no-store"
        await send(message)

    return send_with_headers


async def _reader(headers: Headers) -> Reader | None:
    """Who holds the sign-in of the cookie; the ledger is asked in a thread."""
    token = token_of(headers)
    return await to_thread.run_sync(reader_of, engine(), token_hash(token)) if token else None


def token_of(headers: Headers) -> str | None:
    cookies: SimpleCookie = SimpleCookie()
    for value in headers.getlist("cookie"):
        cookies.load(value)
    return cookies[COOKIE].value if COOKIE in cookies else None


def _identified(scope: Scope, reader: Reader | None) -> list[tuple[bytes, bytes]]:
    """The headers without what the client says of identity; with what we know of it."""
    mine = IDENTITY_HEADER.encode()
    kept = [(name, value) for name, value in scope["headers"] if name.lower() != mine]
    return [*kept, (mine, reader.sign_in.encode())] if reader else kept


def _is_page(scope: Scope, headers: Headers) -> bool:
    """Whether somebody opens a page, rather than a program or a script asking for something."""
    return scope["type"] == "http" and scope["method"] == "GET" and "text/html" in headers.get("accept", "")


def _is_upload(scope: Scope) -> bool:
    """Whether a file is sent, rather than removed."""
    return scope["type"] == "http" and scope["method"] != "DELETE" and bool(UPLOAD.match(scope["path"]))


def _refusal(path: str, reader: Reader | None, *, is_page: bool, is_upload: bool) -> Response | None:
    """What is answered instead of passing on; None lets pass."""
    if PUBLIC.fullmatch(path):
        return None
    if reader is None:
        return _to_sign_in(path) if is_page else PlainTextResponse(_(SIGN_IN_FIRST), 401)
    if reader.must_change_password and not FIRST_PASSWORD.fullmatch(path):
        return RedirectResponse("/account", 303) if is_page else PlainTextResponse(_(SIGN_IN_FIRST), 403)
    if not _is_own(path, reader):
        return PlainTextResponse(_(NOT_YOURS), 404)
    if is_upload and owners.held_megabytes(reader.sign_in) >= LIMITS.uploads_held_megabytes:
        return PlainTextResponse(_(HOLDS_TOO_MUCH), 413)
    return None


def _to_sign_in(path: str) -> Response:
    """To the sign-in page, and from there to the page that was asked for, if it is one of ours."""
    wanted = path.strip("/")
    return RedirectResponse(f"/login?next={wanted}" if wanted in ADDRESSES and wanted else "/login", 303)


def _is_own(path: str, reader: Reader) -> bool:
    if NEVER.match(path):
        return False
    if path.startswith(ONLY_ADMINISTRATOR):
        return reader.role == ADMINISTRATOR
    if upload := UPLOAD.match(path):
        return owners.owns_session(reader.sign_in, upload.group(1))
    if media := MEDIA.match(path):
        return owners.owns_media(reader.sign_in, media.group(1))
    return True


async def _answer(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        # Before the handshake is accepted, a close is told to the client as 403.
        await send({"type": "websocket.close", "code": 1008})
        return
    await response(scope, receive, send)
