"""Routes before the dashboard: /login, /logout, /setup, /demo, /account. Each answer is a page of door_pages.

Forms are only taken from our own pages (the Origin that every browser sends); a right password ends in a
cookie that no script can read.
"""

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import demo_roles, door_pages, downloads, first_start, second_door
from dashboard.doorway import NOT_OURS, enter, field_of, form_of, in_language_asked, origin_of, whence
from dashboard.gate import COOKIE, READER, token_of
from dashboard.ledger import engine
from dashboard.navigation import ADDRESSES
from procurement.database import reading
from procurement.language import N_, _
from procurement.people import accounts, signing_in
from procurement.people.account_list import has_password, identity_subject
from procurement.people.accounts import AccountRefused
from procurement.people.acting import acting
from procurement.people.passwords import PasswordRefused
from procurement.people.readers import Reader

AT_ONCE = CapacityLimiter(2)
"""Passwords that are checked at a time: each takes 64 MB and a core, and whoever sends a hundred must not
keep those waiting who are signed in."""

NOT_THE_SAME = N_("两次输入的密码不一致。")
CHANGED = N_("密码已修改，其他设备上的登录都已退出。")
SIGNED_OUT = N_("已退出登录。")


def routes() -> list[Route]:
    return [
        Route("/login", in_language_asked(_show_sign_in)),
        Route("/login", form_of(_sign_in), methods=["POST"]),
        Route("/logout", form_of(_sign_out), methods=["POST"]),
        Route("/setup", in_language_asked(_show_setup)),
        Route("/setup", form_of(_set_up), methods=["POST"]),
        Route("/demo", form_of(_choose_role), methods=["POST"]),
        Route("/account", in_language_asked(_show_account)),
        Route("/account/password", form_of(_change_password), methods=["POST"]),
        Route("/account/sign-out-everywhere", form_of(_sign_out_everywhere), methods=["POST"]),
    ]


async def _leave(request: Request) -> Response:
    """Out: the cookie goes, and with it every page that the browser may have kept.

    Who came in through the city's identity provider is still signed in there, and is shown the way out.
    """
    is_theirs = await to_thread.run_sync(_comes_from_provider, _reader(request))
    way_out = await second_door.way_out(request) if is_theirs else ""
    page = door_pages.sign_in_page(told=_(SIGNED_OUT), second_door=second_door.title(), way_out=way_out)
    response: Response = HTMLResponse(page)
    if demo_roles.is_offered_to(*whence(request)):
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
    if demo_roles.is_offered_to(*whence(request)):
        return HTMLResponse(door_pages.demo_page(demo_roles.choices()))
    if await to_thread.run_sync(first_start.is_open):
        return RedirectResponse("/setup", 303)
    wanted = request.query_params.get("next", "")
    return HTMLResponse(
        door_pages.sign_in_page(wanted=wanted if wanted in ADDRESSES else "", second_door=second_door.title())
    )


async def _sign_in(request: Request, form: FormData) -> Response:
    name, wanted = field_of(form, door_pages.NAME), field_of(form, "next")
    try:
        token = await to_thread.run_sync(
            signing_in.sign_in,
            engine(),
            name,
            field_of(form, door_pages.PASSWORD),
            origin_of(request),
            limiter=AT_ONCE,
        )
    except signing_in.SignInRefused as refused:
        page = door_pages.sign_in_page(str(refused), wanted, name, second_door.title())
        return HTMLResponse(page, 401)
    return enter(request, token, wanted)


async def _sign_out(request: Request, _form: FormData) -> Response:
    token = token_of(request.headers)
    if token:
        with acting(_reader(request).actor):
            await to_thread.run_sync(signing_in.end, engine(), signing_in.token_hash(token))
        downloads.forget(signing_in.token_hash(token))
    return await _leave(request)


async def _sign_out_everywhere(request: Request, _form: FormData) -> Response:
    reader = _reader(request)
    with acting(reader.actor):
        await to_thread.run_sync(signing_in.end_all, engine(), reader.account_id)
    return await _leave(request)


async def _choose_role(request: Request, form: FormData) -> Response:
    """The demo's way in: without a password, on the sample ledger and on this machine only."""
    if not demo_roles.is_offered_to(*whence(request)):
        return PlainTextResponse(_(NOT_OURS), 403)
    token = await to_thread.run_sync(demo_roles.begin, field_of(form, "account"), origin_of(request))
    return enter(request, token) if token else RedirectResponse("/login", 303)


# --- The first administrator -----------------------------------------------------------------------


async def _show_setup(request: Request) -> Response:
    if not await to_thread.run_sync(first_start.is_open):
        return RedirectResponse("/login", 303)
    return HTMLResponse(door_pages.first_administrator_page(request.query_params.get("code", "")[:100]))


async def _set_up(request: Request, form: FormData) -> Response:
    code, name, password = (field_of(form, each) for each in ("code", door_pages.NAME, door_pages.PASSWORD))
    said = ""
    if password != field_of(form, "again"):
        said = _(NOT_THE_SAME)
    else:
        try:
            await to_thread.run_sync(first_start.make, code, name, password, field_of(form, "full_name"))
            token = await to_thread.run_sync(signing_in.sign_in, engine(), name, password, origin_of(request))
            return enter(request, token)
        except (AccountRefused, PasswordRefused, signing_in.SignInRefused) as refused:
            said = str(refused)
    return HTMLResponse(door_pages.first_administrator_page(code, said, name), 400)


# --- The own account -------------------------------------------------------------------------------


async def _show_account(request: Request) -> Response:
    return await _account(_reader(request))


async def _account(reader: Reader, said: str = "", told: str = "", status: int = 200) -> Response:
    has_password = await to_thread.run_sync(_has_password, reader)
    return HTMLResponse(door_pages.account_page(reader, said, told, has_password), status)


def _comes_from_provider(reader: Reader) -> bool:
    with reading(engine()) as connection:
        return identity_subject(connection, reader.account_id) is not None


def _has_password(reader: Reader) -> bool:
    with reading(engine()) as connection:
        return has_password(connection, reader.account_id)


async def _change_password(request: Request, form: FormData) -> Response:
    reader = _reader(request)
    old, new = field_of(form, "old"), field_of(form, door_pages.PASSWORD)
    if new != field_of(form, "again"):
        return await _account(reader, _(NOT_THE_SAME), status=400)
    try:
        with acting(reader.actor):
            await to_thread.run_sync(
                accounts.change_password, engine(), reader.name, old, new, reader.sign_in, limiter=AT_ONCE
            )
    except (AccountRefused, PasswordRefused) as refused:
        return await _account(reader, str(refused), status=400)
    if reader.must_change_password:
        return RedirectResponse("/", 303)
    return await _account(reader, told=_(CHANGED))
