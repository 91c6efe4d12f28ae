"""An import killed at any moment leaves the ledger as it was before, or as it is after, and never between."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from etl.importing import import_files
from procurement.database import open_database
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS

TIMES, SEED = 20, 20221122
LINES = 1_500

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def month(quantity: int) -> str:
    rows = (
        f"H00{n % 2 + 1}|2022-03-{n % 28 + 1:02}|{('A1', 'B1', 'Z9')[n % 3]}|{quantity + n % 7}|5.6|{n}"
        for n in range(LINES)
    )
    return "机构编码|采购日期|产品编码|数量(盒)|单价|发票号\n" + "\n".join(rows)


def killed(url: str, folder: Path, times: int) -> list[dict]:
    """Load a month, then kill imports of its correction, which withdraws and inserts every line."""
    engine = open_database(url)
    books = [
        ("机构.xlsx", xlsx(INSTITUTIONS)),
        ("中选.xlsx", xlsx(BATCH_LIST)),
        ("三月.xlsx", xlsx(month(1))),
    ]
    assert [report.status for report in import_files(engine, books)] == ["loaded"] * 3
    engine.dispose()
    workbook = folder / "三月更正.xlsx"
    workbook.write_bytes(xlsx(month(20)))
    told = subprocess.run(
        [sys.executable, "-m", "tests.etl.killed", url, str(workbook), str(times), str(SEED)],
        capture_output=True, text=True, check=True, timeout=500,
    )  # fmt: skip
    return json.loads(told.stdout)


def test_killed_at_random_moments(tmp_path):
    before, after, *kills = killed(f"sqlite:///{tmp_path / 'city.db'}", tmp_path, TIMES)
    assert before["image"] != after["image"]
    assert len(kills) == TIMES
    assert {kill["image"] for kill in kills} <= {before["image"], after["image"]}
    # Most kills hit the import at work; were it otherwise, the test would show nothing.
    assert sum(not kill["ended"] for kill in kills) > TIMES / 2
