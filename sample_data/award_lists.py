"""Result tables as they are published: no codes, no dates, no batch column, some without prices.

4+7试点 and 第四批 hold public figures; 第十批 has the form of real tables and invented content.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from sample_data.published import read_facts
from sample_data.workbooks import Book, Cell, write_headings, write_row, write_top

FEN = Decimal("0.01")

PILOT = ["品种名", "中选规格包装", "拟中选企业", "每盒价格", "最小规格价格", "近三年均价/最小单位", "备注"]
NATIONAL = [
    "序号", "药品通用名", "规格包装", "生产企业-全称", "是否中标", "中标前中位价\n（最小规格）（元）",
    "竞标价格\n（最小规格）（元）", "供应省（区）",
]  # fmt: skip
BARE = ["品种序号", "品种名称", "中选企业", "备注"]
AREAS = ["地区", "品种", "规格", "首年约定采购量（万片/万支/万袋）"]


def write_award_lists(folder: Path) -> None:
    _write(folder / "4+7试点_中选结果.xlsx", "4+7城市药品集中采购中选结果", PILOT, _pilot())
    _write(
        folder / "第四批_中选结果.xlsx",
        "第四批国家组织药品集中采购中选结果",
        NATIONAL,
        _national("国家第四批"),
    )
    _write(folder / "第十批_中选企业.xlsx", "第十批国家组织药品集中采购中选结果", BARE, _bare())
    _write(folder / "第十批_地区约定采购量.xlsx", "", AREAS, _areas())


def _pilot() -> Iterable[Sequence[Cell]]:
    for award in read_facts("pilot_awards.csv"):
        price, pack = Decimal(award["price_per_pack"]), int(award["units_per_pack"])
        per_unit = (price / pack).quantize(FEN, ROUND_HALF_UP)
        prior = Decimal(award["prior_mean"]) if award["prior_mean"] else None
        yield award["variety"], award["spec"], award["manufacturer"], price, per_unit, prior, None


def _national(batch: str) -> Iterable[Sequence[Cell]]:
    awards = [row for row in read_facts("national_awards.csv") if row["batch"] == batch]
    for number, row in enumerate(awards, 1):
        prior = row["prior_median_unit_price"]
        yield (
            number, row["variety"], row["spec"], row["manufacturer"], "是", Decimal(prior) if prior else None,
            Decimal(row["awarded_unit_price"]), re.sub("(?<=湖)北", " 北", row["supply_provinces"]),
        )  # fmt: skip


def _bare() -> Iterable[Sequence[Cell]]:
    firms = ["示例一制药有限公司", "示例二药业有限公司", "示例三药业股份有限公司"]
    for number, variety in enumerate(["示例甲口服常释剂型", "示例乙注射剂", "示例丙滴眼剂"], 1):
        for place, firm in enumerate(firms[: 4 - number]):
            yield (number if not place else None, variety if not place else None, firm, None)


def _areas() -> Iterable[Sequence[Cell]]:
    for area, share in (("濮阳市", 10), ("华龙区", 4), ("濮阳县", 3)):
        yield area, "示例甲口服常释剂型", "10mg", Decimal(share) * 12
        yield area, "示例乙注射剂", "1ml", Decimal(share) * 3


def _write(path: Path, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """One sheet; 序号 and 品种 are merged over the rows that leave them empty."""
    with Book(path) as book:
        sheet = book.sheet("Sheet1")
        top = write_top(book, sheet, 0, len(headings), title, ())
        write_headings(sheet, top, 0, headings, book.bold)
        written = list(rows)
        for number, row in enumerate(written, top + 1):
            write_row(book, sheet, number, 0, row)
        for first, last in _blocks(written):
            for column in (0, 1):
                cell = written[first][column]
                sheet.merge_range(top + 1 + first, column, top + 1 + last, column, cell)


def _blocks(rows: list[Sequence[Cell]]) -> list[tuple[int, int]]:
    """First and last row of each block whose rows after the first leave the first cell empty."""
    starts = [number for number, row in enumerate(rows) if row[0] is not None]
    ends = [start - 1 for start in starts[1:]] + [len(rows) - 1]
    return [(first, last) for first, last in zip(starts, ends, strict=True) if last > first]
