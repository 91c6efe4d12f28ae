"""结余留用汇总表: what each institution keeps and what is to be paid, for the finance department.

A line per batch and agreement year, a subtotal per institution and the total as formulas; on a sheet of its
own what could not be computed. Figures of settlements are those that they froze.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import pandas as pd
import xlsxwriter

from dashboard.exports.sheet_styles import FONT
from dashboard.exports.statement_formulas import in_units, in_yuan
from dashboard.exports.statement_lines import Cell, Line, Live, write_statement
from dashboard.formats import count_text, word_text
from procurement.language import N_, _
from procurement.queries.settlements import STANDING

WIDTHS = (6, 15, 26, 30, 9, 16, 9, 9, 15, 15, 15, 10, 15)
COLUMNS = len(WIDTHS)
HEADS = (N_("序号"), N_("机构编码"), N_("机构名称"), N_("批次"), N_("协议年度"), N_("结余测算基数"),
         N_("考核得分"), N_("留用比例"), N_("结余留用金额"), N_("用于人员薪酬"), N_("用于事业发展"),
         N_("结算状态"), N_("本次应拨"))  # fmt: skip
AMOUNTS = {"F": "surplus_base_amount", "I": "retained_amount", "J": "staff_amount", "K": "development_amount",
           "M": "payable_amount"}  # fmt: skip
"""Column of the sheet → amount; each adds up."""

PAYABLE = ("confirmed", "paid")
SIGNED = (N_("制表："), N_("复核："), N_("负责人："), N_("日期："))


def summary_bytes(rows: pd.DataFrame, filters_text: str) -> bytes:
    """The summary as an .xlsx; `rows`: settling.with_settlements."""
    is_known = rows["retained_amount"].notna()
    order = ["institution_code", "execution_date", "batch", "agreement_year"]
    known = rows[is_known].sort_values(order, kind="stable")
    output = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "default_format_properties": dict(FONT)}  # fmt: skip
    with xlsxwriter.Workbook(output, options) as workbook:
        workbook.set_properties({"created": datetime(1980, 1, 1)})  # the same rows give the same bytes
        lines = [*_top(filters_text), *_body(known), *_signed()]
        write_statement(workbook, _("汇总表"), lines, WIDTHS, _("结余留用汇总表"), landscape=True, repeat=3)
        missing = rows[~is_known].sort_values(order, kind="stable")
        if len(missing):
            told = [*_top(_("缺少依据、未能测算的项")), *_missing(missing)]
            write_statement(
                workbook, _("未测算"), told, WIDTHS, _("结余留用汇总表"), landscape=True, repeat=3
            )
    return output.getvalue()


def _top(said: str) -> list[Line]:
    return [
        Line([Cell(_("结余留用汇总表"), "title", COLUMNS)], 32),
        Line([Cell(said, "remark", COLUMNS)], 18),
        Line([Cell(_("单位：元"), "remark", COLUMNS)], 16),
        Line([Cell(_(head), "head") for head in HEADS], 30),
    ]


def _body(rows: pd.DataFrame) -> list[Line]:
    """The institutions one after another, each with its subtotal, then the total of all."""
    lines: list[Line] = []
    first = row = 5  # the sheet's rows, counted as Excel counts them
    number = 0
    for _code, own in rows.groupby("institution_code", sort=False):
        start = row
        for record in own.to_dict("records"):
            number += 1
            lines.append(_line(number, record))
            row += 1
        lines.append(_sum(_("小计"), str(own["institution_name"].iloc[0]), own, start, row - 1))
        row += 1
    lines.append(_sum(_("总计"), _("{count}项").format(count=count_text(len(rows))), rows, first, row - 1))
    return lines


def _line(number: int, row: dict[str, Any]) -> Line:
    state = row["settlement_state"]
    told = word_text(state, "settlement_state") if state in STANDING else _("未结算")
    payable = row["payable_amount"] if state in PAYABLE else pd.NA
    cells = [
        Cell(number, "number"), Cell(row["institution_code"]), Cell(row["institution_name"]),
        Cell(row["batch"]), Cell(int(row["agreement_year"]), "number"),
        Cell(in_yuan(row["surplus_base_amount"]), "amount"), Cell(in_units(row["score"]), "score"),
        Cell(in_units(row["ratio"]), "share"), Cell(in_yuan(row["retained_amount"]), "amount"),
        Cell(in_yuan(row["staff_amount"]), "amount"), Cell(in_yuan(row["development_amount"]), "amount"),
        Cell(told, "centre"), Cell(in_yuan(payable), "amount"),
    ]  # fmt: skip
    return Line(cells, 18 if len(row["batch"]) < 15 else 30)


def _sum(word: str, name: str, rows: pd.DataFrame, first: int, last: int) -> Line:
    """A subtotal; SUBTOTAL leaves out those that it spans."""
    is_payable = rows["settlement_state"].isin(PAYABLE)
    amounts = rows.assign(payable_amount=rows["payable_amount"].where(is_payable))
    sums = {
        column: Cell(
            Live(f"=SUBTOTAL(9,{column}{first}:{column}{last})", in_yuan(amounts[name].sum())), "sum"
        )
        for column, name in AMOUNTS.items()
    }
    blank = Cell(None, "strong")
    cells = [Cell(word, "strong", 2), Cell(name, "strong", 3), sums["F"], blank, blank,
             sums["I"], sums["J"], sums["K"], blank, sums["M"]]  # fmt: skip
    return Line(cells, 20)


def _missing(rows: pd.DataFrame) -> list[Line]:
    return [
        Line([Cell(number, "number"), Cell(row["institution_code"]), Cell(row["institution_name"]),
              Cell(row["batch"]), Cell(int(row["agreement_year"]), "number"),
              Cell(in_yuan(row["surplus_base_amount"]), "amount"),
              Cell(word_text(row["reason"]), "label", COLUMNS - 6)])
        for number, row in enumerate(rows.to_dict("records"), 1)
    ]  # fmt: skip


def _signed() -> list[Line]:
    widths = (4, 3, 3, 3)
    texts: Sequence[str] = [_(text) for text in SIGNED]
    return [Line(height=14), Line([Cell(t, "text", w) for t, w in zip(texts, widths, strict=True)], 24)]
