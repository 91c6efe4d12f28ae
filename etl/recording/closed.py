"""What an import, or an undo, would move in a month that is closed: nothing may.

Lines of a closed month that stay as they are do not matter: a file of the year so far loads its open months.
"""

from collections.abc import Iterable
from datetime import date

import pandas as pd
from sqlalchemy import Connection, select
from sqlmodel import col

from etl.problem_kinds.stop import MONTH_CLOSED
from etl.problems import Problem
from procurement.language import N_, _
from procurement.periods import first_of_month
from procurement.queries.months import closed_months
from procurement.tables import Purchase, WithdrawnPurchase

UNDO_REFUSED = N_("{months}已关账，撤销会改动其中的采购记录。请先申请医保部门重新开放这些月份。")

NAMED = 5
"""Institutions that a sentence names."""

Cell = tuple[int, date]
"""An institution and a month."""


def closed_problem(connection: Connection, file: str, moved: pd.DataFrame) -> Problem | None:
    """Why these lines (institution_id, bought_on) may neither come nor go."""
    days = moved.drop_duplicates()
    cells = {(int(i), first_of_month(day.date())) for i, day in days.itertuples(index=False)}
    told = _told(connection, cells)
    return Problem(MONTH_CLOSED, file, params={"months": told}) if told else None


def closed_reason(connection: Connection, import_id: int) -> str | None:
    """Why an import cannot be taken back: lines that it brought, or withdrew, are of a closed month."""
    cells: set[Cell] = set()
    for table, mine in (
        (Purchase, col(Purchase.import_id) == import_id),
        (WithdrawnPurchase, col(WithdrawnPurchase.withdrawn_by) == import_id),
    ):
        days = select(col(table.institution_id), col(table.bought_on)).distinct().where(mine)  # type: ignore[attr-defined]
        cells |= {(i, first_of_month(day)) for i, day in connection.execute(days)}
    told = _told(connection, cells)
    return _(UNDO_REFUSED).format(months=told) if told else None


def _told(connection: Connection, cells: set[Cell]) -> str:
    """Those of the cells that are closed, in words; empty where none is."""
    closed = closed_months(connection, {institution for institution, _month in cells})
    by_name: dict[str, list[date]] = {}
    for cell, name in closed.items():
        if cell in cells:
            by_name.setdefault(name, []).append(cell[1])
    named = [_of_one(name, months) for name, months in list(by_name.items())[:NAMED]]
    text = _("、").join(named)
    return (
        text if len(by_name) <= NAMED else _("{names}等{count}家机构").format(names=text, count=len(by_name))
    )


def _of_one(name: str, months: Iterable[date]) -> str:
    listed = _("、").join(f"{month:%Y-%m}" for month in months)
    return _("“{institution}”的{months}").format(institution=name, months=listed)
