"""Imports point down only: dashboard → etl → procurement; charts and exports know no Streamlit."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_NOT_IMPORT = {
    "procurement": {"etl", "dashboard", "streamlit", "plotly", "openpyxl", "python_calamine", "xlsxwriter"},
    "etl": {"dashboard", "streamlit", "plotly"},
    "dashboard/charts": {"streamlit", "etl"},
    "dashboard/exports": {"streamlit", "etl"},
}
CALLS_ETL = {
    "dashboard/command_line.py",
    "dashboard/demo.py",
    "dashboard/import_check.py",
    "dashboard/import_command.py",
    "dashboard/import_history.py",
    "dashboard/import_mapping.py",
    "dashboard/import_marked.py",
    "dashboard/import_mode.py",
    "dashboard/import_options.py",
    "dashboard/import_preview.py",
    "dashboard/import_problems.py",
    "dashboard/import_questions.py",
    "dashboard/import_report.py",
    "dashboard/import_skip.py",
    "dashboard/import_templates.py",
    "dashboard/matches_command.py",
    "dashboard/pages/imports.py",
    "dashboard/pages/matching.py",
}
"""Only these meet the importer, through its front doors."""
FRONT_DOORS = {
    "etl.headings",
    "etl.importing",
    "etl.marked",
    "etl.matching.decisions",
    "etl.open_points",
    "etl.problems",
    "etl.reading.ahead",
    "etl.templates",
    "etl.undoing",
}


def imported(path: Path) -> set[str]:
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
    return modules


@pytest.mark.parametrize("folder", MAY_NOT_IMPORT)
def test_a_layer_imports_nothing_above_it(folder):
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    wrong = {
        f"{path.relative_to(ROOT)} imports {module}"
        for path in files
        for module in imported(path)
        if module.split(".")[0] in MAY_NOT_IMPORT[folder]
    }
    assert not wrong


def test_only_the_import_page_and_the_command_line_call_the_importer():
    callers = {
        path.relative_to(ROOT).as_posix(): {m for m in imported(path) if m.split(".")[0] == "etl"}
        for path in (ROOT / "dashboard").rglob("*.py")
    }
    callers = {path: modules for path, modules in callers.items() if modules}
    assert set(callers) <= CALLS_ETL
    assert set().union(*callers.values()) <= FRONT_DOORS


def test_nothing_reads_the_shared_folder_or_names_a_registry():
    wrong = [
        path.relative_to(ROOT)
        for pattern in ("*.py", "*.toml", "*.lock", "Makefile", "*.md")
        for path in ROOT.glob(f"**/{pattern}")
        if not {".venv", "var"} & set(path.relative_to(ROOT).parts) and path != Path(__file__)
        if any(word in path.read_text(encoding="utf-8") for word in ("../shared", "index-url http"))
    ]
    assert not wrong
