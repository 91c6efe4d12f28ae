"""Codes whose leading zeros Excel dropped (123 for 00123), put right where the register leaves no doubt.

A code of digits that the register does not have is taken for the one registered code that it becomes with
zeros in front. None or several such codes: it stays as it is, and is reported as unknown elsewhere.
"""

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from etl.problem_kinds.mention import ZEROS_RESTORED
from etl.rows import Rows


def restore_zeros(rows: Rows, field: str, codes: pd.Series, registered: Iterable[str]) -> pd.Series:
    """The codes of a column with zeros put back, each mentioned at its first row."""
    known = set(registered)
    suspects = {c for c in codes.dropna().unique() if c not in known and c.isascii() and c.isdigit()}
    if not suspects:
        return codes
    restored = _restored(suspects, known)
    if not restored:
        return codes
    new = codes.map(restored)
    first = new.notna() & ~codes.duplicated()
    rows.report(ZEROS_RESTORED, first, field, restored=new)
    return new.where(new.notna(), codes)


def _restored(suspects: set[str], known: set[str]) -> dict[str, str]:
    """The registered code of each suspect that has exactly one."""
    shortened = defaultdict(list)
    for code in known:
        if code.startswith("0"):
            shortened[code.lstrip("0")].append(code)
    return {code: shortened[code][0] for code in suspects if len(shortened.get(code, ())) == 1}
