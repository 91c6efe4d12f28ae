"""`vbp import`, `vbp imports` and `vbp undo`: the command is the confirmation, --dry-run the preview."""

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.command_output import AsJson, Database, messages, print_json, print_table
from dashboard.import_options import (
    Answers,
    DryRun,
    Files,
    Institution,
    Kind,
    MarkedFolder,
    Meanings,
    Mode,
    Skip,
    Version,
    check_words,
    pairs,
)
from procurement.default_url import DEFAULT_URL
from procurement.language import _


def import_(
    files: Files,
    kind: Kind = None,
    institution: Institution = None,
    mode: Mode = None,
    answers: Answers = None,
    mapping: Meanings = None,
    dry_run: DryRun = False,
    expect_version: Version = None,
    skip_bad_rows: Skip = False,
    marked: MarkedFolder = None,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from etl.reading.ahead import reading_ahead

    said, meanings = pairs(answers, "--set"), pairs(mapping, "--map")
    with reading_ahead(files, kind, meanings) as reader:
        from dashboard.import_report import import_with_progress, print_reports
        from dashboard.terminal import wide_console
        from etl.importing import expanded
        from procurement.database import open_database

        check_words(files, kind, mode)
        paths = [Path(str(file)) for file in expanded(files)]
        if not paths:
            raise typer.BadParameter(_("文件夹中没有可以导入的工作簿。"))
        reports = import_with_progress(
            open_database(db),
            paths,
            messages,
            kind=kind,
            institution=institution,
            dry_run=dry_run,
            skip_bad_rows=skip_bad_rows,
            by=getpass.getuser(),
            mode=mode,
            answers=said,
            mapping=meanings,
            expected_version=expect_version,
            reader=reader,
        )
    if marked:
        _write_marked(paths, reports, marked)
    if as_json:
        print_json([report.as_dict() for report in reports])
    else:
        print_reports(reports, wide_console())
    raise SystemExit(1 if any(report.status == "problems" for report in reports) else 0)


def _write_marked(paths: Sequence[Path], reports: Sequence[Any], folder: Path) -> None:
    """A marked copy of every file that has something to mark."""
    from dashboard.import_marked import Wanted, free_name, marked

    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    for path, report in zip(paths, reports, strict=True):
        wanted = Wanted(path.name, path.read_bytes(), report)
        if wanted.has_marks:
            one = marked(wanted)
            file = folder / free_name(one.name, taken)
            file.write_bytes(one.content)
            messages.print(_("已写出带标记的工作簿：{file}").format(file=file), markup=False)


def imports(as_json: AsJson = False, db: Database = DEFAULT_URL) -> None:
    from procurement.database import open_database, reading
    from procurement.published import records
    from procurement.queries.imports import IMPORT_COLUMNS
    from procurement.queries.imports import imports as load_imports

    with reading(open_database(db)) as connection:
        rows = load_imports(connection)
    if as_json:
        print_json(records(rows, IMPORT_COLUMNS))
    else:
        print_table(rows, IMPORT_COLUMNS)


def undo(
    import_id: Annotated[int, typer.Argument(help=_("导入编号，见 vbp imports。"), metavar="ID")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只说明会改变什么，不写入。"))] = False,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.import_effect_report import print_undo
    from dashboard.terminal import wide_console
    from etl.undoing import undo as take_back
    from procurement.database import open_database

    report = take_back(open_database(db), import_id, by=getpass.getuser(), dry_run=dry_run)
    if as_json:
        print_json(report.as_dict())
    else:
        print_undo(report, wide_console())
    raise SystemExit(1 if report.status == "refused" else 0)
