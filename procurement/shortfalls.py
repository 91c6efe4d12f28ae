"""Agreed volumes that are not being bought, and the reasons that institutions give (未完成原因).

    explain(engine, [("H001", 29, 3)], "supply", by="li", scope=("H001",))
    shortfalls(connection, Filters())      one row per variety behind or at risk, with the reason that counts

Reasons are only added to: the latest of an institution, variety and agreement year counts.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection, Engine, Row, Select, insert, select
from sqlmodel import col

from procurement import figures
from procurement.database import writing
from procurement.filters import Filters
from procurement.language import N_, _
from procurement.people import audit
from procurement.people.readers import Scope
from procurement.queries.conditions import of_institutions
from procurement.queries.shortfalls import shortfall_reasons, with_reasons
from procurement.tables import AgreedVolume, Batch, Institution, ShortfallReason, Variety
from procurement.tables.reporting import SHORTFALL_REASONS

LONGEST = 500
"""Characters of a text."""

SHORT = ("behind", "at_risk")
"""Statuses that ask for a reason."""

Key = tuple[str, int, int]
"""Institution code, variety_id, agreement year."""

NOTHING_CHOSEN = N_("请先在表中选择需要说明的品种。")
BAD_REASON = N_("没有“{reason}”这个原因；可用的是：{reasons}。")
NO_TEXT = N_("选择“其他”时，请在补充说明中写明原因。")
TOO_LONG = N_("补充说明最多{most}个字，现有{count}个字，请精简。")
NOT_AGREED = N_("机构{code}第{year}协议年度没有这个品种的约定采购量，不需要说明。请刷新页面后重选。")


class ReasonRefused(ValueError):
    """Nothing was written; the sentence says why and what to do."""


def explain(
    engine: Engine, keys: Iterable[Key], reason: str, text: str = "", *, by: str, scope: Scope = None
) -> int:
    """Give one reason for some varieties, all or none of them; returns how many."""
    wanted, text = sorted(set(keys)), text.strip()
    if not wanted:
        raise ReasonRefused(_(NOTHING_CHOSEN))
    if reason not in SHORTFALL_REASONS:
        raise ReasonRefused(_(BAD_REASON).format(reason=reason, reasons=_("、").join(SHORTFALL_REASONS)))
    if reason == "other" and not text:
        raise ReasonRefused(_(NO_TEXT))
    if len(text) > LONGEST:
        raise ReasonRefused(_(TOO_LONG).format(most=LONGEST, count=len(text)))
    with writing(engine) as connection:
        for key in wanted:
            _write(connection, _agreed(connection, key, scope), reason, text, by)
    return len(wanted)


def _agreed(connection: Connection, key: Key, scope: Scope) -> Row:
    """The agreed volume that is spoken of, with its names; one outside of the scope is not there."""
    code, variety_id, year = key
    query: Select = (
        select(
            col(Institution.id).label("institution_id"),
            col(Institution.name).label("institution_name"),
            col(Variety.id).label("variety_id"),
            col(Variety.name).label("variety"),
            col(Batch.name).label("batch"),
            col(AgreedVolume.agreement_year),
        )
        .join(Institution, col(AgreedVolume.institution_id) == col(Institution.id))
        .join(Variety, col(AgreedVolume.variety_id) == col(Variety.id))
        .join(Batch, col(AgreedVolume.batch_id) == col(Batch.id))
        .where(col(AgreedVolume.variety_id) == variety_id, col(AgreedVolume.agreement_year) == year)
    )
    found = connection.execute(of_institutions(query, Filters(institutions=(code,), scope=scope))).first()
    if found is None:
        raise ReasonRefused(_(NOT_AGREED).format(code=code, year=year))
    return found


def _write(connection: Connection, row: Row, reason: str, text: str, by: str) -> None:
    key = {name: getattr(row, name) for name in ("institution_id", "variety_id", "agreement_year")}
    said = {"reason": reason, "text": text, "at": datetime.now(UTC).replace(microsecond=0), "by": by}
    connection.execute(insert(ShortfallReason).values(key | said))
    title = f"{row.institution_name} {row.batch} {row.variety} {row.agreement_year}"
    audit.record(connection, "shortfall-explained", title, by=by, reason=reason, text=text)


def short_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Of figures.completion the running agreement years that are behind or at risk, those behind first."""
    found = rows[rows["is_current"].astype(bool) & rows["status"].isin(SHORT)]
    order = found["status"].map({status: place for place, status in enumerate(SHORT)})
    found = found.assign(order=order).sort_values(["order", "rate", "institution_code"], kind="stable")
    return found.drop(columns="order").reset_index(drop=True)


def shortfalls(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per variety behind or at risk, with shortfall_reason, shortfall_text, explained_at and
    explained_by where its institution has said why."""
    rows = short_of(figures.completion(connection, filters))
    return with_reasons(rows, shortfall_reasons(connection, filters))
