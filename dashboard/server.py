"""The dashboard as an ASGI application: settings, routes of our own, one gate in front of everything.

    uvicorn dashboard.server:app          vbp serve

Everything the browser loads comes from here; nothing is asked of any other host.
"""

import gc
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread

import streamlit as st
from anyio import to_thread
from sqlalchemy.engine import make_url
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from dashboard import apart, demo_roles, doors, downloads, first_start, second_door
from dashboard.data import ledger_version, warm_up
from dashboard.demo_roles import LOOPBACK
from dashboard.frontend import CompressedFiles, page_routes
from dashboard.gate import IDENTITY_HEADER, Gate
from dashboard.ledger import DATABASE_VARIABLE, database_url
from dashboard.look import THEME
from dashboard.reader import SIGN_IN
from dashboard.service_secrets import service_secrets
from dashboard.views import ASKED_FIRST
from procurement.language import _

UPLOAD_MEGABYTES = 20

_log = logging.getLogger(__name__)

SETTINGS = {
    **THEME,
    "global.developmentMode": False,
    "browser.gatherUsageStats": False,
    "client.allowedOrigins": [],  # no other site may steer the page
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "logger.hideWelcomeMessage": True,
    "runner.magicEnabled": False,  # a docstring in a page is not for readers
    # Collecting all generations after each rerun costs 80 ms for everybody; see `_lifespan`.
    "runner.postScriptGC": False,
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": UPLOAD_MEGABYTES,
    "server.runOnSave": False,
    "server.trustedUserHeaders": {IDENTITY_HEADER: SIGN_IN},
}
ALLOWED_HOSTS_VARIABLE = "VBP_ALLOWED_HOSTS"
"""Names that the dashboard may be asked by, separated by commas; behind a proxy, those that it passes on."""

# Without this, whoever comes first and asks for /prices is given the folder pages/ as Streamlit once
# understood it: pages/prices.py alone, without app.py, its menu and (later) its check of who is asking.
PagesManager.uses_pages_directory = False

# The settings must stand before the application reads them, whoever imports it.
config.get_config_options(force_reparse=True, options_from_flags=SETTINGS)


async def _health(_request: Request) -> JSONResponse:
    """Whether the ledger answers, for a monitor or a proxy; no more, since anybody may ask."""
    await to_thread.run_sync(ledger_version)
    return JSONResponse({"status": "ok"})


PATIENCE_WITH_A_THREAD = 0.0005
"""Seconds that a thread computes until it must let another one have the interpreter. Python's own five
milliseconds are what a page waits at each row that it fetches, and at each message that it sends, while
another page computes."""


LAST_WORDS = 5
"""Seconds that a server which is told to end gives to what is on its way: a city's files take minutes."""

COLLECTED_AFTER = (20_000, 20, 50)
"""Objects until the youngest are looked through, and how many such looks until the older ones are. With
Python's own numbers (700, 10, 10) a tenth of the computing went into looking."""


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[None]:
    sys.setswitchinterval(PATIENCE_WITH_A_THREAD)
    # What is loaded by now stays for good: the collector need not look at it again, and at what is kept of
    # figures, which grows to many objects, but seldom.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
    # Known only now: whoever imports the application says by then which ledger it serves.
    config.set_option("server.cookieSecret", service_secrets(database_url()).cookie)
    Thread(target=_warm_up, daemon=True).start()
    yield
    apart.stop()


def _warm_up() -> None:
    try:
        warm_up(ASKED_FIRST)
    except Exception:
        # The first visitor will be told; the server serves all else.
        _log.exception("the figures could not be computed")


def _tell_of_error(error: Exception) -> bool:
    """A page that fails says so in a sentence; what happened is in the server's log."""
    _log.error("a page failed", exc_info=error)
    st.error(_("这一页没有算出来，原因已记入服务器日志。请稍后重试；若仍如此，请联系系统管理员。"))
    return True


app = st.App(
    Path(__file__).parent / "app.py",
    routes=[
        Route("/healthz", _health),
        *doors.routes(),
        *second_door.routes(),
        *downloads.routes(),
        *page_routes(),
    ],
    middleware=[Middleware(Gate), Middleware(CompressedFiles)],
    lifespan=_lifespan,
    on_script_error=_tell_of_error,
)


def serve(
    url: str,
    host: str = "127.0.0.1",
    port: int = 8501,
    *,
    is_demo: bool = False,
    say: Callable[[str], None] = _log.warning,
) -> None:
    """Serve the ledger of `url` until stopped; with `is_demo`, a role instead of a password (demo_roles).

    `say` tells whoever started it how to make the first administrator, while there is none.
    """
    import uvicorn

    from procurement.database import open_database

    open_database(url)  # a wrong address is told here, not on a page
    full = make_url(url).render_as_string(hide_password=False)
    os.environ[DATABASE_VARIABLE] = full
    if is_demo:
        demo_roles.offer(full)
    elif first_start.is_open():
        say(first_start.invitation(f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"))
    config.set_option("server.address", host)
    config.set_option("server.port", port)
    config.set_option("server.cookieSecret", service_secrets(full).cookie)
    hosts = [name.strip() for name in os.environ.get(ALLOWED_HOSTS_VARIABLE, "").split(",") if name.strip()]
    config.set_option("server.allowedHosts", [*hosts, *(LOOPBACK if host in LOOPBACK else ())])
    # A proxy on this machine may say who asks and whether over TLS; nobody else is believed.
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        forwarded_allow_ips="127.0.0.1,::1",
        timeout_graceful_shutdown=LAST_WORDS,
    )
