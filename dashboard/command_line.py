"""`vbp`: one thin module over the same front doors that the pages use.

Exit codes: 0 done (loaded or unchanged), 1 problems found (of a file with problems nothing is loaded), 2
wrong use. With --json, stdout holds JSON and nothing else; progress and messages go to stderr.
"""

import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from dashboard import (
    audit_command,
    export_command,
    import_command,
    keep_command,
    matches_command,
    months_command,
    policies_command,
    settle_command,
    users_command,
    whatif_command,
)
from dashboard.command_output import AsJson, Database, fail, messages, print_json, print_table
from dashboard.export_trail import record_export
from dashboard.filter_options import (
    AsOf,
    Batches,
    Category,
    From,
    Institutions,
    KnownAt,
    To,
    check_names,
    filters_of,
    opened,
)
from procurement.default_url import DEFAULT_URL
from procurement.language import _

app = typer.Typer(
    name="vbp",
    help=_("集中带量采购：导入工作簿，查询价格、节约、完成与结余留用。"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


OBJECTS_UNTIL_COLLECTION = 100_000
"""A command makes rows and columns that live until it ends; looking for cycles among them is a tenth."""


def main() -> None:
    """The entry point: whatever goes wrong is told in a sentence."""
    gc.set_threshold(OBJECTS_UNTIL_COLLECTION)
    if hasattr(sys.stdout, "reconfigure") and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")  # a Windows pipe would otherwise be GBK
    try:
        app()
    except OSError as problem:
        file = problem.filename or ""
        fail(_("文件“{file}”无法读写：{problem}").format(file=file, problem=problem.strerror or problem), 1)
    except LookupError as problem:
        if os.environ.get("VBP_DEBUG"):
            raise
        fail(str(problem), 1)
    except Exception as problem:
        _fail_of_database(problem)
        raise


def _fail_of_database(problem: Exception) -> None:
    """End with a sentence if the database is what went wrong; its library is loaded already, or it is not."""
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

    if isinstance(problem, ArgumentError | NoSuchModuleError):
        fail(_("数据库地址无法识别：{problem}。例如 sqlite:///var/vbp.db").format(problem=problem), 2)
    if isinstance(problem, DBAPIError):
        fail(_("数据库无法使用：{problem}").format(problem=problem.orig), 1)


# --- Importing -------------------------------------------------------------------------------------


app.command("import", help=_("导入一个或多个工作簿（或文件夹）。"))(import_command.import_)
app.command(help=_("列出已完成的导入和撤销。"))(import_command.imports)
app.command(help=_("撤销一次导入，恢复它替换的内容。"))(import_command.undo)
app.add_typer(matches_command.app, name="matches", help=_("没有产品编码的产品：确认是目录中的哪一个。"))
app.add_typer(months_command.app, name="months", help=_("月度上报：谁已上报、谁要催报；关账、重新开放。"))
app.add_typer(policies_command.app, name="policies", help=_("政策参数：查询、增加、撤回，载入本市文件。"))


@app.command(help=_("写出一个模板：标题、示例行和各列说明；指明机构的，写好该机构的产品或品种。"))
def template(
    kind: Annotated[str, typer.Argument(help=_("表种，如 purchases。"))],
    file: Annotated[Path, typer.Argument(help=_("要写出的 .xlsx 文件。"))],
    institution: Annotated[str | None, typer.Option(help=_("机构编码：模板只写该机构的产品或品种。"))] = None,
    db: Database = DEFAULT_URL,
) -> None:
    from etl.headings import KINDS
    from etl.templates import PREFILLED
    from etl.templates import template as make_template

    if kind not in KINDS:
        raise typer.BadParameter(_("表种只能是：{kinds}").format(kinds=_("、").join(KINDS)))
    if institution is None:
        content = make_template(kind)
    elif kind not in PREFILLED:
        raise typer.BadParameter(_("--institution 只用于：{kinds}").format(kinds=_("、").join(PREFILLED)))
    else:
        from procurement.database import open_database, reading

        with reading(open_database(db)) as connection:
            content = make_template(kind, institution, connection)
    file.write_bytes(content)
    messages.print(_("已写出模板：{file}").format(file=file), markup=False)


app.command(help=_("起草、审核、确认结余留用的结算，或更正已确认的结算。"))(settle_command.settle)
app.command(help=_("测算模拟：改变采购、约定量、得分或政策，看结余留用的变化。"))(whatif_command.whatif)


app.add_typer(export_command.app, name="export", help=_("写出结余留用的核算表和汇总表。"))


# --- Figures ---------------------------------------------------------------------------------------


@app.command(help=_("总览指标。"))
def summary(
    batch: Batches = None,
    category: Category = None,
    institution: Institutions = None,
    first: From = None,
    last: To = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.exports.overview import known_text
    from dashboard.headline import headline
    from procurement.database import reading
    from procurement.published import summary_record
    from procurement.summary import summary as summarise

    filters = filters_of(batch, category, institution, first, last, as_of)
    with opened(db, known_at) as engine, reading(engine) as connection:
        check_names(connection, filters)
        figures, then = summarise(connection, filters), known_text(connection)
    if as_json:
        print_json(summary_record(figures))
    else:
        for line in [*([then] if then else []), *headline(figures, filters.is_narrowed)]:
            typer.echo(line)


WITH_BASIS = ("retention", "retention-lines")
"""Tables that can be told on either spending basis."""


@app.command(help=_("一张数据表：prices、savings、completion、retention、retention-lines、settlements 等。"))
def table(
    name: Annotated[str, typer.Argument(help=_("表名。"))],
    batch: Batches = None,
    category: Category = None,
    institution: Institutions = None,
    first: From = None,
    last: To = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    basis: Annotated[str | None, typer.Option(help=_("结余留用的支出口径：agreed 或 actual。"))] = None,
    as_json: AsJson = False,
    csv: Annotated[Path | None, typer.Option(help=_("写入CSV文件。"))] = None,
    xlsx: Annotated[Path | None, typer.Option(help=_("写入XLSX文件。"))] = None,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.exports.overview import filters_text
    from dashboard.exports.sheet_writer import TooManyRows
    from dashboard.exports.sheets import csv_bytes, sheet_bytes
    from procurement.database import reading
    from procurement.figures import measuring_day
    from procurement.published import TABLES, records

    if name not in TABLES:
        raise typer.BadParameter(_("表名只能是：{names}").format(names=_("、").join(TABLES)))
    if basis and (name not in WITH_BASIS or basis not in ("agreed", "actual")):
        raise typer.BadParameter(_("--basis 只用于 retention 和 retention-lines，取 agreed 或 actual。"))
    chosen = TABLES[name]
    more = {"basis": basis} if basis else {}
    filters = filters_of(batch, category, institution, first, last, as_of)
    with opened(db, known_at) as engine, reading(engine) as connection:
        check_names(connection, filters)
        rows = chosen.figure(connection, filters, **more)
        words = filters_text(connection, filters, measuring_day(connection, filters))
    columns = list(chosen.columns.values())
    if csv:
        csv.write_bytes(csv_bytes(rows, columns))
    if xlsx:
        try:
            xlsx.write_bytes(sheet_bytes(_(chosen.title), rows, columns, words))
        except TooManyRows as problem:
            fail(str(problem), 1)
    for file in (csv, xlsx):
        if file:
            record_export(db, file, table=name, known_at=known_at)
    if as_json:
        print_json(records(rows, chosen.columns))
    elif not (csv or xlsx):
        print_table(rows, chosen.columns)


# --- People ----------------------------------------------------------------------------------------


app.add_typer(users_command.app, name="users", help=_("账号：建立、更改、停用、重置密码。"))
app.add_typer(audit_command.app, name="audit", help=_("审计记录：谁在何时做过什么，记录是否完整。"))


# --- Keeping ---------------------------------------------------------------------------------------


app.command(help=_("备份数据库：不停止服务，写成一个可直接打开的SQLite文件，并核对。"))(keep_command.backup)
app.command(help=_("用备份恢复数据库；请先停止服务。"))(keep_command.restore)
app.command(help=_("把较早版本建立的数据库升级到本版。"))(keep_command.migrate)
app.command(help=_("核对数据库：引用、汇总、结算、审计记录；发现问题时退出码为1。"))(keep_command.check)


# --- Serving ---------------------------------------------------------------------------------------

Port = Annotated[int, typer.Option(help=_("端口。"))]


@app.command(help=_("启动数据看板。"))
def serve(
    host: Annotated[str, typer.Option(help=_("监听地址；默认只供本机访问。"))] = "127.0.0.1",
    port: Port = 8501,
    db: Database = DEFAULT_URL,
) -> None:
    _serve(db, host, port)


def _serve(db: str, host: str, port: int, *, is_demo: bool = False) -> None:
    from dashboard.server import serve as run

    shown = "localhost" if host == "127.0.0.1" else host
    address = f"http://{shown}:{port}"
    if not is_demo and sys.stdin.isatty():
        from dashboard.first_administrator import ask_for_administrator

        ask_for_administrator(db, lambda text: messages.print(text, markup=False))
    messages.print(_("数据看板：{address}（按 Ctrl+C 停止）").format(address=address), markup=False)
    run(db, host=host, port=port, is_demo=is_demo, say=lambda text: messages.print(text, markup=False))


@app.command(help=_("载入示例城市，显示总览指标并启动数据看板。"))
def demo(
    city: Annotated[str, typer.Option("--set", help=_("示例数据：puyang 或 hengshui。"))] = "puyang",
    port: Port = 8501,
    only_load: Annotated[bool, typer.Option("--only-load", help=_("只载入，不启动看板。"))] = False,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.demo import load_sample
    from dashboard.headline import headline
    from procurement.database import open_database, reading
    from procurement.summary import summary as summarise

    engine = open_database(db)
    load_sample(engine, city, messages)
    with reading(engine) as connection:
        for line in headline(summarise(connection)):
            typer.echo(line)
    if not only_load:
        _serve(db, "127.0.0.1", port, is_demo=True)
