"""A cell as plain text: half width, without invisible signs, empty for every way of writing nothing."""

import re
import unicodedata

EMPTY_WORDS = {"", "-", "--", "---", "/", "//", "\\", "—", "——", "–", "―", "――", "_", "无", "null", "none"}
ERROR_VALUES = re.compile(
    r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|GETTING_DATA)|Err:\d+|#{4,}"
)

INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")


def plain(cell: object) -> str:
    """A cell as half-width text without invisible signs; empty for every way of writing nothing."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", str(cell))).strip().lstrip("'`").strip()
    return "" if text.lower() in EMPTY_WORDS else text


def is_error(text: str) -> bool:
    return bool(ERROR_VALUES.fullmatch(text))
