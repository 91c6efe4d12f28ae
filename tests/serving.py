"""A dashboard that is really served, for tests that ask it over HTTP or with a browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

ROOT = Path(__file__).parent.parent
PATIENCE = 60
"""Seconds until a busy machine has started the server."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")


def find_browser() -> str | None:
    """The Chromium of this machine; none is downloaded."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


class Address(str):
    """Where a server answers, the number of its process, the ledger that it serves, and what it logs."""

    process: int
    ledger: str
    log: IO[bytes]


@contextmanager
def serving(url: str, environment: Mapping[str, str] | None = None, **options: object) -> Iterator[Address]:
    """Serve the ledger of `url` on a free port of this machine; gives the address. `options` are serve's."""
    with running(f"from dashboard.server import serve; serve({url!r}, **{options!r}", environment) as address:
        address.ledger = url
        yield address


@contextmanager
def running(code: str, environment: Mapping[str, str] | None = None) -> Iterator[Address]:
    """Run `code`, the open end of a call that takes a port; gives the address that then answers."""
    port = free_port()
    command = [sys.executable, "-c", f"{code}, port={port})"]
    # Not a pipe: one that nobody reads is full after 64 kB, and then the server stands still.
    with TemporaryFile() as log:
        known = {**os.environ, **(environment or {})}
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=known)
        address = Address(f"http://127.0.0.1:{port}")
        address.process, address.log = process.pid, log
        try:
            wait_for(f"{address}/healthz", process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for(address: str, process: subprocess.Popen, log: IO[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            log.seek(0)
            raise RuntimeError(log.read().decode())
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(address)


def copied(path: Path, folder: Path) -> str:
    """The address of a copy of a ledger, free to be written to."""
    return f"sqlite:///{shutil.copy(path, folder / path.name)}"
