"""Damaged workbooks by the thousand, imported into a real ledger: `python -m tests.etl.fuzz 2000`.

Each is a good purchase workbook of one of the formats, damaged at random: bits flipped, parts cut out or
doubled, members of the archive swapped, XML and text edited and packed again so that every checksum is
right. A run holds if each file ends in a report, none of them by a mistake of ours, and the ledger holds
exactly what the reports say. The same seed makes the same files.
"""

import re
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import Random

from sqlalchemy import Engine

from etl.importing import Report, import_files
from procurement.database import open_database
from tests.etl.books import drawn, text_table, xls, xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS
from tests.etl.other_books import html_table, ods, ods_table, office_xml, xlsb, zipped
from tests.etl.reading import asked, codes

BATCH = 25
"""Files of one import, which share the process that reads them."""

HEADING = "机构编码 | 采购日期 | 产品编码 | 数量 | 单位 | 单价 | 金额\n"
ROWS = HEADING + "\n".join(
    f"H00{day % 2 + 1} | 2022-03-{day:02} | {code} | {day} | 盒 | 5.6 | {day * 56 / 10:g}"
    for day in range(1, 29)
    for code in ("A1", "B1")
)
GOOD: dict[str, bytes] = {
    "xlsx": xlsx("示例市采购明细||||||\n" + ROWS),
    "xls": xls(ROWS),
    "xlsb": xlsb(ROWS),
    "ods": ods(ods_table(ROWS)),
    "xml": office_xml(("旧版", "旧", "SheetHidden"), ("明细", ROWS, "SheetVisible")),
    "html": f"<html><body><p>单位：元</p>{html_table(ROWS)}</body></html>".encode("gbk"),
    "csv": text_table(drawn(ROWS)).encode("gbk"),
    "tab": text_table(drawn(ROWS), "\t").encode("utf-16"),
}
"""A good workbook of each format that the damaged ones are made from."""

EXTREMES = [
    b"",
    b"-1",
    b"0",
    b"65536",
    b"1048577",
    b"99999999999",
    b"1e999",
    b"NaN",
    b"\x00",
    b'"',
    b"<",
    b"&#0;",
    "￥".encode(),
]


_WORDS = re.compile(rb'"([^"<>]{1,40})"|>([^<>]{1,40})<')
"""What stands between quotation marks or between tags."""


def flipped(random: Random, content: bytes) -> bytes:
    """A bit, or up to twenty, the other way round."""
    damaged = bytearray(content)
    for _ in range(random.choice([1, 1, 3, 20])):
        damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
    return bytes(damaged)


def cut(random: Random, content: bytes) -> bytes:
    """It breaks off, or lacks a part in the middle."""
    start = random.randrange(len(content))
    end = random.choice([len(content), min(len(content), start + random.randint(1, 2000))])
    return content[:start] + content[end:]


def doubled(random: Random, content: bytes) -> bytes:
    """A part of it stands there again, somewhere, up to fifty times."""
    start = random.randrange(len(content))
    part = content[start : start + random.randint(1, 500)] * random.choice([1, 2, 50])
    at = random.randrange(len(content))
    return content[:at] + part + content[at:]


def edited(random: Random, content: bytes) -> bytes:
    """Figures, names or marks of a text are replaced by others, or by what no text should hold."""
    words = [word for pair in _WORDS.findall(content) for word in pair if word] or content.split()
    for _ in range(random.randint(1, 5)):
        if words:
            new = random.choice(EXTREMES + words)
            content = content.replace(random.choice(words), new, random.choice([1, 1, 3, -1]))
    return content[:5_000_000]


def repacked(random: Random, content: bytes) -> bytes:
    """One member damaged, dropped, or changed for another; all checksums are right again."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name, other = random.choice(list(parts)), random.choice(list(parts))
    change = random.choice(["damage", "damage", "damage", "damage", "swap", "drop"])
    if change == "swap":
        parts[name], parts[other] = parts[other], parts[name]
    elif change == "drop":
        del parts[name]
    elif parts[name]:
        parts[name] = random.choice([flipped, cut, doubled, edited])(random, parts[name])
    return zipped(parts)


def damaged(random: Random, kind: str) -> bytes:
    """One of the good workbooks with one to three kinds of damage."""
    content = GOOD[kind]
    if content.startswith(b"PK") and random.random() < 0.75:
        content = repacked(random, content)
        return repacked(random, content) if random.random() < 0.3 else content
    for _ in range(random.choice([1, 1, 1, 3])):
        damage: Callable = random.choice([flipped, cut, doubled, edited, edited])
        content = damage(random, content) or b"\0"
    return content


@dataclass
class Figures:
    """What became of the files: outcomes by format, and what should never be."""

    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in GOOD})
    wrong: list[str] = field(default_factory=list)
    longest: float = 0.0

    @property
    def files(self) -> int:
        return sum(sum(counts.values()) for counts in self.outcomes.values())

    def text(self) -> str:
        lines = [
            f"{self.files} damaged workbooks, {len(self.wrong)} went wrong, slowest batch {self.longest:.1f} s a file"
        ]
        for kind, counts in self.outcomes.items():
            told = ", ".join(f"{outcome} {count}" for outcome, count in counts.most_common())
            lines.append(f"  {kind:5} {sum(counts.values()):4}: {told}")
        return "\n".join([*lines, *self.wrong])


def run(engine: Engine, count: int, seed: int = 1) -> Figures:
    """Import `count` damaged workbooks and compare the ledger with the reports after each batch."""
    figures = Figures()
    kinds = [list(GOOD)[number % len(GOOD)] for number in range(count)]
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        files = [(f"{n}.{kinds[n]}", damaged(Random(f"{seed}/{n}"), kinds[n])) for n in numbers]
        before, began = ledger_lines(engine), time.perf_counter()
        reports = import_files(engine, files, kind="purchases", mode="add", skip_bad_rows=True)
        figures.longest = max(figures.longest, (time.perf_counter() - began) / len(files))
        figures.wrong += differences(before, ledger_lines(engine), reports)
        for number, report in zip(numbers, reports, strict=True):
            figures.outcomes[kinds[number]][outcome(report)] += 1
    return figures


def outcome(report: Report) -> str:
    """The status, with the first reason where nothing could be read at all."""
    stopping = [problem.kind.code for problem in report.problems if problem.kind.loudness == "stop"]
    return stopping[0] if stopping and report.status == "problems" else report.status


def ledger_lines(engine: Engine) -> dict[int, int]:
    """Purchase lines by import; an import without lines counts none."""
    return dict(
        asked(
            engine,
            "select import.id, count(purchase.id) from import "
            "left join purchase on purchase.import_id = import.id group by import.id",
        )
    )  # type: ignore[arg-type]


def differences(before: dict[int, int], after: dict[int, int], reports: Iterable[Report]) -> list[str]:
    """Where the ledger is not what the reports say, and reports that tell of a mistake of ours."""
    told = {r.import_id: r.rows for r in reports if r.status == "loaded"}
    wrong = [f"{r.file}: {codes(r)}" for r in reports if {"failed", "reading-too-slow"} & set(codes(r))]
    if after != {**before, **told}:
        wrong.append(f"the ledger has {after}, before it had {before}, the reports tell {told}")
    return wrong


def city(folder: Path) -> Engine:
    """A ledger with the institutions and products that the good workbooks name."""
    engine = open_database(f"sqlite:///{folder / 'fuzz.db'}")
    reports = import_files(engine, [("机构.xlsx", xlsx(INSTITUTIONS)), ("中选.xlsx", xlsx(BATCH_LIST))])
    assert [report.status for report in reports] == ["loaded", "loaded"]
    return engine


def main() -> None:
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        engine = city(Path(folder))
        figures = run(engine, count, seed)
        engine.dispose()
    print(figures.text())
    sys.exit(bool(figures.wrong))


if __name__ == "__main__":
    main()
