"""Frames out of the ledger and into it, in one call of the driver each.

SQLite's driver lets go of the interpreter at every row, and where another thread computes it gets it back
after five milliseconds: two thousand rows would take ten seconds instead of a hundredth of one. SQLite is
therefore asked for each column as a whole, as the text of a JSON array: one row to fetch.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Select,
    TypeDecorator,
    func,
    insert,
    select,
)
from sqlalchemy.exc import DataError
from sqlmodel import SQLModel

EXACT = (int, str, bool, date, datetime)
"""Values that a JSON array tells exactly. A fraction would be rounded to 15 digits; bytes have no JSON."""

DTYPES = {int: "Int64", bool: "boolean"}

# Texts as Python's own objects: names of columns are texts too, and each look at them through Arrow lets go
# of the interpreter as well. Figures are computed in half the time, and among other threads in a third.
pd.set_option("mode.string_storage", "python")


def read_frame(connection: Connection, query: Select) -> pd.DataFrame:
    """The rows of `query` as a frame: integers as Int64 where empty is possible, dates as datetime64[s]."""
    columns = list(query.selected_columns)
    values = _columns_at_once(connection, query, columns) or _columns_of_rows(connection, query, columns)
    return pd.DataFrame({str(column.key): found for column, found in zip(columns, values, strict=True)})


def _columns_at_once(
    connection: Connection, query: Select, columns: Sequence[ColumnElement]
) -> list[pd.Series] | None:
    """Each column fetched whole; None where the driver gives rows without delay, or JSON would not do."""
    if connection.dialect.name != "sqlite" or not all(_kind(each) in EXACT for each in columns):
        return None
    arrays = [func.json_group_array(each) for each in query.subquery().columns]
    try:
        texts = connection.execute(select(*arrays)).one()
    except DataError:  # longer than any text that SQLite makes
        return None
    return [_read(json.loads(text), column, connection) for text, column in zip(texts, columns, strict=True)]


def _columns_of_rows(
    connection: Connection, query: Select, columns: Sequence[ColumnElement]
) -> list[pd.Series]:
    rows = connection.execute(query).fetchall()
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    return [_typed(list(found), column) for found, column in zip(values, columns, strict=True)]


def _read(values: list, column: ColumnElement, connection: Connection) -> pd.Series:
    """Values as SQLite keeps them, as the column's type tells them."""
    if _kind(column) in (bool, datetime):
        told = column.type.dialect_impl(connection.dialect).result_processor(connection.dialect, None)
        values = [told(value) for value in values] if told else values
    if _kind(column) is str:
        # Of a name that stands in a thousand rows one text is kept; it is compared a thousand times as well.
        once: dict[str, str] = {}
        values = [value if value is None else once.setdefault(value, value) for value in values]
    return _typed(values, column)


def _typed(values: list, column: ColumnElement) -> pd.Series:
    kind = _kind(column)
    if kind is date:
        return pd.Series(np.array(values, dtype="datetime64[s]"))
    return pd.Series(values, dtype=DTYPES.get(kind, "object"))


def _kind(column: ColumnElement) -> type:
    kind = column.type
    return (kind.impl_instance if isinstance(kind, TypeDecorator) else kind).python_type


def insert_frame(connection: Connection, table: type[SQLModel], rows: pd.DataFrame) -> None:
    """Append `rows` to `table` in one call of the driver; columns carry the table's own names.

    Columns that the frame lacks take the table's default. The driver's executemany of plain tuples is three
    times as quick as an insert of dictionaries.
    """
    if rows.empty:
        return
    target = table.__table__  # type: ignore[attr-defined]
    defaults = {c.name: c.default.arg for c in target.columns if c.default is not None}
    rows = rows.assign(**{name: value for name, value in defaults.items() if name not in rows})
    execute_frame(connection, insert(target).values(dict.fromkeys(rows.columns)), rows)


def execute_frame(connection: Connection, statement: Insert, rows: pd.DataFrame) -> None:
    """Run an insert whose values carry the names of the frame's columns, once per row."""
    compiled = statement.compile(dialect=connection.dialect)
    order = compiled.positiontup or list(rows.columns)
    columns = [_plain(rows[name]) for name in order]
    if compiled.positional:
        connection.exec_driver_sql(str(compiled), list(zip(*columns, strict=True)))
    else:
        values = [dict(zip(order, row, strict=True)) for row in zip(*columns, strict=True)]
        connection.exec_driver_sql(str(compiled), values)


def _plain(values: pd.Series) -> list:
    """Values as the drivers take them: Python's own types, ISO text for dates, None for missing."""
    missing = values.isna().to_numpy()
    if pd.api.types.is_datetime64_any_dtype(values):
        told = _told_days(values)
    elif values.dtype == "object" or isinstance(values.dtype, pd.StringDtype):
        told = values.to_numpy(dtype=object)
        if pd.api.types.infer_dtype(told, skipna=True) not in ("string", "integer", "boolean"):
            told = np.array([v.isoformat() if hasattr(v, "isoformat") else v for v in told], dtype=object)
    elif missing.any():
        told = values.to_numpy(dtype=object)
    else:
        told = values.to_numpy(dtype=getattr(values.dtype, "numpy_dtype", values.dtype))
    if missing.any():
        told = told.astype(object)  # a copy: what the caller holds stays as it is
        told[missing] = None
    return list(told.tolist())


def _told_days(values: pd.Series) -> np.ndarray:
    """Days as ISO text: many lines have few of them."""
    days, places = np.unique(values.to_numpy().astype("datetime64[D]"), return_inverse=True)
    return np.datetime_as_string(days).astype(object)[places]
