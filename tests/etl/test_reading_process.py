"""Foreign files are read in a process of its own: it is bounded, replaced, and gives what reading here gives."""

import errno
import os
import pickle
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from etl.reading import child
from etl.reading.messages import _LENGTH, read_message
from etl.reading.process import ReadingProcess
from etl.recognising import recognise
from procurement.language import in_language
from tests.etl.books import xlsx
from tests.etl.hostile import LINES


def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_read(monkeypatch):
    with ReadingProcess() as process:
        monkeypatch.setenv("VBP_LIMIT_SECONDS", "0")
        (problem,) = process.recognise(("x.xlsx", xlsx(LINES))).problems
        assert problem.kind.code == "reading-too-slow"
        monkeypatch.delenv("VBP_LIMIT_SECONDS")
        assert process.recognise(("x.xlsx", xlsx(LINES))).rows == 1


def test_a_file_that_needs_too_much_memory_is_stopped_and_the_next_one_read(monkeypatch):
    monkeypatch.setenv("VBP_LIMIT_MEMORY_MEGABYTES", "300")
    rows = "".join(f"H{n},2022-03-15,A{n},{n},盒,{n}.5\n" for n in range(500_000))
    with ReadingProcess() as process:
        (problem,) = process.recognise(("x.csv", rows.encode())).problems
        assert (problem.kind.code, problem.params) == ("reading-needs-memory", {"limit": 300})
        assert process.recognise(("x.xlsx", xlsx(LINES))).rows == 1


def test_a_process_that_dies_is_replaced():
    with ReadingProcess() as process:
        assert process.recognise(("x.xlsx", xlsx(LINES))).rows == 1
        assert process._child is not None
        process._child._process.kill()
        assert process.recognise(("x.xlsx", xlsx(LINES))).rows == 1


def test_a_process_that_cannot_start_is_told(monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    with ReadingProcess() as process:
        assert [p.kind.code for p in process.recognise(("x.xlsx", xlsx(LINES))).problems] == [
            "reading-crashed"
        ]


def test_the_process_gives_what_reading_here_gives(reader):
    file = (
        "x.xlsx",
        xlsx(
            "单位：万元||||||\n"
            + LINES.replace("\n", "|金额\n", 1)
            + "|56\nH001|@2022-03-16|A2|3|盒|2|6\n合计|||13||"
        ),
    )
    there, here = reader.recognise(file), recognise(file)
    assert there.problems == here.problems
    ours, theirs = here.tables[0].problems, there.tables[0].problems
    assert theirs == ours
    assert [problem.kind for problem in theirs] and all(
        a.kind is b.kind for a, b in zip(ours, theirs, strict=True)
    )
    for name, column in here.tables[0].cells.items():
        assert list(there.tables[0].cells[name]) == list(column)
    assert list(there.tables[0].rows) == list(here.tables[0].rows)
    assert there.tables[0].source is here.tables[0].source


def test_the_process_loads_no_database_and_no_frames():
    """It starts in a fifth of the time, and a file that breaks it finds nothing inside."""
    asks = "import sys, etl.reading.child; print({'pandas', 'sqlalchemy', 'sqlmodel'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True).stdout == "set()\n"


def test_an_answer_may_hold_nothing_but_our_own_values():

    for harm in (os.system, subprocess.Popen, eval, Path("/etc"), read_message):
        packed = pickle.dumps(harm)
        with pytest.raises(pickle.UnpicklingError):
            read_message(BytesIO(_LENGTH.pack(len(packed)) + packed), 10_000)
    with pytest.raises(pickle.UnpicklingError):
        read_message(BytesIO(_LENGTH.pack(1 << 50)), 10_000)
    with pytest.raises(EOFError):
        read_message(BytesIO(_LENGTH.pack(100) + b"x"), 10_000)


def test_the_process_reads_in_the_language_of_who_asks(reader):
    content = ("x.xlsx", xlsx("采购日期 | 产品编码 | 单价\n2022-03-15 | A1 | 5.6"))
    with in_language("en"):
        known = reader.recognise(content)
        assert "Purchase" in known.problems[0].params["kind"]
    assert reader.recognise(content).problems[0].params["kind"] == "采购记录"


OUT_OF_MEMORY = [
    (MemoryError(), True),
    (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
    (OSError(errno.ENOENT, "No such file"), False),
    (ValueError("a library's own fault"), False),
]


@pytest.mark.parametrize(("error", "expected"), OUT_OF_MEMORY)
def test_a_failure_of_memory_is_known_by_what_is_behind_it(error, expected):
    try:
        raise RuntimeError("wrapped by a library") from error
    except RuntimeError as wrapped:
        assert child._is_of_memory(wrapped) is expected
