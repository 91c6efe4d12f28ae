"""The history of imports."""

import pandas as pd
from sqlalchemy import Connection, Select, select
from sqlmodel import col

from procurement.database import read_frame
from procurement.tables import Import

IMPORT_COLUMNS = {
    "id": "import_id",
    "kind": "import_kind",
    "file": "file_name",
    "rows": "rows",
    "skipped_rows": "skipped_rows",
    "skipped_amount": "skipped_amount",
    "imported_at": "imported_at",
    "imported_by": "imported_by",
}
"""Public name → column, as `vbp imports` prints them."""


def imports(connection: Connection) -> pd.DataFrame:
    """One row per import, newest first."""
    query: Select = select(
        col(Import.id).label("import_id"),
        col(Import.kind).label("import_kind"),
        col(Import.file_name),
        col(Import.institution_code),
        col(Import.rows),
        col(Import.skipped_rows),
        col(Import.skipped_amount),
        col(Import.imported_at),
        col(Import.imported_by),
    ).order_by(col(Import.id).desc())
    return read_frame(connection, query)
