"""`vbp`: exit codes, JSON on stdout and nothing else, sentences instead of tracebacks."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from dashboard.command_line import main
from tests.etl.books import xlsx

SAMPLES = Path(__file__).parent.parent / "sample_data"
VBP = [sys.executable, "-c", "from dashboard.command_line import main; main()"]


def vbp(*arguments: object, db: str | None = None, **environment: str) -> subprocess.CompletedProcess:
    """What the command says and how it ends; a process of its own costs two seconds, so it is run in ours."""
    command = ["vbp", *map(str, arguments), *(["--db", db] if db else [])]
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _stream in range(2))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", command)
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    told = [stream.buffer.getvalue().decode("utf-8") for stream in (out, err)]  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(command, code, *told)


def process(*arguments: object, db: str, **environment: str) -> subprocess.CompletedProcess:
    """The same in a process of its own, as it is started on a server."""
    command = [*VBP, *map(str, arguments), "--db", db]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env={**os.environ, **environment}
    )


def test_the_summary_is_json_and_nothing_else(sample_ledger):
    done = process("summary", "--json", db=sample_ledger)
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
            "baseline_unit_price awarded_unit_price drop baseline_basis reason",
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
        ("import", "README.md", "--mode", "overwrite"),
        ("import", "README.md", "--set", "execution_date"),
        ("import", "README.md", "--map", "=数量"),
        ("undo",),
        ("undo", "third"),
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


HEAD = "机构编码|采购日期|产品编码|数量(盒)|单价|发票号\n"
MARCH = HEAD + "H001|2022-03-01|A1|10|5.6|1\nH001|2022-03-15|A1|20|5.6|2"
CORRECTED = HEAD + "H001|2022-03-01|A1|25|5.6|1"


@pytest.fixture
def city(tmp_path) -> str:
    """A ledger of three institutions, two batches and two lines, as imports 1, 2 and 3."""
    from etl.importing import import_files
    from procurement.database import open_database
    from tests.etl.conftest import BATCH_LIST, INSTITUTIONS

    url = f"sqlite:///{tmp_path / 'city.db'}"
    books = {"机构.xlsx": INSTITUTIONS, "中选.xlsx": BATCH_LIST, "三月.xlsx": MARCH}
    reports = import_files(open_database(url), [(name, xlsx(book)) for name, book in books.items()])
    assert [report.import_id for report in reports] == [1, 2, 3]
    return url


def written(folder: Path, name: str, drawing: str) -> Path:
    file = folder / name
    file.write_bytes(xlsx(drawing))
    return file


def test_a_dry_run_previews_lines_and_months(city, tmp_path):
    file = written(tmp_path, "改.xlsx", CORRECTED)
    told = json.loads(vbp("import", file, "--dry-run", "--json", db=city).stdout)[0]
    assert told["status"] == "checked"
    preview = told["preview"]
    assert [preview[name] for name in ("new", "changed", "unchanged", "withdrawn")] == [0, 1, 0, 1]
    # 30 boxes × 5.60 = 168.00 → 25 × 5.60 = 140.00
    assert (preview["months"][0]["amount_before"], preview["months"][0]["amount_after"]) == (
        "168.00",
        "140.00",
    )
    shown = vbp("import", file, "--dry-run", db=city).stdout
    assert "覆盖：新增0行，变更1行，未变0行，撤下1行，有误0行" in shown
    assert "168.00元" in shown and "-28.00元" in shown
    assert len(json.loads(vbp("imports", "--json", db=city).stdout)) == 3


def test_a_file_is_refused_whose_preview_is_old(city, tmp_path):
    file = written(tmp_path, "改.xlsx", CORRECTED)
    version = json.loads(vbp("import", file, "--dry-run", "--json", db=city).stdout)[0]["data_version"]
    other = written(tmp_path, "又改.xlsx", MARCH.replace("|20|", "|21|"))
    assert vbp("import", other, db=city).returncode == 0
    done = vbp("import", file, "--expect-version", version, "--json", db=city)
    assert done.returncode == 1
    assert [p["code"] for p in json.loads(done.stdout)[0]["problems"]] == ["preview-outdated"]


@pytest.mark.parametrize(("mode", "status"), [("replace", "loaded"), ("update", "loaded"), ("add", "loaded")])
def test_a_file_is_loaded_by_the_mode_asked_for(city, tmp_path, mode, status):
    file = written(tmp_path, "四月.xlsx", HEAD + "H001|2022-04-01|A1|10|5.6|7")
    told = json.loads(vbp("import", file, "--mode", mode, "--json", db=city).stdout)[0]
    assert (told["status"], told["mode"]) == (status, mode)
    assert json.loads(vbp("imports", "--json", db=city).stdout)[0]["mode"] == mode


def test_an_import_is_taken_back_and_listed(city):
    checked = vbp("undo", 3, "--dry-run", db=city)
    assert checked.returncode == 0, checked.stderr
    assert "可以撤销" in checked.stdout and "移除2行" in checked.stdout
    done = json.loads(vbp("undo", 3, "--json", db=city).stdout)
    assert (done["status"], done["undo_id"]) == ("undone", 4)
    listed = json.loads(vbp("imports", "--json", db=city).stdout)
    assert [(row["id"], row["undoes"], row["undone_by"]) for row in listed[:2]] == [
        (4, 3, None),
        (3, None, 4),
    ]


def test_an_undo_that_cannot_be_ends_with_one_and_the_reason(city):
    done = vbp("undo", 1, db=city)
    assert done.returncode == 1
    assert "不能撤销" in done.stdout and "请先撤销编号" in done.stdout


def test_problems_are_printed_by_kind_the_first_fifty(city, tmp_path):
    lines = "".join(f"H001|2022-02-30|A1|{n}|5.6|{n}\n" for n in range(1, 61))
    done = vbp("import", written(tmp_path, "坏.xlsx", HEAD + lines), db=city)
    assert done.returncode == 1
    assert "[该行有误] impossible-date：60处" in done.stdout
    assert done.stdout.count("Sheet1 B") == 50
    assert done.stdout.count("处理办法") == 1


def test_a_marked_workbook_is_written_for_each_file_with_problems(city, tmp_path):
    good = written(tmp_path, "好.xlsx", HEAD + "H002|2022-04-01|A1|10|5.6|7")
    bad = written(tmp_path, "坏.xlsx", HEAD + "H001|2022-02-30|A1|10|5.6|7")
    vbp("import", good, bad, "--dry-run", "--marked", tmp_path / "marked", db=city)
    (file,) = (tmp_path / "marked").iterdir()
    assert file.name == "坏-问题.xlsx"
    assert "问题" in openpyxl.load_workbook(file).sheetnames


def test_problems_end_with_one_and_load_nothing(tmp_path):
    db = f"sqlite:///{tmp_path / 'x.db'}"
    done = vbp("import", SAMPLES / "flawed" / "missing_column.xlsx", "--json", db=db)
    assert done.returncode == 1
    report = json.loads(done.stdout)[0]
    assert report["status"] == "problems"
    assert report["problems"][0]["code"] == "missing-column"
    assert json.loads(vbp("imports", "--json", db=db).stdout) == []


def test_a_template_is_prefilled_for_an_institution_that_the_register_knows(tmp_path, sample_ledger):
    file = tmp_path / "own.xlsx"
    for code, expected in (("H41090200006", 0), ("H404", 1)):
        done = vbp("template", "purchases", file, "--institution", code, db=sample_ledger)
        assert done.returncode == expected, done.stderr
    assert "H404" in done.stderr and "Traceback" not in done.stderr
    assert file.stat().st_size > 20_000
    assert vbp("template", "institutions", file, "--institution", "H404", db=sample_ledger).returncode == 2


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
    done = process("summary", db=f"sqlite:///{tmp_path / 'x.db'}", VBP_LANGUAGE="en")
    assert "import" in done.stdout
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in done.stdout)


def test_a_command_starts_without_the_libraries_of_figures():
    """Reading begins while they are loaded; --help and mistyped words need none of them."""
    asks = "import sys, dashboard.command_line; print({'numpy', 'pandas', 'sqlalchemy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr
