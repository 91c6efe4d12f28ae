"""The sample cities: published figures come out of row data, and parts add up to totals."""

import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Connection, text

from etl.importing import import_files
from procurement import figures
from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.measures.savings import saving_totals
from procurement.published import TABLES, records, summary_record
from procurement.summary import summary

SAMPLES = Path(__file__).parent.parent / "sample_data"
HUNDRED_MILLION = 100_000_000


@pytest.fixture(scope="module")
def puyang(sample_ledger: str):
    engine = open_database(sample_ledger)
    with reading(engine) as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def hengshui(loaded_hengshui: Path):
    engine = open_database(f"sqlite:///{loaded_hengshui}")
    with reading(engine) as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def told(puyang: Connection) -> dict:
    return summary_record(summary(puyang))


def in_hundred_millions(amount: str) -> str:
    return f"{Decimal(amount) / HUNDRED_MILLION:.2f}"


def test_puyang_tells_the_published_figures(told):
    assert (told["drugs"]["batches"], told["drugs"]["varieties"]) == (15, 495)
    assert (told["consumables"]["batches"], told["consumables"]["varieties"]) == (15, 46)
    assert in_hundred_millions(told["saving"]["total"]) == "8.75"
    assert (told["institutions"]["chains"], told["institutions"]["pharmacy"]) == (11, 146)
    assert told["institutions"]["hospital"] + told["institutions"]["primary_care"] == 173


def test_hengshui_tells_the_published_figures(hengshui):
    told = summary_record(summary(hengshui))
    assert (told["drugs"]["batches"], told["drugs"]["varieties"]) == (10, 271)
    assert round(told["drugs"]["average_drop_simple"], 2) == 0.62
    assert (told["consumables"]["batches"], told["consumables"]["varieties"]) == (9, 17)
    assert round(told["consumables"]["average_drop_simple"], 2) == 0.74
    assert in_hundred_millions(told["saving"]["last_12_months"]) == "4.70"


@pytest.mark.parametrize("city", ["puyang", "hengshui"])
def test_the_loader_reaches_the_figures_that_the_generator_worked_out(city, request):
    known = json.loads((SAMPLES / city / "known_figures.json").read_text(encoding="utf-8"))
    told = summary_record(summary(request.getfixturevalue(city)))
    assert told["purchases"]["lines"] == known["lines"]
    assert told["purchases"]["amount"] == known["amount_total"]
    assert told["purchases"]["to"] == known["last_day"]
    for name in ("total", "selected", "non_selected", "last_12_months"):
        # The generator tells its figures to the fen.
        assert abs(Decimal(told["saving"][name]) - Decimal(known[f"saving_{name}"])) < Decimal("0.01")
    for category in ("drugs", "consumables"):
        assert told[category]["varieties"] == known[category]["batch_variety_pairs"]
        drop = float(known[category]["average_drop_simple"])
        assert told[category]["average_drop_simple"] == pytest.approx(drop, abs=2e-6)
    kinds = {"hospital": "医院", "primary_care": "基层医疗机构", "pharmacy": "零售药店", "chains": "连锁"}
    assert told["institutions"] == {name: known["institutions"][word] for name, word in kinds.items()}


def prices_of(connection: Connection, name: str) -> pd.DataFrame:
    rows = figures.prices(connection)
    return rows[rows["variety"].str.contains(name)]


@pytest.mark.parametrize(
    ("variety", "before", "after"),
    [
        ("胰岛素", 180, 70),
        ("冠状动脉.*支架|冠脉支架", 13_000, 700),
        ("髋关节", 35_000, 7_000),
        ("膝关节", 32_000, 5_000),
    ],
)
def test_named_prices_are_the_mean_of_their_variety(puyang, variety, before, after):
    rows = prices_of(puyang, variety)
    assert len(set(rows["variety_id"])) == 1
    assert rows["baseline_unit_price"].mean() == before * 1_000_000
    assert rows["awarded_unit_price"].mean() == after * 1_000_000


def test_insulin_25r_has_the_largest_drop_of_its_variety(puyang):
    rows = prices_of(puyang, "胰岛素").sort_values("drop")
    largest = rows.iloc[-1]
    assert "25R" in largest["product_name"]
    assert (largest["baseline_unit_price"], largest["awarded_unit_price"]) == (69_900_000, 18_890_000)


@pytest.mark.parametrize("by", ["institution_id", "batch_id", "variety_id", "month", "is_selected"])
def test_savings_sum_to_the_total_however_they_are_cut(puyang, told, by):
    rows = figures.savings(puyang, Filters(), (by,))
    total = Decimal(int(rows["saving_amount"].sum())) / 10_000
    assert total == Decimal(told["saving"]["total"])


@pytest.mark.parametrize("by", ["district", "category", "institution_name"])
def test_filtered_savings_sum_to_the_total(puyang, told, by):
    rows = figures.savings(puyang)
    parts = [saving_totals(part)["total"] for _, part in rows.groupby(by, dropna=False)]
    assert Decimal(sum(parts)) / 10_000 == Decimal(told["saving"]["total"])


def test_the_published_rows_sum_to_the_headline(puyang, told):
    rows = records(TABLES["savings"].figure(puyang, Filters()), TABLES["savings"].columns)
    saved = {flag: sum(Decimal(r["saving"]) for r in rows if r["selected"] is flag) for flag in (True, False)}
    assert saved[True] == Decimal(told["saving"]["selected"])
    assert saved[False] == Decimal(told["saving"]["non_selected"])
    assert sum(saved.values()) == Decimal(told["saving"]["total"])
    for row in rows:
        assert Decimal(row["baseline_amount"]) - Decimal(row["paid"]) == Decimal(row["saving"])


def test_the_grain_holds_every_line_and_every_yuan(puyang):
    lines = puyang.execute(text("SELECT count(*), sum(paid_amount) FROM purchase")).one()
    grain = puyang.execute(text("SELECT sum(lines), sum(paid_amount) FROM monthly_purchase")).one()
    assert tuple(lines) == tuple(grain)


@pytest.mark.parametrize("basis", ["agreed", "actual"])
def test_staff_and_development_make_up_what_is_retained(puyang, basis):
    rows = figures.retention(puyang, Filters(), basis)
    settled = rows[rows["retained_amount"].notna()]
    assert len(settled) > 100
    assert (settled["staff_amount"] + settled["development_amount"] == settled["retained_amount"]).all()
    assert (settled["retained_amount"] % 100 == 0).all()
    assert (settled["retained_amount"] * 2 <= settled["surplus_base_amount"].clip(lower=0) + 100).all()


def test_retention_lines_sum_to_their_settlement(puyang):
    lines = figures.retention_lines(puyang)
    rows = figures.retention(puyang)
    complete = rows[rows["surplus_base_amount"].notna()]
    summed = lines.groupby(["institution_id", "batch_id", "agreement_year"])["counted_amount"].sum()
    keys = pd.MultiIndex.from_frame(complete[["institution_id", "batch_id", "agreement_year"]])
    assert (summed.reindex(keys).to_numpy() == complete["surplus_base_amount"].to_numpy()).all()


def test_the_summary_counts_the_rows_of_the_tables(puyang, told):
    completion = figures.completion(puyang)
    current = completion[completion["is_current"]]
    counted = sum(told["completion"][s] for s in ("ahead", "on_track", "behind", "at_risk", "not_set"))
    assert counted == len(current)
    assert told["drugs"]["products"] + told["consumables"]["products"] == len(figures.prices(puyang))


def test_every_status_and_every_reason_occurs_in_the_sample(puyang, told):
    assert all(told["completion"][s] > 0 for s in ("ahead", "on_track", "behind", "at_risk", "not_set"))
    reasons = set(figures.retention(puyang)["reason"])
    assert {"", "no_score", "no_surplus"} <= reasons


def test_the_committed_sample_stays_small():
    size = sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file() and path.suffix != ".pyc")
    assert size < 6_000_000


def test_postgresql_tells_the_same_figures_as_sqlite(postgresql, hengshui):
    engine = open_database(postgresql.new_database())
    reports = import_files(engine, [SAMPLES / "hengshui"], by="test")
    assert {report.status for report in reports} == {"loaded"}
    with reading(engine) as connection:
        assert summary(connection) == summary(hengshui)
        for table in TABLES.values():
            ours = records(table.figure(connection, Filters()), table.columns)
            theirs = records(table.figure(hengshui, Filters()), table.columns)
            assert without_times(ours) == without_times(theirs)
    engine.dispose()


def without_times(rows: list[dict]) -> list[str]:
    """The rows in an order of their own; the two ledgers were not loaded at the same moment."""
    return sorted(str({name: value for name, value in row.items() if name != "imported_at"}) for row in rows)
