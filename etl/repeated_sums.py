"""A sheet that sums up the others of its file: the same purchases once more, a row for each month or product.

明细  2022-03-02  A1  4        汇总  2022-03-31  A1  10      → its rows are reported: 4 + 6 are 10,
      2022-03-09  A1  6              2022-03-31  B1   2        and so it is with every product of the sheet
      2022-03-16  B1  2
"""

import numpy as np
import pandas as pd

from etl.problem_kinds.skip import SUM_OF_OTHER_SHEET
from etl.rows import Rows
from procurement.language import N_, _

KEY = ["institution_id", "product_code", "month"]

LEAST_SUMS = 2
"""Institutions × products × months of a sheet: one sum alone may be the same by chance."""

_SUMMARY = ("汇总", "合计", "总表", "统计")
"""What a sheet of sums is called; by such a name one sum is enough."""

SHEET = N_("工作表“{name}”")


def report_sums_of_other_sheets(rows: Rows, frame: pd.DataFrame, readable: np.ndarray) -> None:
    """Report the rows of each sheet whose sums are, every one, those of another sheet or of all others.

    `readable` rows count, also those that were reported since as copies of single rows; they are not
    reported again.
    """
    names = [str(name) for name in dict.fromkeys(rows.sheet)]
    if len(names) < 2:
        return
    sums = _sums(rows, frame, readable)
    summaries: dict[str, list[str]] = {}
    for name in sorted((n for n in names if n in sums), key=lambda n: (not _is_called_so(n), _size(rows, n))):
        others = [other for other in names if other in sums and other != name and other not in summaries]
        told = _summed_up(name, others, sums)
        if told:
            summaries[name] = told
    for name, told in summaries.items():
        words = _("、").join(_(SHEET).format(name=other) for other in told)
        rows.report(SUM_OF_OTHER_SHEET, (rows.sheet == name) & ~rows.bad, sheets=words)


def _size(rows: Rows, name: str) -> int:
    return int((rows.sheet == name).sum())


def _is_called_so(name: str) -> bool:
    return any(word in name for word in _SUMMARY)


def _sums(rows: Rows, frame: pd.DataFrame, readable: np.ndarray) -> dict[str, dict[tuple, int]]:
    """Per sheet the sums of quantities, of packs and of base units apart."""
    good = frame[readable]
    lines = pd.DataFrame(
        {
            "sheet": rows.sheet[readable],
            "institution_id": good["institution_id"],
            "product_code": good["product_code"],
            "month": good["bought_on"].dt.year * 12 + good["bought_on"].dt.month,
            "is_pack": good["is_pack"],
            "quantity": good["quantity"],
        }
    )
    found: dict[str, dict[tuple, int]] = {}
    summed = lines.groupby(["sheet", *KEY, "is_pack"], sort=False)["quantity"].sum()
    for (sheet, *key), quantity in summed.items():
        found.setdefault(str(sheet), {})[tuple(key)] = int(quantity)
    return found


def _summed_up(name: str, others: list[str], sums: dict[str, dict[tuple, int]]) -> list[str]:
    """The sheets whose sums this one repeats: one of the others, or all of them together."""
    own = sums[name]
    if len(own) < (1 if _is_called_so(name) else LEAST_SUMS):
        return []
    for other in others:
        if own == sums[other]:
            return [other]
    together: dict[tuple, int] = {}
    for other in others:
        for key, quantity in sums[other].items():
            together[key] = together.get(key, 0) + quantity
    return others if own == together else []
