"""The first file is read while the rest of the program loads: it comes to the same as reading it when asked."""

import subprocess
import sys

import pytest

from etl.importing import import_files
from etl.reading.ahead import reading_ahead
from etl.reading.process import ReadingProcess
from tests.etl.books import xlsx
from tests.etl.hostile import LINES


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "采购.xlsx"
    path.write_bytes(xlsx(LINES))
    return path


@pytest.fixture
def other(tmp_path):
    path = tmp_path / "另一份.xlsx"
    path.write_bytes(xlsx(LINES + "\nH001|2022-03-16|A1|11|盒|5.6"))
    return path


def test_what_was_begun_is_not_read_again(book):
    with reading_ahead([book], None, {}) as reader:
        known = book.read_bytes()
        book.write_bytes(known)
        child = reader._child
        assert reader.recognise(book).rows == 1
        assert reader._child is child


def test_a_file_that_was_not_begun_gets_its_own_answer(book, other):
    with reading_ahead([book], None, {}) as reader:
        assert reader.recognise(other).rows == 2
        assert reader.recognise(book).rows == 1


@pytest.mark.parametrize("asked", [{"kind": "assessments"}, {"mapping": {"数量": "quantity"}}])
def test_another_question_about_the_same_file_gets_its_own_answer(book, asked):
    with ReadingProcess() as alone, reading_ahead([book], None, {}) as reader:
        expected, told = alone.recognise(book, **asked), reader.recognise(book, **asked)
    assert (told.kind, told.rows, told.problems) == (expected.kind, expected.rows, expected.problems)


@pytest.mark.parametrize("given", [[], ["fehlt.xlsx"], ["."]])
def test_where_nothing_can_be_read_nothing_is_begun(given, tmp_path, monkeypatch, book):
    monkeypatch.chdir(tmp_path / "..")
    with reading_ahead(given, None, {}) as reader:
        assert reader.recognise(book).rows == 1


def test_a_process_that_dies_meanwhile_is_told_and_replaced(book):
    with reading_ahead([book], None, {}) as reader:
        reader._child._process.kill()
        assert [p.kind.code for p in reader.recognise(book).problems] == ["reading-crashed"]
        assert reader.recognise(book).rows == 1


def test_a_file_that_takes_too_long_meanwhile_is_stopped(book, monkeypatch):
    monkeypatch.setenv("VBP_LIMIT_SECONDS", "0")
    with reading_ahead([book], None, {}) as reader:
        assert [p.kind.code for p in reader.recognise(book).problems] == ["reading-too-slow"]


def test_a_process_that_nobody_asks_ends(book):
    with reading_ahead([book], None, {}) as reader:
        process = reader._child._process
    assert process.returncode is not None


def test_an_import_takes_what_was_begun_and_ends_the_process(city, book, other):
    with reading_ahead([book, other], None, {}) as reader:
        reports = import_files(city, [book, other], mode="add", reader=reader)
        assert reader._child is None
    assert [report.rows for report in reports] == [1, 2]
    assert [report.as_dict()["kind"] for report in reports] == ["purchases", "purchases"]


def test_the_process_is_started_before_anything_is_loaded():
    asks = "import sys, etl.reading.ahead; print({'numpy', 'pandas', 'python_calamine'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True).stdout == "set()\n"
