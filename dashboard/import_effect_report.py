"""What an import or an undo does to what is there, on the terminal."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from rich.console import Console

from dashboard import import_effects
from dashboard.formats import amount_text, count_text, month_text, word_text
from dashboard.terminal import print_table
from procurement.language import _

DIFFERENCES_SHOWN = 50
"""Of a list; --json carries all that are told."""

NEW_NAMED = 5
"""Of a list that is new altogether: its rows stand in the file that is loaded."""

ROOM_FOR_ALL = 170
"""Columns of text that ten columns of figures need."""


def print_effect(report: Any, console: Console) -> None:
    """How the lines of a file stand to those that are there, and what a list says differently."""
    if report.preview is None:
        return
    text = _("  {mode}：新增{new}行，变更{changed}行，未变{unchanged}行，撤下{withdrawn}行，有误{bad}行")
    counts = {name: count_text(getattr(report.preview, name)) for name in import_effects.COUNTED}
    bad = count_text(report.skipped_rows)
    console.print(text.format(mode=word_text(report.mode), **counts, bad=bad), markup=False)
    _print_differences([report], console)


def print_months(reports: Sequence[Any], console: Console) -> None:
    """Each month before and after: of all files together, or file by file where that would count twice."""
    if not import_effects.can_be_added(reports):
        for report in reports:
            if report.preview is not None and report.preview.months:
                console.print(report.file, style="bold", markup=False)
                print_months([report], console)
        return
    months = import_effects.months_frame(reports)
    if len(months) and not months[import_effects.BEFORE].fillna(0).any(axis=None):
        _print_new_months(months, console)
        return
    for names in _side_by_side(console.width) if len(months) else ():
        print_table(months, {name: name for name in names}, console)


def _print_new_months(months: pd.DataFrame, console: Console) -> None:
    """Months of which nothing was there: what comes in all; a table would repeat it beside noughts."""
    first, last = (month_text(months["month"].agg(end)) for end in ("min", "max"))
    quantity, amount, saving = (months[name].sum(min_count=1) for name in import_effects.AFTER)
    text = _("  {period}共{count}个月，此前没有记录：采购量{quantity}，金额{amount}，节约{saving}")
    period = first if first == last else _("{first}至{last}").format(first=first, last=last)
    told = {"quantity": count_text(quantity), "amount": amount_text(amount), "saving": amount_text(saving)}
    console.print(text.format(period=period, count=len(months), **told), markup=False)


def _side_by_side(width: int) -> list[list[str]]:
    """All figures in one table where there is room for it, else a table of each."""
    month, *figures = import_effects.MONTH_COLUMNS
    if width >= ROOM_FOR_ALL:
        return [import_effects.MONTH_COLUMNS]
    return [[month, *figures[at : at + 3]] for at in range(0, len(figures), 3)]


def _print_differences(reports: Sequence[Any], console: Console) -> None:
    found = import_effects.differences_frame(reports)
    if found.empty:
        return
    if (found["change"] == "new").all():
        text = _("  均为新增，台账中原来没有：{names}")
        listed = _("、").join(found["changed_row"].head(NEW_NAMED))
        console.print(text.format(names=listed + (_("等") if len(found) > NEW_NAMED else "")), markup=False)
        return
    names = import_effects.DIFFERENCE_COLUMNS
    print_table(found.head(DIFFERENCES_SHOWN), {name: name for name in names}, console)
    if len(found) > DIFFERENCES_SHOWN:
        text = _("  差异共{all}处，此处显示前{shown}处；用 --json 输出全部。")
        console.print(text.format(all=count_text(len(found)), shown=DIFFERENCES_SHOWN), markup=False)


def print_undo(report: Any, console: Console) -> None:
    """What was taken back, or would be; or the reasons why it cannot be."""
    if report.status == "refused":
        console.print(
            _("导入 {number} 不能撤销：").format(number=report.import_id), style="red", markup=False
        )
        for reason in report.reasons:
            console.print(f"  {reason}", markup=False, soft_wrap=True)
        return
    text = _("导入 {number}（{file}）可以撤销，尚未写入")
    if report.status == "undone":
        text = _("已撤销导入 {number}（{file}）")
    console.print(text.format(number=report.import_id, file=report.file), style="green", markup=False)
    preview = report.preview
    counts = {"new": preview.new, "changed": preview.changed, "withdrawn": preview.withdrawn}
    line = _("  恢复{new}行，变更{changed}行，移除{withdrawn}行")
    console.print(line.format(**{name: count_text(n) for name, n in counts.items()}), markup=False)
    effects = [import_effects.Effect(report.file, preview)]
    print_months(effects, console)
    _print_differences(effects, console)
