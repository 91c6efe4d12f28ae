"""The filters as the command line asks for them: its options, read into procurement.filters.Filters; and the
state of the ledger that they are put to."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.command_output import messages
from procurement.filters import Filters
from procurement.language import N_, _

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Batches = Annotated[list[str] | None, typer.Option("--batch", help=_("批次名称，可重复。"))]
Category = Annotated[str | None, typer.Option(help=_("drug（药品）或 consumable（耗材）。"))]
Institutions = Annotated[list[str] | None, typer.Option("--institution", help=_("机构编码，可重复。"))]
From = Annotated[str | None, typer.Option("--from", help=_("采购日期自（2022-01-01 或 2022-01）。"))]
To = Annotated[str | None, typer.Option("--to", help=_("采购日期至。"))]
AsOf = Annotated[str | None, typer.Option("--as-of", help=_("测算日；默认为已载入采购的最后一天。"))]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        help=_(
            "按过去某一时点的台账出数，写到秒（2022-03-15T17:30:00，北京时间）；只写日期的，按当日结束时。"
            "此后的导入、更正、撤销和决定都不计。"
        ),
    ),
]

AS_OF_THEN = N_(
    "以下按{time}时点的台账：此后的导入、更正、撤销和决定都不计。"
    "账号、登录和操作日志不在其内；随软件发布的政策条目以现用版本为准。"
)


@contextmanager
def opened(db: str, known_at: str | None) -> "Iterator[Engine]":
    """The ledger at an address; with `known_at` as it was known then, and a sentence that says so."""
    from procurement.database import open_database

    moment = moment_in(known_at) if known_at else None
    engine = open_database(db)
    if moment is None:
        yield engine
        return
    from procurement.known_at import known_at as ledger_at
    from procurement.periods import local_text

    with ledger_at(engine, moment) as then:
        told = _(AS_OF_THEN).format(time=local_text(moment))
        messages.print(told, markup=False, soft_wrap=True)
        yield then


_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})?)?")


def moment_in(text: str) -> datetime:
    """A moment in the local time, unless it tells its own; a day alone is its end, and today until now."""
    from procurement.periods import LOCAL_TIME

    said = text.strip()
    try:
        found = datetime.fromisoformat(said) if _MOMENT.fullmatch(said) else None
    except ValueError:
        found = None
    if found is None:
        says = _("时点“{text}”无法识别，请写成 2022-03-15 或 2022-03-15T17:30:00。")
        raise typer.BadParameter(says.format(text=text))
    now = datetime.now(UTC).replace(microsecond=0)
    is_day = len(said) == len("2022-03-15")
    if is_day and found.date() == now.astimezone(LOCAL_TIME).date():
        return now
    found = datetime.combine(found, time(23, 59, 59)) if is_day else found
    found = found if found.tzinfo else found.replace(tzinfo=LOCAL_TIME)
    if found > now:
        raise typer.BadParameter(_("时点“{text}”还没有到，请写过去的时点。").format(text=text))
    return found.astimezone(UTC)


def filters_of(
    batch: list[str] | None,
    category: str | None,
    institution: list[str] | None,
    first: str | None,
    last: str | None,
    as_of: str | None,
) -> Filters:
    """The options as filters; wrong words end with a sentence and exit code 2."""
    words = {"药品": "drug", "耗材": "consumable", "drug": "drug", "consumable": "consumable"}
    if category and category not in words:
        raise typer.BadParameter(_("类别只能是 drug（药品）或 consumable（耗材）。"))
    first_day, last_day = day_of(first), day_of(last, last_of=True)
    if first_day and last_day and first_day > last_day:
        raise typer.BadParameter(_("--from 不能晚于 --to。"))
    return Filters(
        batches=tuple(batch or ()),
        category=words[category] if category else None,
        institutions=tuple(institution or ()),
        first_day=first_day,
        last_day=last_day,
        as_of=day_of(as_of, last_of=True),
    )


def day_of(text: str | None, last_of: bool = False) -> date | None:
    """A day written 2022-03-15, or a month 2022-03: its first day, or its last where an end is meant."""
    from procurement.periods import last_of_month

    if not text:
        return None
    for pattern in ("%Y-%m-%d", "%Y-%m"):
        try:
            day = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        return last_of_month(day) if last_of and pattern == "%Y-%m" else day
    raise typer.BadParameter(_("日期“{text}”无法识别，请写成 2022-03-15 或 2022-03。").format(text=text))


def check_names(connection: "Connection", filters: Filters) -> None:
    """A mistyped name would look like a figure of nothing."""
    from procurement.queries.register import unknown_names

    unknown = unknown_names(connection, filters)
    if unknown:
        names = _("、").join(unknown)
        raise typer.BadParameter(_("台账中没有这些批次或机构：{names}。").format(names=names))
