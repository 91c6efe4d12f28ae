"""The history of imports."""

import pandas as pd
from sqlalchemy import Connection, Select, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from procurement.frames import read_frame
from procurement.tables import Import

IMPORT_COLUMNS = {
    "id": "import_id",
    "kind": "import_kind",
    "file": "file_name",
    "mode": "import_mode",
    "rows": "rows",
    "new": "new_rows",
    "changed": "changed_rows",
    "unchanged": "unchanged_rows",
    "withdrawn": "withdrawn_rows",
    "skipped_rows": "skipped_rows",
    "skipped_amount": "skipped_amount",
    "imported_at": "imported_at",
    "imported_by": "imported_by",
    "undoes": "undoes",
    "undone_by": "undone_by",
}
"""Public name → column, as `vbp imports` prints them."""


def imports(connection: Connection) -> pd.DataFrame:
    """One row per import, newest first; `undoes` and `undone_by` are numbers of other imports."""
    undo = aliased(Import)
    query: Select = (
        select(
            col(Import.id).label("import_id"),
            col(Import.kind).label("import_kind"),
            col(Import.file_name),
            col(Import.institution_code),
            col(Import.mode).label("import_mode"),
            col(Import.rows),
            col(Import.new_rows),
            col(Import.changed_rows),
            col(Import.unchanged_rows),
            col(Import.withdrawn_rows),
            col(Import.skipped_rows),
            col(Import.skipped_amount),
            col(Import.imported_at),
            col(Import.imported_by),
            col(Import.undoes),
            col(undo.id).label("undone_by"),
        )
        .outerjoin(undo, col(undo.undoes) == col(Import.id))
        .order_by(col(Import.id).desc())
    )
    return read_frame(connection, query)
