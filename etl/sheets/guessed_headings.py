"""The heading of a sheet of which we know too few words to read it: for a person to say what they mean."""

from collections.abc import Iterable

from etl.headings import KINDS, Sayings, source
from etl.sheets.heading_suggestions import suggestions
from etl.sheets.layout import (
    LIKE_DATA,
    Found,
    Heading,
    heading_of,
    heading_texts,
    is_instructions,
    is_unlike,
    settled,
)
from etl.sheets.workbook import Sheet

LEAST_WORDS = 2
"""Beside each other: one alone is a title. As many needs have to be near to be met for a kind to be named."""


def guessed(found: Iterable[Found], kind: str | None, said: Sayings) -> list[Found]:
    """The sheets with what looks like a heading on each, for a person to look at."""
    sheets = [f.sheet for f in found if not is_instructions(f.sheet)]
    headings = [Found(sheet, _guessed_heading(sheet, kind, said)) for sheet in sheets]
    return [f for f in headings if f.heading]


def _guessed_heading(sheet: Sheet, kind: str | None, said: Sayings) -> Heading | None:
    """The row that looks like a heading though we know too few of its words: the first one with the most.

    Its kind is the one that its words are known or near to; where there is none, nothing is known of it.
    """
    best: tuple[int, list[str]] | None = None
    for number, row in enumerate(heading_texts(sheet).own):
        texts = [text for text in row if text]
        is_heading = len(texts) >= LEAST_WORDS and not any(LIKE_DATA.fullmatch(text) for text in texts)
        if is_heading and (best is None or len(texts) > sum(bool(text) for text in best[1])):
            best = (number, row)
    if best is None:
        return None
    number, texts = best
    kind = kind or _nearest_kind(texts, said)
    if kind is None:
        return Heading("", number, number, tuple((i, text, None) for i, text in enumerate(texts)))
    return settled(sheet, heading_of(kind, number, number, [(text,) for text in texts], said))


def _nearest_kind(texts: list[str], said: Sayings) -> str | None:
    """The kind most of whose needs would be met if every suggestion were right: at least two, and half."""
    row = [(text,) for text in texts]
    weights = {}
    for kind in KINDS:
        heading = heading_of(kind, 0, 0, row, said)
        unknown = [text for _, text, known in heading.columns if text and known is None]
        near = {found[0] for found in suggestions(kind, unknown, heading.fields) if found}
        needs = source(kind).needs
        met = sum(bool((heading.fields | near).intersection(need)) for need in needs)
        if met >= LEAST_WORDS and met * 2 >= len(needs) and not is_unlike(kind, row):
            weights[kind] = (met == len(needs), met, len(heading.fields | near))
    return max(weights, key=lambda kind: weights[kind], default=None)
