"""The rows of a list → their tables, with images of what they change (etl.recording.journal)."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection

from etl.categories import take_categories_of_batches
from etl.preview import Preview
from etl.recording import journal
from etl.recording.differences import Pair, changed_columns, counts, differences, paired
from etl.recording.effects import month_effects, month_sums
from etl.recording.grain import Grain
from etl.report import Report
from etl.sources import READERS
from procurement.ledger import Touched

DIFFERENCES_TOLD = 2_000
"""Of one list; what a person can still look through. The counts are of all."""

MAY_BE_WHOLE = ("batch_list", "substitutes", "agreed_volumes")
"""Kinds whose files, in the mode replace, are the whole of what they are about; their readers ask for it."""


def record_list(
    connection: Connection, report: Report, kept: pd.DataFrame, grain: Grain, enter: Callable[[], int]
) -> Report:
    """Load a list's rows and tell what they change; `enter` writes the entry in the history.

    A list that changes nothing leaves no trace, not even rows that are said to come from it.
    """
    sums = month_sums(connection)
    with connection.begin_nested() as point:
        report.import_id = enter()
        pairs, touched = _written(connection, report, kept)
        if not _is_change(pairs):
            point.rollback()
            return replace(report, status="unchanged", import_id=None, preview=Preview(unchanged=report.rows))
    grain.rebuild(connection, str(report.kind), report.import_id, touched)
    new, changed, gone = counts(str(report.kind), pairs)
    report.preview = Preview(new, changed, max(0, report.rows - new - changed), gone)
    report.preview.months = month_effects(sums, month_sums(connection))
    report.preview.differences = differences(connection, pairs, DIFFERENCES_TOLD)
    return report


def _written(connection: Connection, report: Report, kept: pd.DataFrame) -> tuple[list[Pair], list[Touched]]:
    """Write the rows, keep the images of what they changed, and tell both and what else they touch."""
    kind, import_id = str(report.kind), report.import_id or 0
    before = journal.images(connection, kind)
    how = (str(report.mode),) if kind in MAY_BE_WHOLE else ()
    touched = READERS[kind].load(connection, kept, import_id, *how)
    if kind in ("batch_list", "substitutes"):
        take_categories_of_batches(connection)
    found = journal.changes(before, journal.images(connection, kind))
    journal.keep(connection, import_id, found)
    return paired(found), touched


def _is_change(pairs: list[Pair]) -> bool:
    return any(
        before is None or after is None or changed_columns(before, after) for _table, before, after in pairs
    )
