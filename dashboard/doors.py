"""Routes before the dashboard: /login, /logout, /setup, /demo, /account. Each answer is a page of door_pages.

Forms are only taken from our own pages (the Origin that every browser sends); a right password ends in a
cookie that no script can read.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlparse

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import demo_roles, door_pages, first_start, second_door
from dashboard.gate import COOKIE, READER, token_of
from dashboard.ledger import engine
from dashboard.navigation import ADDRESSES
from procurement.database import reading
from procurement.language import LANGUAGES, N_, SOURCE_LANGUAGE, _, in_language
from procurement.people import accounts, signing_in
from procurement.people.accounts import AccountRefused
from procurement.people.acting import acting
from procurement.people.limits import LIMITS
from procurement.people.passwords import PasswordRefused
from procurement.people.readers import Reader

FORM_BYTES = 20_000
"""Far more than a name and two passwords."""

NOT_OURS = N_("这个请求不是从本系统的页面发出的，没有办理。")
TOO_LARGE = N_("提交的内容过长。")
NOT_THE_SAME = N_("两次输入的密码不一致。")
CHANGED = N_("密码已修改，其他设备上的登录都已退出。")
SIGNED_OUT = N_("已退出登录。")
LANGUAGE = "vbp_language"

Handler = Callable[[Request], Awaitable[Response]]


def routes() -> list[Route]:
    return [
        Route("/login", _in_language(_show_sign_in)),
        Route("/login", _form(_sign_in), methods=["POST"]),
        Route("/logout", _form(_sign_out), methods=["POST"]),
        Route("/setup", _in_language(_show_setup)),
        Route("/setup", _form(_set_up), methods=["POST"]),
        Route("/demo", _form(_choose_role), methods=["POST"]),
        Route("/account", _in_language(_show_account)),
        Route("/account/password", _form(_change_password), methods=["POST"]),
        Route("/account/sign-out-everywhere", _form(_sign_out_everywhere), methods=["POST"]),
    ]


# --- What every door does --------------------------------------------------------------------------


def _in_language(handler: Handler) -> Handler:
    """The page in the language of the address (`?lang=en`), which a cookie keeps for the next page."""

    async def answer(request: Request) -> Response:
        said = request.query_params.get("lang")
        kept = said if said in LANGUAGES else request.cookies.get(LANGUAGE, SOURCE_LANGUAGE)
        with in_language(kept if kept in LANGUAGES else SOURCE_LANGUAGE):
            response = await handler(request)
        if said in LANGUAGES:
            response.set_cookie(LANGUAGE, said, samesite="lax", httponly=True)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def _form(handler: Callable[[Request, FormData], Awaitable[Response]]) -> Handler:
    """A form of our own pages: of the same origin, and not larger than a form is."""

    async def answer(request: Request) -> Response:
        if not _is_ours(request):
            return PlainTextResponse(_(NOT_OURS), 403)
        if int(request.headers.get("content-length") or FORM_BYTES + 1) > FORM_BYTES:
            return PlainTextResponse(_(TOO_LARGE), 413)
        async with request.form(max_files=0, max_fields=12) as form:
            return await handler(request, form)

    return _in_language(answer)


def _is_ours(request: Request) -> bool:
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    return urlparse(origin).netloc == request.headers.get("host")


def _said(form: FormData, name: str) -> str:
    value = form.get(name)
    return value[: LIMITS.password_most_length + 1] if isinstance(value, str) else ""


def _origin(request: Request) -> str:
    return request.client.host if request.client else ""


def _whence(request: Request) -> tuple[str, str]:
    """The client's address, and the name that it asked for."""
    return _origin(request), request.headers.get("host", "")


def _enter(request: Request, token: str, wanted: str = "") -> Response:
    """Into the dashboard, with a cookie that only this server reads; to one of our pages and nowhere else."""
    response = RedirectResponse(f"/{wanted}" if wanted in ADDRESSES else "/", 303)
    is_tls = request.url.scheme == "https"
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=is_tls, path="/")
    return response


def _leave(request: Request) -> Response:
    """Out: the cookie goes, and with it every page that the browser may have kept."""
    page = door_pages.sign_in_page(told=_(SIGNED_OUT), second_door=second_door.title())
    response: Response = HTMLResponse(page)
    if demo_roles.is_offered_to(*_whence(request)):
        response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, path="/")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _reader(request: Request) -> Reader:
    """Who is signed in: the gate lets nobody else come here."""
    return request.scope[READER]


# --- Signing in and out ----------------------------------------------------------------------------


async def _show_sign_in(request: Request) -> Response:
    if request.scope[READER] is not None:
        return RedirectResponse("/", 303)
    if demo_roles.is_offered_to(*_whence(request)):
        return HTMLResponse(door_pages.demo_page(demo_roles.choices()))
    if await to_thread.run_sync(first_start.is_open):
        return RedirectResponse("/setup", 303)
    wanted = request.query_params.get("next", "")
    return HTMLResponse(
        door_pages.sign_in_page(wanted=wanted if wanted in ADDRESSES else "", second_door=second_door.title())
    )


async def _sign_in(request: Request, form: FormData) -> Response:
    name, wanted = _said(form, door_pages.NAME), _said(form, "next")
    try:
        token = await to_thread.run_sync(
            signing_in.sign_in, engine(), name, _said(form, door_pages.PASSWORD), _origin(request)
        )
    except signing_in.SignInRefused as refused:
        page = door_pages.sign_in_page(str(refused), wanted, name, second_door.title())
        return HTMLResponse(page, 401)
    return _enter(request, token, wanted)


async def _sign_out(request: Request, _form: FormData) -> Response:
    token = token_of(request.headers)
    if token:
        with acting(_reader(request).actor):
            await to_thread.run_sync(signing_in.end, engine(), signing_in.token_hash(token))
    return _leave(request)


async def _sign_out_everywhere(request: Request, _form: FormData) -> Response:
    reader = _reader(request)
    with acting(reader.actor):
        await to_thread.run_sync(signing_in.end_all, engine(), reader.account_id)
    return _leave(request)


async def _choose_role(request: Request, form: FormData) -> Response:
    """The demo's way in: without a password, on the sample ledger and on this machine only."""
    if not demo_roles.is_offered_to(*_whence(request)):
        return PlainTextResponse(_(NOT_OURS), 403)
    token = await to_thread.run_sync(demo_roles.begin, _said(form, "account"), _origin(request))
    return _enter(request, token) if token else RedirectResponse("/login", 303)


# --- The first administrator -----------------------------------------------------------------------


async def _show_setup(request: Request) -> Response:
    if not await to_thread.run_sync(first_start.is_open):
        return RedirectResponse("/login", 303)
    return HTMLResponse(door_pages.first_administrator_page(request.query_params.get("code", "")[:100]))


async def _set_up(request: Request, form: FormData) -> Response:
    code, name, password = (_said(form, each) for each in ("code", door_pages.NAME, door_pages.PASSWORD))
    said = ""
    if password != _said(form, "again"):
        said = _(NOT_THE_SAME)
    else:
        try:
            await to_thread.run_sync(first_start.make, code, name, password, _said(form, "full_name"))
            token = await to_thread.run_sync(signing_in.sign_in, engine(), name, password, _origin(request))
            return _enter(request, token)
        except (AccountRefused, PasswordRefused, signing_in.SignInRefused) as refused:
            said = str(refused)
    return HTMLResponse(door_pages.first_administrator_page(code, said, name), 400)


# --- The own account -------------------------------------------------------------------------------


async def _show_account(request: Request) -> Response:
    return await _account(_reader(request))


async def _account(reader: Reader, said: str = "", told: str = "", status: int = 200) -> Response:
    has_password = await to_thread.run_sync(_has_password, reader)
    return HTMLResponse(door_pages.account_page(reader, said, told, has_password), status)


def _has_password(reader: Reader) -> bool:
    with reading(engine()) as connection:
        rows = accounts.accounts(connection)
    return bool(rows.loc[rows["account_name"] == reader.name, "has_password"].iloc[0])


async def _change_password(request: Request, form: FormData) -> Response:
    reader = _reader(request)
    old, new = _said(form, "old"), _said(form, door_pages.PASSWORD)
    if new != _said(form, "again"):
        return await _account(reader, _(NOT_THE_SAME), status=400)
    try:
        with acting(reader.actor):
            await to_thread.run_sync(
                accounts.change_password, engine(), reader.name, old, new, reader.sign_in
            )
    except (AccountRefused, PasswordRefused) as refused:
        return await _account(reader, str(refused), status=400)
    if reader.must_change_password:
        return RedirectResponse("/", 303)
    return await _account(reader, told=_(CHANGED))
