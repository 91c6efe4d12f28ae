"""Purchase lines, monthly purchases and roll-ups say the same.

lines     per institution: the months hold as many lines, base units and yuan as the lines themselves
grain     each row of the months is what lines, lists and policies make of it today
rollups   each row of a roll-up is the sum of its rows of the grain
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, case, func, literal_column, select
from sqlmodel import SQLModel, col

from procurement.checking.finding import Finding
from procurement.database import total
from procurement.frames import read_frame
from procurement.language import N_, _
from procurement.ledger import build, price_basis, purchase_lines
from procurement.measures.grain import GRAIN, MEASURED
from procurement.money import yuan
from procurement.rollups import ADDITIVE
from procurement.tables import Institution, MonthlyPurchase, Purchase
from procurement.tables.rollup import ROLLUPS, Sums

LINES_DIFFER = N_(
    "机构 {code}：采购明细为{lines}行、{units}个最小单位、{amount}元，"
    "月度采购为{month_lines}行、{month_units}个最小单位、{month_amount}元。"
    "明细被删改的，请用 vbp restore 从备份恢复；明细无误的，请运行 vbp check --rebuild 重新汇总。"
)
MONTHS_DIFFER = N_(
    "月度采购有{count}行与按采购明细、目录和政策重新计算的结果不同（如机构 {code} {month}）。"
    "请运行 vbp check --rebuild 重新汇总。"
)
ROLLUP_DIFFERS = N_(
    "汇总表 {table} 有{count}行与月度采购之和不同（如 {example}）。请运行 vbp check --rebuild 重新汇总。"
)


def lines(connection: Connection) -> Iterator[Finding]:
    """One finding per institution whose months do not add up to its lines."""
    of_lines = _sums(Purchase, func.count())
    of_months = _sums(MonthlyPurchase, total(col(MonthlyPurchase.lines)))
    for number, ours, theirs in _differing(connection, of_lines, of_months):
        words = _told(ours) | {f"month_{name}": value for name, value in _told(theirs).items()}
        code = _code(connection, number)
        yield Finding("lines", code, _(LINES_DIFFER).format(code=code, **words))


def _sums(table: type[SQLModel], count: ColumnElement) -> Select:
    """Institution, lines, base units, amount."""
    columns = table.__table__.c  # type: ignore[attr-defined]
    sums = (count, func.coalesce(total(columns.base_units), 0), total(columns.paid_amount))
    return select(columns.institution_id, *sums).group_by(columns.institution_id)


def _differing(connection: Connection, *queries: Select) -> Iterator[tuple[int, tuple, tuple]]:
    ours, theirs = ({row[0]: tuple(row[1:]) for row in connection.execute(query)} for query in queries)
    for number in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get(number, (0, 0, 0)), theirs.get(number, (0, 0, 0))
        if one != other:
            yield number, one, other


def _told(sums: tuple) -> dict[str, str]:
    count, units, amount = sums
    return {"lines": f"{count:,}", "units": f"{units:,}", "amount": f"{yuan(amount):,.2f}"}


def _code(connection: Connection, institution_id: int) -> str:
    """The institution's code; its number where there is no such institution."""
    query = select(col(Institution.code)).where(col(Institution.id) == institution_id)
    return connection.execute(query).scalar() or f"#{institution_id}"


def grain(connection: Connection) -> Iterator[Finding]:
    """One finding, with an example, where the months are not what they would be if built anew."""
    columns = [*GRAIN, *MEASURED]
    kept = read_frame(connection, select(*[col(getattr(MonthlyPurchase, name)) for name in columns]))
    built = build(purchase_lines(connection), price_basis(connection))[columns]
    both = pd.concat([_comparable(kept), _comparable(built)], ignore_index=True)
    once = both[~both.duplicated(keep=False)].drop_duplicates(GRAIN)
    if len(once):
        first = once.sort_values(["institution_id", "month"]).iloc[0]
        code, month = _code(connection, int(first["institution_id"])), pd.Timestamp(first["month"])
        says = _(MONTHS_DIFFER).format(count=len(once), code=code, month=f"{month:%Y-%m}")
        yield Finding("grain", "monthly_purchase", says)


def _comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """Whole numbers throughout; what is missing equals what is missing."""
    months = rows["month"].astype("datetime64[s]").astype("int64")
    numbers = rows.assign(month=months * 10**9).astype("Int64")
    return numbers.fillna(-(2**62)).astype("int64")


def rollups(connection: Connection) -> Iterator[Finding]:
    """One finding, with an example, per roll-up that is not the sum of the grain."""
    for table, keys in ROLLUPS.items():
        found = _not_sums(connection, table, keys)
        if found:
            name = str(table.__tablename__)
            example = _("、").join(f"{key}={value}" for key, value in zip(keys, found[0], strict=True))
            says = _(ROLLUP_DIFFERS).format(table=name, count=len(found), example=example)
            yield Finding("rollups", name, says)


def _not_sums(connection: Connection, table: type[Sums], keys: tuple[str, ...]) -> list[tuple]:
    """Keys of the rows that only the roll-up, or only the grain, has with these sums."""
    grain_keys = [_grain_key(name) for name in keys]
    ours = select(*[col(getattr(table, name)) for name in (*keys, *ADDITIVE)])
    theirs = select(*grain_keys, *map(_of_grain, ADDITIVE)).group_by(*grain_keys)
    differing = (ours.except_(theirs), theirs.except_(ours))
    return sorted({tuple(row[: len(keys)]) for query in differing for row in connection.execute(query)})


def _grain_key(name: str) -> ColumnElement:
    column = col(getattr(MonthlyPurchase, name))
    may_be_empty = name in ("batch_id", "variety_id", "agreement_year")
    return (func.coalesce(column, literal_column("0")) if may_be_empty else column).label(name)


def _of_grain(name: str) -> ColumnElement[int]:
    """How an additive column of a roll-up follows from the grain."""
    compared = {"compared_lines": "lines", "compared_amount": "paid_amount"}
    column: Any = col(getattr(MonthlyPurchase, compared.get(name, name)))
    if name in compared:
        column = case((col(MonthlyPurchase.baseline_amount).is_not(None), column), else_=0)
    return func.coalesce(total(column), 0).label(name)
