"""Files for the reader, made when they are asked for and given to nobody else.

Streamlit serves a download to whoever knows its address. Here a page offers a file under /export/…; the
offer belongs to the sign-in that the page was drawn for, and making the file is entered in the audit trail.
"""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from threading import Lock
from typing import TypeAlias
from urllib.parse import quote

import pandas as pd
import streamlit as st
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.exports.sheets import sheet_bytes
from dashboard.ledger import engine
from dashboard.reader import reader
from procurement.database import writing
from procurement.language import N_, _, current_language, in_language
from procurement.people import audit
from procurement.people.acting import acting
from procurement.people.permissions import NotAllowed
from procurement.people.readers import Reader, Scope

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

OFFERS_KEPT, SIGN_INS_KEPT = 300, 400
"""Files that one sign-in is offered at a time, over all its tabs, and sign-ins: the oldest go first."""

PATIENCE_OF_EXPORTS = 120
"""Seconds that a finished file waits for whoever is loading: longer than an action, being made already."""

READER = "vbp.reader"
"""Key of the ASGI scope under which the gate leaves the reader."""

GONE = N_("这个下载链接已失效，或不属于您。请回到页面刷新后再下载。")
FAILED = N_("文件没有生成，原因已记入服务器日志。请稍后重试；若仍如此，请联系系统管理员。")

_log = logging.getLogger(__name__)

Rows: TypeAlias = pd.DataFrame | Callable[[], pd.DataFrame]
"""Rows of a file, or how to get them when somebody asks for it."""


@dataclass(frozen=True)
class Offer:
    """A file that can be made for a reader of this role and scope."""

    make: Callable[[], bytes]
    file_name: str
    mime: str
    role: str
    scope: Scope


_offers: "OrderedDict[str, OrderedDict[str, Offer]]" = OrderedDict()
_tokens: dict[tuple[str, str, str], str] = {}
_lock = Lock()


def download(
    title: str, rows: Rows, columns: Sequence[str], filters_text: str, *, key: str, text: str = ""
) -> None:
    """A button that makes the workbook when it is clicked, not before."""
    language = current_language()

    def make() -> bytes:
        with in_language(language):
            return sheet_bytes(title, rows() if callable(rows) else rows, list(columns), filters_text)

    download_button(text or _("下载Excel"), make, f"{title}.xlsx", XLSX, key=key)


def download_button(
    text: str,
    make: Callable[[], bytes],
    file_name: str,
    mime: str,
    *,
    key: str,
    type: str = "secondary",
    width: str = "content",
) -> None:
    """A link that looks like a button: the file is made when it is clicked (assets/exports.js tells so)."""
    who = reader()
    who.require("export")
    token = _offer(who, key, Offer(make, file_name, mime, who.role, who.scope))
    link = (
        f'<a class="vbp-export vbp-{type} vbp-{width}" role="button" data-key="{escape(key)}" '
        f'href="./export/{token}" download="{escape(file_name)}" data-busy="{escape(_("正在生成…"))}" '
        f'data-failed="{escape(_(FAILED))}">{escape(text)}</a>'
    )
    st.html(link, width="stretch" if width == "stretch" else "content")


def _offer(who: Reader, key: str, offer: Offer) -> str:
    """The address of an offer: the same for a button of a tab, so that a page drawn before stays right."""
    context = get_script_run_ctx()
    place = (who.sign_in, context.session_id if context else "", key)
    with _lock:
        token = _tokens.setdefault(place, secrets.token_urlsafe(24))
        mine = _offers.setdefault(who.sign_in, OrderedDict())
        mine[token] = offer
        mine.move_to_end(token)
        _offers.move_to_end(who.sign_in)
        if len(mine) > OFFERS_KEPT:
            oldest = mine.popitem(last=False)[0]
            _drop(lambda _place, known: known == oldest)
        if len(_offers) > SIGN_INS_KEPT:
            earliest = _offers.popitem(last=False)[0]
            _drop(lambda place, _known: place[0] == earliest)
    return token


def forget(sign_in: str) -> None:
    """The sign-in has ended: what it was offered goes."""
    with _lock:
        _offers.pop(sign_in, None)
        _drop(lambda place, _known: place[0] == sign_in)


def _drop(is_gone: Callable[[tuple[str, str, str], str], bool]) -> None:
    for place in [place for place, known in _tokens.items() if is_gone(place, known)]:
        del _tokens[place]


def offered(who: Reader, token: str) -> Offer | None:
    """The offer, if it was made to this sign-in and its role and scope are still what they were."""
    mine = _offers.get(who.sign_in)
    found = mine.get(token) if mine else None
    is_same = found is not None and (found.role, found.scope) == (who.role, who.scope)
    return found if is_same else None


async def _export(request: Request) -> Response:
    who: Reader = request.scope[READER]
    offer = offered(who, request.path_params["token"])
    if offer is None:
        return PlainTextResponse(_(GONE), 404)
    try:
        content = await to_thread.run_sync(_made, who, offer)
    except NotAllowed as refused:
        return PlainTextResponse(str(refused), 403)
    except Exception:
        _log.exception("the file %s was not made", offer.file_name)
        return PlainTextResponse(_(FAILED), 503)
    headers = {
        "Content-Disposition": f"attachment; filename*=utf-8''{quote(offer.file_name, safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=offer.mime, headers=headers)


def _made(who: Reader, offer: Offer) -> bytes:
    """The file; that it was taken away stands in the trail before it leaves."""
    with acting(who.actor):
        content = offer.make()
        with writing(engine(), PATIENCE_OF_EXPORTS) as connection:
            audit.record(connection, "exported", offer.file_name, bytes=len(content))
    return content


def routes() -> list[Route]:
    return [Route("/export/{token}", _export)]
