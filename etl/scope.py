"""What somebody of a narrowed scope may import: rows of their own institutions, and some kinds of workbook.

An institution outside the scope and one that no register has are refused with the same sentence.
"""

from collections.abc import Iterable

import pandas as pd

from etl.headings import KINDS
from etl.problem_kinds.skip import OTHER_INSTITUTION, UNKNOWN_INSTITUTION
from etl.problem_kinds.stop import KIND_NOT_ALLOWED, NOT_IN_SCOPE
from etl.problems import Problem
from etl.recognising import Recognised
from etl.register import Register
from etl.rows import Rows
from procurement.columns import reading
from procurement.language import _

KINDS_OF_AN_INSTITUTION = ("purchases", "agreed_volumes", "assessments")
"""Kinds whose rows are each of one institution; all others are the whole city's."""

NAMED = 5
"""Institutions that a sentence names."""


def kind_refused(known: Recognised, kinds: frozenset[str] | None, is_narrowed: bool) -> Problem | None:
    """Why a workbook of this kind is not for the importer; `kinds`: what they may import (None: all)."""
    if kinds is None and not is_narrowed:
        return None
    allowed = set(KINDS) if kinds is None else set(kinds)
    if is_narrowed:
        allowed &= set(KINDS_OF_AN_INSTITUTION)
    if known.kind in allowed:
        return None
    names = _("、").join(_(reading(kind)) for kind in sorted(allowed))
    return Problem(KIND_NOT_ALLOWED, known.file, params={"kind": _(reading(str(known.kind))), "kinds": names})


def named_outside(file: str, institution: str, count: int) -> Problem:
    """The importer said that the file is of this institution, which is not theirs."""
    return Problem(NOT_IN_SCOPE, file, params={"names": institution, "count": count})


def rows_outside(rows: Rows, frame: pd.DataFrame, register: Register) -> Problem | None:
    """Why the file cannot be loaded: rows of institutions that are not the importer's, or of whole areas.

    What was reported of these rows one by one is left out: it would tell who is in the register.
    """
    if register.within is None:
        return None
    strangers = [problem for problem in rows.problems if _is_stranger(problem, register)]
    rows.problems = [problem for problem in rows.problems if problem not in strangers]
    names = [str(_value(problem)) for problem in strangers]
    count = len({(problem.sheet, problem.row) for problem in strangers})
    for text in _outside(frame, register):
        names.append(text)
        count += 1
    if not count:
        return None
    return Problem(NOT_IN_SCOPE, rows.file, params={"names": _named(names), "count": count})


def _is_stranger(problem: Problem, register: Register) -> bool:
    if problem.kind is UNKNOWN_INSTITUTION:
        return True
    return problem.kind is OTHER_INSTITUTION and register.institution(_value(problem)) is None


def _value(problem: Problem) -> str | None:
    return problem.params.get("value") or problem.value


def _outside(frame: pd.DataFrame, register: Register) -> Iterable[str]:
    """Of each row that a title or an area gives to somebody else: whom."""
    if "institution_id" in frame:
        ids = frame["institution_id"]
        own = ids.isna() | ids.isin(list(register.within or ()))
        yield from (register.institution_names[int(number)] for number in ids[~own])
    if "area" in frame:
        yield from (str(area) for area in frame["area"].dropna())


def _named(names: list[str]) -> str:
    distinct = list(dict.fromkeys(names))
    text = _("、").join(distinct[:NAMED])
    return text if len(distinct) <= NAMED else _("{names}等").format(names=text)
