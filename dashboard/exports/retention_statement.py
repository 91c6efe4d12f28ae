"""结余留用核算表: a settlement as a workbook to be checked, printed and signed, with live formulas.

Every figure that is computed is a formula down to the purchase lines, so that Excel, WPS or LibreOffice
recompute it to the same fen; what is put in (volumes, prices, ratios, scores, policy numbers) is blue. The
values stored beside the formulas are those of procurement.measures.retention.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import pandas as pd
import xlsxwriter

from dashboard.exports.retention_evidence import evidence_sheets, purchase_columns
from dashboard.exports.sheet_styles import FONT, Styles
from dashboard.exports.sheet_writer import write_rows
from dashboard.exports.statement_lines import Cell, Line, Live, write_statement
from dashboard.exports.statement_steps import policy_lines, step_lines
from dashboard.formats import day_text, word_text
from dashboard.policy_words import choice_text
from procurement.language import N_, _
from procurement.measures.retention import MISSING
from procurement.money import AMOUNT_SCALE, PRICE_SCALE, UNIT_SCALE
from procurement.working import Working, records

WIDTHS = (5, 22, 14, 13, 14, 14, 14, 13, 14, 14, 17)
COLUMNS = len(WIDTHS)
VOLUMES = (N_("序号"), N_("品种"), N_("约定产品"), N_("报量"), N_("约定采购量"), N_("集采前单价"),
           N_("价格依据"), N_("中选单价"), N_("已采购量（折算）"), N_("约定量（折算）"),
           N_("完成率"))  # fmt: skip
AMOUNTS = (N_("序号"), N_("品种"), N_("中选采购金额"), N_("非中选采购金额"), N_("全额预算"), N_("全额支出"),
           N_("医保资金预算"), N_("医保资金支出"), N_("品种结余"), N_("计入基数"), N_("说明"))  # fmt: skip
WIDE_NAME = 12
"""Characters of a variety's name that fit one line."""

MOST_ON_A_TAB = 31
MOST_ARGUMENTS = 200
"""Of one function; Excel takes 255."""


@dataclass(frozen=True)
class Stated:
    """A settlement to be stated, and where it stands (its number, state, who and when)."""

    working: Working
    mark: str = ""


@dataclass(frozen=True)
class _Numbered:
    """A variety line with its number in the workbook, which its purchase lines carry as well."""

    number: int
    line: Any
    agreements: pd.DataFrame


def statement_bytes(stated: Sequence[Stated]) -> bytes:
    """The statements of some settlements as one .xlsx: a sheet each, then the rows that they are made of."""
    output = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "default_format_properties": FONT}  # fmt: skip
    with xlsxwriter.Workbook(output, options) as workbook:
        numbered = list(_numbered(stated))
        evidence = evidence_sheets([each.working for each in stated], [_numbers(rows) for rows in numbered])
        places = purchase_columns(evidence[0].rows)
        for tab, each, rows in zip(_tabs(stated), stated, numbered, strict=True):
            tables, result = table_lines(each, rows, places), result_lines(each.working)
            lines, title = [*tables, *result], each.working.title
            write_statement(workbook, tab, lines, WIDTHS, title, landscape=True, keep_from=len(tables))
        styles = Styles(workbook)
        for sheet in evidence:
            told = (sheet.title, sheet.rows, sheet.columns, sheet.filters_text)
            write_rows(workbook.add_worksheet(sheet.name), styles, *told)
    return output.getvalue()


def _numbered(stated: Sequence[Stated]) -> Iterator[list[_Numbered]]:
    number = 0
    for each in stated:
        rows = []
        for line in records(each.working.lines.sort_values("variety", kind="stable")):
            number += 1
            of_line = each.working.agreements["variety_id"] == line.variety_id
            rows.append(_Numbered(number, line, each.working.agreements[of_line]))
        yield rows


def _numbers(rows: Sequence[_Numbered]) -> dict[int, int]:
    """The number of each variety's line."""
    return {int(row.line.variety_id): row.number for row in rows}


def _tabs(stated: Sequence[Stated]) -> list[str]:
    """A tab per settlement: its batch, as far as there is room, and its year."""
    names: list[str] = []
    for number, each in enumerate(stated, 1):
        row = each.working.row
        batch = "".join(letter for letter in row.batch if letter not in "[]:*?/\\'")
        tail = _("·{year}年度").format(year=row.agreement_year)
        name = f"{batch[: MOST_ON_A_TAB - len(tail)]}{tail}"
        if name.lower() in {other.lower() for other in names}:
            tail = f"{tail}·{number}"
            name = f"{batch[: MOST_ON_A_TAB - len(tail)]}{tail}"
        names.append(name)
    return names


def table_lines(stated: Stated, rows: Sequence[_Numbered], places: dict[str, str]) -> list[Line]:
    """A statement from its title to the sums over the varieties."""
    return [
        *_top(stated),
        Line([Cell(_("一、数量与价格"), "section", COLUMNS)], 22),
        Line([Cell(_(head), "head") for head in VOLUMES], 30),
        *(line for each in rows for line in volume_lines(each, places)),
        Line([Cell(_("二、金额"), "section", COLUMNS)], 22),
        Line([Cell(_(head), "head") for head in AMOUNTS], 30),
        *(line for each in rows for line in amount_lines(each, places)),
        _totals(rows, stated.working.row),
    ]


def result_lines(working: Working) -> list[Line]:
    """From the payment ratio to the line where it is signed."""
    head = Line([Cell(_("三、结余留用"), "section", COLUMNS)], 22)
    return [head, *step_lines(working, COLUMNS), *policy_lines(working, COLUMNS)]


def _top(stated: Stated) -> list[Line]:
    row = stated.working.row
    span = _("协议年度：第{year}年度（{start}至{end}）").format(
        year=row.agreement_year, start=day_text(row.year_start), end=day_text(row.year_end)
    )
    about = _("机构：{code} {name}　　批次：{batch}　　{span}").format(
        code=row.institution_code, name=row.institution_name, batch=row.batch, span=span
    )
    running = _("协议年度未结束，金额仍会变动。") if row.is_running else ""
    mark = (stated.mark or _("测算数据，尚未结算。")) + running
    return [
        Line([Cell(_("结余留用核算表"), "title", COLUMNS)], 32),
        Line([Cell(about, "text", COLUMNS)], 20),
        Line([Cell(mark, "remark", COLUMNS)], 16),
        Line([Cell(_("单位：元　　蓝色为录入的数据，黑色由公式计算"), "remark", COLUMNS)], 16),
    ]


def volume_lines(each: _Numbered, places: dict[str, str]) -> list[Line]:
    """Volumes and prices of a variety; of several agreed volumes one each, then what was bought of all."""
    line, n, several = each.line, each.number, len(each.agreements) > 1
    parts = records(each.agreements) if several else []
    height = 18 if len(str(line.variety)) <= WIDE_NAME else 32
    above = [
        Line([Cell(None), Cell(str(part.variety)), Cell(_product(part)), *_volumes(f"{n}_{at}", part),
              *_prices(f"{n}_{at}", part), *[Cell(None)] * 3], height)
        for at, part in enumerate(parts)
    ]  # fmt: skip
    own = records(each.agreements)[0] if len(each.agreements) == 1 else None
    cells = [
        Cell(n, "number"),
        Cell(str(line.variety), "strong" if several else "label"),
        Cell(_("合计") if several else _product(own) if own else None),
        *([Cell(None)] * 2 if several else _volumes(n, line)),
        *([Cell(None)] * 3 if several else _prices(n, line)),
        _summed("units", n, "yes", places, _units(line.bought_equivalent), f"bought{n}"),
        Cell(_units(line.agreed_equivalent), "given_parts", name=f"due{n}"),
        _rate(n, line),
    ]
    return [*above, Line(cells, height)]


def _product(part: Any) -> str | None:
    """The product that a volume was agreed for; nothing where it is for the variety."""
    for name in (part.product_name, part.product_code):
        if not pd.isna(name):
            return str(name)
    return None


def amount_lines(each: _Numbered, places: dict[str, str]) -> list[Line]:
    """Amounts of a variety; of several agreed volumes the budget and agreed amount of each above them."""
    line, n = each.line, each.number
    parts = records(each.agreements) if len(each.agreements) > 1 else []
    above = [_part(part, line.budget_basis, f"{n}_{at}") for at, part in enumerate(parts)]
    cells = [
        Cell(n, "number"),
        Cell(str(line.variety), "strong" if above else "label"),
        _summed("amount", n, "yes", places, _yuan(line.selected_amount), f"selected{n}"),
        _summed("amount", n, "no", places, _yuan(line.non_selected_amount), f"other{n}"),
        *_gross(n, line, len(above)),
        *_fund(n, line),
        _counted(n, line),
        Cell(word_text(line.line_reason)),
    ]
    is_long = len(str(line.variety)) > WIDE_NAME or len(word_text(line.line_reason)) > WIDE_NAME // 2
    return [*above, Line(cells, 32 if is_long else 18)]


def _part(part: Any, basis: str, key: str) -> Line:
    """Budget and agreed amount of one of several agreed volumes."""
    budget = part.reported_baseline_amount if basis == "reported" else part.agreed_baseline_amount
    agreed = _unless(_is_empty(f"awarded{key}"), f"ROUND({{units{key}}}*{{awarded{key}}},4)")
    cells = [
        Cell(None), Cell(_("其中：{product}").format(product=_product(part) or part.variety)), Cell(None),
        Cell(None), Cell(Live(_budget(key), _yuan(budget)), "amount", name=f"budget{key}"),
        Cell(Live(agreed, _yuan(part.agreed_amount)), "amount", name=f"agreed{key}"), *[Cell(None)] * 5,
    ]  # fmt: skip
    return Line(cells, 18)


def _volumes(key: object, row: Any) -> list[Cell]:
    return [
        Cell(_whole(row.reported_units), "given_units", name=f"reported{key}"),
        Cell(_whole(row.agreed_units), "given_units", name=f"units{key}"),
    ]


def _prices(key: object, row: Any) -> list[Cell]:
    return [
        Cell(_price(row.baseline_unit_price), "given_price", name=f"baseline{key}"),
        Cell(word_text(row.baseline_basis), "given_words"),
        Cell(_price(row.awarded_unit_price), "given_price", name=f"awarded{key}"),
    ]


def _budget(key: object) -> str:
    """Volume on the policy's basis × baseline."""
    on_reported = "{budget_basis}", "reported"
    volume = _choice(*on_reported, f"{{reported{key}}}", f"{{units{key}}}")
    missing = _choice(*on_reported, _is_empty(f"reported{key}"), _is_empty(f"units{key}"))
    return _unless(f"OR({missing},{_is_empty(f'baseline{key}')})", f"ROUND({volume}*{{baseline{key}}},4)")


def _gross(n: int, line: Any, parts: int) -> list[Cell]:
    """Budget and spending before the fund's share."""
    budgets, agreed = ([f"{of}{n}_{at}" for at in range(parts)] for of in ("budget", "agreed"))
    if parts:
        budget = _unless(_any_empty(budgets), f"ROUND({'+'.join(map(_cell, budgets))},4)")
        amount, missing = "+".join(map(_cell, agreed)), _any_empty(agreed)
    else:
        budget = _budget(n)
        amount, missing = f"ROUND({{units{n}}}*{{awarded{n}}},4)", _is_empty(f"awarded{n}")
    on_actual = "{spending_basis}", "actual"
    spending = f"ROUND({_choice(*on_actual, f'{{selected{n}}}', amount)}+{{other{n}}},4)"
    spending = _unless(_choice(*on_actual, "FALSE", missing), spending)
    return [
        Cell(Live(budget, _yuan(line.gross_budget_amount)), "amount", name=f"budget{n}"),
        Cell(Live(spending, _yuan(line.gross_spending_amount)), "amount", name=f"spending{n}"),
    ]


def _fund(n: int, line: Any) -> list[Cell]:
    """The fund's share of both, and the variety's surplus."""
    missing = _any_empty([f"budget{n}", f"spending{n}", "ratio"])
    cells = [
        Cell(
            Live(_unless(missing, f"ROUND({{{of}{n}}}*{{ratio}},4)"), _yuan(getattr(line, f"{of}_amount"))),
            "amount",
            name=f"fund_{of}{n}",
        )
        for of in ("budget", "spending")
    ]
    surplus = _unless(missing, f"ROUND({{fund_budget{n}}}-{{fund_spending{n}}},4)")
    return [*cells, Cell(Live(surplus, _yuan(line.surplus_amount)), "amount", name=f"surplus{n}")]


def _rate(n: int, line: Any) -> Cell:
    """The completion rate; nothing where nothing was agreed."""
    rate = None
    if not pd.isna(line.agreed_equivalent) and line.agreed_equivalent > 0:
        rate = int(line.bought_equivalent) / int(line.agreed_equivalent)
    return Cell(Live(f'=IF(N({{due{n}}})>0,{{bought{n}}}/{{due{n}}},"")', rate), "rate")


def _counted(n: int, line: Any) -> Cell:
    """What of the surplus counts: nothing of a gain below the threshold, nothing of a zeroed loss."""
    surplus = _cell(f"surplus{n}")
    below = f"AND({surplus}>0,{{bought{n}}}<ROUND({{due{n}}}*{{threshold}},6))"
    zeroed = f"AND({surplus}<0,{_choice('{negative}', 'zero', 'TRUE', 'FALSE')})"
    counted = _unless(_is_empty(f"surplus{n}"), f"IF(OR({below},{zeroed}),0,{surplus})")
    value = None if line.line_reason in MISSING else _yuan(line.counted_amount)
    return Cell(Live(counted, value), "amount", name=f"counted{n}")


def _totals(rows: Sequence[_Numbered], row: Any) -> Line:
    """Sums over the varieties; empty while one of them is empty."""

    def total(of: str, value: object) -> Cell:
        cells = [_cell(f"{of}{each.number}") for each in rows]
        groups = [",".join(cells[at : at + MOST_ARGUMENTS]) for at in range(0, len(cells), MOST_ARGUMENTS)]
        count, amount = ("+".join(f"{name}({group})" for group in groups) for name in ("COUNT", "SUM"))
        told = _unless(f"{count}<{len(cells)}", f"ROUND({amount},4)")
        return Cell(Live(told, _yuan(value)), "sum", name=f"total_{of}")

    lines = [each.line for each in rows]
    summed = {of: _sum(lines, column) for of, column in _SUMMED.items()}
    sums = [total(of, amount) for of, amount in summed.items()]
    last = [total("counted", row.surplus_base_amount), Cell(None, "strong")]
    return Line([Cell(_("合计"), "strong", 2), *sums, *last], 20)


_SUMMED = {
    "selected": "selected_amount",
    "other": "non_selected_amount",
    "budget": "gross_budget_amount",
    "spending": "gross_spending_amount",
    "fund_budget": "budget_amount",
    "fund_spending": "spending_amount",
    "surplus": "surplus_amount",
}
"""Sum of the statement → column of the variety lines."""


def _sum(lines: Sequence[Any], column: str) -> object:
    values = [getattr(line, column) for line in lines]
    return pd.NA if any(pd.isna(value) for value in values) else sum(int(value) for value in values)


def _summed(what: str, n: int, selected: str, places: dict[str, str], value: float | None, name: str) -> Cell:
    """A sum over the purchase lines of a variety, of selected or of non-selected products."""
    flag = _(FLAGS[selected])
    sums = f'SUMIFS({places[what]},{places["number"]},{n},{places["selected"]},"{flag}")'
    return Cell(Live(f"=ROUND({sums},{6 if what == 'units' else 4})", value), what, name=name)


FLAGS = {"yes": N_("是"), "no": N_("否")}


def _choice(cell: str, word: str, then: str, otherwise: str) -> str:
    """`then` where the policy's cell reads as `word`."""
    return f'IF({cell}="{choice_text(word)}",{then},{otherwise})'


def _cell(name: str) -> str:
    """A named cell inside a formula."""
    return f"{{{name}}}"


def _is_empty(name: str) -> str:
    return f'{_cell(name)}=""'


def _any_empty(names: Sequence[str]) -> str:
    return f"OR({','.join(map(_is_empty, names))})"


def _unless(missing: str, formula: str) -> str:
    """The formula, or nothing where a basis is missing."""
    return f'=IF({missing},"",{formula})'


def _yuan(amount: Any) -> float | None:
    return None if pd.isna(amount) else float(Decimal(int(amount)) / AMOUNT_SCALE)


def _price(price: Any) -> float | None:
    return None if pd.isna(price) else float(Decimal(int(price)) / PRICE_SCALE)


def _units(units: Any) -> float | None:
    return None if pd.isna(units) else float(Decimal(int(units)) / UNIT_SCALE)


def _whole(number: Any) -> int | None:
    return None if pd.isna(number) else int(number)
