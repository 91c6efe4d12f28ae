"""The two tables of a 核算表: volumes and prices of each variety, then its amounts, all as live formulas."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard.exports.sheet_writer import lines_needed
from dashboard.exports.statement_formulas import (
    any_empty,
    cell,
    choice,
    in_price,
    in_units,
    in_yuan,
    is_empty,
    sum_of,
    unless,
    whole,
)
from dashboard.exports.statement_lines import Cell, Line, Live
from dashboard.exports.statement_pages import Block
from dashboard.formats import word_text
from procurement.language import N_, _
from procurement.measures.retention import MISSING
from procurement.money import UNIT_SCALE
from procurement.working import Working, records

WIDTHS = (5, 26, 16, 13, 14, 14, 14, 13, 14, 14, 17)
COLUMNS = len(WIDTHS)
VOLUMES = (N_("序号"), N_("品种"), N_("单位、约定产品"), N_("报量"), N_("约定采购量"), N_("集采前单价"),
           N_("价格依据"), N_("中选单价"), N_("已采购量（折算）"), N_("约定量（折算）"),
           N_("完成率"))  # fmt: skip
AMOUNTS = (N_("序号"), N_("品种"), N_("中选采购金额"), N_("非中选采购金额"), N_("全额预算"), N_("全额支出"),
           N_("医保资金预算"), N_("医保资金支出"), N_("品种结余"), N_("计入基数"), N_("说明"))  # fmt: skip
FLAGS = {"yes": N_("是"), "no": N_("否")}
"""How 采购明细 tells selected from non-selected products."""


@dataclass(frozen=True)
class Numbered:
    """A variety line with its number in the workbook, which its purchase lines carry as well, and its agreed
    volumes; `unit` is the base unit of the variety's main strength."""

    number: int
    line: Any
    agreements: Sequence[Any]
    unit: str = ""


def numbered(working: Working, first: int) -> list[Numbered]:
    """The variety lines by name, numbered from `first` on."""
    lines = sorted(records(working.lines), key=lambda line: line.variety)
    agreements: dict[int, list[Any]] = {line.variety_id: [] for line in lines}
    for agreed in records(working.agreements):
        if agreed.variety_id in agreements:
            agreements[agreed.variety_id].append(agreed)
    units = _units_of(working.listings)
    return [
        Numbered(number, line, agreements[line.variety_id], units.get(line.variety_id, ""))
        for number, line in enumerate(lines, first)
    ]


def _units_of(listings: pd.DataFrame) -> dict[Any, str]:
    """The base unit of each variety: of a product of its main strength, else of the first one listed."""
    columns = (listings[name].tolist() for name in ("variety_id", "base_unit", "strength_factor"))
    known = [row for row in zip(*columns, strict=True) if not pd.isna(row[1])]
    units: dict[Any, str] = {}
    for variety, unit, _factor in [*(row for row in known if row[2] == UNIT_SCALE), *known]:
        units.setdefault(variety, unit)
    return units


def tables(rows: Sequence[Numbered], row: Any, places: dict[str, str]) -> list[Block]:
    """Both tables of the settlement `row`; `places` are the columns of 采购明细 that formulas sum over."""
    amounts = [amount_lines(each, places) for each in rows]
    amounts[-1] = [*amounts[-1], _totals(rows, row)]
    return [
        Block(_title(_("一、数量与价格")), _heading(VOLUMES), [volume_lines(each, places) for each in rows]),
        Block(_title(_("二、金额")), _heading(AMOUNTS), amounts),
    ]


def _title(text: str) -> list[Line]:
    return [Line([Cell(text, "section", COLUMNS)], 22)]


def _heading(texts: Sequence[str]) -> list[Line]:
    return [Line([Cell(_(text), "head") for text in texts], 30)]


def volume_lines(each: Numbered, places: dict[str, str]) -> list[Line]:
    """Volumes and prices of a variety; of several agreed volumes one each, then what was bought of all."""
    line, n = each.line, each.number
    parts = each.agreements
    several = len(parts) > 1
    above = [_volume_part(part, f"{n}_{at}", each.unit) for at, part in enumerate(parts)] if several else []
    what = _("合计") if several else _agreed_for(parts[0], each.unit) if parts else each.unit
    stated = [Cell(None)] * 5 if several else [*_volumes(n, line), *_prices(n, line)]
    cells = [
        Cell(n, "number"),
        Cell(str(line.variety), "strong" if several else "label"),
        Cell(what),
        *stated,
        _summed("units", n, "yes", places, in_units(line.bought_equivalent), f"bought{n}"),
        _units_cell(_due(n, parts), in_units(line.agreed_equivalent), f"due{n}"),
        _rate(n, line),
    ]
    return [*above, Line(cells, _height(line.variety, what))]


def _volume_part(part: Any, key: str, unit: str) -> Line:
    what = _agreed_for(part, unit)
    cells = [Cell(None), Cell(str(part.variety)), Cell(what), *_volumes(key, part), *_prices(key, part)]
    return Line([*cells, *[Cell(None)] * 3], _height(part.variety, what))


def _agreed_for(part: Any, unit: str) -> str:
    """The product that a volume was agreed for, by name and spec; the variety's unit where there is none."""
    names = [str(name) for name in (part.product_name, part.spec) if not pd.isna(name)]
    return " ".join(names) or ("" if pd.isna(part.product_code) else str(part.product_code)) or unit


def _height(variety: object, what: str = "", remark: str = "") -> float:
    """Points that the texts of a line need in their columns."""
    texts = zip((str(variety), what, remark), (WIDTHS[1], WIDTHS[2], WIDTHS[-1]), strict=True)
    return 3 + 15 * max(lines_needed(text, width) for text, width in texts)


def _units_cell(formula: str, units: float | None, name: str) -> Cell:
    """Equivalent units, with decimals only where there are parts of one."""
    has_parts = units is not None and units != int(units)
    return Cell(Live(formula, units), "parts" if has_parts else "units", name=name)


def _volumes(key: object, row: Any) -> list[Cell]:
    return [
        Cell(whole(row.reported_units), "given_units", name=f"reported{key}"),
        Cell(whole(row.agreed_units), "given_units", name=f"units{key}"),
    ]


def _prices(key: object, row: Any) -> list[Cell]:
    return [
        Cell(in_price(row.baseline_unit_price), "given_price", name=f"baseline{key}"),
        Cell(word_text(row.baseline_basis), "given_words"),
        Cell(in_price(row.awarded_unit_price), "given_price", name=f"awarded{key}"),
    ]


def _due(n: int, parts: Sequence[Any]) -> str:
    """The agreed volumes in units of the variety's main strength: each × its product's strength factor."""
    names = [f"units{n}_{at}" for at in range(len(parts))] if len(parts) > 1 else [f"units{n}"]
    factors = [int(part.strength_factor) for part in parts] or [UNIT_SCALE]
    terms = [
        cell(name) if factor == UNIT_SCALE else f"{cell(name)}*{_factor(factor)}"
        for name, factor in zip(names, factors, strict=True)
    ]
    return f"=ROUND({'+'.join(terms)},6)"


def _factor(factor: int) -> str:
    return f"{(Decimal(factor) / UNIT_SCALE).normalize():f}"


def _rate(n: int, line: Any) -> Cell:
    """The completion rate; nothing where nothing was agreed."""
    rate = None
    if not pd.isna(line.agreed_equivalent) and line.agreed_equivalent > 0:
        rate = int(line.bought_equivalent) / int(line.agreed_equivalent)
    return Cell(Live(f'=IF(N({{due{n}}})>0,{{bought{n}}}/{{due{n}}},"")', rate), "rate")


def amount_lines(each: Numbered, places: dict[str, str]) -> list[Line]:
    """Amounts of a variety; of several agreed volumes the budget and agreed amount of each above them."""
    line, n = each.line, each.number
    parts = each.agreements if len(each.agreements) > 1 else []
    above = [_amount_part(part, line.budget_basis, f"{n}_{at}") for at, part in enumerate(parts)]
    remark = word_text(line.line_reason)
    cells = [
        Cell(n, "number"),
        Cell(str(line.variety), "strong" if above else "label"),
        _summed("amount", n, "yes", places, in_yuan(line.selected_amount), f"selected{n}"),
        _summed("amount", n, "no", places, in_yuan(line.non_selected_amount), f"other{n}"),
        *_gross(n, line, len(above)),
        *_fund(n, line),
        _counted(n, line),
        Cell(remark),
    ]
    return [*above, Line(cells, _height(line.variety, "", remark))]


def _amount_part(part: Any, basis: object, key: str) -> Line:
    """Budget and agreed amount of one of several agreed volumes."""
    budget = part.reported_baseline_amount if basis == "reported" else part.agreed_baseline_amount
    agreed = unless(is_empty(f"awarded{key}"), f"ROUND({{units{key}}}*{{awarded{key}}},4)")
    what = _("其中：{product}").format(product=_agreed_for(part, "") or part.variety)
    cells = [
        Cell(None), Cell(what), Cell(None), Cell(None),
        Cell(Live(_budget(key), in_yuan(budget)), "amount", name=f"budget{key}"),
        Cell(Live(agreed, in_yuan(part.agreed_amount)), "amount", name=f"agreed{key}"), *[Cell(None)] * 5,
    ]  # fmt: skip
    return Line(cells, _height(what))


def _budget(key: object) -> str:
    """Volume on the policy's basis × baseline."""
    on_reported = "{budget_basis}", "reported"
    volume = choice(*on_reported, f"{{reported{key}}}", f"{{units{key}}}")
    missing = choice(*on_reported, is_empty(f"reported{key}"), is_empty(f"units{key}"))
    return unless(f"OR({missing},{is_empty(f'baseline{key}')})", f"ROUND({volume}*{{baseline{key}}},4)")


def _gross(n: int, line: Any, parts: int) -> list[Cell]:
    """Budget and spending before the fund's share."""
    budgets, agreed = ([f"{of}{n}_{at}" for at in range(parts)] for of in ("budget", "agreed"))
    if parts:
        budget = unless(any_empty(budgets), f"ROUND({'+'.join(map(cell, budgets))},4)")
        amount, missing = "+".join(map(cell, agreed)), any_empty(agreed)
    else:
        budget = _budget(n)
        amount, missing = f"ROUND({{units{n}}}*{{awarded{n}}},4)", is_empty(f"awarded{n}")
    on_agreed = "{spending_basis}", "agreed"
    spending = f"ROUND({choice(*on_agreed, amount, f'{{selected{n}}}')}+{{other{n}}},4)"
    spending = unless(choice(*on_agreed, missing, "FALSE"), spending)
    return [
        Cell(Live(budget, in_yuan(line.gross_budget_amount)), "amount", name=f"budget{n}"),
        Cell(Live(spending, in_yuan(line.gross_spending_amount)), "amount", name=f"spending{n}"),
    ]


def _fund(n: int, line: Any) -> list[Cell]:
    """The fund's share of both, and the variety's surplus; nothing where no policy is in force."""
    missing = any_empty([f"budget{n}", f"spending{n}", "ratio", "budget_basis"])
    cells = [
        Cell(
            Live(unless(missing, f"ROUND({{{of}{n}}}*{{ratio}},4)"), in_yuan(getattr(line, f"{of}_amount"))),
            "amount",
            name=f"fund_{of}{n}",
        )
        for of in ("budget", "spending")
    ]
    surplus = unless(missing, f"ROUND({{fund_budget{n}}}-{{fund_spending{n}}},4)")
    return [*cells, Cell(Live(surplus, in_yuan(line.surplus_amount)), "amount", name=f"surplus{n}")]


def _counted(n: int, line: Any) -> Cell:
    """What of the surplus counts: nothing of a gain below the threshold, nothing of a zeroed loss."""
    surplus = cell(f"surplus{n}")
    below = f"AND({surplus}>0,{{bought{n}}}<ROUND({{due{n}}}*{{threshold}},6))"
    zeroed = f"AND({surplus}<0,{choice('{negative}', 'zero', 'TRUE', 'FALSE')})"
    counted = unless(is_empty(f"surplus{n}"), f"IF(OR({below},{zeroed}),0,{surplus})")
    value = None if line.line_reason in MISSING else in_yuan(line.counted_amount)
    return Cell(Live(counted, value), "amount", name=f"counted{n}")


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


def _totals(rows: Sequence[Numbered], row: Any) -> Line:
    """Sums over the varieties; empty while one of them is empty."""

    def total(of: str, value: object) -> Cell:
        names = [f"{of}{each.number}" for each in rows]
        return Cell(Live(sum_of(names), in_yuan(value)), "sum", name=f"total_{of}")

    lines = [each.line for each in rows]
    sums = [total(of, _sum(lines, column)) for of, column in _SUMMED.items()]
    last = [total("counted", row.surplus_base_amount), Cell(None, "strong")]
    return Line([Cell(_("合计"), "strong", 2), *sums, *last], 20)


def _sum(lines: Sequence[Any], column: str) -> object:
    values = [getattr(line, column) for line in lines]
    return pd.NA if any(pd.isna(value) for value in values) else sum(int(value) for value in values)


def _summed(what: str, n: int, selected: str, places: dict[str, str], value: float | None, name: str) -> Cell:
    """A sum over the purchase lines of a variety, of selected or of non-selected products."""
    flag = _(FLAGS[selected])
    sums = f'SUMIFS({places[what]},{places["number"]},{n},{places["selected"]},"{flag}")'
    if what == "units":
        return _units_cell(f"=ROUND({sums},6)", value, name)
    return Cell(Live(f"=ROUND({sums},4)", value), what, name=name)
