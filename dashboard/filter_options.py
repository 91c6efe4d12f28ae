"""The filters as the command line asks for them: its options, read into procurement.filters.Filters."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from procurement.filters import Filters
from procurement.language import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

Batches = Annotated[list[str] | None, typer.Option("--batch", help=_("批次名称，可重复。"))]
Category = Annotated[str | None, typer.Option(help=_("drug（药品）或 consumable（耗材）。"))]
Institutions = Annotated[list[str] | None, typer.Option("--institution", help=_("机构编码，可重复。"))]
From = Annotated[str | None, typer.Option("--from", help=_("采购日期自（2022-01-01 或 2022-01）。"))]
To = Annotated[str | None, typer.Option("--to", help=_("采购日期至。"))]
AsOf = Annotated[str | None, typer.Option("--as-of", help=_("测算日；默认为已载入采购的最后一天。"))]


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
