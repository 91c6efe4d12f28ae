"""What the browser loads first: Streamlit's page with our script and style, and its files compressed.

Streamlit serves ten megabytes of scripts as they are. Each is compressed once, when it is first asked
for, and kept; their names carry a hash of the content, so a browser asks once.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

from dashboard.navigation import ADDRESSES

STREAMLIT = Path(file_util.get_static_dir())
OURS = Path(__file__).parent / "assets"
OUR_FILES = {
    "words.js": "text/javascript",
    "exports.js": "text/javascript",
    "door.css": "text/css",
    "words.json": "application/json",
    "style.css": "text/css",
    "icon.png": "image/png",
}

COMPRESSION = 6
"""Level 9 takes three times as long for one per cent less."""
TYPES = {".js": "text/javascript", ".css": "text/css"}


@cache
def page() -> str:
    """Streamlit's page: our icon, script and style in, its font preload (which we never use) out."""
    html = (STREAMLIT / "index.html").read_text(encoding="utf-8")
    html = re.sub(r'<link\s+rel="preload"[^>]*as="font"[^>]*/>', "", html)
    html = html.replace("./favicon.png", "./vbp/icon.png").replace('<html lang="en">', '<html lang="zh-CN">')
    # Before Streamlit's scripts, which start in the order in which they stand.
    ours = '<link rel="stylesheet" href="./vbp/style.css"><script src="./vbp/words.js" defer></script>'
    ours += '<script src="./vbp/exports.js" defer></script>'
    return html.replace("<title>Streamlit</title>", f"<title></title>{ours}")


def inline_script_hashes() -> list[str]:
    """The scripts that stand in the page itself, as a content security policy names them."""
    scripts = re.findall(r"<script>(.*?)</script>", page(), flags=re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def page_routes() -> list[Route]:
    """Routes of our own: the page under each of its addresses, and the files that it loads from us."""
    pages = [Route(f"/{address}", _page) for address in ADDRESSES]
    return [*pages, *(Route(f"/vbp/{name}", _file(name)) for name in OUR_FILES)]


async def _page(_request: Request) -> Response:
    return HTMLResponse(page(), headers={"Cache-Control": "no-store"})


def _file(name: str) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    content = (OURS / name).read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'

    async def serve(request: Request) -> Response:
        headers = {"Cache-Control": "no-cache", "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=OUR_FILES[name], headers=headers)

    return serve


class CompressedFiles:
    """Streamlit's scripts and styles, compressed once and kept in memory (about 8 MB when all are)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        files = (path for path in STREAMLIT.rglob("*") if path.suffix in TYPES)
        self._files = {f"/{path.relative_to(STREAMLIT).as_posix()}": path for path in files}
        self._compressed: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path not in self._files or not _takes_gzip(scope):
            await self._app(scope, receive, send)
            return
        if path not in self._compressed:
            self._compressed[path] = await to_thread.run_sync(_compress, self._files[path])
        headers = {
            "Cache-Control": "public, immutable, max-age=31536000",
            "Content-Encoding": "gzip",
            "Vary": "Accept-Encoding",
        }
        content = self._compressed[path]
        response = Response(content, media_type=TYPES[self._files[path].suffix], headers=headers)
        await response(scope, receive, send)


def _takes_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


def _compress(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), COMPRESSION)
