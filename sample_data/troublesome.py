"""One table with every trouble of layout at once, and the same rows clean: both must read alike."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import xlwt
from xlsxwriter.worksheet import Worksheet

from sample_data.catalogue import Batch, Product, Variety
from sample_data.city import Institution
from sample_data.exact import price4, yuan
from sample_data.invented import read_names
from sample_data.lists import batch_row, read_list_layouts
from sample_data.workbooks import Book, Cell, Row, write_headings, write_list, write_row

BATCH = Batch("示例批次(版式测试)", "市级", "药品", date(2022, 1, 1), date(2023, 12, 31), "河南")
ITEMS = tuple(
    Product(
        row["code"], row["name"], "片", row["spec"], int(row["pack"]), row["unit"], row["maker"],
        baseline4=price4(row["baseline"]), basis="集采前加权均价", award4=price4(row["price"]),
    )
    for row in read_names("troublesome.csv")
)  # fmt: skip
VARIETIES = {row["code"]: row["variety"] for row in read_names("troublesome.csv")}


@dataclass(frozen=True)
class Order:
    """One purchase of `quantity` in `unit`; the last two say how the troublesome table writes it."""

    item: Product
    day: date
    quantity: str
    unit: str
    date_as: str
    number_as: str

    @property
    def units_in_one(self) -> int:
        return {"盒": self.item.pack, "万片": 10_000, "万粒": 10_000}.get(self.unit, 1)

    @property
    def unit_price(self) -> Decimal:
        return yuan(self.item.award4 or 0, 10_000)

    @property
    def variety(self) -> str:
        return VARIETIES[self.item.code]

    @property
    def price(self) -> Decimal:
        """Yuan per one of `unit`."""
        return self.unit_price * self.units_in_one

    @property
    def amount(self) -> Decimal:
        return (Decimal(self.quantity) * self.price).quantize(Decimal("0.01"))


ORDERS = tuple(
    Order(ITEMS[item], date.fromisoformat(day), *rest)
    for item, day, *rest in (
        (0, "2022-03-15", "120", "盒", "cn", "plain"),
        (0, "2022-03-15", "1.2", "万片", "cn", "plain"),
        (1, "2022-03-16", "60", "盒", "weekday", "fullwidth"),
        (1, "2022-03-18", "2400", "片", "dots", "thousands"),
        (2, "2022-03-22", "0.48", "万粒", "slashes", "plain"),
        (2, "2022-04-02", "150", "盒", "compact_text", "fullwidth"),
        (2, "2022-04-02", "-10", "盒", "compact_text", "plain"),
        (3, "2022-04-12", "1500", "支", "compact_number", "thousands"),
        (3, "2022-04-25", "80", "盒", "serial", "currency"),
        (4, "2022-05-06", "2100", "片", "real", "thousands"),
        (4, "2022-05-06", "95", "盒", "real", "formula"),
        (4, "2022-05-20", "300", "盒", "weekday", "formula"),
        (0, "2022-06-01", "0.6", "万片", "dots", "plain"),
        (3, "2022-06-15", "40", "盒", "slashes", "currency"),
    )
)

CLEAN_HEADINGS = [
    "医疗机构编码", "采购日期", "品种名称", "产品编码", "产品名称", "规格", "生产企业",
    "数量", "单位", "单价(元)", "金额(元)",
]  # fmt: skip


def write_troublesome(hospital: Institution, folder: Path) -> None:
    layout = read_list_layouts()["drugs_national"] | {"file": "batch_list.xlsx", "title": ""}
    write_list(folder, layout, batch_list(), {})
    rows = [clean_row(order, hospital) for order in ORDERS]
    with Book(folder / "every_layout_trouble_clean.xlsx") as book:
        sheet = book.sheet("采购明细")
        write_headings(sheet, 0, 0, CLEAN_HEADINGS, book.bold)
        for number, row in enumerate(rows, 1):
            write_row(book, sheet, number, 0, row)
    write_csv(folder / "every_layout_trouble_gbk.csv", rows)
    write_xls(folder / "every_layout_trouble_clean.xls", rows)
    with Book(folder / "every_layout_trouble.xlsx") as book:
        old = book.sheet("旧版", hidden=True)
        write_headings(old, 0, 0, CLEAN_HEADINGS, book.bold)
        for number, order in enumerate(ORDERS[:6], 1):
            write_row(book, old, number, 0, clean_row(order, hospital, times=2))
        sheet = book.sheet("明细")
        sheet.activate()
        sheet.set_first_sheet()
        Trouble(book, sheet).write(hospital)


def batch_list() -> list[Row]:
    """Its own batch, so that nothing in the city's set changes when it is loaded beside."""
    rows = []
    for item in ITEMS:
        variety = Variety(VARIETIES[item.code], "药品", item.unit, [item])
        rows.append(batch_row(BATCH, variety, item))
    return rows


def clean_row(order: Order, hospital: Institution, times: int = 1) -> list[Cell]:
    """万片 become 片, everything else stays in its unit."""
    item, counts = order.item, order.unit.startswith("万")
    quantity = Decimal(order.quantity) * (order.units_in_one if counts else 1) * times
    price = order.unit_price if counts else order.price
    unit = order.unit.removeprefix("万")
    return [
        hospital.code, order.day, order.variety, item.code, item.name, item.spec, item.maker,
        quantity.normalize() if quantity % 1 else Decimal(int(quantity)), unit, price, order.amount * times,
    ]  # fmt: skip


def write_csv(path: Path, rows: list[list[Cell]]) -> None:
    """As Windows saves it: GBK, no byte order mark, CRLF."""
    with path.open("w", encoding="gbk", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CLEAN_HEADINGS)
        writer.writerows(rows)


def write_xls(path: Path, rows: list[list[Cell]]) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("采购明细")
    as_date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for column, heading in enumerate(CLEAN_HEADINGS):
        sheet.write(0, column, heading)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write(number, column, cell, as_date)
            else:
                sheet.write(number, column, float(cell) if isinstance(cell, Decimal) else cell)
    book.save(str(path))


class Trouble:
    """Writes the rows from column C on, under a title and two heading rows, with all that can go wrong."""

    FIRST = 2
    # 序号 品种 日期 编码 规格 企业 | blank | 单位 数量 单价 金额 | 备注
    SINGLE = {0: "序号", 1: "品种名称", 2: "采购日期", 3: "产品编码", 4: "规格", 5: "生产企业", 11: "备注"}
    GROUPED = {7: "单位", 8: "数量", 9: "单价(元)", 10: "金额"}

    def __init__(self, book: Book, sheet: Worksheet) -> None:
        self.book, self.sheet, self.row, self.number = book, sheet, 0, 0
        self.middle = book.file.add_format({"align": "center", "valign": "vcenter", "bold": True})

    def write(self, hospital: Institution) -> None:
        self.sheet.merge_range(0, 2, 0, 13, f"{hospital.name}2022年集采药品采购明细表", self.book.large)
        self.sheet.write_string(1, 2, f"填报单位:{hospital.name}")
        self.sheet.write_string(1, 12, "单位:万元")
        self.row = 3
        self.write_headings()
        for place, (_, orders) in enumerate(groupby(ORDERS, key=lambda order: order.day.month)):
            month = list(orders)
            self.write_month(month)
            self.write_sum("小计", month)
            self.row += 1  # a blank row between the months
            if place == 1:
                self.write_headings()  # as after a page break
        self.write_sum("合计", list(ORDERS))
        for column, text in (
            (0, "制表人:示例药学部"),
            (4, "审核人:示例采购办"),
            (9, "填表日期:2022年7月1日"),
        ):
            self.sheet.write_string(self.row + 1, self.FIRST + column, text)

    def write_headings(self) -> None:
        top, below = self.row, self.row + 1
        for column, heading in self.SINGLE.items():
            place = self.FIRST + column
            self.sheet.merge_range(top, place, below, place, heading, self.middle)
        self.sheet.merge_range(top, self.FIRST + 7, top, self.FIRST + 10, "采购情况", self.middle)
        for column, heading in self.GROUPED.items():
            self.sheet.write_string(below, self.FIRST + column, heading, self.middle)
        self.row += 2

    def write_month(self, orders: list[Order]) -> None:
        """序号 and 品种 are merged over the rows of a variety, the date over the rows of a day."""
        for variety, of_variety in groupby(orders, key=lambda order: order.variety):
            rows, self.number = list(of_variety), self.number + 1
            self.span(0, len(rows), self.number)
            self.span(1, len(rows), variety)
            for _, of_day in groupby(rows, key=lambda order: order.day):
                same_day = list(of_day)
                self.span(2, len(same_day), self.date_cell(same_day[0]))
                for order in same_day:
                    self.write_order(order)

    def span(self, column: int, height: int, cell: Cell) -> None:
        place, style = self.FIRST + column, self.book.date if isinstance(cell, date) else None
        if height > 1:
            self.sheet.merge_range(self.row, place, self.row + height - 1, place, "", style)
        self.sheet.write(self.row, place, cell, style)

    def date_cell(self, order: Order) -> Cell:
        day = order.day
        written: dict[str, Cell] = {
            "cn": f"{day.year}年{day.month}月{day.day}日",
            "dots": f"{day.year}.{day.month:02d}.{day.day:02d}",
            "slashes": f"{day.year}/{day.month}/{day.day}",
            "compact_text": f"{day:%Y%m%d}",
            "compact_number": int(f"{day:%Y%m%d}"),
            "serial": (day - date(1899, 12, 30)).days,
            "weekday": f"{day.isoformat()} 星期{'一二三四五六日'[day.weekday()]}",
            "real": day,
        }
        return written[order.date_as]

    def write_order(self, order: Order) -> None:
        item, row = order.item, self.row
        # Short codes are numbers in the sheet, the others text.
        code: Cell = int(item.code) if item.code.isdigit() and order.unit != "盒" else item.code
        write_row(self.book, self.sheet, row, self.FIRST + 3, [code, item.spec, item.maker, None, order.unit])
        for column, cell in zip((8, 9), self.number_cells(order), strict=True):
            self.sheet.write(row, self.FIRST + column, float(cell) if isinstance(cell, Decimal) else cell)
        amount, place = float(order.amount / 10_000), self.FIRST + 10
        if order.number_as == "formula":
            self.sheet.write_formula(row, place, f"=K{row + 1}*L{row + 1}/10000", value=amount)
        else:
            self.sheet.write_number(row, place, amount)
        if order.quantity.startswith("-"):
            self.sheet.write_string(row, self.FIRST + 11, "退货")
        self.row += 1

    def number_cells(self, order: Order) -> Iterator[Cell]:
        """Quantity and price, as people type them."""
        quantity, price = Decimal(order.quantity), order.price
        wide = str.maketrans("0123456789", "０１２３４５６７８９")
        yield {"fullwidth": order.quantity.translate(wide), "thousands": f"{quantity:,}"}.get(
            order.number_as, quantity
        )
        yield f"￥{price:,.2f}" if order.number_as == "currency" else price

    def write_sum(self, word: str, orders: list[Order]) -> None:
        self.sheet.write_string(self.row, self.FIRST, word)
        self.sheet.write_number(
            self.row, self.FIRST + 10, float(sum(order.amount for order in orders) / 10_000)
        )
        self.row += 1
