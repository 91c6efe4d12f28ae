"""Random tables in random layouts give the same rows back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.importing import recognise
from etl.rows import Rows
from etl.sources import READERS
from tests.etl.books import Rows as Sheet
from tests.etl.books import text_table, xls, xlsx

FIELDS = {
    "institution_code": ["机构编码", "医疗机构代码", "医院编码*"],
    "bought_on": ["采购日期", "入库\n日期", "购进日期（必填）"],
    "product_code": ["产品编码", "医保代码", "※国家医保编码"],
    "quantity": ["数量", "采购数量(盒)", "入库数量（盒）"],
    "unit_price": ["单价", "单价(元)", "采购价（元/盒）"],
    "amount": ["金额", "采购金额(元)", "总价（元）"],
}
MENTIONED = {"unread-column", "return-negated"}
"""What these tables may give cause to say; above all, no total differs."""

STRANGERS = ["备注", "序号", "库房", "神秘列"]


@dataclass(frozen=True)
class Line:
    code: str
    day: date
    product: str
    quantity: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price


lines = st.lists(
    st.builds(
        Line,
        code=st.sampled_from(["H001", "00123", "H410900"]),
        day=st.dates(date(2019, 1, 1), date(2024, 12, 31)),
        product=st.text("XAB0123456789", min_size=3, max_size=23).map(lambda tail: "X" + tail),
        quantity=st.integers(-999, 9_999).filter(bool),
        price=st.decimals("0.02", "9999", places=2),
    ),
    min_size=1,
    max_size=8,
)


@dataclass(frozen=True)
class Layout:
    """How the same rows are printed."""

    order: list[str]
    headings: dict[str, str]
    left: int
    above: int
    total: bool
    blank_after: int
    repeat_heading: bool
    footer: bool
    day_style: str
    number_style: str

    def day(self, day: date) -> Any:
        return {
            "real": day,
            "dashes": day.isoformat(),
            "chinese": f"{day.year}年{day.month}月{day.day}日",
            "compact": f"{day:%Y%m%d}",
            "serial": float((day - date(1899, 12, 30)).days),
        }[self.day_style]

    def number(self, number: Decimal | int) -> Any:
        return {
            "number": float(number),
            "text": f"{number}",
            "grouped": f"{number:,}",
            "wide": str(number).translate(str.maketrans("0123456789.", "０１２３４５６７８９．")),
        }[self.number_style]

    def print(self, rows: list[Line]) -> Sheet:
        heading = [self.headings.get(field, field) for field in self.order]
        table = [["某市医疗机构采购明细表"] for _ in range(self.above)] + [heading]
        for number, line in enumerate(rows):
            table.append([self.cell(field, line) for field in self.order])
            if number == self.blank_after:
                table.append([""])
                if self.repeat_heading:
                    table.append(heading)
        if self.total:
            table.append(["合计", *(self.total_of(field, rows) for field in self.order[1:])])
        if self.footer:
            table += [[], ["制表人：甲", "", "审核人：乙"]]
        return [[""] * self.left + row for row in table]

    def total_of(self, field: str, rows: list[Line]) -> Any:
        if field not in ("quantity", "amount"):
            return ""
        return self.number(sum(getattr(line, field) for line in rows))

    def cell(self, field: str, line: Line) -> Any:
        return {
            "institution_code": line.code,
            "bought_on": self.day(line.day),
            "product_code": line.product,
            "quantity": self.number(line.quantity),
            "unit_price": self.number(line.price),
            "amount": self.number(line.amount),
        }.get(field, "甲")


layouts = st.builds(
    Layout,
    order=st.permutations([*FIELDS, *STRANGERS]),
    headings=st.fixed_dictionaries({field: st.sampled_from(words) for field, words in FIELDS.items()}),
    left=st.integers(0, 3),
    above=st.integers(0, 4),
    total=st.booleans(),
    blank_after=st.integers(0, 7),
    repeat_heading=st.booleans(),
    footer=st.booleans(),
    day_style=st.sampled_from(["real", "dashes", "chinese", "compact", "serial"]),
    number_style=st.sampled_from(["number", "text", "grouped", "wide"]),
)


@settings(max_examples=80)
@given(lines, layouts)
def test_the_same_rows_are_read_from_any_layout(rows, layout):
    assert_same_rows(xlsx(layout.print(rows)), rows)


@settings(max_examples=25)
@given(lines, layouts, st.sampled_from(["xls", "csv", "gbk", "tab"]))
def test_the_same_rows_are_read_from_any_format(rows, layout, form):
    table = layout.print(rows)
    if form == "xls":
        assert_same_rows(xls(table), rows)
    else:
        text = text_table(
            [[*map(_as_text, row), *[""] * 20] for row in table], "\t" if form == "tab" else ";"
        )
        assert_same_rows(text.encode("gb18030" if form == "gbk" else "utf-8"), rows)


@settings(max_examples=60)
@given(st.lists(st.tuples(lines, layouts, st.booleans(), st.integers(0, 2)), min_size=2, max_size=4))
def test_the_same_rows_are_read_from_tables_below_each_other_and_on_several_sheets(parts):
    """Each table is printed in its own way, on a sheet of its own or below the one before."""
    sheets: list[Sheet] = [[]]
    for rows, layout, on_own_sheet, blank in parts:
        if on_own_sheet and sheets[-1]:
            sheets.append([])
        sheets[-1] += [[""]] * blank * bool(sheets[-1]) + layout.print(rows)
    assert_same_rows(xlsx(*sheets), [row for rows, *_ in parts for row in rows])


def _as_text(cell: Any) -> str:
    """A cell as a hospital's system writes it into a text file: all digits, one line."""
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell).replace("\n", "")


def assert_same_rows(content: bytes, rows: list[Line]) -> None:
    known = recognise(("x.xlsx", content))
    assert known.kind == "purchases"
    read = Rows("x.xlsx", known.tables)
    frame = READERS["purchases"].read(read)
    assert not read.bad.any(), [problem.sentence() for problem in read.problems]
    assert {problem.kind.code for problem in known.problems + read.problems} <= MENTIONED
    assert list(zip(frame["institution_code"], frame["product_code"], strict=True)) == [
        (r.code, r.product) for r in rows
    ]
    assert list(frame["bought_on"]) == [pd.Timestamp(r.day) for r in rows]
    assert list(frame["stated_quantity"]) == [r.quantity * 10**8 for r in rows]
    assert list(frame["stated_price"]) == [int(r.price * 10**6) for r in rows]
    assert list(frame["amount"]) == [int(r.amount * 10**4) for r in rows]
