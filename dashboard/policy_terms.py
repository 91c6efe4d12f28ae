"""The terms that a settlement was computed with, in words: for the page and the statement."""

import pandas as pd

from dashboard.policy_words import EXAMPLE, value_text
from procurement.language import _
from procurement.policies import published_policies
from procurement.queries.policies import value_from_json

TERM_COLUMNS = ["policy_title", "policy_words", "policy_level", "policy_from", "policy_source", "policy_mark"]


def told_terms(terms: pd.DataFrame) -> pd.DataFrame:
    """A Working's terms, one row each, with `policy_title`, `policy_words` and `policy_mark` beside them."""
    known = published_policies().parameters
    parameters = [known[name] for name in terms["parameter"]]
    values = [value_from_json(text) for text in terms["policy_value"]]
    return terms.rename(columns={"from_date": "policy_from"}).assign(
        policy_title=pd.Series([p.title for p in parameters], dtype=object),
        policy_words=pd.Series(
            [value_text(p, value) for p, value in zip(parameters, values, strict=True)], dtype=object
        ),
        policy_mark=pd.Series([_mark(row) for row in terms.itertuples()], dtype=object),
    )


def _mark(term) -> str:  # type: ignore[no-untyped-def]
    if term.is_asked_for:
        return _("按所选口径测算，并非生效的政策")
    return _(EXAMPLE) if term.is_example else ""
