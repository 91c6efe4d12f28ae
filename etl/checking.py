"""A recognised file → its checked rows, or the report that ends it: nothing is written yet."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from etl.answers import used
from etl.categories import categories
from etl.checks import rows_name_institutions, whose_rows
from etl.problem_kinds.skip import ALREADY_LOADED
from etl.problem_kinds.stop import INSTITUTION_NOT_REGISTERED, PREVIEW_OUTDATED
from etl.problems import Problem
from etl.recognising import Recognised
from etl.recording.history import changed_since, loaded_before
from etl.register import Context, read_register
from etl.repeats import report_already_loaded
from etl.report import Report, report_of
from etl.rows import Rows
from etl.scope import KINDS_OF_AN_INSTITUTION, kind_refused, named_outside, rows_outside
from etl.sources import READERS


@dataclass(frozen=True)
class Options:
    """What the user asked for, for all files of one call; see etl.importing.import_files."""

    kind: str | None = None
    institution: str | None = None
    skip_bad_rows: bool = False
    by: str = ""
    dry_run: bool = False
    mode: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    expected_version: int | None = None
    scope: tuple[str, ...] | None = None
    kinds: frozenset[str] | None = None

    def mode_of(self, known: Recognised) -> str:
        """Purchases replace what they cover unless told otherwise; lists are updated by key.

        A workbook of corrected rows alone is a part: it would withdraw all others.
        """
        usual = "update" if known.kind != "purchases" else "add" if known.is_part else "replace"
        return self.mode or usual


@dataclass(frozen=True)
class Checked:
    """A file that was read and checked, with the digest of its content."""

    known: Recognised
    rows: Rows
    frame: pd.DataFrame
    digest: str
    mode: str


def check(
    connection: Connection, known: Recognised, options: Options, loaded: Collection[int] = ()
) -> Checked | Report:
    """Read and check a file against the ledger; a report where that is the end of it.

    `loaded` are the imports of the same call, which do not make its previews old.
    """
    if known.is_stopped or known.kind is None:
        problems = known.problems + [problem for table in known.tables for problem in table.problems]
        return report_of(known, "problems", problems)
    mode, who = options.mode_of(known), _named_institution(known, options)
    context = Context(connection, read_register(connection, options.scope), who, options.answers, mode)
    if refused := kind_refused(known, options.kinds, options.scope is not None) or _refused(known, context):
        return report_of(known, "problems", [*known.problems, refused])
    return _read(known, context, options, loaded)


def _read(known: Recognised, context: Context, options: Options, loaded: Collection[int]) -> Checked | Report:
    kind, mode = str(known.kind), str(context.mode)
    reader, rows = READERS[kind], Rows(known.file, known.tables)
    frame = reader.read(rows)
    told = json.dumps(used(rows, options.answers), sort_keys=True, ensure_ascii=False)
    digest = content_digest(kind, _whose(rows, context) + told.strip("{}"), frame)
    # A list that is the whole of what it is about may withdraw what came beside it, though it is all there.
    is_whole = mode == "replace" and kind != "purchases"
    before = None if is_whole else loaded_before(context.connection, kind, digest)
    is_same = before is not None and not before.skipped_rows
    # That it was loaded before is not told to somebody whose rows they are not.
    if not is_same or options.scope is not None:
        frame = reader.check(rows, frame, context).assign(sheet=rows.sheet, row_number=rows.number)
        if outside := rows_outside(rows, frame, context.register):
            return report_of(known, "problems", [*known.problems, *rows.problems, outside])
    if is_same:
        return _unchanged(known, rows, before)
    if _is_outdated(context.connection, kind, frame, options, loaded):
        return report_of(known, "problems", [*known.problems, Problem(PREVIEW_OUTDATED, known.file)])
    if kind == "purchases":
        frame["category"] = categories(rows, frame, context.connection)
        if mode == "add":
            report_already_loaded(rows, frame, context)
    if before is not None and (rows.bad.all() or _still_bad(rows) == before.skipped_rows):
        # That its other rows are loaded already is what "unchanged" says.
        rows.problems = [problem for problem in rows.problems if problem.kind is not ALREADY_LOADED]
        return _unchanged(known, rows, before)
    return Checked(known, rows, frame, digest, mode)


def _unchanged(known: Recognised, rows: Rows, before: Any) -> Report:
    return report_of(known, "unchanged", known.problems + rows.problems, before.id, rows=len(rows))


def _refused(known: Recognised, context: Context) -> Problem | None:
    """Why the file cannot be of whom the user says, before its rows are looked at."""
    if context.institution and context.register.institution(context.institution) is None:
        if context.register.within is not None:
            return named_outside(known.file, context.institution, known.rows)
        hint = context.register.nearest_institution(context.institution)
        words = {"institution": context.institution, "hint": hint}
        return Problem(INSTITUTION_NOT_REGISTERED, known.file, params=words)
    return None


def _is_outdated(
    connection: Connection, kind: str, frame: pd.DataFrame, options: Options, loaded: Collection[int]
) -> bool:
    """Whether the preview that the user has seen may say otherwise now."""
    if options.expected_version is None:
        return False
    whose = None
    if kind == "purchases":
        whose = [int(number) for number in frame["institution_id"].dropna().unique()]
    return changed_since(connection, options.expected_version, whose, loaded)


def _still_bad(rows: Rows) -> int:
    """Rows that were left out before and would be again; a register loaded meanwhile may have mended some."""
    loaded = sum(problem.kind is ALREADY_LOADED for problem in rows.problems)
    return int(rows.bad.sum()) - loaded


def _named_institution(known: Recognised, options: Options) -> str | None:
    return options.institution if known.kind in KINDS_OF_AN_INSTITUTION else None


def _whose(rows: Rows, context: Context) -> str:
    """Whose rows they are, where the rows do not say it themselves."""
    if context.institution:
        return context.institution
    if rows_name_institutions(rows):
        return ""
    return whose_rows(rows, context.register)


def content_digest(kind: str, whose: str, frame: pd.DataFrame) -> str:
    """A digest of what was read, in any order of rows and whatever program saved it; missing equals empty."""
    rows = np.zeros((len(frame), _LANES), np.uint64)
    for name, values in frame.items():
        places, distinct = pd.factorize(values)
        # The last one stands for what is missing, whose place is −1.
        hashes = [_hash_of(str(name), value) for value in (*map(str, distinct), "")]
        rows += np.frombuffer(b"".join(hashes), "<u8").reshape(-1, _LANES)[places]
    in_order = rows[np.lexsort(rows.T)].astype("<u8").tobytes()
    text = "\n".join([kind, whose, *frame.columns, ""])
    return hashlib.sha256(text.encode() + in_order).hexdigest()


_LANES = 2
"""64-bit numbers by which a value is known; a row is the sum of its values, which tell their columns."""


def _hash_of(column: str, value: str) -> bytes:
    return hashlib.blake2b(f"{column}\0{value}".encode(), digest_size=8 * _LANES).digest()
