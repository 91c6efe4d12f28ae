"""Frames drawn as tables, so that a test reads like the article it stands for.

    hospital | units | price
    ---------+-------+------
    H1       | 10    | 0.40
    H2       | -     |            both `-` and nothing are missing

Whole numbers and decimals become what they look like; `yuan("12.50")`-style columns are scaled by the
`scales` a test names: amounts by 10 000, prices and equivalent units by 1 000 000.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pandas as pd

AMOUNT = 10_000
PRICE = 1_000_000
SHARE = 1_000_000
UNITS = 1_000_000


def table(drawing: str, scales: Mapping[str, int] | None = None) -> pd.DataFrame:
    """The drawing as a frame; columns in `scales` hold integers of that fraction."""
    heading, *rows = [line for line in drawing.strip().splitlines() if line.strip()]
    names = [name.strip() for name in heading.split("|")]
    cells = [[cell.strip() for cell in row.split("|")] for row in rows if set(row.strip()) - set("-+")]
    columns = {
        name: [_scaled(_read(row[index]), (scales or {}).get(name)) for row in cells]
        for index, name in enumerate(names)
    }
    return pd.DataFrame({name: _series(values) for name, values in columns.items()})


def _read(cell: str) -> object:
    if cell in ("", "-"):
        return None
    if cell in ("yes", "no"):
        return cell == "yes"
    try:
        return date.fromisoformat(cell)
    except ValueError:
        pass
    try:
        return Decimal(cell)
    except ArithmeticError:
        return cell


def _scaled(value: object, scale: int | None) -> object:
    if not isinstance(value, Decimal):
        return value
    scaled = value * scale if scale else value
    return int(scaled) if scaled == scaled.to_integral_value() else scaled


def _series(values: list) -> pd.Series:
    present = [value for value in values if value is not None]
    if present and all(isinstance(value, bool) for value in present):
        return pd.Series(values, dtype="boolean")
    if all(isinstance(value, int) for value in present):
        return pd.Series(values, dtype="Int64")
    if present and all(isinstance(value, date) for value in present):
        return pd.to_datetime(pd.Series(values)).astype("datetime64[s]")
    return pd.Series(values, dtype="object")


def assert_rows(result: pd.DataFrame, drawing: str, scales: Mapping[str, int] | None = None) -> None:
    """The drawn columns of `result` hold the drawn rows, in that order."""
    expected = table(drawing, scales)
    actual = [[_shown(value) for value in row] for row in result[list(expected)].itertuples(index=False)]
    wanted = [[_shown(value) for value in row] for row in expected.itertuples(index=False)]
    assert actual == wanted, f"\nexpected {list(expected)}:\n{_lines(wanted)}\ngot:\n{_lines(actual)}"


def _shown(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return "-"
    if isinstance(value, float | Decimal):
        return str(round(Decimal(str(value)), 6).normalize())
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, int):
        return str(Decimal(value).normalize()) if not isinstance(value, bool) else str(value)
    return str(value)


def _lines(rows: list[list[str]]) -> str:
    return "\n".join("  " + " | ".join(row) for row in rows)
