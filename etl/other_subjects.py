"""Sheets whose title or name says that they are not about purchases: 药品出库明细表, 退货, 2022年采购计划."""

import re

import pandas as pd

from etl.problem_kinds.stop import NOT_PURCHASES
from etl.problems import Problem
from etl.rows import Rows
from etl.values.cells import plain

_SUBJECT = re.compile(
    r"(?:.*[^入及和与、/])?(?P<subject>出库|领用|消耗|库存|盘点|报损|作废|销售|采购计划|需求计划|退货|退库)"
    r"(?:单|表|(?:明细|记录|清单|台账|情况|统计|汇总)表?)?(?:\(.*\))?"
)
_RETURNS = ("退货", "退库")


def refuse_other_subjects(rows: Rows, quantities: pd.Series) -> None:
    """Report each sheet about something else; one of returns may stand if all its figures are negative."""
    for number, table in enumerate(rows.tables):
        first = rows.offset(number)
        negative = bool((quantities.iloc[first : first + len(table.rows)] <= 0).fillna(True).all())
        for text in (table.sheet, *table.above):
            found = _SUBJECT.fullmatch("".join(plain(text).split()))
            if found and not (negative and found["subject"] in _RETURNS):
                rows.problems.append(
                    Problem(NOT_PURCHASES, rows.file, table.sheet or None, params={"text": text})
                )
                break
