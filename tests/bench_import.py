"""Importing a large workbook beside merely reading its cells: `make bench-import`.

100 000 purchase lines × 14 columns of 80 institutions and 500 products. One whole process reads the cells
with fastexcel, another one runs `vbp import` into a SQLite ledger that knows the institutions and the
products: validated, loaded, rolled up. Of each the best of three is told, run by turns, so that a slow
machine moves both: the seconds that pass from start to end of the process, and the seconds of CPU that it
and the processes it started took, which say the same on a machine that others use too. `--ledger 5000000` loads the same workbook also beside that many lines of other years.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import xlsxwriter
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, insert, text

from etl.importing import import_files
from procurement import ledger
from procurement.database import open_database, writing
from procurement.tables import Import
from tests.etl.books import xlsx

LINES, INSTITUTIONS, PRODUCTS = 100_000, 80, 500
LINES_PER_INVOICE = 5
RUNS = 3

HEADINGS = [
    "机构编码", "机构名称", "采购日期", "产品编码", "产品名称", "规格", "生产企业", "数量", "单位", "单价", "金额", "配送企业",
    "发票号", "验收日期",
]  # fmt: skip

READ_ONLY = """
import sys, fastexcel
book = fastexcel.read_excel(sys.argv[1])
for name in book.sheet_names:
    book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow()
"""


@dataclass(frozen=True)
class Product:
    code: str
    name: str
    fen: int
    firm: str

    @property
    def spec(self) -> str:
        return "10mg*14片/盒"


PRODUCT = [
    Product(f"XA{n:021d}", f"示例药品{n}片", 100 + n * 37 % 9900, f"示例{n % 60}制药有限公司")
    for n in range(PRODUCTS)
]


def institution(number: int) -> tuple[str, str]:
    return f"H{number:011d}", f"示例市第{number}医院"


def lines() -> Iterator[list[object]]:
    """Lines as a regional platform prints them; figures follow from the line's number alone."""
    for number in range(LINES):
        product = PRODUCT[number * 7919 % PRODUCTS]
        day = date(2022, 1, 1) + timedelta(days=number * 31 % 365)
        quantity = 1 + number * 13 % 97
        yield [
            *institution(number * INSTITUTIONS // LINES), day, product.code, product.name, product.spec, product.firm, quantity,
            "盒", product.fen / 100, quantity * product.fen / 100, f"示例{number % 20}医药配送有限公司",
            f"{10_000_000 + number // LINES_PER_INVOICE}", day + timedelta(days=2),
        ]  # fmt: skip


def write_workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": False, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("采购明细")
    sheet.write_row(0, 0, HEADINGS)
    for number, line in enumerate(lines(), start=1):
        sheet.write_row(number, 0, line)
    book.close()


def known_city(path: Path) -> None:
    """A ledger with the institutions and one batch that lists the products."""
    named = [["机构编码", "机构名称", "机构类别"], *([*institution(n), "医院"] for n in range(INSTITUTIONS))]
    heading = "批次|级别|类别|品种|产品编码|产品名称|规格|转换比|最小单位|生产企业|集采前价格|中选价|计价单位|执行日期|截止日期|中选状态"
    listed = [
        ["七批", "国家组织", "药品", p.name, p.code, p.name, p.spec, 14, "片", p.firm, p.fen / 40, p.fen / 100, "盒", "2021-01-01", "2023-12-31", "中选"]
        for p in PRODUCT
    ]  # fmt: skip
    engine = open_database(f"sqlite:///{path}")
    books = [("机构.xlsx", xlsx(named)), ("中选.xlsx", xlsx([heading.split("|"), *listed]))]
    reports = import_files(engine, books)
    assert all(report.status == "loaded" for report in reports), reports
    engine.dispose()


def add_lines(path: Path, count: int) -> None:
    """Lines of ten years before, rolled up as an import would have done, written without a workbook."""
    engine = open_database(f"sqlite:///{path}")
    with writing(engine) as connection:
        connection.execute(
            insert(Import).values(
                kind="purchases", file_name="earlier", content_hash="earlier", imported_at=datetime(2021, 12, 31, tzinfo=UTC),
                imported_by="", rows=count, mode="add",
            )
        )  # fmt: skip
        connection.execute(text(_LINES), {"count": count, "institutions": INSTITUTIONS, "products": PRODUCTS})
    _roll_up(engine)
    engine.dispose()


_LINES = """
    with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < :count)
    insert into purchase (institution_id, product_id, bought_on, is_whole_month, quantity, is_pack, base_units,
                          unit_price, paid_amount, distributor, invoice, import_id, sheet, row_number)
    select 1 + i % :institutions, 1 + (i / :institutions) % (2 * :products / 5),
           date('2012-01-01', '+' || ((i / 977) % 3650) || ' days'), 0, 100000, 1, 140, 5600000, 560000,
           'earlier', i / 5, (select max(id) from import), 'earlier', i from n
"""


def _roll_up(engine: Engine) -> None:
    with writing(engine) as connection:
        for number in range(1, INSTITUTIONS + 1):
            ledger.rebuild(connection, ledger.Touched(institution_ids=(number,)))


@dataclass(frozen=True)
class Run:
    """A whole process with those that it started: `seconds` that passed, `cpu` seconds, `megabytes` at most."""

    seconds: float
    cpu: float
    megabytes: float


def timed(*command: str) -> Run:
    start, worked = time.perf_counter(), _cpu_of_children()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    peak = [0.0]
    watch = threading.Thread(target=_watch, args=(process, peak))
    watch.start()
    output, _ = process.communicate()
    taken = time.perf_counter() - start
    watch.join()
    if process.returncode:
        raise SystemExit(output.decode())
    return Run(taken, _cpu_of_children() - worked, peak[0])


def _cpu_of_children() -> float:
    """Of all processes that have ended, and of those that these had waited for."""
    times = os.times()
    return times.children_user + times.children_system


def _watch(process: subprocess.Popen, peak: list[float]) -> None:
    """Resident memory of a process and its children together, looked at every few milliseconds."""
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(_resident, _family(process.pid))))
        time.sleep(0.02)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def best(runs: list[Run]) -> Run:
    """The least time of each sort, and the most memory."""
    return Run(
        min(run.seconds for run in runs), min(run.cpu for run in runs), max(run.megabytes for run in runs)
    )


def importing(book: Path, ledger: Path, target: Path) -> Run:
    shutil.copy(ledger, target)
    vbp = Path(sys.executable).with_name("vbp")
    return timed(str(vbp), "import", str(book), "--db", f"sqlite:///{target}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ledger", type=int, default=0, help="lines of a large ledger to load beside")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book, city = folder / "采购.xlsx", folder / "city.db"
        write_workbook(book)
        known_city(city)
        ledgers = {"import": city}
        if chosen.ledger:
            large = folder / "large.db"
            shutil.copy(city, large)
            add_lines(large, chosen.ledger)
            ledgers[f"import beside {chosen.ledger:,} lines"] = large
        runs: dict[str, list[Run]] = {name: [] for name in (ONLY_READ, *ledgers)}
        for _ in range(RUNS):
            runs[ONLY_READ].append(timed(sys.executable, "-c", READ_ONLY, str(book)))
            for name, known in ledgers.items():
                runs[name].append(importing(book, known, folder / "run.db"))
    show({name: best(each) for name, each in runs.items()})


ONLY_READ = "read the cells with fastexcel"


def show(steps: dict[str, Run]) -> None:
    title = f"{LINES:,} lines × {len(HEADINGS)} columns, best of {RUNS}"
    table = Table("whole process", "seconds", "ratio", "CPU seconds", "ratio", "peak MB", title=title)
    yardstick = steps[ONLY_READ]
    for name, run in steps.items():
        table.add_row(
            name,
            f"{run.seconds:.2f}",
            f"{run.seconds / yardstick.seconds:.2f}",
            f"{run.cpu:.2f}",
            f"{run.cpu / yardstick.cpu:.2f}",
            f"{run.megabytes:.0f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
