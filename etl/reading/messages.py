"""What passes between us and the process that reads foreign files: a length, then a pickle.

Kinds of problems and sources go by their name and are ours again on the other side. Reading a pickle can
call what the pickle names: here nothing but our own data classes, days and number arrays.
"""

import pickle
import struct
import sys
from dataclasses import is_dataclass
from enum import Enum
from io import BytesIO
from typing import IO, Any

import etl.problem_kinds  # noqa: F401  fills KINDS
from etl.headings import Source, source
from etl.problems import KINDS, Kind

_LENGTH = struct.Struct("<Q")

_PLAIN = {
    "builtins": {"set", "frozenset"},
    "datetime": {"date", "datetime", "time", "timedelta"},
    "numpy": {"dtype", "ndarray"},
    "numpy._core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.numeric": {"_frombuffer"},
}


class _Pickler(pickle.Pickler):
    def persistent_id(self, value: Any) -> tuple[str, str] | None:
        if isinstance(value, Kind):
            return "kind", value.code
        return ("source", value.kind) if isinstance(value, Source) else None


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, name: tuple[str, str]) -> Kind | Source:
        what, which = name
        return KINDS[which] if what == "kind" else source(which)

    def find_class(self, module: str, name: str) -> Any:
        if name in _PLAIN.get(module, ()):
            return super().find_class(module, name)
        found = getattr(sys.modules.get(module), name, None) if module.startswith("etl.") else None
        if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is no message of ours")


def write_message(stream: IO[bytes], value: Any) -> None:
    packed = BytesIO()
    _Pickler(packed, pickle.HIGHEST_PROTOCOL).dump(value)
    stream.write(_LENGTH.pack(packed.tell()))
    stream.write(packed.getbuffer())
    stream.flush()


def read_message(stream: IO[bytes], most: int) -> Any:
    """The next message; EOFError where the stream ends, UnpicklingError for what is none of `most` bytes."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > most:
        raise pickle.UnpicklingError("longer than any message")
    return _Unpickler(BytesIO(_exactly(stream, length))).load()


def _exactly(stream: IO[bytes], size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content
