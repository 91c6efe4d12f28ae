"""The words: glossary, labels and translations are complete."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import procurement.tables as tables
from dashboard.policy_words import VALUE_WORDS, said_text
from procurement.columns import COLUMNS, WORDS
from procurement.language import LOCALE_FOLDER, _, in_language
from procurement.policies import EARLIEST, published_policies
from procurement.policies.units import WEIGHTS, choices
from procurement.policies.validity import entry_faults, limit_faults
from procurement.policies.values import indicators
from procurement.published import TABLES
from tests.glossary import GLOSSARY, column_table

ROOT = Path(__file__).parent.parent
CODE = ("procurement", "etl", "dashboard")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def glossary() -> str:
    return GLOSSARY.read_text(encoding="utf-8")


def test_the_glossary_lists_every_column_as_the_code_says_it():
    assert glossary().endswith(column_table()), "run `make words`"


@pytest.mark.parametrize("table", tables.__all__)
def test_the_glossary_names_every_table(table):
    assert f"`{table}`" in glossary()


def test_every_published_column_has_a_label():
    assert {column for table in TABLES.values() for column in table.columns.values()} <= set(COLUMNS)


def test_every_status_and_basis_has_a_reading():
    from procurement.measures.completion import STATUSES
    from procurement.measures.retention import MISSING
    from procurement.tables.agreement import BASELINE_BASES, BATCH_LEVELS, LISTING_STATUSES
    from procurement.tables.register import CATEGORIES, INSTITUTION_KINDS

    codes = [*STATUSES, *MISSING, *BASELINE_BASES, *BATCH_LEVELS, *LISTING_STATUSES]
    assert {*codes, *CATEGORIES, *INSTITUTION_KINDS} <= set(WORDS)


@pytest.mark.parametrize("name", published_policies().parameters)
def test_every_policy_entry_is_dated_has_a_source_and_is_in_order(name):
    parameter = published_policies().parameters[name]
    assert parameter.title_zh and parameter.title_en
    assert parameter.values
    for entries in (parameter.values, parameter.limits):
        days = [entry.from_date for entry in entries]
        assert days == sorted(days)
    assert min(value.from_date for value in parameter.values) <= EARLIEST
    for entry in (*parameter.values, *parameter.limits):
        assert entry_faults(parameter, entry) == []
        assert limit_faults(parameter, entry) == []
        assert said_text(parameter, entry)


@pytest.mark.parametrize("name", published_policies().parameters)
def test_every_word_of_a_policy_value_has_a_reading(name):
    parameter = published_policies().parameters[name]
    assert set(choices(parameter.unit)) <= set(VALUE_WORDS)
    if parameter.unit == WEIGHTS:
        assert all(f"indicator.{each}" in WORDS for each in indicators(parameter))


def extracted() -> set[str]:
    """Every text marked for translation."""
    texts: set[str] = set()
    for folder in CODE:
        found = extract_from_dir(ROOT / folder, keywords={"_": None, "N_": None})
        texts |= {message for _file, _line, message, *_rest in found if isinstance(message, str)}
    return texts


def catalogue(language: str) -> Catalog:
    with (LOCALE_FOLDER / language / "LC_MESSAGES" / "vbp.po").open("rb") as file:
        return read_po(file, locale=language)


def test_every_text_has_an_english_translation():
    known = {m.id: m for m in catalogue("en") if m.id}
    missing = sorted(t for t in extracted() if t not in known or not known[t].string or known[t].fuzzy)
    assert not missing


def test_no_translation_is_left_over():
    assert {m.id for m in catalogue("en") if m.id} <= extracted()


def test_translations_keep_their_placeholders():
    fields = re.compile(r"\{(\w+)[^}]*\}")
    wrong = [
        m.id for m in catalogue("en") if m.id and set(fields.findall(m.id)) != set(fields.findall(m.string))
    ]
    assert not wrong


def test_translations_are_not_chinese():
    # Words that name a Chinese document or format stay as they are, in quotation marks or brackets.
    allowed = re.compile(r"[“\"(（/][^”\")）]*[”\")）/]|中文|[年月日片盒支万元亿]")
    wrong = [m.id for m in catalogue("en") if m.id and CHINESE.search(allowed.sub("", m.string))]
    assert not wrong


def test_a_text_is_shown_in_the_language_asked_for():
    with in_language("en"):
        assert not CHINESE.search(_("节约金额"))
    assert _("节约金额") == "节约金额"


# What readers recognise and templates show as an example is data of the field, in its own language.
ETL_THAT_SPEAKS = ("checks.py", "history.py", "importing.py", "problems.py", "report.py", "problem_kinds")
DATA = {"中文", "药品", "耗材", 'yyyy"年"m"月"'}


def unmarked(path: Path) -> list[str]:
    """Chinese string literals outside _() and N_(), other than docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    fine = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "N_")
        for part in ast.walk(call)
    }
    fine |= {id(e.value) for e in ast.walk(tree) if isinstance(e, ast.Expr)}
    fine |= {
        id(part) for raised in ast.walk(tree) if isinstance(raised, ast.Assert) for part in ast.walk(raised)
    }
    return [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value)
        if id(node) not in fine and node.value not in DATA
    ]


def speaks(path: Path) -> bool:
    folder, *rest = path.relative_to(ROOT).parts
    return folder != "etl" or rest[0] in ETL_THAT_SPEAKS


def test_every_chinese_text_is_marked_for_translation():
    files = [path for folder in CODE for path in (ROOT / folder).rglob("*.py") if speaks(path)]
    assert not [found for path in files for found in unmarked(path)]
