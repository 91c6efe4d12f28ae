"""Text must stay text: in a sheet or a CSV that leaves the house, and in a database that takes it in.

A program that opens the file runs what looks like a formula, and a hospital's remark may look like one.
"""

FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
"""A cell that starts with one of these may be run; in East Asia the full-width signs too."""

BLANKS = " \u00a0\u3000"
"""Signs in front that do not hold every program back."""


def is_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet could run the text."""
    return text.lstrip(BLANKS)[:1] in FORMULA_SIGNS


def disarmed(text: str) -> str:
    """The text for a CSV: the quotation mark in front keeps a would-be formula text."""
    return f"'{text}" if is_like_a_formula(text) else text


def storable(text: str) -> str:
    """The text without what a database refuses: PostgreSQL takes no NUL, nobody half a character."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
