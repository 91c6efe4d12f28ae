"""Every third institution's statement of a sample city, recalculated by a spreadsheet: no difference of a fen."""

import openpyxl
import pandas as pd

from dashboard.statements import statement_files
from procurement import figures
from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.queries.register import institutions
from tests.dashboard.test_retention_statement import RESULTS, as_amount
from tests.recalculated import needs_libreoffice, recalculated

AT_ONCE = 16
"""Workbooks in one run of the spreadsheet program."""


def told_by(path) -> list[tuple]:
    """Institution, then what each of its settlements comes to, in the order of the sheets."""
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    code = path.name.split("_")[0]
    found = []
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(max_col=3, values_only=True))
        if rows and rows[0] and rows[0][0] == "结余留用核算表":
            amounts = {RESULTS[row[0]]: as_amount(row[2]) for row in rows if row and row[0] in RESULTS}
            found.append((code, *(amounts[name] for name in RESULTS.values())))
    return found


@needs_libreoffice
def test_no_statement_differs_by_a_fen(loaded_hengshui, tmp_path):
    with reading(open_database(f"sqlite:///{loaded_hengshui}")) as connection:
        third = Filters(institutions=tuple(institutions(connection)["institution_code"].iloc[::3]))
        rows = figures.retention(connection, third)
        paths = []
        for name, content in statement_files(connection, third):
            paths.append(tmp_path / name)
            paths[-1].write_bytes(content)
    told = [
        row
        for start in range(0, len(paths), AT_ONCE)
        for path in recalculated(paths[start : start + AT_ONCE], tmp_path / "again")
        for row in told_by(path)
    ]
    order = ["institution_code", "execution_date", "batch", "agreement_year"]
    rows = rows.sort_values(order, kind="stable")[["institution_code", *RESULTS.values()]]
    ours = [
        tuple(None if pd.isna(value) else value if isinstance(value, str) else int(value) for value in row)
        for row in rows.itertuples(index=False)
    ]
    assert len(told) == len(ours) == 216
    assert told == ours
