"""`vbp`: exit codes, JSON on stdout and nothing else, sentences instead of tracebacks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parent.parent / "sample_data"
VBP = [sys.executable, "-c", "from dashboard.command_line import main; main()"]


def vbp(*arguments: object, db: str | None = None, **environment: str) -> subprocess.CompletedProcess:
    command = [*VBP, *map(str, arguments), *(["--db", db] if db else [])]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env={**os.environ, **environment}
    )


def test_the_summary_is_json_and_nothing_else(sample_ledger):
    done = vbp("summary", "--json", db=sample_ledger)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert list(told) == [
        "drugs",
        "consumables",
        "institutions",
        "purchases",
        "saving",
        "completion",
        "retention",
    ]


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        (
            "prices",
            "batch category variety product_code product_name spec manufacturer "
            "baseline_unit_price awarded_unit_price drop baseline_basis",
        ),
        (
            "savings",
            "institution_code institution_name batch category variety month base_units paid "
            "baseline_amount saving selected",
        ),
        (
            "completion",
            "institution_code batch variety agreement_year agreed_units bought_units rate "
            "time_progress status",
        ),
        (
            "retention",
            "institution_code institution_name batch agreement_year budget spending surplus_base "
            "score ratio retained staff development reason",
        ),
    ],
)
def test_a_table_has_its_promised_keys(sample_ledger, name, keys):
    done = vbp("table", name, "--json", "--institution", "H41090200001", db=sample_ledger)
    rows = json.loads(done.stdout)
    assert rows
    assert list(rows[0]) == keys.split()


def test_tables_go_to_files(sample_ledger, tmp_path):
    csv, xlsx = tmp_path / "p.csv", tmp_path / "p.xlsx"
    done = vbp("table", "prices", "--csv", csv, "--xlsx", xlsx, "--category", "耗材", db=sample_ledger)
    assert done.returncode == 0, done.stderr
    assert csv.read_bytes().startswith("\ufeff批次".encode())
    assert xlsx.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    "arguments",
    [
        ("table", "nothing"),
        ("table", "prices", "--basis", "actual"),
        ("table", "retention", "--basis", "wished"),
        ("table", "savings", "--from", "spring"),
        ("summary", "--category", "food"),
        ("import",),
        ("import", "nowhere.xlsx"),
        ("import", "README.md", "--kind", "novels"),
        ("template", "novels", "out.xlsx"),
        ("summary", "--db", "nonsense"),
        ("unheard-of",),
        ("summary", "--from", "2022-05", "--to", "2022-04"),
        ("summary", "--batch", "nothing"),
        ("table", "prices", "--institution", "H0"),
    ],
)
def test_wrong_use_ends_with_two_and_a_sentence(arguments, tmp_path):
    done = vbp(*arguments, VBP_DATABASE_URL=f"sqlite:///{tmp_path / 'x.db'}")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_a_database_that_cannot_be_opened_is_told_in_a_sentence(tmp_path):
    file = tmp_path / "not_a_database.db"
    file.write_text("no SQLite file at all, but long enough to be looked at\n" * 50)
    done = vbp("summary", db=f"sqlite:///{file}")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "数据库" in done.stderr


def test_a_folder_without_workbooks_is_wrong_use(tmp_path):
    done = vbp("import", tmp_path, "--json", db=f"sqlite:///{tmp_path / 'x.db'}")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(sample_ledger, tmp_path):
    done = vbp("table", "prices", "--csv", tmp_path / "nowhere" / "p.csv", db=sample_ledger)
    assert done.returncode == 1
    assert "p.csv" in done.stderr and "Errno" not in done.stderr


def test_importing_loads_then_says_unchanged(tmp_path):
    db = f"sqlite:///{tmp_path / 'x.db'}"
    register = next((SAMPLES / "puyang").glob("01_*.xlsx"))
    first, second = (json.loads(vbp("import", register, "--json", db=db).stdout) for _ in range(2))
    assert [report["status"] for report in first + second] == ["loaded", "unchanged"]


def test_a_dry_run_writes_nothing(tmp_path):
    db = f"sqlite:///{tmp_path / 'x.db'}"
    register = next((SAMPLES / "puyang").glob("01_*.xlsx"))
    done = vbp("import", register, "--dry-run", db=db)
    assert done.returncode == 0, done.stderr
    assert json.loads(vbp("imports", "--json", db=db).stdout) == []


def test_problems_end_with_one_and_load_nothing(tmp_path):
    db = f"sqlite:///{tmp_path / 'x.db'}"
    done = vbp("import", SAMPLES / "flawed" / "missing_column.xlsx", "--json", db=db)
    assert done.returncode == 1
    report = json.loads(done.stdout)[0]
    assert report["status"] == "problems"
    assert report["problems"][0]["code"] == "missing-column"
    assert json.loads(vbp("imports", "--json", db=db).stdout) == []


def test_a_template_is_written_for_every_kind(tmp_path):
    from etl.headings import KINDS

    for kind in KINDS:
        file = tmp_path / f"{kind}.xlsx"
        assert vbp("template", kind, file).returncode == 0
        assert file.read_bytes()[:2] == b"PK"


def test_the_demo_refuses_a_ledger_with_data_of_its_own(tmp_path):
    db = f"sqlite:///{tmp_path / 'x.db'}"
    vbp("import", next((SAMPLES / "puyang").glob("01_*.xlsx")), db=db)
    done = vbp("demo", "--only-load", db=db)
    assert done.returncode == 1
    assert "--db" in done.stderr


def test_the_command_line_speaks_english_when_asked(tmp_path):
    done = vbp("summary", db=f"sqlite:///{tmp_path / 'x.db'}", VBP_LANGUAGE="en")
    assert "import" in done.stdout
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in done.stdout)
