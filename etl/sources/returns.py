"""Returns and void lines that a purchase line tells in words, beside a quantity without a minus.

业务类型 采购退货, 数量 3     → −3, and the amount with it; mentioned
备注 上月部分退货, 数量 3     → refused: a purchase or a return?
单据状态 已作废             → refused
退货数量 2 beside 采购数量    → refused: a return is a line of its own
"""

import re

import pandas as pd

from etl.problem_kinds.mention import RETURN_NEGATED
from etl.problem_kinds.skip import RETURN_UNCLEAR, RETURNED_BESIDE, ROW_VOID
from etl.rows import Rows
from etl.values.cells import Read, number, plain
from etl.values.hints import Hint

WORDED = (
    "purchase_type", "business_type", "document_type", "is_return", "remark", "note", "document_status",
    "order_status",
)  # fmt: skip

RETURN_WORDS = "退货|退库|退回|退药|退料|红冲|冲红|红字|冲销|冲退"
_RETURN = re.compile(
    rf"(已|采购|购进|进货|入库|药品|药库|耗材|医院|整单|全部|部分)*({RETURN_WORDS})(出库|入库|采购|发票|单据|冲销|单|票)*"
)
_MENTIONED = re.compile(RETURN_WORDS)
_DENIED = re.compile(rf"(无|非|未|不|没有|不可|不能|不得|不予|可|包)(发生)?({RETURN_WORDS})")
_VOID = re.compile(r"(已|被|订单|单据|整单)*(作废|取消|撤销|撤单|删除|无效|驳回|废弃)(订单|单据|单)?")
_YES = ("是", "Y", "1", "√", "TRUE", "YES")


def take_returns(rows: Rows, frame: pd.DataFrame) -> None:
    """Turn positive figures of returns around, and refuse lines that are void or not clear.

    A refused line loses its quantity, so that the content is another where only its words were changed.
    """
    positive = (frame["stated_quantity"] > 0).fillna(False)
    negated = pd.Series(False, index=frame.index)
    refused = negated.copy()
    for field in WORDED:
        if not rows.has(field):
            continue
        says = _said(rows, field)
        void = says == "void"
        rows.report(ROW_VOID, void, field)
        rows.report(RETURN_UNCLEAR, positive & (says == "unclear"), field)
        rows.report(RETURN_NEGATED, positive & (says == "return") & ~negated, field)
        refused |= void | (positive & (says == "unclear"))
        negated |= positive & (says == "return")
    for field in ("returned_quantity", "returned_amount"):
        if not rows.has(field):
            continue
        beside = rows.read(field, _is_figure, "bool")
        rows.report(RETURNED_BESIDE, beside, field)
        refused |= beside
    for column in ("stated_quantity", "amount"):
        frame[column] = frame[column].mask(negated, -frame[column].abs())
    frame["stated_quantity"] = frame["stated_quantity"].mask(refused)


def _said(rows: Rows, field: str) -> pd.Series:
    """Per row "return", "void", "unclear", or nothing; each distinct cell is looked at once."""
    return rows.read(field, lambda cell, hint: Read(_meaning(plain(cell), field)))


def _meaning(text: str, field: str) -> str:
    bare = re.sub(r"[\s()。.!]", "", text)
    if field == "is_return":
        return "return" if bare.upper() in _YES or _RETURN.fullmatch(bare) else ""
    if _VOID.fullmatch(bare):
        return "void"
    if _RETURN.fullmatch(bare):
        return "unclear" if "部分" in bare else "return"
    return "unclear" if _MENTIONED.search(_DENIED.sub("", bare)) else ""


def _is_figure(cell: object, hint: Hint) -> Read:
    """Anything but nothing and zero."""
    return Read(bool(plain(cell)) and number(cell) != 0)
