"""Speed as ratios measured in one run: `make bench`.

Each step is told beside a yardstick of the same run, so that a slow machine moves both: importing beside
merely reading the same workbooks, a page's figures beside one pass over the grain. BENCH_SAMPLE names
another folder of workbooks (for example one that `sample_data/make.py --scale city` wrote).
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from python_calamine import CalamineWorkbook
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from dashboard.exports.overview_workbook import overview_workbook_of
from dashboard.exports.slides import overview_deck_of
from etl.importing import import_files
from procurement import figures
from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.summary import summary

SAMPLE = Path(os.environ.get("BENCH_SAMPLE", Path(__file__).parent.parent / "sample_data" / "puyang"))


def seconds(work: Callable[[], object], runs: int = 1) -> float:
    """The shortest of some runs."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def read_everything() -> None:
    for path in sorted(SAMPLE.glob("*.xlsx")):
        workbook = CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name).to_python()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/bench.db")
        reading_time = seconds(read_everything)
        importing = [
            ("read the workbooks", reading_time),
            ("import them", seconds(lambda: import_files(engine, [SAMPLE]))),
            ("import them again", seconds(lambda: import_files(engine, [SAMPLE]))),
        ]
        with reading(engine) as connection:
            lines = connection.execute(text("SELECT count(*) FROM purchase")).scalar_one()
            grain = text("SELECT sum(paid_amount), sum(baseline_amount) FROM monthly_purchase")
            one_pass = seconds(lambda: connection.execute(grain).all(), 3)
            hospital = Filters(institutions=("H41090200001",))
            pages = [
                ("one pass over the grain", one_pass),
                ("prices", seconds(lambda: figures.prices(connection), 3)),
                ("savings by month", seconds(lambda: figures.savings(connection, Filters(), ("month",)), 3)),
                ("savings, all rows", seconds(lambda: figures.savings(connection), 3)),
                ("savings of one hospital", seconds(lambda: figures.savings(connection, hospital), 3)),
                ("completion", seconds(lambda: figures.completion(connection), 3)),
                ("retention", seconds(lambda: figures.retention(connection), 3)),
                ("summary", seconds(lambda: summary(connection), 3)),
                ("overview deck", seconds(lambda: overview_deck_of(connection, Filters()))),
                ("overview workbook", seconds(lambda: overview_workbook_of(connection, Filters()))),
            ]
        engine.dispose()
    _print(f"importing {lines:,} purchase lines", importing)
    _print("figures", pages)


def _print(title: str, steps: list[tuple[str, float]]) -> None:
    yardstick = steps[0][1]
    table = Table("step", "seconds", "ratio", title=title)
    for name, taken in steps:
        table.add_row(name, f"{taken:.3f}", f"{taken / yardstick:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
