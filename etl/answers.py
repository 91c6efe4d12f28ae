"""What a list lacks and a person says once: `--set execution_date=2022-11-01`, or a form on the page.

Published lists carry no batch name, no dates, no category. A column that the file has wins over an answer,
which then only fills its empty cells; an answer that differs from what the file says is told. Answers are
kept with the import.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from etl.headings import source
from etl.open_points import Question
from etl.problem_kinds.mention import ANSWER_DIFFERS
from etl.problem_kinds.skip import EMPTY_CELL
from etl.problem_kinds.stop import ANSWER_NEEDED, ANSWER_UNKNOWN, ANSWER_UNREADABLE
from etl.problems import Problem, shown
from etl.register import Context
from etl.rows import Rows
from etl.supply_areas import own_area
from etl.values import cells, dates
from etl.values.cells import NOTHING, Read, plain
from etl.values.hints import NO_HINT, Hint, heading_key
from etl.values.units import unit_of
from procurement.language import N_, _


@dataclass(frozen=True)
class Asked:
    """One thing that may be asked: how its answer is read, and when a file gives cause to ask.

    `cause` tells whether the file's columns make it of use at all; without one it always is. What is asked
    of `field` is not asked of a file whose column says it.
    """

    name: str
    title: str
    help: str
    read: Callable[[object, Hint], Read] | None = None
    kind: str = "text"
    is_required: bool = False
    cause: Callable[[Rows], bool] | None = None
    is_column: bool = True


def _unit(answer: object, hint: Hint) -> Read:
    word = plain(answer)
    return Read(word) if unit_of(word) else NOTHING


def _lacks_basis(rows: Rows) -> bool:
    told = rows.told("baseline_price", lambda column, table: column.basis)
    return rows.has("baseline_price") and bool(told.isna().any())


def _lacks_price_unit(rows: Rows) -> bool:
    told = rows.told("awarded_price", lambda column, table: column.hint.unit)
    return rows.has("awarded_price") and bool(told.isna().any())


def _has_areas(rows: Rows) -> bool:
    return not rows.says_nothing("supply_area")


_BATCH = Asked("batch", N_("批次名称"), N_("文件属于哪一个批次。"), cells.text, is_required=True)

ASKED: dict[str, tuple[Asked, ...]] = {
    "batch_list": (
        _BATCH,
        Asked("category", N_("类别"), N_("药品或耗材。"), kind="choice", is_required=True),
        Asked(
            "execution_date",
            N_("执行日期"),
            N_("中选结果开始执行的日期，例如 2022-11-01。"),
            dates.day,
            "day",
            is_required=True,
        ),
        Asked(
            "end_date",
            N_("截止日期"),
            N_("采购周期的最后一天，例如 2025-10-31。"),
            dates.last_day,
            "day",
            is_required=True,
        ),
        Asked("level", N_("批次级别"), N_("由谁组织的集中采购。"), kind="choice"),
        Asked(
            "province",
            N_("本地供应省份"),
            N_("本统筹地区所在的省份；供应地区不含该省的，记为外省中选。"),
            own_area,
            cause=_has_areas,
            is_column=False,
        ),
        Asked(
            "baseline_basis",
            N_("集采前价格依据"),
            N_("集采前价格的口径。"),
            kind="choice",
            cause=_lacks_basis,
        ),
        Asked(
            "price_unit",
            N_("计价单位"),
            N_("价格按什么计：盒，或最小单位（片、支、套等）。"),
            _unit,
            cause=_lacks_price_unit,
        ),
    ),
    "substitutes": (_BATCH,),
    "agreed_volumes": (
        _BATCH,
        Asked(
            "agreement_year", N_("协议年度"), N_("第几个协议年度：1、2、3…；不填为 1。"), cells.agreement_year
        ),
        Asked(
            "area",
            N_("本统筹地区名称"),
            N_("按地区写的约定采购量中，哪一个地区名称是整个统筹地区。"),
            cells.text,
            cause=lambda rows: not rows.says_nothing("area"),
            is_column=False,
        ),
    ),
}
"""By kind, in the order in which they are asked."""

NAMES = frozenset(asked.name for several in ASKED.values() for asked in several)
"""Every name that `--set` knows."""


def questions(rows: Rows, answers: Mapping[str, str]) -> list[Question]:
    """What a file leaves open, with what has been said to it."""
    return [
        _question(rows, asked, answers) for asked in ASKED.get(rows.source.kind, ()) if _is_open(rows, asked)
    ]


def _is_open(rows: Rows, asked: Asked) -> bool:
    has_cause = asked.cause is None or asked.cause(rows)
    return has_cause and (not asked.is_column or rows.says_nothing(asked.name))


def _question(rows: Rows, asked: Asked, answers: Mapping[str, str]) -> Question:
    words = source(rows.source.kind).fields[asked.name].words if asked.kind == "choice" else {}
    return Question(
        asked.name,
        asked.title,
        asked.help,
        asked.kind,
        tuple(said[0] for said in words.values()),
        asked.is_required,
        answers.get(asked.name) or None,
        _title_above(rows) if asked.name == "batch" else None,
    )


def used(rows: Rows, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that this file takes: those to what it leaves open, in whole or in some cells."""
    return {
        asked.name: answers[asked.name]
        for asked in ASKED.get(rows.source.kind, ())
        if answers.get(asked.name) and (_is_open(rows, asked) or _has_gaps(rows, asked))
    }


def _has_gaps(rows: Rows, asked: Asked) -> bool:
    return asked.is_column and bool(rows.is_blank(asked.name).any())


_RESULT = re.compile(
    r"拟?[中选标]+(结果|品种|产品|药品|价格|企业|情况|信息|目录)*(公布|公示|汇总)?[表单录]?$"
)
_SPEAKS_OF_A_BATCH = re.compile(r"集采|集中(带量)?采购|带量采购|联盟|4\+7")
_ATTACHED = re.compile(r"^附(件|表)?[\d一二三四五六七八九十]*[:.、]?")


def _title_above(rows: Rows) -> str | None:
    """第七批国家组织药品集中采购中选结果, above the table → the batch's name as it may be."""
    texts = [re.sub(r"\s+", "", plain(text)) for table in rows.tables for text in table.above]
    found = [text for text in texts if _SPEAKS_OF_A_BATCH.search(text)]
    return _RESULT.sub("", _ATTACHED.sub("", found[0]).strip("《》")) or None if found else None


@dataclass(frozen=True)
class Said:
    """The readable answers of a file's kind as values; `is_enough` where nothing more is needed."""

    values: Mapping[str, Any]
    is_enough: bool


def said(rows: Rows, context: Context) -> Said:
    """Read the answers; what cannot be read, is not known or is missing stops the file with a sentence."""
    unknown = sorted(set(context.answers) - NAMES)
    if unknown:
        words = {"names": _("、").join(unknown), "known": _("、").join(sorted(NAMES))}
        rows.problems.append(Problem(ANSWER_UNKNOWN, rows.file, params=words))
    values = {}
    for asked in ASKED.get(rows.source.kind, ()):
        answer = context.answers.get(asked.name)
        if answer:
            values[asked.name] = _value(rows, asked, answer)
    unread = [name for name, value in values.items() if value is None]
    for name in unread:
        words = {"name": name, "answer": context.answers[name]}
        rows.problems.append(Problem(ANSWER_UNREADABLE, rows.file, params=words))
    missing = [q for q in questions(rows, context.answers) if q.is_required and not q.answer]
    if missing:
        names = _("、").join(_(question.title) for question in missing)
        options = " ".join(f"--set {question.name}=…" for question in missing)
        rows.problems.append(Problem(ANSWER_NEEDED, rows.file, params={"names": names, "options": options}))
    return Said(values, not (unknown or unread or missing))


def _value(rows: Rows, asked: Asked, answer: str) -> Any:
    """What an answer stands for; None where it cannot be read."""
    if asked.kind == "choice":
        words = rows.source.fields[asked.name].words
        known = {heading_key(word): value for value, several in words.items() for word in (value, *several)}
        return known.get(heading_key(answer))
    return asked.read(answer, NO_HINT).value if asked.read else None


def fill(rows: Rows, column: pd.Series, name: str, values: Mapping[str, Any]) -> pd.Series:
    """A column with its empty cells filled by the answer `name`; what the file says itself stays.

    A cell that could not be read is not empty. What is empty still, and is required, is reported.
    """
    asked = next(asked for asked in ASKED[rows.source.kind] if asked.name == name)
    blank = pd.Series(rows.is_blank(name), index=column.index)
    if name in values:
        value = pd.Series([values[name]], dtype="object").astype(column.dtype).iloc[0]
        differs = column.notna() & (column != value).fillna(False)
        if differs.any():
            place = int(differs.to_numpy().argmax())
            found = shown(rows.cell(name, place))
            rows.mention(ANSWER_DIFFERS, name, name=name, answer=shown(values[name]), found=found)
        column = column.where(~blank, value)
    if asked.is_required:
        rows.report(EMPTY_CELL, blank & column.isna(), name)
    return column
