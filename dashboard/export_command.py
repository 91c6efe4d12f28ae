"""`vbp export`: statements and the summary of the retained surplus as workbooks."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.command_output import Database, fail, messages
from dashboard.export_trail import record_export
from dashboard.filter_options import (
    Batches,
    Category,
    Institutions,
    KnownAt,
    check_names,
    filters_of,
    opened,
)
from procurement.default_url import DEFAULT_URL
from procurement.filters import Filters
from procurement.language import _

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)

File = Annotated[Path, typer.Argument(help=_("要写出的 .xlsx 文件。"))]
Folder = Annotated[Path, typer.Argument(help=_("要写入的文件夹；没有则新建。"))]
Year = Annotated[int | None, typer.Option("--year", min=1, help=_("第几个协议年度；不写则各年度都写出。"))]
Basis = Annotated[str | None, typer.Option(help=_("支出口径：agreed 或 actual；默认按政策。"))]


@app.command(help=_("写出一家机构的结余留用核算表，公式可在 Excel 中重算。"))
def statement(
    file: File,
    institution: Annotated[str, typer.Option(help=_("机构编码。"))],
    batch: Batches = None,
    year: Year = None,
    basis: Basis = None,
    known_at: KnownAt = None,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.statements import statement as make
    from procurement.database import reading

    if basis not in (None, "agreed", "actual"):
        raise typer.BadParameter(_("--basis 取 agreed 或 actual。"))
    filters = Filters(batches=tuple(batch or ()), institutions=(institution,))
    with opened(db, known_at) as engine, reading(engine) as connection:
        check_names(connection, filters)
        content = make(connection, filters, year, basis)  # type: ignore[arg-type]
    file.write_bytes(content)
    record_export(db, file, known_at=known_at)
    messages.print(_("已写出：{file}").format(file=file), markup=False)


@app.command(help=_("写出各机构的结余留用核算表，每家一个文件，另有汇总表。"))
def statements(
    folder: Folder,
    batch: Batches = None,
    category: Category = None,
    institution: Institutions = None,
    year: Year = None,
    known_at: KnownAt = None,
    db: Database = DEFAULT_URL,
) -> None:
    from rich.progress import track

    from dashboard.statements import NOTHING, statement_files, summary_name
    from dashboard.statements import summary as make_summary
    from procurement.database import reading

    filters = filters_of(batch, category, institution, None, None, None)
    count = 0
    with opened(db, known_at) as engine, reading(engine) as connection:
        check_names(connection, filters)
        files = statement_files(connection, filters, year)
        for name, content in track(files, _("正在写出…"), console=messages, transient=True):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
            count += 1
        if not count:
            fail(_(NOTHING), 1)
        (folder / summary_name()).write_bytes(make_summary(connection, filters, year))
    record_export(db, folder, files=count + 1, known_at=known_at)
    messages.print(_("已写出{count}个核算表和汇总表：{file}").format(count=count, file=folder), markup=False)


@app.command(help=_("写出结余留用汇总表，供拨付。"))
def summary(
    file: File,
    batch: Batches = None,
    category: Category = None,
    institution: Institutions = None,
    year: Year = None,
    known_at: KnownAt = None,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.statements import summary as make
    from procurement.database import reading

    filters = filters_of(batch, category, institution, None, None, None)
    with opened(db, known_at) as engine, reading(engine) as connection:
        check_names(connection, filters)
        file.write_bytes(make(connection, filters, year))
    record_export(db, file, known_at=known_at)
    messages.print(_("已写出：{file}").format(file=file), markup=False)
