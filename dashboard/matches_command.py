"""`vbp matches`: products without a code, what is proposed for them, and the decisions of people."""

import getpass
from collections.abc import Callable
from typing import Annotated

import typer

from dashboard.command_output import AsJson, Database, fail, messages, print_json, print_table
from procurement.default_url import DEFAULT_URL
from procurement.language import _

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)

Own = Annotated[str, typer.Argument(metavar="TMP", help=_("无编码产品的临时编码。"))]
Other = Annotated[str, typer.Argument(metavar="CODE", help=_("目录中产品的编码。"))]


@app.command("list", help=_("列出没有产品编码的产品和与其相近的目录产品。"))
def list_(
    decided: Annotated[bool, typer.Option("--decided", help=_("列出已作的决定。"))] = False,
    limit: Annotated[int | None, typer.Option(help=_("只列采购金额最大的若干个产品。"), min=1)] = None,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from etl.matching.decisions import proposals
    from procurement.database import open_database, reading
    from procurement.published import records
    from procurement.queries.matches import DECISION_COLUMNS, MATCH_COLUMNS, decisions

    columns = DECISION_COLUMNS if decided else MATCH_COLUMNS
    with reading(open_database(db)) as connection:
        rows = decisions(connection) if decided else proposals(connection, limit=limit)
    if as_json:
        print_json(records(rows, columns))
    else:
        print_table(rows, columns)


@app.command(help=_("确认两者是同一产品；--exact 确认所有写法完全一致的。"))
def confirm(
    own: Annotated[str | None, typer.Argument(metavar="TMP", help=_("无编码产品的临时编码。"))] = None,
    other: Annotated[str | None, typer.Argument(metavar="CODE", help=_("目录中产品的编码。"))] = None,
    exact: Annotated[bool, typer.Option("--exact", help=_("确认所有写法完全一致的产品。"))] = False,
    db: Database = DEFAULT_URL,
) -> None:
    from etl.matching.decisions import confirm as join
    from etl.matching.decisions import confirm_exact
    from procurement.database import open_database

    if exact == bool(own and other) or (exact and own):
        raise typer.BadParameter(_("请给出两个编码，或只写 --exact。"))
    engine, by = open_database(db), getpass.getuser()
    pairs = [(own, other)] if own and other else []
    count = _decided(lambda: join(engine, pairs, by=by) if pairs else confirm_exact(engine, by=by))
    _say(_("已确认{count}个产品。"), count)


@app.command(help=_("说明两者不是同一产品，以后不再提示。"))
def reject(own: Own, other: Other, db: Database = DEFAULT_URL) -> None:
    from etl.matching.decisions import reject as refuse
    from procurement.database import open_database

    engine = open_database(db)
    _say(_("已否定{count}对产品。"), _decided(lambda: refuse(engine, [(own, other)], by=getpass.getuser())))


@app.command(help=_("撤回一项决定，各项数字恢复到决定之前。"))
def revoke(own: Own, other: Other, db: Database = DEFAULT_URL) -> None:
    from etl.matching.decisions import revoke as take_back
    from procurement.database import open_database

    engine = open_database(db)
    count = _decided(lambda: take_back(engine, [(own, other)], by=getpass.getuser()))
    _say(_("已撤回{count}项决定。"), count)


def _decided(decide: Callable[[], int]) -> int:
    """The count that a decision gives; one that is refused ends the command with its sentence."""
    from etl.matching.decisions import MatchRefused

    try:
        return decide()
    except MatchRefused as refused:
        fail(str(refused), 1)


def _say(text: str, count: int) -> None:
    messages.print(text.format(count=count), markup=False)
