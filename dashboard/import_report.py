"""What an import found, on the terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import Engine

from dashboard.formats import count_text, word_text, yuan_text
from dashboard.import_effect_report import print_effect, print_months
from dashboard.import_results import STATUS, ToDo, cell_of, to_do_list
from etl.headings import source
from etl.importing import Report, import_files
from procurement.language import _

PROBLEMS_SHOWN = 50
"""Per kind of problem; --json carries all of them."""

_STYLE = {"loaded": "green", "unchanged": "dim", "checked": "green", "problems": "red"}
_LOUD = {"stop": "red", "skip": "yellow", "mention": "blue"}


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
    """A line a file, below it what it does, what is asked, and its problems as a to-do list."""
    for report in reports:
        _print_line(report, console)
        print_effect(report, console)
        _print_open_points(report, console)
        for to_do in to_do_list(report.problems):
            _print_to_do(to_do, console)
    print_months(reports, console)
    versions = {report.data_version for report in reports if report.status == "checked"}
    if len(versions) == 1 and None not in versions:
        text = _("数据版本 {version}：载入时可加 --expect-version {version}，台账有变动则不载入。")
        console.print(text.format(version=versions.pop()), style="dim", markup=False)


def _print_line(report: Report, console: Console) -> None:
    kind = word_text(report.kind) if report.kind else _("未识别")
    text = _("{file}：{status}（{kind}，{rows}行）").format(
        file=Path(report.file).name, status=_(STATUS[report.status]), kind=kind, rows=count_text(report.rows)
    )
    if report.import_id is not None and report.status == "loaded":
        text += _("　导入编号 {number}").format(number=report.import_id)
    console.print(text, style=_STYLE[report.status], markup=False)
    if report.skipped_rows:
        left_out = _("  有误{rows}行").format(rows=count_text(report.skipped_rows))
        if report.skipped_amount is not None:
            left_out += _("，金额{amount}").format(amount=yuan_text(report.skipped_amount))
        console.print(left_out, markup=False)


def _print_open_points(report: Report, console: Console) -> None:
    """What a person may or must say, and how it is typed."""
    for question in report.questions:
        if question.answer is not None:
            continue
        text = (
            _("  请补充：{title}　--set {name}=…")
            if question.is_required
            else _("  可补充：{title}　--set {name}=…")
        )
        console.print(text.format(title=_(question.title), name=question.name), style="cyan", markup=False)
        if seems := question.suggestion:
            console.print(_("    文件中似乎是：{text}").format(text=seems), markup=False, soft_wrap=True)
    # Without a kind there is nothing that a heading could mean.
    for heading in report.headings if report.kind else ():
        if heading.mapped_to is None:
            _print_heading(heading, report.kind, console)


def _print_heading(heading: Any, kind: str | None, console: Console) -> None:
    samples = _("、").join(heading.samples[:3])
    text = _("  未识别的列：“{heading}”（{cell}，如 {samples}）").format(
        heading=heading.heading, cell=heading.cell, samples=samples or "—"
    )
    suggestion = heading.suggestion
    known = source(kind).fields if kind else {}
    title = known[suggestion].title if suggestion in known else suggestion or "…"
    text += _("　--map {heading}={title}").format(heading=heading.heading, title=title)
    console.print(text, style="cyan", markup=False, soft_wrap=True)


def _places(to_do: ToDo) -> dict[str, list[str]]:
    """What is wrong → where: what is the same in many places is said once."""
    found: dict[str, list[str]] = {}
    for problem in to_do.problems[:PROBLEMS_SHOWN]:
        text = problem.message if to_do.remedy else f"{problem.message}{problem.remedy}"
        places = found.setdefault(text, [])
        if place := " ".join(part for part in (problem.sheet, cell_of(problem)) if part):
            places.append(place)
    return found


def _print_to_do(to_do: ToDo, console: Console) -> None:
    """One kind of problem: how serious, how often, the places, and once what to do."""
    count = count_text(len(to_do.problems))
    head = _("  [{loudness}] {code}：{count}处").format(
        loudness=word_text(to_do.loudness), code=to_do.code, count=count
    )
    console.print(head, style=_LOUD[to_do.loudness], markup=False)
    for text, places in _places(to_do).items():
        line = _("    {places}：{text}").format(places=_("、").join(places), text=text)
        console.print(line if places else f"    {text}", markup=False, soft_wrap=True)
    if len(to_do.problems) > PROBLEMS_SHOWN:
        text = _("    此处显示前{shown}处；用 --json 输出全部。")
        console.print(text.format(shown=PROBLEMS_SHOWN), markup=False)
    if to_do.remedy:
        console.print(_("    处理办法：{remedy}").format(remedy=to_do.remedy), markup=False, soft_wrap=True)
