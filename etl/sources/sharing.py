"""总额包干 → SharingAccount: one row per institution, calendar year and scheme, updated by these."""

import re

import pandas as pd
from sqlalchemy import Connection

from etl.checks import institution_ids, no_duplicates, require_institution
from etl.control_totals import amounts, report_totals
from etl.problem_kinds.skip import (
    AMOUNT_NEGATIVE,
    EMPTY_CELL,
    NO_BUDGET_BASIS,
    NOT_A_CALENDAR_YEAR,
    NOT_WHOLE,
)
from etl.recording.loading import replace_rows
from etl.register import Context
from etl.rows import Rows
from etl.values import cells
from etl.values.cells import NOTHING, Read
from etl.values.hints import Hint
from etl.values.plain import plain
from procurement.language import N_
from procurement.ledger import Touched
from procurement.tables import SharingAccount

TITLE = N_("总额包干")
NOTES = {
    "institution_code": N_(
        "名录中的机构编码；机构编码和机构名称至少填一项。村卫生室与卫生院各填一行，合并清算。"
    ),
    "institution_name": N_("名录中的机构名称。"),
    "year": N_("公历年度，如 2022。"),
    "scheme": N_("按人头包干、总额预算或总额控制。"),
    "enrolled_persons": N_("按人头包干的参保（签约）人数，单位：人；其他方式不填。"),
    "budget_amount": N_("已下达的年度预算；不填的，按人头包干按人数计算，总额预算按前两年支出计算。"),
    "spending_amount": N_("该年度统筹基金的实际支出；尚未清算的不填。"),
}
EXAMPLE = {
    "institution_code": "H00000000001",
    "institution_name": "某某镇示例卫生院",
    "year": 2022,
    "scheme": "按人头包干",
    "enrolled_persons": 10000,
    "spending_amount": 450000,
}

AMOUNTS = ("budget_amount", "spending_amount")
FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST_PERSONS = 10**8
"""More than any pooling area has: a larger figure is a wrong column."""

_YEAR = re.compile(r"(\d{4})(年|年度)?")


def read(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "institution_code": rows.read("institution_code", cells.code),
            "institution_name": rows.read("institution_name", cells.text),
            "year": rows.read("year", calendar_year, "Int64"),
            "scheme": rows.read_words("scheme"),
            "enrolled_persons": rows.read("enrolled_persons", persons, "Int64"),
            **{name: rows.read(name, cells.amount, "Int64") for name in AMOUNTS},
        }
    )


def calendar_year(cell: object, hint: Hint) -> Read:
    """A year of the calendar: 2016, 2016年, 2016年度."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    bare = plain(cell)
    if not bare:
        return NOTHING
    found = _YEAR.fullmatch(bare)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return Read(trouble=NOT_A_CALENDAR_YEAR)
    return Read(int(found[1]))


def persons(cell: object, hint: Hint) -> Read:
    """A number of persons, none included: a clinic may be enrolled with its health centre. 人 may follow."""
    figure = plain(cell).removesuffix("人") if isinstance(cell, str) else cell
    read = cells.whole_number(figure, hint)
    if read.trouble is NOT_WHOLE and plain(figure) in ("0", "0.0"):
        return Read(0)
    return Read(trouble=NOT_WHOLE) if read.value and read.value > MOST_PERSONS else read


def check(rows: Rows, frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    frame["institution_id"] = institution_ids(rows, frame, context.register, context.institution)
    require_institution(rows, frame["institution_id"])
    for name in AMOUNTS:
        rows.report(AMOUNT_NEGATIVE, (frame[name] < 0).fillna(False), name)
    _require_budget(rows, frame)
    shown = frame[["institution_name", "institution_code"]].assign(
        year=frame["year"].astype("string").astype(object), scheme=rows.raw("scheme")
    )
    no_duplicates(rows, frame[["institution_id", "year", "scheme"]], shown, "scheme")
    report_totals(rows, {name: [amounts(frame[name])] for name in AMOUNTS})
    return frame


def _require_budget(rows: Rows, frame: pd.DataFrame) -> None:
    """What a budget follows from; a cell that could not be read was reported before."""
    lacks_budget = pd.Series(rows.is_blank("budget_amount"))
    lacks_persons = pd.Series(rows.is_blank("enrolled_persons"))
    by_head = frame["scheme"] == "capitation"
    rows.report(NO_BUDGET_BASIS, by_head & lacks_budget & lacks_persons, "enrolled_persons")
    rows.report(EMPTY_CELL, (frame["scheme"] == "budget_control") & lacks_budget, "budget_amount")


def load(connection: Connection, frame: pd.DataFrame, import_id: int) -> list[Touched]:
    key = ["institution_id", "year", "scheme"]
    columns = [*key, "enrolled_persons", *AMOUNTS, "row_number"]
    replace_rows(connection, SharingAccount, frame[columns].assign(import_id=import_id), key)
    return []
