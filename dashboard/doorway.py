"""What every door before the dashboard does: language, forms of our own pages only, the cookie going in."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlparse

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from dashboard.gate import COOKIE
from dashboard.navigation import ADDRESSES
from procurement.language import LANGUAGES, N_, SOURCE_LANGUAGE, _, in_language
from procurement.people.limits import LIMITS

FORM_BYTES = 20_000
"""Far more than a name and two passwords."""

NOT_OURS = N_("这个请求不是从本系统的页面发出的，没有办理。")
TOO_LARGE = N_("提交的内容过长。")
LANGUAGE = "vbp_language"

Handler = Callable[[Request], Awaitable[Response]]


def in_language_asked(handler: Handler) -> Handler:
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


def form_of(handler: Callable[[Request, FormData], Awaitable[Response]]) -> Handler:
    """A form of our own pages: of the same origin, and not larger than a form is."""

    async def answer(request: Request) -> Response:
        if not _is_ours(request):
            return PlainTextResponse(_(NOT_OURS), 403)
        if int(request.headers.get("content-length") or FORM_BYTES + 1) > FORM_BYTES:
            return PlainTextResponse(_(TOO_LARGE), 413)
        async with request.form(max_files=0, max_fields=12) as form:
            return await handler(request, form)

    return in_language_asked(answer)


def _is_ours(request: Request) -> bool:
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    return urlparse(origin).netloc == request.headers.get("host")


def field_of(form: FormData, name: str) -> str:
    value = form.get(name)
    return value[: LIMITS.password_most_length + 1] if isinstance(value, str) else ""


def origin_of(request: Request) -> str:
    return request.client.host if request.client else ""


def whence(request: Request) -> tuple[str, str]:
    """The client's address, and the name that it asked for."""
    return origin_of(request), request.headers.get("host", "")


def enter(request: Request, token: str, wanted: str = "") -> Response:
    """Into the dashboard, with a cookie that only this server reads; to one of our pages and nowhere else."""
    response = RedirectResponse(f"/{wanted}" if wanted in ADDRESSES else "/", 303)
    is_tls = request.url.scheme == "https"
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=is_tls, path="/")
    return response
