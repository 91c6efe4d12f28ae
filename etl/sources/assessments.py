"""考核得分 → Assessment: one score per institution, batch and agreement year, updated by these."""

import pandas as pd
from sqlalchemy import Connection

from etl.checks import agreement_years, batch_ids, institution_ids, no_duplicates, require_institution
from etl.problem_kinds.skip import SCORE_OUT_OF_RANGE
from etl.recording.loading import replace_rows
from etl.register import Context
from etl.rows import Rows
from etl.values import cells
from procurement.language import N_
from procurement.ledger import Touched
from procurement.money import UNIT_SCALE
from procurement.tables import Assessment

TITLE = N_("考核得分")
NOTES = {
    "institution_code": N_("名录中的机构编码；机构编码和机构名称至少填一项。"),
    "institution_name": N_("名录中的机构名称。"),
    "batch": N_("与中选结果中的批次名称一致。"),
    "agreement_year": N_("第几个协议年度：1、2、3…，自批次执行之日起算。"),
    "score": N_("0 至 100 分。"),
}
EXAMPLE = {
    "institution_code": "H00000000001",
    "institution_name": "某某市示例医院",
    "batch": "示例批次",
    "agreement_year": 1,
    "score": 92.5,
}
FULL_SCORE = 100


def read(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "institution_code": rows.read("institution_code", cells.code),
            "institution_name": rows.read("institution_name", cells.text),
            "batch": rows.read("batch", cells.text),
            "agreement_year": rows.read("agreement_year", cells.agreement_year, "Int64"),
            "score": rows.read("score", cells.score, "Int64"),
        }
    )


def check(rows: Rows, frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    frame["institution_id"] = institution_ids(rows, frame, context.register, context.institution)
    require_institution(rows, frame["institution_id"])
    frame["batch_id"] = batch_ids(rows, frame["batch"], context.register)
    agreement_years(rows, frame["agreement_year"])
    outside = (frame["score"] < 0) | (frame["score"] > FULL_SCORE * UNIT_SCALE)
    rows.report(SCORE_OUT_OF_RANGE, outside.fillna(False), "score")
    shown = frame[["institution_name", "institution_code", "batch", "agreement_year"]]
    no_duplicates(rows, frame[["institution_id", "batch_id", "agreement_year"]], shown, "batch")
    return frame


def load(connection: Connection, frame: pd.DataFrame, import_id: int) -> list[Touched]:
    key = ["institution_id", "batch_id", "agreement_year"]
    replace_rows(
        connection, Assessment, frame[[*key, "score", "row_number"]].assign(import_id=import_id), key
    )
    return []
