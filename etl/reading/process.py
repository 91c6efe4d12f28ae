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
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from etl.headings import Said
from etl.limits import limit, megabytes
from etl.problem_kinds.stop import OTHER_FAILURE, READING_CRASHED, READING_NEEDS_MEMORY, READING_TOO_SLOW
from etl.problems import Problem
from etl.reading.child import FAILED, NEEDS_MEMORY
from etl.reading.messages import read_message, write_message
from etl.reading.start import Started
from etl.recognising import File, Recognised, name_of, refused
from procurement.language import current_language

_LAST_WORDS = 4096
"""Bytes at the end of what the process said of its own death."""

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())


class ReadingProcess:
    """One process for the files of one import, started when the first file is read, or before (`started`)."""

    def __init__(self, started: Started | None = None) -> None:
        self._child: _Child | None = _Child(started) if started else None
        self._begun: _Request | None = None

    def __enter__(self) -> "ReadingProcess":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        if self._child is not None:
            self._child.kill()
        self._child = self._begun = None

    def begin(self, file: File, kind: str | None = None, mapping: Mapping[str, str] | None = None) -> None:
        """Let a file be read meanwhile, if `recognise` will ask for just this one next."""
        if not refused(file):
            self._begun = _request(file, kind, mapping)
            self._child = self._child or _Child()
            self._child.send(self._begun)

    def recognise(
        self, file: File, kind: str | None = None, mapping: Mapping[str, str | Said] | None = None
    ) -> Recognised:
        """What a file is and its tables, as `etl.recognising.recognise` tells it."""
        if problem := refused(file):
            return Recognised(name_of(file), kind, problems=[problem])
        request = _request(file, kind, mapping)
        was_used = self._child is not None and self._child.has_answered
        answer = self._asked(request)
        if was_used and answer in (READING_NEEDS_MEMORY, READING_CRASHED):
            answer = self._asked(request)  # what earlier files left behind may have been the reason
        return answer if isinstance(answer, Recognised) else _failed(file, kind, answer)

    def _asked(self, request: "_Request") -> Any:
        """What a file is, or the kind of problem that ended its reading."""
        begun, self._begun = self._begun, None
        if begun is not None and begun != request:
            self.close()  # nobody wants its answer
        self._child = self._child or _Child()
        if begun != request:
            self._child.send(request)
        answer = self._child.answer()
        if not isinstance(answer, Recognised | tuple):
            self.close()
        return answer


_Request = tuple[Any, ...]


def _request(file: File, kind: str | None, mapping: Mapping[str, str | Said] | None) -> _Request:
    sent = file if isinstance(file, tuple) else str(Path(file).absolute())
    return sent, kind, dict(mapping or {}), current_language()


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
    """The running process: one question, one answer; killed when that takes too long."""

    def __init__(self, started: Started | None = None) -> None:
        started = started or Started()
        self._process, self._said = started.process, started.said
        self._is_late = self.has_answered = False
        self._timer: threading.Timer | None = None

    def send(self, request: _Request) -> None:
        self._timer = threading.Timer(limit("seconds"), self._stop)
        self._timer.daemon = True  # nothing waits for a file that nobody asks for any more
        self._timer.start()
        try:
            if self._process.stdin is not None:
                write_message(self._process.stdin, request)
        except OSError:
            _log.debug("the reading process takes no request: its answer will tell")

    def answer(self) -> Any:
        try:
            answer = self._received()
        except (EOFError, OSError, pickle.UnpicklingError):
            answer = self._why_it_died()
        finally:
            self._end_timer()
        self.has_answered = True
        if isinstance(answer, tuple):
            _log.error("a file could not be read: %s", self._last_words())
        return READING_NEEDS_MEMORY if answer == NEEDS_MEMORY else answer

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _received(self) -> Any:
        if self._process.stdout is None:
            raise EOFError
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
        self._end_timer()
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
