"""The process that reads foreign files: `python -m etl.reading.child`, started by etl.reading.process.

It answers each request with what the file turned out to be, bounded in memory, and knows no ledger. It
ends when its input does, and by an alarm of its own should nobody be left to stop it.
"""

import errno
import gc
import os
import signal
import sys
import traceback
from typing import IO, Any

from etl.limits import limit, megabytes
from etl.reading.messages import read_message, write_message
from etl.recognising import recognise
from procurement.language import in_language

LARGEST_REQUEST = 1 << 40
"""Our own side checks the size of a file before it asks."""

GRACE = 5
"""Seconds after which the alarm follows the time limit that our own side keeps."""

OBJECTS_UNTIL_COLLECTION = 100_000
"""Rows are read by the hundred thousand and hold no cycles: looking for some is a waste."""

LEAST_LEFT = 16_000_000
"""Bytes: where not even these can be had, a failure is one of memory."""

NEEDS_MEMORY, FAILED = "needs memory", "failed"


def main() -> None:
    requests, answers = sys.stdin.buffer, _own_output()
    limit_memory()
    gc.set_threshold(OBJECTS_UNTIL_COLLECTION)
    while True:
        try:
            file, kind, mapping, language = read_message(requests, LARGEST_REQUEST)
        except EOFError:
            return
        _set_alarm(limit("seconds") + GRACE)
        with in_language(language):
            answer = _answer(file, kind, mapping)
        _set_alarm(0)
        write_message(answers, answer)
        if answer == NEEDS_MEMORY:
            return  # what is left of the memory may be in pieces


def _answer(file: Any, kind: str | None, mapping: Any) -> Any:
    try:
        return recognise(file, kind, mapping)
    except MemoryError:
        return NEEDS_MEMORY
    except Exception as error:
        if _is_of_memory(error):
            return NEEDS_MEMORY
        traceback.print_exc()
        return FAILED, type(error).__name__


def _is_of_memory(error: BaseException) -> bool:
    """Whether a failure of any name comes of the memory limit: libraries wrap it, or stumble after it."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, MemoryError) or getattr(found, "errno", None) == errno.ENOMEM:
            return True
        found = found.__cause__ or found.__context__
    try:
        bytearray(LEAST_LEFT)
    except MemoryError:
        return True
    return False


def _own_output() -> IO[bytes]:
    """Our answers alone go to the output; what a library prints goes where errors go."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def limit_memory() -> None:
    """Memory beyond the limit is refused by the system; a crash leaves no copy of the data on disk."""
    try:
        import resource
    except ImportError:  # Windows
        return
    most = megabytes("memory_megabytes")
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _set_alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


if __name__ == "__main__":
    main()
