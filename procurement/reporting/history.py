"""What was reported: one row per import of purchases that is of the reader's institutions alone.

Asked of the whole ledger: within a scope nobody can see whether an import is of others too.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, select
from sqlmodel import col

from procurement.frames import read_frame
from procurement.language import _
from procurement.measures.months import KEY
from procurement.people.readers import Scope
from procurement.queries.imports import imports
from procurement.queries.months import closed_months
from procurement.tables import Account, AuditEvent, Import, ImportCoverage, Institution

IN_FORCE, WITHDRAWN, CLOSED = "in_force", "withdrawn", "closed"

CODE_LENGTH = 12
"""Characters of the check code that a receipt carries: enough to tell two files apart."""

MONTHS_TOLD = 3
"""More months than that are told as from … to …"""


def reports(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Newest first: import_id, imported_at, imported_by, file_name, import_kind, import_mode, counts of rows,
    paid_amount (of the file, as it was loaded; empty: unknown), check_code, institution_names (also as
    institution_list), months_told, imported_by_name, undone_by, and report_use: in_force, withdrawn or closed
    (all of its months)."""
    cells = _cells(connection)
    outside = set() if scope is None else set(cells.loc[~cells["institution_code"].isin(scope), "import_id"])
    rows = imports(connection)
    rows = rows[(rows["import_kind"] == "purchases") & ~rows["import_id"].isin(list(outside))]
    rows = rows[rows["import_id"].isin(cells["import_id"])].reset_index(drop=True)
    cells = cells[cells["import_id"].isin(rows["import_id"])]
    told = _told(cells, closed_months(connection, [int(i) for i in cells["institution_id"].unique()]))
    rows = rows.merge(told, on="import_id")
    trail = _told_at_loading(connection, rows["file_name"].unique().tolist())
    names, codes = _full_names(connection), _codes(connection, rows["import_id"].tolist())
    amounts = [trail.get(int(number), {}).get("amount") for number in rows["import_id"]]
    use = pd.Series(IN_FORCE, index=rows.index, dtype=object).mask(rows["is_closed"], CLOSED)
    return rows.drop(columns="is_closed").assign(
        paid_amount=pd.Series(amounts, index=rows.index, dtype="Int64"),
        check_code=[codes[int(number)][:CODE_LENGTH] for number in rows["import_id"]],
        imported_by_name=[names.get(name, "") for name in rows["imported_by"]],
        report_use=use.mask(rows["undone_by"].notna(), WITHDRAWN),
    )


def _told(cells: pd.DataFrame, closed: Mapping[tuple[int, date], str]) -> pd.DataFrame:
    """One row per import: whose rows it has, of which months, and whether all of them are closed."""
    found = [
        {
            "import_id": number,
            "institution_list": tuple(own["institution_name"].unique()),
            "institution_names": _("、").join(own["institution_name"].unique()),
            "months_told": _months_text(own["month"]),
            "is_closed": all((int(i), m.date()) in closed for i, m in own[KEY].itertuples(index=False)),
        }
        for number, own in cells.groupby("import_id")
    ]
    columns = ["import_id", "institution_list", "institution_names", "months_told", "is_closed"]
    return pd.DataFrame(found, columns=columns).astype({"import_id": "Int64", "is_closed": bool})


def _cells(connection: Connection) -> pd.DataFrame:
    """One row per import × institution × month that it covers."""
    query: Select = (
        select(
            col(ImportCoverage.import_id),
            col(ImportCoverage.institution_id),
            col(ImportCoverage.month),
            col(Institution.code).label("institution_code"),
            col(Institution.name).label("institution_name"),
        )
        .distinct()
        .join(Institution, col(ImportCoverage.institution_id) == col(Institution.id))
        .order_by(col(Institution.code), col(ImportCoverage.month))
    )
    return read_frame(connection, query).drop_duplicates(["import_id", *KEY])


def _months_text(months: pd.Series) -> str:
    told = sorted({f"{month:%Y-%m}" for month in months})
    if len(told) <= MONTHS_TOLD:
        return _("、").join(told)
    return _("{first}至{last}").format(first=told[0], last=told[-1])


def _told_at_loading(connection: Connection, files: Sequence[str]) -> dict[int, dict[str, Any]]:
    """What the trail noted of an import when it was loaded, by its number: the amount of the whole file."""
    query = select(col(AuditEvent.details)).where(
        col(AuditEvent.action) == "import-loaded", col(AuditEvent.subject).in_(files)
    )
    found = (json.loads(details) for details in connection.execute(query).scalars())
    return {told["import"]: told for told in found if "import" in told}


def _full_names(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(select(col(Account.name), col(Account.full_name))).all())  # type: ignore[arg-type]


def _codes(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    query = select(col(Import.id), col(Import.content_hash)).where(col(Import.id).in_([int(i) for i in ids]))
    return dict(connection.execute(query).all())  # type: ignore[arg-type]
