"""Foreign files are read in a process of their own, with a limit of time and memory.

    with ReadingProcess() as reader:
        known = reader.recognise(file, kind, mapping)

It gives what etl.recognising gives. A file that makes the process hang, crash or run out of memory is a
STOP among the problems; the process is replaced for the next file.
"""

import logging
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from etl.headings import Said
from etl.limits import limit, megabytes
from etl.problem_kinds.stop import OTHER_FAILURE, READING_CRASHED, READING_NEEDS_MEMORY, READING_TOO_SLOW
from etl.problems import Problem
from etl.reading_child import FAILED, NEEDS_MEMORY
from etl.reading_messages import read_message, write_message
from etl.recognising import File, Recognised, name_of, refused
from procurement.language import current_language

_ROOT = Path(__file__).parent.parent
_LAST_WORDS = 4096
"""Bytes at the end of what the process said of its own death."""

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())


class ReadingProcess:
    """One process for the files of one import, started when the first file is read."""

    def __init__(self) -> None:
        self._child: _Child | None = None

    def __enter__(self) -> "ReadingProcess":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        if self._child is not None:
            self._child.kill()
        self._child = None

    def recognise(
        self, file: File, kind: str | None = None, mapping: Mapping[str, str | Said] | None = None
    ) -> Recognised:
        """What a file is and its tables, as `etl.recognising.recognise` tells it."""
        if problem := refused(file):
            return Recognised(name_of(file), kind, problems=[problem])
        sent = file if isinstance(file, tuple) else str(Path(file).absolute())
        request = (sent, kind, dict(mapping or {}), current_language())
        was_used = self._child is not None
        answer = self._asked(request)
        if was_used and answer in (READING_NEEDS_MEMORY, READING_CRASHED):
            answer = self._asked(request)  # what earlier files left behind may have been the reason
        return answer if isinstance(answer, Recognised) else _failed(file, kind, answer)

    def _asked(self, request: tuple[Any, ...]) -> Any:
        """What a file is, or the kind of problem that ended its reading."""
        if self._child is None:
            self._child = _Child()
        answer = self._child.ask(request)
        if not isinstance(answer, Recognised | tuple):
            self.close()
        return answer


def _failed(file: File, kind: str | None, answer: Any) -> Recognised:
    name = name_of(file)
    if isinstance(answer, tuple):
        problem = Problem(OTHER_FAILURE, name, params={"reason": answer[1]})
    else:
        limits = {READING_TOO_SLOW: "seconds", READING_NEEDS_MEMORY: "memory_megabytes"}
        params = {"limit": limit(limits[answer])} if answer in limits else {}
        problem = Problem(answer, name, params=params)
    return Recognised(name, kind, problems=[problem])


class _Child:
    """The running process: asked once per file, killed when it takes too long."""

    def __init__(self) -> None:
        # One thread for each library: every further one takes address space that the limit counts.
        single = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH", "")])])
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed with the process
        self._process = subprocess.Popen(
            # -P: a module that lies in the working folder is not ours.
            [sys.executable, "-P", "-m", "etl.reading_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, **single, "PYTHONPATH": path},
        )
        self._is_late = False

    def ask(self, request: tuple[Any, ...]) -> Any:
        timer = threading.Timer(limit("seconds"), self._stop)
        timer.start()
        try:
            answer = self._exchange(request)
        except (EOFError, OSError, pickle.UnpicklingError):
            answer = self._why_it_died()
        finally:
            timer.cancel()
        if isinstance(answer, tuple):
            _log.error("a file could not be read: %s", self._last_words())
        return READING_NEEDS_MEMORY if answer == NEEDS_MEMORY else answer

    def _exchange(self, request: tuple[Any, ...]) -> Any:
        if self._process.stdin is None or self._process.stdout is None:
            raise EOFError
        write_message(self._process.stdin, request)
        answer = read_message(self._process.stdout, megabytes("memory_megabytes"))
        is_known = isinstance(answer, Recognised) or answer == NEEDS_MEMORY or answer[0] == FAILED
        if not is_known:
            raise pickle.UnpicklingError
        return answer

    def _stop(self) -> None:
        self._is_late = True
        self._process.kill()

    def _why_it_died(self) -> Any:
        self._process.kill()
        code = self._process.wait()
        if self._is_late or code == -getattr(signal, "SIGALRM", 0):
            return READING_TOO_SLOW
        words = self._last_words()
        _log.error("the reading process ended with %s: %s", code, words)
        is_memory = "memory allocation" in words or "MemoryError" in words
        return READING_NEEDS_MEMORY if is_memory else READING_CRASHED

    def _last_words(self) -> str:
        size = self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, size - _LAST_WORDS))
        return self._said.read().decode("utf-8", "replace")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._said):
            if stream is not None:
                _close(stream)


def _close(stream: IO[bytes]) -> None:
    """A request that the process never took cannot be flushed any more; nobody misses it."""
    try:
        stream.close()
    except OSError:
        _log.debug("the reading process had not taken its last request")
