"""What files do to what is there, as frames: lines, months, and what lists say differently."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.formats import label
from procurement.columns import COLUMNS

EFFECT_COLUMNS = [
    "file_name",
    "import_kind",
    "import_mode",
    "new_rows",
    "changed_rows",
    "unchanged_rows",
    "withdrawn_rows",
    "skipped_rows",
]
MONTH_COLUMNS = [
    "month",
    "base_units_before",
    "base_units_after",
    "base_units_change",
    "amount_before",
    "amount_after",
    "amount_change",
    "saving_before",
    "saving_after",
    "saving_change",
]
BEFORE_AND_AFTER = [name for name in MONTH_COLUMNS if name.endswith(("_before", "_after"))]
BEFORE = [name for name in MONTH_COLUMNS if name.endswith("_before")]
AFTER = [name for name in MONTH_COLUMNS if name.endswith("_after")]
DIFFERENCE_COLUMNS = ["change", "changed_row", "changed_column", "value_before", "value_after"]
SAVED_DIFFERENCES = ["file_name", *DIFFERENCE_COLUMNS]
COUNTED = ("new", "changed", "unchanged", "withdrawn")


@dataclass(frozen=True)
class Effect:
    """What taking an import back does, in the shape in which a file tells its effect."""

    file: str
    preview: Any
    institutions: Sequence[str] = ()


def effects_frame(reports: Iterable[Any]) -> pd.DataFrame:
    """One row per file whose effect is known: how its lines stand to those that are there."""
    rows = [
        {
            "file_name": report.file,
            "import_kind": report.kind or "",
            "import_mode": report.mode or "",
            **{f"{name}_rows": getattr(report.preview, name) for name in COUNTED},
            "skipped_rows": report.skipped_rows,
        }
        for report in reports
        if report.preview is not None
    ]
    return pd.DataFrame(rows, columns=EFFECT_COLUMNS)


def can_be_added(reports: Iterable[Any]) -> bool:
    """Whether months of several files can stand in one table.

    The months of a file are those of its institutions, of a list those of all: only files of the same or
    of quite different institutions do not count anything twice.
    """
    groups = {tuple(report.institutions) for report in reports if _months(report)}
    if len(groups) < 2:
        return True
    names = [name for group in groups for name in group]
    return () not in groups and len(names) == len(set(names))


def months_frame(reports: Iterable[Any]) -> pd.DataFrame:
    """One row per month: quantity, amount and saving before and after, and the change of each.

    Files of the same institutions follow each other: the first tells what was, the last what will be.
    """
    chained: dict[tuple[Any, ...], tuple[Any, Any]] = {}
    for report in reports:
        for effect in _months(report):
            key = (effect.month, *report.institutions)
            chained[key] = (chained.get(key, (effect, effect))[0], effect)
    frame = pd.DataFrame([_month(*ends) for ends in chained.values()], columns=["month", *BEFORE_AND_AFTER])
    frame[BEFORE_AND_AFTER] = frame[BEFORE_AND_AFTER].astype("Int64")
    months = frame.groupby("month", sort=True)[BEFORE_AND_AFTER].sum(min_count=1).reset_index()
    for name in ("base_units", "amount", "saving"):
        months[f"{name}_change"] = months[f"{name}_after"] - months[f"{name}_before"]
    return months[MONTH_COLUMNS]


def _months(report: Any) -> Sequence[Any]:
    return report.preview.months if report.preview is not None else ()


def _month(first: Any, last: Any) -> dict[str, Any]:
    return {
        "month": first.month,
        "base_units_before": first.base_units_before,
        "base_units_after": last.base_units_after,
        "amount_before": first.amount_before,
        "amount_after": last.amount_after,
        "saving_before": _saving(first.saving_before, first.amount_before),
        "saving_after": _saving(last.saving_after, last.amount_after),
    }


def _saving(saving: int | None, amount: int) -> int | None:
    """Where nothing was bought nothing was saved."""
    return 0 if saving is None and not amount else saving


def differences_frame(reports: Iterable[Any]) -> pd.DataFrame:
    """One row per row of a list that is new or withdrawn, and per field of a row that is changed."""
    rows = [
        {
            "file_name": report.file,
            "change": found.change,
            "changed_row": found.row,
            "changed_column": label(found.column) if found.column in COLUMNS else found.column or "",
            "value_before": _grouped(found.column, found.before),
            "value_after": _grouped(found.column, found.after),
        }
        for report in reports
        if report.preview is not None
        for found in report.preview.differences
    ]
    return pd.DataFrame(rows, columns=SAVED_DIFFERENCES)


def _grouped(column: str | None, value: str | None) -> str:
    """Quantities with thousands separators; everything else as it was told."""
    is_count = column in COLUMNS and COLUMNS[column].unit in ("units", "count")
    return f"{int(value):,}" if value and is_count and value.lstrip("-").isdigit() else value or ""
