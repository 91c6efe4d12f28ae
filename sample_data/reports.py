"""Purchase workbooks: who reports in which file, and in which of the layouts of names/layouts.toml."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

from xlsxwriter.worksheet import Worksheet

from sample_data.area import Area
from sample_data.city import Institution
from sample_data.invented import makers
from sample_data.purchases import Line, Style
from sample_data.workbooks import Book, Cell, Row, write_headings, write_row, write_top

Layout = dict[str, Any]


@cache
def read_layouts() -> dict[str, Layout]:
    path = Path(__file__).parent / "names" / "layouts.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, eq=False)
class Report:
    """A file, or one a year, with the lines of the institutions that report together."""

    name: str
    who: str
    layout: Layout
    institutions: Sequence[Institution]
    by_year: bool

    @property
    def style(self) -> Style:
        return Style(self.layout["date"].startswith("month"), self.layout["quantity"])


def list_reports(area: Area, city: Sequence[Institution], split_groups: bool = False) -> list[Report]:
    """Big hospitals a file a year each, the others one per group of districts, pharmacies one per chain."""
    big = [row for row in city if row.is_big]
    reports = [
        Report(f"采购记录_{{year}}_{row.name}.xlsx", row.name, layout_for("hospital", place), [row], True)
        for place, row in enumerate(big)
    ]
    for place, group in enumerate(area.file_groups):
        rows = [row for row in city if row.district in group and row.kind != "零售药店" and not row.is_big]
        who, year = "、".join(group), "{year}_" if split_groups else ""
        name = f"采购记录_{year}{group[0]}{'等' if len(group) > 1 else ''}_其他医疗机构.xlsx"
        reports.append(Report(name, who, layout_for("group", place), rows, split_groups))
    for place, (chain, _) in enumerate(area.chains):
        rows = [row for row in city if row.kind == "零售药店" and row.chain.startswith(chain)]
        reports.append(Report(f"采购记录_2022_{chain}.xlsx", chain, layout_for("chain", place), rows, False))
    return reports


def layout_for(kind: str, place: int) -> Layout:
    own = [layout for key, layout in read_layouts().items() if key.startswith(kind)]
    return own[place % len(own)]


def write_report(report: Report, lines: list[Line], folder: Path, area: Area, big: bool = False) -> None:
    order = [row.code for row in report.institutions]
    place = {code: number for number, code in enumerate(order)}
    lines.sort(key=lambda line: (line.day, place[line.institution.code]))
    if not report.by_year:
        write_purchases(folder / report.name, report, lines, str(area.last_day.year), area, big)
        return
    for year, of_year in groupby(lines, key=lambda line: line.day.year):
        name = report.name.format(year=year)
        write_purchases(folder / name, report, list(of_year), str(year), area, big)


def write_purchases(path: Path, report: Report, lines: list[Line], year: str, area: Area, big: bool) -> None:
    layout, words = report.layout, {"who": report.who, "year": year}
    fields = [field for field, _ in layout["columns"]]
    first = layout.get("first_column", 0)
    rng = Random(path.name)
    with Book(path, big) as book:
        if layout.get("hidden_copy"):
            write_old_copy(book, layout, lines[:40])
        sheet = book.sheet(layout["sheet"])
        sheet.activate()
        sheet.set_first_sheet()
        above = [text.format(**words) for text in layout.get("lines", ())]
        row = write_top(book, sheet, first, len(fields), layout.get("title", "").format(**words), above)
        write_headings(sheet, row, first, [heading for _, heading in layout["columns"]], book.bold)
        for line in with_sums(lines, layout):
            row += 1
            cells = cells_of(line, layout, area, rng) if isinstance(line, Line) else sum_cells(line, fields)
            write_row(book, sheet, row, first, (cells.get(field) for field in fields))
        if layout.get("footer"):
            write_footer(sheet, row + 2, first, len(fields))


def with_sums(lines: list[Line], layout: Layout) -> Iterator[Line | tuple[str, int]]:
    """The lines, with 小计 after each month and 合计 at the end where the layout has them."""
    for _, of_month in groupby(lines, key=lambda line: line.day.month if layout.get("subtotal") else 0):
        month = list(of_month)
        yield from month
        if layout.get("subtotal"):
            yield "小计", sum(line.fen for line in month)
    if layout.get("total"):
        yield "合计", sum(line.fen for line in lines)


def sum_cells(total: tuple[str, int], fields: list[str]) -> Row:
    word, fen = total
    return {fields[0]: word, "amount": Decimal(fen) / 100}


def cells_of(line: Line, layout: Layout, area: Area, rng: Random) -> Row:
    product, arrival = line.product, line.day + timedelta(days=rng.randint(1, 6))
    payment = arrival + timedelta(days=rng.randint(18, 75))
    firms = makers("配送")
    return {
        "institution_code": line.institution.code,
        "institution_name": line.institution.name,
        "date": date_cell(line.day, layout["date"]),
        "code": product.code,
        "name": product.name,
        "spec": product.spec,
        "maker": product.maker,
        "quantity": line.quantity,
        "unit": line.unit,
        "price": line.price,
        "amount": Decimal(line.fen) / 100,
        "distributor": firms[len(product.maker) % len(firms)],
        "invoice": f"{rng.randrange(10**8):08d}",
        "acceptance": arrival if arrival <= area.last_day else None,
        "payment": payment if payment <= area.last_day else None,
    }


def date_cell(day: date, style: str) -> Cell:
    written: dict[str, Cell] = {
        "excel": day,
        "text": day.isoformat(),
        "month_cn": f"{day.year}年{day.month}月",
        "month_compact": day.year * 100 + day.month,
        "month_dot": f"{day.year}.{day.month:02d}",
    }
    return written[style]


def write_old_copy(book: Book, layout: Layout, lines: list[Line]) -> None:
    """A hidden sheet in front with an older state of the first rows: reading it would count them twice."""
    sheet = book.sheet("旧版", hidden=True)
    fields = [field for field, _ in layout["columns"]]
    write_headings(sheet, 0, 0, [heading for _, heading in layout["columns"]], book.bold)
    for row, line in enumerate(lines, 1):
        older = {
            "date": date_cell(line.day, layout["date"]), "code": line.product.code, "name": line.product.name,
            "institution_name": line.institution.name, "spec": line.product.spec, "maker": line.product.maker,
            "quantity": line.quantity * 2, "unit": line.unit, "price": line.price,
            "amount": Decimal(line.fen) / 50,
        }  # fmt: skip
        write_row(book, sheet, row, 0, (older.get(field) for field in fields))


def write_footer(sheet: Worksheet, row: int, first: int, width: int) -> None:
    sheet.write_string(row, first, "制表人:示例药学部")
    sheet.write_string(row, first + 3, "审核人:示例采购办")
    sheet.write_string(row, first + width - 2, "填表日期:2023年1月5日")
