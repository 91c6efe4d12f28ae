"""结余留用核算表: settlements as a workbook to be checked, printed and signed, with live formulas.

Every figure that is computed is a formula down to the purchase lines, so that Excel, WPS or LibreOffice
recompute it to the same fen; what is put in (volumes, prices, ratios, scores, policy numbers) is blue. The
values stored beside the formulas are those of procurement.measures.retention. A spreadsheet computes with
fifteen digits: a line is exact to 1/10000 yuan up to 100 million yuan, beyond any hospital's variety.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import xlsxwriter

from dashboard.exports.institution_overview import WIDTHS as OVERVIEW_WIDTHS
from dashboard.exports.institution_overview import overview_lines
from dashboard.exports.retention_evidence import evidence_sheets, purchase_columns
from dashboard.exports.sheet_styles import FONT, Styles
from dashboard.exports.sheet_writer import write_rows
from dashboard.exports.statement_lines import Cell, Line, addresses, write_statement
from dashboard.exports.statement_pages import Block, paged
from dashboard.exports.statement_steps import policy_lines, step_lines
from dashboard.exports.statement_tables import COLUMNS, WIDTHS, Numbered, numbered, tables
from dashboard.formats import day_text
from procurement.language import _
from procurement.working import Working

MOST_ON_A_TAB = 31


@dataclass(frozen=True)
class Stated:
    """A settlement to be stated, where it stands (its number, state, who and when), and which state of the
    ledger it is told by, where that is not the present one."""

    working: Working
    mark: str = ""
    known: str = ""


def statement_bytes(stated: Sequence[Stated]) -> bytes:
    """The statements of some settlements as one .xlsx: a sheet each, before them what several come to, after
    them the rows that they are made of. The same settlements always give the same bytes."""
    output = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "default_format_properties": dict(FONT)}  # fmt: skip
    rows = _numbered(stated)
    evidence = evidence_sheets([each.working for each in stated], [_numbers(own) for own in rows])
    places = purchase_columns(evidence[0])
    laid_out = [statement_lines(each, own, places) for each, own in zip(stated, rows, strict=True)]
    with xlsxwriter.Workbook(output, options) as workbook:
        workbook.set_properties({"created": _day(stated)})
        tabs = _tabs(stated)
        if len(stated) > 1:
            at = [addresses(lines) for lines, _breaks in laid_out]
            told = overview_lines([each.working for each in stated], tabs, at)
            title = _("结余留用核算表汇总")
            write_statement(workbook, _("汇总"), told, OVERVIEW_WIDTHS, title, landscape=True, repeat=3)
        for tab, each, (lines, breaks) in zip(tabs, stated, laid_out, strict=True):
            footer = each.working.title
            write_statement(workbook, tab, lines, WIDTHS, footer, landscape=True, breaks=breaks)
        styles = Styles(workbook)
        for sheet in evidence:
            about = (sheet.title, sheet.rows, sheet.columns, sheet.filters_text)
            write_rows(workbook.add_worksheet(sheet.name), styles, *about)
    return output.getvalue()


def _day(stated: Sequence[Stated]) -> datetime:
    """The day that a workbook says it was made on: the last of its agreement years, not the clock's."""
    last = max(each.working.row.year_end for each in stated)
    return datetime(last.year, last.month, last.day)


def _numbered(stated: Sequence[Stated]) -> list[list[Numbered]]:
    """The variety lines of each statement, numbered through the workbook."""
    found: list[list[Numbered]] = []
    for each in stated:
        found.append(numbered(each.working, 1 + sum(map(len, found))))
    return found


def _numbers(rows: Sequence[Numbered]) -> dict[int, int]:
    """The number of each variety's line."""
    return {int(row.line.variety_id): row.number for row in rows}


def _tabs(stated: Sequence[Stated]) -> list[str]:
    """A tab per settlement: its batch, as far as there is room, and its year."""
    names: list[str] = []
    for number, each in enumerate(stated, 1):
        row = each.working.row
        batch = "".join(letter for letter in row.batch if letter.isprintable() and letter not in "[]:*?/\\'")
        tail = _("·{year}年度").format(year=row.agreement_year)
        name = f"{batch[: MOST_ON_A_TAB - len(tail)]}{tail}"
        if name.lower() in {other.lower() for other in names}:
            tail = f"{tail}·{number}"
            name = f"{batch[: MOST_ON_A_TAB - len(tail)]}{tail}"
        names.append(name)
    return names


def statement_lines(
    stated: Stated, rows: Sequence[Numbered], places: dict[str, str]
) -> tuple[list[Line], list[int]]:
    """A statement from its title to the line where it is signed, and the lines that a page begins at."""
    working = stated.working
    result = [*step_lines(working, COLUMNS), *policy_lines(working, COLUMNS)]
    title = [Line([Cell(_("三、结余留用"), "section", COLUMNS)], 22)]
    return paged(_top(stated), [*tables(rows, working.row, places), Block(title, [], [result])])


def _top(stated: Stated) -> list[Line]:
    row = stated.working.row
    span = _("协议年度：第{year}年度（{start}至{end}）").format(
        year=row.agreement_year, start=day_text(row.year_start), end=day_text(row.year_end)
    )
    about = _("机构：{code} {name}　　批次：{batch}　　{span}").format(
        code=row.institution_code, name=row.institution_name, batch=row.batch, span=span
    )
    mark = stated.mark or _("按现有数据测算，不是结算的数字。")
    if row.is_running:
        mark = _("{mark}　{running}").format(mark=mark, running=_("协议年度未结束，金额仍会变动。"))
    mark = f"{mark}　{stated.known}" if stated.known else mark
    return [
        Line([Cell(_("结余留用核算表"), "title", COLUMNS)], 32),
        Line([Cell(about, "text", COLUMNS)], 20),
        Line([Cell(mark, "remark", COLUMNS)], 16),
        Line([Cell(_("单位：元　　蓝色为录入的数据，黑色由公式计算"), "remark", COLUMNS)], 16),
    ]
