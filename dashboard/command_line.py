"""`vbp`: one thin module over the same front doors that the pages use.

Exit codes: 0 done (loaded or unchanged), 1 problems found (of a file with problems nothing is loaded), 2
wrong use. With --json, stdout holds JSON and nothing else; progress and messages go to stderr.
"""

import getpass
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from dashboard.filter_options import (
    AsOf,
    Batches,
    Category,
    From,
    Institutions,
    To,
    check_names,
    filters_of,
)
from procurement.database import DEFAULT_URL, open_database, reading
from procurement.language import _

app = typer.Typer(
    name="vbp",
    help=_("集中带量采购：导入工作簿，查询价格、节约、完成与结余留用。"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
messages = Console(stderr=True, highlight=False)

Database = Annotated[
    str, typer.Option("--db", envvar="VBP_DATABASE_URL", help=_("数据库地址。"), show_default=True)
]
AsJson = Annotated[bool, typer.Option("--json", help=_("以JSON输出。"))]


def main() -> None:
    """The entry point: whatever goes wrong is told in a sentence."""
    if hasattr(sys.stdout, "reconfigure") and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")  # a Windows pipe would otherwise be GBK
    try:
        app()
    except (ArgumentError, NoSuchModuleError) as problem:
        _fail(_("数据库地址无法识别：{problem}。例如 sqlite:///var/vbp.db").format(problem=problem), 2)
    except DBAPIError as problem:
        _fail(_("数据库无法使用：{problem}").format(problem=problem.orig), 1)
    except OSError as problem:
        file = problem.filename or ""
        _fail(_("文件“{file}”无法读写：{problem}").format(file=file, problem=problem.strerror or problem), 1)
    except LookupError as problem:
        if os.environ.get("VBP_DEBUG"):
            raise
        _fail(str(problem), 1)


def _fail(message: str, code: int) -> None:
    messages.print(message, style="red", markup=False, soft_wrap=True)
    raise SystemExit(code)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


# --- Importing -------------------------------------------------------------------------------------


@app.command("import", help=_("导入一个或多个工作簿（或文件夹）。"))
def import_(
    files: Annotated[list[Path], typer.Argument(help=_("工作簿或文件夹。"))],
    kind: Annotated[str | None, typer.Option(help=_("表种；不写则按内容识别。"))] = None,
    institution: Annotated[str | None, typer.Option(help=_("采购记录未写明机构时的机构编码。"))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只检查，不写入。"))] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help=_("跳过有问题的行，载入其余各行。"))
    ] = False,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.import_report import import_with_progress, print_reports
    from dashboard.terminal import wide_console
    from etl.headings import KINDS

    if kind and kind not in KINDS:
        raise typer.BadParameter(_("表种只能是：{kinds}").format(kinds=_("、").join(KINDS)))
    for file in files:
        if not file.exists():
            raise typer.BadParameter(_("找不到文件“{file}”。").format(file=file))
    reports = import_with_progress(
        open_database(db),
        files,
        messages,
        kind=kind,
        institution=institution,
        dry_run=dry_run,
        skip_bad_rows=skip_bad_rows,
        by=getpass.getuser(),
    )
    if not reports:
        raise typer.BadParameter(_("文件夹中没有可以导入的工作簿。"))
    if as_json:
        _print_json([report.as_dict() for report in reports])
    else:
        print_reports(reports, wide_console())
    raise SystemExit(1 if any(report.status == "problems" for report in reports) else 0)


@app.command(help=_("列出已完成的导入。"))
def imports(as_json: AsJson = False, db: Database = DEFAULT_URL) -> None:
    from procurement.published import records
    from procurement.queries.imports import IMPORT_COLUMNS
    from procurement.queries.imports import imports as load_imports

    with reading(open_database(db)) as connection:
        rows = load_imports(connection)
    if as_json:
        _print_json(records(rows, IMPORT_COLUMNS))
    else:
        _print_table(rows, IMPORT_COLUMNS)


@app.command(help=_("写出一个空白模板：标题、示例行和各列说明。"))
def template(
    kind: Annotated[str, typer.Argument(help=_("表种，如 purchases。"))],
    file: Annotated[Path, typer.Argument(help=_("要写出的 .xlsx 文件。"))],
) -> None:
    from etl.headings import KINDS
    from etl.templates import template as make_template

    if kind not in KINDS:
        raise typer.BadParameter(_("表种只能是：{kinds}").format(kinds=_("、").join(KINDS)))
    file.write_bytes(make_template(kind))
    messages.print(_("已写出模板：{file}").format(file=file), markup=False)


# --- Figures ---------------------------------------------------------------------------------------


@app.command(help=_("总览指标。"))
def summary(
    batch: Batches = None,
    category: Category = None,
    institution: Institutions = None,
    first: From = None,
    last: To = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.headline import headline
    from procurement.published import summary_record
    from procurement.summary import summary as summarise

    filters = filters_of(batch, category, institution, first, last, as_of)
    with reading(open_database(db)) as connection:
        check_names(connection, filters)
        figures = summarise(connection, filters)
    if as_json:
        _print_json(summary_record(figures))
    else:
        for line in headline(figures, filters.is_narrowed):
            typer.echo(line)


@app.command(help=_("一张数据表：prices、savings、completion 或 retention。"))
def table(
    name: Annotated[str, typer.Argument(help=_("表名。"))],
    batch: Batches = None,
    category: Category = None,
    institution: Institutions = None,
    first: From = None,
    last: To = None,
    as_of: AsOf = None,
    basis: Annotated[str | None, typer.Option(help=_("结余留用的支出口径：agreed 或 actual。"))] = None,
    as_json: AsJson = False,
    csv: Annotated[Path | None, typer.Option(help=_("写入CSV文件。"))] = None,
    xlsx: Annotated[Path | None, typer.Option(help=_("写入XLSX文件。"))] = None,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.exports.overview import filters_text
    from dashboard.exports.sheet_writer import TooManyRows
    from dashboard.exports.sheets import csv_bytes, sheet_bytes
    from procurement.figures import measuring_day
    from procurement.published import TABLES, records

    if name not in TABLES:
        raise typer.BadParameter(_("表名只能是：{names}").format(names=_("、").join(TABLES)))
    if basis and (name != "retention" or basis not in ("agreed", "actual")):
        raise typer.BadParameter(_("--basis 只用于 retention，取 agreed 或 actual。"))
    chosen = TABLES[name]
    more = {"basis": basis} if basis else {}
    filters = filters_of(batch, category, institution, first, last, as_of)
    with reading(open_database(db)) as connection:
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
            _fail(str(problem), 1)
    if as_json:
        _print_json(records(rows, chosen.columns))
    elif not (csv or xlsx):
        _print_table(rows, chosen.columns)


def _print_table(rows: Any, columns: Any) -> None:
    from dashboard.terminal import print_table, wide_console

    print_table(rows, columns, wide_console())


# --- Serving ---------------------------------------------------------------------------------------

Port = Annotated[int, typer.Option(help=_("端口。"))]


@app.command(help=_("启动数据看板。"))
def serve(
    host: Annotated[str, typer.Option(help=_("监听地址；默认只供本机访问。"))] = "127.0.0.1",
    port: Port = 8501,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.server import serve as run

    shown = "localhost" if host == "127.0.0.1" else host
    address = f"http://{shown}:{port}"
    messages.print(_("数据看板：{address}（按 Ctrl+C 停止）").format(address=address), markup=False)
    run(db, host=host, port=port)


@app.command(help=_("载入示例城市，显示总览指标并启动数据看板。"))
def demo(
    city: Annotated[str, typer.Option("--set", help=_("示例数据：puyang 或 hengshui。"))] = "puyang",
    port: Port = 8501,
    only_load: Annotated[bool, typer.Option("--only-load", help=_("只载入，不启动看板。"))] = False,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.demo import load_sample
    from dashboard.headline import headline
    from procurement.summary import summary as summarise

    engine: Engine = open_database(db)
    load_sample(engine, city, messages)
    with reading(engine) as connection:
        for line in headline(summarise(connection)):
            typer.echo(line)
    if not only_load:
        serve(port=port, db=db)
