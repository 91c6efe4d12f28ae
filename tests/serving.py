"""A dashboard that is really served, for tests that ask it over HTTP or with a browser."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENCE = 60
"""Seconds until a busy machine has started the server."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")


def find_browser() -> str | None:
    """The Chromium of this machine; none is downloaded."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextmanager
def serving(url: str) -> Iterator[str]:
    """Serve the ledger of `url` on a free port of this machine; gives the address."""
    port = free_port()
    code = f"from dashboard.server import serve; serve({url!r}, port={port})"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/healthz", process)
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for(address: str, process: subprocess.Popen) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError((process.communicate()[1] or b"").decode())
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(address)


def copied(path: Path, folder: Path) -> str:
    """The address of a copy of a ledger, free to be written to."""
    return f"sqlite:///{shutil.copy(path, folder / path.name)}"
