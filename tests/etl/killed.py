"""Kill imports at random moments and tell what the ledger says afterwards.

    python -m tests.etl.killed <url of a ledger> <workbook> <times> <seed>

Run by test_kill.py in a process of its own: it forks, and a fork of the test runner would take its threads'
locks along. Prints a JSON list of {"moment", "ended", "image"} with digests of everything that the ledger
says; the first two entries are from before, and from an import that nobody kills.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

from sqlalchemy.engine import make_url

from etl.importing import import_files
from procurement.database import open_database
from tests.etl.images import image


def main(url: str, workbook: str, times: int, seed: int) -> list[dict]:
    taken, before, after = _one(url, workbook, None)
    told = [
        {"moment": None, "ended": False, "image": before},
        {"moment": None, "ended": True, "image": after},
    ]
    moments = random.Random(seed)
    for _ in range(times):
        moment = moments.uniform(0, taken)
        _taken, _before, now = _one(url, workbook, moment)
        told.append({"moment": moment, "ended": now == after, "image": now})
    return told


def _one(url: str, workbook: str, kill_after: float | None) -> tuple[float, str, str]:
    """Import into a copy, killed after so many seconds; the time it took, and the images around it."""
    copy = _copied(url)
    before = _digest(copy)
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        _import_and_leave(copy, workbook)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.perf_counter() - started, before, _digest(copy)


def _copied(url: str) -> str:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return url  # a server rolls back by itself; the ledger is as it was
    path = Path(str(parsed.database))
    for old in path.parent.glob("copy.db*"):
        old.unlink()
    shutil.copy(path, path.parent / "copy.db")
    return f"sqlite:///{path.parent / 'copy.db'}"


def _import_and_leave(url: str, workbook: str) -> None:
    try:
        (report,) = import_files(open_database(url), [Path(workbook)])
        os._exit(0 if report.status == "loaded" else 3)
    finally:
        os._exit(4)


def _digest(url: str) -> str:
    engine = open_database(url)
    told = json.dumps(image(engine), default=str, sort_keys=True)
    engine.dispose()
    return hashlib.sha256(told.encode()).hexdigest()


if __name__ == "__main__":
    json.dump(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])), sys.stdout)
