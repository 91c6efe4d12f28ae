"""Files that are made in a process of their own: the same as here, for the same reader, and a failure is told."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

import pytest

from dashboard import apart, statements
from dashboard.apart import NotMade, made, order
from dashboard.ledger import reading_as
from procurement.filters import Filters
from procurement.language import current_language
from tests.people import token_of
from tests.serving import copied, serving
from tests.small_ledger import fill, purchase
from tests.visitor import Visitor

A_WHILE = 25
"""Seconds: far more than a server takes to end (server.LAST_WORDS), less than a city's ZIP."""


@pytest.fixture
def url(sqlite_ledger):
    fill(
        sqlite_ledger,
        purchase(1, date(2021, 3, 5), 60_000, 24_000),
        purchase(2, date(2021, 4, 10), 10_000, 18_000),
    )
    return sqlite_ledger.url.render_as_string(hide_password=False)


def told(connection, filters: Filters, *options) -> bytes:
    """What the process was asked for, and what it may see."""
    seen = connection.exec_driver_sql("select count(*) from institution").scalar_one()
    print("a library that talks")
    return f"{current_language()} {seen} {filters.districts} {options}".encode()


def fails(connection, _filters: Filters) -> bytes:
    raise LookupError("甲没有")


@pytest.mark.parametrize(
    ("scope", "seen"), [(None, 2), (("H1",), 1), (("H1", "H2"), 2), (("H9",), 0), ((), 0)]
)
def test_the_process_sees_what_its_reader_may(url, scope, seen):
    wanted = order(told, url, "en", Filters(districts=("东区",), scope=scope), 1, "b")
    assert made(wanted).decode() == f"en {seen} ('东区',) (1, 'b')"


def test_the_file_is_the_one_that_would_be_made_here(url, tmp_path):
    with reading_as(None, url) as connection:
        here = statements.zipped(connection, Filters())
    there = made(order(statements.zipped, url, "zh", Filters()))
    assert there[:2] == b"PK"
    for name, content in (("here", here), ("there", there)):
        (tmp_path / name).write_bytes(content)
    with ZipFile(tmp_path / "here") as one, ZipFile(tmp_path / "there") as other:
        assert one.namelist() == other.namelist() and len(one.namelist()) == 2
        assert [one.read(name) for name in one.namelist()] == [other.read(name) for name in other.namelist()]


def test_a_failure_is_told_with_its_reason(url):
    with pytest.raises(NotMade, match="甲没有"):
        made(order(fails, url, "zh", Filters()))


def test_a_file_that_takes_too_long_is_given_up(url, monkeypatch):
    monkeypatch.setattr(apart, "MOST_SECONDS", 0.01)
    with pytest.raises(NotMade):
        made(order(told, url, "zh", Filters()))
    monkeypatch.undo()
    assert made(order(told, url, "zh", Filters()))  # its turn was given back


def sleeps(_connection, _filters: Filters) -> bytes:
    time.sleep(600)
    return b""


def test_a_server_that_ends_does_not_wait_for_a_file(url):
    said = []

    def ask() -> None:
        try:
            made(order(sleeps, url, "zh", Filters()))
        except NotMade as problem:
            said.append(problem)

    asking = Thread(target=ask)
    asking.start()
    while not apart._at_work:
        time.sleep(0.01)
    apart.stop()
    asking.join(60)
    assert len(said) == 1 and not apart._at_work


def test_a_served_dashboard_ends_while_a_citys_file_is_made(loaded_puyang, tmp_path):
    """The ZIP of the city takes most of a minute, and the server had waited for it."""
    url = copied(loaded_puyang, tmp_path)
    with serving(url) as address, Visitor(address, token_of(url, "official")) as visitor:
        links = visitor.open("settlement").links
        zipped = next(text for text in links if "ZIP" in text)
        asking = Thread(target=lambda: visitor.download(zipped), daemon=True)
        asking.start()
        wait_until(lambda: bool(makers(address.process)))
        at_work = [address.process, *makers(address.process)]
        os.kill(address.process, signal.SIGTERM)
        wait_until(lambda: all(map(has_ended, at_work)))


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + A_WHILE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.1)


def makers(server: int) -> list[int]:
    """The processes of a server that make files."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # gone meanwhile
            is_one = b"dashboard.apart" in (folder / "cmdline").read_bytes()
            if is_one and state_of(folder)[1] == str(server):
                found.append(int(folder.name))
    return found


def has_ended(process: int) -> bool:
    """Whether it is gone, or waits only to be counted."""
    try:
        return state_of(Path(f"/proc/{process}"))[0] == "Z"
    except OSError:
        return True


def state_of(folder: Path) -> list[str]:
    """State and parent, and more, of a process; its name before them may hold anything."""
    return (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def test_the_process_loads_no_dashboard():
    """Only what makes files: each megabyte and each half second counts for every file."""
    asks = "import sys; import dashboard.apart, dashboard.statements; print('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True).stdout == "False\n"
