"""What came of one file: for the command line, the page and the history alike."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select
from sqlmodel import col

from etl.open_points import OpenHeading, Question
from etl.preview import Preview
from etl.problems import Loudness, Problem
from etl.recognising import Recognised
from etl.sheets.first_rows import FirstRows
from procurement.money import decimal_text, yuan
from procurement.tables import Institution


@dataclass
class Report:
    """`status`: loaded, unchanged (the same content was loaded before), checked (a dry run: would be loaded)
    or problems (nothing of it was loaded).

    `rows` were loaded, would be, or were found. `skipped_amount` and `amount` are in 1/10000 yuan, empty for
    kinds without amounts; `institutions` are codes. `preview` tells what the import does, or did, to what
    was there; `headings` and `questions` what a person may or must say. `data_version` is the state of the
    ledger that it was checked against, `content_hash` the digest of what was read.
    """

    file: str
    kind: str | None
    status: str
    import_id: int | None = None
    rows: int = 0
    skipped_rows: int = 0
    skipped_amount: int | None = None
    sheets: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    institutions: list[str] = field(default_factory=list)
    first_day: date | None = None
    last_day: date | None = None
    amount: int | None = None
    mode: str | None = None
    preview: Preview | None = None
    headings: list[OpenHeading] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    data_version: int | None = None
    content_hash: str | None = None
    first_rows: FirstRows | None = None

    @property
    def is_good(self) -> bool:
        return self.status != "problems"

    def count(self, loudness: Loudness) -> int:
        return sum(problem.kind.loudness is loudness for problem in self.problems)

    def problems_by_code(self) -> dict[str, int]:
        return dict(Counter(problem.kind.code for problem in self.problems))

    def as_dict(self) -> dict[str, Any]:
        """For JSON: amounts as decimal strings in yuan, days in ISO form."""
        return {
            "file": self.file,
            "kind": self.kind,
            "status": self.status,
            "import_id": self.import_id,
            "rows": self.rows,
            "skipped_rows": self.skipped_rows,
            "skipped_amount": _yuan_text(self.skipped_amount),
            "sheets": self.sheets,
            "passed_over": self.passed_over,
            "institutions": self.institutions,
            "first_day": self.first_day.isoformat() if self.first_day else None,
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "amount": _yuan_text(self.amount),
            "mode": self.mode,
            "preview": self.preview.as_dict() if self.preview else None,
            "headings": [heading.as_dict() for heading in self.headings],
            "questions": [question.as_dict() for question in self.questions],
            "answers": self.answers,
            "data_version": self.data_version,
            "content_hash": self.content_hash,
            "problems": [problem.as_dict() for problem in self.problems],
        }


def _yuan_text(amount: int | None) -> str | None:
    return None if amount is None else decimal_text(yuan(amount))


def report_of(
    known: Recognised,
    status: str,
    problems: Iterable[Problem],
    import_id: int | None = None,
    rows: int | None = None,
    frame: pd.DataFrame | None = None,
    bad: np.ndarray | None = None,
    connection: Connection | None = None,
) -> Report:
    """A report with what the checked rows tell: how many, whose, from when to when, how much."""
    report = Report(known.file, known.kind, status, import_id, rows if rows is not None else known.rows)
    report.sheets, report.passed_over, report.problems = known.sheets, known.passed_over, list(problems)
    report.headings, report.first_rows = known.headings, known.first_rows
    if frame is None or bad is None:
        return report
    good = frame[~bad]
    report.skipped_rows = int(bad.sum())
    report.rows = len(good) if status == "loaded" else len(frame)
    if "paid_amount" in frame:
        left_out = frame["paid_amount"].fillna(frame["amount"])[bad]
        report.skipped_amount, report.amount = int(left_out.sum()), int(good["paid_amount"].sum())
        report.first_day, report.last_day = _day(good["bought_on"].min()), _day(good["bought_on"].max())
    if connection is not None and "institution_id" in frame:
        report.institutions = _codes(connection, good["institution_id"])
    return report


def _day(moment: pd.Timestamp) -> date | None:
    return None if pd.isna(moment) else moment.date()


def _codes(connection: Connection, ids: pd.Series) -> list[str]:
    wanted = {int(number) for number in ids.dropna().unique()}
    rows = connection.execute(
        select(col(Institution.id), col(Institution.code)).order_by(col(Institution.code))
    )
    return [code for number, code in rows if number in wanted]
