"""总额包干清算表: one settlement as a workbook to be printed and signed, with live formulas."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

import pandas as pd
import xlsxwriter

from dashboard.exports.sharing_settlements import SharingSettlement
from dashboard.exports.statement_formulas import in_yuan
from dashboard.exports.statement_lines import Cell, Line, Live, write_statement
from dashboard.formats import MISSING, day_text, label, word_text
from dashboard.sharing_words import Step, policy_source, steps
from procurement.language import N_, _
from procurement.money import AMOUNT_SCALE, UNIT_SCALE
from procurement.policies import InForce

WIDTHS = (6, 17, 27, 11, 16, 16, 17)
COLUMNS = len(WIDTHS)
TALL = 30
"""Points of a line whose text may break."""

GAP = Line(height=8)

FORMULAS = {
    "earlier_mean_amount": "=({spent0}+{spent1})/2",
    "available_budget_amount": "=ROUND({sharing_budget_amount}+{carried_in_amount},2)",
    "sharing_surplus_amount": "=MAX(0,ROUND({budget}-{fund_spending_amount},2))",
    "overrun_amount": "=MAX(0,ROUND({fund_spending_amount}-{budget},2))",
    "granted_amount": "=ROUND({sharing_surplus_amount}*{surplus_share},2)",
    "borne_amount": "=ROUND({overrun_amount}*{overrun_share},2)",
    "carried_over_amount": "=ROUND({sharing_surplus_amount}*{surplus_share},2)",
}
"""Formula of each step; {budget} is the budget that spending is held against."""

BUDGETS = {
    "by_persons": "=ROUND({own_sum},2)",
    "stated": "=ROUND({own_sum},2)",
    "by_earlier_years": "=ROUND({earlier_mean_amount}*(1+{growth_rate}),2)",
}
FUND_PARTS = {
    "capitation": "=ROUND({sharing_surplus_amount}+{overrun_amount}-{granted_amount}-{borne_amount},2)",
    "global_budget": "=ROUND({sharing_surplus_amount}+{overrun_amount}-{granted_amount}-{borne_amount},2)",
    "budget_control": "=ROUND({sharing_surplus_amount}-{carried_over_amount},2)",
}
SIGNED = (N_("机构（盖章）："), N_("医保经办机构（盖章）："), N_("经办人："), N_("复核人："))


def sharing_statement(settlement: SharingSettlement) -> bytes:
    """The statement as an .xlsx file of one sheet."""
    output = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as workbook:
        write_statement(workbook, _("清算表"), _lines(settlement), WIDTHS, settlement.title)
    return output.getvalue()


def sharing_statements(settlements: Iterable[SharingSettlement]) -> bytes:
    """The statements of several settlements as a ZIP."""
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in settlements:
            name = f"{each.row.institution_code} {each.title}".translate(_NOT_IN_A_FILE_NAME)
            archive.writestr(f"{name}.xlsx", sharing_statement(each))
    return output.getvalue()


_NOT_IN_A_FILE_NAME = str.maketrans(dict.fromkeys('\\/:*?"<>|', "_"))


def _lines(settlement: SharingSettlement) -> list[Line]:
    return [
        *_top(settlement.row),
        *_section(_("一、预算与支出"), _basis(settlement)),
        *_section(_("二、清算"), _steps(settlement)),
        *_section(_("三、政策参数及来源"), _terms(settlement.terms)),
        *_bottom(settlement.row),
    ]


def _top(row: Any) -> list[Line]:
    who = _("机构：{name}（{code}）").format(name=row.institution_name, code=row.institution_code)
    what = _("年度：{year}年　　包干方式：{scheme}　　金额单位：元").format(
        year=row.year, scheme=word_text(row.scheme)
    )
    return [
        Line([Cell(_("总额包干清算表"), "title", COLUMNS)], 34),
        Line([Cell(who, "text", COLUMNS)]),
        Line([Cell(what, "text", COLUMNS)]),
    ]


def _section(title: str, lines: Sequence[Line]) -> list[Line]:
    return [Line([Cell(title, "section", COLUMNS)], 26), *lines]


def _basis(settlement: SharingSettlement) -> list[Line]:
    """What the budget and the spending are made of."""
    lines = _member_lines(settlement)
    if settlement.row.budget_source == "by_earlier_years":
        lines += _earlier_lines(settlement)
    return lines + _chain_lines(settlement) if settlement.row.scheme == "budget_control" else lines


def _member_lines(settlement: SharingSettlement) -> list[Line]:
    row, members = settlement.row, settlement.members
    stated = _("下达的预算")
    titles = [_("序号"), label("institution_code"), label("institution_name"), label("enrolled_persons"),
              stated, label("sharing_budget_amount"), label("fund_spending_amount")]  # fmt: skip
    lines = [Line([Cell(title, "head") for title in titles], TALL)]
    lines += [_member_line(at, member) for at, member in enumerate(members.itertuples(index=False))]
    last = len(members) - 1
    persons = _sum("persons", last, row.enrolled_persons, 1) if row.scheme == "capitation" else None
    total = [
        Cell(_("合计"), "strong", 3),
        Cell(persons, "count_sum"),
        Cell(None, "sum"),
        Cell(_sum("own", last, members["sharing_budget_amount"].sum(skipna=False)), "sum", name="own_sum"),
        Cell(_sum("spending", last, row.fund_spending_amount), "sum", name="spending_sum"),
    ]
    return [*lines, Line(total)]


def _member_line(at: int, member: Any) -> Line:
    by_head = not pd.isna(member.amount_per_person)
    formula = (
        f"=IF(ISNUMBER({{stated{at}}}),{{stated{at}}},{{persons{at}}}*{{amount_per_person}})"
        if by_head
        else f"={{stated{at}}}"
    )
    own = in_yuan(member.sharing_budget_amount)
    cells = [
        Cell(at + 1, "centre"),
        Cell(member.institution_code, "label"),
        Cell(member.institution_name, "label"),
        Cell(_whole(member.enrolled_persons), "count", name=f"persons{at}"),
        Cell(in_yuan(member.budget_amount), "amount", name=f"stated{at}"),
        Cell(MISSING if own is None else Live(formula, own), "amount", name=f"own{at}"),
        Cell(_known(in_yuan(member.fund_spending_amount)), "amount", name=f"spending{at}"),
    ]
    return Line(cells, TALL)


def _sum(name: str, last: int, amount: Any, scale: int = AMOUNT_SCALE) -> Live | str:
    """The sum of a column of members; missing where a member's is."""
    if pd.isna(amount):
        return MISSING
    return Live(f"=ROUND(SUM({{{name}0}}:{{{name}{last}}}),2)", int(amount) / scale)


def _earlier_lines(settlement: SharingSettlement) -> list[Line]:
    """The fund spending of the two years before."""
    years = settlement.years.set_index("year")["fund_spending_amount"]
    found = [settlement.row.year - 2, settlement.row.year - 1]
    head = Line([Cell(_("此前年度"), "head", 3), Cell(label("fund_spending_amount"), "head", 4)])
    return [GAP, head] + [
        Line([Cell(year, "year", 3), Cell(in_yuan(years[year]), "amount", 4, name=f"spent{at}")])
        for at, year in enumerate(found)
    ]


def _chain_lines(settlement: SharingSettlement) -> list[Line]:
    """How surpluses came down through the years before; the last one is carried in."""
    years = settlement.years[settlement.years["year"] < settlement.row.year]
    if years.empty or pd.isna(settlement.row.carried_in_amount):
        return []
    titles = [(label("year"), 1), (label("sharing_budget_amount"), 1), (label("carried_in_amount"), 1),
              (_("结转比例"), 1), (label("fund_spending_amount"), 1), (label("sharing_surplus_amount"), 1),
              (label("carried_over_amount"), 1)]  # fmt: skip
    lines = [Line([Cell(title, "head", span) for title, span in titles], TALL)]
    return [GAP, *lines] + [_chain_line(at, year) for at, year in enumerate(years.itertuples(index=False))]


def _chain_line(at: int, year: Any) -> Line:
    carried_in = Live(f"={{over{at - 1}}}", in_yuan(year.carried_in_amount)) if at else 0
    surplus = f"=MAX(0,ROUND({{budget{at}}}+{{in{at}}}-{{used{at}}},2))"
    return Line(
        [
            Cell(int(year.year), "year"),
            Cell(in_yuan(year.sharing_budget_amount), "amount", name=f"budget{at}"),
            Cell(carried_in, "amount", name=f"in{at}"),
            Cell(int(year.surplus_share) / UNIT_SCALE, "share", name=f"share{at}"),
            Cell(in_yuan(year.fund_spending_amount), "amount", name=f"used{at}"),
            Cell(Live(surplus, in_yuan(year.sharing_surplus_amount)), "amount", name=f"left{at}"),
            Cell(
                Live(f"=ROUND({{left{at}}}*{{share{at}}},2)", in_yuan(year.carried_over_amount)),
                "amount",
                name=f"over{at}",
            ),
        ]
    )


def _steps(settlement: SharingSettlement) -> list[Line]:
    head = Line(
        [Cell(_("清算项目"), "head", 3), Cell(_("金额（元）"), "head", 2), Cell(_("计算方法"), "head", 2)]
    )
    return [head, *(_step_line(settlement, step) for step in steps(settlement.row))]


PAID = ("granted_amount", "borne_amount", "carried_over_amount", "fund_share_amount")


def _step_line(settlement: SharingSettlement, step: Step) -> Line:
    value = in_yuan(getattr(settlement.row, step.column))
    content: Live | str = MISSING if value is None else Live(_formula(settlement, step.column), value)
    strong = step.column in PAID
    return Line(
        [
            Cell(step.title, "strong" if strong else "label", 3),
            Cell(content, "sum" if strong else "amount", 2, name=step.column),
            Cell(step.method, "label", 2),
        ],
        TALL,
    )


def _formula(settlement: SharingSettlement, column: str) -> str:
    row = settlement.row
    if column == "sharing_budget_amount":
        return BUDGETS[row.budget_source]
    if column == "fund_spending_amount":
        return "=ROUND({spending_sum},2)"
    if column == "fund_share_amount":
        return FUND_PARTS[row.scheme]
    if column == "carried_in_amount":
        before = int((settlement.years["year"] < row.year).sum())
        return f"={{over{before - 1}}}" if before else "=0"
    held = "available_budget_amount" if row.scheme == "budget_control" else "sharing_budget_amount"
    return FORMULAS[column].replace("{budget}", f"{{{held}}}")


def _terms(terms: Mapping[str, InForce]) -> list[Line]:
    heads = [(_("参数"), 3), (_("取值"), 1), (_("生效日期"), 1), (_("来源"), 2)]
    lines = [Line([Cell(title, "head", span) for title, span in heads])]
    for term, found in terms.items():
        value, style = float(found.value), "amount" if term == "amount_per_person" else "share"
        lines.append(
            Line(
                [
                    Cell(found.parameter.title, "label", 3),
                    Cell(value, style, name=term),
                    Cell(day_text(found.entry.from_date), "centre"),
                    Cell(policy_source(found), "label", 2),
                ],
                TALL + 18,
            )
        )
    return lines


def _bottom(row: Any) -> list[Line]:
    notes = [_("表中金额由公式计算，各项四舍五入到分；政策参数为该年度1月1日生效的取值。")]
    if not pd.isna(row.missing_reason) and row.missing_reason:
        notes.insert(0, _("说明：{reason}。").format(reason=word_text(row.missing_reason)))
    signs = [Cell(_(SIGNED[0]), "text", 4), Cell(_(SIGNED[1]), "text", 3)]
    more = [Cell(_(SIGNED[2]), "text", 4), Cell(_(SIGNED[3]), "text", 2), Cell(_("日期："), "text")]
    return [*(Line([Cell(note, "remark", COLUMNS)]) for note in notes), Line(signs, 36), Line(more, 28)]


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _known(value: float | None) -> float | str:
    return MISSING if value is None else value
