"""What an import found, on the terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import Engine

from dashboard.formats import count_text, word_text, yuan_text
from etl.importing import Report, import_files
from procurement.language import N_, _

PROBLEMS_SHOWN = 50
"""Per kind of problem; --json carries all of them."""

STATUS = {
    "loaded": N_("已载入"),
    "unchanged": N_("未变：内容此前已载入"),
    "checked": N_("检查通过，尚未写入"),
    "problems": N_("有问题，未载入"),
}
_STYLE = {"loaded": "green", "unchanged": "dim", "checked": "green", "problems": "red"}


def import_with_progress(
    engine: Engine, files: Sequence[Path], messages: Console, **options: Any
) -> list[Report]:
    """Import with a bar on stderr, one step a file."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=messages, transient=True) as bar:
        task = bar.add_task(_("导入"), total=None)

        def progress(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name)

        return import_files(engine, list(files), progress=progress, **options)


def print_reports(reports: Sequence[Report], console: Console) -> None:
    """A line a file, its problems below, grouped by kind."""
    for report in reports:
        _print_line(report, console)
        _print_problems(report, console)


def _print_line(report: Report, console: Console) -> None:
    kind = word_text(report.kind) if report.kind else _("未识别")
    text = _("{file}：{status}（{kind}，{rows}行）").format(
        file=Path(report.file).name, status=_(STATUS[report.status]), kind=kind, rows=count_text(report.rows)
    )
    console.print(text, style=_STYLE[report.status], markup=False)
    if report.skipped_rows:
        left_out = _("  跳过{rows}行").format(rows=count_text(report.skipped_rows))
        if report.skipped_amount is not None:
            left_out += _("，金额{amount}").format(amount=yuan_text(report.skipped_amount))
        console.print(left_out, markup=False)


def _print_problems(report: Report, console: Console) -> None:
    shown: dict[str, int] = {}
    for problem in report.problems:
        code = problem.kind.code
        shown[code] = shown.get(code, 0) + 1
        if shown[code] <= PROBLEMS_SHOWN:
            console.print(f"  {problem.sentence()}", markup=False, soft_wrap=True)
    for code, count in shown.items():
        if count > PROBLEMS_SHOWN:
            console.print(_("  此类问题共{count}处（{code}）。").format(count=count, code=code), markup=False)
