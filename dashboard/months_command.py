"""`vbp months`: who has reported a month; closing it, opening it again, and who has to be reminded."""

import getpass
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.command_output import AsJson, Database, fail, messages, print_json, print_table
from dashboard.filter_options import Institutions
from procurement.default_url import DEFAULT_URL
from procurement.language import _

if TYPE_CHECKING:
    from procurement.reporting import MonthOutcome

app = typer.Typer(invoke_without_command=True, pretty_exceptions_enable=False)

Month = Annotated[str, typer.Option("--month", metavar="2022-03", help=_("月份。"))]
LastMonth = Annotated[
    str | None, typer.Option("--month", metavar="2022-03", help=_("月份；默认为最近一个应报的月份。"))
]
EvenOpen = Annotated[bool, typer.Option("--even-open", help=_("连同未上报的机构一并关账。"))]

OUTCOME_COLUMNS = {
    "institution_code": "institution_code",
    "institution_name": "institution_name",
    "month": "month",
    "state": "month_state",
    "was_open": "was_open",
    "reason": "outcome_reason",
}
"""Public name → column, as `vbp months close` and `reopen` tell what became of each institution."""


@app.callback()
def months(
    context: typer.Context, month: LastMonth = None, as_json: AsJson = False, db: Database = DEFAULT_URL
) -> None:
    if context.invoked_subcommand is not None:
        return
    from procurement.database import open_database, reading
    from procurement.filters import Filters
    from procurement.reporting import default_month, month_states

    with reading(open_database(db)) as connection:
        chosen = month_of(month) if month else default_month(connection)
        rows = month_states(connection, Filters(), chosen, chosen)
    _print(rows[rows["report_state"] != "not_asked"], "months", as_json)


@app.command(help=_("列出应报未报的机构和月份。"))
def remind(as_json: AsJson = False, db: Database = DEFAULT_URL) -> None:
    from procurement.database import open_database, reading
    from procurement.reporting import reminders

    with reading(open_database(db)) as connection:
        rows = reminders(connection)
    _print(rows, "reminders", as_json)


@app.command(help=_("关账：该月此后不再接受导入。未上报的机构不关账，除非另有说明。"))
def close(
    month: Month,
    institution: Institutions = None,
    even_open: EvenOpen = False,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from procurement.database import open_database
    from procurement.reporting import close as close_month

    chosen, engine = month_of(month), open_database(db)
    codes = list(institution) if institution else None
    _tell(lambda: close_month(engine, chosen, codes, getpass.getuser(), even_open=even_open), as_json)


@app.command(help=_("重新开放已关账的月份，须写明原因。"))
def reopen(
    month: Month,
    institution: Annotated[list[str], typer.Option("--institution", help=_("机构编码，可重复。"))],
    reason: Annotated[str, typer.Option("--reason", help=_("重新开放的原因。"))],
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from procurement.database import open_database
    from procurement.reporting import reopen as reopen_month

    chosen, engine = month_of(month), open_database(db)
    _tell(lambda: reopen_month(engine, chosen, institution, reason, getpass.getuser()), as_json)


def month_of(text: str) -> date:
    """A month written 2022-03."""
    try:
        return datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        told = _("月份“{text}”无法识别，请写成 2022-03。")
        raise typer.BadParameter(told.format(text=text)) from None


def _print(rows: Any, table: str, as_json: bool) -> None:
    from procurement.published import TABLES, records

    columns = TABLES[table].columns
    if as_json:
        print_json(records(rows, columns))
    else:
        print_table(rows, columns)


def _tell(act: "Callable[[], list[MonthOutcome]]", as_json: bool) -> None:
    """What became of each; exit code 1 where something asked for was not done."""
    import pandas as pd

    from procurement.published import records
    from procurement.reporting import ReportingRefused

    try:
        outcomes = act()
    except ReportingRefused as refused:
        fail(str(refused), 1)
    rows = pd.DataFrame([vars(outcome) for outcome in outcomes]).rename(columns={"reason": "outcome_reason"})
    rows["month"] = pd.to_datetime(rows["month"])
    if as_json:
        print_json(records(rows, OUTCOME_COLUMNS))
    else:
        print_table(rows, OUTCOME_COLUMNS)
        done = int((rows["outcome_reason"] == "").sum())
        text = _("{done}家已办理，{left}家未办理。")
        messages.print(text.format(done=done, left=len(rows) - done), markup=False)
    if (rows["outcome_reason"] != "").any():
        raise SystemExit(1)
