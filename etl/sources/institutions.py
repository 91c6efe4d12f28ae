"""医药机构名录 → Institution: updated by code; what a list leaves empty stays as it was."""

import pandas as pd
from sqlalchemy import Connection, bindparam, update

from etl.checks import no_duplicates
from etl.register import Context
from etl.rows import Rows
from etl.values import cells
from procurement.frames import insert_frame
from procurement.language import N_
from procurement.ledger import Touched
from procurement.tables import Institution

TITLE = N_("医药机构名录")
NOTES = {
    "code": N_("医药机构的国家医保编码，例如 H41090000001。单元格请设为文本格式。"),
    "name": N_("与医保定点名录一致的全称。"),
    "kind": N_("填：医院、基层医疗机构、零售药店。连锁药店每个门店一行。"),
    "level": N_("例如：三级甲等、二级、一级、未定级。"),
    "district": N_("所在县（市、区）。"),
    "ownership": N_("例如：公立、民营。"),
    "chain": N_("仅零售药店填：所属连锁企业名称。"),
    "parent_code": N_("村卫生室、分院等填其上级机构的编码。"),
}
EXAMPLE = {
    "code": "H00000000001",
    "name": "某某市示例医院",
    "kind": "医院",
    "level": "三级甲等",
    "district": "示例区",
    "ownership": "公立",
}

COLUMNS = ["code", "name", "kind", "level", "district", "ownership", "chain", "parent_code"]


def read(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": rows.read("code", cells.code),
            "name": rows.read("name", cells.text),
            "kind": rows.read_words("kind"),
            "level": rows.read("level", cells.text),
            "district": rows.read("district", cells.text),
            "ownership": rows.read("ownership", cells.text),
            "chain": rows.read("chain", cells.text),
            "parent_code": rows.read("parent_code", cells.code),
        }
    )


def check(rows: Rows, frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    no_duplicates(rows, frame[["code"]], frame[["code", "name"]], "code")
    return frame


def load(connection: Connection, frame: pd.DataFrame, import_id: int) -> list[Touched]:
    known = set(connection.execute(Institution.__table__.select()).scalars("code"))  # type: ignore[attr-defined]
    frame = frame[COLUMNS].assign(import_id=import_id)
    is_known = frame["code"].isin(known)
    insert_frame(connection, Institution, frame[~is_known])
    _update(connection, frame[is_known])
    return []


def _update(connection: Connection, frame: pd.DataFrame) -> None:
    table = Institution.__table__  # type: ignore[attr-defined]
    for record in frame.to_dict("records"):
        known = {
            name: value for name, value in record.items() if name != "code" and isinstance(value, str | int)
        }
        connection.execute(
            update(table).where(table.c.code == bindparam("key")).values(known), {"key": record["code"]}
        )
