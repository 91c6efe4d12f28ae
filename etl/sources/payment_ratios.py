"""支付比例 → PaymentRatio: for the area, a batch, an institution or both, from a day on; updated by these."""

import pandas as pd
from sqlalchemy import Connection

from etl.checks import batch_ids, institution_ids, no_duplicates, rows_name_institutions
from etl.problem_kinds.skip import RATIO_LIMITED
from etl.recording.loading import replace_rows
from etl.register import Context
from etl.rows import Rows
from etl.values import cells, dates
from procurement.language import N_
from procurement.ledger import Touched
from procurement.tables import PaymentRatio

TITLE = N_("支付比例")
NOTES = {
    "ratio": N_("统筹基金支付的比例，例如 70% 或 0.7。"),
    "institution_code": N_("只适用于某一机构时填；机构、批次都不填，即为全统筹地区。"),
    "institution_name": N_("只适用于某一机构时填，可只填编码。"),
    "batch": N_("只适用于某一批次时填，与中选结果中的批次名称一致。"),
    "from_date": N_("自何日起执行；不填表示一直如此。"),
}
EXAMPLE = {"ratio": "70%", "from_date": "2022-01-01"}

LIMITS = ("institution_level", "insurance", "person", "care")
"""Columns that restrict a ratio in a way that the ledger cannot keep."""

UNLIMITED = {"全部", "所有", "不限", "不分", "各类", "均适用", "全体", "通用"}


def read(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ratio": rows.read("ratio", cells.share, "Int64"),
            "institution_code": rows.read("institution_code", cells.code),
            "institution_name": rows.read("institution_name", cells.text),
            "batch": rows.read("batch", cells.text),
            "from_date": rows.read("from_date", dates.day, "datetime64[s]"),
        }
    )


def check(rows: Rows, frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    frame["institution_id"] = pd.Series([None] * len(frame), dtype="Int64")
    if rows_name_institutions(rows):
        frame["institution_id"] = institution_ids(rows, frame, context.register)
    _refuse_limits(rows, frame["institution_id"])
    frame["batch_id"] = batch_ids(rows, frame["batch"], context.register)
    shown = frame[["institution_name", "institution_code", "batch"]].assign(
        from_date=frame["from_date"].astype(str)
    )
    no_duplicates(rows, frame[["institution_id", "batch_id", "from_date"]], shown, "ratio")
    return frame


def _refuse_limits(rows: Rows, institutions: pd.Series) -> None:
    """A row of one level or insurance would be taken for the whole area; an institution has one level."""
    for field in LIMITS:
        said = rows.raw(field).map(cells.plain)
        limited = (said != "") & ~said.isin(UNLIMITED)
        if field == "institution_level":
            limited &= institutions.isna()
        rows.report(RATIO_LIMITED, limited, field)


def load(connection: Connection, frame: pd.DataFrame, import_id: int) -> list[Touched]:
    key = ["institution_id", "batch_id", "from_date"]
    replace_rows(
        connection, PaymentRatio, frame[[*key, "ratio", "row_number"]].assign(import_id=import_id), key
    )
    return []
