"""A working as text and back: what a settlement froze can be shown and printed years later, to the digit.

JSON with a key per frame; of a frame each column with its type and its values, integers as integers, days as
ISO text. The same working always gives the same text, so its hash tells whether anything moved.
"""

import json
import zlib
from dataclasses import fields
from hashlib import sha256
from typing import Any

import pandas as pd

from procurement.working import Working

DAY, WHOLE, FLAG, FRACTION, TEXT = "day", "whole", "flag", "fraction", "text"
_DTYPES = {DAY: "datetime64[s]", WHOLE: "Int64", FLAG: "boolean", FRACTION: "Float64", TEXT: "object"}


def to_text(working: Working) -> str:
    """The working as JSON."""
    frames = {field.name: _frame_to_record(getattr(working, field.name)) for field in fields(Working)}
    return json.dumps(frames, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Working:
    """The working that `text` was made from."""
    return Working(**{name: _frame_from_record(record) for name, record in json.loads(text).items()})


def packed(text: str) -> bytes:
    """The text, compressed for the ledger to keep."""
    return zlib.compress(text.encode())


def unpacked(kept: bytes) -> str:
    """The text that was packed."""
    return zlib.decompress(kept).decode()


def digest(text: str) -> str:
    """The SHA-256 of a working's text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def _frame_to_record(frame: pd.DataFrame) -> dict[str, Any]:
    return {name: _column_to_record(frame[name]) for name in frame}


def _column_to_record(values: pd.Series) -> list:
    kind = _kind(values)
    return [kind, [None if pd.isna(value) else _plain(value, kind) for value in values]]


def _kind(values: pd.Series) -> str:
    if pd.api.types.is_datetime64_any_dtype(values):
        return DAY
    if pd.api.types.is_bool_dtype(values):
        return FLAG
    if pd.api.types.is_integer_dtype(values):
        return WHOLE
    return FRACTION if pd.api.types.is_float_dtype(values) else TEXT


def _plain(value: Any, kind: str) -> Any:
    if kind == DAY:
        return value.date().isoformat()
    if kind == FLAG:
        return bool(value)
    if kind == WHOLE:
        return int(value)
    return float(value) if kind == FRACTION else str(value)


def _frame_from_record(record: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({name: _column_from_record(*told) for name, told in record.items()})


def _column_from_record(kind: str, values: list) -> pd.Series:
    if kind == DAY:
        return pd.to_datetime(pd.Series(values, dtype="object")).astype("datetime64[s]")
    return pd.Series(values, dtype=_DTYPES[kind])
