"""汇总: what an institution's settlements come to, each figure a link to its 核算表."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from xlsxwriter.utility import quote_sheetname

from dashboard.exports.sheet_writer import lines_needed
from dashboard.exports.statement_formulas import in_units, in_yuan
from dashboard.exports.statement_lines import Cell, Line, Live
from dashboard.formats import count_text, day_text, word_text
from procurement.language import N_, _
from procurement.working import Working

WIDTHS = (6, 30, 9, 25, 15, 15, 15, 9, 9, 15, 15, 15, 22)
COLUMNS = len(WIDTHS)
HEADS = (N_("序号"), N_("批次"), N_("协议年度"), N_("起止"), N_("医保资金预算"), N_("医保资金支出"),
         N_("结余测算基数"), N_("考核得分"), N_("考核系数"), N_("结余留用金额"), N_("用于人员薪酬"),
         N_("用于事业发展"), N_("说明"))  # fmt: skip
AMOUNTS = {"E": "budget_amount", "F": "spending_amount", "G": "surplus_base_amount", "J": "retained_amount",
           "K": "staff_amount", "L": "development_amount"}  # fmt: skip
"""Column of the sheet → amount; each adds up."""

LINKED = {"E": "total_fund_budget", "F": "total_fund_spending", "G": "base", "H": "score", "I": "granted",
          "J": "retained", "K": "staff", "L": "development"}  # fmt: skip
"""Column of the sheet → the cell of the statement that it shows."""

FIRST_ROW = 5
"""The sheet's first row of figures, counted as Excel counts them."""


def overview_lines(
    workings: Sequence[Working], tabs: Sequence[str], addresses: Sequence[Mapping[str, str]]
) -> list[Line]:
    """A line per settlement and the total; `addresses` are those of the named cells on each tab."""
    rows = [working.row for working in workings]
    about = _("机构：{code} {name}").format(code=rows[0].institution_code, name=rows[0].institution_name)
    return [
        Line([Cell(_("结余留用核算表汇总"), "title", COLUMNS)], 32),
        Line([Cell(about, "text", COLUMNS)], 20),
        Line([Cell(_("单位：元　　各项金额取自后面的核算表，随其重算"), "remark", COLUMNS)], 16),
        Line([Cell(_(head), "head") for head in HEADS], 30),
        *(
            _line(number, row, quote_sheetname(tab), cells)
            for number, (row, tab, cells) in enumerate(zip(rows, tabs, addresses, strict=True), 1)
        ),
        _total(rows),
    ]


def _line(number: int, row: Any, tab: str, cells: Mapping[str, str]) -> Line:
    def linked(column: str, value: float | None, style: str) -> Cell:
        place = f"{tab}!{cells[LINKED[column]]}".replace("{", "{{").replace("}", "}}")
        return Cell(Live(f'=IF({place}="","",{place})', value), style)

    amounts = {column: in_yuan(getattr(row, name)) for column, name in AMOUNTS.items()}
    figures = [
        *(linked(column, amounts[column], "amount") for column in "EFG"),
        linked("H", in_units(row.score), "score"),
        linked("I", in_units(row.granted_share), "share"),
        *(linked(column, amounts[column], "amount") for column in "JKL"),
    ]
    remark = word_text(row.reason) or (_("年度未结束") if row.is_running else "")
    span = _("{start}至{end}").format(start=day_text(row.year_start), end=day_text(row.year_end))
    texts = ((row.batch, WIDTHS[1]), (span, WIDTHS[3]), (remark, WIDTHS[-1]))
    height = 3 + 15 * max(lines_needed(text, width) for text, width in texts)
    names = [Cell(number, "number"), Cell(row.batch), Cell(int(row.agreement_year), "number"), Cell(span)]
    return Line([*names, *figures, Cell(remark)], height)


def _total(rows: Sequence[Any]) -> Line:
    """Sums of what is known, and how many settlements are not."""
    last = FIRST_ROW + len(rows) - 1
    missing = sum(1 for row in rows if pd.isna(row.retained_amount))
    remark = _("{count}项缺少依据，未计入合计").format(count=count_text(missing)) if missing else ""

    def total(column: str) -> Cell:
        known = [getattr(row, AMOUNTS[column]) for row in rows]
        value = sum(int(amount) for amount in known if not pd.isna(amount))
        return Cell(Live(f"=ROUND(SUM({column}{FIRST_ROW}:{column}{last}),4)", in_yuan(value)), "sum")

    blank = Cell(None, "strong")
    sums = [*map(total, "EFG"), blank, blank, *map(total, "JKL")]
    return Line([Cell(_("合计"), "strong", 4), *sums, Cell(remark)], 20)
