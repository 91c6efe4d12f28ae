"""What the overview's workbook and deck tell, gathered once from the front doors of the figures."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from dashboard.formats import day_text, word_text
from procurement import figures
from procurement.filters import Filters
from procurement.known_at import moment_of
from procurement.language import _
from procurement.measures.completion import CompletionPolicy
from procurement.measures.prices import average_drop_simple
from procurement.periods import local_text
from procurement.queries.policies import policy_book
from procurement.queries.purchases import SUMS
from procurement.queries.register import institutions
from procurement.summary import summary

MOST_NAMED = 3
"""Names of a filter that are told one by one; more are counted."""


@dataclass(frozen=True)
class Overview:
    """A city on its measuring day: the summary and the frames behind it.

    `savings` has a row per month × batch, `variety_savings` per batch × variety; `prices`, `completion`
    and `retention` are those of procurement.figures. `area` names the city where it is known.
    """

    summary: dict[str, dict]
    savings: pd.DataFrame
    variety_savings: pd.DataFrame
    prices: pd.DataFrame
    completion: pd.DataFrame
    retention: pd.DataFrame
    completion_policy: CompletionPolicy
    as_of: date | None = None
    area: str = ""
    filters_text: str = ""
    is_narrowed: bool = False

    @property
    def is_empty(self) -> bool:
        """Neither a list nor a purchase is loaded (or the filters let none through)."""
        return self.prices.empty and self.savings.empty

    @property
    def current(self) -> pd.DataFrame:
        """Completion in the agreement year that holds the measuring day."""
        return self.completion[self.completion["is_current"].astype(bool)]


def gather(connection: Connection, filters: Filters = Filters(), area: str = "") -> Overview:
    """Everything that the overview's exports need, as of one state of the ledger."""
    as_of = figures.measuring_day(connection, filters)
    filters = filters.on(as_of) if as_of else filters
    return Overview(
        summary=summary(connection, filters),
        savings=figures.savings(connection, filters, ("month", "batch_id")),
        variety_savings=figures.savings(connection, filters, ("batch_id", "variety_id")),
        prices=figures.prices(connection, filters),
        completion=figures.completion(connection, filters),
        retention=figures.retention(connection, filters),
        completion_policy=figures.completion_policy(policy_book(connection), as_of or date.min),
        as_of=as_of,
        area=area,
        filters_text=filters_text(connection, filters, as_of),
        is_narrowed=filters.is_narrowed,
    )


def filters_text(connection: Connection, filters: Filters, as_of: date | None) -> str:
    """What a reader chose, in one line; the measuring day last, and the moment of a ledger of then."""
    names = institutions(connection, filters).set_index("institution_code")["institution_name"]
    parts = [
        _chosen(_("批次"), filters.batches),
        _chosen(_("类别"), (word_text(filters.category),) if filters.category else ()),
        _chosen(_("机构"), tuple(str(names.get(code, code)) for code in filters.institutions)),
        _chosen(_("区县"), filters.districts),
        _chosen(_("品种"), filters.varieties),
        _days(filters),
        _("数据截至{day}").format(day=day_text(as_of)) if as_of else _("尚无采购记录"),
        known_text(connection),
    ]
    return _("；").join(part for part in parts if part)


def known_text(connection: Connection) -> str:
    """Which state of the ledger a report is of; nothing where it is the present one."""
    moment = moment_of(connection)
    if moment is None:
        return ""
    return _("台账时点：{time}（此后的更正不计）").format(time=local_text(moment))


def _chosen(label: str, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    text = _("、").join(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        text = _("{names}等{count}个").format(names=text, count=len(names))
    return _("{label}：{text}").format(label=label, text=text)


def _days(filters: Filters) -> str:
    first = day_text(filters.first_day) if filters.first_day else ""
    last = day_text(filters.last_day) if filters.last_day else ""
    if first and last:
        return _("采购日期：{first}至{last}").format(first=first, last=last)
    if first:
        return _("采购日期：{first}起").format(first=first)
    return _("采购日期：截至{last}").format(last=last) if last else ""


def summed(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Savings summed by other keys; a sum of nothing but empty figures is empty."""
    sums = [name for name in [*SUMS, "saving_amount"] if name in rows]
    return rows.groupby(by, dropna=False, sort=False)[sums].sum(min_count=1).reset_index()


def savings_by_batch(overview: Overview) -> pd.DataFrame:
    """One row per batch, oldest first."""
    rows = summed(overview.savings, ["batch_id", "batch", "category", "execution_date", "end_date"])
    return rows.sort_values(["execution_date", "batch"], kind="stable").reset_index(drop=True)


def savings_by_month(overview: Overview) -> pd.DataFrame:
    """One row per month, oldest first."""
    return summed(overview.savings, ["month"]).sort_values("month").reset_index(drop=True)


def drops_by_batch(prices: pd.DataFrame) -> pd.DataFrame:
    """One row per batch with a known drop: the simple mean over its varieties, largest first."""
    rows = [
        (batch, category, average_drop_simple(of_batch))
        for (batch, category), of_batch in prices.groupby(["batch", "category"], sort=False)
    ]
    frame = pd.DataFrame(rows, columns=["batch", "category", "drop"]).dropna(subset=["drop"])
    return frame.sort_values("drop", ascending=False, kind="stable").reset_index(drop=True)


def top_varieties(overview: Overview, count: int) -> pd.DataFrame:
    """The varieties that saved most, a variety of several batches once: variety, category, saving_amount."""
    rows = summed(overview.variety_savings, ["variety", "category"]).dropna(subset=["saving_amount"])
    rows = rows[rows["saving_amount"] > 0]
    return rows.sort_values("saving_amount", ascending=False, kind="stable").head(count)
