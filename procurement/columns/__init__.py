"""Label, unit and one sentence for each column name: used by sheet, axis, page, export and glossary.

Units: amount (1/10000 yuan), unit_price (10⁻⁶ yuan), equivalent and share and score (millionths),
fraction and months (floats), units and count (whole numbers), year, date, month, flag, word (one of WORDS),
text.

A file per subject; a column that several subjects share stands where it is first needed.
"""

from procurement.columns import answers, imports, monitoring, months, people, planning, retention
from procurement.columns.column import Column
from procurement.columns.words import WORDS

__all__ = ["COLUMNS", "WORDS", "Column", "reading"]

COLUMNS: dict[str, Column] = {
    **monitoring.COLUMNS,
    **retention.COLUMNS,
    **planning.COLUMNS,
    **imports.COLUMNS,
    **people.COLUMNS,
    **answers.COLUMNS,
    **months.COLUMNS,
}


def reading(code: str, column: str = "") -> str:
    """The source text that a code of a column reads as; the code itself where it is no word of ours.

    Where a code means something else in one column than elsewhere, WORDS has `column.code`.
    """
    return WORDS.get(f"{column}.{code}") or WORDS.get(code, code)
