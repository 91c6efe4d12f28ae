"""Totals that a sheet states (小计, 合计, 总计) against the rows that they speak for.

A total that its rows do not reach is mentioned with both figures: a row may be missing, or be there twice,
or a figure may be wrong; which one, only a person can tell.

    小计、本页合计    the rows since the last total, caption or repeated heading; where that does not fit,
                    since an earlier one: subtotals may be of several levels
    合计、总计       all rows of the table, of the sheet's tables, or of the file; where that does not fit,
                    those since the last such total, or since the caption of a stacked institution;
                    above all rows of the table, what stands below it
    累计            all rows so far; 本年累计 and the like speak of other files, too, and are let be

Rows that could not be read are not in the sum, and the sentence says how many they are.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import isqrt
from typing import Any

import numpy as np
import pandas as pd

from etl.paid import tolerances
from etl.problem_kinds.mention import TOTAL_DIFFERS
from etl.problems import Problem, shown
from etl.rows import Rows
from etl.sheets.data_rows import Divider
from etl.sheets.row_kinds import TOTAL_LABEL
from etl.sheets.table_columns import Column, one_line
from etl.values import cells
from etl.values.cells import FINE_QUANTITY_SCALE, Read
from etl.values.hints import Hint
from procurement.language import N_, _
from procurement.money import AMOUNT_SCALE, decimal_text

_BEYOND_THE_FILE = re.compile(r"(本年|年初|上年|去年|全年|历年|截至|截止).*")
_PART = re.compile(r".*(小计|本页).*")

NOT_READ = N_("（另有 {rows} 行未能读取，不在其中）")


@dataclass(frozen=True)
class Measure:
    """A column that totals are stated of: its values as read, in 1/`scale`, and how its cells are read."""

    values: pd.Series
    parse: Callable[[object, Hint], Read]
    scale: int

    @cached_property
    def last_digit(self) -> int:
        """What the last printed digit is worth: the largest power of ten that divides all values."""
        divisor = int(np.gcd.reduce(self.values.fillna(0).to_numpy(dtype="int64")))
        return 10 ** (len(str(divisor)) - len(str(divisor).rstrip("0"))) if divisor else 1


def amounts(values: pd.Series) -> Measure:
    return Measure(values, cells.amount, AMOUNT_SCALE)


def quantities(values: pd.Series) -> Measure:
    return Measure(values, cells.quantity, FINE_QUANTITY_SCALE)


@dataclass(frozen=True)
class _Total:
    """A row that states a total; `spans` are the rows of the file, first … end − 1, that it may speak for."""

    label: str
    divider: Divider
    spans: list[tuple[int, int]]


def report_totals(rows: Rows, measures: dict[str, list[Measure]]) -> None:
    """Mention each stated total that is not the sum of its rows, by any of the ways of reading a column.

    Returns may be printed without a minus and be meant with one: a total that fits either way fits.
    """
    stated = [(number, total) for number in range(len(rows.tables)) for total in _totals(rows, number)]
    if not stated:
        return
    for field, ways in measures.items():
        sums = [_running(way.values) for way in ways]
        unread = np.concatenate([[0], np.cumsum(ways[0].values.isna().to_numpy() & ~rows.is_blank(field))])
        for number, total in stated:
            column = rows.tables[number].columns.get(field)
            if column is not None:
                _compare(rows, number, total, column, ways, sums, unread)


def _running(values: pd.Series) -> np.ndarray:
    """Sums of the first 0, 1, 2 … values, of Python's own integers."""
    return np.concatenate([[0], np.cumsum(values.fillna(0).astype("object").to_numpy())])


def _totals(rows: Rows, number: int) -> Iterator[_Total]:
    """The totals of one table, each with the rows that it may speak for: those above, or else all."""
    table, offset = rows.tables[number], rows.offset(number)
    sheet = next(rows.offset(n) for n, other in enumerate(rows.tables) if other.sheet == table.sheet)
    parts, wholes = [offset, *(offset + at for at in table.breaks)], [offset, sheet, 0]
    for divider in table.dividers:
        at, label = offset + divider.at, _label(divider)
        if label is None:
            parts += [] if divider.closes else [at]
            wholes += [] if divider.closes else [at]
            continue
        starts = parts if _PART.fullmatch(label) else wholes
        spans = [(start, at) for start in sorted(set(starts), reverse=True) if start < at]
        if at == offset:
            spans = [(offset, offset + len(table.rows))]
        if spans and _BEYOND_THE_FILE.fullmatch(label) is None:
            yield _Total(label, divider, spans)
        parts.append(at)
        wholes += [] if _PART.fullmatch(label) else [at]


def _label(divider: Divider) -> str | None:
    return next((text for text in divider.texts if TOTAL_LABEL.fullmatch(text)), None)


def _compare(
    rows: Rows,
    number: int,
    total: _Total,
    column: Column,
    ways: list[Measure],
    sums: list[np.ndarray],
    unread: np.ndarray,
) -> None:
    cell = total.divider.cells[column.index]
    stated = ways[0].parse(cell, column.hint).value
    if stated is None:
        return
    for way, running in zip(ways, sums, strict=True):
        for first, end in total.spans:
            if abs(stated - running[end] + running[first]) <= _slack(way, column.hint, cell, end - first):
                return
    # The sentence names the rows that come nearest.
    first, end = min(total.spans, key=lambda span: abs(stated - sums[0][span[1]] + sums[0][span[0]]))
    missed = int(unread[end] - unread[first])
    words = {
        "label": total.label,
        "stated": _text(stated, ways[0].scale),
        "computed": _text(sums[0][end] - sums[0][first], ways[0].scale),
        "rows": end - first,
        "unread": _(NOT_READ).format(rows=missed) if missed else "",
    }
    table, row = rows.tables[number], total.divider.row
    place = f"{column.letters}{row}"
    heading = one_line(column.heading)
    rows.problems.append(
        Problem(TOTAL_DIFFERS, rows.file, table.sheet or None, place, row, heading, shown(cell), words)
    )


def _slack(way: Measure, hint: Hint, cell: object, lines: int) -> int:
    """By how much a total may be off its rows' sum, whose rounding it does not share.

    Rounding errors of n lines grow with √n: twice that many fen, and no more than one for each line.
    Quantities are whole. Figures in 万元 are as exact as their last printed digit, two decimals at least.
    """
    factor = hint.money or 1
    if way.scale != AMOUNT_SCALE:
        return 0
    if factor == 1:
        return tolerances().equal * _errors(lines)
    coarsest = factor * AMOUNT_SCALE // 100
    stated = cells.number(cell)
    digits = -int(stated.as_tuple().exponent) if isinstance(stated, Decimal) else 2
    last_digit = factor * AMOUNT_SCALE // 10 ** max(2, digits)
    return (last_digit + min(way.last_digit, coarsest) * _errors(lines)) // 2


def _errors(lines: int) -> int:
    return min(lines, 2 * isqrt(lines))


def _text(value: Any, scale: int) -> str:
    figure = Decimal(int(value)) / scale
    return decimal_text(figure) if scale == AMOUNT_SCALE else f"{figure.normalize():f}"
