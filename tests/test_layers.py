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
    "dashboard/import_mapping.py",
    "dashboard/import_marked.py",
    "dashboard/import_permits.py",
    "dashboard/import_undo.py",
    "dashboard/import_way.py",
    "dashboard/import_mode.py",
    "dashboard/import_options.py",
    "dashboard/import_preview.py",
    "dashboard/import_problems.py",
    "dashboard/import_questions.py",
    "dashboard/import_report.py",
    "dashboard/import_skip.py",
    "dashboard/import_templates.py",
    "dashboard/matches_command.py",
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


FOR_THE_WHOLE_CITY = {"dashboard/peer_section.py": {"standings"}}
"""File → what it asks of the whole city on behalf of a reader who may not see it: nothing that names anybody."""


def test_the_scope_is_set_aside_only_for_what_names_nobody():
    asked: dict[str, set[str]] = {}
    for path in (ROOT / "dashboard").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(call, ast.Call)
                and getattr(call.func, "attr", getattr(call.func, "id", "")) == "whole_city"
            ):
                asked.setdefault(path.relative_to(ROOT).as_posix(), set()).add(ast.unparse(call.args[0]))
    assert asked == FOR_THE_WHOLE_CITY


WHOLE_LEDGER = {
    "dashboard/data.py",
    "dashboard/demo.py",
    "dashboard/demo_roles.py",
    "dashboard/doors.py",
    "dashboard/export_trail.py",
    "dashboard/filter_options.py",
    "dashboard/first_administrator.py",
    "dashboard/first_start.py",
    "dashboard/ledger.py",
    "dashboard/pages/reported.py",  # which of one's imports hold rows of others as well
    "dashboard/server.py",
}
"""Only these, and the command line, read the ledger as it is; a page reads what its reader may see."""
TAKES_ENGINE = {"dashboard/gate.py", "dashboard/reader.py", "dashboard/second_door.py"}
"""Not pages: who is asking, and the way in."""
PAST_THE_SCOPE = {"dashboard/peer_section.py"}
"""Only these show a figure of the whole city to somebody of a part of it (dashboard.data.whole_city)."""


def taken(path: Path, module: str) -> set[str]:
    """Names that a file imports from a module."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    imports = (node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == module)
    return {alias.name for node in imports for alias in node.names}


def called(path: Path) -> set[str]:
    """Names of the functions that a file calls."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    calls = [node.func for node in nodes if isinstance(node, ast.Call)]
    return {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


def of_pages() -> dict[str, Path]:
    """The files of the dashboard but for the command line, which is the administrator's."""
    files = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "dashboard").rglob("*.py")}
    return {name: path for name, path in files.items() if not name.endswith(("_command.py", "_line.py"))}


def test_pages_read_only_what_their_reader_may_see():
    whole = {"reading", "open_database"}
    readers = {name for name, path in of_pages().items() if taken(path, "procurement.database") & whole}
    assert readers <= WHOLE_LEDGER
    assert {name for name, path in of_pages().items() if "whole_city" in called(path)} == PAST_THE_SCOPE


def test_pages_hold_the_whole_ledger_only_to_do_what_was_asked_for():
    """Who takes engine() asks require() in the same file, or is no page."""
    holders = {name for name, path in of_pages().items() if "engine" in taken(path, "dashboard.ledger")}
    idle = {name for name in holders if "require" not in called(of_pages()[name])}
    assert idle <= WHOLE_LEDGER | TAKES_ENGINE


def test_nothing_reads_the_shared_folder_or_names_a_registry():
    wrong = [
        path.relative_to(ROOT)
        for pattern in ("*.py", "*.toml", "*.lock", "Makefile", "*.md")
        for path in ROOT.glob(f"**/{pattern}")
        if not {".venv", "var"} & set(path.relative_to(ROOT).parts) and path != Path(__file__)
        if any(word in path.read_text(encoding="utf-8") for word in ("../shared", "index-url http"))
    ]
    assert not wrong
