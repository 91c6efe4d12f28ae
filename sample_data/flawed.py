"""Small workbooks that are wrong in one way each, and are named by it.

Every one starts from a valid table of the Puyang register; `FLAWS` says what is then done to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from sample_data.catalogue import Batch
from sample_data.demo_city import City
from sample_data.lists import batch_row, read_list_layouts
from sample_data.protected import protected_container
from sample_data.purchases import Style, make_line, pack_unit
from sample_data.workbooks import Book, Cell, write_headings, write_row


@dataclass
class Table:
    """Headings and rows; an `error` is a formula whose cached value is an error."""

    headings: list[str]
    rows: list[list[Cell]]
    error: tuple[int, str] | None = None

    def place(self, heading: str) -> int:
        return self.headings.index(heading)


Change = Callable[[Table], None]
ALL, SECOND = slice(None), slice(1, 2)


def put(heading: str, row: int, cell: Cell) -> Change:
    """Another cell in one row."""

    def change(table: Table) -> None:
        table.rows[row][table.place(heading)] = cell

    return change


def put_all(**cells: Cell) -> Change:
    """Other cells in the second row; needed where one wrong value must not make a second one wrong."""

    def change(table: Table) -> None:
        for heading, cell in cells.items():
            table.rows[1][table.place(heading)] = cell

    return change


def drop_columns(*headings: str) -> Change:
    def change(table: Table) -> None:
        for heading in headings:
            place = table.place(heading)
            table.headings.pop(place)
            for row in table.rows:
                row.pop(place)

    return change


def repeat_heading(heading: str) -> Change:
    """A second column of the same heading with other values: nobody can say which one counts."""

    def change(table: Table) -> None:
        place = table.place(heading)
        table.headings.append(heading)
        for number, row in enumerate(table.rows, 1):
            row.append(Decimal(str(row[place])) + number)

    return change


def repeat_row(heading: str, factor: str) -> Change:
    """The second row once more, with another value under the heading."""

    def change(table: Table) -> None:
        again = list(table.rows[1])
        again[table.place(heading)] = Decimal(str(again[table.place(heading)])) * Decimal(factor)
        table.rows.append(again)

    return change


def scale(heading: str, factor: str) -> Change:
    def change(table: Table) -> None:
        place = table.place(heading)
        table.rows[1][place] = (Decimal(str(table.rows[1][place])) * Decimal(factor)).quantize(
            Decimal("0.01")
        )

    return change


def divide_by_zero(heading: str) -> Change:
    def change(table: Table) -> None:
        table.error = 1, heading

    return change


def swap(first: str, second: str, rows: slice) -> Change:
    def change(table: Table) -> None:
        a, b = table.place(first), table.place(second)
        for row in table.rows[rows]:
            row[a], row[b] = row[b], row[a]

    return change


def buy_part_of_a_unit(table: Table) -> None:
    """10.03 packs of 24 are 240.72 tablets; the amount still fits."""
    quantity, price = Decimal("10.03"), Decimal(str(table.rows[1][table.place("单价(元)")]))
    amount = (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    put_all(**{"采购数量": quantity, "金额(元)": amount})(table)


def foreign(table: Table) -> None:
    table.headings[:] = ["姓名工号", "值班日期", "科室", "班次"]
    table.rows[:] = [
        ["示例员工甲", "2022-03-15", "药学部", "早班"],
        ["示例员工乙", "2022-03-16", "药学部", "晚班"],
    ]


def empty(table: Table) -> None:
    table.rows.clear()


# name → the kind of table it starts from, and the one thing that is wrong
FLAWS: dict[str, tuple[str, Change]] = {
    "missing_column": ("purchases", drop_columns("采购数量")),
    "duplicate_heading": ("purchases", repeat_heading("采购数量")),
    "institution_not_stated": ("purchases", drop_columns("医疗机构编码", "医疗机构名称")),
    "unknown_kind": ("purchases", foreign),
    "only_headings": ("purchases", empty),
    "empty_required_cell": ("purchases", put("采购日期", 1, None)),
    "price_not_a_number": ("purchases", put("单价(元)", 1, "面议")),
    "quantity_not_a_number": ("purchases", put("采购数量", 1, "若干")),
    "division_by_zero_cell": ("purchases", divide_by_zero("单价(元)")),
    "impossible_date": ("purchases", put("采购日期", 1, "2022-02-30")),
    "unreadable_date": ("purchases", put("采购日期", 1, "去年春天")),
    "code_in_scientific_notation_text": ("purchases", put("医保药品编码", 1, "8.69E+13")),
    "code_in_scientific_notation_number": ("purchases", put("医保药品编码", 1, 86901234000000000012)),
    "unknown_institution": (
        "purchases",
        put_all(医疗机构编码="H41090299999", 医疗机构名称="濮阳市示例未登记医院"),
    ),
    "unknown_unit": ("purchases", put("单位", 1, "桶")),
    "fraction_of_a_base_unit": ("purchases", buy_part_of_a_unit),
    "amount_does_not_match": ("purchases", scale("金额(元)", "1.01")),
    "price_zero": ("purchases", put_all(**{"单价(元)": 0, "金额(元)": 0})),
    "unknown_category": ("batches", put("类别", 1, "办公用品")),
    "end_before_start": ("batches", swap("执行日期", "截止日期", ALL)),
    "duplicate_product_in_batch": ("batches", repeat_row("中选价格(元)", "1.1")),
    "negative_baseline": ("batches", scale("集采前价格(元)", "-1")),
    "strength_factor_zero": ("batches", put("折算系数", 1, 0)),
    "unknown_batch": ("agreed", put("批次", 1, "国家组织药品第九十九批")),
    "unknown_variety": ("agreed", put("品种", 1, "示例不存在的品种口服常释剂型")),
    "agreed_above_reported": ("agreed", swap("报量", "约定采购量", SECOND)),
    "duplicate_agreed_row": ("agreed", repeat_row("约定采购量", "0.9")),
    "score_above_100": ("assessments", put("考核得分", 1, 105)),
    "ratio_above_one": ("ratios", put("统筹基金支付比例", 1, Decimal("1.7"))),
}


def write_flawed(city: City, folder: Path) -> None:
    tables = {
        "purchases": purchases_table, "batches": batches_table, "agreed": agreed_table,
        "assessments": assessments_table, "ratios": ratios_table,
    }  # fmt: skip
    for name, (kind, change) in FLAWS.items():
        table = tables[kind](city)
        change(table)
        write_table(folder / f"{name}.xlsx", table)
    write_table(folder / "hidden_sheet_only.xlsx", purchases_table(city), hidden=True)
    with Book(folder / "empty_workbook.xlsx") as book:
        book.sheet("Sheet1")
    (folder / "not_a_workbook.xlsx").write_text("这是一个文本文件,不是工作簿。\n", encoding="utf-8")
    write_table(folder / "truncated_workbook.xlsx", purchases_table(city))
    whole = (folder / "truncated_workbook.xlsx").read_bytes()
    (folder / "truncated_workbook.xlsx").write_bytes(whole[: len(whole) * 6 // 10])
    (folder / "password_protected.xlsx").write_bytes(protected_container())


def write_table(path: Path, table: Table, hidden: bool = False) -> None:
    with Book(path) as book:
        if hidden:
            book.sheet("封面").activate()
        sheet = book.sheet("Sheet1" if not hidden else "明细", hidden=hidden)
        write_headings(sheet, 0, 0, table.headings, book.bold)
        for number, row in enumerate(table.rows, 1):
            write_row(book, sheet, number, 0, row)
        if table.error:
            broken, heading = table.error
            sheet.write_formula(broken + 1, table.place(heading), "=1/0", value="#DIV/0!")


def sample_batch(city: City) -> Batch:
    return next(batch for batch in city.batches if batch.name == "国家组织药品第三批")


def purchases_table(city: City) -> Table:
    headings = [
        "医疗机构编码", "医疗机构名称", "采购日期", "医保药品编码", "产品名称", "规格", "生产企业",
        "采购数量", "单位", "单价(元)", "金额(元)",
    ]  # fmt: skip
    hospital, rows = city.institutions[0], list[list[Cell]]()
    in_packs = [variety for variety in sample_batch(city).varieties if variety.products[0].pack == 24]
    for number, variety in enumerate(in_packs[:4]):
        product = variety.products[0]
        day = city.area.last_day.replace(month=3, day=15 + number)
        line = make_line(hospital, day, Style(False, "pack"), product, 60 + 15 * number, product.award_pack4)
        rows.append([
            hospital.code, hospital.name, day, product.code, product.name, product.spec, product.maker,
            line.quantity, pack_unit(product), line.price, Decimal(line.fen) / 100,
        ])  # fmt: skip
    return Table(headings, rows)


def batches_table(city: City) -> Table:
    batch, columns = sample_batch(city), read_list_layouts()["drugs_national"]["columns"]
    kept = [(field, heading) for field, heading in columns if field not in ("number", "source")]
    rows = [batch_row(batch, variety, variety.products[0]) for variety in batch.varieties[:4]]
    return Table([heading for _, heading in kept], [[row[field] for field, _ in kept] for row in rows])


def agreed_table(city: City) -> Table:
    headings = ["医疗机构编码", "批次", "品种", "协议年度", "报量", "约定采购量", "单位"]
    batch, hospital = sample_batch(city), city.institutions[0]
    rows: list[list[Cell]] = [
        [
            hospital.code,
            batch.name,
            variety.name,
            2,
            10_000 + 500 * number,
            7_000 + 350 * number,
            variety.unit,
        ]
        for number, variety in enumerate(batch.varieties[:4])
    ]
    return Table(headings, rows)


def assessments_table(city: City) -> Table:
    batch, four = sample_batch(city), city.institutions[:4]
    rows: list[list[Cell]] = [[row.code, batch.name, 1, 88 + n] for n, row in enumerate(four)]
    return Table(["医疗机构编码", "批次", "协议年度", "考核得分"], rows)


def ratios_table(city: City) -> Table:
    begin = city.area.first_day.replace(year=2020)
    rows: list[list[Cell]] = [[row.code, None, Decimal("0.70"), begin] for row in city.institutions[:4]]
    return Table(["医疗机构编码", "批次", "统筹基金支付比例", "生效日期"], rows)
