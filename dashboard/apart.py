"""Heavy files are made in a process of their own: whoever clicks meanwhile does not wait for them.

    made(order(zipped, url, language, filters, year)) → bytes

The process computes as the page's own reader would (same scope, language and ledger), more leisurely than the
pages, and ends with its file. Only so many run at a time; the others wait for their turn.
"""

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import BoundedSemaphore

from dashboard.ledger import reading_as
from procurement.filters import Filters
from procurement.language import in_language

AT_ONCE = 1
"""Files that are made at a time, each of which fills a core that the pages need as well."""

MOST_SECONDS = 1800
"""A file that takes longer is given up: its reader has gone long since."""

NICENESS = 10
"""How far the process stands back behind the pages, where the system knows of that."""

_ROOT = Path(__file__).parent.parent
_turns = BoundedSemaphore(AT_ONCE)
_at_work: set[subprocess.Popen] = set()

Source = Callable[..., bytes]
"""A function of a module: source(connection, filters, *options)."""


class NotMade(Exception):
    """The process ended without a file; tells its last words."""


@dataclass(frozen=True)
class Order:
    """A file to be made: by which function, of what, for whom."""

    module: str
    function: str
    url: str
    language: str
    filters: Filters
    options: tuple[Hashable, ...]

    def make(self) -> bytes:
        """The file, computed here and now."""
        source: Source = getattr(import_module(self.module), self.function)
        with reading_as(self.filters.scope, self.url) as connection, in_language(self.language):
            return source(connection, self.filters, *self.options)


def order(source: Source, url: str, language: str, filters: Filters, *options: Hashable) -> Order:
    return Order(source.__module__, source.__qualname__, url, language, filters, options)


def made(wanted: Order) -> bytes:
    """The file, from a process that is started for it. NotMade where that fails."""
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH", "")])])
    with (
        _turns,
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            [sys.executable, "-P", "-m", "dashboard.apart"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env={**os.environ, "PYTHONPATH": path},
        ) as process,
    ):
        _at_work.add(process)
        try:
            content, _nothing = process.communicate(pickle.dumps(wanted), MOST_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise NotMade(f"no file after {MOST_SECONDS} seconds") from None
        finally:
            _at_work.discard(process)
        if process.returncode != 0:
            said.seek(0)
            raise NotMade(said.read().decode("utf-8", "replace"))
    return content


def stop() -> None:
    """The server ends: nobody waits for these files any more, and it would wait for them."""
    for process in list(_at_work):
        process.kill()


def main() -> None:
    """Make the one file that is asked for on the input, and write it to the output."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    output = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no part of the file
    wanted: Order = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  from our own side only
    with os.fdopen(output, "wb") as file:
        file.write(wanted.make())


if __name__ == "__main__":
    # The order is of the class that the other side knows, not of the one in this script.
    from dashboard.apart import main as answer

    answer()
